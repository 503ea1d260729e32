//! Which requests there are.

use http::Method;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// One request, as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: Method,
    pub(super) uri: String,
    pub(super) headers: Vec<(&'static str, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

fn method() -> impl Strategy<Value = Method> {
    let known = select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);
    let text = prop_oneof![20 => known.prop_map(ToOwned::to_owned), 1 => "[A-Za-z]{1,8}"];
    text.prop_map(|text| Method::from_bytes(text.as_bytes()).expect("letters are a method"))
}

/// A path: one that exists with something changed, or segments in any order.
fn path() -> impl Strategy<Value = String> {
    let segment = || {
        let known = select(vec![
            "api",
            "apis",
            "wardle.example.com",
            "v1beta1",
            "v1alpha1",
            "v1",
            "namespaces",
            "default",
            "flunders",
            "fischers",
            "a",
            "b",
            "status",
            "watch",
            "proxy",
            "finalize",
            "",
            ".",
            "..",
            "%2e",
            "%2F",
            "%25",
            "%00",
            "%ff",
            "openapi",
            "v2",
            "v3",
            "version",
            "healthz",
            "livez",
            "readyz",
            "ping",
            "metrics",
        ]);
        prop_oneof![8 => known.prop_map(ToOwned::to_owned), 1 => "[a-zA-Z0-9._~!$&'()*+,;=:@%-]{0,12}"]
    };
    let known = select(vec![
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a",
        "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders/b",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a/status",
        "/apis/wardle.example.com/v1beta1/flunders",
        "/apis/wardle.example.com/v1alpha1/fischers",
        "/apis/wardle.example.com/v1alpha1/fischers/a",
        "/apis/wardle.example.com/v1beta1/watch/namespaces/default/flunders",
        "/apis/wardle.example.com/v1beta1",
        "/apis",
    ]);
    let tail = vec(segment(), 0..2)
        .prop_map(|segments| segments.iter().flat_map(|segment| ["/", segment]).collect::<String>());
    prop_oneof![
        6 => known.clone().prop_map(ToOwned::to_owned),
        2 => (known, tail).prop_map(|(known, tail)| format!("{known}{tail}")),
        2 => vec(segment(), 0..9).prop_map(|segments| format!("/{}", segments.join("/"))),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let key = select(vec![
        "watch",
        "limit",
        "continue",
        "labelSelector",
        "fieldSelector",
        "resourceVersion",
        "resourceVersionMatch",
        "timeoutSeconds",
        "sendInitialEvents",
        "allowWatchBookmarks",
        "dryRun",
        "fieldManager",
        "fieldValidation",
        "force",
        "timeout",
        "pretty",
        "includeObject",
        "export",
        "gracePeriodSeconds",
        "propagationPolicy",
        "orphanDependents",
        "uid",
        "verbose",
        "exclude",
    ]);
    let value = prop_oneof![
        8 => select(vec![
            "", "true", "false", "0", "1", "2", "-1", "99", "18446744073709551615", "99999999999999999999", "All",
            "Strict", "Warn", "Ignore", "Exact", "NotOlderThan", "Object", "None", "Orphan", "Foreground",
            "Background", "a%3Db", "a+in+(b,c)", "!a", "metadata.name%3Da", "metadata.name!%3Da", "5s", "1ns", "%00",
            "%ff", "%", "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0",
        ]).prop_map(ToOwned::to_owned),
        2 => "[a-zA-Z0-9%=!(),._~-]{0,20}",
    ];
    vec((key, value), 0..4)
        .prop_map(|pairs| pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&"))
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    let partial = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,*/*;q=0.1";
    let media = select(vec![
        "application/json",
        "application/yaml",
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/merge-patch+json",
        "application/strategic-merge-patch+json",
        "application/apply-patch+yaml",
        "application/vnd.kubernetes.protobuf",
        "application/json;stream=watch",
        "*/*",
        "text/html",
        table,
        partial,
        "",
    ]);
    let value = prop_oneof![
        6 => media.prop_map(|media| media.as_bytes().to_vec()),
        1 => vec(prop_oneof![b' '..=b'~', 0x80..=0xff_u8], 0..40),
    ];
    let name =
        select(vec!["accept", "accept", "content-type", "content-type", "content-type", "user-agent", "audit-id"]);
    vec((name, value), 0..4)
}

