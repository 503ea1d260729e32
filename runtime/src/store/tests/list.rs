//! Get and list (contract 4.6.2, 4.7.1-4.7.15).

use super::*;
use crate::verb::List;
use crate::wire::continue_token::ContinueToken;
use crate::wire::options::ResourceVersionMatch;

async fn filled() -> Store<Thing> {
    let store = store();
    for name in ["c", "a", "b", "e", "d"] {
        create(&store, thing(name)).await.unwrap();
    }
    store
}

async fn list(store: &Store<Thing>, options: &ListOptions) -> Result<List<Thing>> {
    store.list(&cx(), options).await
}

fn page(limit: u64, token: Option<String>) -> ListOptions {
    ListOptions { limit, continue_token: token, ..ListOptions::default() }
}

fn exactly(revision: u64) -> ListOptions {
    ListOptions { resource_version_match: Some(ResourceVersionMatch::Exact), ..from(revision) }
}

#[tokio::test]
async fn c4_7_1_a_list_is_ordered_and_is_of_one_revision() {
    let store = filled().await;
    let list = list(&store, &ListOptions::default()).await.unwrap();
    assert_eq!(list.metadata.resource_version.as_deref(), Some("6"));
    assert_eq!(names(&store, &cx(), &ListOptions::default()).await, ["a", "b", "c", "d", "e"]);
    let empty = Store::<Thing>::new(&StoreOptions::memory());
    let list = empty.list(&cx(), &ListOptions::default()).await.unwrap();
    assert_eq!((list.items.len(), list.metadata.resource_version.as_deref()), (0, Some("1")));
}

#[tokio::test]
async fn c6_1_1_a_namespace_is_not_the_prefix_of_another() {
    let store = store();
    for namespace in ["ns", "ns-2", "n"] {
        let cx = anywhere().with_namespace(namespace);
        store.create(&cx, thing("a"), &Admit::all(), &CreateOptions::default()).await.unwrap();
    }
    assert_eq!(names(&store, &cx(), &ListOptions::default()).await.len(), 1);
    assert_eq!(names(&store, &anywhere(), &ListOptions::default()).await.len(), 3);
    assert_eq!(names(&store, &anywhere(), &by_fields("metadata.namespace=n")).await.len(), 1);
    assert_eq!(names(&store, &anywhere(), &by_fields("metadata.namespace!=n")).await.len(), 2);
}

#[tokio::test]
async fn c4_7_2_the_revision_of_a_list() {
    let store = filled().await;
    let at = |options| {
        let store = &store;
        async move { names(store, &cx(), &options).await.len() }
    };
    assert_eq!(at(exactly(3)).await, 2);
    assert_eq!(at(ListOptions { limit: 9, ..from(3) }).await, 2);
    assert_eq!(at(from(3)).await, 5);
    let not_older = ListOptions { resource_version_match: Some(ResourceVersionMatch::NotOlderThan), ..from(3) };
    assert_eq!(at(ListOptions { limit: 1, ..not_older }).await, 1);
    let any = list(&store, &ListOptions { limit: 2, ..from(0) }).await.unwrap();
    assert_eq!((any.items.len(), any.metadata.continue_), (5, None));
    assert_eq!(list(&store, &exactly(0)).await.unwrap_err().code(), 422);
}

#[tokio::test]
async fn c4_7_4_pages_are_of_one_snapshot() {
    let store = filled().await;
    let first = list(&store, &page(2, None)).await.unwrap();
    assert_eq!(first.metadata.remaining_item_count, Some(3));
    delete(&store, "c").await.unwrap();
    create(&store, thing("bb")).await.unwrap();
    let mut old = get(&store, "d").await.unwrap();
    old.spec.size = 1;
    put(&store, old).await.unwrap();

    let second = list(&store, &page(2, first.metadata.continue_)).await.unwrap();
    assert_eq!(second.metadata.resource_version.as_deref(), Some("6"));
    let seen: Vec<_> =
        second.items.iter().map(|thing| (thing.metadata.name.as_deref().unwrap(), thing.spec.size)).collect();
    assert_eq!(seen, [("c", 0), ("d", 0)]);
    let third = list(&store, &page(2, second.metadata.continue_)).await.unwrap();
    assert_eq!(third.items.len(), 1);
    assert_eq!((third.metadata.continue_, third.metadata.remaining_item_count), (None, None));
}

#[tokio::test]
async fn c4_7_5_selectors_hide_how_many_remain() {
    let store = filled().await;
    let list = list(&store, &ListOptions { limit: 1, ..by_labels("!x") }).await.unwrap();
    assert!(list.metadata.continue_.is_some());
    assert_eq!(list.metadata.remaining_item_count, None);
}

