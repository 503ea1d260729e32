use std::collections::BTreeSet;

use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::fixture::{core, get, server};

const ALPHA: &str = "/openapi/v3/apis/wardle.example.com/v1alpha1";
const FLUNDER: &str = "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}";

async fn alpha() -> Value {
    get(&server(), ALPHA, &[]).await.json()
}

fn names(parameters: &Value) -> Vec<&str> {
    parameters
        .as_array()
        .map(|all| all.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect())
        .unwrap_or_default()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Every object in a document, with where it is.
fn walk<'a>(value: &'a Value, path: &str, visit: &mut impl FnMut(&str, &'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(path, object);
            object.iter().for_each(|(key, value)| walk(value, &format!("{path}/{key}"), visit));
        }
        Value::Array(array) => {
            array.iter().enumerate().for_each(|(i, value)| walk(value, &format!("{path}/{i}"), visit));
        }
        _ => {}
    }
}

#[tokio::test]
async fn c3_5_3_the_index_names_every_version_with_its_hash() {
    let server = server();
    let answer = get(&server, "/openapi/v3", &[]).await;
    let index = answer.json();
    assert_eq!(
        keys(&index["paths"]),
        ["apis/first.example.com/v1", "apis/wardle.example.com/v1alpha1", "apis/wardle.example.com/v1beta1"]
    );
    let url = index["paths"]["apis/wardle.example.com/v1alpha1"]["serverRelativeURL"].as_str().unwrap();
    let document = get(&server, url, &[]).await;
    let hash = format!("{:X}", Sha512::digest(&document.body));
    assert_eq!(url, format!("{ALPHA}?hash={hash}"));
    assert_eq!(document.header("etag"), format!("\"{hash}\""));
    assert_eq!(answer.header("etag"), format!("\"{:X}\"", Sha512::digest(&answer.body)));
    let again = get(&server, "/openapi/v3", &[("if-none-match", answer.header("etag"))]).await;
    assert_eq!(again.code.as_u16(), 304);
    assert_eq!(keys(&get(&core(), "/openapi/v3", &[]).await.json()["paths"]), ["api/v1"]);
}

#[tokio::test]
async fn c3_5_4_documents_are_json_only() {
    let server = server();
    for accept in ["application/json", "*/*", "application/*", "application/json, */*"] {
        let answer = get(&server, ALPHA, &[("accept", accept), ("user-agent", "curl/8")]).await;
        assert_eq!((answer.code.as_u16(), answer.header("content-type")), (200, "application/json"), "{accept}");
        assert_eq!(answer.body.lines().count(), 1);
    }
    for accept in ["text/html", "application/com.github.proto-openapi.spec.v3.v1.0+protobuf"] {
        let answer = get(&server, ALPHA, &[("accept", accept)]).await;
        assert_eq!((answer.code.as_u16(), &*answer.body), (406, ""), "{accept}");
    }
}

#[tokio::test]
async fn c3_5_5_a_hash_makes_it_immutable_or_redirects() {
    let server = server();
    let plain = get(&server, ALPHA, &[]).await;
    assert_eq!((plain.header("expires"), plain.header("vary")), ("", ""));
    let hash = plain.header("etag").trim_matches('"');
    let url = format!("{ALPHA}?hash={hash}");
    let answer = get(&server, &url, &[]).await;
    assert_eq!((answer.header("cache-control"), answer.header("vary")), ("public, immutable", "Accept"));
    let expires = answer.header("expires");
    assert!(expires.ends_with(" GMT") && expires.len() == 29, "{expires}");
    let moved = get(&server, &format!("{ALPHA}?hash=OLD"), &[]).await;
    assert_eq!((moved.code.as_u16(), moved.header("location"), &*moved.body), (301, &*url, ""));
}

#[tokio::test]
async fn c3_5_the_document_is_the_same_every_time() {
    assert_eq!(get(&server(), ALPHA, &[]).await.body, get(&server(), ALPHA, &[]).await.body);
}

#[tokio::test]
async fn c8_1_7_only_its_own_paths_with_unique_operation_ids() {
    let document = alpha().await;
    assert_eq!(document["openapi"], "3.0.0");
    assert_eq!(document["info"], json!({ "title": "Generic API Server", "version": "unversioned" }));
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with("/apis/wardle.example.com/v1alpha1/"), "{path}");
        let placeholders: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        assert_eq!(names(&item["parameters"]).into_iter().collect::<BTreeSet<_>>(), placeholders, "{path}");
        for (method, operation) in item.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters") {
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{method} {path}");
        }
    }
    // Two standard resources, status and scale with three each, and a proxy with three methods, with a subpath and
    // without (contract 10.2.1).
    assert_eq!(ids.len(), 11 + 9 + 3 + 3 + 6);
}

