//! The body of a response: an object is encoded once, as compact JSON, and only rewritten if the client asks
//! for another form (contract 4.2.15, 4.2.16).

mod indent;
mod list;

use bytes::Bytes;

use crate::wire::media::Format;
use crate::wire::status::{Result, Status};
use crate::wire::yaml;

pub use indent::indent;
pub use list::ListWriter;

/// A body and its media type. The object's bytes are those that were given, not a copy, if nothing had to be rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// `application/json` or `application/yaml`; [`Negotiated::content_type`] says more of discovery.
    ///
    /// [`Negotiated::content_type`]: crate::wire::media::Negotiated::content_type
    pub content_type: &'static str,
    /// What is sent, in this order: the object, and its line end or nothing.
    pub chunks: [Bytes; 2],
}

impl Encoded {
    /// The `Content-Length`.
    pub fn content_length(&self) -> usize {
        self.chunks.iter().map(Bytes::len).sum()
    }
}

/// Writes an object, a list or a `Status`: compact JSON with a line end, indented JSON without one, or YAML, which is
/// never indented otherwise.
///
/// The error is 500 for bytes that are not JSON and should become YAML.
pub fn encode(json: Bytes, format: Format, pretty: bool) -> Result<Encoded> {
    let chunks = match format {
        Format::Json if pretty => [Bytes::from(indent(&json)), Bytes::new()],
        Format::Json => [json, Bytes::from_static(b"\n")],
        Format::Yaml => {
            let value = serde_json::from_slice(&json).map_err(Status::internal_error)?;
            [Bytes::from(yaml::from_json_value(&value)), Bytes::new()]
        }
    };
    Ok(Encoded { content_type: format.media_type(), chunks })
}

/// Whether the JSON should be indented: the query parameter `pretty` decides, and without one the user agent, which is
/// a person's if it is curl, Wget or a browser (contract 4.2.15).
pub fn pretty_wanted(pretty: Option<&str>, user_agent: Option<&str>) -> bool {
    match pretty {
        None | Some("") => {
            user_agent.is_some_and(|agent| ["curl", "Wget", "Mozilla/5.0"].iter().any(|name| agent.starts_with(name)))
        }
        Some(value) => matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(format: Format, pretty: bool) -> (&'static str, String) {
        let encoded = encode(Bytes::from_static(br#"{"kind":"Flunder","a":[1]}"#), format, pretty).unwrap();
        let body = encoded.chunks.concat();
        assert_eq!(encoded.content_length(), body.len());
        (encoded.content_type, String::from_utf8(body).unwrap())
    }

    #[test]
    fn c4_2_16_compact_json_ends_with_a_line_end_and_is_not_copied() {
        assert_eq!(body(Format::Json, false), ("application/json", "{\"kind\":\"Flunder\",\"a\":[1]}\n".to_owned()));
        let object = Bytes::from(b"{}".to_vec());
        let encoded = encode(object.clone(), Format::Json, false).unwrap();
        assert_eq!(encoded.chunks[0].as_ptr(), object.as_ptr());
    }

    #[test]
    fn c4_2_15_pretty_is_for_json_only() {
        let pretty = "{\n  \"kind\": \"Flunder\",\n  \"a\": [\n    1\n  ]\n}".to_owned();
        assert_eq!(body(Format::Json, true), ("application/json", pretty));
        let yaml = ("application/yaml", "a:\n- 1\nkind: Flunder\n".to_owned());
        assert_eq!(body(Format::Yaml, true), yaml);
        assert_eq!(body(Format::Yaml, false), yaml);
    }

    #[test]
    fn c4_2_19_what_cannot_be_encoded_is_an_error() {
        assert_eq!(encode(Bytes::from_static(b"{"), Format::Yaml, false).unwrap_err().code(), 500);
    }

    #[test]
    fn c4_2_15_the_query_decides_before_the_user_agent() {
        for value in ["1", "t", "T", "true", "TRUE", "True"] {
            assert!(pretty_wanted(Some(value), None), "{value}");
        }
        for value in ["0", "f", "false", "yes", "tRUE", "2"] {
            assert!(!pretty_wanted(Some(value), Some("curl/8")), "{value}");
        }
        for agent in ["curl/8.5.0", "Wget/1.21", "Mozilla/5.0 (X11)"] {
            assert!(pretty_wanted(None, Some(agent)) && pretty_wanted(Some(""), Some(agent)), "{agent}");
        }
        assert!(!pretty_wanted(None, Some("kubectl/v1.37 curl")));
        assert!(!pretty_wanted(None, None));
    }
}
