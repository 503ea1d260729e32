//! The parameters that operations document (contract 2.4).

use schemars::SchemaGenerator;
use serde_json::{Value, json};

use crate::route::{OptionsSchema, Parameters, Shape};
use crate::verb::schema_type;

/// A query parameter: name, type, and what it does.
type Parameter = (&'static str, &'static str, &'static str);

const PRETTY: Parameter =
    ("pretty", "string", "Whether the JSON of the response is indented. On by default for curl, Wget and browsers.");

/// What narrows down a list, also where the list is not sent but deleted (contract 2.4.3).
const SELECT: &[Parameter] = &[
    ("continue", "string", "The token that the last page came with: the next page is sent, of the same list."),
    ("fieldSelector", "string", "Only objects whose fields have these values, for example `metadata.name=a`."),
    ("labelSelector", "string", "Only objects with these labels, for example `app=web,tier!=cache`."),
    (
        "limit",
        "integer",
        "The most objects that one response has. If there are more, the response carries a token for `continue`.",
    ),
    (
        "resourceVersion",
        "string",
        "How recent the objects have to be. `0` is any state the server has at hand; without it, the most recent one. \
         A watch starts after this version.",
    ),
    (
        "resourceVersionMatch",
        "string",
        "How `resourceVersion` is meant: `Exact` is this state, `NotOlderThan` is this one or a later one.",
    ),
    (
        "sendInitialEvents",
        "boolean",
        "Whether a watch begins with an event for each object that is there, followed by a bookmark with the \
         annotation `k8s.io/initial-events-end`. Needs `resourceVersionMatch=NotOlderThan`.",
    ),
    ("timeoutSeconds", "integer", "Seconds after which the call ends, whether or not there is more to send."),
];

/// What turns a list into a watch.
const WATCH: &[Parameter] = &[
    (
        "allowWatchBookmarks",
        "boolean",
        "Whether a watch may have events of the type `BOOKMARK`, which only carry a resource version to resume from.",
    ),
    ("watch", "boolean", "Whether changes are sent as a stream of events, in place of a list."),
];

const DRY_RUN: Parameter =
    ("dryRun", "string", "`All` does everything but to store the result, and answers as if it had been stored.");

const FIELD_MANAGER: Parameter =
    ("fieldManager", "string", "The name of who makes the change. At most 128 printable characters.");

const FIELD_VALIDATION: Parameter = (
    "fieldValidation",
    "string",
    "What happens if the body has unknown or duplicate fields: `Ignore` drops them, `Warn` does too and sends a \
     warning for each, `Strict` refuses the request. `Warn` is the default.",
);

const FORCE: Parameter =
    ("force", "boolean", "Whether an apply patch takes over fields that belong to others. Only for apply patches.");

/// What a DELETE can also say in its body (contract 2.4.4).
const DELETE: &[Parameter] = &[
    DRY_RUN,
    (
        "gracePeriodSeconds",
        "integer",
        "Seconds that the object has to end by itself. `0` deletes at once; without it, the type decides.",
    ),
    (
        "ignoreStoreReadErrorWithClusterBreakingPotential",
        "boolean",
        "Whether an object that cannot be read from storage is deleted all the same, with no regard to finalizers \
         and preconditions. What depended on it may break.",
    ),
    ("orphanDependents", "boolean", "Whether dependent objects are kept. `propagationPolicy` replaces it."),
    (
        "propagationPolicy",
        "string",
        "What happens to dependent objects: `Orphan` keeps them, `Background` deletes them afterwards, `Foreground` \
         deletes them first.",
    ),
];

/// The parameters of an action. A CONNECT has none of the server's own (contract 2.4.1).
pub(super) fn of_query(parameters: Parameters) -> Vec<Value> {
    const WRITE: &[Parameter] = &[DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION];
    let sets: &[&[Parameter]] = match parameters {
        Parameters::Get => &[&[PRETTY]],
        Parameters::List => &[&[PRETTY], SELECT, WATCH],
        Parameters::Write => &[&[PRETTY], WRITE],
        Parameters::Patch => &[&[PRETTY], WRITE, &[FORCE]],
        Parameters::Delete => &[&[PRETTY], DELETE],
        Parameters::DeleteCollection => &[&[PRETTY], SELECT, DELETE],
        Parameters::Connect => &[],
    };
    let query = |(name, kind, description): &Parameter| json!({ "name": name, "in": "query", "description": description, "schema": { "type": kind } });
    sets.iter().copied().flatten().map(query).collect()
}

/// The parameters that a storage defines itself: the fields of a flat struct (contract 2.4.8).
pub(super) fn of_options(schema: OptionsSchema) -> Vec<Value> {
    let schema = schema(&mut SchemaGenerator::default());
    let Some(Value::Object(properties)) = schema.get("properties") else { return Vec::new() };
    let query = |(name, property): (&String, &Value)| {
        let kind = schema_type(property);
        let mut schema = json!({ "type": kind });
        if kind == "array" {
            schema["items"] = json!({ "type": "string" });
        }
        let mut parameter = json!({ "name": name, "in": "query", "schema": schema });
        if let Some(description) = property.get("description") {
            parameter["description"] = description.clone();
        }
        parameter
    };
    properties.iter().map(query).collect()
}

/// The parameters that are part of a path, with the Kind that the path leads to (contract 2.4.7).
pub(super) fn of_path(shape: Shape, kind: &str) -> Vec<Value> {
    let path = |name: &str, description: &str| json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } });
    let mut parameters = Vec::new();
    if shape.name {
        parameters.push(path("name", &format!("name of the {kind}")));
    }
    if shape.namespace {
        parameters.push(path("namespace", "object name and auth scope, such as for teams and projects"));
    }
    if shape.subpath {
        parameters.push(path("path", "path to the resource"));
    }
    parameters
}
