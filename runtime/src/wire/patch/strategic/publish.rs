//! Telling clients how lists merge. A client that makes a patch has to know the same as the server that applies it:
//! kubectl takes it from the OpenAPI documents, and without a word there it takes lists to be replaced.

use serde_json::{Map, Value};

use super::known;
use super::rule::{MergeRule, Strategy};
use super::schema::{MERGE_KEY, STRATEGY, list_keywords};

/// Writes into the schemas of types, by name, how their fields merge (contract 4.9.17). `name_of` gives the name that a
/// type has among the schemas for the one that its rules have.
pub(crate) fn publish<'a>(
    types: &mut Map<String, Value>,
    rules: impl IntoIterator<Item = &'a MergeRule>,
    name_of: impl Fn(&str) -> String,
) {
    for rule in rules.into_iter().chain(known::RULES) {
        let (type_name, field) = rule.names();
        let schema = types.get_mut(&name_of(type_name)).and_then(|schema| schema.get_mut("properties")?.get_mut(field));
        if let Some(Value::Object(schema)) = schema {
            let (strategy, of_unions) = rule.says();
            say(schema, strategy, of_unions);
        }
    }
    types.values_mut().for_each(list_types);
}

/// The depth is that of the types of the program, which schemars keeps small by references.
fn list_types(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(list_types),
        Value::Object(_) => {
            let keys = match list_keywords(schema) {
                Some(Strategy::Merge(key)) => Some(key.map(ToOwned::to_owned)),
                _ => None,
            };
            let Value::Object(fields) = schema else { return };
            if let Some(key) = keys {
                say(fields, Strategy::Merge(key.as_deref()), false);
            }
            fields.values_mut().for_each(list_types);
        }
        _ => {}
    }
}

/// What a schema says itself counts.
fn say(schema: &mut Map<String, Value>, strategy: Strategy<'_>, of_unions: bool) {
    let (name, key) = match strategy {
        Strategy::Plain => (None, None),
        Strategy::Merge(key) => (Some("merge"), key),
        Strategy::Replace => (Some("replace"), None),
    };
    let names: Vec<&str> = name.into_iter().chain(of_unions.then_some("retainKeys")).collect();
    if names.is_empty() || schema.contains_key(STRATEGY) {
        return;
    }
    schema.insert(STRATEGY.to_owned(), names.join(",").into());
    if let Some(key) = key {
        schema.insert(MERGE_KEY.to_owned(), key.into());
    }
}
