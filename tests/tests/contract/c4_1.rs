//! What a path and a method ask for (contract 4.1).

use http::{Method, StatusCode};
use kube::CustomResource;
use rest_resource::server::ApiServer;
use rest_resource::{Context, GetOptions, Getter, RestResource, Result};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

const GROUP_VERSION: &str = "/apis/wardle.example.com/v1beta1";
const UNKNOWN_RESOURCE: &str = "the server could not find the requested resource";

#[tokio::test]
async fn c4_1_1_a_resource_is_below_a_version_below_apis() {
    let client = Client::wardle();
    let list = client.get(&format!("{GROUP_VERSION}/flunders")).await.expect(StatusCode::OK);
    assert_eq!(list["kind"], "FlunderList");
    for path in ["/wardle.example.com/v1beta1/flunders", "/a/b/c/d/e", "/flunders"] {
        let answer = client.get(path).await;
        assert_eq!((answer.code, answer.text.as_str()), (StatusCode::NOT_FOUND, "404 page not found\n"), "{path}");
    }
}

#[tokio::test]
async fn c4_1_2_the_method_is_the_verb() {
    let client = Client::wardle();
    let item = format!("{FLUNDERS}/a");
    client.post(FLUNDERS, &flunder("a")).await.expect(StatusCode::CREATED);
    assert_eq!(client.get(&item).await.expect(StatusCode::OK)["kind"], "Flunder");
    assert_eq!(client.get(FLUNDERS).await.expect(StatusCode::OK)["kind"], "FlunderList");
    let mut changed = client.get(&item).await.json;
    changed["spec"]["flunderReference"] = json!("b");
    changed["spec"]["referenceType"] = json!("Flunder");
    let put = client.put(&item, &changed).await.expect(StatusCode::OK);
    assert_eq!(put["spec"]["flunderReference"], "b");
    let patched = client.merge_patch(&item, &json!({"metadata": {"labels": {"a": "b"}}})).await.expect(StatusCode::OK);
    assert_eq!(patched["metadata"]["labels"]["a"], "b");
    client.delete(&item).await.expect(StatusCode::OK);
    client.get(&item).await.expect_status(404, "NotFound", "flunders.wardle.example.com \"a\" not found");
}

#[tokio::test]
async fn c4_1_2_delete_without_a_name_is_deletecollection() {
    let client = Client::wardle();
    client.flunder("a").await;
    client.flunder("b").await;
    let deleted = client.delete(FLUNDERS).await.expect(StatusCode::OK);
    assert_eq!(deleted["kind"], "FlunderList");
    assert_eq!(client.get(FLUNDERS).await.json["items"], json!([]));
}

#[tokio::test]
async fn c4_1_2_the_parameter_watch_makes_a_list_a_watch() {
    let client = Client::wardle();
    client.flunder("a").await;
    for value in ["watch=true", "watch=1", "watch", "watch=yes"] {
        let mut watch = client.watch(&format!("{FLUNDERS}?{value}")).await;
        assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()), "{value}");
    }
    for value in ["watch=false", "watch=0", "watch=False"] {
        let list = client.get(&format!("{FLUNDERS}?{value}")).await.expect(StatusCode::OK);
        assert_eq!(list["kind"], "FlunderList", "{value}");
    }
}

