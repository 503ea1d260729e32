//! Paths that discovery does not name, and methods that it does not have (contract 3.1.7, 4.12.1-4.12.3).

use http::{Method, StatusCode};
use rest_resource_tests::Client;
use serde_json::json;

#[tokio::test]
async fn c3_1_7_only_what_is_below_an_installed_version_is_a_status() {
    let client = Client::wardle();
    for path in [
        "/index",
        "/index.html/",
        "/other",
        "/apis/other.example.com/v1/things",
        "/apis/wardle.example.com/v7/flunders",
    ] {
        let answer = client.get(path).await;
        assert_eq!((answer.code, &*answer.text), (StatusCode::NOT_FOUND, "404 page not found\n"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    let answer = client.get("/apis/wardle.example.com/v1beta1/things").await;
    let status = answer.expect_status(404, "NotFound", "the server could not find the requested resource");
    assert_eq!(status["details"], json!({}));
}

#[tokio::test]
async fn c3_3_2_the_root_lists_what_there_is() {
    let client = Client::wardle();
    for path in ["/", "/index.html"] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        assert!(answer.text.starts_with("{\n  \"paths\": [\n    \"/apis\""), "{}", answer.text);
        let index = answer.expect(StatusCode::OK);
        let paths: Vec<&str> =
            index["paths"].as_array().expect("paths").iter().filter_map(|path| path.as_str()).collect();
        assert!(paths.is_sorted());
        for expected in ["/apis/wardle.example.com", "/apis/wardle.example.com/v1alpha1", "/readyz/storage", "/version"]
        {
            assert!(paths.contains(&expected), "{expected}: {paths:?}");
        }
        assert!(!paths.contains(&"/api"), "{paths:?}");
        for path in paths.into_iter().filter(|path| *path != "/docs") {
            client.get(path).await.expect(StatusCode::OK);
        }
        let refused = client.send(Method::POST, path, &[], "").await;
        refused.expect_status(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        );
    }
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
