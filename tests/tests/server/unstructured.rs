//! A resource that is known only at run time: described by a value, installed and removed while the server works.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use http::{Method, Request, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use kube::api::{Api, DynamicObject, ListParams, PostParams, WatchEvent, WatchParams};
use kube::core::{ApiResource, GroupVersionKind};
use rest_resource::server::Resource;
use rest_resource::wire::table::PrinterColumn;
use rest_resource::{ResourceInfo, Scope, Store, StoreOptions};
use rest_resource_tests::Client;
use rest_resource_tests::client::FLUNDERS;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tower::ServiceExt;

const GADGETS: &str = "/apis/workshop.example.com/v1/namespaces/default/gadgets";

/// What a custom resource definition would say.
fn gadgets() -> Resource {
    let mut info = ResourceInfo::new("workshop.example.com", "v1", "gadgets", "Gadget", Scope::Namespaced);
    info.short_names = vec!["gd".into()].into();
    let columns = [PrinterColumn::new("Colour", ".spec.colour")];
    let store = Store::for_resource(&StoreOptions::memory(), &info);
    Resource::unstructured(info, &columns, store)
}

fn gadget(name: &str) -> Value {
    json!({
        "apiVersion": "workshop.example.com/v1", "kind": "Gadget", "metadata": {"name": name},
        "spec": {"colour": "red", "sizes": [1, 2.5, null]},
    })
}

/// `wardle`, and gadgets that came later.
fn workshop() -> Client {
    let client = Client::wardle();
    client.server.install(gadgets()).expect("gadgets are new");
    client
}

async fn groups(client: &Client) -> Vec<Value> {
    let list = client.get("/apis").await.expect(StatusCode::OK);
    list["groups"].as_array().into_iter().flatten().map(|group| group["name"].clone()).collect()
}

#[tokio::test]
async fn it_is_created_read_changed_and_deleted() {
    let client = workshop();
    let created = client.post(GADGETS, &gadget("a")).await.expect(StatusCode::CREATED);
    assert_eq!(created["spec"], gadget("a")["spec"]);
    assert!(created["metadata"]["uid"].is_string(), "{created}");
    let item = format!("{GADGETS}/a");
    assert_eq!(client.get(&item).await.expect(StatusCode::OK), created);
    let list = client.get(GADGETS).await.expect(StatusCode::OK);
    assert_eq!((&list["kind"], &list["items"]), (&json!("GadgetList"), &json!([created])));
    let mut object = created;
    object["data"] = json!({"anything": true});
    let mut object = client.put(&item, &object).await.expect(StatusCode::OK);
    assert_eq!(object["data"]["anything"], true);
    object = client.merge_patch(&item, &json!({"spec": {"colour": "blue"}})).await.expect(StatusCode::OK);
    assert_eq!(object["spec"], json!({"colour": "blue", "sizes": [1, 2.5, null]}));
    client.post(GADGETS, &gadget("a")).await.expect(StatusCode::CONFLICT);
    client.delete(&item).await.expect(StatusCode::OK);
    let message = "gadgets.workshop.example.com \"a\" not found";
    client.get(&item).await.expect_status(404, "NotFound", message);
}

/// The shortest text of a number is read as the number that it was written for, and not as one of its neighbours.
#[tokio::test]
async fn c4_9_7_a_number_stays_the_same_however_often_it_is_written() {
    let client = workshop();
    let number = "9.223372203687477e+19";
    let mut object = gadget("a");
    object["spec"]["size"] = 9.223_372_203_687_477e19.into();
    let mut answer = client.post(GADGETS, &object).await;
    let version = answer.json["metadata"]["resourceVersion"].clone();
    for _ in 0..3 {
        assert!(answer.text.contains(number), "{}", answer.text);
        assert_eq!(answer.json["metadata"]["resourceVersion"], version);
        answer = client.put(&format!("{GADGETS}/a"), &answer.json).await;
    }
}

