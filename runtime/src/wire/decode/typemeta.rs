//! The apiVersion and kind of a body: filled in where absent, refused where wrong (contract 0.15, 4.5.4-4.5.7).

use std::fmt;

use serde_json::{Map, Value};

use super::path::{Quoted, clip};
use crate::wire::status::{Result, Status};

/// The most bytes of a body that a message shows (contract 4.5.4).
const SUMMARY_BYTES: usize = 30;

/// The group, version and Kind that an endpoint reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gvk<'a> {
    /// The API group, empty for the core group.
    pub group: &'a str,
    /// The version, for example `v1alpha1`.
    pub version: &'a str,
    /// The Kind, for example `Flunder`.
    pub kind: &'a str,
}

impl<'a> Gvk<'a> {
    /// As `apiVersion` writes it: `group/version`, or the version alone for the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// What the body says, with the endpoint's own where it says nothing (contract 0.15).
    fn of_body(type_meta: TypeMeta<'a>, endpoint: Self) -> Result<Self, String> {
        let kind = match type_meta.kind {
            None | Some("") => endpoint.kind,
            Some(kind) => kind,
        };
        let (group, version) = match type_meta.api_version {
            None | Some("" | "/") => (endpoint.group, endpoint.version),
            Some(text) => match text.split_once('/') {
                None => ("", text),
                Some((_, rest)) if rest.contains('/') => {
                    return Err(format!("unexpected GroupVersion string: {}", clip(text)));
                }
                Some((group, "")) if group == endpoint.group => (group, endpoint.version),
                Some(both) => both,
            },
        };
        Ok(Self { group, version, kind })
    }
}

/// The `apiVersion` and `kind` of a document, where they are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeMeta<'a> {
    /// The group and version, as `group/version` or `version`.
    pub api_version: Option<&'a str>,
    /// The Kind.
    pub kind: Option<&'a str>,
}

impl<'a> TypeMeta<'a> {
    /// Looks them up; the error says which of them is not a text, or that there are no fields at all.
    pub fn of(value: &'a Value) -> Result<Self, String> {
        let fields = match value {
            Value::Object(fields) => fields,
            Value::Null => return Ok(Self::default()),
            other => return Err(format!("cannot unmarshal {} into an object", json_type(other))),
        };
        let text = |name: &str| match fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(other) => Err(format!("cannot unmarshal {} into field .{name} of type string", json_type(other))),
        };
        Ok(Self { api_version: text("apiVersion")?, kind: text("kind")? })
    }
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The document with its apiVersion and kind: the endpoint's where it has none (contract 0.15). Metadata that are left
/// out are empty ones, whatever the type makes of that: what they lack is told by validation (contract 4.5.13).
///
/// `body` is the text the document was read from; messages show its beginning. A `null` is an empty object.
/// Errors are 400: no object, or not a text where the two stand (4.5.6), another Kind (4.5.5), another version (4.5.7).
pub fn check(value: Value, endpoint: Gvk<'_>, body: &[u8]) -> Result<Value> {
    compare(&value, endpoint).map_err(|other| other.into_status(endpoint, body))?;
    Ok(filled_in(value, endpoint))
}

/// What a document is instead of what its endpoint reads.
#[derive(Debug)]
pub(crate) enum Other<'a> {
    /// Nothing that has an apiVersion and a kind.
    NoObject(String),
    /// Something whose apiVersion is none.
    NoVersion(String),
    Kind(Gvk<'a>),
    Version {
        body: Gvk<'a>,
        endpoint: Gvk<'a>,
    },
}

impl fmt::Display for Other<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoObject(error) => write!(f, "couldn't get version/kind; json parse error: {error}"),
            Self::NoVersion(error) => f.write_str(error),
            Self::Kind(gvk) => {
                let api_version = gvk.api_version();
                let (kind, api_version) = (Quoted(clip(gvk.kind)), Quoted(clip(&api_version)));
                write!(f, "no kind {kind} is registered for version {api_version}")
            }
            Self::Version { body, endpoint } => write!(
                f,
                "the API version in the data ({}) does not match the expected API version ({})",
                clip(&body.api_version()),
                endpoint.api_version()
            ),
        }
    }
}

impl Other<'_> {
    fn into_status(self, endpoint: Gvk<'_>, body: &[u8]) -> Status {
        match &self {
            Self::NoObject(_) | Self::NoVersion(_) => unrecognized(endpoint, self, body),
            Self::Kind(gvk) => cannot_be_handled(*gvk, endpoint.kind, &self),
            Self::Version { .. } => Status::bad_request(self.to_string()),
        }
    }
}

/// Whether the document is one of the endpoint, or does not say what it is.
pub(crate) fn compare<'a>(value: &'a Value, endpoint: Gvk<'a>) -> Result<(), Other<'a>> {
    let type_meta = TypeMeta::of(value).map_err(Other::NoObject)?;
    let body = Gvk::of_body(type_meta, endpoint).map_err(Other::NoVersion)?;
    if body.kind != endpoint.kind {
        return Err(Other::Kind(body));
    }
    if (body.group, body.version) != (endpoint.group, endpoint.version) {
        return Err(Other::Version { body, endpoint });
    }
    Ok(())
}

/// The document with the endpoint's apiVersion and kind, and with metadata.
pub(crate) fn filled_in(value: Value, endpoint: Gvk<'_>) -> Value {
    let mut fields = match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    fields.insert("apiVersion".to_owned(), endpoint.api_version().into());
    fields.insert("kind".to_owned(), endpoint.kind.into());
    let metadata = fields.entry("metadata").or_insert(Value::Null);
    if metadata.is_null() {
        *metadata = Value::Object(Map::new());
    }
    Value::Object(fields)
}

