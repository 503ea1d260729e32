//! `$retainKeys`: fields go that are not named, as those of a union must.

use serde_json::json;

use super::{check, try_merge};

#[test]
fn c4_9_17_only_named_fields_stay() {
    check(&[
        (json!({"hull": {"a": 1, "b": 2}}), json!({"hull": {"$retainKeys": ["a"]}}), json!({"hull": {"a": 1}})),
        (
            json!({"hull": {"a": 1, "b": 2}}),
            json!({"hull": {"$retainKeys": ["a", "c"], "c": 3}}),
            json!({"hull": {"a": 1, "c": 3}}),
        ),
        (
            json!({"hull": {"a": 1, "b": 2}}),
            json!({"hull": {"$retainKeys": ["a"], "a": 3, "b": null}}),
            json!({"hull": {"a": 3}}),
        ),
        (json!({"hull": {"a": 1}}), json!({"hull": {"$retainKeys": []}}), json!({"hull": {}})),
        (json!({}), json!({"hull": {"$retainKeys": ["a"], "a": 1}}), json!({"hull": {"a": 1}})),
        (
            json!({"hull": {"name": "a", "hull": {"x": 1, "y": 1}}}),
            json!({"hull": {"$retainKeys": ["hull"], "hull": {"x": null, "z": 1}}}),
            json!({"hull": {"hull": {"y": 1, "z": 1}}}),
        ),
        // In the items of a list.
        (
            json!({"crew": [{"name": "a", "rank": 1, "hull": {}}, {"name": "b", "rank": 2}]}),
            json!({"crew": [{"name": "a", "$retainKeys": ["name", "hull"]}]}),
            json!({"crew": [{"name": "a", "hull": {}}, {"name": "b", "rank": 2}]}),
        ),
        // Lists have their directives beside it.
        (
            json!({"hull": {"rank": 1, "tags": [1, 2], "crew": [{"name": "a"}, {"name": "b"}]}}),
            json!({"hull": {
                "$retainKeys": ["tags", "crew"],
                "$deleteFromPrimitiveList/tags": [1],
                "$setElementOrder/crew": [{"name": "b"}, {"name": "a"}],
            }}),
            json!({"hull": {"tags": [2], "crew": [{"name": "b"}, {"name": "a"}]}}),
        ),
    ]);
}

#[test]
fn c4_9_17_without_it_all_fields_stay() {
    check(&[
        (json!({"hull": {"a": 1}}), json!({"hull": {"b": 2}}), json!({"hull": {"a": 1, "b": 2}})),
        (json!({"hull": {"a": 1}}), json!({"hull": {}}), json!({"hull": {"a": 1}})),
    ]);
}

#[test]
fn c4_9_17_a_field_that_is_given_and_not_retained() {
    for body in [
        json!({"$retainKeys": ["name"], "rank": 1}),
        json!({"hull": {"$retainKeys": [], "a": 1}}),
        json!({"crew": [{"name": "a", "$retainKeys": ["rank"]}]}),
    ] {
        let status = try_merge(json!({"crew": [{"name": "a"}]}), &body).unwrap_err();
        assert_eq!((status.code(), status.reason()), (422, "Invalid"), "{body}");
        assert_eq!(status.message(), "patch content doesn't match retainKeys list");
    }
}