#[tokio::test]
async fn another_kind_is_refused() {
    let client = workshop();
    let mut other = gadget("a");
    other["kind"] = "Gizmo".into();
    client.post(GADGETS, &other).await.expect(StatusCode::BAD_REQUEST);
    other = gadget("a");
    other["apiVersion"] = "workshop.example.com/v2".into();
    client.post(GADGETS, &other).await.expect(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn its_table_has_the_columns_of_its_description() {
    let client = workshop();
    client.post(GADGETS, &gadget("a")).await.expect(StatusCode::CREATED);
    let table = client.get_as(GADGETS, "application/json;as=Table;v=v1;g=meta.k8s.io").await.expect(StatusCode::OK);
    let columns: Vec<&Value> =
        table["columnDefinitions"].as_array().into_iter().flatten().map(|c| &c["name"]).collect();
    assert_eq!((columns, &table["rows"][0]["cells"]), (vec![&json!("Name"), &json!("Colour")], &json!(["a", "red"])));
}

#[tokio::test]
async fn it_is_discovered_as_soon_as_it_is_installed() {
    let client = Client::wardle();
    assert_eq!(groups(&client).await, ["wardle.example.com"]);
    client.get(GADGETS).await.expect(StatusCode::NOT_FOUND);
    client.server.install(gadgets()).expect("gadgets are new");
    assert_eq!(groups(&client).await, ["wardle.example.com", "workshop.example.com"]);
    let list = client.get("/apis/workshop.example.com/v1").await.expect(StatusCode::OK);
    assert_eq!(
        (&list["resources"][0]["name"], &list["resources"][0]["shortNames"]),
        (&json!("gadgets"), &json!(["gd"]))
    );
    let document = client.get("/openapi/v3/apis/workshop.example.com/v1").await.expect(StatusCode::OK);
    assert!(document["paths"]["/apis/workshop.example.com/v1/gadgets"]["get"].is_object());
    let again = client.server.install(gadgets()).expect_err("it is there already");
    assert_eq!(again.0[0].message, "the resource is installed twice");
}

#[tokio::test]
async fn kube_works_with_it() {
    let kube = kube::Client::new(workshop().server, "default");
    let kind = GroupVersionKind::gvk("workshop.example.com", "v1", "Gadget");
    let resource = ApiResource::from_gvk(&kind);
    let gadgets: Api<DynamicObject> = Api::default_namespaced_with(kube, &resource);
    let object = DynamicObject::new("a", &resource).data(json!({"spec": {"colour": "red"}}));
    gadgets.create(&PostParams::default(), &object).await.expect("a gadget");
    let list = gadgets.list(&ListParams::default()).await.expect("a list");
    assert_eq!(list.items[0].data["spec"]["colour"], "red");
    let mut watch = std::pin::pin!(gadgets.watch(&WatchParams::default(), "0").await.expect("a watch"));
    let event = watch.try_next().await.expect("an event");
    assert!(matches!(event, Some(WatchEvent::Added(_))), "{event:?}");
}

#[tokio::test]
async fn when_it_is_removed_watches_end_and_nothing_names_it() {
    let client = workshop();
    client.flunder("a").await;
    client.post(GADGETS, &gadget("a")).await.expect(StatusCode::CREATED);
    let mut watch = client.watch(&format!("{GADGETS}?watch=true")).await;
    let mut other = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    assert_eq!(other.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    assert_eq!(client.server.remove("workshop.example.com", "gadgets").await, Ok(true));
    assert_eq!(watch.next().await, None);
    assert_eq!(groups(&client).await, ["wardle.example.com"]);
    for path in [
        GADGETS,
        "/apis/workshop.example.com",
        "/apis/workshop.example.com/v1",
        "/openapi/v3/apis/workshop.example.com/v1",
    ] {
        client.get(path).await.expect(StatusCode::NOT_FOUND);
    }
    let index = client.get("/openapi/v3").await.expect(StatusCode::OK);
    assert!(!index.to_string().contains("workshop"), "{index}");
    client.post(GADGETS, &gadget("b")).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(client.server.remove("workshop.example.com", "gadgets").await, Ok(false));
    // The other resources go on.
    client.flunder("b").await;
    assert_eq!(other.next_name().await, ("ADDED".to_owned(), "b".to_owned()));
}

#[tokio::test]
async fn a_parent_is_not_removed_before_its_subresources() {
    let client = Client::wardle();
    let error = client.server.remove("wardle.example.com", "flunders").await.expect_err("there is a status");
    assert_eq!(error.0[0].message, "missing parent storage: \"flunders\"");
    client.flunder("a").await;
    assert_eq!(client.server.remove("wardle.example.com", "flunders/status").await, Ok(true));
    client.get(&format!("{FLUNDERS}/a/status")).await.expect(StatusCode::NOT_FOUND);
    client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
}

/// Every request sees the resource or does not see it; none sees half of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_comes_and_goes_while_requests_run() {
    let client = workshop();
    client.flunder("a").await;
    let readers = (0..8).map(|reader| {
        let client = client.clone();
        tokio::spawn(async move {
            for round in 0.. {
                // In-process requests need not wait for anything; the others get their turn by this.
                tokio::task::yield_now().await;
                assert_eq!(client.get(&format!("{FLUNDERS}/a")).await.code, StatusCode::OK);
                let name = format!("g-{reader}-{round}");
                let created = client.post(GADGETS, &gadget(&name)).await;
                if created.code == StatusCode::NOT_FOUND {
                    assert_eq!(created.text, "404 page not found\n");
                    return round;
                }
                assert_eq!(created.code, StatusCode::CREATED, "{}", created.text);
            }
            unreachable!("a range without an end")
        })
    });
    let readers: Vec<_> = readers.collect();
    // Somebody has been served, so that the requests run.
    let mut watch = client.watch(&format!("{GADGETS}?watch=true")).await;
    assert_eq!(watch.next_name().await.0, "ADDED");
    assert_eq!(client.server.remove("workshop.example.com", "gadgets").await, Ok(true));
    let mut served = 0;
    for reader in readers {
        served += reader.await.expect("every answer was a good one");
    }
    assert!(served > 0);
    while watch.next().await.is_some() {}
    client.server.install(gadgets()).expect("gadgets are gone");
    assert_eq!(client.get(GADGETS).await.expect(StatusCode::OK)["items"], json!([]));
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered() {
    let client = workshop();
    let (send, rest) = oneshot::channel::<Bytes>();
    let (asked, begun) = oneshot::channel::<()>();
    let text = gadget("a").to_string();
    let (head, tail) = text.split_at(20);
    let first = stream::once({
        let head = Bytes::copy_from_slice(head.as_bytes());
        async move {
            asked.send(()).expect("somebody waits");
            Ok::<_, std::io::Error>(Frame::data(head))
        }
    });
    let second = stream::once(async { rest.await.map(Frame::data).map_err(std::io::Error::other) });
    let body = StreamBody::new(Box::pin(first.chain(second)));
    let request = Request::builder().method(Method::POST).uri(GADGETS).body(body).expect("a request");
    let answer = tokio::spawn(client.server.clone().oneshot(request));
    begun.await.expect("the server reads the body");
    let server = client.server.clone();
    let removing = tokio::spawn(async move { server.remove("workshop.example.com", "gadgets").await });
    while client.get(GADGETS).await.code != StatusCode::NOT_FOUND {
        tokio::task::yield_now().await;
    }
    send.send(Bytes::copy_from_slice(tail.as_bytes())).expect("the server reads on");
    let Ok(response) = answer.await.expect("no panic");
    let code = response.status();
    let body = response.into_body().collect().await.expect("the response is whole").to_bytes();
    assert_eq!(code, StatusCode::CREATED, "{}", String::from_utf8_lossy(&body));
    assert_eq!(removing.await.expect("no panic"), Ok(true));
}

/// As on custom resources: nothing says how the lists of its objects merge.
#[tokio::test]
async fn c4_9_17_strategic_merge_is_not_for_custom_resources() {
    let client = workshop();
    client.post(GADGETS, &gadget("a")).await.expect(StatusCode::CREATED);
    let item = format!("{GADGETS}/a");
    let message = "the body of the request was in an unknown format - accepted media types include: \
                   application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";
    client.strategic_patch(&item, &json!({})).await.expect_status(415, "UnsupportedMediaType", message);
    let document = client.get("/openapi/v3/apis/workshop.example.com/v1").await.expect(StatusCode::OK);
    let path = "/apis/workshop.example.com/v1/namespaces/{namespace}/gadgets/{name}";
    let content = &document["paths"][path]["patch"]["requestBody"]["content"];
    assert!(content["application/merge-patch+json"].is_object(), "{content}");
    assert!(content["application/strategic-merge-patch+json"].is_null(), "{content}");
}
