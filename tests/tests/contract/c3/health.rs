//! `/healthz`, `/livez`, `/readyz` and `/version` (contract 3.3, 3.4).

use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource::server::VersionInfo;
use rest_resource_tests::{Client, wardle};

const ENDPOINTS: [&str; 3] = ["healthz", "livez", "readyz"];

#[tokio::test]
async fn c3_3_1_the_version_has_nine_texts() {
    let answer = Client::wardle().get("/version").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.text.starts_with("{\n  \"major\": "), "indented always: {}", answer.text);
    let version = answer.expect(StatusCode::OK);
    for field in
        ["major", "minor", "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform"]
    {
        assert!(version[field].is_string(), "{field} of {version}");
    }
}

/// kubectl reads it as a semantic version.
#[tokio::test]
async fn c3_3_1_the_git_version_is_semantic() {
    let version = Client::wardle().get("/version").await.json;
    let text = version["gitVersion"].as_str().and_then(|text| text.strip_prefix('v')).expect("a v first");
    let (numbers, build) = text.split_once('+').unwrap_or((text, "0"));
    let numbers: Vec<&str> = numbers.split('.').collect();
    assert_eq!(numbers.len(), 3, "{text}");
    assert!(numbers.iter().all(|number| number.parse::<u32>().is_ok()), "{text}");
    assert!(build.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.'), "{text}");
    assert_eq!((version["major"].as_str(), version["minor"].as_str()), (Some(numbers[0]), Some(numbers[1])));
}

#[tokio::test]
async fn c3_3_1_a_program_says_its_own_version() {
    let version = VersionInfo { git_version: "v2.0.1".to_owned(), ..VersionInfo::default() };
    let server = wardle::server(&StoreOptions::memory()).version(version).prepare().expect("wardle");
    assert_eq!(Client::new(server).get("/version").await.expect(StatusCode::OK)["gitVersion"], "v2.0.1");
}

#[tokio::test]
async fn c3_3_1_kube_reads_the_version() {
    let client = kube::Client::new(Client::wardle().server, "default");
    let version = client.apiserver_version().await.expect("the nine fields");
    assert_eq!(version.major, "1");
}

#[tokio::test]
async fn c3_4_1_healthy_is_ok_as_text() {
    let client = Client::wardle();
    for endpoint in ENDPOINTS {
        let answer = client.get(&format!("/{endpoint}")).await;
        assert_eq!((answer.code, &*answer.text), (StatusCode::OK, "ok"));
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn c3_4_2_c3_4_6_verbose_has_a_line_for_each_check() {
    let client = Client::wardle();
    for (query, checks) in [("?verbose", "[+]ping ok\n[+]log ok\n"), ("?verbose=false", "[+]ping ok\n[+]log ok\n")] {
        for endpoint in ["healthz", "livez"] {
            let answer = client.get(&format!("/{endpoint}{query}")).await;
            assert_eq!((answer.code, answer.text), (StatusCode::OK, format!("{checks}{endpoint} check passed\n")));
        }
        let ready = client.get(&format!("/readyz{query}")).await.text;
        let expected = format!("{checks}[+]storage ok\n[+]shutdown ok\nreadyz check passed\n");
        assert_eq!(ready, expected);
    }
}

#[tokio::test]
async fn c3_4_3_checks_can_be_left_out() {
    let answer = Client::wardle().get("/livez?verbose&exclude=log&exclude=a&exclude=b").await;
    let warning = "warn: some health checks cannot be excluded: no matches for \"a\", \"b\"\n";
    assert_eq!(answer.code, StatusCode::OK);
    assert_eq!(answer.text, format!("[+]ping ok\n[+]log excluded: ok\n{warning}livez check passed\n"));
}

#[tokio::test]
async fn c3_4_4_a_failure_is_verbose_and_keeps_the_reason() {
    let client = Client::wardle();
    client.server.shutdown().await;
    let answer = client.get("/readyz").await;
    assert_eq!(answer.code, StatusCode::INTERNAL_SERVER_ERROR);
    let lines = "[+]ping ok\n[+]log ok\n[+]storage ok\n[-]shutdown failed: reason withheld\n";
    assert_eq!(answer.text, format!("{lines}readyz check failed\n"));
    let excluded = client.get("/readyz?exclude=shutdown").await;
    assert_eq!((excluded.code, &*excluded.text), (StatusCode::OK, "ok"));
    client.get("/livez").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn c3_4_5_every_check_has_a_path() {
    let client = Client::wardle();
    for path in ["/healthz/ping", "/livez/log", "/readyz/storage", "/readyz/shutdown"] {
        let answer = client.get(path).await;
        assert_eq!((answer.code, &*answer.text), (StatusCode::OK, "ok"), "{path}");
    }
    let unknown = client.get("/healthz/shutdown").await;
    assert_eq!((unknown.code, &*unknown.text), (StatusCode::NOT_FOUND, "404 page not found\n"));
    client.server.shutdown().await;
    let failed = client.get("/readyz/shutdown").await;
    assert_eq!(failed.code, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(failed.text.starts_with("internal server error: "), "{}", failed.text);
}

#[tokio::test]
async fn c3_3_1_the_version_can_only_be_read() {
    let client = Client::wardle();
    let message = "the server does not allow this method on the requested resource";
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = client.send(method, "/version", &[], "").await;
        assert_eq!(answer.header("allow"), "GET");
        answer.expect_status(405, "MethodNotAllowed", message);
    }
}