#[tokio::test]
async fn c2_4_parameters_of_each_action() {
    let document = alpha().await;
    let paths = &document["paths"];
    let item = &paths[FLUNDER];
    assert_eq!(names(&item["get"]["parameters"]), ["pretty"]);
    assert_eq!(names(&item["put"]["parameters"]), ["pretty", "dryRun", "fieldManager", "fieldValidation"]);
    assert_eq!(names(&item["patch"]["parameters"]), ["pretty", "dryRun", "fieldManager", "fieldValidation", "force"]);
    let delete = [
        "pretty",
        "dryRun",
        "gracePeriodSeconds",
        "ignoreStoreReadErrorWithClusterBreakingPotential",
        "orphanDependents",
        "propagationPolicy",
    ];
    assert_eq!(names(&item["delete"]["parameters"]), delete);
    let select = [
        "continue",
        "fieldSelector",
        "labelSelector",
        "limit",
        "resourceVersion",
        "resourceVersionMatch",
        "sendInitialEvents",
        "timeoutSeconds",
    ];
    let collection = &paths["/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders"];
    let list = [&["pretty"], &select[..], &["allowWatchBookmarks", "watch"]].concat();
    assert_eq!(names(&collection["get"]["parameters"]), list);
    assert_eq!(names(&collection["delete"]["parameters"]), [&["pretty"], &select[..], &delete[1..]].concat());
    assert_eq!(names(&paths["/apis/wardle.example.com/v1alpha1/watch/flunders"]["get"]["parameters"]), list);
    assert_eq!(item["patch"]["parameters"][4]["schema"], json!({ "type": "boolean" }));
}

