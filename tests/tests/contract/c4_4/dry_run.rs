//! Dry runs (contract 4.4.8).

use http::StatusCode;
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use serde_json::json;

use super::items;

#[tokio::test]
async fn c4_4_8_a_dry_run_of_a_create() {
    let client = Client::wardle();
    let before = client.get(FLUNDERS).await.json;
    for query in ["dryRun=All", "dryRun=All&dryRun=All"] {
        let would_be = client.post(&format!("{FLUNDERS}?{query}"), &flunder("a")).await.expect(StatusCode::CREATED);
        let metadata = &would_be["metadata"];
        assert_eq!((&metadata["name"], &metadata["namespace"]), (&json!("a"), &json!("default")));
        assert!(metadata["uid"].is_string() && metadata["creationTimestamp"].is_string(), "{metadata}");
        assert_eq!(metadata.get("resourceVersion"), None);
    }
    assert_eq!(client.get(FLUNDERS).await.json, before);
}

#[tokio::test]
async fn c4_4_8_a_dry_run_of_an_update_a_patch_and_a_delete() {
    let client = Client::wardle();
    let stored = client.flunder("a").await;
    let before = client.get(FLUNDERS).await.json;
    let path = format!("{FLUNDERS}/a?dryRun=All");
    let mut changed = stored.clone();
    changed["spec"] = json!({"referenceType": "Flunder", "flunderReference": "b"});
    let put = client.put(&path, &changed).await.expect(StatusCode::OK);
    assert_eq!(put["spec"], changed["spec"]);
    let patched = client.merge_patch(&path, &json!({"metadata": {"labels": {"a": "b"}}})).await.expect(StatusCode::OK);
    assert_eq!(patched["metadata"]["labels"], json!({"a": "b"}));
    let deleted = client.delete(&path).await.expect(StatusCode::OK);
    assert_eq!(deleted["status"], "Success");
    let deleted = client.delete_with(&format!("{FLUNDERS}/a"), &json!({"dryRun": ["All"]})).await;
    assert_eq!(deleted.expect(StatusCode::OK)["status"], "Success");
    let deleted = client.delete(&format!("{FLUNDERS}?dryRun=All")).await.expect(StatusCode::OK);
    assert_eq!(deleted["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(client.get(FLUNDERS).await.json, before);
}

#[tokio::test]
async fn c4_4_8_a_dry_run_finds_what_a_write_would() {
    let client = Client::wardle();
    client.flunder("a").await;
    let path = format!("{FLUNDERS}?dryRun=All");
    let message = "flunders.wardle.example.com \"a\" already exists";
    client.post(&path, &flunder("a")).await.expect_status(409, "AlreadyExists", message);
    let mut invalid = flunder("b");
    invalid["spec"] = json!({"referenceType": "Flunder"});
    client.post(&path, &invalid).await.expect_status(
        422,
        "Invalid",
        "Flunder.wardle.example.com \"b\" is invalid: spec.flunderReference: Required value: \
         cannot be empty if referenceType is Flunder",
    );
    let fischer = json!({"metadata": {"name": "f"}, "disallowedFlunders": ["bad"]});
    client.post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    client.post(&path, &flunder("bad")).await.expect_status(
        403,
        "Forbidden",
        "flunders.wardle.example.com \"bad\" is forbidden: \
         this name may not be used, please change the resource name",
    );
    let path = format!("{FLUNDERS}/gone?dryRun=All");
    let message = "flunders.wardle.example.com \"gone\" not found";
    client.delete(&path).await.expect_status(404, "NotFound", message);
}

#[tokio::test]
async fn c4_4_8_all_is_the_only_dry_run() {
    let client = Client::wardle();
    let stored = client.flunder("a").await;
    let item = format!("{FLUNDERS}/a");
    for (query, values) in [("dryRun=x", r#"["x"]"#), ("dryRun=", r#"[""]"#), ("dryRun=All&dryRun=x", r#"["All","x"]"#)]
    {
        let message = |kind: &str| {
            format!(
                "{kind}.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: {values}: supported values: \"All\""
            )
        };
        let path = format!("{FLUNDERS}?{query}");
        client.post(&path, &flunder("b")).await.expect_status(422, "Invalid", &message("CreateOptions"));
        client.delete(&path).await.expect_status(422, "Invalid", &message("DeleteOptions"));
        let path = format!("{item}?{query}");
        client.put(&path, &stored).await.expect_status(422, "Invalid", &message("UpdateOptions"));
        client.merge_patch(&path, &json!({})).await.expect_status(422, "Invalid", &message("PatchOptions"));
        client.delete(&path).await.expect_status(422, "Invalid", &message("DeleteOptions"));
    }
    assert_eq!(items(&client).await, json!([stored]));
}
