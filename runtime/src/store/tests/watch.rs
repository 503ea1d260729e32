//! Watch (contract 4.8.3-4.8.10, 4.8.22).

use std::time::Duration;

use super::*;
use crate::store::StoreOptions;
use crate::verb::Storage;
use crate::wire::options::ResourceVersionMatch;

fn bookmarks(options: ListOptions) -> ListOptions {
    ListOptions { allow_watch_bookmarks: true, ..options }
}

fn initial(send: bool, options: ListOptions) -> ListOptions {
    let resource_version_match = Some(ResourceVersionMatch::NotOlderThan);
    ListOptions { send_initial_events: Some(send), resource_version_match, ..options }
}

async fn set_label(store: &Store<Thing>, name: &str, label: &str) {
    let mut thing = get(store, name).await.unwrap();
    thing.metadata.labels = Some(BTreeMap::from([("app".to_owned(), label.to_owned())]));
    put(store, thing).await.unwrap();
}

#[tokio::test]
async fn c4_8_4_a_watch_goes_on_behind_a_revision() {
    let store = store();
    create(&store, thing("a")).await.unwrap();
    create(&store, thing("b")).await.unwrap();
    let mut stream = watch(&store, &cx(), from(2)).await;
    assert_eq!(next(&mut stream).await, event("ADDED", "b", 3));
    set_label(&store, "a", "x").await;
    delete(&store, "a").await.unwrap();
    assert_eq!(next(&mut stream).await, event("MODIFIED", "a", 4));
    assert_eq!(next(&mut stream).await, event("DELETED", "a", 5));
}

#[tokio::test]
async fn c4_8_6_initial_events_end_with_a_bookmark() {
    let store = store();
    create(&store, thing("b")).await.unwrap();
    create(&store, thing("a")).await.unwrap();
    let mut streams = Vec::new();
    for options in [ListOptions::default(), from(0), initial(true, ListOptions::default()), initial(true, from(2))] {
        streams.push(watch(&store, &cx(), bookmarks(options)).await);
    }
    for mut stream in streams {
        assert_eq!(next(&mut stream).await, event("ADDED", "a", 3));
        assert_eq!(next(&mut stream).await, event("ADDED", "b", 2));
        assert_eq!(next(&mut stream).await, Seen::InitialEventsEnd(3));
    }
}

#[tokio::test]
async fn c4_8_4_initial_events_can_be_left_out() {
    let store = store();
    create(&store, thing("a")).await.unwrap();
    let mut stream = watch(&store, &cx(), bookmarks(initial(false, ListOptions::default()))).await;
    let task = tokio::spawn(async move { next(&mut stream).await });
    tokio::task::yield_now().await;
    create(&store, thing("b")).await.unwrap();
    // Where the watch begins is not said: behind a or behind b, but never before a.
    set_label(&store, "b", "x").await;
    assert_ne!(task.await.unwrap(), event("ADDED", "a", 2));
}

#[tokio::test]
async fn c4_8_8_selectors_make_objects_appear_and_vanish() {
    let store = store();
    let mut stream = watch(&store, &cx(), ListOptions { resource_version: Some(1), ..by_labels("app=x") }).await;
    create(&store, labelled("a", "x")).await.unwrap();
    create(&store, labelled("b", "y")).await.unwrap();
    set_label(&store, "b", "x").await;
    set_label(&store, "a", "y").await;
    set_label(&store, "a", "z").await;
    delete(&store, "b").await.unwrap();
    assert_eq!(next(&mut stream).await, event("ADDED", "a", 2));
    assert_eq!(next(&mut stream).await, event("ADDED", "b", 4));
    let Some(Ok(WatchEvent::Encoded(gone))) = stream.next().await else { panic!("no event") };
    let gone: Value = serde_json::from_slice(&gone.frame()).unwrap();
    assert_eq!(gone["type"], "DELETED");
    assert_eq!(gone["object"]["metadata"]["labels"]["app"], "x");
    assert_eq!(gone["object"]["metadata"]["resourceVersion"], "5");
    assert_eq!(next(&mut stream).await, event("DELETED", "b", 7));
}

#[tokio::test]
async fn c4_8_8_watches_select_by_namespace_and_name() {
    let store = store();
    let mut named =
        watch(&store, &cx(), ListOptions { resource_version: Some(1), ..by_fields("metadata.name=b") }).await;
    let mut other = watch(&store, &anywhere().with_namespace("other"), from(1)).await;
    let mut all = watch(&store, &anywhere(), from(1)).await;
    create(&store, thing("a")).await.unwrap();
    create(&store, thing("b")).await.unwrap();
    let cx = anywhere().with_namespace("other");
    store.create(&cx, thing("b"), &Admit::all(), &CreateOptions::default()).await.unwrap();
    assert_eq!(next(&mut named).await, event("ADDED", "b", 3));
    assert_eq!(next(&mut other).await, event("ADDED", "b", 4));
    for (name, revision) in [("a", 2), ("b", 3), ("b", 4)] {
        assert_eq!(next(&mut all).await, event("ADDED", name, revision));
    }
}

