//! What is held for who comes back or reads slowly (contract 6.4.3-6.4.6, 6.4.9, 6.4.11).

use std::time::Duration;

use super::*;
use crate::backend::{Backend, Memory};
use crate::store::StoreOptions;
use crate::store::entry::Entry;
use crate::verb::{List, Storage};
use crate::wire::options::ResourceVersionMatch;

async fn create_some(store: &Store<Thing>, names: impl IntoIterator<Item = String>) {
    for name in names {
        create(store, thing(&name)).await.unwrap();
    }
}

fn sized(name: &str, bytes: usize) -> Thing {
    Thing::new(name, ThingSpec { size: 0, colour: Some("x".repeat(bytes)) })
}

/// The oldest revision behind which a watch may begin.
async fn oldest(store: &Store<Thing>) -> u64 {
    // What has been written has come to the cache then.
    names(store, &cx(), &by_fields("metadata.name=none")).await;
    let mut stream = watch(store, &cx(), from(1)).await;
    let Seen::Error(410, message) = next(&mut stream).await else { return 1 };
    let oldest = message.strip_prefix("too old resource version: 1 (").and_then(|rest| rest.strip_suffix(")"));
    let oldest = oldest.unwrap().parse().unwrap();
    let mut stream = watch(store, &cx(), from(oldest)).await;
    assert!(matches!(next(&mut stream).await, Seen::Event(_, _, revision) if revision == oldest + 1));
    oldest
}

/// All that a stream has to tell, up to its end.
async fn all(stream: &mut WatchStream<Thing>) -> usize {
    let mut seen = 0;
    while next(stream).await != Seen::End {
        seen += 1;
    }
    seen
}

#[tokio::test(start_paused = true)]
async fn c6_4_4_young_events_are_held_and_of_the_others_a_hundred() {
    let store = store();
    get(&store, "fill the cache").await.unwrap_err();
    create_some(&store, (0..300).map(|number| format!("x{number}"))).await;
    assert_eq!(oldest(&store).await, 1);
    tokio::time::advance(Duration::from_secs(74)).await;
    create(&store, thing("a")).await.unwrap();
    assert_eq!(oldest(&store).await, 1);

    tokio::time::advance(Duration::from_secs(2)).await;
    create(&store, thing("b")).await.unwrap();
    // The last of 302 events is at 303.
    assert_eq!(oldest(&store).await, 203);
    tokio::time::advance(Duration::from_hours(1)).await;
    create(&store, thing("c")).await.unwrap();
    assert_eq!(oldest(&store).await, 204);
}

#[tokio::test]
async fn c6_4_4_of_large_objects_few_events_are_held() {
    let store = Store::<Thing>::new(&StoreOptions::memory().watch_history_bytes(100_000));
    let mut quick = watch(&store, &cx(), from(1)).await;
    let mut thing = create(&store, sized("a", 10_000)).await.unwrap();
    assert_eq!(next(&mut quick).await, event("ADDED", "a", 2));
    for size in 1..=20 {
        thing.spec.size = size;
        thing = put(&store, thing).await.unwrap();
        assert_eq!(next(&mut quick).await, event("MODIFIED", "a", revision(&thing)));
    }
    // Each has the object before and the one behind it.
    assert_eq!(oldest(&store).await, 22 - 4);

    // One that has no room is told nevertheless.
    for name in ["b", "c"] {
        let large = create(&store, sized(name, 200_000)).await.unwrap();
        assert_eq!(next(&mut quick).await, event("ADDED", name, revision(&large)));
        assert_eq!(oldest(&store).await, revision(&large) - 1);
    }
}

#[tokio::test]
async fn c6_4_6_when_everything_is_read_again_the_watches_end() {
    let store = Store::<Thing>::new(&StoreOptions::new(Arc::new(Memory::with_history(2))));
    create(&store, thing("a")).await.unwrap();
    let mut stream = watch(&store, &cx(), ListOptions::default()).await;
    assert_eq!(next(&mut stream).await, event("ADDED", "a", 2));
    // They are written before the feed has a turn to follow.
    create_some(&store, (0..10).map(|number| format!("x{number}"))).await;
    assert_eq!(next(&mut stream).await, Seen::End);
    // Of what was before it is read again, no events are held.
    assert_eq!(names(&store, &cx(), &ListOptions::default()).await.len(), 11);
    let mut stream = watch(&store, &cx(), from(12)).await;
    create(&store, thing("b")).await.unwrap();
    assert_eq!(next(&mut stream).await, event("ADDED", "b", 13));
}

