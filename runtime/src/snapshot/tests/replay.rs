//! Whatever happens to a collection: who lists at any time and watches from there knows it as it is (contract 4.8.22).

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;

/// The names that are there, and what of each can differ: uid, value, label, volatile.
type Step = BTreeMap<u8, (u8, u8, u8, u8)>;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(btree_map(0..6_u8, (0..2_u8, 0..2_u8, 0..2_u8, 0..3_u8), 0..6), 1..12)
}

fn objects(step: &Step) -> Vec<ConfigMap> {
    let make = |(name, (uid, value, label, cpu)): (&u8, &(u8, u8, u8, u8))| {
        let object = object(&name.to_string(), &format!("{value}#{name}-{uid}"));
        with_cpu(labelled(object, if *label == 0 { "x" } else { "y" }), *cpu)
    };
    step.iter().map(make).collect()
}

/// A client with an informer: what it knows, from a list and the events after it.
struct Client {
    options: ListOptions,
    known: BTreeMap<String, ConfigMap>,
    revision: u64,
    events: WatchStream<ConfigMap>,
    diligent: bool,
}

impl Client {
    async fn new(world: &World, options: ListOptions, diligent: bool) -> Self {
        let list = world.list(&options).await.unwrap();
        let revision = list_revision(&list);
        let known = list.items.into_iter().map(|item| (name(&item).to_owned(), item)).collect();
        let events = world.watch(&ListOptions { resource_version: Some(revision), ..options.clone() }).await;
        Self { options, known, revision, events, diligent }
    }

    /// Takes what is there; whether the watch goes on.
    fn catch_up(&mut self) -> bool {
        let (events, ended) = drain(&mut self.events);
        for (kind, object) in events {
            assert!(resource_version(&object) > self.revision, "in order, and none twice");
            self.revision = resource_version(&object);
            let key = name(&object).to_owned();
            let before =
                if kind == EventType::Deleted { self.known.remove(&key) } else { self.known.insert(key, object) };
            assert_eq!(before.is_some(), kind != EventType::Added, "only what is not known is added");
        }
        !ended
    }

    async fn knows_all(&self, world: &World) {
        let list = world.list(&self.options).await.unwrap();
        let stable = |object: &ConfigMap| {
            let mut object = object.clone();
            object.data.as_mut().unwrap().remove("cpu");
            object
        };
        let known: Vec<_> = self.known.values().map(stable).collect();
        assert_eq!(known, list.items.iter().map(stable).collect::<Vec<_>>());
    }
}

fn run(steps: &[Step], history: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let world = World::with([], |builder| builder.history(history).interval(Duration::from_secs(100_000)));
        let mut clients = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            world.change(objects(step)).await;
            for client in clients.iter_mut().filter(|client: &&mut Client| client.diligent) {
                assert!(client.catch_up(), "who keeps up is not cut");
            }
            for options in [ListOptions::default(), labels("tier=x"), labels("tier!=x"), fields("metadata.name=1")] {
                clients.push(Client::new(&world, options, index % 2 == 0).await);
            }
        }
        for client in &mut clients {
            let goes_on = client.catch_up();
            // A watch that has ended may have missed the rest; one that goes on has missed nothing.
            assert!(goes_on || !client.diligent);
            if goes_on {
                client.knows_all(&world).await;
            }
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn c4_8_22_watches_tell_every_change_once(steps in steps()) {
        run(&steps, 1000);
    }

    #[test]
    fn c4_8_22_a_watch_is_complete_or_ends(steps in steps(), history in 0..8_usize) {
        run(&steps, history);
    }

    #[test]
    fn volatile_differences_alone_are_no_change(step in btree_map(0..6_u8, (0..2_u8, 0..2_u8, 0..2_u8, 0..3_u8), 0..6)) {
        let quiet = step.iter().map(|(name, (uid, value, label, cpu))| (*name, (*uid, *value, *label, cpu + 1))).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let world = World::new(objects(&step));
            let before = world.revision().await;
            assert_eq!(world.change(objects(&quiet)).await, before);
        });
    }
}
