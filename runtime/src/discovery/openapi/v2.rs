//! The same in OpenAPI 2.0: one document for everything, for older clients (contract 3.5.1).

use serde_json::{Map, Value, json};

use super::document::{self, info};
use super::schema::{COMPONENTS, INT_OR_STRING};
use crate::server::resources::Resources;

/// What stands for the body of a PATCH, by the name under which generators of Kubernetes clients know it: there is only one
/// schema for all its formats.
const PATCH: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";

/// The OpenAPI 2.0 document of all that is installed, made of the 3.0 documents.
pub(super) fn document(resources: &Resources) -> Value {
    let mut paths = Map::new();
    let mut definitions = Map::new();
    for (group, version) in super::versions(resources) {
        let mut document = document::document(resources, group, version);
        for (path, item) in entries(document["paths"].take()) {
            paths.insert(path, path_item(item));
        }
        for (name, own) in entries(document["components"]["schemas"].take()) {
            merge_definition(&mut definitions, name, schema(own));
        }
    }
    if paths.values().any(|item| item.get("patch").is_some()) {
        let description = "A patch in one of the formats that the operation takes.";
        let patch = json!({ "description": description, "type": "object", "additionalProperties": true });
        definitions.insert(PATCH.to_owned(), patch);
    }
    json!({ "swagger": "2.0", "info": info(), "paths": paths, "definitions": definitions })
}

/// Adds a definition. The Kubernetes types are in the document of each version, with its own list of Kinds.
fn merge_definition(definitions: &mut Map<String, Value>, name: String, mut definition: Value) {
    const KINDS: &str = "x-kubernetes-group-version-kind";
    if let Some(Value::Array(before)) = definitions.get(&name).and_then(|definition| definition.get(KINDS)) {
        let mut kinds = before.clone();
        let own = definition.get(KINDS).and_then(Value::as_array).into_iter().flatten();
        kinds.extend(own.filter(|kind| !before.contains(kind)).cloned());
        definition[KINDS] = kinds.into();
    }
    definitions.insert(name, definition);
}

fn path_item(item: Value) -> Value {
    let entry = |(key, value): (String, Value)| {
        let value = if key == "parameters" { parameters(value) } else { operation(value) };
        (key, value)
    };
    entries(item).map(entry).collect::<Map<_, _>>().into()
}

fn operation(operation: Value) -> Value {
    let mut operation: Map<String, Value> = entries(operation).collect();
    let mut all = operation.remove("parameters").map_or_else(|| json!([]), parameters);
    if let Some(mut body) = operation.remove("requestBody") {
        let (types, mut schema) = content(body["content"].take());
        if operation.get("x-kubernetes-action").is_some_and(|action| action == "patch") {
            schema = json!({ "$ref": format!("#/definitions/{PATCH}") });
        }
        operation.insert("consumes".to_owned(), types);
        let required = body["required"] == true;
        if let Value::Array(all) = &mut all {
            all.push(json!({ "name": "body", "in": "body", "required": required, "schema": schema }));
        }
    }
    operation.insert("parameters".to_owned(), all);
    let mut produces = json!([]);
    let responses = entries(operation.remove("responses").unwrap_or_default()).map(|(code, mut response)| {
        let (types, schema) = content(response["content"].take());
        // Errors travel in the formats that objects have; that of a stream or a CONNECT is its own.
        if code != "default" {
            produces = types;
        }
        (code, json!({ "description": response["description"], "schema": schema }))
    });
    let responses: Map<String, Value> = responses.collect();
    operation.insert("responses".to_owned(), responses.into());
    operation.insert("produces".to_owned(), produces);
    operation.into()
}

/// The media types of a content, and its schema where it is the same for all but the streams.
fn content(content: Value) -> (Value, Value) {
    let mut types = Vec::new();
    let mut schemas: Vec<Value> = Vec::new();
    for (media_type, mut content) in entries(content) {
        let own = schema(content["schema"].take());
        if !media_type.contains(';') && !schemas.contains(&own) {
            schemas.push(own);
        }
        types.push(media_type);
    }
    let only = if schemas.len() == 1 { schemas.pop() } else { None };
    (types.into(), only.unwrap_or_else(|| json!({})))
}

/// A parameter has its type beside its name.
fn parameters(parameters: Value) -> Value {
    let Value::Array(parameters) = parameters else { return json!([]) };
    let flat = |mut parameter: Value| {
        for (key, value) in entries(schema(parameter["schema"].take())) {
            parameter[key] = value;
        }
        entries(parameter).filter(|(key, _)| key != "schema").collect::<Map<_, _>>().into()
    };
    parameters.into_iter().map(flat).collect::<Vec<Value>>().into()
}

/// A schema without what OpenAPI 2.0 does not have, and without defaults. It has descriptions beside a `$ref`, where
/// 3.0 needs an `allOf`.
fn schema(schema: Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let mut fields: Map<String, Value> = fields.into_iter().filter_map(keyword).collect();
            if let Some(Value::Array(all)) = fields.remove("allOf") {
                match <[Value; 1]>::try_from(all) {
                    Ok([only]) => fields.extend(entries(only)),
                    Err(all) => {
                        fields.insert("allOf".to_owned(), all.into());
                    }
                }
            }
            if fields.get(INT_OR_STRING) == Some(&Value::Bool(true)) && !fields.contains_key("type") {
                // As Kubernetes has it.
                fields.extend([("type".to_owned(), "string".into()), ("format".to_owned(), "int-or-string".into())]);
            }
            fields.into()
        }
        other => other,
    }
}

fn keyword((key, value): (String, Value)) -> Option<(String, Value)> {
    let value = match (key.as_str(), value) {
        ("anyOf" | "default" | "deprecated" | "not" | "nullable" | "oneOf" | "writeOnly", _) => return None,
        ("$ref", Value::String(to)) => to.replace(COMPONENTS, "#/definitions/").into(),
        ("properties", properties) => {
            entries(properties).map(|(name, own)| (name, schema(own))).collect::<Map<_, _>>().into()
        }
        ("allOf", Value::Array(all)) => all.into_iter().map(schema).collect::<Vec<_>>().into(),
        // Generators know only this from the older format.
        ("additionalProperties", Value::Object(any)) if any.is_empty() => true.into(),
        ("items" | "additionalProperties", own) => schema(own),
        (_, value) => value,
    };
    Some((key, value))
}

fn entries(value: Value) -> impl Iterator<Item = (String, Value)> {
    let fields = if let Value::Object(fields) = value { fields } else { Map::new() };
    fields.into_iter()
}
