//! The server and an axum application in one: either may have the paths that the other does not know.

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "an example is a program, and its `main` is not called here"
)]
#[path = "../examples/axum.rs"]
mod example;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use rest_resource::server::ApiServer;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower::{Service, ServiceExt};

const NOTES: &str = "/apis/notes.example.com/v1/namespaces/default/notes";

async fn call<S, B>(app: &S, method: Method, path: &str, body: String) -> (StatusCode, String)
where
    S: Service<Request<Body>, Response = http::Response<B>, Error = std::convert::Infallible> + Clone,
    B: http_body::Body<Error: std::fmt::Debug>,
{
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = request.body(Body::from(body)).expect("a request that can be sent");
    let response = match app.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let code = response.status();
    let bytes = response.into_body().collect().await.expect("the response is whole").to_bytes();
    (code, String::from_utf8_lossy(&bytes).into_owned())
}

fn json_of((code, text): (StatusCode, String)) -> (StatusCode, Value) {
    (code, serde_json::from_str(&text).unwrap_or(Value::Null))
}

#[tokio::test]
async fn an_application_with_the_api_as_its_fallback() {
    let app = example::app(&example::api().expect("the example fits together"));
    assert_eq!(call(&app, Method::GET, "/hello", String::new()).await, (StatusCode::OK, "hello\n".to_owned()));
    let note = json!({"metadata": {"name": "a"}, "spec": {"text": "milk"}});
    let (code, created) = json_of(call(&app, Method::POST, NOTES, note.to_string()).await);
    assert_eq!((code, &created["spec"]["text"]), (StatusCode::CREATED, &json!("milk")));
    let (code, list) = json_of(call(&app, Method::GET, NOTES, String::new()).await);
    assert_eq!((code, &list["items"]), (StatusCode::OK, &json!([created])));
    for (path, kind) in [("/apis", "APIGroupList"), ("/apis/notes.example.com/v1", "APIResourceList")] {
        let (code, document) = json_of(call(&app, Method::GET, path, String::new()).await);
        assert_eq!((code, &document["kind"]), (StatusCode::OK, &json!(kind)));
    }
    let unknown = call(&app, Method::GET, "/lost", String::new()).await;
    assert_eq!(unknown, (StatusCode::NOT_FOUND, "404 page not found\n".to_owned()));
}

#[tokio::test]
async fn an_application_on_a_socket_ends_with_its_watches() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    let api = example::api().expect("the example fits together");
    let serving = axum::serve(listener, example::app(&api)).with_graceful_shutdown(async move {
        let _ = stopped.await;
        api.shutdown().await;
    });
    let serving = tokio::spawn(serving.into_future());
    let config = kube::Config::new(url.parse().expect("a URL"));
    let client = kube::Client::try_from(config).expect("a client without TLS");
    let hello = client.request_text(Request::get("/hello").body(Vec::new()).expect("a request")).await;
    assert_eq!(hello.expect("the route of the application"), "hello\n");
    let notes = kube::Api::<example::Note>::namespaced(client, "default");
    let spec = example::NoteSpec { text: "milk".to_owned() };
    notes.create(&kube::api::PostParams::default(), &example::Note::new("a", spec)).await.expect("a note");
    let mut watch = std::pin::pin!(notes.watch(&kube::api::WatchParams::default(), "0").await.expect("a watch"));
    let first = futures::StreamExt::next(&mut watch).await;
    assert!(matches!(first, Some(Ok(kube::api::WatchEvent::Added(_)))), "{first:?}");
    stop.send(()).expect("somebody waits");
    while let Some(event) = futures::StreamExt::next(&mut watch).await {
        event.expect("the watch ends well");
    }
    drop(notes);
    serving.await.expect("no panic").expect("the application ends well");
}

#[tokio::test]
async fn an_api_that_delegates_to_an_application() {
    let router = Router::new()
        .route("/hello", get(|| async { "hello\n" }))
        .route("/echo", post(|body: String| async move { body }));
    let notes = example::api().expect("the example fits together");
    let api = ApiServer::builder().delegate(router).prepare().expect("nothing to fit together");
    assert_eq!(call(&api, Method::GET, "/hello", String::new()).await, (StatusCode::OK, "hello\n".to_owned()));
    let echo = call(&api, Method::POST, "/echo", "body".to_owned()).await;
    assert_eq!(echo, (StatusCode::OK, "body".to_owned()));
    assert_eq!(call(&api, Method::GET, "/lost", String::new()).await, (StatusCode::NOT_FOUND, String::new()));
    assert_eq!(call(&api, Method::GET, "/livez", String::new()).await, (StatusCode::OK, "ok".to_owned()));

    // A server is such an application too.
    let chained = ApiServer::builder().delegate(notes).prepare().expect("nothing to fit together");
    let (code, list) = json_of(call(&chained, Method::GET, NOTES, String::new()).await);
    assert_eq!((code, &list["kind"]), (StatusCode::OK, &json!("NoteList")));
}