/// Any JSON that is not too large, with keys that objects have.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-zA-Z0-9/.~-]{0,12}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let key = prop_oneof![
        select(vec![
            "apiVersion",
            "kind",
            "metadata",
            "spec",
            "status",
            "name",
            "namespace",
            "labels",
            "annotations",
            "finalizers",
            "ownerReferences",
            "resourceVersion",
            "uid",
            "op",
            "path",
            "value",
            "dryRun",
            "preconditions",
            "flunderReference",
            "referenceType",
            "managedFields",
            "generateName",
        ])
        .prop_map(ToOwned::to_owned),
        "[a-z]{0,4}",
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key.clone(), inner), 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// An object that is nearly right.
fn object() -> impl Strategy<Value = Value> {
    let name = prop_oneof![3 => select(vec!["a", "b", "c"]).prop_map(ToOwned::to_owned), 1 => any::<String>()];
    let place = select(vec![
        "/spec",
        "/metadata/labels",
        "/metadata/annotations",
        "/metadata/finalizers",
        "/metadata/ownerReferences",
        "/metadata/resourceVersion",
        "/kind",
        "/status",
        "/x",
    ]);
    (name, place, prop::option::of(any_json())).prop_map(|(name, place, value)| {
        let mut object = json!({
            "metadata": {
                "name": name, "labels": {}, "annotations": {}, "finalizers": [], "ownerReferences": [],
                "resourceVersion": "",
            },
            "spec": {}, "kind": null, "status": {}, "x": 1, "disallowedFlunders": ["never"],
        });
        if let (Some(target), Some(value)) = (object.pointer_mut(place), value) {
            *target = value;
        }
        object
    })
}

fn json_patch() -> impl Strategy<Value = Value> {
    let op = select(vec!["add", "remove", "replace", "move", "copy", "test", "burn"]);
    let path = || {
        select(vec![
            "",
            "/",
            "/metadata",
            "/metadata/labels",
            "/metadata/labels/a",
            "/spec",
            "/spec/-",
            "/spec/0",
            "/x",
            "/metadata/name",
            "/kind",
            "/metadata/finalizers/-",
            "x",
        ])
    };
    let operation = (op, path(), path(), any_json())
        .prop_map(|(op, path, from, value)| json!({"op": op, "path": path, "from": from, "value": value}));
    vec(operation, 0..6).prop_map(Value::from)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let json = prop_oneof![object(), object(), json_patch(), any_json()];
    let options = select(vec![r#"{"dryRun":["All"]}"#, r#"{"propagationPolicy":"Foreground"}"#, "{}", ""]);
    prop_oneof![
        8 => json.clone().prop_map(|value| value.to_string().into_bytes()),
        1 => json.clone().prop_map(|value| serde_norway::to_string(&value).unwrap_or_default().into_bytes()),
        1 => (json, any::<prop::sample::Index>(), any::<u8>()).prop_map(|(value, at, byte)| {
            let mut bytes = value.to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes
        }),
        2 => options.prop_map(|options| options.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..200),
        1 => "[\\[\\]{}&*!|>'\"%@`#:,? \n\tab0-]{0,60}".prop_map(String::into_bytes),
    ]
}

/// Anything, anywhere.
pub(super) fn wild() -> impl Strategy<Value = Sent> {
    (method(), path(), query(), headers(), body()).prop_map(|(method, path, query, headers, body)| {
        let uri = if query.is_empty() { path } else { format!("{path}?{query}") };
        Sent { method, uri, headers, body }
    })
}

/// What gets past the routes and to the storage: a verb where it is served, with a body of the type that it reads.
pub(super) fn aimed() -> impl Strategy<Value = Sent> {
    const JSON: &str = "application/json";
    let collection = select(vec![
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders",
        "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders",
        "/apis/wardle.example.com/v1beta1/namespaces/other/flunders",
        "/apis/wardle.example.com/v1alpha1/fischers",
    ]);
    let name = select(vec!["a", "a", "a", "b", "c", "a/status"]);
    let text = |value: Value| value.to_string();
    let merge = prop_oneof![object(), any_json()];
    let strategic = merge.clone();
    let options = select(vec!["", "", "{}", r#"{"dryRun":["All"]}"#, r#"{"propagationPolicy":"Foreground"}"#]);
    let action = prop_oneof![
        4 => object().prop_map(move |body| (Method::POST, false, JSON, text(body))),
        3 => object().prop_map(move |body| (Method::PUT, true, JSON, text(body))),
        2 => strategic.prop_map(move |body| {
            (Method::PATCH, true, "application/strategic-merge-patch+json", text(body))
        }),
        3 => merge.prop_map(move |body| (Method::PATCH, true, "application/merge-patch+json", text(body))),
        2 => json_patch().prop_map(move |body| (Method::PATCH, true, "application/json-patch+json", text(body))),
        2 => options.clone().prop_map(|body| (Method::DELETE, true, JSON, body.to_owned())),
        1 => options.prop_map(|body| (Method::DELETE, false, JSON, body.to_owned())),
        2 => Just((Method::GET, true, JSON, String::new())),
        3 => Just((Method::GET, false, JSON, String::new())),
    ];
    let query = prop_oneof![1 => Just(String::new()), 1 => query()];
    let headers = prop_oneof![3 => Just(Vec::new()), 1 => headers()];
    (collection, name, action, query, headers).prop_map(|(collection, name, action, query, mut headers)| {
        let (method, is_item, content_type, body) = action;
        headers.retain(|(name, _)| *name != "content-type");
        headers.push(("content-type", content_type.as_bytes().to_vec()));
        let path = if is_item { format!("{collection}/{name}") } else { collection.to_owned() };
        let uri = if query.is_empty() { path } else { format!("{path}?{query}") };
        Sent { method, uri, headers, body: body.into_bytes() }
    })
}
