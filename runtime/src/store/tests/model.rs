//! Random histories against a model: what a store holds, and what its watches tell, is what was written.

use proptest::prelude::*;

use super::*;
use crate::verb::{List, ListReply};
use crate::wire::options::{Preconditions, ResourceVersionMatch};

#[derive(Clone, Debug)]
enum Op {
    Create {
        name: u8,
        size: i64,
    },
    /// With the current resource version, or with a stale one.
    Put {
        name: u8,
        size: i64,
        stale: bool,
    },
    Delete {
        name: u8,
        stale: bool,
    },
    Compact {
        keep: u64,
    },
}

fn op() -> impl Strategy<Value = Op> {
    let (name, size) = (|| 0..5_u8, || 0..3_i64);
    prop_oneof![
        4 => (name(), size()).prop_map(|(name, size)| Op::Create { name, size }),
        6 => (name(), size(), prop::bool::weighted(0.2)).prop_map(|(name, size, stale)| Op::Put { name, size, stale }),
        3 => (name(), prop::bool::weighted(0.2)).prop_map(|(name, stale)| Op::Delete { name, stale }),
        1 => (0..6_u64).prop_map(|keep| Op::Compact { keep }),
    ]
}

/// Name, size and resource version of all objects at a revision.
type State = BTreeMap<String, (i64, u64)>;

fn state(list: &[Thing]) -> State {
    list.iter().map(|thing| (thing.metadata.name.clone().unwrap(), (thing.spec.size, revision(thing)))).collect()
}

/// What the model says: the state at each revision.
struct Model {
    states: Vec<State>,
}

impl Model {
    fn now(&self) -> &State {
        self.states.last().unwrap()
    }

    /// The revision of the last state; the first one is that of an empty store, 1.
    fn revision(&self) -> u64 {
        self.states.len() as u64
    }

    fn write(&mut self, change: impl FnOnce(&mut State, u64)) {
        let mut state = self.now().clone();
        change(&mut state, self.revision() + 1);
        self.states.push(state);
    }
}

async fn step(store: &Store<Thing>, options: &StoreOptions, model: &mut Model, op: &Op) {
    let named = |name: u8| format!("t{name}");
    match *op {
        Op::Create { name, size } => {
            let name = named(name);
            let result = create(store, Thing::new(&name, ThingSpec { size, colour: None })).await;
            if model.now().contains_key(&name) {
                assert_eq!(result.unwrap_err().reason(), "AlreadyExists");
            } else {
                model.write(|state, revision| _ = state.insert(name, (size, revision)));
                assert_eq!(revision(&result.unwrap()), model.revision());
            }
        }
        Op::Put { name, size, stale } => {
            let name = named(name);
            let held = model.now().get(&name).copied();
            let mut sent = match get(store, &name).await {
                Ok(thing) => thing,
                Err(status) => return assert_eq!((held, status.code()), (None, 404)),
            };
            let (old_size, old_revision) = held.unwrap();
            assert_eq!((sent.spec.size, revision(&sent)), (old_size, old_revision));
            sent.spec.size = size;
            if stale {
                sent.metadata.resource_version = Some((old_revision - 1).to_string());
            }
            let result = put(store, sent).await;
            if stale {
                assert_eq!(result.unwrap_err().reason(), "Conflict");
            } else if size == old_size {
                assert_eq!(revision(&result.unwrap()), old_revision);
            } else {
                model.write(|state, revision| _ = state.insert(name, (size, revision)));
                assert_eq!(revision(&result.unwrap()), model.revision());
            }
        }
        Op::Delete { name, stale } => {
            let name = named(name);
            let held = model.now().get(&name).copied();
            let precondition = stale.then(|| (held.map_or(2, |(_, revision)| revision) - 1).to_string());
            let preconditions = Preconditions { uid: None, resource_version: precondition };
            let options = DeleteOptions { preconditions, ..DeleteOptions::default() };
            match store.delete(&cx(), &name, &Admit::all(), &options).await {
                Ok((_, gone)) => {
                    assert!(gone && held.is_some() && !stale);
                    model.write(|state, _| _ = state.remove(&name));
                }
                Err(status) => assert_eq!(status.reason(), if held.is_some() { "Conflict" } else { "NotFound" }),
            }
        }
        Op::Compact { keep } => {
            options.backend().compact(model.revision().saturating_sub(keep)).await.unwrap();
        }
    }
}

