//! What a JSON schema says about ownership, in the forms in which it is written.

use std::sync::Arc;

use serde_json::{Value, json};

use super::fixture::Thing;
use crate::apply::{FieldManager, Schema, SingleVersion};

fn thing(schema: &Value) -> Thing {
    let schema = Schema::from_json_schema(schema).unwrap();
    Thing::of(FieldManager::new(Arc::new(schema), "example.com/v1", Arc::new(SingleVersion)))
}

/// What an applied spec owns, where the spec has this schema; `definitions` are those of [`definitions`].
fn owned(spec_schema: &Value, spec: Value) -> Value {
    let mut thing = thing(&json!({"properties": {"spec": spec_schema}, "$defs": definitions()}));
    thing.apply("alice", spec);
    thing.owned("alice")
}

fn refused(spec_schema: &Value, spec: Value) -> String {
    let mut thing = thing(&json!({"properties": {"spec": spec_schema}, "$defs": definitions()}));
    let text = thing.try_apply("alice", spec, false).unwrap_err().to_string();
    text.split_once("): ").unwrap().1.to_owned()
}

fn definitions() -> Value {
    json!({
        "Point": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}},
        "Node": {"type": "object", "properties": {
            "value": {"type": "string"},
            "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
            "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}, "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["value"]},
        }},
        "Left": {"type": "object", "properties": {"of": {"anyOf": [{"$ref": "#/$defs/Left"}, {"$ref": "#/$defs/Right"}]}}},
        "Right": {"type": "object", "properties": {"to": {"anyOf": [{"$ref": "#/$defs/Left"}, {"$ref": "#/$defs/Right"}]}}},
    })
}

#[test]
fn an_optional_field_as_schemars_writes_it() {
    let point = json!({"f:p": {"f:x": {}}});
    for optional in [
        json!({"$ref": "#/$defs/Point"}),
        json!({"$ref": "#/$defs/Point", "description": "a point"}),
        json!({"anyOf": [{"$ref": "#/$defs/Point"}, {"type": "null"}]}),
        json!({"allOf": [{"$ref": "#/$defs/Point"}], "nullable": true}),
        json!({"anyOf": [{"$ref": "#/$defs/Point"}, {"enum": [null], "nullable": true}]}),
        json!({"oneOf": [{"$ref": "#/$defs/Point"}]}),
    ] {
        let schema = json!({"type": "object", "properties": {"p": optional}});
        assert_eq!(owned(&schema, json!({"p": {"x": 1}})), point, "{optional}");
        assert_eq!(refused(&schema, json!({"p": {"z": 1}})), ".spec.p.z: field not declared in schema", "{optional}");
        assert_eq!(owned(&schema, json!({"p": null})), json!({"f:p": {}}));
    }
    let number = json!({"type": "object", "properties": {"n": {"type": ["integer", "null"]}}});
    assert_eq!(owned(&number, json!({"n": null})), json!({"f:n": {}}));
    assert!(refused(&number, json!({"n": "1"})).contains("expected numeric"));
}

#[test]
fn a_reference_may_say_that_an_object_is_atomic() {
    let schema = json!({"type": "object", "properties": {
        "whole": {"$ref": "#/$defs/Point", "x-kubernetes-map-type": "atomic"},
        "parts": {"$ref": "#/$defs/Point"},
    }});
    let spec = json!({"whole": {"x": 1, "y": 2}, "parts": {"x": 1, "y": 2}});
    assert_eq!(owned(&schema, spec), json!({"f:whole": {}, "f:parts": {"f:x": {}, "f:y": {}}}));
}

#[test]
fn types_that_refer_to_themselves() {
    let schema = json!({"$ref": "#/$defs/Node"});
    let spec = json!({"value": "a", "next": {"value": "b", "next": {"children": [{"value": "c"}]}}});
    let item = json!({"k:{\"value\":\"c\"}": {".": {}, "f:value": {}}});
    let expected = json!({"f:value": {}, "f:next": {"f:value": {}, "f:next": {"f:children": item}}});
    assert_eq!(owned(&schema, spec), expected);
    let either = json!({"$ref": "#/$defs/Left"});
    assert_eq!(owned(&either, json!({"of": {"to": {"of": {}}}})), json!({"f:of": {"f:to": {"f:of": {}}}}),);
}

