//! Lists of scalars: sets, plain lists, and `$deleteFromPrimitiveList`.

use serde_json::json;

use super::check;

#[test]
fn c4_9_17_sets_are_merged() {
    check(&[
        (json!({"tags": [1, 2]}), json!({"tags": [2, 3]}), json!({"tags": [1, 2, 3]})),
        (json!({"tags": ["a"]}), json!({"tags": ["b", "b"]}), json!({"tags": ["b", "a"]})),
        (json!({"tags": [1, 2, 3]}), json!({"tags": [3, 1, 2]}), json!({"tags": [3, 1, 2]})),
        (json!({"tags": [1, 2, 3]}), json!({"tags": [3, 1]}), json!({"tags": [2, 3, 1]})),
        (json!({"tags": [1]}), json!({"tags": []}), json!({"tags": [1]})),
        (json!({"tags": [true, 1, "1"]}), json!({"tags": ["1"]}), json!({"tags": [true, 1, "1"]})),
        (json!({"tags": [1]}), json!({"tags": null}), json!({})),
        // By the schema.
        (json!({"ids": [1, 2]}), json!({"ids": [2, 3]}), json!({"ids": [2, 3]})),
    ]);
}

#[test]
fn c4_9_17_values_are_deleted_from_a_list() {
    let delete = |field: &str, values: &[i32]| json!({ format!("$deleteFromPrimitiveList/{field}"): values });
    check(&[
        (json!({"tags": [1, 2, 3]}), delete("tags", &[2]), json!({"tags": [1, 3]})),
        (json!({"tags": [1, 2, 2, 1]}), delete("tags", &[2]), json!({"tags": [1, 1]})),
        (json!({"tags": [1, 2]}), delete("tags", &[3]), json!({"tags": [1, 2]})),
        (json!({"tags": [1]}), delete("tags", &[1]), json!({"tags": []})),
        (json!({"tags": []}), delete("tags", &[3]), json!({"tags": []})),
        (json!({"tags": null}), delete("tags", &[3]), json!({"tags": null})),
        (json!({"name": "a"}), delete("tags", &[3]), json!({"name": "a"})),
        // Whatever the schema says.
        (json!({"ids": [1, 2, 3]}), delete("ids", &[2]), json!({"ids": [1, 3]})),
        (json!({"tags": [1, 2]}), json!({"$deleteFromPrimitiveList/tags": [1], "tags": [3]}), json!({"tags": [3, 2]})),
        (
            json!({"crew": [{"name": "a", "tags": [1, 2]}]}),
            json!({"crew": [{"name": "a", "$deleteFromPrimitiveList/tags": [1]}]}),
            json!({"crew": [{"name": "a", "tags": [2]}]}),
        ),
    ]);
}
