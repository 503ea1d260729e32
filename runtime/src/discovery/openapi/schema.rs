//! From the JSON Schema that schemars writes to the schemas of OpenAPI 3.0.
//!
//! The settings of schemars for OpenAPI do the greater part. What is left over here are `null` as an alternative, enums
//! with documented variants, keywords that OpenAPI 3.0 does not have, and the names of the components.

use percent_encoding::percent_decode_str;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

/// Where the components are, for `$ref`.
pub(super) const COMPONENTS: &str = "#/components/schemas/";

/// The keywords of OpenAPI 3.0, section 4.7.24, without `$ref`; extensions are allowed too.
const KEYWORDS: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "deprecated",
    "description",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

const PRESERVE: &str = "x-kubernetes-preserve-unknown-fields";

/// Says of a schema that a value is a number or a text.
pub(super) const INT_OR_STRING: &str = "x-kubernetes-int-or-string";

/// Puts enums of strings where they are used, because kubectl explains the values of a field only there.
pub(super) fn inline_enums(schemas: &mut Map<String, Value>) {
    let is_enum = |schema: &Value| schema["type"] == "string" && schema["enum"].is_array();
    let names: Vec<String> =
        schemas.iter().filter(|(_, schema)| is_enum(schema)).map(|(name, _)| name.clone()).collect();
    let enums: Map<String, Value> = names.iter().filter_map(|name| schemas.remove_entry(name)).collect();
    schemas.values_mut().for_each(|schema| inline(schema, &enums));
}

/// The depth is that of the types of the program, which schemars keeps small by references.
fn inline(schema: &mut Value, enums: &Map<String, Value>) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| inline(item, enums)),
        Value::Object(object) => {
            let reference = match object.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
                Some([only]) => only.get("$ref"),
                _ => object.get("$ref"),
            };
            let name = reference.and_then(Value::as_str).and_then(|name| name.strip_prefix(COMPONENTS));
            if let Some(Value::Object(values)) = name.and_then(|name| enums.get(name)) {
                object.remove("allOf");
                object.remove("$ref");
                describe_values(object, values);
                for (key, value) in values {
                    object.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
            object.values_mut().for_each(|value| inline(value, enums));
        }
        _ => {}
    }
}

/// Has objects of which nothing is said say that they may have any fields: generators of clients warn otherwise, and take
/// them for values of unknown type.
pub(super) fn open_objects(schema: &mut Value) {
    const FIELDS: &[&str] = &["additionalProperties", "allOf", "anyOf", "oneOf", "properties"];
    match schema {
        Value::Array(items) => items.iter_mut().for_each(open_objects),
        Value::Object(object) => {
            object.values_mut().for_each(open_objects);
            if object.get("type") == Some(&json!("object")) && !FIELDS.iter().any(|key| object.contains_key(*key)) {
                object.insert("additionalProperties".to_owned(), json!({}));
            }
        }
        _ => {}
    }
}

/// A field that has a description of its own gets that of the values behind it.
fn describe_values(field: &mut Map<String, Value>, values: &Map<String, Value>) {
    let Some(text) = values.get("description").and_then(Value::as_str) else { return };
    if let (Some(start), Some(Value::String(own))) = (text.find(ENUM_VALUES), field.get_mut("description")) {
        own.push_str("\n\n");
        own.push_str(&text[start..]);
    }
}

/// What the descriptions of an enum's values begin with.
const ENUM_VALUES: &str = "Possible enum values:";

/// A generator of OpenAPI schemas; types of no package of their own are named after the prefix.
pub(super) fn generator(prefix: &str) -> SchemaGenerator {
    let settings = SchemaSettings::openapi3().with(|settings| settings.meta_schema = None);
    settings.with_transform(Conform { prefix: prefix.to_owned() }).into_generator()
}

/// The name of the component for the name that schemars gives a type. That of a Kubernetes type has its package
/// already; every other type gets that of the group and version (contract 3.5.6).
pub(super) fn component_name(prefix: &str, name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' };
    let name: String = name.chars().map(allowed).collect();
    if name.contains('.') { name } else { format!("{prefix}.{name}") }
}

/// The name of the type that a schema refers to, if it does nothing else.
pub(super) fn referenced(schema: &Schema) -> Option<String> {
    schema.as_object().filter(|object| object.len() == 1)?.get("$ref")?.as_str().and_then(type_name)
}

fn type_name(reference: &str) -> Option<String> {
    let name = percent_decode_str(reference.strip_prefix(COMPONENTS)?).decode_utf8_lossy();
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// The schema of any value. It says so, because `kubectl explain` fails on an empty one.
fn anything() -> Schema {
    json_schema!({ PRESERVE: true })
}

#[derive(Clone, Debug)]
struct Conform {
    prefix: String,
}

impl Transform for Conform {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(type_name) {
            object.insert("$ref".to_owned(), format!("{COMPONENTS}{}", component_name(&self.prefix, &name)).into());
            return;
        }
        several_types(object);
        for alternatives in ["anyOf", "oneOf"] {
            null_alternative(object, alternatives);
        }
        documented_enum(object);
        numeric_exclusive(object, "exclusiveMinimum", "minimum");
        numeric_exclusive(object, "exclusiveMaximum", "maximum");
        items(object);
        other_properties(object);
        int_or_string(object);
        object.retain(|key, _| KEYWORDS.contains(&key.as_str()) || key.starts_with("x-"));
        if object.is_empty() {
            *schema = anything();
        }
    }
}

