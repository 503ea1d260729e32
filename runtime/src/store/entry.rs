//! An object as it is held: encoded, beside what selectors look at.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::json;
use crate::object::Encoded;

/// A stored object. It is never decoded to be served, selected or watched. Or the place of what is no object: see
/// `unreadable`. Cloning shares it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// `namespace/name` or `name`: the key behind the prefix of the resource.
    pub(super) key: Arc<str>,
    /// The JSON with its resource version; empty if there is no object.
    pub(super) json: Encoded,
    /// Whether the JSON is a part of what a leaf has joined, and keeps the rest of that in memory.
    pub(super) joined: bool,
    /// Where in the JSON the digits of the resource version are.
    pub(super) digits: usize,
    /// What selectors look at, if there is any.
    selected: Option<Arc<Selected>>,
}

/// What selectors look at.
#[derive(Debug, PartialEq)]
pub(super) struct Selected {
    labels: Labels,
    /// The values of the selectable fields, in the order in which the store declares them.
    fields: Box<[Option<Box<str>>]>,
}

/// How many of the last ones are compared with another, to be shared.
const SHARED: usize = 16;

/// Labels in as little memory as they need; there are few, so that they are looked for one after the other.
#[derive(Debug, Default, PartialEq)]
struct Labels {
    /// Keys and values in turn.
    text: Box<str>,
    /// Where each of them ends.
    ends: Box<[u32]>,
}

impl Entry {
    /// Holds what a backend keeps.
    pub(super) fn new(key: Arc<str>, stored: &[u8], revision: u64, selectable: &[String]) -> Self {
        let (json, digits, selected) = Self::read(stored, revision, selectable).unwrap_or_default();
        Self { key, json: Encoded::new(Bytes::from(json)), joined: false, digits, selected }
    }

    /// The JSON of an object, where the digits of its resource version are, and what selectors look at.
    fn read(stored: &[u8], revision: u64, selectable: &[String]) -> Option<(Vec<u8>, usize, Option<Arc<Selected>>)> {
        #[derive(Deserialize)]
        struct Partial {
            metadata: Metadata,
        }
        #[derive(Deserialize)]
        struct Metadata {
            #[serde(default)]
            labels: Option<Labels>,
        }
        let (json, digits) = json::stamp(stored, revision)?;
        let labels = serde_json::from_slice::<Partial>(stored).ok()?.metadata.labels.unwrap_or_default();
        let fields = if selectable.is_empty() {
            Box::default()
        } else {
            let object: Value = serde_json::from_slice(stored).ok()?;
            selectable.iter().map(|path| field(&object, path)).collect()
        };
        let selected = Selected { labels, fields };
        let any = !selected.labels.ends.is_empty() || !selected.fields.is_empty();
        Some((json, digits, any.then(|| Arc::new(selected))))
    }

    /// Whether there is an object, and not only something under its key.
    pub(super) fn is_readable(&self) -> bool {
        !self.json.json().is_empty()
    }

    pub(super) fn namespace(&self) -> &str {
        self.key.split_once('/').map_or("", |(namespace, _)| namespace)
    }

    pub(super) fn name(&self) -> &str {
        self.key.split_once('/').map_or(&self.key, |(_, name)| name)
    }

    pub(super) fn label(&self, key: &str) -> Option<&str> {
        self.selected.as_ref()?.labels.get(key)
    }

    /// The value of a selectable field, by its place among them.
    pub(super) fn field(&self, place: usize) -> Option<&str> {
        self.selected.as_ref()?.fields.get(place)?.as_deref()
    }

    /// Holds the same as another entry does where it is equal; `known` are the last ones of others.
    pub(super) fn share_selected(&mut self, known: &mut Vec<Arc<Selected>>) {
        let Some(selected) = &mut self.selected else { return };
        if let Some(same) = known.iter().find(|known| *known == selected) {
            *selected = Arc::clone(same);
            return;
        }
        if known.len() >= SHARED {
            known.remove(0);
        }
        known.push(Arc::clone(selected));
    }

    /// Whether it is known to look the same to selectors of labels.
    pub(super) fn is_selected_as(&self, other: &Self) -> bool {
        match (&self.selected, &other.selected) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => self.is_readable() == other.is_readable(),
            _ => false,
        }
    }

    /// The same, keeping nothing else in memory.
    pub(super) fn detached(self) -> Self {
        if !self.joined {
            return self;
        }
        Self { json: Encoded::new(Bytes::copy_from_slice(self.json.json())), joined: false, ..self }
    }
}

/// The value of a field as selectors compare it.
fn field(object: &Value, path: &str) -> Option<Box<str>> {
    match path.split('.').try_fold(object, |value, name| value.get(name))? {
        Value::String(text) => Some(text.as_str().into()),
        scalar @ (Value::Bool(_) | Value::Number(_)) => Some(scalar.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Labels {
    fn get(&self, key: &str) -> Option<&str> {
        let mut at = 0;
        let mut texts = self.ends.iter().map(|end| {
            let end = usize::try_from(*end).unwrap_or(usize::MAX);
            self.text.get(std::mem::replace(&mut at, end)..end).unwrap_or_default()
        });
        let mut found = None;
        while let (Some(label), Some(value)) = (texts.next(), texts.next()) {
            // Of a key that is there twice the last one counts, as for every reader of JSON.
            found = if label == key { Some(value) } else { found };
        }
        found
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;

        impl<'de> Visitor<'de> for Map {
            type Value = Labels;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("labels")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
                let (mut text, mut ends) = (String::new(), Vec::new());
                while let Some(label) = map.next_entry::<Text<'de>, Text<'de>>()? {
                    for part in [label.0, label.1] {
                        text.push_str(&part.0);
                        ends.push(u32::try_from(text.len()).map_err(serde::de::Error::custom)?);
                    }
                }
                Ok(Labels { text: text.into(), ends: ends.into() })
            }
        }

        deserializer.deserialize_map(Map)
    }
}

/// A string that is only copied where it has escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn labels_are_those_of_the_json(labels: BTreeMap<String, String>, other: String) {
            let object = serde_json::json!({"metadata": {"labels": labels}});
            let entry = Entry::new("a".into(), object.to_string().as_bytes(), 1, &[]);
            for (key, value) in &labels {
                prop_assert_eq!(entry.label(key), Some(&**value));
            }
            prop_assert_eq!(entry.label(&other), labels.get(&other).map(|value| &**value));
        }
    }

    #[test]
    fn of_a_label_that_is_there_twice_the_last_counts() {
        let entry = Entry::new("a".into(), br#"{"metadata":{"labels":{"a":"1","b":"","a":"2"}}}"#, 1, &[]);
        assert_eq!((entry.label("a"), entry.label("b"), entry.label("")), (Some("2"), Some(""), None));
    }
}