#[tokio::test]
async fn changes_of_one_revision_are_not_torn_apart() {
    let store = store();
    let mut stream = watch(&store, &cx(), from(1)).await;
    names(&store, &cx(), &ListOptions::default()).await;
    // Another program may change several keys in one transaction of the backend. A watch looks at a hundred events at a
    // time, which is no multiple of three.
    let of = |number: u64| (format!("x{number:03}"), 2 + number / 3);
    let shared = &store.core.cache.shared;
    for first in (0..300).step_by(3) {
        let changes = (first..first + 3).map(|number| {
            let (name, revision) = of(number);
            let key: Arc<str> = format!("ns/{name}").into();
            let json = serde_json::to_vec(&thing(&name)).unwrap();
            (Arc::clone(&key), revision, Some(Entry::new(key, &json, revision, &shared.selectable)))
        });
        shared.apply(changes.collect(), of(first).1);
    }
    for number in 0..300 {
        let (name, revision) = of(number);
        assert_eq!(next(&mut stream).await, event("ADDED", &name, revision));
    }
    let exact = ListOptions { resource_version_match: Some(ResourceVersionMatch::Exact), ..from(35) };
    assert_eq!(names(&store, &cx(), &exact).await.len(), 102);
}

#[tokio::test]
async fn c6_4_9_a_watch_that_is_not_read_holds_few_events() {
    let store = Store::<Thing>::new(&StoreOptions::memory().watch_history(1000));
    let mut slow = watch(&store, &cx(), from(1)).await;
    create_some(&store, (0..500).map(|number| format!("x{number}"))).await;
    assert_eq!(next(&mut slow).await, event("ADDED", "x0", 2));
    create_some(&store, (500..1600).map(|number| format!("x{number}"))).await;
    assert_eq!(names(&store, &cx(), &ListOptions::default()).await.len(), 1600);
    assert_eq!(all(&mut slow).await, 99);
}

#[tokio::test]
async fn c6_4_9_a_watch_that_is_not_read_holds_few_objects_of_its_start() {
    for (objects, size, held) in [(300, 1, 100), (8, 400_000, 3)] {
        let store = Store::<Thing>::new(&StoreOptions::memory().watch_history(10));
        for number in 0..objects {
            create(&store, sized(&format!("x{number:03}"), size)).await.unwrap();
        }
        let mut slow = watch(&store, &cx(), bookmarks()).await;
        assert_eq!(next(&mut slow).await, event("ADDED", "x000", 2));
        create_some(&store, (0..11).map(|number| format!("y{number}"))).await;
        assert_eq!(oldest(&store).await, objects + 2);
        assert_eq!(all(&mut slow).await, held - 1);
    }
}

fn bookmarks() -> ListOptions {
    ListOptions { allow_watch_bookmarks: true, ..ListOptions::default() }
}

#[tokio::test]
async fn c6_4_11_initial_events_are_of_one_state_and_then_come_the_changes() {
    let store = store();
    create_some(&store, (0..300).map(|number| format!("x{number:03}"))).await;
    for options in [ListOptions::default(), by_labels("!none")] {
        let mut stream = watch(&store, &cx(), ListOptions { allow_watch_bookmarks: true, ..options }).await;
        let state = store.list(&cx(), &ListOptions::default()).await.unwrap();
        let at = state.metadata.resource_version.as_deref().unwrap().parse().unwrap();
        let mut expected = keys(&state).into_iter();
        let (name, revision) = expected.next().unwrap();
        assert_eq!(next(&mut stream).await, event("ADDED", &name, revision));
        // Of objects that are still to be told.
        delete(&store, "x250").await.unwrap();
        let mut changed = get(&store, "x260").await.unwrap();
        changed.spec.size += 1;
        put(&store, changed).await.unwrap();
        create(&store, thing("x250")).await.unwrap();
        for (name, revision) in expected {
            assert_eq!(next(&mut stream).await, event("ADDED", &name, revision));
        }
        assert_eq!(next(&mut stream).await, Seen::InitialEventsEnd(at));
        assert_eq!(next(&mut stream).await, event("DELETED", "x250", at + 1));
        assert_eq!(next(&mut stream).await, event("MODIFIED", "x260", at + 2));
        assert_eq!(next(&mut stream).await, event("ADDED", "x250", at + 3));
    }
}

#[tokio::test]
async fn c1_1_a_store_that_was_let_go_works_again() {
    let store = store();
    create(&store, thing("a")).await.unwrap();
    let mut before = watch(&store, &cx(), from(1)).await;
    assert_eq!(next(&mut before).await, event("ADDED", "a", 2));
    for number in 3..6 {
        store.destroy().await;
        assert_eq!(next(&mut before).await, Seen::End);
        // The cache has all that there is: nobody waits for it, and it has to follow again nevertheless.
        before = watch(&store, &cx(), from(number - 1)).await;
        create(&store, thing(&format!("x{number}"))).await.unwrap();
        assert_eq!(next(&mut before).await, event("ADDED", &format!("x{number}"), number));
    }
}

async fn page(store: &Store<Thing>, options: &ListOptions, token: Option<String>) -> List<Thing> {
    let options = ListOptions { limit: 50, continue_token: token, ..options.clone() };
    store.list(&cx(), &options).await.unwrap()
}

