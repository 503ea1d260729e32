//! JSON text to a value, remembering the keys that stand twice (contract 0.14).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::{Entry, Map};
use serde_json::{Number, Value};

use super::path::{Path, Problems};

/// The most arrays and objects that may be open at once in a document: the limit that `serde_json` keeps, which
/// reads the stored object back. Everything that recurses over a document relies on it.
pub(crate) const MAX_DEPTH: usize = 127;

/// A JSON document and what is odd about its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The document; of two equal keys the last counts.
    pub value: Value,
    /// The path of each key that stands more than once, for example `spec.items[0].x`; at most 100.
    pub duplicates: Vec<String>,
}

/// Why a text is not a JSON document.
#[derive(Debug)]
pub struct ParseError(serde_json::Error);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ParseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// Reads one JSON document (contract 0.14).
///
/// Integers keep all their digits. More than 127 arrays and objects inside each other are an error, as is
/// anything but white space after the document.
pub fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let duplicates = Problems::default();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value =
        Node { path: &Path::Root, duplicates: &duplicates }.deserialize(&mut deserializer).map_err(ParseError)?;
    deserializer.end().map_err(ParseError)?;
    Ok(Parsed { value, duplicates: duplicates.into_paths() })
}

/// One value of the document, about to be read.
#[derive(Clone, Copy)]
struct Node<'a> {
    path: &'a Path<'a>,
    duplicates: &'a Problems,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let path = Path::Item { parent: self.path, index: items.len() };
            match seq.next_element_seed(Node { path: &path, ..self })? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let entry = fields.entry(key);
            let path = Path::Field { parent: self.path, name: entry.key() };
            if matches!(entry, Entry::Occupied(_)) {
                self.duplicates.report(&path);
            }
            let value = map.next_value_seed(Node { path: &path, ..self })?;
            match entry {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(mut entry) => {
                    entry.insert(value);
                }
            }
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn c0_14_the_last_of_two_keys_counts_and_is_reported() {
        let parsed = parse(br#"{"a":1,"spec":{"foo":1,"foo":[{"x":0,"x":{"y":1,"y":2}}]},"a":2,"a":3}"#).unwrap();
        assert_eq!(parsed.value, json!({"a": 3, "spec": {"foo": [{"x": {"y": 2}}]}}));
        assert_eq!(parsed.duplicates, ["spec.foo", "spec.foo[0].x", "spec.foo[0].x.y", "a"]);
    }

    #[test]
    fn c0_14_integers_stay_exact() {
        let text = format!("[{},{},9007199254740993]", i64::MIN, u64::MAX);
        assert_eq!(parse(text.as_bytes()).unwrap().value.to_string(), text);
    }

    #[test]
    fn c4_4_2_at_most_a_hundred_problems() {
        let twice: Vec<String> = (0..1000).map(|i| format!("\"a{i}\":1,\"a{i}\":1")).collect();
        let twice = twice.join(",");
        assert_eq!(parse(format!("{{{twice}}}").as_bytes()).unwrap().duplicates.len(), 100);
        // However long a path is, what stands twice is told, so that strictness notices.
        let key = "k".repeat(10_000);
        let duplicates = parse(format!("{{\"{key}\":{{{twice}}}}}").as_bytes()).unwrap().duplicates;
        assert!(!duplicates.is_empty());
        assert!(duplicates.concat().len() < 100 * 1100);
    }

    #[test]
    fn c4_5_6_deep_nesting_is_an_error() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
        assert!(parse(&nested(10_000)).is_err());
        assert!(parse(&b"{\"a\":".repeat(1_000_000)).is_err());
    }

    #[test]
    fn c4_5_6_garbage_is_an_error() {
        for body in ["", "{", "{}x", "{} {}", "nul", "{\"a\":1,}", "\"\\ud800\"", "1e999"] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(parse(b"\xff").is_err());
        assert_eq!(parse(b" {} \n").unwrap().value, json!({}));
    }

    proptest! {
        #[test]
        fn c0_14_reads_what_serde_json_reads(bytes in "[\\[\\]{},:\"ab0-9.e\\- nulltrefs\\\\]{0,40}") {
            let theirs: Option<Value> = serde_json::from_slice(bytes.as_bytes()).ok();
            prop_assert_eq!(parse(bytes.as_bytes()).ok().map(|parsed| parsed.value), theirs);
        }
    }
}
