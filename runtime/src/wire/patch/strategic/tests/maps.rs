//! Objects: fields, nulls and `$patch`.

use serde_json::json;

use super::check;

#[test]
fn c4_9_17_fields_are_merged() {
    check(&[
        (json!({}), json!({"name": "a", "rank": 1}), json!({"name": "a", "rank": 1})),
        (json!({"name": "a"}), json!({}), json!({"name": "a"})),
        (json!({"name": "a"}), json!({"rank": 2}), json!({"name": "a", "rank": 2})),
        (json!({"name": "a"}), json!({"name": "b"}), json!({"name": "b"})),
        (json!({"hull": {"a": 1}}), json!({"hull": {"b": {"c": 2}}}), json!({"hull": {"a": 1, "b": {"c": 2}}})),
        // Another kind of value.
        (json!({"hull": {"a": 1}}), json!({"hull": 3}), json!({"hull": 3})),
        (json!({"hull": [1]}), json!({"hull": {"a": 1}}), json!({"hull": {"a": 1}})),
        (json!({"hull": null}), json!({"hull": {"a": 1}}), json!({"hull": {"a": 1}})),
        // Fields of which the schema knows nothing.
        (json!({"x": {"y": {"a": 1}}}), json!({"x": {"y": {"b": 2}}}), json!({"x": {"y": {"a": 1, "b": 2}}})),
        (json!({"x": [{"name": "a"}]}), json!({"x": [{"name": "b"}]}), json!({"x": [{"name": "b"}]})),
    ]);
}

#[test]
fn c4_9_17_null_takes_a_field_away() {
    check(&[
        (json!({"name": "a", "rank": 1}), json!({"name": null}), json!({"rank": 1})),
        (json!({"name": "a"}), json!({"name": null, "rank": 1}), json!({"rank": 1})),
        (json!({"name": "a"}), json!({"rank": null}), json!({"name": "a"})),
        (json!({"hull": {"a": 1, "b": 2}}), json!({"hull": {"a": null}}), json!({"hull": {"b": 2}})),
        (json!({"crew": [{"name": "a"}]}), json!({"crew": null}), json!({})),
        // Where there was nothing, too.
        (json!({}), json!({"hull": {"a": null, "b": {"c": null}}}), json!({"hull": {"b": {}}})),
        (json!({}), json!({"crew": [{"name": "a", "rank": null}]}), json!({"crew": [{"name": "a"}]})),
        (json!({"crew": []}), json!({"crew": [{"name": "a", "rank": null}]}), json!({"crew": [{"name": "a"}]})),
        // What is no field of an object is a value.
        (json!({}), json!({"ids": [null, 1]}), json!({"ids": [null, 1]})),
    ]);
}

#[test]
fn c4_9_17_an_object_is_replaced() {
    check(&[
        (json!({"name": "a", "rank": 1}), json!({"$patch": "replace"}), json!({})),
        (json!({"name": "a"}), json!({"$patch": "replace", "rank": 1}), json!({"rank": 1})),
        (
            json!({"hull": {"a": 1, "b": {"c": 1}}}),
            json!({"hull": {"$patch": "replace", "b": {"d": 1}}}),
            json!({"hull": {"b": {"d": 1}}}),
        ),
        (json!({}), json!({"hull": {"$patch": "replace", "b": 1}}), json!({"hull": {"b": 1}})),
        // By the schema.
        (json!({"papers": {"a": 1}}), json!({"papers": {"b": 2}}), json!({"papers": {"b": 2}})),
        (json!({"papers": {"a": 1}}), json!({"papers": {"b": {"$patch": "delete"}}}), json!({"papers": {}})),
    ]);
}

#[test]
fn c4_9_17_an_object_is_deleted() {
    check(&[
        (json!({"hull": {"a": 1}}), json!({"hull": {"$patch": "delete"}}), json!({"hull": {}})),
        (json!({"hull": {"a": 1}}), json!({"hull": {"$patch": "delete", "b": 1}}), json!({"hull": {}})),
        (json!({"name": "a"}), json!({"hull": {"$patch": "delete"}}), json!({"name": "a"})),
        (json!({"hull": 1}), json!({"hull": {"$patch": "delete"}}), json!({})),
        (json!({"name": "a"}), json!({"$patch": "delete"}), json!({})),
    ]);
}

#[test]
fn c4_9_17_merging_can_be_asked_for() {
    check(&[
        (json!({"hull": {"a": 1}}), json!({"hull": {"$patch": "merge", "b": 2}}), json!({"hull": {"a": 1, "b": 2}})),
        (
            json!({"crew": [{"name": "a", "rank": 1}]}),
            json!({"crew": [{"name": "a", "$patch": "merge", "tags": [1]}]}),
            json!({"crew": [{"name": "a", "rank": 1, "tags": [1]}]}),
        ),
    ]);
}

#[test]
fn c4_9_17_no_directive_is_part_of_the_result() {
    check(&[
        (
            json!({}),
            json!({"hull": {
                "$retainKeys": ["crew", "tags"],
                "$setElementOrder/crew": [{"name": "b"}, {"name": "a"}],
                "crew": [{"name": "b", "$patch": "merge"}, {"name": "a"}, {"name": "c", "$patch": "delete"}],
                "$deleteFromPrimitiveList/tags": [1],
                "tags": [1, 2],
            }}),
            json!({"hull": {"crew": [{"name": "b"}, {"name": "a"}], "tags": [2]}}),
        ),
        (json!({"ids": [1]}), json!({"ids": [{"$patch": "replace"}]}), json!({"ids": []})),
        (
            json!({"log": [{"name": "a"}]}),
            json!({"log": [{"$patch": "replace"}, {"hull": {"$patch": "delete"}, "$retainKeys": ["hull"]}]}),
            json!({"log": [{}]}),
        ),
    ]);
}