fn keys(list: &List<Thing>) -> Vec<(String, u64)> {
    list.items.iter().map(|thing| (thing.metadata.name.clone().unwrap(), revision(thing))).collect()
}

#[tokio::test]
async fn c6_4_3_pages_are_of_one_state_and_count_what_remains_while_it_changes() {
    for selector in ["", "app in (x, y)"] {
        let store = store();
        for number in 0..300 {
            create(&store, labelled(&format!("x{number:03}"), ["x", "y", "z"][number % 3])).await.unwrap();
        }
        let options = if selector.is_empty() { ListOptions::default() } else { by_labels(selector) };
        let expected = keys(&store.list(&cx(), &options).await.unwrap());
        let first = page(&store, &options, None).await;
        let at = first.metadata.resource_version.clone();
        let (mut seen, mut token, mut round) = (keys(&first), first.metadata.continue_, 0);
        while token.is_some() {
            // More than are looked at at once, and in all places: of what is behind the page, on it, and still to come.
            for number in 0..300 {
                round += 1;
                let name = format!("x{number:03}");
                match (number * 7 + round) % 5 {
                    0 => drop(delete(&store, &name).await),
                    1 => drop(create(&store, labelled(&name, "y")).await),
                    2 => drop(create(&store, labelled(&format!("{name}-new"), "x")).await),
                    3 => {
                        if let Ok(mut thing) = get(&store, &name).await {
                            thing.spec.size += 1;
                            put(&store, thing).await.unwrap();
                        }
                    }
                    _ => drop(delete(&store, &format!("{name}-new")).await),
                }
            }
            let next = page(&store, &options, token).await;
            assert_eq!(next.metadata.resource_version, at);
            seen.extend(keys(&next));
            let remain = expected.len() - seen.len();
            let counted = (remain > 0 && selector.is_empty()).then(|| i64::try_from(remain).unwrap());
            assert_eq!(next.metadata.remaining_item_count, counted);
            assert_eq!(next.metadata.continue_.is_some(), remain > 0);
            token = next.metadata.continue_;
        }
        assert_eq!(seen, expected);
        let at = at.unwrap().parse().unwrap();
        let exact = ListOptions { resource_version_match: Some(ResourceVersionMatch::Exact), ..from(at) };
        let exact = ListOptions { label_selector: options.label_selector.clone(), ..exact };
        assert_eq!(keys(&store.list(&cx(), &exact).await.unwrap()), expected);
    }
}

#[tokio::test]
async fn c6_4_3_what_only_the_backend_remembers_is_listed_in_pages_too() {
    let memory = Memory::new();
    let store = Store::<Thing>::new(&StoreOptions::new(Arc::new(memory.clone())).watch_history(1));
    for number in 0..1100 {
        let label = if number % 100 == 0 { "x" } else { "y" };
        create(&store, labelled(&format!("x{number:04}"), label)).await.unwrap();
    }
    let at = memory.current_revision().await.unwrap();
    let exact = ListOptions { resource_version_match: Some(ResourceVersionMatch::Exact), ..from(at) };
    for selector in ["", "app=x", "app=none"] {
        let options =
            ListOptions { label_selector: by_labels(selector).label_selector, limit: 50, ..ListOptions::default() };
        let expected = keys(&store.list(&cx(), &ListOptions { limit: 0, ..options.clone() }).await.unwrap());
        create(&store, thing(&format!("later-{}", expected.len()))).await.unwrap();
        delete(&store, &format!("later-{}", expected.len())).await.unwrap();
        assert!(oldest(&store).await > at);
        let mut list = store.list(&cx(), &ListOptions { limit: 50, ..exact.with(&options) }).await.unwrap();
        let mut seen = keys(&list);
        while let Some(token) = list.metadata.continue_ {
            let remain = i64::try_from(expected.len() - seen.len()).unwrap();
            assert_eq!(list.metadata.remaining_item_count, selector.is_empty().then_some(remain));
            list = page(&store, &options, Some(token)).await;
            seen.extend(keys(&list));
        }
        assert_eq!(seen, expected, "{selector}");
        assert_eq!(keys(&store.list(&cx(), &exact.with(&options)).await.unwrap()), expected, "{selector}");
    }
    for (name, expected) in [("x0700", vec!["x0700"]), ("x070", vec![]), ("z", vec![])] {
        let named = by_fields(&format!("metadata.name={name}"));
        assert_eq!(names(&store, &cx(), &exact.with(&named)).await, expected);
    }
}

impl ListOptions {
    /// The same, with the selectors of another.
    fn with(&self, selectors: &Self) -> Self {
        let (label_selector, field_selector) = (selectors.label_selector.clone(), selectors.field_selector.clone());
        Self { label_selector, field_selector, ..self.clone() }
    }
}