#[tokio::test]
async fn c4_7_9_an_expired_token_is_410_with_a_fresh_one() {
    let store =
        Store::<Thing>::new(&StoreOptions::new(Arc::new(crate::backend::Memory::with_history(2))).watch_history(2));
    for name in ["a", "b", "c"] {
        create(&store, thing(name)).await.unwrap();
    }
    let first = list(&store, &page(1, None)).await.unwrap();
    for name in ["d", "e", "f"] {
        create(&store, thing(name)).await.unwrap();
    }
    list(&store, &ListOptions::default()).await.unwrap();
    let status = list(&store, &page(1, first.metadata.continue_)).await.unwrap_err();
    assert_eq!((status.code(), status.reason()), (410, "Expired"));
    assert!(
        status.message().starts_with("The provided continue parameter is too old to display a consistent list result.")
    );
    let fresh = serde_json::to_value(&status).unwrap()["metadata"]["continue"].as_str().unwrap().to_owned();
    assert_eq!(ContinueToken::decode(&fresh).unwrap().resource_version, -1);
    let rest = list(&store, &page(3, Some(fresh))).await.unwrap();
    let names: Vec<_> = rest.items.iter().map(|thing| thing.metadata.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["b", "c", "d"]);
    assert_eq!(rest.metadata.resource_version.as_deref(), Some("7"));

    let message = "The resourceVersion for the provided list is too old.";
    assert_status(list(&store, &exactly(2)).await, 410, "Expired", message);
}

#[tokio::test]
async fn c4_7_10_the_backend_may_hold_more_than_the_cache() {
    let options = StoreOptions::memory();
    let store = Store::<Thing>::new(&options);
    for name in ["a", "b", "c"] {
        create(&store, thing(name)).await.unwrap();
    }
    // Another process, say, whose cache begins with the last event.
    let late = Store::<Thing>::new(&options.watch_history(1));
    assert_eq!(names(&late, &cx(), &ListOptions::default()).await.len(), 3);
    assert_eq!(names(&late, &cx(), &exactly(3)).await, ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn c4_7_11_a_revision_of_the_future_is_504() {
    let store = filled().await;
    let message = "Timeout: Too large resource version: 99, current: 6";
    for options in [exactly(99), from(99)] {
        let status = assert_status(list(&store, &options).await, 504, "Timeout", message);
        assert_eq!(status.details().unwrap().causes[0].reason, "ResourceVersionTooLarge");
    }
    let options = GetOptions { resource_version: Some(99) };
    assert_status(store.get(&cx(), "a", &options).await, 504, "Timeout", message);
}

#[tokio::test]
async fn c4_7_7_a_token_excludes_a_resource_version() {
    let token = ContinueToken::encode("a\0", 1);
    let options = ListOptions { continue_token: Some(token), ..from(3) };
    let message = "specifying resource version is not allowed when using continue";
    assert_status(list(&store(), &options).await, 400, "BadRequest", message);
}

#[tokio::test]
async fn c4_7_13_lists_select_by_labels() {
    let store = store();
    for (name, label) in [("a", "x"), ("b", "y"), ("c", "x")] {
        create(&store, labelled(name, label)).await.unwrap();
    }
    assert_eq!(names(&store, &cx(), &by_labels("app=x")).await, ["a", "c"]);
    assert_eq!(names(&store, &cx(), &by_labels("app notin (x)")).await, ["b"]);
}

#[tokio::test]
async fn c4_7_15_lists_select_by_known_fields() {
    let store = store().selectable_fields(["spec.colour", "spec.size"]);
    for (name, colour) in [("a", Some("red")), ("b", None), ("c", Some("blue"))] {
        let spec = ThingSpec { size: 1, colour: colour.map(str::to_owned) };
        create(&store, Thing::new(name, spec)).await.unwrap();
    }
    for (selector, expected) in [
        ("metadata.name=b", vec!["b"]),
        ("metadata.name!=b", vec!["a", "c"]),
        ("metadata.name=x", vec![]),
        ("metadata.name=a,metadata.name=b", vec![]),
        ("spec.colour=red", vec!["a"]),
        ("spec.colour=", vec!["b"]),
        ("spec.colour!=red,spec.size=1", vec!["b", "c"]),
    ] {
        assert_eq!(names(&store, &cx(), &by_fields(selector)).await, expected, "{selector}");
        assert_eq!(names(&store, &anywhere(), &by_fields(selector)).await, expected, "{selector}");
    }
    let message = "\"spec.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\", \"spec.colour\", \"spec.size\"";
    assert_status(list(&store, &by_fields("spec.x=1")).await, 400, "BadRequest", message);
}

#[tokio::test]
async fn c6_1_2_stores_share_one_counter() {
    let options = StoreOptions::memory();
    let info = ResourceInfo::new("", "v1", "notes", "Note", Scope::Cluster);
    let (things, notes) = (Store::<Thing>::new(&options), Store::for_resource(&options, &info));
    let cx = Context::new(Arc::new(info));
    create(&things, thing("a")).await.unwrap();
    let note =
        serde_json::from_value(json!({"apiVersion": "v1", "kind": "Note", "metadata": {"name": "n"}, "text": 1}));
    let note = notes.create(&cx, note.unwrap(), &Admit::all(), &CreateOptions::default()).await.unwrap();
    assert_eq!((note.metadata.resource_version.as_deref(), note.metadata.namespace), (Some("3"), None));
    let Reply::Encoded(json) = notes.get_reply(&cx, "n", &GetOptions::default()).await.unwrap() else { panic!() };
    let json: Value = serde_json::from_slice(json.json()).unwrap();
    assert_eq!(
        (&json["text"], &json["kind"], &json["metadata"]["resourceVersion"]),
        (&json!(1), &json!("Note"), &json!("3"))
    );
    let things = things.list(&self::cx(), &ListOptions::default()).await.unwrap();
    assert_eq!(things.metadata.resource_version.as_deref(), Some("3"));
}
