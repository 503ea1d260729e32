//! The frames of a watch (contract 4.8.2, 4.8.3).

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

/// The annotation of the bookmark that ends the initial events (contract 4.8.6).
pub const INITIAL_EVENTS_END: &str = "k8s.io/initial-events-end";

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    /// It is there, or has started to match the selector.
    Added,
    /// It has changed.
    Modified,
    /// It is gone, or has ceased to match the selector.
    Deleted,
    /// Nothing; the resource version has moved on.
    Bookmark,
    /// The watch has failed; the object is a `Status`.
    Error,
}

impl EventType {
    /// The name that travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
            Self::Bookmark => "BOOKMARK",
            Self::Error => "ERROR",
        }
    }
}

/// One event as one line, with its line end; clients split the stream at line ends.
///
/// ```
/// use rest_resource::wire::frame::{EventType, frame};
///
/// assert_eq!(frame(EventType::Added, br#"{"kind":"Flunder"}"#), "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Flunder\"}}\n");
/// ```
pub fn frame(event: EventType, object_json: &[u8]) -> Bytes {
    const START: &[u8] = br#"{"type":""#;
    const MIDDLE: &[u8] = br#"","object":"#;
    const END: &[u8] = b"}\n";
    let name = event.as_str().as_bytes();
    let length = START.len() + name.len() + MIDDLE.len() + object_json.len() + END.len();
    let mut line = BytesMut::with_capacity(length);
    for part in [START, name, MIDDLE, object_json] {
        line.put_slice(part);
    }
    // Compact JSON has no line ends. In any other JSON they stand between tokens, where a space means the same.
    for byte in line.iter_mut().filter(|byte| matches!(**byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
    line.put_slice(END);
    line.freeze()
}

/// The object of a bookmark: an empty object of the type (contract 4.8.7), marked if it ends the initial events.
pub fn bookmark(api_version: &str, kind: &str, resource_version: &str, initial_events_end: bool) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Object<'a> {
        kind: &'a str,
        api_version: &'a str,
        metadata: Metadata<'a>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Metadata<'a> {
        resource_version: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        annotations: Option<Annotations>,
    }
    #[derive(Serialize)]
    struct Annotations {
        #[serde(rename = "k8s.io/initial-events-end")]
        initial_events_end: &'static str,
    }
    let annotations = initial_events_end.then_some(Annotations { initial_events_end: "true" });
    // Strings always encode.
    serde_json::to_vec(&Object { kind, api_version, metadata: Metadata { resource_version, annotations } })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_8_2_one_line_an_event() {
        let line = frame(EventType::Modified, b"{\r\n  \"a\": \"x\\ny\"\n}\n");
        assert_eq!(line, "{\"type\":\"MODIFIED\",\"object\":{    \"a\": \"x\\ny\" } }\n");
        assert!(serde_json::from_slice::<serde_json::Value>(&line).is_ok());
    }

    #[test]
    fn c4_8_3_types() {
        for (event, name) in [
            (EventType::Added, "ADDED"),
            (EventType::Deleted, "DELETED"),
            (EventType::Bookmark, "BOOKMARK"),
            (EventType::Error, "ERROR"),
        ] {
            assert_eq!(frame(event, b"{}"), format!("{{\"type\":\"{name}\",\"object\":{{}}}}\n"));
        }
    }

    #[test]
    fn c4_8_7_a_bookmark_is_an_empty_object_with_a_resource_version() {
        let object = bookmark("wardle.example.com/v1", "Flunder", "12", false);
        let expected = r#"{"kind":"Flunder","apiVersion":"wardle.example.com/v1","metadata":{"resourceVersion":"12"}}"#;
        assert_eq!(object, expected.as_bytes());
    }

    #[test]
    fn c4_8_6_the_end_of_the_initial_events_is_marked() {
        let object: serde_json::Value = serde_json::from_slice(&bookmark("v1", "Pod", "12", true)).unwrap();
        assert_eq!(object["metadata"]["annotations"][INITIAL_EVENTS_END], "true");
        assert_eq!(object["metadata"]["resourceVersion"], "12");
    }
}