#[test]
fn alternatives_have_the_kinds_and_fields_of_all() {
    let untagged = json!({"anyOf": [{"type": "integer"}, {"type": "string"}, {"$ref": "#/$defs/Point"}]});
    let schema = json!({"type": "object", "properties": {"u": untagged}});
    assert_eq!(owned(&schema, json!({"u": 1})), json!({"f:u": {}}));
    assert_eq!(owned(&schema, json!({"u": "a"})), json!({"f:u": {}}));
    assert_eq!(owned(&schema, json!({"u": {"x": 1}})), json!({"f:u": {"f:x": {}}}));
    assert!(refused(&schema, json!({"u": [1]})).contains(".spec.u"));
    let tagged = json!({"type": "object", "oneOf": [
        {"required": ["a"]},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/Point"}}, "required": ["a"]},
        {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"], "additionalProperties": false},
    ], "properties": {"c": {"type": "string"}}});
    assert_eq!(owned(&tagged, json!({"a": {"x": 1}, "c": ""})), json!({"f:a": {"f:x": {}}, "f:c": {}}));
    assert_eq!(refused(&tagged, json!({"d": 1})), ".spec.d: field not declared in schema");
    let documented = json!({"type": "object", "properties": {"e": {"oneOf": [{"const": "A"}, {"enum": ["B"]}]}}});
    assert_eq!(owned(&documented, json!({"e": "A"})), json!({"f:e": {}}));
}

#[test]
fn fields_of_a_flattened_type() {
    let flat = json!({"type": "object", "properties": {"a": {"type": "string"}}, "allOf": [{"$ref": "#/$defs/Point"}]});
    assert_eq!(owned(&flat, json!({"a": "", "x": 1})), json!({"f:a": {}, "f:x": {}}));
    assert_eq!(refused(&flat, json!({"z": 1})), ".spec.z: field not declared in schema");
}

#[test]
fn unknown_fields_are_kept_where_the_schema_says_so() {
    let open = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true,
        "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}}});
    let spec = json!({"z": {"y": [1]}, "a": {"x": 1}});
    assert_eq!(owned(&open, spec), json!({"f:z": {".": {}, "f:y": {}}, "f:a": {"f:x": {}}}));
    for free in
        [json!({"type": "object"}), json!({}), json!(true), json!({"type": "object", "additionalProperties": true})]
    {
        assert_eq!(owned(&free, json!({"a": {"b": 1}})), json!({"f:a": {".": {}, "f:b": {}}}), "{free}");
    }
    let refers = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true,
        "properties": {"p": {"$ref": "#/$defs/Point"}}});
    assert_eq!(refused(&refers, json!({"z": 1, "p": {"z": 1}})), ".spec.p.z: field not declared in schema");
    let either = json!({"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}}},
        {"type": "object", "additionalProperties": {"type": "integer"}}]});
    assert_eq!(owned(&either, json!({"a": "x", "b": 1})), json!({"f:a": {}, "f:b": {}}));
    let closed = json!({"type": "object", "additionalProperties": false});
    assert_eq!(refused(&closed, json!({"a": 1})), ".spec.a: field not declared in schema");
}

#[test]
fn lists_by_the_keys_of_strategic_merge() {
    let items = json!({"type": "object", "properties": {"uid": {"type": "string"}}});
    let schema = json!({"type": "object", "properties": {
        "merged": {"type": "array", "items": items, "x-kubernetes-patch-strategy": "merge",
            "x-kubernetes-patch-merge-key": "uid"},
        "set": {"type": "array", "items": {"type": "string"}, "x-kubernetes-patch-strategy": "merge"},
    }});
    let spec = json!({"merged": [{"uid": "1"}], "set": ["a"]});
    let expected = json!({
        "f:merged": {"k:{\"uid\":\"1\"}": {".": {}, "f:uid": {}}}, "f:set": {"v:\"a\"": {}},
    });
    assert_eq!(owned(&schema, spec), expected);
}

#[test]
fn quantities_and_extensions_may_be_anything() {
    let schema = json!({"properties": {"spec": {"type": "object", "properties": {
        "memory": {"$ref": "#/$defs/io.k8s.apimachinery.pkg.api.resource.Quantity"},
        "time": {"type": "string", "format": "date-time"},
        "port": {"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]},
    }}}, "$defs": {"io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": "string"}}});
    let mut thing = thing(&schema);
    thing.apply("alice", json!({"memory": 1, "time": "2030-01-01T00:00:00Z", "port": "http"}));
    thing.apply("alice", json!({"memory": "1Gi", "port": 80}));
    assert_eq!(*thing.spec(), json!({"memory": "1Gi", "port": 80}));
}

