//! Two who want the same field.

use http::StatusCode;
use rest_resource_tests::Client;
use serde_json::json;

use super::{applied, apply, configuration, fischers, managers, owned, path};

#[tokio::test]
async fn c4_9_21_a_conflict_names_the_manager_and_the_field() {
    let client = Client::wardle();
    apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let message = "Apply failed with 1 conflict: conflict with \"alice\": .spec.fischerReference";
    let refused = apply(&client, "bob", json!({"fischerReference": "g"})).await;
    let status = refused.expect_status(409, "Conflict", message);
    assert_eq!(
        status["details"],
        json!({"causes": [{
            "reason": "FieldManagerConflict", "message": "conflict with \"alice\"", "field": ".spec.fischerReference",
        }]})
    );
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK)["spec"], fischers("f"));
}

#[tokio::test]
async fn c4_9_21_several_conflicts_are_listed_with_the_versions_of_updates() {
    let client = Client::wardle();
    apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let target = format!("{}?fieldManager=edit", path("a"));
    client.merge_patch(&target, &json!({"spec": {"fischerReference": "g"}})).await.expect(StatusCode::OK);
    let refused =
        apply(&client, "bob", json!({"flunderReference": "x", "fischerReference": null, "referenceType": "Flunder"}))
            .await;
    let message = "Apply failed with 2 conflicts: conflicts with \"alice\":\n- .spec.referenceType\nconflicts with \"edit\" using wardle.example.com/v1beta1:\n- .spec.fischerReference";
    let status = refused.expect_status(409, "Conflict", message);
    let causes = status["details"]["causes"].as_array().expect("causes");
    assert_eq!(causes.len(), 2);
    assert_eq!(causes[1]["message"], "conflict with \"edit\" using wardle.example.com/v1beta1");
}

#[tokio::test]
async fn c4_9_21_force_takes_the_field() {
    let client = Client::wardle();
    apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let target = format!("{}?fieldManager=bob&force=true", path("a"));
    let forced = client.apply(&target, &configuration(json!({"fischerReference": "g"}))).await.expect(StatusCode::OK);
    assert_eq!(forced["spec"], fischers("g"));
    assert_eq!(owned(&forced, "alice"), json!({"f:spec": {"f:referenceType": {}}}));
    assert_eq!(owned(&forced, "bob"), json!({"f:spec": {"f:fischerReference": {}}}));
}

#[tokio::test]
async fn c4_9_21_the_same_value_belongs_to_both() {
    let client = Client::wardle();
    apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let shared = applied(&client, "bob", fischers("f")).await;
    assert_eq!(owned(&shared, "alice"), owned(&shared, "bob"));
    assert_eq!(managers(&shared), ["alice Apply v1beta1", "bob Apply v1beta1"]);
}

#[tokio::test]
async fn c4_9_22_what_is_applied_no_more_goes_unless_another_owns_it() {
    let client = Client::wardle();
    apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    applied(&client, "bob", fischers("f")).await;
    assert_eq!(applied(&client, "alice", json!({})).await["spec"], fischers("f"));
    let last = applied(&client, "bob", json!({})).await;
    assert_eq!(last["spec"], json!({}));
    assert_eq!(last["metadata"]["generation"], 2);
}
