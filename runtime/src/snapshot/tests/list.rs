use futures::future::join_all;

use super::*;
use crate::verb::Getter;
use crate::wire::options::{GetOptions, ResourceVersionMatch};

fn names(list: &crate::List<ConfigMap>) -> Vec<&str> {
    list.items.iter().map(name).collect()
}

fn limit(limit: u64) -> ListOptions {
    ListOptions { limit, ..ListOptions::default() }
}

fn next(page: &crate::List<ConfigMap>, limit: u64) -> ListOptions {
    let continue_token = page.metadata.continue_.clone();
    assert!(continue_token.is_some(), "there is more");
    ListOptions { limit, continue_token, ..ListOptions::default() }
}

async fn expired(world: &World, options: &ListOptions) -> crate::Status {
    let error = world.list(options).await.unwrap_err();
    assert_eq!((error.code(), error.reason()), (410, "Expired"));
    error
}

#[tokio::test]
async fn c4_6_1_get_reads_anew_or_is_404() {
    let world = World::new([object("a", "1")]);
    let get = async |name: &str, cx: Context| world.snapshot.get(&cx, name, &GetOptions::default()).await;
    let cx = || all_namespaces().with_namespace("default");
    assert_eq!(value(&get("a", cx()).await.unwrap()), "1");
    world.set([object("a", "2")]);
    assert_eq!(value(&get("a", cx()).await.unwrap()), "2");
    assert_eq!(get("b", cx()).await.unwrap_err().message(), "configmaps \"b\" not found");
    assert_eq!(get("a", cx().with_namespace("other")).await.unwrap_err().code(), 404);
}

#[tokio::test]
async fn c4_6_2_get_of_a_later_state_is_504() {
    let world = World::new([object("a", "1")]);
    let later = GetOptions { resource_version: Some(world.revision().await + 1) };
    let cx = all_namespaces().with_namespace("default");
    let error = world.snapshot.get(&cx, "a", &later).await.unwrap_err();
    assert_eq!((error.code(), &*error.details().unwrap().causes[0].reason), (504, "ResourceVersionTooLarge"));
}

#[tokio::test]
async fn c4_7_1_list_is_sorted_and_its_version_can_be_watched_from() {
    let world = World::new(["b/x", "a/y", "b/a", "a-b/z", "a/x"].map(|name| object(name, "1")));
    let list = world.list(&ListOptions::default()).await.unwrap();
    // By the bytes of the key: a `-` comes before the `/` after a shorter namespace.
    let keys: Vec<_> = list
        .items
        .iter()
        .map(|item| format!("{}/{}", item.metadata.namespace.as_deref().unwrap(), name(item)))
        .collect();
    assert_eq!(keys, ["a-b/z", "a/x", "a/y", "b/a", "b/x"]);
    let mut events = world.watch(&at(list_revision(&list))).await;
    world.change([object("a/x", "2")]).await;
    assert_eq!(drain(&mut events).0.len(), 5, "four are gone, one is modified");
}

#[tokio::test]
async fn c4_7_1_list_of_a_namespace() {
    let world = World::new(["a/x", "a-b/x", "b/x", "a/y"].map(|name| object(name, "1")));
    let list = world.snapshot.list(&all_namespaces().with_namespace("a"), &ListOptions::default()).await.unwrap();
    assert_eq!(names(&list), ["x", "y"]);
}

#[tokio::test]
async fn c4_7_2_exactly_a_version() {
    let world = World::new([object("a", "1")]);
    let first = world.revision().await;
    let exact = |revision| ListOptions { resource_version_match: Some(ResourceVersionMatch::Exact), ..at(revision) };
    let legacy = |revision| ListOptions { limit: 1, ..at(revision) };
    world.set([object("a", "2")]);
    // Not read anew, because the answer is known.
    assert_eq!(value(&world.list(&exact(first)).await.unwrap().items[0]), "1");
    assert_eq!(value(&world.list(&legacy(first)).await.unwrap().items[0]), "1");
    // Not known, so read anew.
    assert_eq!(value(&world.list(&exact(first + 1)).await.unwrap().items[0]), "2");
    for options in [exact(first), legacy(first)] {
        assert_eq!(expired(&world, &options).await.message(), "The resourceVersion for the provided list is too old.");
    }
}

#[tokio::test]
async fn c4_7_2_any_version_ignores_the_limit() {
    let world = World::new(["a", "b", "c"].map(|name| object(name, "1")));
    let list = world.list(&ListOptions { limit: 1, ..at(0) }).await.unwrap();
    assert_eq!((names(&list), list.metadata.continue_.as_deref()), (vec!["a", "b", "c"], None));
}

#[tokio::test]
async fn c4_7_4_pages_are_of_one_state_of_a_snapshot() {
    let world = World::new(["a/a", "a/b", "a/c", "b/a", "b/b"].map(|name| object(name, "1")));
    let first = world.list(&limit(2)).await.unwrap();
    assert_eq!((names(&first), first.metadata.remaining_item_count), (vec!["a", "b"], Some(3)));
    world.change(["a/c", "z/new"].map(|name| object(name, "2"))).await;

    let second = world.list(&next(&first, 2)).await.unwrap();
    assert_eq!((names(&second), second.metadata.remaining_item_count), (vec!["c", "a"], Some(1)));
    assert_eq!(value(&second.items[0]), "1");
    let third = world.list(&next(&second, 2)).await.unwrap();
    assert_eq!((names(&third), third.metadata.continue_.as_deref()), (vec!["b"], None));
    assert_eq!(list_revision(&third), list_revision(&first));
    // All changes since the first page can be watched.
    assert_eq!(drain(&mut world.watch(&at(list_revision(&third))).await).0.len(), 6);
}