#[test]
fn an_object_in_an_object_has_metadata_too() {
    let schema = json!({"type": "object", "properties": {"template": {
        "type": "object", "x-kubernetes-embedded-resource": true, "properties": {"spec": {"type": "object"}},
    }}});
    let spec = json!({"template": {"metadata": {"finalizers": ["a"]}, "spec": {}}});
    let expected = json!({"f:template": {"f:metadata": {"f:finalizers": {"v:\"a\"": {}}}, "f:spec": {}}});
    assert_eq!(owned(&schema, spec), expected);
}

#[test]
fn schemas_that_cannot_be() {
    let cases = [
        (
            json!({"type": "array", "x-kubernetes-list-type": "map"}),
            "a list of type map has no x-kubernetes-list-map-keys",
        ),
        (json!({"type": "array", "x-kubernetes-list-type": "x"}), "unknown x-kubernetes-list-type x"),
        (json!({"type": "object", "x-kubernetes-map-type": "x"}), "unknown x-kubernetes-map-type x"),
        (json!({"$ref": "#/nowhere"}), "the schema refers to #/nowhere, which is not there"),
        (json!({"$ref": "#/properties/a"}), "the schema is nested too deeply, or refers to itself"),
    ];
    for (schema, text) in cases {
        let refused = Schema::from_json_schema(&json!({"properties": {"a": schema}})).unwrap_err();
        assert_eq!(refused.to_string(), text);
    }
}

/// An object that was written before the schema changed.
#[test]
fn what_became_atomic_is_owned_as_a_whole() {
    let granular = json!({"properties": {"spec": {"properties": {
        "m": {"type": "object", "additionalProperties": {"type": "string"}},
        "l": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
    }}}});
    let mut atomic = granular.clone();
    atomic["properties"]["spec"]["properties"]["m"]["x-kubernetes-map-type"] = "atomic".into();
    atomic["properties"]["spec"]["properties"]["l"]["x-kubernetes-list-type"] = "atomic".into();
    let mut before = thing(&granular);
    before.apply("alice", json!({"m": {"a": "1"}, "l": ["x"]}));
    before.apply("bob", json!({"m": {"b": "2"}, "l": ["y"]}));
    let mut after = thing(&atomic);
    after.live = before.live;
    after.apply("carol", json!({}));
    assert_eq!(after.owned("alice"), json!({"f:m": {}, "f:l": {}}));
    assert_eq!(after.owned("bob"), json!({"f:m": {}, "f:l": {}}));
    after.apply("alice", json!({"m": {"a": "1", "b": "2"}, "l": ["x", "y"]}));
    after.apply("alice", json!({}));
    assert_eq!(*after.spec(), json!({"m": {"a": "1", "b": "2"}, "l": ["x", "y"]}));
}

#[test]
fn what_became_granular_is_owned_by_field_from_then_on() {
    let atomic = json!({"properties": {"spec": {"properties": {
        "m": {"type": "object", "additionalProperties": {"type": "string"}, "x-kubernetes-map-type": "atomic"},
    }}}});
    let mut granular = atomic.clone();
    granular["properties"]["spec"]["properties"]["m"]["x-kubernetes-map-type"] = "granular".into();
    let mut before = thing(&atomic);
    before.apply("alice", json!({"m": {"a": "1"}}));
    let mut after = thing(&granular);
    after.live = before.live;
    after.apply("bob", json!({"m": {"b": "2"}}));
    assert_eq!(*after.spec(), json!({"m": {"a": "1", "b": "2"}}));
    assert_eq!(after.owned("alice"), json!({"f:m": {}}));
    assert_eq!(after.owned("bob"), json!({"f:m": {"f:b": {}}}));
}

#[test]
fn objects_of_which_nothing_is_known() {
    let mut thing =
        Thing::of(FieldManager::new(Arc::new(Schema::deduced()), "example.com/v1", Arc::new(SingleVersion)));
    thing.apply("alice", json!({"a": {"b": 1}, "l": [{"name": "x"}]}));
    thing.apply("bob", json!({"a": {"c": 2}}));
    assert_eq!(*thing.spec(), json!({"a": {"b": 1, "c": 2}, "l": [{"name": "x"}]}));
    assert!(thing.conflict("bob", json!({"l": []})).ends_with(".spec.l"));
    thing.apply("alice", json!({"a": {"b": 1}}));
    assert_eq!(*thing.spec(), json!({"a": {"b": 1, "c": 2}}));
}