#[tokio::test]
async fn c4_1_2_watch_after_the_version_forces_a_watch() {
    let client = Client::wardle();
    client.flunder("a").await;
    client.flunder("b").await;
    for (path, name) in [
        ("/watch/flunders", "a"),
        ("/watch/namespaces/default/flunders", "a"),
        ("/watch/namespaces/default/flunders/b", "b"),
    ] {
        let mut watch = client.watch(&format!("{GROUP_VERSION}{path}")).await;
        assert_eq!(watch.next_name().await, ("ADDED".to_owned(), name.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn c4_1_2_proxy_after_the_version_is_no_resource() {
    let client = Client::wardle();
    client.flunder("a").await;
    let answer = client.get(&format!("{GROUP_VERSION}/proxy/namespaces/default/flunders/a")).await;
    answer.expect_status(404, "NotFound", UNKNOWN_RESOURCE);
}

#[tokio::test]
async fn c4_1_3_what_is_below_a_namespace_is_in_it() {
    let client = Client::wardle();
    client.flunder("a").await;
    let other = FLUNDERS.replace("default", "other");
    assert_eq!(client.get(&other).await.expect(StatusCode::OK)["items"], json!([]));
    client.get(&format!("{other}/a")).await.expect_status(
        404,
        "NotFound",
        "flunders.wardle.example.com \"a\" not found",
    );
    let created = client.post(&other, &flunder("a")).await.expect(StatusCode::CREATED);
    assert_eq!(created["metadata"]["namespace"], "other");
    let everywhere = client.get(&format!("{GROUP_VERSION}/flunders")).await.expect(StatusCode::OK);
    assert_eq!(everywhere["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn c4_1_3_a_resource_of_the_group_is_not_called_namespaces() {
    let client = Client::wardle();
    for path in ["/namespaces", "/namespaces/x", "/namespaces/x/status", "/namespaces/x/finalize"] {
        client.get(&format!("{GROUP_VERSION}{path}")).await.expect_status(404, "NotFound", UNKNOWN_RESOURCE);
    }
}

/// A resource that is called like the path segment.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "spaces.example.com", version = "v1", kind = "Namespace", plural = "namespaces")]
struct NamespaceSpec {
    asked: String,
}

#[derive(Debug, RestResource)]
#[rest(group = "spaces.example.com", version = "v1", resource = "namespaces", object = Namespace, cluster, verbs(get))]
struct Namespaces;

impl Getter for Namespaces {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Namespace> {
        std::future::ready(Ok(Namespace::new(name, NamespaceSpec { asked: "main".to_owned() }))).await
    }
}

#[derive(Debug, RestResource)]
#[rest(
    group = "spaces.example.com", version = "v1", resource = "namespaces/finalize", object = Namespace, cluster,
    verbs(get)
)]
struct Finalize;

impl Getter for Finalize {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Namespace> {
        std::future::ready(Ok(Namespace::new(name, NamespaceSpec { asked: "finalize".to_owned() }))).await
    }
}

#[tokio::test]
async fn c4_1_3_a_namespace_itself_and_its_subresources() {
    let client = Client::new(ApiServer::builder().install(Namespaces).install(Finalize).prepare().unwrap());
    for (path, asked) in [("x", "main"), ("x/finalize", "finalize"), ("finalize", "main")] {
        let answer = client.get(&format!("/apis/spaces.example.com/v1/namespaces/{path}")).await;
        let namespace = answer.expect(StatusCode::OK);
        let name = path.split('/').next().unwrap();
        assert_eq!((&namespace["metadata"]["name"], &namespace["spec"]["asked"]), (&json!(name), &json!(asked)));
    }
    let answer = client.get("/apis/spaces.example.com/v1/namespaces/x/namespaces").await;
    answer.expect_status(404, "NotFound", UNKNOWN_RESOURCE);
}

#[tokio::test]
async fn c4_1_6_options_that_cannot_be_read_are_reported_by_the_verb() {
    let client = Client::wardle();
    let message = "strconv.ParseInt: parsing \"x\": invalid syntax";
    for query in ["limit=x", "watch=true&limit=x", "watch=0&limit=x", "timeoutSeconds=x&watch"] {
        client.get(&format!("{FLUNDERS}?{query}")).await.expect_status(400, "BadRequest", message);
    }
}

#[tokio::test]
async fn c4_1_7_watch_with_nothing_to_watch_is_400() {
    let client = Client::wardle();
    for path in [format!("{GROUP_VERSION}/watch"), format!("{GROUP_VERSION}/watch/"), "/api/v1/watch".to_owned()] {
        let status = client.get(&path).await;
        assert_eq!((status.code.as_u16(), &status.json["reason"]), (400, &json!("BadRequest")), "{path}");
        let message = status.json["message"].as_str().unwrap_or_default();
        assert!(message.contains("unable to determine kind and namespace from url"), "{message}");
    }
}

#[tokio::test]
async fn c4_1_2_a_method_that_is_no_verb_is_405() {
    let client = Client::wardle();
    let message = "the server does not allow this method on the requested resource";
    for path in [FLUNDERS, FISCHERS] {
        for method in ["HEAD", "OPTIONS", "TRACE", "CONNECT", "LIST", "get"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            client.send(method, path, &[], "").await.expect_status(405, "MethodNotAllowed", message);
        }
    }
}