#[tokio::test]
async fn c4_7_5_remaining_items_are_not_counted_under_a_selector() {
    let world =
        World::new(["a", "b", "c"].map(|name| labelled(object(name, "1"), if name == "b" { "y" } else { "x" })));
    let page = world.list(&ListOptions { limit: 1, ..labels("tier=x") }).await.unwrap();
    assert_eq!((names(&page), page.metadata.remaining_item_count), (vec!["a"], None));
    let last =
        world.list(&ListOptions { label_selector: labels("tier=x").label_selector, ..next(&page, 1) }).await.unwrap();
    assert_eq!((names(&last), last.metadata.continue_.as_deref()), (vec!["c"], None));
}

#[tokio::test]
async fn c4_7_9_a_forgotten_page_goes_on_in_the_present() {
    let world = World::new(["a", "b"].map(|name| object(name, "1")));
    let first = world.list(&limit(1)).await.unwrap();
    for round in 0..10 {
        world.set(["a", "b", "c"].map(|name| object(name, &round.to_string())));
        world.list(&limit(1)).await.unwrap();
    }
    let error = expired(&world, &next(&first, 1)).await;
    assert!(
        error.message().starts_with("The provided continue parameter is too old to display a consistent list result.")
    );
    let status: serde_json::Value = serde_json::from_slice(&error.to_json()).unwrap();
    let continue_token = status["metadata"]["continue"].as_str().map(str::to_owned);
    let rest = world.list(&ListOptions { continue_token, ..ListOptions::default() }).await.unwrap();
    assert_eq!((names(&rest), list_revision(&rest)), (vec!["b", "c"], world.revision().await));
}

#[tokio::test]
async fn c4_7_11_list_of_a_later_state_is_504() {
    let world = World::new([object("a", "1")]);
    let revision = world.revision().await;
    let error = world.list(&at(revision + 1)).await.unwrap_err();
    let text = format!("Timeout: Too large resource version: {}, current: {revision}", revision + 1);
    assert_eq!((error.code(), error.message()), (504, text.as_str()));
}

#[tokio::test]
async fn c4_7_15_fields_are_the_name_and_the_namespace() {
    let world = World::new(["a/x", "a/y", "b/x"].map(|name| object(name, "1")));
    assert_eq!(names(&world.list(&fields("metadata.name=x,metadata.namespace!=b")).await.unwrap()), ["x"]);
    let text = "\"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
    assert_eq!(world.list(&fields("data=x")).await.unwrap_err().message(), text);
    assert_eq!(world.snapshot.watch(&all_namespaces(), &fields("data=x")).await.err().unwrap().message(), text);
}

#[tokio::test]
async fn a_volatile_difference_is_shown_but_is_no_change() {
    let world = World::new([with_cpu(object("a", "1"), 1)]);
    let first = world.list(&ListOptions::default()).await.unwrap();
    let mut events = world.watch(&at(list_revision(&first))).await;
    world.set([with_cpu(object("a", "1"), 2)]);
    let second = world.list(&ListOptions::default()).await.unwrap();
    assert_eq!(second.items[0].data.as_ref().unwrap()["cpu"], "2");
    assert_eq!(list_revision(&second), list_revision(&first));
    assert_eq!(resource_version(&second.items[0]), resource_version(&first.items[0]));
    assert_eq!(seen(&mut events, 0), [""; 0]);
}

#[tokio::test]
async fn readers_share_a_read_that_began_after_they_came() {
    let world = World::new([object("a", "1")]);
    let lists = join_all([&at(0); 10].map(|options| world.list(options))).await;
    assert!(lists.iter().all(|list| names(list.as_ref().unwrap()) == ["a"]));
    // One for the first, and one for all who came while it was under way.
    assert_eq!(world.reads.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_reader_who_leaves_takes_nothing_from_the_others() {
    let world = World::new([object("a", "1")]);
    assert!(world.list(&at(0)).now_or_never().is_none(), "under way");
    assert_eq!(names(&world.list(&at(0)).await.unwrap()), ["a"]);
}

#[tokio::test]
async fn an_error_or_a_panic_of_the_function_is_the_answer() {
    let broken =
        Snapshot::<ConfigMap>::builder(async || Err(crate::Status::service_unavailable("no rows today"))).build();
    let error = broken.list(&all_namespaces(), &ListOptions::default()).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (503, "no rows today"));
    let panicking = Snapshot::<ConfigMap>::blocking(|| panic!("no")).build();
    assert_eq!(panicking.list(&all_namespaces(), &ListOptions::default()).await.unwrap_err().code(), 500);
    let nameless = Snapshot::blocking(|| Ok(vec![ConfigMap::default()])).build();
    assert_eq!(nameless.list(&all_namespaces(), &ListOptions::default()).await.unwrap_err().code(), 500);
}
