//! The options of a delete (contract 4.10.1-4.10.4, 4.10.8, 4.10.13, 4.10.15).

use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource_tests::Client;
use rest_resource_tests::client::FLUNDERS;
use serde_json::json;

use super::{Keeping, client, held, is_there, kept, names, path, text};

#[tokio::test]
async fn c4_10_1_without_a_body_the_query_has_the_options() {
    let client = Client::wardle();
    client.flunder("a").await;
    client.delete(&format!("{}?dryRun=All", path("a"))).await.expect(StatusCode::OK);
    assert!(is_there(&client, "a").await);
    let refused = client.delete(&format!("{}?propagationPolicy=x", path("a"))).await;
    assert_eq!(refused.code, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = client.delete(&format!("{}?gracePeriodSeconds=x", path("a"))).await;
    assert_eq!(refused.code, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn c4_10_1_with_a_body_the_query_does_not_count() {
    let client = Client::wardle();
    client.flunder("a").await;
    let query = "dryRun=All&gracePeriodSeconds=x&propagationPolicy=x&uid=x";
    client.delete_with(&format!("{}?{query}", path("a")), &json!({})).await.expect(StatusCode::OK);
    assert!(!is_there(&client, "a").await);

    client.flunder("b").await;
    client.delete_with(&path("b"), &json!({"dryRun": ["All"]})).await.expect(StatusCode::OK);
    assert!(is_there(&client, "b").await);
}

#[tokio::test]
async fn c4_10_2_the_body_is_a_delete_options_of_three_versions() {
    let client = Client::wardle();
    for (name, body) in [
        ("a", json!({"apiVersion": "v1", "kind": "DeleteOptions"})),
        ("b", json!({"apiVersion": "meta.k8s.io/v1", "kind": "DeleteOptions"})),
        ("c", json!({"apiVersion": "wardle.example.com/v1beta1", "kind": "DeleteOptions"})),
        ("d", json!({"kind": "DeleteOptions", "propagationPolicy": "Background"})),
        ("e", json!({"apiVersion": "v1", "gracePeriodSeconds": 0})),
        ("f", json!({})),
    ] {
        client.flunder(name).await;
        client.delete_with(&path(name), &body).await.expect(StatusCode::OK);
        assert!(!is_there(&client, name).await, "{body}");
    }
}

#[tokio::test]
async fn c4_10_2_the_body_may_be_yaml() {
    let client = Client::wardle();
    client.flunder("a").await;
    let yaml = [("content-type", "application/yaml")];
    client.send(Method::DELETE, &path("a"), &yaml, "dryRun:\n- All\n").await.expect(StatusCode::OK);
    assert!(is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_2_an_undecodable_body_deletes_nothing() {
    let client = Client::wardle();
    client.flunder("a").await;
    for body in [
        "{",
        "[]",
        "\"x\"",
        r#"{"gracePeriodSeconds":"x"}"#,
        r#"{"dryRun":"All"}"#,
        r#"{"preconditions":[]}"#,
        r#"{"kind":"Flunder"}"#,
        r#"{"apiVersion":"apps/v1","kind":"DeleteOptions"}"#,
    ] {
        for target in [path("a"), FLUNDERS.to_owned()] {
            let refused = client.send(Method::DELETE, &target, &[], body).await;
            let status = refused.expect(StatusCode::BAD_REQUEST);
            assert_eq!((&status["kind"], &status["reason"]), (&json!("Status"), &json!("BadRequest")), "{body}");
        }
    }
    let kind = [("content-type", "image/png")];
    let refused = client.send(Method::DELETE, &path("a"), &kind, "{}").await;
    assert_eq!(refused.code, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_3_preconditions_in_the_query() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let (uid, version) = (text(&created["metadata"]["uid"]), text(&created["metadata"]["resourceVersion"]));
    for wrong in ["uid=x".to_owned(), format!("uid={uid}&resourceVersion=1{version}")] {
        let refused = client.delete(&format!("{}?{wrong}", path("a"))).await;
        assert_eq!(refused.code, StatusCode::CONFLICT, "{wrong}: {}", refused.text);
    }
    let right = format!("{}?uid={uid}&resourceVersion={version}", path("a"));
    client.delete(&right).await.expect(StatusCode::OK);
    assert!(!is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_4_options_that_are_not_allowed() {
    let client = Client::wardle();
    client.flunder("a").await;
    let both =
        "propagationPolicy: Invalid value: \"Orphan\": orphanDependents and deletionPropagation cannot be both set";
    let policy = "propagationPolicy: Unsupported value: \"x\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"";
    let dry_run = "dryRun: Unsupported value: [\"x\"]: supported values: \"All\"";
    for (query, body, error) in [
        (
            "orphanDependents=false&propagationPolicy=Orphan",
            json!({"orphanDependents": false, "propagationPolicy": "Orphan"}),
            both,
        ),
        ("propagationPolicy=x", json!({"propagationPolicy": "x"}), policy),
        ("dryRun=x", json!({"dryRun": ["x"]}), dry_run),
    ] {
        let message = format!("DeleteOptions.meta.k8s.io \"\" is invalid: {error}");
        for target in [path("a"), FLUNDERS.to_owned()] {
            let refused = client.delete(&format!("{target}?{query}")).await;
            let status = refused.expect_status(422, "Invalid", &message);
            assert_eq!(status["details"]["kind"], "DeleteOptions");
            client.delete_with(&target, &body).await.expect_status(422, "Invalid", &message);
        }
    }
    assert!(is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_8_preconditions_that_do_not_hold_are_409() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let (uid, version) = (text(&created["metadata"]["uid"]), text(&created["metadata"]["resourceVersion"]));
    let conflict = "Operation cannot be fulfilled on Flunder.wardle.example.com \"a\": ";
    let message = format!(
        "{conflict}the UID in the precondition (x) does not match the UID in record ({uid}). The object might have been deleted and then recreated"
    );
    let options = json!({"preconditions": {"uid": "x", "resourceVersion": "7"}});
    let status = client.delete_with(&path("a"), &options).await.expect_status(409, "Conflict", &message);
    assert_eq!(status["details"], json!({"name": "a", "group": "wardle.example.com", "kind": "Flunder"}));

    let message = format!(
        "{conflict}the ResourceVersion in the precondition (7{version}) does not match the ResourceVersion in record ({version}). The object might have been modified"
    );
    let options = json!({"preconditions": {"uid": uid, "resourceVersion": format!("7{version}")}});
    client.delete_with(&path("a"), &options).await.expect_status(409, "Conflict", &message);

    let options = json!({"preconditions": {"uid": uid, "resourceVersion": version}});
    client.delete_with(&path("a"), &options).await.expect(StatusCode::OK);
    assert!(!is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_13_a_collection_cannot_be_deleted_unread() {
    let client = Client::wardle();
    client.flunder("a").await;
    let message = "DeleteOptions.meta.k8s.io \"\" is invalid: ignoreStoreReadErrorWithClusterBreakingPotential: Invalid value: true: is not allowed with DELETECOLLECTION, try again after removing the option";
    let refused = client.delete(&format!("{FLUNDERS}?ignoreStoreReadErrorWithClusterBreakingPotential=true")).await;
    refused.expect_status(422, "Invalid", message);
    let options = json!({"ignoreStoreReadErrorWithClusterBreakingPotential": true});
    client.delete_with(FLUNDERS, &options).await.expect_status(422, "Invalid", message);
    assert!(is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_15_a_dry_run_answers_as_if_it_removed() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let options = json!({"dryRun": ["All"]});
    let status = client.delete_with(&path("a"), &options).await.expect(StatusCode::OK);
    assert_eq!((&status["kind"], &status["details"]["uid"]), (&json!("Status"), &created["metadata"]["uid"]));
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), created);

    let held = held(&client, "b").await;
    let marked = client.delete_with(&path("b"), &options).await.expect(StatusCode::OK);
    assert!(marked["metadata"]["deletionTimestamp"].is_string(), "{marked}");
    assert_eq!(client.get(&path("b")).await.expect(StatusCode::OK), held);

    let list = client.delete_with(FLUNDERS, &options).await.expect(StatusCode::OK);
    assert_eq!(names(&list), ["a", "b"]);
    assert!(is_there(&client, "a").await && is_there(&client, "b").await);
}

#[tokio::test]
async fn c4_10_15_a_dry_run_checks_what_a_delete_checks() {
    let client = client(&StoreOptions::memory(), Keeping);
    kept(&client, "a").await;
    let options = json!({"dryRun": ["All"], "preconditions": {"uid": "x"}});
    assert_eq!(client.delete_with(&path("a"), &options).await.code, StatusCode::CONFLICT);
    assert_eq!(client.delete_with(&path("a"), &json!({"dryRun": ["All"]})).await.code, StatusCode::FORBIDDEN);
    assert_eq!(client.delete_with(&path("b"), &json!({"dryRun": ["All"]})).await.code, StatusCode::NOT_FOUND);
}
