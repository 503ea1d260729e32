use super::*;

fn bookmarks(options: ListOptions) -> ListOptions {
    ListOptions { allow_watch_bookmarks: true, ..options }
}

fn initial(initial: bool, options: ListOptions) -> ListOptions {
    ListOptions { send_initial_events: Some(initial), ..options }
}

/// Why there is no watch; the server says it in the stream (contract 4.8.11).
async fn error(world: &World, options: &ListOptions) -> crate::Status {
    world.snapshot.watch(&all_namespaces(), options).await.err().expect("no watch")
}

#[tokio::test]
async fn c4_8_3_appear_change_vanish_return() {
    let world = World::new([]);
    let base = world.revision().await;
    let mut events = world.watch(&at(base)).await;
    world.change([object("a", "1"), object("b", "1")]).await;
    world.change([object("a", "2"), object("b", "1")]).await;
    world.change([object("b", "1")]).await;
    world.change([object("a", "2"), object("b", "1")]).await;
    assert_eq!(seen(&mut events, base), ["Added a@1", "Added b@2", "Modified a@3", "Deleted a@4", "Added a@5"]);
    // The same name with another uid is another object.
    world.change([object("a", "2#other"), object("b", "1")]).await;
    assert_eq!(seen(&mut events, base), ["Deleted a@6", "Added a@7"]);
}

#[tokio::test]
async fn c4_8_4_where_a_watch_begins() {
    let state = ["Added a@1", "Added b@2"];
    let (changes, none) = (["Modified a@1", "Added b@2"], [""; 0]);
    for (options, begins_with) in [
        (|base| at(base), &changes[..]),
        (|base| at(base + 2), &none),
        (|_| ListOptions::default(), &state),
        (|_| at(0), &state),
        (|_| initial(true, ListOptions::default()), &state),
        (|_| initial(true, at(0)), &state),
        (|base| initial(true, at(base)), &state),
        (|_| initial(false, ListOptions::default()), &none),
        (|_| initial(false, at(0)), &none),
        (|base| initial(false, at(base)), &changes),
    ] as [(fn(u64) -> ListOptions, &[&str]); 10]
    {
        let world = World::new([object("a", "1")]);
        let base = world.revision().await;
        world.change([object("a", "2"), object("b", "1")]).await;
        let options = options(base);
        let mut events = world.watch(&options).await;
        assert_eq!(seen(&mut events, base), begins_with, "{options:?}");
        world.change([object("a", "3"), object("b", "1")]).await;
        assert_eq!(seen(&mut events, base), ["Modified a@3"], "{options:?}");
    }
}

#[tokio::test]
async fn c4_8_6_the_end_of_the_initial_events_of_a_snapshot_is_marked() {
    let world = World::new([object("a", "1"), object("b", "1")]);
    let base = world.revision().await;
    for options in [ListOptions::default(), at(0), initial(true, at(base))] {
        let mut events = world.watch(&bookmarks(options)).await;
        assert_eq!(seen(&mut events, base), ["Added a@0", "Added b@0", "Bookmark end@0"]);
    }
    for options in [at(base), initial(false, ListOptions::default())] {
        assert_eq!(seen(&mut world.watch(&bookmarks(options)).await, base), [""; 0]);
    }
    // Bookmarks ignore selectors (contract 4.8.7).
    let mut events = world.watch(&bookmarks(fields("metadata.name=c"))).await;
    assert_eq!(seen(&mut events, base), ["Bookmark end@0"]);
}

#[tokio::test]
async fn c4_8_7_bookmarks_say_how_far_the_watch_is() {
    let world = World::new([]);
    let base = world.revision().await;
    let at_once = |mut builder: SnapshotBuilder<ConfigMap>| {
        builder.bookmarks = Duration::ZERO;
        builder.start = base;
        builder
    };
    let world = World::with([], at_once);
    let mut events = world
        .watch(&bookmarks(ListOptions {
            field_selector: fields("metadata.name=b").field_selector,
            ..initial(false, at(0))
        }))
        .await;
    let mut next = async || decode(events.next().await.unwrap().unwrap());
    assert_eq!(resource_version(&next().await.1), base);
    // Not selected, but seen.
    world.change([object("a", "1")]).await;
    let (kind, bookmark) = next().await;
    assert_eq!((kind, name(&bookmark), resource_version(&bookmark)), (EventType::Bookmark, "bookmark", base + 1));
    // Two seconds before the end of the watch, too.
    let world = World::new([]);
    let ends = ListOptions { timeout_seconds: Some(2), ..bookmarks(initial(false, at(0))) };
    assert_eq!(decode(world.watch(&ends).await.next().await.unwrap().unwrap()).0, EventType::Bookmark);
    // None for who did not ask for them.
    let world = World::with([], at_once);
    assert_eq!(seen(&mut world.watch(&initial(false, at(0))).await, base), [""; 0]);
}

