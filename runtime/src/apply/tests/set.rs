//! Paths and sets, as they are written and printed.

use serde_json::{Value, json};

use crate::apply::{FieldPath, FieldSet, PathElement};

fn set(json: &str) -> FieldSet {
    FieldSet::from_value(&serde_json::from_str(json).unwrap()).unwrap()
}

#[test]
fn c4_9_21_paths_print_as_in_messages() {
    let key = PathElement::key([("port", json!(80)), ("name", json!("a\"b"))]);
    let path = FieldPath::from([PathElement::field("spec"), key, PathElement::field("x.y"), PathElement::Index(3)]);
    assert_eq!(path.to_string(), r#".spec[name="a\"b",port=80].x.y[3]"#);
    let values = [json!("a"), json!(1), json!(true), json!(null), json!(1.5)].map(PathElement::value);
    assert_eq!(values.map(|value| value.to_string()), [r#"[="a"]"#, "[=1]", "[=true]", "[=null]", "[=1.5]"]);
}

#[test]
fn c4_9_23_a_set_is_written_in_the_order_of_go() {
    let written = concat!(
        r#"{"f:B":{},"f:a":{".":{},"f:b":{}},"f:c":{"k:{\"id\":9}":{},"k:{\"id\":10}":{".":{},"f:x":{}},"#,
        r#""k:{\"id\":\"1\"}":{},"v:2":{},"v:1.5e+30":{},"v:\"a\"":{},"v:false":{},"v:true":{},"i:2":{},"i:10":{}}}"#
    );
    assert_eq!(set(written).to_json(), written);
    assert_eq!(set(written).to_value(), serde_json::from_str::<Value>(written).unwrap());
}

#[test]
fn c4_9_23_keys_and_numbers_have_one_form() {
    let read =
        set(r#"{"f:l":{"k:{ \"b\": 80.0, \"a\" : \"<é\" }":{},"v:1e2":{},"v:1e-7":{},"v:1e21":{},"v:0.000001":{}}}"#);
    let written = r#"{"f:l":{"k:{\"a\":\"<é\",\"b\":80}":{},"v:1e-7":{},"v:0.000001":{},"v:100":{},"v:1e+21":{}}}"#;
    assert_eq!(read.to_json(), written);
}

#[test]
fn c4_9_23_a_leaf_is_a_member_and_a_dot_is_one_as_well() {
    let read = set(r#"{"f:a":{".":{}},"f:b":{"f:c":null},"f:d":{".":{},"f:e":{}},"f:g":{"x:1":{}}}"#);
    assert_eq!(read.to_string(), ".a\n.d\n.g\n.b.c\n.d.e");
    assert_eq!(read.len(), 5);
    assert!(set(r#"{".":{}}"#).is_empty());
}

#[test]
fn c4_9_23_elements_of_other_kinds_are_left_out() {
    assert_eq!(set(r#"{"f:a":{},"z:b":{"f:c":{}}}"#).to_json(), r#"{"f:a":{}}"#);
}

#[test]
fn what_is_no_set_is_refused() {
    let refused = [
        json!([]),
        json!({"f:a": "x"}),
        json!({"a": {}}),
        json!({"": {}}),
        json!({"f": {}}),
        json!({"ff:a": {}}),
        json!({"v:": {}}),
        json!({"v:1 2": {}}),
        json!({"k:[]": {}}),
        json!({"k:{}x": {}}),
        json!({"i:x": {}}),
        json!({"i:99999999999999999999": {}}),
    ];
    for value in refused {
        assert!(FieldSet::from_value(&value).is_err(), "{value}");
    }
}

#[test]
fn what_is_nested_without_end_is_refused() {
    let mut value = json!({});
    for _ in 0..1000 {
        value = json!({"f:a": value});
    }
    let error = FieldSet::from_value(&value).unwrap_err();
    assert_eq!(error.to_string(), "fields are nested too deeply");
    let deep = format!("v:{}{}", "[".repeat(1000), "]".repeat(1000));
    assert!(deep.parse::<PathElement>().is_err());
}

#[test]
fn operations_of_sets() {
    let (left, right) = (
        || set(r#"{"f:a":{".":{},"f:b":{}},"f:c":{},"f:d":{"f:e":{},"f:f":{}}}"#),
        set(r#"{"f:a":{},"f:c":{"f:x":{}},"f:d":{"f:e":{}}}"#),
    );
    assert_eq!(left().union(right.clone()).to_string(), ".a\n.c\n.a.b\n.c.x\n.d.e\n.d.f");
    assert_eq!(left().intersection(&right).to_string(), ".a\n.d.e");
    assert_eq!(left().difference(&right).to_string(), ".c\n.a.b\n.d.f");
    assert_eq!(left().recursive_difference(&right).to_string(), ".c\n.d.f");
    assert_eq!(left().leaves().to_string(), ".c\n.a.b\n.d.e\n.d.f");
    assert!(left().intersection(&right).is_subset(&right) && !left().is_subset(&right));
}

#[test]
fn numbers_are_the_same_whatever_they_are_written_as() {
    assert_eq!(PathElement::value(1), PathElement::value(1.0));
    assert_ne!(PathElement::value(9_007_199_254_740_993_i64), PathElement::value(9_007_199_254_740_992_i64));
}
