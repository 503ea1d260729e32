//! A request body to an object: text, apiVersion and kind, type, and what the strict decoder has to say
//! (contract 0.14, 0.15, 4.4, 4.5).

pub mod json;
pub(crate) mod path;
pub mod typed;
pub mod typemeta;

use std::fmt;

use self::path::Quoted;
pub use self::typed::{DecodeError, from_value};
pub use self::typemeta::{Gvk, TypeMeta};
use super::options::FieldValidation;
use super::status::{Result, Status};

/// 400 for a body of the right Kind that is not of its type (contract 4.5.4).
pub fn undecodable(endpoint: Gvk<'_>, error: impl fmt::Display) -> Status {
    typemeta::cannot_be_handled(endpoint, endpoint.kind, error)
}

/// The texts of problems of a document, duplicates first: `duplicate field "a"`, `unknown field "b"`.
pub fn problem_texts(duplicates: &[String], unknown: &[String]) -> Vec<String> {
    let duplicates = duplicates.iter().map(|path| format!("duplicate field {}", Quoted(path)));
    duplicates.chain(unknown.iter().map(|path| format!("unknown field {}", Quoted(path)))).collect()
}

/// The warnings about a created or updated object; where strictness is asked for, 400 instead (contract 4.4.2, 4.4.3).
pub fn strict_problems(
    strictness: FieldValidation,
    endpoint: Gvk<'_>,
    duplicates: &[String],
    unknown: &[String],
) -> Result<Vec<String>> {
    judge(strictness, problem_texts(duplicates, unknown), |error| undecodable(endpoint, error))
}

/// Warnings, or the failure that they are where strictness is asked for.
pub(super) fn judge(
    strictness: FieldValidation,
    problems: Vec<String>,
    failure: impl FnOnce(String) -> Status,
) -> Result<Vec<String>> {
    match strictness {
        FieldValidation::Ignore => Ok(Vec::new()),
        FieldValidation::Strict if !problems.is_empty() => {
            Err(failure(format!("strict decoding error: {}", problems.join(", "))))
        }
        FieldValidation::Warn | FieldValidation::Strict => Ok(problems),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FLUNDER: Gvk<'static> = Gvk { group: "wardle.example.com", version: "v1alpha1", kind: "Flunder" };

    fn paths(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    /// A body up to its apiVersion and kind, as the handlers read it.
    fn checked(body: &[u8]) -> Result<serde_json::Value> {
        let parsed = json::parse(body).map_err(|error| typemeta::not_json(FLUNDER, error, body))?;
        typemeta::check(parsed.value, FLUNDER, body)
    }

    #[test]
    fn c4_4_2_warn_says_each_problem() {
        let warnings = strict_problems(FieldValidation::Warn, FLUNDER, &paths(&["a"]), &paths(&["spec.foo"])).unwrap();
        assert_eq!(warnings, ["duplicate field \"a\"", "unknown field \"spec.foo\""]);
        assert!(strict_problems(FieldValidation::Ignore, FLUNDER, &paths(&["a"]), &[]).unwrap().is_empty());
        assert!(strict_problems(FieldValidation::Strict, FLUNDER, &[], &[]).unwrap().is_empty());
    }

    #[test]
    fn c4_4_3_strict_fails() {
        let unknown = paths(&["spec.foo", "x"]);
        let status = strict_problems(FieldValidation::Strict, FLUNDER, &paths(&["spec.a"]), &unknown).unwrap_err();
        assert_eq!((status.code(), status.reason()), (400, "BadRequest"));
        assert_eq!(
            status.message(),
            "Flunder in version \"v1alpha1\" cannot be handled as a Flunder: strict decoding error: \
             duplicate field \"spec.a\", unknown field \"spec.foo\", unknown field \"x\""
        );
    }

    #[test]
    fn c4_5_4_a_wrong_type_names_the_field() {
        let error = from_value::<Vec<i32>>(&serde_json::json!([1, "x"])).unwrap_err();
        assert_eq!(
            undecodable(FLUNDER, error).message(),
            "Flunder in version \"v1alpha1\" cannot be handled as a Flunder: \
             [1]: invalid type: string \"x\", expected i32"
        );
    }

    #[test]
    fn c4_5_6_malformed_json() {
        let status = checked(b"{\"a\"").unwrap_err();
        assert_eq!((status.code(), status.reason()), (400, "BadRequest"));
        assert_eq!(
            status.message(),
            "the object provided is unrecognized (must be of type Flunder): couldn't get version/kind; \
             json parse error: EOF while parsing an object at line 1 column 4 ({\"a\")"
        );
        assert!(checked(b"").unwrap_err().message().ends_with(" (<empty>)"));
    }

    proptest! {
        #[test]
        fn c4_5_4_any_bytes_give_an_object_or_400(body in proptest::collection::vec(any::<u8>(), 0..64)) {
            match checked(&body) {
                Ok(decoded) => prop_assert!(decoded.is_object()),
                Err(status) => prop_assert_eq!(status.code(), 400),
            }
        }
    }
}
