//! A server with a bit of everything, and requests to it.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use k8s_openapi::api::autoscaling::v1::Scale;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube::CustomResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::ServiceExt;

use crate::server::{ApiGroup, ApiServer};
use crate::wire::options::{CreateOptions, DeleteOptions, GetOptions, ListOptions, UpdateOptions};
use crate::wire::status::{Result, Status};
use crate::{
    Admit, Change, CollectionDeleter, ConnectRequest, Connecter, Context, Created, Creater, Deleted, Getter,
    GracefulDeleter, List, Lister, Method, Object, Response, RestResource, Storage, StorageMetadata, Updater,
    WatchStream, Watcher,
};

/// A storage with every verb and no object.
pub(super) struct Nothing<T>(PhantomData<fn() -> T>);

impl<T> Default for Nothing<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

fn no<T>() -> Result<T> {
    Err(Status::internal_error("there is nothing"))
}

impl<T: Object> Storage for Nothing<T> {
    type Object = T;
}

impl<T: Object> Getter for Nothing<T> {
    async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<T> {
        no()
    }
}

impl<T: Object> Lister for Nothing<T> {
    async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<T>> {
        no()
    }
}

impl<T: Object> Creater for Nothing<T> {
    async fn create(&self, _: &Context, _: T, _: &Admit<T>, _: &CreateOptions) -> Result<T> {
        no()
    }
}

impl<T: Object> Updater for Nothing<T> {
    async fn update(&self, _: &Context, _: &str, _: &Change<T>, _: &UpdateOptions) -> Result<(T, Created)> {
        no()
    }
}

impl<T: Object> GracefulDeleter for Nothing<T> {
    async fn delete(&self, _: &Context, _: &str, _: &Admit<T>, _: &DeleteOptions) -> Result<(Deleted<T>, bool)> {
        no()
    }
}

impl<T: Object> CollectionDeleter for Nothing<T> {
    async fn delete_collection(
        &self,
        _: &Context,
        _: &Admit<T>,
        _: &DeleteOptions,
        _: &ListOptions,
    ) -> Result<List<T>> {
        no()
    }
}

impl<T: Object> Watcher for Nothing<T> {
    async fn watch(&self, _: &Context, _: &ListOptions) -> Result<WatchStream<T>> {
        no()
    }
}

/// What a flunder refers to.
#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "wardle.example.com", version = "v1alpha1", kind = "Flunder", namespaced, status = "FlunderStatus")]
#[kube(doc = "A flunder refers to another one, or to a fischer.")]
#[serde(rename_all = "camelCase")]
pub(super) struct FlunderSpec {
    /// The name that it refers to.
    reference: Option<String>,
    /// What the name is the name of.
    reference_type: Option<ReferenceType>,
    weights: BTreeMap<u16, i32>,
    anything: Option<Value>,
    list: FlunderList,
    span: (u8, String),
    port: Option<IntOrString>,
}

/// The kinds of references.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
enum ReferenceType {
    /// Another flunder.
    #[default]
    Flunder,
    /// A fischer.
    Fischer,
}

/// A type whose name a list would have.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
struct FlunderList {
    #[schemars(extend("exclusiveMinimum" = 0))]
    length: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
pub(super) struct FlunderStatus {
    #[serde(flatten)]
    more: serde_json::Map<String, Value>,
}

#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "wardle.example.com", version = "v1alpha1", kind = "Fischer")]
pub(super) struct FischerSpec {}

mod v1beta1 {
    use super::{CustomResource, Deserialize, JsonSchema, Serialize};

    #[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
    #[kube(group = "wardle.example.com", version = "v1beta1", kind = "Flunder", namespaced)]
    pub(in super::super) struct FlunderSpec {}
}

#[derive(RestResource, Default)]
#[rest(group = "wardle.example.com", version = "v1alpha1", resource = "flunders", object = Flunder)]
#[rest(short_names("fl"), categories("all", "wardle"))]
struct Flunders {
    #[rest(embed)]
    store: Nothing<Flunder>,
}

#[derive(RestResource, Default)]
#[rest(group = "wardle.example.com", version = "v1alpha1", resource = "flunders/status", object = Flunder)]
struct FlunderStatuses {
    #[rest(embed(get, update))]
    store: Nothing<Flunder>,
}

#[derive(RestResource, Default)]
#[rest(group = "wardle.example.com", version = "v1alpha1", resource = "flunders/scale", object = Scale)]
struct FlunderScales {
    #[rest(embed(get, update))]
    store: Nothing<Scale>,
}

impl StorageMetadata for FlunderScales {
    fn produces_mime_types(method: Method) -> &'static [&'static str] {
        if method == Method::Get { &["text/plain"] } else { &[] }
    }
}

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1alpha1", resource = "flunders/proxy", object = Flunder)]
struct FlunderProxy;

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "what counts is its schema")]
struct ProxyOptions {
    /// Where to connect to.
    port: Option<u16>,
    tty: bool,
    command: Vec<String>,
}

impl Connecter for FlunderProxy {
    type Options = ProxyOptions;
    const METHODS: &'static [Method] = &[Method::Post, Method::Get, Method::Head];
    const SUBPATH: bool = true;

    async fn connect(&self, _: &Context, _: &str, _: &ProxyOptions, _: ConnectRequest) -> Result<Response> {
        no()
    }
}

#[derive(RestResource, Default)]
#[rest(group = "wardle.example.com", version = "v1alpha1", resource = "fischers", object = Fischer, cluster)]
struct Fischers {
    #[rest(embed)]
    store: Nothing<Fischer>,
}

impl GracefulDeleter for Fischers {
    const RETURNS_DELETED_OBJECT: bool = true;

    async fn delete(
        &self,
        _: &Context,
        _: &str,
        _: &Admit<Fischer>,
        _: &DeleteOptions,
    ) -> Result<(Deleted<Fischer>, bool)> {
        no()
    }
}

#[derive(RestResource, Default)]
#[rest(group = "wardle.example.com", version = "v1beta1", resource = "flunders", object = v1beta1::Flunder)]
struct FlundersBeta {
    #[rest(embed(get))]
    store: Nothing<v1beta1::Flunder>,
}

#[derive(RestResource, Default)]
#[rest(group = "", version = "v1", resource = "configmaps", object = ConfigMap)]
struct ConfigMaps {
    #[rest(embed)]
    store: Nothing<ConfigMap>,
}

#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "first.example.com", version = "v1", kind = "One")]
pub(super) struct OneSpec {}

#[derive(RestResource, Default)]
#[rest(group = "first.example.com", version = "v1", resource = "ones", object = One, cluster)]
struct Ones {
    #[rest(embed(get, list))]
    store: Nothing<One>,
}

/// Two named groups, one of them in two versions, with subresources of every kind.
pub(super) fn server() -> ApiServer {
    ApiServer::builder()
        .group(ApiGroup::new("first.example.com").priority(2000).install(Ones::default()))
        .install(Flunders::default())
        .install(FlunderStatuses::default())
        .install(FlunderScales::default())
        .install(FlunderProxy)
        .install(Fischers::default())
        .install(FlundersBeta::default())
        .prepare()
        .unwrap()
}

/// The core group alone.
pub(super) fn core() -> ApiServer {
    ApiServer::builder().install(ConfigMaps::default()).prepare().unwrap()
}

/// A response, read to its end.
pub(super) struct Answer {
    pub(super) code: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub(super) async fn send(server: &ApiServer, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = server.clone().oneshot(request.body(Empty::<bytes::Bytes>::new()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { code: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
}

pub(super) async fn get(server: &ApiServer, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(server, "GET", path, headers).await
}
