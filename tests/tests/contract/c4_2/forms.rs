//! The forms of a response: tables and metadata alone (contract 4.2.8-4.2.14).

use http::{Method, StatusCode};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use serde_json::{Value, json};

use super::{MERGE, with_a, yaml};

/// What `kubectl get` sends.
const KUBECTL: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,\
                       application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";
const PARTIAL: &str = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const PARTIAL_LIST: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

#[tokio::test]
async fn c4_2_8_a_table_in_both_versions_and_formats() {
    let (client, item) = with_a().await;
    for version in ["v1", "v1beta1"] {
        let api_version = format!("meta.k8s.io/{version}");
        for path in [FLUNDERS, &item] {
            let parameters = format!("as=Table;v={version};g=meta.k8s.io");
            let json = client.get_as(path, &format!("application/json;{parameters}")).await.expect(StatusCode::OK);
            assert_eq!((&json["kind"], &json["apiVersion"]), (&json!("Table"), &json!(api_version)));
            assert_eq!(json["rows"][0]["object"]["apiVersion"], api_version.as_str());
            let yaml = yaml(&client.get_as(path, &format!("application/yaml;{parameters}")).await);
            assert_eq!(yaml["kind"], "Table");
        }
    }
}

#[tokio::test]
async fn c4_2_8_metadata_alone() {
    let (client, item) = with_a().await;
    let whole = client.get(&item).await.json;
    let partial = client.get_as(&item, PARTIAL).await.expect(StatusCode::OK);
    let expected = json!({
        "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": whole["metadata"],
    });
    assert_eq!(partial, expected);
    let list = client.get_as(FLUNDERS, PARTIAL_LIST).await.expect(StatusCode::OK);
    assert_eq!((&list["kind"], &list["items"][0]), (&json!("PartialObjectMetadataList"), &expected));
    let in_yaml = client.get_as(&item, &PARTIAL.replace("json", "yaml")).await;
    assert_eq!(yaml(&in_yaml), expected);
}

#[tokio::test]
async fn c4_2_8_another_form_is_skipped() {
    let (client, item) = with_a().await;
    let accept = "application/json;as=Unheard;v=v1;g=meta.k8s.io,application/json";
    assert_eq!(client.get_as(&item, accept).await.expect(StatusCode::OK)["kind"], "Flunder");
    let accept = "application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io,application/json";
    assert_eq!(client.get_as(&item, accept).await.expect(StatusCode::OK)["kind"], "Flunder");
}

#[tokio::test]
async fn c4_2_9_what_kubectl_sends_is_answered_by_a_table() {
    let (client, item) = with_a().await;
    for path in [FLUNDERS, &item, FISCHERS] {
        let answer = client.get_as(path, KUBECTL).await;
        assert_eq!(answer.header("content-type"), "application/json");
        let table = answer.expect(StatusCode::OK);
        assert_eq!((&table["kind"], &table["apiVersion"]), (&json!("Table"), &json!("meta.k8s.io/v1")));
    }
}

#[tokio::test]
async fn c4_2_10_every_verb_gives_the_form_that_was_asked_for() {
    let client = Client::wardle();
    let item = format!("{FLUNDERS}/a");
    for (accept, kind, list_kind) in
        [(TABLE, "Table", "Table"), (PARTIAL, "PartialObjectMetadata", "PartialObjectMetadataList")]
    {
        let headers = [("accept", accept), ("content-type", "application/json")];
        let mut body = flunder("a");
        body["metadata"]["finalizers"] = json!(["example.com/stays"]);
        let created = client.send(Method::POST, FLUNDERS, &headers, body.to_string()).await.expect(StatusCode::CREATED);
        assert_eq!(created["kind"], kind, "POST");
        let body = client.get(&item).await.text;
        let put = client.send(Method::PUT, &item, &headers, body).await.expect(StatusCode::OK);
        assert_eq!(put["kind"], kind, "PUT");
        let headers = [("accept", accept), MERGE];
        let patched = client.send(Method::PATCH, &item, &headers, "{}").await.expect(StatusCode::OK);
        assert_eq!(patched["kind"], kind, "PATCH");
        let marked = client.send(Method::DELETE, &item, &headers[..1], "").await.expect(StatusCode::OK);
        assert_eq!(marked["kind"], kind, "DELETE of an object that stays for now");
        client.merge_patch(&item, &json!({"metadata": {"finalizers": null}})).await.expect(StatusCode::OK);
        client.flunder("b").await;
        let accept = accept.replace("PartialObjectMetadata", "PartialObjectMetadataList");
        let deleted = client.send(Method::DELETE, FLUNDERS, &[("accept", &*accept)], "").await.expect(StatusCode::OK);
        assert_eq!(deleted["kind"], list_kind, "DELETECOLLECTION");
    }
}