/// `type` with several types becomes alternatives: there is only one type in OpenAPI 3.0.
fn several_types(object: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = object.get("type") else { return };
    let alternatives: Vec<Value> = types.iter().map(|name| json!({ "type": name })).collect();
    object.remove("type");
    if !alternatives.is_empty() {
        object.entry("anyOf").or_insert(alternatives.into());
    }
}

/// `null` as an alternative becomes `nullable`, and an alternative that is then the only one becomes the schema itself.
fn null_alternative(object: &mut Map<String, Value>, key: &str) {
    let Some(Value::Array(alternatives)) = object.get_mut(key) else { return };
    let before = alternatives.len();
    alternatives.retain(|alternative| alternative.get("enum") != Some(&json!([null])));
    if alternatives.len() == before {
        return;
    }
    let only = if alternatives.len() == 1 { alternatives.pop() } else { None };
    if only.is_some() || alternatives.is_empty() {
        object.remove(key);
    }
    object.insert("nullable".to_owned(), true.into());
    match only {
        Some(Value::Object(only)) if !only.contains_key("$ref") && !only.contains_key("allOf") => {
            for (key, value) in only {
                object.entry(key).or_insert(value);
            }
        }
        Some(only) => {
            object.insert("allOf".to_owned(), json!([only]));
        }
        None => {}
    }
}

/// An enum whose variants have descriptions is written as alternatives of one value each; it becomes a plain enum with
/// the descriptions in its own.
fn documented_enum(object: &mut Map<String, Value>) {
    let Some(Value::Array(alternatives)) = object.get("oneOf") else { return };
    let mut values = Vec::new();
    let mut documented = Vec::new();
    for alternative in alternatives {
        let Some(own) = alternative.get("enum").and_then(Value::as_array) else { return };
        if alternative.get("type") != Some(&json!("string")) {
            return;
        }
        if let ([value], Some(text)) = (&own[..], alternative.get("description").and_then(Value::as_str)) {
            documented.push(format!(" - `{value}` {text}"));
        }
        values.extend(own.iter().cloned());
    }
    object.remove("oneOf");
    object.insert("type".to_owned(), "string".into());
    object.insert("enum".to_owned(), values.into());
    if !documented.is_empty() {
        let own = object.get("description").and_then(Value::as_str).map(|own| format!("{own}\n\n")).unwrap_or_default();
        object.insert("description".to_owned(), format!("{own}{ENUM_VALUES}\n{}", documented.join("\n")).into());
    }
}

/// An exclusive bound is a number in JSON Schema, and a flag beside the bound in OpenAPI 3.0.
fn numeric_exclusive(object: &mut Map<String, Value>, exclusive: &str, bound: &str) {
    if object.get(exclusive).is_some_and(Value::is_number)
        && let Some(number) = object.insert(exclusive.to_owned(), true.into())
    {
        object.insert(bound.to_owned(), number);
    }
}

/// A tuple has a schema for each item; `items` is one schema in OpenAPI 3.0, and has to be there.
fn items(object: &mut Map<String, Value>) {
    let items = match object.remove("items") {
        Some(Value::Array(each)) => json!({ "anyOf": each }),
        Some(items) => items,
        None if object.get("type") == Some(&json!("array")) => anything().to_value(),
        None => return,
    };
    object.insert("items".to_owned(), items);
}

/// The Kubernetes types say by an extension alone that they are a number or a text, which only Kubernetes understands.
fn int_or_string(object: &mut Map<String, Value>) {
    let is_typed = ["type", "allOf", "anyOf", "oneOf"].iter().any(|key| object.contains_key(*key));
    if object.get(INT_OR_STRING) == Some(&Value::Bool(true)) && !is_typed {
        object.insert("anyOf".to_owned(), json!([{ "type": "integer" }, { "type": "string" }]));
    }
}

/// Maps with keys of a pattern become maps, and open objects say so the way Kubernetes does.
fn other_properties(object: &mut Map<String, Value>) {
    if let Some(Value::Object(patterns)) = object.remove("patternProperties") {
        let mut schemas = patterns.into_iter().map(|(_, schema)| schema);
        if let Some(schema) = schemas.next() {
            let schema = if schemas.next().is_some() { Value::Bool(true) } else { schema };
            object.insert("additionalProperties".to_owned(), schema);
        }
    }
    if object.get("additionalProperties") == Some(&Value::Bool(true)) {
        object.remove("additionalProperties");
        object.insert(PRESERVE.to_owned(), true.into());
    }
}
