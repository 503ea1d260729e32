//! JSON patch, merge patch and strategic merge patch on documents (contract 4.3.2, 4.4.4, 4.9.10-4.9.17).

mod budget;
mod json;
mod merge;
pub mod strategic;

use std::fmt;

use serde_json::Value;

use super::decode::json::parse;
use super::decode::{judge, problem_texts};
use super::field::FieldError;
use super::options::FieldValidation;
use super::status::{GroupKind, Result, Status};

/// The form of a patch, as the media type of the request says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// `application/json-patch+json`, RFC 6902.
    Json,
    /// `application/merge-patch+json`, RFC 7396.
    Merge,
}

/// A patch, to be applied as often as a write conflicts (contract 4.9.12).
#[derive(Clone, Debug, PartialEq)]
pub enum Patch {
    /// Operations, RFC 6902.
    Json(json_patch::Patch),
    /// Fields, RFC 7396; an object.
    Merge(Value),
}

impl Patch {
    /// Reads the body of a patch request; also tells the texts of unknown and duplicate fields in the patch itself,
    /// for [`strict_problems`].
    ///
    /// Errors: 400 where it is no JSON (contract 4.9.10) or no patch (4.9.14, 4.9.15), 413 where it has more than
    /// 10,000 operations (4.3.2), 422 for an operation that can apply to nothing (4.9.14).
    ///
    /// ```
    /// use rest_resource::wire::patch::{Patch, PatchKind};
    /// use serde_json::json;
    ///
    /// let (patch, problems) = Patch::parse(PatchKind::Merge, br#"{"a":null,"b":1}"#).unwrap();
    /// assert_eq!(patch.apply(json!({"a": 0})).unwrap(), json!({"b": 1}));
    /// assert!(problems.is_empty());
    /// ```
    pub fn parse(kind: PatchKind, body: &[u8]) -> Result<(Self, Vec<String>)> {
        let parsed = parse(body).map_err(|_| Status::bad_request("invalid JSON patch"))?;
        match kind {
            PatchKind::Json => {
                let (patch, unknown) = json::decode(&parsed.value)?;
                let problems = problem_texts(&parsed.duplicates, &unknown);
                Ok((Self::Json(patch), problems.iter().map(|text| format!("json patch {text}")).collect()))
            }
            PatchKind::Merge => {
                Ok((Self::Merge(merge::decode(&parsed.value)?), problem_texts(&parsed.duplicates, &[])))
            }
        }
    }

    /// Whether what the patch does depends on the managed fields of the document.
    pub(crate) fn looks_at_managed_fields(&self) -> bool {
        match self {
            Self::Json(patch) => json::looks_at_managed_fields(patch),
            // It can only replace them.
            Self::Merge(_) => false,
        }
    }

    /// The document as the patch makes it.
    ///
    /// Errors: 422 where an operation of a JSON patch fails, with a message that does not say which (contract
    /// 4.9.14). So does one that would copy more than 3 MiB, nest more than 127 deep or move things around in huge
    /// arrays over and over (4.3.2).
    pub fn apply(&self, document: Value) -> Result<Value> {
        match self {
            Self::Json(patch) => json::apply(patch, document),
            Self::Merge(patch) => Ok(merge::apply(patch, document)),
        }
    }
}

/// 422 for a patched document that is not of its type any more (contract 4.9.16).
pub fn undecodable(patched: &Value, error: impl fmt::Display) -> Status {
    let error = FieldError::invalid("patch", patched.to_string(), error.to_string());
    Status::invalid(&GroupKind::new("", ""), "", &[error])
}

/// The warnings about a patched document; where strictness is asked for, 422 instead (contract 4.4.4).
///
/// `in_patch` are the texts of [`Patch::parse`], `unknown` the paths that the patched document's type ignores.
pub fn strict_problems(
    strictness: FieldValidation,
    patched: impl FnOnce() -> Value,
    in_patch: &[String],
    unknown: &[String],
) -> Result<Vec<String>> {
    let mut problems = in_patch.to_vec();
    problems.extend(problem_texts(&[], unknown));
    judge(strictness, problems, |error| undecodable(&patched(), error))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn c4_9_10_not_json() {
        for kind in [PatchKind::Json, PatchKind::Merge] {
            for body in [&b"{"[..], b"", b"[]]", &[b'['; 10_000]] {
                let status = Patch::parse(kind, body).unwrap_err();
                assert_eq!((status.code(), status.reason()), (400, "BadRequest"));
                assert_eq!(status.message(), "invalid JSON patch");
            }
        }
    }

    #[test]
    fn c4_4_4_problems_of_the_patch_itself() {
        let body =
            br#"[{"op":"add","path":"/a","value":{"b":1,"b":2},"foo":1},{"op":"test","op":"remove","path":"/x"}]"#;
        let (_, problems) = Patch::parse(PatchKind::Json, body).unwrap();
        assert_eq!(
            problems,
            [
                "json patch duplicate field \"[0].value.b\"",
                "json patch duplicate field \"[1].op\"",
                "json patch unknown field \"[0].foo\""
            ]
        );
        let (_, problems) = Patch::parse(PatchKind::Merge, br#"{"spec":{"a":1,"a":2}}"#).unwrap();
        assert_eq!(problems, ["duplicate field \"spec.a\""]);
    }

    #[test]
    fn c4_4_4_strict_fails() {
        let patched = json!({"a": "b"});
        let in_patch = ["json patch unknown field \"[0].foo\"".to_owned()];
        let unknown = ["spec.x".to_owned()];
        let status = strict_problems(FieldValidation::Strict, || patched.clone(), &in_patch, &unknown).unwrap_err();
        assert_eq!((status.code(), status.reason()), (422, "Invalid"));
        assert_eq!(
            status.message(),
            r#" "" is invalid: patch: Invalid value: "{\"a\":\"b\"}": strict decoding error: json patch unknown field "[0].foo", unknown field "spec.x""#
        );
        let warnings = strict_problems(FieldValidation::Warn, || patched.clone(), &in_patch, &unknown).unwrap();
        assert_eq!(warnings, ["json patch unknown field \"[0].foo\"", "unknown field \"spec.x\""]);
    }

    #[test]
    fn c4_9_16_the_result_is_not_of_its_type() {
        let status = undecodable(&json!({}), "missing field `a`");
        assert_eq!(status.message(), " \"\" is invalid: patch: Invalid value: \"{}\": missing field `a`");
    }
}
