//! Configurations that are refused.

use serde_json::{Value, json};

use super::fixture::{Thing, object};
use crate::apply::ApplyError;

fn refused(configuration: &Value) -> ApplyError {
    Thing::new().try_apply_object("alice", configuration, false).unwrap_err()
}

#[test]
fn c4_9_19_api_version_and_kind_are_required() {
    for configuration in [json!({"kind": "Thing"}), json!({"apiVersion": "example.com/v1"}), json!([]), json!(null)] {
        assert!(matches!(refused(&configuration), ApplyError::BadRequest(_)), "{configuration}");
    }
}

#[test]
fn c4_9_19_the_version_is_that_of_the_endpoint() {
    let text = "Incorrect version specified in apply patch. Specified patch version: example.com/v2, expected: \
                example.com/v1";
    let refused = refused(&json!({"apiVersion": "example.com/v2", "kind": "Thing"}));
    assert_eq!(refused, ApplyError::BadRequest(text.to_owned()));
}

#[test]
fn c4_9_19_there_are_no_managed_fields() {
    let mut configuration = object(json!({}));
    for entries in [json!([]), json!([{}])] {
        configuration["metadata"]["managedFields"] = entries;
        let text = "metadata.managedFields must be nil".to_owned();
        assert_eq!(refused(&configuration), ApplyError::BadRequest(text));
    }
    configuration["metadata"]["managedFields"] = Value::Null;
    Thing::new().try_apply_object("alice", &configuration, false).unwrap();
}

#[test]
fn c4_9_20_a_field_that_is_not_declared() {
    let text = "failed to create typed patch object (ns/a; example.com/v1, Kind=Thing): .spec.foo: field not declared in \
                schema";
    assert_eq!(refused(&object(json!({"foo": 1}))), ApplyError::Typed(text.to_owned()));
}

#[test]
fn c4_9_20_several_errors_are_listed() {
    let spec = json!({"foo": 1, "items": [{"name": "x", "bar": {}}], "size": "1"});
    let text = "failed to create typed patch object (ns/a; example.com/v1, Kind=Thing): errors:\n  .spec.foo: field not \
                declared in schema\n  .spec.items[name=\"x\"].bar: field not declared in schema\n  .spec.size: expected \
                numeric (int or float), got string";
    assert_eq!(refused(&object(spec)).to_string(), text);
}

#[test]
fn c4_9_20_metadata_has_the_fields_that_it_has() {
    let mut configuration = object(json!({}));
    configuration["metadata"]["foo"] = 1.into();
    assert!(refused(&configuration).to_string().ends_with(": .metadata.foo: field not declared in schema"));
}

#[test]
fn c4_9_20_items_are_there_once_and_can_be_told_apart() {
    let cases = [
        (json!({"tags": ["a", "a"]}), r#".spec.tags: duplicate entries for key [="a"]"#),
        (json!({"items": [{"name": "a"}, {"name": "a"}]}), r#".spec.items: duplicate entries for key [name="a"]"#),
        (
            json!({"ports": [{"port": 80}, {"port": 80, "protocol": "TCP"}]}),
            r#".spec.ports: duplicate entries for key [port=80,protocol="TCP"]"#,
        ),
        (
            json!({"items": [{"image": "a"}]}),
            ".spec.items: element 0: associative list with keys has an element that omits all key fields [\"name\"] (and \
             doesn't have default values for any key fields)",
        ),
        (json!({"items": [null]}), ".spec.items: element 0: associative list with keys may not have a null element"),
        (
            json!({"tags": [{}]}),
            ".spec.tags: element 0: associative list without keys has an element that's a map type",
        ),
    ];
    for (spec, text) in cases {
        let refused = refused(&object(spec)).to_string();
        assert!(refused.ends_with(&format!(": {text}")), "{refused}");
    }
}

#[test]
fn what_is_nested_without_end_is_refused() {
    let mut any = json!(1);
    for _ in 0..1000 {
        any = json!([any]);
    }
    let refused = refused(&object(json!({"any": {"a": any}})));
    assert!(refused.to_string().ends_with("nested too deeply"), "{refused}");
}

#[test]
fn managed_fields_that_cannot_be_read_are_no_reason_to_lose_them() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    let mut live = thing.live().clone();
    live["metadata"]["managedFields"][0]["fieldsType"] = "FieldsV2".into();
    thing.live = Some(live);
    let refused = thing.try_apply("alice", json!({}), true).unwrap_err();
    let text = r#"failed to decode managed fields: invalid fieldsType "FieldsV2" in managed fields entry 0"#;
    assert_eq!(refused, ApplyError::Internal(text.to_owned()));
}