/// 400 for a body of another or a broken form of the Kind (contract 4.5.4, first form).
pub(super) fn cannot_be_handled(body: Gvk<'_>, expected_kind: &str, error: impl fmt::Display) -> Status {
    Status::bad_request(format!(
        "{} in version {} cannot be handled as a {expected_kind}: {error}",
        clip(body.kind),
        Quoted(clip(body.version))
    ))
}

/// 400 for a body that is not even an object with a Kind (contract 4.5.6).
pub(crate) fn not_json(endpoint: Gvk<'_>, error: impl fmt::Display, body: &[u8]) -> Status {
    unrecognized(endpoint, format_args!("couldn't get version/kind; json parse error: {error}"), body)
}

/// 400 for a body without a Kind where none can be filled in (contract 0.15).
pub(crate) fn missing_kind(endpoint: Gvk<'_>, body: &[u8]) -> Status {
    let text = String::from_utf8_lossy(body);
    unrecognized(endpoint, format_args!("Object 'Kind' is missing in '{}'", clip(&text)), body)
}

/// 400 for a body whose Kind is not known (contract 4.5.4, second form).
fn unrecognized(endpoint: Gvk<'_>, error: impl fmt::Display, body: &[u8]) -> Status {
    let kind = endpoint.kind;
    let summary = summary(body);
    Status::bad_request(format!("the object provided is unrecognized (must be of type {kind}): {error} ({summary})"))
}

/// The beginning of a body: as text if it looks like JSON, else in hex (contract 4.5.4).
fn summary(body: &[u8]) -> String {
    let shown = &body[..body.len().min(SUMMARY_BYTES)];
    let mut text = match shown.first() {
        None => return "<empty>".to_owned(),
        Some(b'{') => String::from_utf8_lossy(shown).into_owned(),
        Some(_) => {
            let digits = shown.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
        }
    };
    if shown.len() < body.len() {
        text.push_str(" ...");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FLUNDER: Gvk<'static> = Gvk { group: "wardle.example.com", version: "v1alpha1", kind: "Flunder" };

    fn refused(value: Value) -> String {
        let body = value.to_string();
        let status = check(value, FLUNDER, body.as_bytes()).unwrap_err();
        assert_eq!((status.code(), status.reason()), (400, "BadRequest"));
        status.message().to_owned()
    }

    #[test]
    fn c0_15_absent_api_version_and_kind_are_filled_in() {
        let full = json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": "Flunder", "metadata": {}});
        for body in [
            json!({}),
            json!(null),
            json!({"kind": "Flunder"}),
            json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": null}),
            json!({"apiVersion": "", "kind": ""}),
            json!({"apiVersion": "wardle.example.com/"}),
            json!({"metadata": null}),
        ] {
            assert_eq!(check(body.clone(), FLUNDER, b"").unwrap(), full, "{body}");
        }
        let pod = Gvk { group: "", version: "v1", kind: "Pod" };
        let full = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": 1});
        assert_eq!(check(json!({"metadata": {"name": "a"}, "spec": 1}), pod, b"").unwrap(), full);
    }

    #[test]
    fn c4_5_4_the_summary_is_short() {
        assert_eq!(summary(b""), "<empty>");
        assert_eq!(summary(b"{\"a\":1"), "{\"a\":1");
        assert_eq!(summary(b"\x00\xff"), "00ff");
        assert_eq!(summary(&[b'a'; 30]), "61".repeat(30));
        assert_eq!(summary(&[b'a'; 31]), format!("{} ...", "61".repeat(30)));
        assert_eq!(summary(b"{23456789012345678901234567890"), "{23456789012345678901234567890");
        assert_eq!(summary(b"{234567890123456789012345678901"), "{23456789012345678901234567890 ...");
        assert_eq!(summary("{2345678901234567890123456789ä".as_bytes()), "{2345678901234567890123456789\u{fffd} ...");
    }

    #[test]
    fn c4_5_5_another_kind_is_not_registered() {
        assert_eq!(
            refused(json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": "Fischer"})),
            "Fischer in version \"v1alpha1\" cannot be handled as a Flunder: \
             no kind \"Fischer\" is registered for version \"wardle.example.com/v1alpha1\""
        );
        assert_eq!(
            refused(json!({"apiVersion": "v1", "kind": "Pod"})),
            "Pod in version \"v1\" cannot be handled as a Flunder: no kind \"Pod\" is registered for version \"v1\""
        );
        assert!(refused(json!({"kind": "x".repeat(1 << 20)})).len() < 4096);
    }

    #[test]
    fn c4_5_6_not_an_object() {
        assert_eq!(
            refused(json!([1])),
            "the object provided is unrecognized (must be of type Flunder): \
             couldn't get version/kind; json parse error: cannot unmarshal array into an object (5b315d)"
        );
        assert_eq!(
            refused(json!({"kind": 1})),
            "the object provided is unrecognized (must be of type Flunder): couldn't get version/kind; \
             json parse error: cannot unmarshal number into field .kind of type string ({\"kind\":1})"
        );
        assert_eq!(
            refused(json!({"apiVersion": "a/b/c"})),
            "the object provided is unrecognized (must be of type Flunder): \
             unexpected GroupVersion string: a/b/c ({\"apiVersion\":\"a/b/c\"})"
        );
    }

    #[test]
    fn c4_5_7_another_version_does_not_match() {
        assert_eq!(
            refused(json!({"apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder"})),
            "the API version in the data (wardle.example.com/v1beta1) does not match \
             the expected API version (wardle.example.com/v1alpha1)"
        );
        assert!(refused(json!({"apiVersion": "v1alpha1"})).contains("(v1alpha1)"));
    }
}