/// What a watch makes of a state, event by event; every event must change it as its type says.
async fn replay(stream: &mut WatchStream<Thing>, state: &mut State, model: &Model, mut after: u64) {
    while after < model.revision() {
        let Some(Ok(WatchEvent::Encoded(event))) = stream.next().await else { panic!("no event behind {after}") };
        let thing: Thing = serde_json::from_slice(event.object().json()).unwrap();
        let (name, revision) = (thing.metadata.name.clone().unwrap(), revision(&thing));
        assert_eq!(revision, after + 1);
        let held = match event.kind() {
            EventType::Deleted => state.remove(&name),
            _ => state.insert(name, (thing.spec.size, revision)),
        };
        assert_eq!(held.is_none(), event.kind() == EventType::Added);
        assert_eq!(state, &model.states[usize::try_from(revision).unwrap() - 1]);
        after = revision;
    }
}

/// Every state is still listed as it was, in pages, or has expired; never anything else.
async fn check_snapshots(store: &Store<Thing>, model: &Model, limit: u64) {
    for (revision, expected) in (1..).zip(&model.states) {
        let mut listed = Vec::new();
        let mut options = ListOptions {
            resource_version: Some(revision),
            resource_version_match: Some(ResourceVersionMatch::Exact),
            limit,
            ..ListOptions::default()
        };
        loop {
            let page: List<Thing> = match store.list(&cx(), &options).await {
                Ok(page) => page,
                Err(status) => {
                    assert_eq!(status.code(), 410);
                    break;
                }
            };
            assert_eq!(page.metadata.resource_version, Some(revision.to_string()));
            listed.extend(page.items);
            let Some(token) = page.metadata.continue_ else {
                assert_eq!(&state(&listed), expected);
                break;
            };
            options = ListOptions { limit, continue_token: Some(token), ..ListOptions::default() };
        }
    }
}

async fn history(ops: Vec<Op>, history: usize, limit: u64) {
    let options = StoreOptions::memory().watch_history(history);
    let store = Store::<Thing>::new(&options);
    let mut model = Model { states: vec![State::new()] };
    let mut live = watch(&store, &cx(), from(1)).await;
    let mut seen = State::new();
    let mut told = 1;
    for op in &ops {
        step(&store, &options, &mut model, op).await;
        replay(&mut live, &mut seen, &model, told).await;
        told = model.revision();
        let list = store.list(&cx(), &ListOptions::default()).await.unwrap();
        assert_eq!(&state(&list.items), model.now());
        assert_eq!(list.metadata.resource_version, Some(model.revision().to_string()));
    }
    check_snapshots(&store, &model, limit).await;
    // The cache of another process, filled now.
    check_snapshots(&Store::new(&options), &model, limit).await;
    for (revision, held) in (1..).zip(&model.states) {
        let mut stream = watch(&store, &cx(), from(revision)).await;
        let too_old = revision + history as u64 * 2 < model.revision();
        let mut held = held.clone();
        if revision + history as u64 >= model.revision() {
            replay(&mut stream, &mut held, &model, revision).await;
        } else if too_old {
            assert!(matches!(next(&mut stream).await, Seen::Error(410, _)));
        }
    }
    let ListReply::Encoded(list) = store.list_reply(&cx(), &ListOptions::default()).await.unwrap() else {
        panic!("not encoded")
    };
    for json in &list.items {
        let thing: Thing = serde_json::from_slice(json.json()).unwrap();
        assert_eq!(&serde_json::to_vec(&thing).unwrap().len(), &json.json().len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn c4_8_22_histories_agree_with_a_model(
        ops in proptest::collection::vec(op(), 1..40), held in prop_oneof![Just(3_usize), Just(64)], limit in 0..4_u64
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(history(ops, held, limit));
    }
}
