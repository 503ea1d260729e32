//! From YAML to JSON, within bounds.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// What aliases may add to a document, in bytes and nodes, beyond doubling it.
const ALIAS_ALLOWANCE: usize = 64 << 10;

/// Flow collections times bytes. The parser looks at every open flow collection for every token, so that three
/// megabytes of `[{` would keep it busy for hours; this bounds it to about a second.
const MAX_FLOW_COST: usize = 1 << 28;

/// The JSON of one YAML document, with the keys in their order and duplicates kept, so that whoever decodes it can
/// report them (contract 0.14, 4.4.3). No document at all is `null`. JSON is returned as it is.
///
/// Keys that are numbers or booleans become strings. The error says what is wrong and where: more than one document,
/// a key that is a list, a map or null, a merge key (`<<`), an application's own tag, a number that JSON does not
/// have, nesting deeper than 128, or aliases that expand to much more than was sent.
pub fn to_json(input: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    // YAML readers stumble over some JSON: surrogate pairs, keys of more than 1024 characters.
    let looks_like_json = matches!(input.trim_ascii_start().first(), Some(b'{' | b'['));
    if looks_like_json && serde_json::from_slice::<IgnoredAny>(input).is_ok() {
        return Ok(Cow::Borrowed(input));
    }
    let text = std::str::from_utf8(input).map_err(|_| "the document is not valid UTF-8".to_owned())?;
    if flow_collections(input).saturating_mul(input.len()) > MAX_FLOW_COST {
        return Err("the document has too many flow collections for its size; send it as JSON".to_owned());
    }
    let mut output = Output { json: Vec::new(), allowance: input.len().saturating_mul(2) + ALIAS_ALLOWANCE };
    Node(&mut output).deserialize(serde_norway::Deserializer::from_str(text)).map_err(|error| error.to_string())?;
    Ok(Cow::Owned(output.json))
}

/// [`to_json`], decoded; of duplicate keys the last one stays.
pub fn to_json_value(input: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(&to_json(input)?).map_err(|error| error.to_string())
}

/// At least as many as the flow collections that the parser opens: brackets where one may open, in text or not.
/// Empty ones never hold another one.
fn flow_collections(input: &[u8]) -> usize {
    let mut before = b' ';
    let mut count = 0;
    for (at, byte) in input.iter().copied().enumerate() {
        let next = input.get(at + 1).copied();
        let opens = (byte == b'[' && next != Some(b']')) || (byte == b'{' && next != Some(b'}'));
        // Line breaks beyond ASCII are the reason for the last range.
        if opens && matches!(before, b' ' | b'\t' | b'\r' | b'\n' | b'[' | b'{' | b',' | b':' | b'?' | 0x80..) {
            count += 1;
        }
        before = byte;
    }
    count
}

/// The JSON so far and how much more may come.
struct Output {
    json: Vec<u8>,
    allowance: usize,
}

impl Output {
    /// Pays for one node of `length` bytes of text.
    fn spend<E: de::Error>(&mut self, length: usize) -> Result<(), E> {
        match self.allowance.checked_sub(length.max(1)) {
            Some(rest) => {
                self.allowance = rest;
                Ok(())
            }
            None => Err(E::custom("aliases expand the document beyond what was sent")),
        }
    }

    fn scalar<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        self.spend(text.len())?;
        self.json.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn string<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        self.spend(text.len())?;
        serde_json::to_writer(&mut self.json, text).map_err(E::custom)
    }
}

/// A value, written as it is visited.
struct Node<'a>(&'a mut Output);

/// The key of a map, written as a string.
struct Key<'a>(&'a mut Output);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.0.scalar(if value { "true" } else { "false" })
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.0.scalar(&value.to_string())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.0.scalar(&value.to_string())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<(), E> {
        self.0.scalar(&value.to_string())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<(), E> {
        self.0.scalar(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.0.scalar(&number(value)?)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.0.string(value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.0.scalar("null")
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.spend(1)?;
        self.0.json.push(b'[');
        let start = self.0.json.len();
        while items.next_element_seed(Node(self.0))?.is_some() {
            self.0.json.push(b',');
        }
        close(&mut self.0.json, start, b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.0.spend(1)?;
        self.0.json.push(b'{');
        let start = self.0.json.len();
        while entries.next_key_seed(Key(self.0))?.is_some() {
            self.0.json.push(b':');
            entries.next_value_seed(Node(self.0))?;
            self.0.json.push(b',');
        }
        close(&mut self.0.json, start, b'}');
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(de::Error::custom("tags are not supported"))
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key that is a string, a number or a boolean")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.0.string(if value { "true" } else { "false" })
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.0.string(&value.to_string())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.0.string(&value.to_string())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<(), E> {
        self.0.string(&value.to_string())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<(), E> {
        self.0.string(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.0.string(&number(value)?)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        if value == "<<" {
            return Err(E::custom("merge keys (<<) are not supported"));
        }
        self.0.string(value)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(de::Error::custom("tags are not supported"))
    }
}

/// Puts the closing bracket in the place of the last comma.
fn close(json: &mut Vec<u8>, start: usize, bracket: u8) {
    if json.len() > start {
        json.pop();
    }
    json.push(bracket);
}

/// A number as Go writes it to JSON: `1.0` is `1`, so that it fits an integer field.
fn number<E: de::Error>(value: f64) -> Result<String, E> {
    let magnitude = value.abs();
    if !value.is_finite() {
        Err(E::custom(format_args!("JSON has no number {value}")))
    } else if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        Ok(value.to_string())
    } else {
        Ok(format!("{value:e}"))
    }
}
