//! One operation: what a row of the route table is in OpenAPI (contract 2.4-2.6).

use http::StatusCode;
use k8s_openapi::apimachinery::pkg::apis::meta::v1;
use serde_json::{Map, Value, json};

use super::components::{Components, reference_to};
use super::parameters;
use crate::discovery::resource_list::ObjectKind;
use crate::route::{Method, Parameters, Row};
use crate::verb::Endpoint;
use crate::wire::media::{JSON, JSON_WATCH, PatchType, YAML};

/// The operation of a row. The Kind is that of the resource, also for a subresource (contract 2.6.3).
pub(super) fn operation(endpoint: &Endpoint, row: &Row, kind: &str, components: &Components) -> Value {
    let mut operation = json!({
        "description": description(endpoint, row, kind),
        "operationId": row.operation_id,
        "tags": [tag(endpoint)],
        "responses": responses(endpoint, row, components),
        "x-kubernetes-action": row.action.name.to_lowercase(),
        "x-kubernetes-group-version-kind": ObjectKind::of(endpoint).to_json(),
    });
    let mut parameters = parameters::of_query(row.action.parameters);
    parameters.extend(row.options.into_iter().flat_map(parameters::of_options));
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = request_body(endpoint, row, components) {
        operation["requestBody"] = body;
    }
    if row.action.deprecated {
        operation["deprecated"] = true.into();
    }
    operation
}

fn description(endpoint: &Endpoint, row: &Row, kind: &str) -> String {
    let what = match &endpoint.info.subresource {
        Some(subresource) => format!("{subresource} of {kind}"),
        None => kind.to_owned(),
    };
    let note = if row.action.deprecated { "; use a list with the parameter `watch` instead" } else { "" };
    format!("{} {what}{note}", row.action.operation)
}

/// `wardleExampleCom_v1alpha1`, `core_v1` (contract 2.6.4).
fn tag(endpoint: &Endpoint) -> String {
    let info = &endpoint.info;
    if info.group.is_empty() {
        return format!("core_{}", info.version);
    }
    let mut tag = String::new();
    let mut upper = false;
    for char in info.group.strip_suffix(".k8s.io").unwrap_or(&info.group).chars() {
        match char {
            '.' | '-' => upper = true,
            _ if std::mem::take(&mut upper) => tag.extend(char.to_uppercase()),
            _ => tag.push(char),
        }
    }
    format!("{tag}_{}", info.version)
}

/// Every format in which an object is sent and taken, with its schema.
fn content_of<'a>(types: impl IntoIterator<Item = &'a str>, schema: &Value) -> Value {
    let content = |media_type: &str| (media_type.to_owned(), json!({ "schema": schema }));
    types.into_iter().map(content).collect::<Map<_, _>>().into()
}

fn request_body(endpoint: &Endpoint, row: &Row, components: &Components) -> Option<Value> {
    if row.action.takes_object {
        let content = content_of([JSON, YAML], &components.object(endpoint));
        return Some(json!({ "required": true, "content": content }));
    }
    match row.action.parameters {
        Parameters::Patch => {
            let content: Map<String, Value> = endpoint
                .patch_types()
                .iter()
                .map(|patch| (patch.as_str().to_owned(), json!({ "schema": patch_schema(*patch) })))
                .collect();
            Some(json!({ "required": true, "content": content }))
        }
        Parameters::Delete | Parameters::DeleteCollection => {
            Some(json!({ "content": content_of([JSON, YAML], &reference_to::<v1::DeleteOptions>()) }))
        }
        _ => None,
    }
}

fn patch_schema(patch: PatchType) -> Value {
    match patch {
        // RFC 6902.
        PatchType::Json => json!({
            "type": "array",
            "items": {
                "type": "object",
                "required": ["op", "path"],
                "properties": {
                    "op": { "type": "string", "enum": ["add", "remove", "replace", "move", "copy", "test"] },
                    "path": { "type": "string" },
                    "from": { "type": "string" },
                    "value": {},
                },
            },
        }),
        PatchType::Merge | PatchType::StrategicMerge | PatchType::Apply => {
            json!({ "type": "object", "additionalProperties": {} })
        }
    }
}

fn responses(endpoint: &Endpoint, row: &Row, components: &Components) -> Value {
    let content = response_content(endpoint, row, components);
    let mut responses: Map<String, Value> = row
        .action
        .codes
        .iter()
        .map(|code| {
            let reason = StatusCode::from_u16(*code).ok().and_then(|code| code.canonical_reason());
            (code.to_string(), json!({ "description": reason.unwrap_or_default(), "content": content }))
        })
        .collect();
    let failure = content_of([JSON, YAML], &reference_to::<v1::Status>());
    responses.insert("default".to_owned(), json!({ "description": "what went wrong", "content": failure }));
    responses.into()
}

fn response_content(endpoint: &Endpoint, row: &Row, components: &Components) -> Value {
    let action = row.action;
    let schema = match action.parameters {
        // A CONNECT answers with whatever the storage writes (contract 2.5.4).
        Parameters::Connect => return content_of(["*/*"], &json!({ "type": "string" })),
        Parameters::List if action.gives_list => components.list(endpoint),
        Parameters::List => return content_of([JSON, JSON_WATCH], &reference_to::<v1::WatchEvent<()>>()),
        Parameters::DeleteCollection => components.list(endpoint),
        Parameters::Delete if row.returns_object => components.object(endpoint),
        Parameters::Delete => reference_to::<v1::Status>(),
        Parameters::Get | Parameters::Write | Parameters::Patch => components.object(endpoint),
    };
    let more = endpoint.hooks.produces_mime_types.map_or(&[] as &[&str], |types| types(row.method));
    let mut content = content_of(more.iter().copied().chain([JSON, YAML]), &schema);
    if action.gives_list && row.method == Method::Get {
        content[JSON_WATCH] = json!({ "schema": reference_to::<v1::WatchEvent<()>>() });
    }
    content
}
