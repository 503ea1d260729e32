//! DELETECOLLECTION (contract 4.10.16).

use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource_tests::Client;
use rest_resource_tests::client::{FLUNDERS, flunder};
use serde_json::{Value, json};

use super::{Keeping, client, held, is_there, kept, names, path, text};

#[tokio::test]
async fn c4_10_16_a_collection_is_deleted_and_listed() {
    let client = Client::wardle();
    let a = client.flunder("a").await;
    client.flunder("b").await;
    let elsewhere = "/apis/wardle.example.com/v1beta1/namespaces/elsewhere/flunders";
    client.post(elsewhere, &flunder("c")).await.expect(StatusCode::CREATED);
    let list = client.delete(FLUNDERS).await.expect(StatusCode::OK);
    assert_eq!((&list["kind"], &list["apiVersion"]), (&json!("FlunderList"), &json!("wardle.example.com/v1beta1")));
    assert_eq!(names(&list), ["a", "b"]);
    assert_eq!(list["items"][0], a);
    assert!(!is_there(&client, "a").await && !is_there(&client, "b").await);
    client.get(&format!("{elsewhere}/c")).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn c4_10_16_selectors_choose() {
    let client = Client::wardle();
    for (name, app) in [("a", "x"), ("b", "y"), ("c", "x")] {
        let mut object = flunder(name);
        object["metadata"]["labels"] = json!({"app": app});
        client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
    }
    let list = client.delete(&format!("{FLUNDERS}?labelSelector=app%3Dx")).await.expect(StatusCode::OK);
    assert_eq!(names(&list), ["a", "c"]);
    assert!(is_there(&client, "b").await);
    let none = client.delete(&format!("{FLUNDERS}?fieldSelector=metadata.name%3Dz")).await.expect(StatusCode::OK);
    assert_eq!((&none["kind"], &none["items"]), (&json!("FlunderList"), &json!([])), "an empty result is a list");
    // The selectors are in the query even where the options are in the body.
    let options = json!({"propagationPolicy": "Background"});
    let one = client.delete_with(&format!("{FLUNDERS}?fieldSelector=metadata.name%3Db"), &options).await;
    assert_eq!(names(&one.expect(StatusCode::OK)), ["b"]);
    let bad = client.delete(&format!("{FLUNDERS}?labelSelector=%21%21")).await;
    assert_eq!(bad.code, StatusCode::BAD_REQUEST);
}

/// To delete a collection is not to watch it.
#[tokio::test]
async fn c2_4_3_what_is_of_watches_only_does_nothing() {
    for query in ["watch=true", "watch=1&allowWatchBookmarks=true", "watch"] {
        let client = Client::wardle();
        client.flunder("a").await;
        let list = client.delete(&format!("{FLUNDERS}?{query}")).await.expect(StatusCode::OK);
        assert_eq!(names(&list), ["a"], "{query}");
        assert!(!is_there(&client, "a").await);
    }
}

#[tokio::test]
async fn c4_10_16_a_limit_deletes_one_page() {
    let client = Client::wardle();
    for name in ["a", "b", "c"] {
        client.flunder(name).await;
    }
    let page = client.delete(&format!("{FLUNDERS}?limit=2")).await.expect(StatusCode::OK);
    assert_eq!(names(&page), ["a", "b"]);
    let token = text(&page["metadata"]["continue"]).to_owned();
    assert_eq!(names(&client.get(FLUNDERS).await.expect(StatusCode::OK)), ["c"]);
    let rest = client.delete(&format!("{FLUNDERS}?limit=2&continue={token}")).await.expect(StatusCode::OK);
    assert_eq!((names(&rest), &rest["metadata"]["continue"]), (vec!["c"], &Value::Null));
    assert_eq!(names(&client.get(FLUNDERS).await.expect(StatusCode::OK)), Vec::<&str>::new());
}

#[tokio::test]
async fn c4_10_16_objects_with_finalizers_stay() {
    let client = Client::wardle();
    held(&client, "a").await;
    client.flunder("b").await;
    let list = client.delete(FLUNDERS).await.expect(StatusCode::OK);
    assert_eq!(names(&list), ["a", "b"]);
    let marked = client.get(&path("a")).await.expect(StatusCode::OK);
    assert!(marked["metadata"]["deletionTimestamp"].is_string(), "{marked}");
    assert!(!is_there(&client, "b").await);
}

#[tokio::test]
async fn c4_10_16_an_error_ends_it_and_what_is_deleted_stays_deleted() {
    let client = client(&StoreOptions::memory(), Keeping);
    client.flunder("a").await;
    kept(&client, "b").await;
    client.flunder("c").await;
    let message = "flunders.wardle.example.com \"b\" is forbidden: it is to be kept";
    client.delete(FLUNDERS).await.expect_status(403, "Forbidden", message);
    assert!(!is_there(&client, "a").await);
    assert!(is_there(&client, "b").await && is_there(&client, "c").await);
}