#[tokio::test]
async fn c4_2_10_a_status_keeps_its_form() {
    let (client, item) = with_a().await;
    for accept in [TABLE, PARTIAL] {
        let gone = client.get_as(&format!("{FLUNDERS}/gone"), accept).await;
        gone.expect_status(404, "NotFound", "flunders.wardle.example.com \"gone\" not found");
        client.flunder(if accept == TABLE { "t" } else { "p" }).await;
    }
    let deleted = client.send(Method::DELETE, &item, &[("accept", TABLE)], "").await.expect(StatusCode::OK);
    assert_eq!((&deleted["kind"], &deleted["status"]), (&json!("Status"), &json!("Success")));
    let deleted = client.send(Method::DELETE, &format!("{FLUNDERS}/p"), &[("accept", PARTIAL)], "").await;
    assert_eq!(deleted.expect(StatusCode::OK)["kind"], "Status");
}

#[tokio::test]
async fn c4_2_11_the_wrong_variant_is_406() {
    let (client, item) = with_a().await;
    client.get_as(FLUNDERS, PARTIAL).await.expect_status(
        406,
        "NotAcceptable",
        "you requested PartialObjectMetadata, but the requested object is a list (FlunderList)",
    );
    client.get_as(&item, PARTIAL_LIST).await.expect_status(
        406,
        "NotAcceptable",
        "you requested PartialObjectMetadataList, but the requested object is not a list (Flunder)",
    );
}

#[tokio::test]
async fn c4_2_11_a_list_of_metadata_keeps_its_own() {
    let client = Client::wardle();
    for name in ["a", "b", "c"] {
        client.flunder(name).await;
    }
    let list = client.get_as(&format!("{FLUNDERS}?limit=1"), PARTIAL_LIST).await.expect(StatusCode::OK);
    let metadata = &list["metadata"];
    assert!(metadata["resourceVersion"].is_string() && metadata["continue"].is_string(), "{metadata}");
    assert_eq!(metadata["remainingItemCount"], 2);
    assert_eq!(list["items"][0]["kind"], "PartialObjectMetadata");
}

#[tokio::test]
async fn c4_2_12_how_much_of_its_object_a_row_carries() {
    let (client, item) = with_a().await;
    let whole = client.get(&item).await.json;
    let partial = json!({
        "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": whole["metadata"],
    });
    for (query, object) in [
        ("", &partial),
        ("?includeObject=", &partial),
        ("?includeObject=Metadata", &partial),
        ("?includeObject=Object", &whole),
        ("?includeObject=None", &Value::Null),
    ] {
        for path in [FLUNDERS, &item] {
            let table = client.get_as(&format!("{path}{query}"), TABLE).await.expect(StatusCode::OK);
            assert_eq!(&table["rows"][0]["object"], object, "{path}{query}");
        }
    }
    client.get_as(&format!("{FLUNDERS}?includeObject=x"), TABLE).await.expect_status(
        400,
        "BadRequest",
        "Unable to convert to Table as requested: includeObject: Invalid value: \"x\": must be 'Metadata', 'Object', \
         'None', or empty",
    );
}

#[tokio::test]
async fn c4_2_13_a_table_has_columns_and_rows() {
    let client = Client::wardle();
    let mut body = flunder("a");
    body["spec"] = json!({"referenceType": "Flunder", "flunderReference": "b"});
    client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    client.flunder("b").await;
    let list = client.get(FLUNDERS).await.json;
    let table = client.get_as(FLUNDERS, TABLE).await.expect(StatusCode::OK);
    assert_eq!(table["metadata"], list["metadata"]);
    let columns = table["columnDefinitions"].as_array().unwrap();
    let names: Vec<(&Value, &Value, &Value)> =
        columns.iter().map(|column| (&column["name"], &column["type"], &column["format"])).collect();
    let text = |text: &str| json!(text);
    assert_eq!(
        names,
        [
            (&text("Name"), &text("string"), &text("name")),
            (&text("Reference Type"), &text("string"), &text("")),
            (&text("Age"), &text("date"), &text("")),
        ]
    );
    for column in columns {
        assert!(column["description"].is_string() && column["priority"] == 0, "{column}");
    }
    assert_eq!(table["rows"][0]["cells"][0], "a");
    assert_eq!(table["rows"][0]["cells"][1], "Flunder");
    assert_eq!(table["rows"][1]["cells"][0], "b");
    assert_eq!(table["rows"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn c4_2_13_a_table_of_one_object_has_its_resource_version() {
    let (client, item) = with_a().await;
    let object = client.get(&item).await.json;
    let table = client.get_as(&item, TABLE).await.expect(StatusCode::OK);
    assert_eq!(table["metadata"]["resourceVersion"], object["metadata"]["resourceVersion"]);
    assert_eq!(table["rows"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn c4_2_13_a_page_of_a_table_goes_on() {
    let client = Client::wardle();
    client.flunder("a").await;
    client.flunder("b").await;
    let table = client.get_as(&format!("{FLUNDERS}?limit=1"), TABLE).await.expect(StatusCode::OK);
    assert_eq!(table["metadata"]["remainingItemCount"], 1);
    let token = table["metadata"]["continue"].as_str().expect("a token");
    let rest = client.get_as(&format!("{FLUNDERS}?limit=1&continue={token}"), TABLE).await.expect(StatusCode::OK);
    assert_eq!(rest["rows"][0]["cells"][0], "b");
    let empty = client.get_as(FISCHERS, TABLE).await.expect(StatusCode::OK);
    assert_eq!(empty["rows"], json!([]));
}