#[tokio::test]
async fn c4_8_8_selector_transitions() {
    let world = World::new([labelled(object("a", "1"), "x")]);
    let base = world.revision().await;
    let options = |selector| ListOptions { resource_version: Some(base), ..labels(selector) };
    let (mut x, mut y) = (world.watch(&options("tier=x")).await, world.watch(&options("tier=y")).await);
    let mut both = world.watch(&options("tier")).await;
    world.change([labelled(object("a", "2"), "x")]).await;
    world.change([labelled(object("a", "3"), "y")]).await;
    world.change([]).await;

    let (events, _) = drain(&mut x);
    let last = &events[1].1;
    // The state before, at the revision of the change.
    assert_eq!((events.len(), events[1].0), (2, EventType::Deleted));
    assert_eq!((value(last), resource_version(last) - base), ("2", 2));
    assert_eq!(last.metadata.labels.as_ref().unwrap()["tier"], "x");
    assert_eq!(seen(&mut y, base), ["Added a@2", "Deleted a@3"]);
    assert_eq!(seen(&mut both, base), ["Modified a@1", "Modified a@2", "Deleted a@3"]);
}

#[tokio::test]
async fn c4_8_9_deleted_objects_have_the_revision_of_the_deletion() {
    let world = World::new([object("a", "1")]);
    let base = world.revision().await;
    let mut events = world.watch(&at(base)).await;
    world.change([]).await;
    let (events, _) = drain(&mut events);
    assert_eq!((value(&events[0].1), resource_version(&events[0].1)), ("1", base + 1));
}

#[tokio::test]
async fn c4_8_10_too_old() {
    let world = World::with([], |builder| builder.history(2).interval(Duration::from_secs(100_000)));
    let base = world.revision().await;
    for round in 0..3 {
        world.change([object("a", &round.to_string())]).await;
    }
    // The last two changes are kept.
    assert_eq!(seen(&mut world.watch(&at(base + 1)).await, base), ["Modified a@2", "Modified a@3"]);
    let error = error(&world, &at(base)).await;
    assert_eq!((error.code(), error.reason()), (410, "Expired"));
    assert_eq!(error.message(), format!("too old resource version: {base} ({})", base + 1));
}

#[tokio::test]
async fn c4_8_10_revisions_of_an_earlier_process_are_too_old() {
    let before = World::new([object("a", "1")]);
    let last = before.change((0..50).map(|n| object(&n.to_string(), "1"))).await;
    let after = World::with([], |mut builder| {
        // As long after as it took to change 50 objects.
        builder.start = builder.start.max(last + 1);
        builder.interval(Duration::from_secs(100_000))
    });
    assert_eq!(error(&after, &at(last)).await.code(), 410);
}

#[tokio::test]
async fn c4_8_11_too_new() {
    let world = World::new([]);
    let revision = world.revision().await;
    for options in [at(revision + 1), initial(true, at(revision + 1))] {
        let error = error(&world, &options).await;
        assert_eq!((error.code(), error.reason()), (504, "Timeout"));
    }
}

#[tokio::test]
async fn c4_8_14_a_slow_watch_ends_and_the_others_go_on() {
    let world = World::with([], |builder| builder.history(2).interval(Duration::from_secs(100_000)));
    let base = world.revision().await;
    let (mut slow, mut fast) = (world.watch(&at(base)).await, world.watch(&at(base)).await);
    for round in 0..3 {
        world.change([object("a", &round.to_string())]).await;
        assert_eq!(drain(&mut fast).0.len(), 1);
    }
    let (events, ended) = drain(&mut slow);
    assert_eq!((events.len(), ended), (0, true));
}

#[tokio::test]
async fn c4_8_14_many_changes_at_once_cut_nobody() {
    let world = World::with([], |builder| builder.history(2).interval(Duration::from_secs(100_000)));
    let mut events = world.watch(&at(world.revision().await)).await;
    world.change((0..500).map(|n| object(&n.to_string(), "1"))).await;
    let (events, ended) = drain(&mut events);
    assert_eq!((events.len(), ended), (500, false));
}

#[tokio::test]
async fn watches_share_what_is_encoded() {
    let world = World::new([]);
    let base = world.revision().await;
    let (mut one, mut two) = (world.watch(&at(base)).await, world.watch(&labels("!tier")).await);
    world.change([object("a", "1")]).await;
    let WatchEvent::Encoded(one) = one.next().await.unwrap().unwrap() else { panic!("not encoded") };
    let WatchEvent::Encoded(two) = two.next().await.unwrap().unwrap() else { panic!("not encoded") };
    assert_eq!(one.object().json().as_ptr(), two.object().json().as_ptr());
}

#[tokio::test]
async fn the_collection_is_read_while_somebody_watches() {
    let world = World::with([], |builder| builder.interval(Duration::ZERO));
    let (mut one, two) = (world.watch(&ListOptions::default()).await, world.watch(&ListOptions::default()).await);
    drop(two);
    world.set([object("a", "1")]);
    assert_eq!(decode(one.next().await.unwrap().unwrap()).0, EventType::Added);
    drop(one);
    // The task that reads holds the collection. It ends where it waits next.
    while Arc::strong_count(&world.snapshot.poller) > 1 {
        tokio::task::yield_now().await;
    }
    // And another watch begins another.
    let mut again = world.watch(&initial(false, at(0))).await;
    world.set([]);
    assert_eq!(decode(again.next().await.unwrap().unwrap()).0, EventType::Deleted);
}
