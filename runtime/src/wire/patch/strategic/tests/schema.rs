//! Where a merge takes from how lists merge.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Pod, Service};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use crate::wire::patch::strategic::{MergeRule, MergeSchema, StrategicMerge, publish};

fn merge(schema: &MergeSchema, old: Value, patch: &Value) -> Value {
    StrategicMerge::parse(patch.to_string().as_bytes()).unwrap().0.apply(old, schema).unwrap()
}

/// The schema of a type, as schemars writes it.
fn schema_of<T: JsonSchema>() -> MergeSchema {
    MergeSchema::new(SchemaGenerator::default().into_root_schema_for::<T>().to_value())
}

/// Whether two items with the keys a and b are merged in the list of this schema.
fn is_keyed(list: &Value) -> bool {
    let schema = MergeSchema::new(json!({"properties": {"list": list}}));
    let items = |key: &str| json!({"list": [{"id": key}]});
    let merged = merge(&schema, items("a"), &items("b"));
    match merged["list"].as_array().map(Vec::len) {
        Some(2) => true,
        Some(1) => false,
        _ => panic!("{merged}"),
    }
}

#[test]
fn c4_9_17_keys_of_a_list() {
    for (list, keyed) in [
        (json!({"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "id"}), true),
        (json!({"x-kubernetes-patch-strategy": "merge,retainKeys", "x-kubernetes-patch-merge-key": "id"}), true),
        (json!({"x-kubernetes-patch-strategy": "retainKeys, merge", "x-kubernetes-patch-merge-key": "id"}), true),
        (json!({"x-kubernetes-patch-strategy": "replace", "x-kubernetes-patch-merge-key": "id"}), false),
        (json!({"x-kubernetes-patch-strategy": "retainKeys", "x-kubernetes-patch-merge-key": "id"}), false),
        (json!({"x-kubernetes-patch-merge-key": "id"}), false),
        (json!({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"]}), true),
        (json!({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id", "x"]}), false),
        (json!({"x-kubernetes-list-type": "map"}), false),
        (json!({"x-kubernetes-list-type": "atomic"}), false),
        (json!({}), false),
        (json!(true), false),
        // A patch strategy counts before a list type.
        (
            json!({
                "x-kubernetes-patch-strategy": "replace",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["id"],
            }),
            false,
        ),
        // Behind what may also be null.
        (
            json!({"anyOf": [{"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"]}, {"type": "null"}]}),
            true,
        ),
    ] {
        assert_eq!(is_keyed(&list), keyed, "{list}");
    }
}

#[test]
fn c4_9_17_a_list_of_type_set() {
    let schema = MergeSchema::new(json!({"properties": {"list": {"x-kubernetes-list-type": "set"}}}));
    assert_eq!(merge(&schema, json!({"list": [1, 2]}), &json!({"list": [2, 3]})), json!({"list": [1, 2, 3]}));
}

#[test]
fn c4_9_17_lists_in_maps_and_behind_references() {
    let keyed = json!({
        "items": {"$ref": "#/$defs/a~1b"},
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["id"],
    });
    let schema = MergeSchema::new(json!({
        "properties": {"by": {"additionalProperties": {"allOf": [{"$ref": "#/$defs/list"}]}}},
        "$defs": {"list": {"properties": {"list": keyed}}, "a/b": {"properties": {"list": keyed}}},
    }));
    let old = json!({"by": {"x": {"list": [{"id": 1, "list": [{"id": 2}]}]}}});
    let patch = json!({"by": {"x": {"list": [{"id": 1, "list": [{"id": 3}]}]}}});
    assert_eq!(
        merge(&schema, old, &patch),
        json!({"by": {"x": {"list": [{"id": 1, "list": [{"id": 3}, {"id": 2}]}]}}})
    );
}

#[test]
fn c4_9_17_a_schema_that_refers_to_itself_or_to_nothing() {
    for reference in ["#", "#/$defs/a", "#/nothing", "elsewhere"] {
        let schema = json!({"$ref": reference, "allOf": [{"$ref": "#"}], "$defs": {"a": {"$ref": "#/$defs/a"}}});
        let merged = merge(&MergeSchema::new(schema), json!({"a": {"b": 1}}), &json!({"a": {"c": [1]}}));
        assert_eq!(merged, json!({"a": {"b": 1, "c": [1]}}));
    }
}

#[test]
fn c4_9_17_metadata_has_its_keys_in_every_schema() {
    let old = json!({"metadata": {"finalizers": ["a/b"], "ownerReferences": [{"uid": "1", "name": "x"}]}});
    let patch =
        json!({"metadata": {"finalizers": ["c/d"], "ownerReferences": [{"uid": "2"}, {"uid": "1", "kind": "K"}]}});
    let merged = json!({"metadata": {
        "finalizers": ["c/d", "a/b"],
        "ownerReferences": [{"uid": "2"}, {"uid": "1", "name": "x", "kind": "K"}],
    }});
    for schema in [json!({}), json!(true), json!({"properties": {"metadata": {"type": "object"}}})] {
        assert_eq!(merge(&MergeSchema::new(schema), old.clone(), &patch), merged);
    }
    assert_eq!(merge(&schema_of::<Pod>(), old, &patch), merged);
    // That is so in the metadata of the object, not in what is called so elsewhere.
    let spec = merge(
        &MergeSchema::new(json!({})),
        json!({"spec": {"metadata": {"finalizers": [1]}}}),
        &json!({"spec": {"metadata": {"finalizers": [2]}}}),
    );
    assert_eq!(spec["spec"]["metadata"]["finalizers"], json!([2]));
}

#[test]
fn c4_9_17_types_of_kubernetes_have_their_keys() {
    let deployment = schema_of::<Deployment>();
    let template = |spec: Value| json!({"spec": {"template": {"metadata": {"finalizers": ["a"]}, "spec": spec}}});
    let old = template(json!({
        "containers": [{
            "name": "web",
            "image": "web:1",
            "args": ["a"],
            "env": [{"name": "A", "value": "1"}],
            "ports": [{"containerPort": 80, "name": "http"}],
        }],
        "volumes": [{"name": "data", "emptyDir": {}}],
        "tolerations": [{"key": "a"}],
    }));
    let mut patch = template(json!({
        "containers": [{
            "name": "web",
            "image": "web:2",
            "args": ["b"],
            "env": [{"name": "B", "value": "2"}],
            "ports": [{"containerPort": 80, "protocol": "TCP"}, {"containerPort": 81}],
        }],
        "volumes": [{"name": "data", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/"}}],
        "tolerations": [{"key": "b"}],
    }));
    patch["spec"]["template"]["metadata"]["finalizers"] = json!(["b"]);
    let mut merged = template(json!({
        "containers": [{
            "name": "web",
            "image": "web:2",
            "args": ["b"],
            "env": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}],
            "ports": [{"containerPort": 80, "name": "http", "protocol": "TCP"}, {"containerPort": 81}],
        }],
        "volumes": [{"name": "data", "hostPath": {"path": "/"}}],
        "tolerations": [{"key": "b"}],
    }));
    merged["spec"]["template"]["metadata"]["finalizers"] = json!(["b", "a"]);
    assert_eq!(merge(&deployment, old, &patch), merged);

    let ports = |port: u16| json!({"spec": {"ports": [{"port": port}]}});
    let service = merge(&schema_of::<Service>(), ports(80), &ports(443));
    assert_eq!(service, json!({"spec": {"ports": [{"port": 443}, {"port": 80}]}}));
}

/// A rule that names what `k8s-openapi` does not have would be dead.
#[test]
fn every_known_rule_is_about_a_list_that_there_is() {
    use k8s_openapi::api;
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<api::admissionregistration::v1::MutatingWebhookConfiguration>();
    generator.subschema_for::<api::admissionregistration::v1::ValidatingAdmissionPolicy>();
    generator.subschema_for::<api::admissionregistration::v1::ValidatingWebhookConfiguration>();
    generator.subschema_for::<api::apps::v1::DaemonSet>();
    generator.subschema_for::<Deployment>();
    generator.subschema_for::<api::apps::v1::ReplicaSet>();
    generator.subschema_for::<api::apps::v1::StatefulSet>();
    generator.subschema_for::<api::autoscaling::v2::HorizontalPodAutoscaler>();
    generator.subschema_for::<api::batch::v1::Job>();
    generator.subschema_for::<api::core::v1::ComponentStatus>();
    generator.subschema_for::<api::core::v1::Namespace>();
    generator.subschema_for::<api::core::v1::Node>();
    generator.subschema_for::<api::core::v1::PersistentVolumeClaim>();
    generator.subschema_for::<Pod>();
    generator.subschema_for::<api::core::v1::ReplicationController>();
    generator.subschema_for::<Service>();
    generator.subschema_for::<api::core::v1::ServiceAccount>();
    generator.subschema_for::<api::flowcontrol::v1::FlowSchema>();
    generator.subschema_for::<api::flowcontrol::v1::PriorityLevelConfiguration>();
    generator.subschema_for::<api::networking::v1::ServiceCIDR>();
    generator.subschema_for::<api::policy::v1::PodDisruptionBudget>();
    generator.subschema_for::<api::resource::v1::ResourceClaim>();
    generator.subschema_for::<api::storage::v1::CSINode>();
    let types = generator.take_definitions(true);
    for rule in crate::wire::patch::strategic::known::RULES {
        let (type_name, field) = rule.names();
        assert!(types[type_name]["properties"].get(field).is_some(), "{type_name}.{field}");
    }
}

#[test]
fn c4_9_17_rules_of_ones_own() {
    const RULES: [MergeRule; 6] = [
        MergeRule::keyed("Fleet", "ships", "id"),
        MergeRule::set("Fleet", "tags"),
        // What the schema says of merging counts before a rule, and a rule before what it says of lists.
        MergeRule::set("Fleet", "whole"),
        MergeRule::set("Fleet", "atomic"),
        MergeRule::replaced("Fleet", "flags"),
        MergeRule::replaced("io.k8s.api.core.v1.PodSpec", "containers"),
    ];
    let schema = json!({
        "properties": {"spec": {"$ref": "#/$defs/Fleet"}, "pod": {"$ref": "#/$defs/io.k8s.api.core.v1.PodSpec"}},
        "$defs": {"Fleet": {"properties": {
            "whole": {"x-kubernetes-patch-strategy": "replace"},
            "atomic": {"x-kubernetes-list-type": "atomic"},
        }}, "io.k8s.api.core.v1.PodSpec": {}},
    });
    let schema = MergeSchema::new(schema).with_rules(RULES);
    let old = json!({
        "spec": {"ships": [{"id": 1}], "tags": [1], "flags": {"a": 1}, "others": [1], "whole": [1], "atomic": [1]},
        "pod": {"containers": [{"name": "a"}]},
    });
    let patch = json!({
        "spec": {"ships": [{"id": 2}], "tags": [2], "flags": {"b": 1}, "others": [2], "whole": [2], "atomic": [2]},
        "pod": {"containers": [{"name": "b"}]},
    });
    assert_eq!(
        merge(&schema, old, &patch),
        json!({
            "spec": {"ships": [{"id": 2}, {"id": 1}], "tags": [2, 1], "flags": {"b": 1}, "others": [2], "whole": [2], "atomic": [2, 1]},
            "pod": {"containers": [{"name": "b"}]},
        })
    );
}

#[test]
fn c4_9_17_what_is_known_is_published() {
    let rules = [
        MergeRule::keyed("Fleet", "ships", "id"),
        MergeRule::keyed("Fleet", "ports", "id").of_unions(),
        MergeRule::replaced("Fleet", "flags"),
        MergeRule::union("Fleet", "one"),
    ];
    let mut types = json!({
        "own.Fleet": {"properties": {
            "ships": {"type": "array"},
            "ports": {"type": "array"},
            "flags": {},
            "one": {},
            "crew": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
            "tags": {"x-kubernetes-list-type": "set", "x-kubernetes-patch-strategy": "replace"},
            "ids": {"anyOf": [{"x-kubernetes-list-type": "set"}]},
            "log": {"x-kubernetes-list-type": "atomic"},
        }},
        "io.k8s.api.core.v1.ServiceSpec": {"properties": {"ports": {"type": "array"}}},
    });
    let name_of = |name: &str| if name.contains('.') { name.to_owned() } else { format!("own.{name}") };
    publish(types.as_object_mut().unwrap(), &rules, name_of);
    let fleet = &types["own.Fleet"]["properties"];
    let said = |schema: &Value| {
        let keyword = |name: &str| schema[format!("x-kubernetes-patch-{name}")].as_str().unwrap_or("-").to_owned();
        format!("{} {}", keyword("strategy"), keyword("merge-key"))
    };
    assert_eq!(said(&fleet["ships"]), "merge id");
    assert_eq!(said(&fleet["ports"]), "merge,retainKeys id");
    assert_eq!(said(&fleet["flags"]), "replace -");
    assert_eq!(said(&fleet["one"]), "retainKeys -");
    assert_eq!(said(&fleet["crew"]), "merge name");
    assert_eq!(said(&fleet["tags"]), "replace -");
    assert_eq!(said(&fleet["ids"]["anyOf"][0]), "merge -");
    assert_eq!(said(&fleet["log"]), "- -");
    assert_eq!(said(&types["io.k8s.api.core.v1.ServiceSpec"]["properties"]["ports"]), "merge port");
}
