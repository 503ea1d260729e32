//! What matches, and what does not.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[derive(Serialize)]
enum Size {
    Unknown,
    Number(i8),
    Range(u16, u16),
    Named { name: char },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shirt {
    api_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Vec<u8>>,
    sizes: Vec<Size>,
    spec: BTreeMap<&'static str, (f64, i64, bool)>,
    nothing: Option<()>,
}

#[derive(Serialize)]
struct Twice {
    a: u8,
    #[serde(flatten)]
    rest: BTreeMap<&'static str, u8>,
}

fn is<T: Serialize>(object: &T, document: &Value) -> bool {
    matches(object, document, None)
}

fn shirt(status: Option<Vec<u8>>) -> Shirt {
    Shirt {
        api_version: "v1",
        status,
        sizes: vec![Size::Unknown, Size::Number(-3), Size::Range(1, 65535), Size::Named { name: 'x' }],
        spec: [("one", (1.0, 1, true)), ("other", (-0.0, i64::MIN, false))].into(),
        nothing: None,
    }
}

/// The document that the text of an object is.
fn document<T: Serialize>(object: &T) -> Value {
    serde_json::from_str(&serde_json::to_string(object).unwrap()).unwrap()
}

#[test]
fn an_object_matches_its_document() {
    assert!(is(&shirt(None), &document(&shirt(None))));
    assert!(is(&shirt(Some(vec![1, 2])), &document(&shirt(Some(vec![1, 2])))));
}

#[test]
fn an_object_matches_no_other_document() {
    let whole = document(&shirt(Some(vec![1, 2])));
    let other = |pointer: &str, value: Value| {
        let mut other = whole.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        other
    };
    let others = [
        other("/apiVersion", json!("v2")),
        other("/status", json!([1, 2, 3])),
        other("/status", json!([1])),
        other("/status", json!(null)),
        other("/sizes/0", json!({"Unknown": null})),
        other("/sizes/1", json!({"Number": 3})),
        other("/sizes/1", json!({"Number": -3, "Unknown": null})),
        other("/sizes/2", json!({"Range": [1]})),
        other("/sizes/3", json!({"Named": {"name": "x", "more": 1}})),
        other("/spec/one/0", json!(1)),
        other("/spec/one/1", json!(1.0)),
        other("/spec/other/0", json!(0.0)),
        other("/spec/other/2", json!(true)),
        other("/spec", json!({"one": [1.0, 1, true]})),
        other("/nothing", json!(false)),
        json!([]),
    ];
    for other in others {
        assert!(!is(&shirt(Some(vec![1, 2])), &other), "{other}");
    }
    let mut more = whole.clone();
    more["more"] = json!(1);
    assert!(!is(&shirt(Some(vec![1, 2])), &more));
    assert!(!is(&shirt(None), &whole));
}

#[test]
fn only_wanted_members_count() {
    let whole = document(&shirt(Some(vec![1, 2])));
    let status = |name: &str| name == "status";
    let rest = |name: &str| name != "status";
    let other = shirt(Some(vec![3]));
    assert!(!matches(&other, &whole, Some(&status)));
    assert!(matches(&other, &whole, Some(&rest)));
    let none = shirt(None);
    assert!(!matches(&none, &whole, Some(&status)));
    assert!(matches(&none, &document(&none), Some(&status)));
    assert!(!matches(&other, &document(&none), Some(&status)));
    let mut changed = whole.clone();
    changed["apiVersion"] = json!("v2");
    assert!(matches(&shirt(Some(vec![1, 2])), &changed, Some(&status)));
    assert!(!matches(&shirt(Some(vec![1, 2])), &changed, Some(&rest)));
}

#[test]
fn a_member_that_is_written_twice_does_not_stand_for_another() {
    let twice = Twice { a: 1, rest: [("a", 1)].into() };
    assert!(!is(&twice, &json!({"a": 1, "b": 1})));
    let once = Twice { a: 1, rest: [("b", 2)].into() };
    assert!(is(&once, &json!({"a": 1, "b": 2})));
}

#[test]
fn numbers_that_their_text_changes_are_not_looked_at() {
    assert!(!is(&0.1_f32, &json!(0.1)));
    assert!(!is(&f64::NAN, &json!(null)));
    assert!(!is(&HashMap::from([(1, 2)]), &json!({"1": 2})));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-c]", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Any value matches its own document, and another one only if that is the same.
    #[test]
    fn a_value_matches_itself_alone(one in value(), other in value()) {
        prop_assert!(is(&one, &one));
        let texts = [&one, &other].map(Value::to_string);
        prop_assert_eq!(is(&one, &other), texts[0] == texts[1]);
    }
}
