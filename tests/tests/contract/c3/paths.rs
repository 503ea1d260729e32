//! Paths that discovery does not name, and methods that it does not have (contract 3.1.7, 4.12.1-4.12.3).

use http::{Method, StatusCode};
use rest_resource_tests::Client;
use serde_json::json;

#[tokio::test]
async fn c3_1_7_only_what_is_below_an_installed_version_is_a_status() {
    let client = Client::wardle();
    for path in
        ["/", "/index.html", "/other", "/apis/other.example.com/v1/things", "/apis/wardle.example.com/v7/flunders"]
    {
        let answer = client.get(path).await;
        assert_eq!((answer.code, &*answer.text), (StatusCode::NOT_FOUND, "404 page not found\n"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    let answer = client.get("/apis/wardle.example.com/v1beta1/things").await;
    let status = answer.expect_status(404, "NotFound", "the server could not find the requested resource");
    assert_eq!(status["details"], json!({}));
}

#[tokio::test]
async fn c3_1_discovery_can_only_be_read() {
    let client = Client::wardle();
    let message = "the server does not allow this method on the requested resource";
    for path in ["/apis", "/apis/wardle.example.com", "/apis/wardle.example.com/v1beta1", "/openapi/v2", "/openapi/v3"]
    {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = client.send(method, path, &[], "").await;
            assert_eq!(answer.header("allow"), "GET");
            answer.expect_status(405, "MethodNotAllowed", message);
        }
    }
}
