//! What clients see at the same time could have happened one after another (contract 6.2.1, 6.4.2).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::join_all;
use http::StatusCode;
use rest_resource_tests::linearizable::{Model, Timed, check};
use rest_resource_tests::place::{Place, times};
use rest_resource_tests::things::{self, THINGS, path, thing, value, version};
use rest_resource_tests::{Answer, Client};
use serde_json::json;

const CLIENTS: u64 = 4;
const EACH: u64 = 8;
const NAMES: [&str; 2] = ["a", "b"];

/// The value and the resource version of what is there.
type Held = (u64, u64);

/// A request and its answer.
#[derive(Clone, Debug)]
enum Op {
    Get(&'static str, Option<Held>),
    /// The revision of the list and what was in it.
    List(u64, BTreeMap<String, Held>),
    Create(&'static str, u64, Outcome),
    /// The new value, and the resource version that was sent.
    Update(&'static str, u64, u64, Outcome),
    /// Without a resource version: whatever is there.
    Patch(&'static str, u64, Outcome),
    Delete(&'static str, Option<u64>, Outcome),
}

#[derive(Clone, Debug)]
enum Outcome {
    /// At this revision; a delete does not tell it.
    Done(Option<u64>),
    NotFound,
    AlreadyExists,
    Conflict,
}

/// The objects and the highest revision that anybody was told.
struct Objects(u64);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    objects: BTreeMap<String, Held>,
    revision: u64,
}

impl Model for Objects {
    type State = State;
    type Operation = Op;

    fn begin(&self) -> State {
        State { objects: BTreeMap::new(), revision: self.0 }
    }

    fn step(&self, state: &State, operation: &Op) -> Option<State> {
        let mut next = state.clone();
        let held = |name: &str| state.objects.get(name);
        // Every write is behind all that came before it.
        let mut write = |name: &str, value: u64, outcome: &Outcome| match *outcome {
            Outcome::Done(Some(revision)) if revision > state.revision => {
                next.objects.insert(name.to_owned(), (value, revision));
                next.revision = revision;
                true
            }
            _ => false,
        };
        let agrees = match operation {
            Op::Get(name, seen) => held(name) == seen.as_ref(),
            Op::List(revision, seen) => {
                let agrees = *revision >= state.revision && *seen == state.objects;
                next.revision = *revision;
                agrees
            }
            Op::Create(name, new, outcome) => match held(name) {
                Some(_) => matches!(outcome, Outcome::AlreadyExists),
                None => write(name, *new, outcome),
            },
            Op::Update(name, new, sent, outcome) => match held(name) {
                None => matches!(outcome, Outcome::NotFound),
                Some((_, revision)) if revision != sent => matches!(outcome, Outcome::Conflict),
                Some(_) => write(name, *new, outcome),
            },
            Op::Patch(name, new, outcome) => match held(name) {
                None => matches!(outcome, Outcome::NotFound),
                Some(_) => write(name, *new, outcome),
            },
            Op::Delete(name, sent, outcome) => match held(name) {
                None => matches!(outcome, Outcome::NotFound),
                Some((_, revision)) if sent.is_some_and(|sent| sent != *revision) => {
                    matches!(outcome, Outcome::Conflict)
                }
                Some(_) => {
                    next.objects.remove(*name);
                    next.revision += 1;
                    matches!(outcome, Outcome::Done(None))
                }
            },
        };
        agrees.then_some(next)
    }
}

/// One of the clients: it does some things, and remembers what it was answered.
struct Actor {
    client: Client,
    clock: Arc<AtomicU64>,
    random: u64,
    /// The last resource version that it saw of each name.
    seen: BTreeMap<&'static str, u64>,
}

impl Actor {
    /// A small generator, so that a round can be run again.
    fn below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }

    async fn act(mut self, number: u64) -> Vec<Timed<Op>> {
        let mut history = Vec::new();
        for count in 0..EACH {
            let name = NAMES[usize::from(self.below(2) == 1)];
            let what = self.below(12);
            let invoked = self.clock.fetch_add(1, Ordering::SeqCst);
            let operation = self.ask(what, name, number * EACH + count + 1).await;
            let returned = Some(self.clock.fetch_add(1, Ordering::SeqCst));
            history.push(Timed { invoked, returned, operation });
        }
        history
    }

    async fn ask(&mut self, what: u64, name: &'static str, new: u64) -> Op {
        let sent = self.seen.get(name).copied();
        match (what, sent) {
            (0..=2, _) => {
                let answer = self.client.get(&path(name)).await;
                let held = (answer.code == StatusCode::OK).then(|| (value(&answer.json), version(&answer.json)));
                assert!(held.is_some() || answer.code == StatusCode::NOT_FOUND, "{}", answer.text);
                self.seen.extend(held.map(|(_, revision)| (name, revision)));
                Op::Get(name, held)
            }
            (3, _) => {
                let list = self.client.get(THINGS).await.expect(StatusCode::OK);
                let items = list["items"].as_array().expect("items").iter();
                let items = items.map(|item| (things::name(item).to_owned(), (value(item), version(item))));
                Op::List(version(&list), items.collect())
            }
            (4..=6, Some(sent)) => {
                let mut object = thing(name, new);
                object["metadata"]["resourceVersion"] = json!(sent.to_string());
                let outcome = self.outcome(name, &self.client.put(&path(name), &object).await);
                Op::Update(name, new, sent, outcome)
            }
            (7, _) => {
                let patch = json!({"spec": {"value": new}});
                let outcome = self.outcome(name, &self.client.merge_patch(&path(name), &patch).await);
                Op::Patch(name, new, outcome)
            }
            (8, _) => {
                let answer = self.client.delete(&path(name)).await;
                Op::Delete(name, None, deleted(&answer))
            }
            (9, Some(sent)) => {
                let options = json!({"preconditions": {"resourceVersion": sent.to_string()}});
                let answer = self.client.delete_with(&path(name), &options).await;
                Op::Delete(name, Some(sent), deleted(&answer))
            }
            _ => {
                let answer = self.client.post(THINGS, &thing(name, new)).await;
                Op::Create(name, new, self.outcome(name, &answer))
            }
        }
    }

    fn outcome(&mut self, name: &'static str, answer: &Answer) -> Outcome {
        if !answer.code.is_success() {
            return refused(answer);
        }
        let revision = version(&answer.json);
        self.seen.insert(name, revision);
        Outcome::Done(Some(revision))
    }
}

fn deleted(answer: &Answer) -> Outcome {
    if answer.code == StatusCode::OK { Outcome::Done(None) } else { refused(answer) }
}

fn refused(answer: &Answer) -> Outcome {
    match answer.json["reason"].as_str() {
        Some("NotFound") => Outcome::NotFound,
        Some("AlreadyExists") => Outcome::AlreadyExists,
        Some("Conflict") => Outcome::Conflict,
        _ => panic!("{}", answer.text),
    }
}

/// Rounds of clients at once, half of them on each of two servers.
async fn is_linearizable(place: Place, rounds: u32) {
    for round in 0..u64::from(times("LINEARIZABLE_ROUNDS", rounds)) {
        let clients = place.open().await.map(|options| Client::new(things::server(&options)));
        let begin = version(&clients[0].get(THINGS).await.expect(StatusCode::OK));
        let clock = Arc::new(AtomicU64::new(0));
        let actors = (0..CLIENTS).map(|number| {
            let client = clients[usize::from(number % 2 == 1)].clone();
            let random = (round * CLIENTS + number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let actor = Actor { client, clock: Arc::clone(&clock), random, seen: BTreeMap::new() };
            tokio::spawn(actor.act(number))
        });
        let done = join_all(actors).await.into_iter().flat_map(|acted| acted.expect("no panic"));
        let mut history: Vec<_> = done.collect();
        history.sort_by_key(|timed| timed.invoked);
        let Err(error) = check(&Objects(begin), &history) else { continue };
        let lines = history.iter().enumerate().map(|(number, timed)| format!("{number}: {timed:?}\n"));
        panic!("round {round}: no order explains\n{}{error:?}", lines.collect::<String>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c6_2_1_what_is_seen_at_once_in_memory_has_an_order() {
    is_linearizable(Place::Memory, 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c6_2_1_what_is_seen_at_once_in_a_file_has_an_order() {
    is_linearizable(Place::redb(), 100).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c6_2_1_what_is_seen_at_once_by_two_clients_of_etcd_has_an_order() {
    if let Some(place) = Place::etcd() {
        is_linearizable(place, 40).await;
    }
}
