//! `$setElementOrder`.

use serde_json::{Value, json};

use super::{check, merge, try_merge};

/// The list of these letters, as objects or as scalars.
fn list(names: &str, keyed: bool) -> Value {
    let item = |name: char| if keyed { json!({ "name": name }) } else { json!(name) };
    names.chars().map(item).collect()
}

/// A list of the server, that of the patch, the order that it asks for, and what comes of it.
fn check_orders(keyed: bool) {
    for (old, patch, order, result) in [
        ("abc", None, "cba", "cba"),
        ("abc", Some("d"), "abcd", "abcd"),
        ("abc", Some("de"), "adbec", "adbec"),
        ("abc", Some("ca"), "cab", "cab"),
        // The order names what is not there.
        ("ac", None, "cba", "ca"),
        ("ac", Some("ca"), "cba", "ca"),
        // Items of the server alone stay before what they were before.
        ("axb", None, "ba", "xba"),
        ("abx", None, "ba", "bax"),
        ("xab", None, "ba", "xba"),
        ("axb", Some("c"), "acb", "acxb"),
        ("axby", Some("c"), "bca", "xbcay"),
        ("xayb", None, "ab", "xayb"),
        // Where there was nothing.
        ("", Some("ab"), "ab", "ab"),
        ("", Some("a"), "ab", "a"),
        // Nothing is asked for.
        ("ab", Some("c"), "", "abc"),
        ("ab", None, "", "ab"),
    ] {
        let field = if keyed { "crew" } else { "tags" };
        let mut document = json!({ field: list(old, keyed) });
        let mut body = json!({ format!("$setElementOrder/{field}"): list(order, keyed) });
        if let Some(patch) = patch {
            body[field] = list(patch, keyed);
        }
        assert_eq!(merge(document.clone(), &body), json!({ field: list(result, keyed) }), "{old} {body}");
        if old.is_empty() {
            document = json!({});
            assert_eq!(merge(document, &body), json!({ field: list(result, keyed) }), "{body}");
        }
    }
}

#[test]
fn c4_9_17_the_order_of_items() {
    check_orders(true);
}

#[test]
fn c4_9_17_the_order_of_scalars() {
    check_orders(false);
}

#[test]
fn c4_9_17_items_are_changed_deleted_and_ordered_at_once() {
    check(&[
        (
            json!({"crew": [{"name": "a", "rank": 1}, {"name": "b"}, {"name": "c"}]}),
            json!({
                "$setElementOrder/crew": [{"name": "d"}, {"name": "a"}, {"name": "c"}],
                "crew": [{"name": "d"}, {"name": "b", "$patch": "delete"}, {"name": "a", "hull": {}}],
            }),
            json!({"crew": [{"name": "d"}, {"name": "a", "rank": 1, "hull": {}}, {"name": "c"}]}),
        ),
        (
            json!({"tags": [1, 2, 3]}),
            json!({"$setElementOrder/tags": [4, 1, 3], "$deleteFromPrimitiveList/tags": [2], "tags": [4]}),
            json!({"tags": [4, 1, 3]}),
        ),
        // Equal items of the server stay together.
        (
            json!({"crew": [{"name": "a"}, {"name": "b"}, {"name": "a", "rank": 2}]}),
            json!({"$setElementOrder/crew": [{"name": "b"}, {"name": "a"}]}),
            json!({"crew": [{"name": "b"}, {"name": "a"}, {"name": "a", "rank": 2}]}),
        ),
    ]);
}

#[test]
fn c4_9_17_an_order_alone_makes_no_list() {
    check(&[
        (json!({"name": "a"}), json!({"$setElementOrder/crew": [{"name": "a"}]}), json!({"name": "a"})),
        (json!({"crew": null}), json!({"$setElementOrder/crew": [{"name": "a"}]}), json!({"crew": null})),
        (json!({"crew": [{"name": "a"}]}), json!({"$setElementOrder/crew": [], "crew": null}), json!({})),
    ]);
}

#[test]
fn c4_9_17_a_list_that_is_not_merged_has_an_order_too() {
    check(&[
        (json!({"ids": [1, 2, 3]}), json!({"$setElementOrder/ids": [3, 2, 1]}), json!({"ids": [3, 2, 1]})),
        (json!({"ids": [1, 2, 3]}), json!({"$setElementOrder/ids": [4, 5], "ids": [4, 5]}), json!({"ids": [4, 5]})),
    ]);
}

#[test]
fn c4_9_17_a_patch_in_another_order() {
    for body in [
        json!({"$setElementOrder/tags": [1, 2, 3], "tags": [3, 1]}),
        json!({"$setElementOrder/tags": [1, 2], "tags": [3]}),
        json!({"$setElementOrder/tags": [1], "tags": [1, 1]}),
        json!({"$setElementOrder/crew": [{"name": "a"}, {"name": "b"}], "crew": [{"name": "b"}, {"name": "a"}]}),
    ] {
        let status = try_merge(json!({"tags": [1, 3, 2], "crew": [{"name": "a"}]}), &body).unwrap_err();
        assert_eq!((status.code(), status.reason()), (500, ""), "{body}");
        assert_eq!(status.message(), "The order in patch list doesn't match $setElementOrder list");
    }
}