#[tokio::test]
async fn c2_4_7_parameters_of_paths() {
    let document = alpha().await;
    let item = &document["paths"][format!("{FLUNDER}/proxy/{{path}}")];
    let texts: Vec<&str> =
        item["parameters"].as_array().unwrap().iter().map(|p| p["description"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        ["name of the Flunder", "object name and auth scope, such as for teams and projects", "path to the resource"]
    );
    // What the storage itself takes (contract 2.4.8).
    assert_eq!(
        item["get"]["parameters"],
        json!([
            { "name": "command", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
            { "name": "port", "in": "query", "schema": { "type": "integer" }, "description": "Where to connect to." },
            { "name": "tty", "in": "query", "schema": { "type": "boolean" } },
        ])
    );
    // The parent's Kind (contract 2.6.3).
    assert_eq!(document["paths"][format!("{FLUNDER}/scale")]["parameters"][0]["description"], "name of the Flunder");
}

/// Who makes a strategic merge patch knows from here how lists merge.
#[tokio::test]
async fn c4_9_17_merge_keys_are_published() {
    let document = alpha().await;
    let fields = &document["components"]["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"]["properties"];
    let said =
        |field: &str| ["strategy", "merge-key"].map(|key| fields[field][format!("x-kubernetes-patch-{key}")].clone());
    assert_eq!(said("ownerReferences"), [json!("merge"), json!("uid")]);
    assert_eq!(said("finalizers"), [json!("merge"), Value::Null]);
    assert_eq!(said("managedFields"), [Value::Null, Value::Null]);
}

#[tokio::test]
async fn c2_5_bodies_and_responses() {
    let document = alpha().await;
    let item = &document["paths"][FLUNDER];
    let flunder = json!({ "$ref": "#/components/schemas/com.example.wardle.v1alpha1.Flunder" });
    assert_eq!(
        keys(&item["patch"]["requestBody"]["content"]),
        [
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
        ]
    );
    assert_eq!(item["put"]["requestBody"]["required"], true);
    assert_eq!(item["put"]["requestBody"]["content"]["application/yaml"]["schema"], flunder);
    assert_eq!(keys(&item["get"]["responses"]["200"]["content"]), ["application/json", "application/yaml"]);
    assert_eq!(item["get"]["responses"]["200"]["content"]["application/json"]["schema"], flunder);
    let codes = |operation: &Value| keys(&operation["responses"]).join(" ");
    let collection = &document["paths"]["/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders"];
    assert_eq!(codes(&item["get"]), "200 default");
    assert_eq!(codes(&item["put"]), "200 201 default");
    assert_eq!(codes(&item["patch"]), "200 201 default");
    assert_eq!(codes(&item["delete"]), "200 202 default");
    assert_eq!(codes(&collection["post"]), "200 201 202 default");
    assert_eq!(codes(&collection["delete"]), "200 default");
    let list = &collection["get"]["responses"]["200"]["content"];
    assert_eq!(keys(list), ["application/json", "application/json;stream=watch", "application/yaml"]);
    assert!(list["application/json;stream=watch"]["schema"]["$ref"].as_str().unwrap().ends_with(".WatchEvent"));
    assert_eq!(collection["delete"]["responses"]["200"]["content"]["application/json"], list["application/json"]);
    let failure = &item["get"]["responses"]["default"]["content"]["application/json"]["schema"]["$ref"];
    assert_eq!(failure, "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.Status");
    assert!(item["delete"]["requestBody"]["required"].is_null());
    let connect = &document["paths"][format!("{FLUNDER}/proxy")]["get"];
    assert_eq!(connect["responses"]["200"]["content"], json!({ "*/*": { "schema": { "type": "string" } } }));
    // Contract 1.24.
    let scale = &document["paths"][format!("{FLUNDER}/scale")];
    assert_eq!(
        keys(&scale["get"]["responses"]["200"]["content"]),
        ["application/json", "application/yaml", "text/plain"]
    );
    assert_eq!(keys(&scale["put"]["responses"]["200"]["content"]), ["application/json", "application/yaml"]);
}

#[tokio::test]
async fn c2_6_operations_name_action_kind_and_tag() {
    let document = alpha().await;
    let kind = json!({ "group": "wardle.example.com", "version": "v1alpha1", "kind": "Flunder" });
    let patch = &document["paths"][FLUNDER]["patch"];
    assert_eq!(patch["operationId"], "patchWardleExampleComV1alpha1NamespacedFlunder");
    assert_eq!(patch["tags"], json!(["wardleExampleCom_v1alpha1"]));
    assert_eq!((&patch["x-kubernetes-action"], &patch["x-kubernetes-group-version-kind"]), (&json!("patch"), &kind));
    let scale = &document["paths"][format!("{FLUNDER}/scale")]["get"];
    assert_eq!(
        scale["x-kubernetes-group-version-kind"],
        json!({ "group": "autoscaling", "version": "v1", "kind": "Scale" })
    );
    let watch = &document["paths"]["/apis/wardle.example.com/v1alpha1/watch/flunders"]["get"];
    assert_eq!((&watch["x-kubernetes-action"], &watch["deprecated"]), (&json!("watchlist"), &json!(true)));
    let core = get(&core(), "/openapi/v3/api/v1", &[]).await.json();
    assert_eq!(core["paths"]["/api/v1/configmaps"]["get"]["tags"], json!(["core_v1"]));
}

#[tokio::test]
async fn c3_5_6_components_have_names_of_their_packages_and_kinds() {
    let document = alpha().await;
    let schemas = &document["components"]["schemas"];
    let flunder = &schemas["com.example.wardle.v1alpha1.Flunder"];
    let kind = |kind: &str| json!({ "group": "wardle.example.com", "version": "v1alpha1", "kind": kind });
    assert_eq!(flunder["x-kubernetes-group-version-kind"], json!([kind("Flunder")]));
    assert_eq!(flunder["description"], "A flunder refers to another one, or to a fischer.");
    assert_eq!(keys(&flunder["properties"]), ["apiVersion", "kind", "metadata", "spec", "status"]);
    let meta = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    assert_eq!(flunder["properties"]["metadata"]["allOf"], json!([{ "$ref": meta }]));
    // A type of the user's has the name that the list would have.
    assert!(schemas["com.example.wardle.v1alpha1.FlunderList"]["properties"]["length"].is_object());
    let list = &schemas["com.example.wardle.v1alpha1.FlunderList_"];
    assert_eq!(list["x-kubernetes-group-version-kind"], json!([kind("FlunderList")]));
    assert_eq!(
        list["properties"]["items"]["items"],
        json!({ "$ref": "#/components/schemas/com.example.wardle.v1alpha1.Flunder" })
    );
    assert!(schemas["com.example.wardle.v1alpha1.FischerList"].is_object());
    let options = &schemas["io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"]["x-kubernetes-group-version-kind"];
    assert_eq!(*options, json!([{ "group": "", "version": "v1", "kind": "DeleteOptions" }, kind("DeleteOptions")]));
    assert!(schemas["io.k8s.api.autoscaling.v1.Scale"]["x-kubernetes-group-version-kind"].is_array());
    let core = get(&core(), "/openapi/v3/api/v1", &[]).await.json();
    assert!(core["components"]["schemas"]["io.k8s.api.core.v1.ConfigMapList"].is_object());
}

#[tokio::test]
async fn c3_5_6_schemas_are_openapi_3_0() {
    let document = alpha().await;
    let spec = &document["components"]["schemas"]["com.example.wardle.v1alpha1.FlunderSpec"]["properties"];
    let reference = json!({ "type": "string", "nullable": true, "description": "The name that it refers to." });
    assert_eq!(spec["reference"], reference);
    assert_eq!(spec["referenceType"]["nullable"], true);
    let kinds = &spec["referenceType"];
    assert_eq!((&kinds["type"], &kinds["enum"]), (&json!("string"), &json!(["Flunder", "Fischer"])));
    let text = "What the name is the name of.\n\nPossible enum values:\n - `\"Flunder\"` Another flunder.\n - `\"Fischer\"` A fischer.";
    assert_eq!(kinds["description"], text);
    assert_eq!(spec["weights"]["additionalProperties"]["format"], "int32");
    assert_eq!(keys(&spec["span"]["items"]), ["anyOf"]);
    let port = &document["components"]["schemas"]["io.k8s.apimachinery.pkg.util.intstr.IntOrString"];
    assert_eq!(port["anyOf"], json!([{ "type": "integer" }, { "type": "string" }]));
    // An empty schema makes `kubectl explain` fail.
    assert_eq!(spec["anything"], json!({ "x-kubernetes-preserve-unknown-fields": true }));
    let status = &document["components"]["schemas"]["com.example.wardle.v1alpha1.FlunderStatus"];
    assert_eq!(status["x-kubernetes-preserve-unknown-fields"], true);
    let length = &document["components"]["schemas"]["com.example.wardle.v1alpha1.FlunderList"]["properties"]["length"];
    assert_eq!((&length["exclusiveMinimum"], &length["minimum"]), (&json!(true), &json!(0)));

    let schemas = &document["components"]["schemas"];
    walk(&document, "", &mut |path, object| {
        if let Some(reference) = object.get("$ref").filter(|_| !path.ends_with("/properties")) {
            let name = reference.as_str().unwrap().strip_prefix("#/components/schemas/").unwrap();
            assert!(schemas[name].is_object(), "{path}: {name}");
            assert_eq!(object.len(), 1, "{path}");
        }
        if !path.ends_with("/properties") {
            assert!(!object.get("type").is_some_and(Value::is_array), "{path}");
            for keyword in ["const", "$defs", "examples", "prefixItems", "patternProperties", "$schema"] {
                assert!(!object.contains_key(keyword), "{path}: {keyword}");
            }
        }
    });
}

/// Generators of clients warn of an object of which nothing is said, and take it for one of unknown type.
#[tokio::test]
async fn c3_5_6_objects_say_what_is_in_them() {
    let third = alpha().await;
    let schemas = &third["components"]["schemas"];
    assert_eq!(schemas["io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1"]["additionalProperties"], json!({}));
    let patch = &third["paths"][FLUNDER]["patch"]["requestBody"]["content"]["application/merge-patch+json"]["schema"];
    assert_eq!(patch["additionalProperties"], json!({}));
    for path in [ALPHA, "/openapi/v2"] {
        walk(&get(&server(), path, &[]).await.json(), "", &mut |path, object| {
            if object.get("type") == Some(&json!("object")) {
                let says = ["properties", "additionalProperties", "allOf", "anyOf", "oneOf"];
                assert!(says.iter().any(|key| object.contains_key(*key)), "{path}");
            }
        });
    }
}

#[tokio::test]
async fn c1_17_a_delete_that_returns_the_object_says_so() {
    let document = alpha().await;
    let delete = |path: &str| {
        let operation = &document["paths"][path]["delete"];
        operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].as_str().unwrap().to_owned()
    };
    assert!(delete("/apis/wardle.example.com/v1alpha1/fischers/{name}").ends_with(".v1alpha1.Fischer"));
    assert!(delete(FLUNDER).ends_with(".v1.Status"));
}
