//! The page at `/docs`: what it is sent as and to whom, and what a person sees in a browser.

use std::path::PathBuf;

use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource_tests::client::FLUNDERS;
use rest_resource_tests::script::Script;
use rest_resource_tests::serving::Raw;
use rest_resource_tests::{Client, Serving, wardle};

/// What a browser sends when a person opens an address.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn a_browser_gets_the_page_and_may_load_nothing_from_elsewhere() {
    let client = Client::wardle();
    for path in ["/docs", "/docs/", "/docs?a=b"] {
        let answer = client.get_as(path, BROWSER).await;
        assert_eq!(
            (answer.code, answer.header("content-type")),
            (StatusCode::OK, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(answer.text.contains("/docs/main.js"), "{}", answer.text);
        assert_eq!(answer.header("vary"), "Accept");
    }
    for (path, content_type) in [
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/main.js", "text/javascript; charset=utf-8"),
        ("/docs/style.css", "text/css; charset=utf-8"),
        ("/docs/icon.svg", "image/svg+xml"),
    ] {
        let answer = client.get_as(path, BROWSER).await;
        assert_eq!((answer.code, answer.header("content-type")), (StatusCode::OK, content_type), "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'self'; "), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("content-length"), answer.text.len().to_string(), "{path}");
        assert!(!answer.header("audit-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn who_is_no_browser_gets_the_same_404_as_elsewhere() {
    let client = Client::wardle();
    for accept in ["*/*", "application/json", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json", ""] {
        for path in ["/docs", "/docs/"] {
            let answer = client.get_as(path, accept).await;
            assert_eq!((answer.code, &*answer.text), (StatusCode::NOT_FOUND, "404 page not found\n"), "{accept}");
            assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        }
    }
    assert_eq!(client.get("/docs").await.code, StatusCode::NOT_FOUND, "without a header");
    for path in ["/docs/nothing", "/docs/main.js/", "/docs/../docs", "/docsx", "/docs/page/main.js"] {
        assert_eq!(client.get_as(path, BROWSER).await.code, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn what_a_browser_has_already_is_not_sent_again() {
    let client = Client::wardle();
    for path in ["/docs", "/docs/main.js"] {
        let first = client.get_as(path, BROWSER).await;
        assert_eq!(first.header("cache-control"), "no-cache");
        let tag = first.header("etag").to_owned();
        for (known, code) in [(&*tag, 304), (&*format!("\"x\", W/{tag}"), 304), ("\"x\"", 200)] {
            let headers = [("accept", BROWSER), ("if-none-match", known)];
            let answer = client.send(Method::GET, path, &headers, "").await;
            assert_eq!((answer.code.as_u16(), answer.text.is_empty()), (code, code == 304), "{path} {known}");
            assert_eq!(answer.header("etag"), tag);
        }
    }
}

#[tokio::test]
async fn the_page_can_only_be_read() {
    let client = Client::wardle();
    for path in ["/docs", "/docs/main.js"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            let answer = client.send(method, path, &[("accept", BROWSER)], "").await;
            assert_eq!(answer.header("allow"), "GET, HEAD");
            answer.expect(StatusCode::METHOD_NOT_ALLOWED);
        }
    }
    let whole = client.get_as("/docs", BROWSER).await;
    let serving = Serving::start(client.server.clone()).await;
    let mut raw = Raw::request(&serving, "HEAD /docs", "accept: text/html\r\nconnection: close\r\n").await;
    let head = raw.head().await;
    assert_eq!(head[0], "http/1.1 200 ok");
    assert!(head.contains(&format!("content-length: {}", whole.text.len())), "{head:?}");
    assert!(raw.is_closed().await, "nothing follows the head");
}

#[tokio::test]
async fn without_the_page_its_paths_are_unknown() {
    let server = wardle::server(&StoreOptions::memory()).docs(false).prepare().expect("wardle fits together");
    let client = Client::new(server);
    for path in ["/docs", "/docs/main.js"] {
        assert_eq!(client.get_as(path, BROWSER).await.code, StatusCode::NOT_FOUND, "{path}");
    }
}

/// Debian's name of the browser, or that of others. Without one it is `None`, and a failure where `CI` is set.
fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found =
        std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|f| f.exists());
    if found.is_none() {
        assert!(std::env::var("CI").is_err(), "chromium is missing");
        println!("skipped: chromium is missing");
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_reads_tries_and_watches() {
    let Some(chromium) = chromium() else { return };
    let client = Client::wardle();
    let serving = Serving::start(client.server.clone()).await;
    let Some(mut script) = Script::javascript("docs.mjs", &[&chromium.to_string_lossy()], serving.address) else {
        return;
    };
    script
        .says(&[
            "sees v1beta1 flunders v1alpha1 fischers flunders",
            "flunders are Flunder Namespaced createdeletedeletecollectiongetlistpatchupdatewatch fl all",
            "dark is another",
            "GET 200 OK",
            "POST 201 Created",
            "again 409 Conflict",
            "without a name true",
            "first ADDED default example",
            "images 0",
        ])
        .await;
    client.flunder("meanwhile").await;
    script.says(&["then ADDED default meanwhile"]).await;
    client.delete(&format!("{FLUNDERS}/meanwhile")).await.expect(StatusCode::OK);
    script.says(&["then DELETED default meanwhile", "troubles"]).await;
    assert!(client.server.remove("wardle.example.com", "fischers").await.expect("the rest fits together"));
    script.go_on().await;
    script.says(&["sees v1beta1 flunders v1alpha1 flunders"]).await;
    script.ends().await;
}
