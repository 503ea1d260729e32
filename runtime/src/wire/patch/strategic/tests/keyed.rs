//! Lists of objects that are told apart by a key.

use serde_json::json;

use super::{check, merge};

#[test]
fn c4_9_17_items_are_merged_by_their_key() {
    check(&[
        (
            json!({"crew": [{"name": "a", "rank": 1}, {"name": "b"}]}),
            json!({"crew": [{"name": "a", "hull": {}}, {"name": "b", "rank": 2}]}),
            json!({"crew": [{"name": "a", "rank": 1, "hull": {}}, {"name": "b", "rank": 2}]}),
        ),
        (
            json!({"crew": [{"name": "a", "rank": 1}]}),
            json!({"crew": [{"name": "b"}]}),
            json!({"crew": [{"name": "b"}, {"name": "a", "rank": 1}]}),
        ),
        (
            json!({"crew": [{"name": "a", "rank": 1}]}),
            json!({"crew": [{"name": "a", "rank": null}]}),
            json!({"crew": [{"name": "a"}]}),
        ),
        (json!({"crew": [{"name": "a"}]}), json!({"crew": []}), json!({"crew": [{"name": "a"}]})),
        (json!({"crew": []}), json!({"crew": []}), json!({"crew": []})),
        // A key may be any value, and numbers are not text.
        (
            json!({"crew": [{"name": 1}, {"name": "1"}]}),
            json!({"crew": [{"name": 1, "rank": 3}]}),
            json!({"crew": [{"name": 1, "rank": 3}, {"name": "1"}]}),
        ),
        // Said twice.
        (
            json!({"crew": [{"name": "z"}]}),
            json!({"crew": [{"name": "a", "rank": 1}, {"name": "a", "hull": {}}]}),
            json!({"crew": [{"name": "a", "rank": 1, "hull": {}}, {"name": "z"}]}),
        ),
        // Of two on the server the first.
        (
            json!({"crew": [{"name": "a", "rank": 1}, {"name": "a", "rank": 2}]}),
            json!({"crew": [{"name": "a", "rank": 3}]}),
            json!({"crew": [{"name": "a", "rank": 3}, {"name": "a", "rank": 2}]}),
        ),
    ]);
}

#[test]
fn c4_9_17_items_are_deleted_by_their_key() {
    check(&[
        (
            json!({"crew": [{"name": "a"}, {"name": "b", "rank": 1}]}),
            json!({"crew": [{"name": "a", "$patch": "delete"}]}),
            json!({"crew": [{"name": "b", "rank": 1}]}),
        ),
        (
            json!({"crew": [{"name": "a"}, {"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "c"}]}),
            json!({"crew": [{"name": "a", "$patch": "delete"}, {"name": "c", "$patch": "delete"}]}),
            json!({"crew": [{"name": "b"}]}),
        ),
        (json!({"crew": [{"name": "a"}]}), json!({"crew": [{"name": "a", "$patch": "delete"}]}), json!({"crew": []})),
        (json!({"crew": []}), json!({"crew": [{"name": "a", "$patch": "delete"}]}), json!({"crew": []})),
        (json!({}), json!({"crew": [{"name": "a", "$patch": "delete"}]}), json!({"crew": []})),
        (
            json!({"crew": [{"name": "a"}]}),
            json!({"crew": [{"name": "x", "$patch": "delete"}, {"name": "b"}]}),
            json!({"crew": [{"name": "b"}, {"name": "a"}]}),
        ),
        // One that is deleted and given is new.
        (
            json!({"crew": [{"name": "a", "rank": 1}]}),
            json!({"crew": [{"name": "a", "hull": {}}, {"name": "a", "$patch": "delete"}]}),
            json!({"crew": [{"name": "a", "hull": {}}]}),
        ),
    ]);
}

#[test]
fn c4_9_17_a_list_is_replaced() {
    check(&[
        (
            json!({"crew": [{"name": "a"}, {"name": "b"}]}),
            json!({"crew": [{"$patch": "replace"}]}),
            json!({"crew": []}),
        ),
        (
            json!({"crew": [{"name": "a", "rank": 1}, {"name": "b"}]}),
            json!({"crew": [{"name": "a"}, {"$patch": "replace"}, {"name": "c", "rank": null}]}),
            json!({"crew": [{"name": "a"}, {"name": "c"}]}),
        ),
        // By the schema.
        (json!({"log": [{"name": "a"}]}), json!({"log": [{"rank": 1}]}), json!({"log": [{"rank": 1}]})),
        (json!({"log": [{"name": "a"}]}), json!({"log": []}), json!({"log": []})),
    ]);
}

#[test]
fn c4_9_17_lists_in_items_are_merged() {
    check(&[
        (
            json!({"crew": [{"name": "a", "crew": [{"name": "x"}], "tags": [1], "log": [{"name": "l"}]}]}),
            json!({"crew": [{"name": "a", "crew": [{"name": "y"}], "tags": [2], "log": [{"rank": 1}]}]}),
            json!({"crew": [{
                "name": "a", "crew": [{"name": "y"}, {"name": "x"}], "tags": [2, 1], "log": [{"rank": 1}],
            }]}),
        ),
        (
            json!({"crew": [{"name": "a", "crew": [{"name": "x", "rank": 1}]}]}),
            json!({"crew": [{"name": "a", "crew": [{"name": "x", "hull": {"name": "h"}}]}]}),
            json!({"crew": [{"name": "a", "crew": [{"name": "x", "rank": 1, "hull": {"name": "h"}}]}]}),
        ),
    ]);
}

/// What the patch names is in its order, and new items are first; what it does not name stays before what it was before.
#[test]
fn c4_9_17_the_order_of_the_patch_counts() {
    let old = json!({"crew": [{"name": "a"}, {"name": "b", "rank": 1}, {"name": "c"}]});
    let names = |patch: &[&str]| {
        let patch: Vec<_> = patch.iter().map(|name| json!({"name": name})).collect();
        let merged = merge(old.clone(), &json!({ "crew": patch }));
        merged["crew"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect::<String>()
    };
    assert_eq!(names(&["c", "a", "b"]), "cab");
    assert_eq!(names(&["c", "a"]), "bca");
    assert_eq!(names(&["b", "a"]), "bac");
    assert_eq!(names(&["z", "a"]), "zabc");
    assert_eq!(names(&["a", "z"]), "azbc");
}
