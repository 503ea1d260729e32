//! A server on a file that is killed at random moments: what was answered is there, and of the rest whole writes or
//! nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::join_all;
use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource::backend::Redb;
use rest_resource_tests::Client;
use rest_resource_tests::place::{Folder, times};
use rest_resource_tests::process::{Remote, ServerProcess};
use rest_resource_tests::serving::soon;
use rest_resource_tests::things::{self, THINGS, path, thing, value, version};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{SERVER, store_in};

const WRITERS: u64 = 4;
const NAMES: usize = 3;

/// The value of a thing; `None` if it is not there.
type Version = Option<u64>;

/// What is known of one thing; one writer alone writes it.
#[derive(Clone, Debug, Default)]
struct Known {
    /// What was answered last.
    sure: Version,
    /// Its resource version, where the answer has one.
    revision: Option<u64>,
    /// What was asked for and not answered.
    asked: Option<Version>,
    /// All that was answered since the last kill.
    answered: Vec<Version>,
}

/// What is known of all, by their names.
type Knowledge = BTreeMap<String, Known>;

/// What is in the file, and at which revision.
struct Found {
    revision: u64,
    things: BTreeMap<String, Value>,
}

/// A thing whose bytes say whether they are whole.
fn filled(name: &str, value: u64) -> Value {
    let mut thing = thing(name, value);
    let length = if value.is_multiple_of(16) { value * 7919 % 4000 } else { value * 7919 % 100 };
    let filler = format!("{value} ").repeat(1 + usize::try_from(length).expect("a small number"));
    thing["spec"]["filler"] = json!(filler);
    thing
}

/// Writes things of its own, until the server is gone.
async fn write(mut remote: Remote, mut mine: Vec<(String, Known)>, next: &AtomicU64, answers: &Semaphore) -> Knowledge {
    loop {
        let value = next.fetch_add(1, Ordering::Relaxed);
        let (name, known) = &mut mine[fastrand::usize(..NAMES)];
        let (method, path, body) = match known.sure {
            None => (Method::POST, THINGS.to_owned(), filled(name, value)),
            Some(_) if fastrand::u8(..5) == 0 => (Method::DELETE, path(name), Value::Null),
            Some(_) => (Method::PATCH, path(name), filled(name, value)),
        };
        let version = (method != Method::DELETE).then_some(value);
        known.asked = Some(version);
        let Some((code, answer)) = remote.send(method, &path, &body).await else { break };
        assert!((200..300).contains(&code), "{answer}");
        (known.sure, known.asked) = (version, None);
        known.revision = version.map(|_| things::version(&answer));
        known.answered.push(version);
        answers.add_permits(1);
    }
    mine.into_iter().collect()
}

/// Some time that no clock measures.
fn spin(most: u32) {
    for _ in 0..fastrand::u32(..most) {
        std::hint::spin_loop();
    }
}

/// Runs the server, writes and watches, and kills it; gives what is known then, and what the watch was told.
async fn live_and_die(file: &Path, seen: u64, known: Knowledge, next: &Arc<AtomicU64>) -> (Knowledge, Vec<Value>) {
    let mut process = ServerProcess::start(SERVER, &store_in(file));
    let answers = Arc::new(Semaphore::new(0));
    let mut watch = process.connect().await;
    while soon(watch.send(Method::GET, THINGS, &Value::Null)).await.expect("it is there").0 == 503 {}
    let watch = tokio::spawn(watch.watch(watch_after(seen)));
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let names = (0..NAMES).map(|number| format!("{writer}-{number}"));
        let mine = names.map(|name| (name.clone(), known.get(&name).cloned().unwrap_or_default())).collect();
        let (remote, next, answers) = (process.connect().await, Arc::clone(next), Arc::clone(&answers));
        writers.push(tokio::spawn(async move { write(remote, mine, &next, &answers).await }));
    }
    soon(answers.acquire_many(fastrand::u32(..200))).await.expect("answers").forget();
    spin(300_000);
    process.kill();
    let known = soon(join_all(writers)).await.into_iter().flat_map(|known| known.expect("a writer does not fail"));
    (known.collect(), soon(watch).await.expect("a watch does not fail"))
}

