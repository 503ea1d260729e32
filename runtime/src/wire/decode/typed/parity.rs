//! It decodes what `serde_json` decodes.

use std::collections::BTreeMap;
use std::fmt::Debug;

use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use proptest::prelude::*;
use proptest::sample::Index;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::tests::{External, Flat, Item, Spec, Strict, Untagged, pod};
use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Internal {
    Unit,
    New(Item),
    Struct { a: i32 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    New(Item),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Newtype(i128);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Key {
    A,
    B,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    external: Vec<External>,
    internal: Vec<Internal>,
    adjacent: Option<Adjacent>,
    untagged: Untagged,
    newtype: Newtype,
    unit: Unit,
    letter: char,
    float: f32,
    numbers: BTreeMap<i16, u64>,
    wide: BTreeMap<u128, Option<bool>>,
    bools: BTreeMap<bool, Option<Unit>>,
    optional: BTreeMap<Option<Key>, i8>,
    value: Value,
    strict: Option<Strict>,
}

/// Takes its bytes from text or from a list, as `serde_json` gives them.
#[derive(Debug, PartialEq)]
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;
        impl<'de> Visitor<'de> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_str<E>(self, text: &str) -> Result<Bytes, E> {
                Ok(Bytes(text.as_bytes().to_vec()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element()? {
                    bytes.push(byte);
                }
                Ok(Bytes(bytes))
            }
        }
        deserializer.deserialize_bytes(BytesVisitor)
    }
}

fn everything() -> Value {
    json!({
        "external": ["Unit", {"Unit": null}, {"New": 1}, {"Tuple": [1, "a"]}, {"Struct": {"a": 1, "b": null}}],
        "internal": [{"type": "unit"}, {"type": "new", "x": 1}, {"type": "struct", "a": 2}],
        "adjacent": {"t": "New", "c": {"x": 1}},
        "untagged": [1, "a", {"x": 1}, [2]],
        "newtype": i64::MIN,
        "unit": null,
        "letter": "ä",
        "float": 1.5,
        "numbers": {"-1": 1, "7": u64::MAX},
        "wide": {"340282366920938463463374607431768211455": null},
        "bools": {"true": null, "false": null},
        "optional": {"A": 1, "B": 2},
        "value": {"a": [1, 2.5, null, {"b": true}]},
        "strict": {"x": -1},
    })
}

/// Decoded by both, they agree on the object, or on what is wrong. Only here, an array is never a struct.
#[track_caller]
fn same<T: DeserializeOwned + PartialEq + Debug>(value: &Value) {
    let theirs = serde_json::from_value::<T>(value.clone()).map_err(|error| error.to_string());
    let ours = from_value::<T>(value).map(|(object, _)| object).map_err(|error| error.message().to_owned());
    if !matches!(&ours, Err(message) if message.starts_with("invalid type: sequence, expected ")) {
        assert_eq!(ours, theirs, "{value}");
    }
}

#[test]
fn c0_14_decodes_what_serde_json_decodes() {
    same::<Everything>(&everything());
    same::<Pod>(&pod());
    assert_eq!(from_value::<Everything>(&everything()).err(), None);
    assert_eq!(from_value::<Pod>(&pod()).err(), None);
    for value in [json!("a"), json!([1, 2]), json!(null), json!([1, 300]), json!({"a": 1})] {
        same::<Bytes>(&value);
        same::<IntOrString>(&value);
        same::<Quantity>(&value);
        same::<Time>(&value);
        same::<Option<Unit>>(&value);
        same::<Untagged>(&value);
        same::<(u8, u8)>(&value);
    }
    same::<IntOrString>(&json!(80));
    same::<Time>(&json!("2026-01-02T03:04:05.678901Z"));
    same::<Newtype>(&json!(u64::MAX));
    same::<f64>(&json!(-7));
}

#[test]
fn c0_14_keys_that_are_numbers() {
    for key in ["1", "-1", "01", "+1", " 1", "1 ", "1.5", "1e2", "", "-", "99999999999999999999", "x", "0x1"] {
        let value = json!({ key: null });
        let decoded = from_value::<BTreeMap<i16, Value>>(&value).ok().map(|(map, _)| map);
        assert_eq!(decoded, serde_json::from_value(value.clone()).ok(), "{key}");
        let decoded = from_value::<BTreeMap<i128, Value>>(&value).ok().map(|(map, _)| map);
        assert_eq!(decoded, serde_json::from_value(value).ok(), "{key}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..300).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof!["[a-c]{0,2}", "Unit|New|Tuple|Struct|unit|struct|A|B|1|true|10Gi|500m"].prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key =
            prop_oneof!["[abcxytz]", "Unit|New|Tuple|Struct|Empty|type|A|B|-?[0-9]|true|replicas|items|spec|name"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(fields) => fields.values().map(nodes).sum(),
        _ => 0,
    }
}

/// Replaces the `n`th value, counted from the root.
fn replace(value: &mut Value, n: &mut usize, new: &Value) {
    if *n == 0 {
        *value = new.clone();
    }
    *n = n.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, n, new)),
        Value::Object(fields) => fields.values_mut().for_each(|field| replace(field, n, new)),
        _ => {}
    }
}

fn damaged(mut value: Value, changes: &[(Index, Value)]) -> Value {
    for (index, new) in changes {
        let mut n = index.index(nodes(&value));
        replace(&mut value, &mut n, new);
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn c0_14_any_value_decodes_as_by_serde_json(value in any_value()) {
        same::<Spec>(&value);
        same::<Flat>(&value);
        same::<External>(&value);
        same::<Internal>(&value);
        same::<Adjacent>(&value);
        same::<Untagged>(&value);
        same::<Vec<Option<Item>>>(&value);
        same::<BTreeMap<bool, Value>>(&value);
        same::<BTreeMap<Key, Newtype>>(&value);
        same::<Value>(&value);
        same::<IntOrString>(&value);
        same::<BTreeMap<String, Quantity>>(&value);
        same::<Time>(&value);
        same::<ConfigMap>(&value);
    }

    #[test]
    fn c0_14_damaged_objects_decode_as_by_serde_json(
        changes in proptest::collection::vec((any::<Index>(), any_value()), 0..3)
    ) {
        same::<Everything>(&damaged(everything(), &changes));
        same::<Pod>(&damaged(pod(), &changes));
    }
}