#[tokio::test]
async fn c4_8_10_a_revision_too_old_is_an_error_event() {
    let store = Store::<Thing>::new(&StoreOptions::memory().watch_history(2));
    get(&store, "fill the cache").await.unwrap_err();
    for name in ["a", "b", "c", "d"] {
        create(&store, thing(name)).await.unwrap();
    }
    assert_eq!(names(&store, &cx(), &ListOptions::default()).await.len(), 4);
    let mut stream = watch(&store, &cx(), from(2)).await;
    assert_eq!(next(&mut stream).await, Seen::Error(410, "too old resource version: 2 (3)".to_owned()));
    assert_eq!(next(&mut stream).await, Seen::End);
    let mut stream = watch(&store, &cx(), from(3)).await;
    assert_eq!(next(&mut stream).await, event("ADDED", "c", 4));
}

#[tokio::test(start_paused = true)]
async fn c4_8_11_a_revision_of_the_future_is_an_error_event() {
    let store = store();
    let mut stream = watch(&store, &cx(), from(99)).await;
    let message = "Timeout: Too large resource version: 99, current: 1";
    assert_eq!(next(&mut stream).await, Seen::Error(504, message.to_owned()));
    assert_eq!(next(&mut stream).await, Seen::End);
}

#[tokio::test]
async fn c4_8_11_a_bad_selector_is_no_event() {
    let options = ListOptions { watch: true, ..by_fields("spec.x=1") };
    assert_eq!(store().watch(&cx(), &options).await.err().unwrap().code(), 400);
}

#[tokio::test(start_paused = true)]
async fn c4_8_7_bookmarks_tell_of_other_resources_too() {
    let options = StoreOptions::memory();
    let store = Store::<Thing>::new(&options);
    let info = ResourceInfo::new("", "v1", "notes", "Note", Scope::Cluster);
    let notes = Store::for_resource(&options, &info);
    create(&store, thing("a")).await.unwrap();
    let mut stream = watch(&store, &cx(), bookmarks(from(2))).await;
    let note = serde_json::from_value(json!({"apiVersion": "v1", "kind": "Note", "metadata": {"name": "n"}}));
    notes.create(&Context::new(Arc::new(info)), note.unwrap(), &Admit::all(), &CreateOptions::default()).await.unwrap();
    assert_eq!(next(&mut stream).await, Seen::Bookmark(3));
    assert_eq!(next(&mut stream).await, Seen::Bookmark(3));
    create(&store, thing("b")).await.unwrap();
    assert_eq!(next(&mut stream).await, event("ADDED", "b", 4));
}

#[tokio::test]
async fn c6_4_9_a_slow_watcher_is_ended_and_nobody_waits_for_it() {
    let store = Store::<Thing>::new(&StoreOptions::memory().watch_history(4));
    let mut slow = watch(&store, &cx(), from(1)).await;
    let mut quick = watch(&store, &cx(), from(1)).await;
    create(&store, thing("x0")).await.unwrap();
    assert_eq!(next(&mut slow).await, event("ADDED", "x0", 2));
    assert_eq!(next(&mut quick).await, event("ADDED", "x0", 2));
    for i in 1..9 {
        create(&store, thing(&format!("x{i}"))).await.unwrap();
        assert_eq!(next(&mut quick).await, event("ADDED", &format!("x{i}"), i + 2));
    }
    assert_eq!(next(&mut slow).await, Seen::End);
}

#[tokio::test]
async fn c6_4_10_watchers_share_one_frame() {
    let store = store();
    let mut streams = [watch(&store, &cx(), from(1)).await, watch(&store, &anywhere(), from(1)).await];
    create(&store, thing("a")).await.unwrap();
    let mut frames = Vec::new();
    for stream in &mut streams {
        let Some(Ok(WatchEvent::Encoded(event))) = stream.next().await else { panic!("no event") };
        frames.push(event.frame());
    }
    assert_eq!(frames[0].as_ptr(), frames[1].as_ptr());
}

#[tokio::test]
async fn c1_1_watches_end_with_the_store() {
    let store = store();
    let mut stream = watch(&store, &cx(), ListOptions::default()).await;
    let end = tokio::spawn(async move { next(&mut stream).await });
    tokio::time::timeout(Duration::from_mins(1), async {
        tokio::task::yield_now().await;
        store.destroy().await;
        assert_eq!(end.await.unwrap(), Seen::End);
    })
    .await
    .unwrap();
}