fn watch_after(revision: u64) -> String {
    format!("{THINGS}?watch=true&resourceVersion={revision}")
}

/// Opens the file, and checks it against what was there, what is known and what was told.
async fn check(file: &Path, before: Found, known: &mut Knowledge, told: &[Value]) -> Found {
    let redb = Redb::open(file).expect("the file is whole");
    let client = Client::new(things::server(&StoreOptions::new(Arc::new(redb.clone()))));
    let list = soon(async {
        loop {
            // It reads what was before, and says so to whoever asks meanwhile.
            let answer = client.get(THINGS).await;
            if answer.code != StatusCode::SERVICE_UNAVAILABLE {
                break answer.expect(StatusCode::OK);
            }
        }
    })
    .await;
    let items = list["items"].as_array().expect("items").iter();
    let found = Found {
        revision: version(&list),
        things: items.map(|item| (things::name(item).to_owned(), item.clone())).collect(),
    };
    for (name, thing) in &found.things {
        assert!(known.contains_key(name), "nobody wrote {name}");
        assert_eq!(thing["spec"], filled(name, value(thing))["spec"], "a whole version");
        assert_eq!(client.get(&path(name)).await.expect(StatusCode::OK), *thing);
    }
    for (name, known) in &mut *known {
        let held = found.things.get(name);
        let is = held.map(value);
        if is == known.sure {
            let wrong = known.revision.zip(held).filter(|(revision, held)| version(held) != *revision);
            assert!(wrong.is_none(), "{name} is of another revision: {wrong:?}");
        } else {
            assert_eq!(Some(is), known.asked, "{name}: {known:?}");
        }
        if known.asked == Some(is) && is != known.sure {
            known.answered.push(is);
        }
        (known.sure, known.asked) = (is, None);
        known.revision = held.map(version);
    }

    // The watch from before tells each write once, in order, and ends at what is there.
    let mut watch = client.watch(&watch_after(before.revision)).await;
    let (mut things, mut written) = (before.things, BTreeMap::<String, Vec<Version>>::new());
    for revision in before.revision + 1..=found.revision {
        let event = watch.next().await.expect("an event");
        let object = &event["object"];
        assert_eq!(version(object), revision, "the next event");
        if let Some(told) = told.get(usize::try_from(revision - before.revision - 1).expect("a small number")) {
            assert_eq!(*told, event, "what was told is true for ever");
        }
        let name = things::name(object).to_owned();
        if event["type"] == "DELETED" {
            assert!(things.remove(&name).is_some(), "{name} was there");
            written.entry(name).or_default().push(None);
        } else {
            written.entry(name.clone()).or_default().push(Some(value(object)));
            let replaced = things.insert(name, object.clone());
            assert_eq!(event["type"], if replaced.is_some() { "MODIFIED" } else { "ADDED" });
        }
    }
    assert_eq!(things, found.things);
    assert!(told.len() as u64 <= found.revision - before.revision, "what was told is there");
    for (name, known) in known {
        assert_eq!(written.remove(name).unwrap_or_default(), std::mem::take(&mut known.answered), "{name}");
    }
    drop(watch);
    redb.close().await;
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_lost_nothing_that_it_answered() {
    let folder = Folder::new();
    let file = folder.file("store.redb");
    let (mut known, next) = (Knowledge::new(), Arc::new(AtomicU64::new(1)));
    let mut found = Found { revision: 1, things: BTreeMap::new() };
    for _ in 0..times("CRASH_ROUNDS", 5) {
        if fastrand::bool() {
            // Also while it opens what the last kill has left, or makes a new file.
            ServerProcess::start_and_kill(SERVER, &store_in(&file), || spin(10_000_000));
        }
        let told;
        (known, told) = live_and_die(&file, found.revision, known, &next).await;
        found = check(&file, found, &mut known, &told).await;
    }
}
