//! Creates under the name of the path, and what they answer (contract 4.5.2, 4.5.3).

use http::StatusCode;
use kube::CustomResource;
use rest_resource::server::ApiServer;
use rest_resource::{
    Admit, Context, CreateOptions, GetOptions, Getter, NamedCreater, Reply, RestResource, Result, Status,
};
use rest_resource_tests::Client;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What can be posted below a name.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "eviction.example.com", version = "v1", kind = "Eviction")]
struct EvictionSpec {
    answer: String,
}

/// A storage that creates under the name of the path, at the top level and below an object.
#[derive(Debug, RestResource)]
#[rest(
    group = "eviction.example.com", version = "v1", resource = "evictions", object = Eviction, cluster,
    verbs(get, create_named)
)]
struct Evictions;

#[derive(Debug, RestResource)]
#[rest(
    group = "eviction.example.com", version = "v1", resource = "evictions/again", object = Eviction, cluster,
    verbs(create_named)
)]
struct Again;

impl Getter for Evictions {
    async fn get(&self, cx: &Context, name: &str, _: &GetOptions) -> Result<Eviction> {
        std::future::ready(Err(cx.not_found(name))).await
    }
}

impl NamedCreater for Evictions {
    async fn create_named(
        &self,
        _: &Context,
        _: &str,
        object: Eviction,
        _: &Admit<Eviction>,
        _: &CreateOptions,
    ) -> Result<Eviction> {
        std::future::ready(Ok(object)).await
    }
}

impl NamedCreater for Again {
    async fn create_named(
        &self,
        _: &Context,
        name: &str,
        mut object: Eviction,
        _: &Admit<Eviction>,
        _: &CreateOptions,
    ) -> Result<Eviction> {
        object.metadata.name = Some(name.to_owned());
        std::future::ready(Ok(object)).await
    }

    async fn create_named_reply(
        &self,
        cx: &Context,
        name: &str,
        object: Eviction,
        admit: &Admit<Eviction>,
        options: &CreateOptions,
    ) -> Result<Reply<Eviction>> {
        match &*object.spec.answer {
            "status" => Ok(Reply::Status(Status::success())),
            "coded" => Ok(Reply::Status(Status::success().with_code(StatusCode::ACCEPTED))),
            _ => self.create_named(cx, name, object, admit, options).await.map(Reply::Object),
        }
    }
}

const EVICTIONS: &str = "/apis/eviction.example.com/v1/evictions";

fn evictions() -> Client {
    Client::new(ApiServer::builder().install(Evictions).install(Again).prepare().unwrap())
}

#[tokio::test]
async fn c4_5_2_a_status_gets_the_code_201_if_it_has_none() {
    let client = evictions();
    let post = |answer: &str| {
        let (client, body) = (client.clone(), json!({"spec": {"answer": answer}}));
        async move { client.post(&format!("{EVICTIONS}/a/again"), &body).await }
    };
    let created = post("object").await.expect(StatusCode::CREATED);
    assert_eq!((&created["kind"], &created["metadata"]["name"]), (&json!("Eviction"), &json!("a")));
    let status = post("status").await.expect(StatusCode::CREATED);
    assert_eq!(
        (&status["kind"], &status["status"], &status["code"]),
        (&json!("Status"), &json!("Success"), &json!(201))
    );
    assert_eq!(post("coded").await.expect(StatusCode::ACCEPTED)["code"], 202);
}

#[tokio::test]
async fn c4_5_3_a_named_creater_needs_a_name() {
    let client = evictions();
    let answer = client.post(EVICTIONS, &json!({"spec": {"answer": ""}})).await;
    answer.expect_status(400, "BadRequest", "name must be provided");
}
