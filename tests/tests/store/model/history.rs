//! The history of one case: each step is done and compared.

use futures::FutureExt;
use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource_tests::client::Watch;
use rest_resource_tests::things::{self, THINGS, name, path, thing, version};
use rest_resource_tests::{Answer, Client};
use serde_json::{Value, json};

use super::state::{Event, Item, Model, Selector, name_of};

/// What is done. `other` asks the server that does not write; `stale` sends a resource version that is not the current
/// one.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Create {
        name: u8,
        value: u64,
        app: u8,
    },
    Put {
        name: u8,
        value: u64,
        app: u8,
        stale: bool,
    },
    Patch {
        name: u8,
        value: u64,
        stale: Option<bool>,
    },
    Delete {
        name: u8,
        stale: Option<bool>,
    },
    List {
        selector: Selector,
        other: bool,
    },
    /// Begins a list in pages, of now or of one of the states that there were.
    FirstPage {
        selector: Selector,
        limit: usize,
        at: Option<u8>,
        other: bool,
    },
    NextPage {
        other: bool,
    },
    /// Resumes at one of the revisions that there were.
    Watch {
        selector: Selector,
        after: u8,
        other: bool,
    },
    Compact {
        keep: u64,
    },
}

/// Two servers on the same objects, and the model.
pub(super) struct History {
    options: [StoreOptions; 2],
    servers: [Client; 2],
    /// How many events the servers hold.
    held: u64,
    model: Model,
    watches: Vec<Following>,
    chain: Option<Chain>,
}

/// A watch that is read after each step.
struct Following {
    watch: Watch,
    selector: Selector,
    told: u64,
}

/// A list in pages that is not at its end.
struct Chain {
    revision: u64,
    selector: Selector,
    limit: usize,
    /// The last name of the page before.
    behind: Option<String>,
    token: Option<String>,
}

impl History {
    pub(super) async fn new(options: [StoreOptions; 2], held: usize) -> Self {
        let options = options.map(|options| options.watch_history(held));
        let servers = options.each_ref().map(|options| Client::new(things::server(options)));
        let first = version(&servers[0].get(THINGS).await.expect(StatusCode::OK));
        let mut history =
            Self { options, servers, held: held as u64, model: Model::new(first), watches: Vec::new(), chain: None };
        for other in [false, true] {
            history.resume(other, first, Selector::All, first).await;
        }
        history
    }

    fn server(&self, other: bool) -> &Client {
        &self.servers[usize::from(other)]
    }

    pub(super) async fn step(&mut self, op: &Op) {
        match *op {
            Op::Create { name, value, app } => self.create(name_of(name), value, app).await,
            Op::Put { name, value, app, stale } => self.put(name_of(name), value, app, stale).await,
            Op::Patch { name, value, stale } => self.patch(name_of(name), value, stale).await,
            Op::Delete { name, stale } => self.delete(name_of(name), stale).await,
            Op::List { selector, other } => self.list(selector, other).await,
            Op::FirstPage { selector, limit, at, other } => {
                let revision = at.map_or(self.model.revision(), |at| self.model.some_revision(at));
                self.chain = Some(Chain { revision, selector, limit, behind: None, token: None });
                let at = at.map(|_| format!("&resourceVersion={revision}&resourceVersionMatch=Exact"));
                self.page(other, &at.unwrap_or_default()).await;
            }
            Op::NextPage { other } => self.page(other, "").await,
            Op::Watch { selector, after, other } => {
                let after = self.model.some_revision(after);
                self.resume(other, after, selector, self.model.revision().saturating_sub(self.held)).await;
            }
            Op::Compact { keep } => {
                let revision = self.model.revision().saturating_sub(keep);
                let oldest = self.model.compacted.max(*self.model.revisions().start());
                if revision > oldest {
                    self.options[0].backend().compact(revision).await.expect("a revision that was reached");
                    self.model.compacted = revision;
                }
            }
        }
        self.follow().await;
    }

    async fn create(&mut self, name: String, value: u64, app: u8) {
        let answer = self.servers[0].post(THINGS, &labelled(thing(&name, value), app)).await;
        if self.model.now().contains_key(&name) {
            assert_eq!(answer.expect(StatusCode::CONFLICT)["reason"], "AlreadyExists");
        } else {
            self.written(name, value, app, &answer.expect(StatusCode::CREATED));
        }
    }

    async fn put(&mut self, name: String, value: u64, app: u8, stale: bool) {
        let Some((mut object, held)) = self.read(&name).await else { return };
        object["spec"]["value"] = json!(value);
        if stale {
            object["metadata"]["resourceVersion"] = json!((held.revision - 1).to_string());
        }
        let answer = self.servers[0].put(&path(&name), &labelled(object, app)).await;
        self.changed(name, value, app, stale, &held, answer);
    }

    async fn patch(&mut self, name: String, value: u64, stale: Option<bool>) {
        let held = self.model.now().get(&name).cloned();
        let mut patch = json!({"spec": {"value": value}});
        if let Some(stale) = stale {
            let revision = held.as_ref().map_or(2, |held| held.revision) - u64::from(stale);
            patch["metadata"]["resourceVersion"] = json!(revision.to_string());
        }
        let answer = self.servers[0].merge_patch(&path(&name), &patch).await;
        match held {
            Some(held) => self.changed(name, value, held.app, stale == Some(true), &held, answer),
            None => not_found(answer),
        }
    }

    async fn delete(&mut self, name: String, stale: Option<bool>) {
        let held = self.model.now().get(&name).cloned();
        let revision = held.as_ref().map_or(2, |held| held.revision) - u64::from(stale == Some(true));
        let options = match stale {
            Some(_) => json!({"preconditions": {"resourceVersion": revision.to_string()}}),
            None => json!({}),
        };
        let answer = self.servers[0].delete_with(&path(&name), &options).await;
        if held.is_none() {
            not_found(answer);
        } else if stale == Some(true) {
            assert_eq!(answer.expect(StatusCode::CONFLICT)["reason"], "Conflict");
        } else {
            answer.expect(StatusCode::OK);
            self.model.write(|state, _| _ = state.remove(&name));
        }
    }

    /// The object as one of the servers has it, and as the model does.
    async fn read(&self, name: &str) -> Option<(Value, Item)> {
        let answers = [self.servers[1].get(&path(name)).await, self.servers[0].get(&path(name)).await];
        let Some(held) = self.model.now().get(name) else {
            answers.into_iter().for_each(not_found);
            return None;
        };
        let [other, object] = answers.map(|answer| answer.expect(StatusCode::OK));
        assert_eq!((&object, &Item::of(&object)), (&other, held));
        Some((object, held.clone()))
    }

    /// The answer to a change of an object that is there.
    fn changed(&mut self, name: String, value: u64, app: u8, stale: bool, held: &Item, answer: Answer) {
        if stale {
            assert_eq!(answer.expect(StatusCode::CONFLICT)["reason"], "Conflict");
            return;
        }
        let object = answer.expect(StatusCode::OK);
        if (value, app) == (held.value, held.app) {
            assert_eq!(Item::of(&object), *held, "nothing was written");
        } else {
            self.written(name, value, app, &object);
        }
    }

    fn written(&mut self, name: String, value: u64, app: u8, object: &Value) {
        self.model.write(|state, revision| _ = state.insert(name, Item { value, app, revision }));
        assert_eq!(Item::of(object), Item { value, app, revision: self.model.revision() });
    }

    async fn list(&self, selector: Selector, other: bool) {
        let list = self.server(other).get(&format!("{THINGS}?{}", selector.query())).await.expect(StatusCode::OK);
        assert_eq!(version(&list), self.model.revision());
        assert_eq!(items(&list), self.model.selected(self.model.revision(), selector, None));
    }

    /// The next page, from any server: the state stays that of the first one.
    async fn page(&mut self, other: bool, at: &str) {
        let Some(mut chain) = self.chain.take() else { return };
        let query = format!("{THINGS}?limit={}{}", chain.limit, chain.selector.query());
        let token = chain.token.take();
        let token = token.map(|token| format!("&continue={token}")).unwrap_or_default();
        let mut answer = self.server(other).get(&format!("{query}{at}{token}")).await;
        if answer.code == StatusCode::GONE {
            assert!(chain.revision < self.model.compacted, "{} has expired", chain.revision);
            let Some(token) = answer.json["metadata"]["continue"].as_str() else {
                return assert!(chain.behind.is_none(), "{}", answer.text);
            };
            // It goes on in the present.
            chain.revision = self.model.revision();
            answer = self.server(other).get(&format!("{query}&continue={token}")).await;
        }
        let list = answer.expect(StatusCode::OK);
        assert_eq!(version(&list), chain.revision);
        let mut expected = self.model.selected(chain.revision, chain.selector, chain.behind.as_deref());
        let remaining = expected.split_off(chain.limit.min(expected.len())).len();
        assert_eq!(items(&list), expected);
        let told = (chain.selector == Selector::All && remaining > 0).then_some(remaining);
        assert_eq!(list["metadata"]["remainingItemCount"].as_u64(), told.map(|count| count as u64));
        chain.token = list["metadata"]["continue"].as_str().map(str::to_owned);
        assert_eq!(chain.token.is_some(), remaining > 0);
        chain.behind = expected.pop().map(|(name, _)| name);
        self.chain = Some(chain).filter(|chain| chain.token.is_some());
    }

    /// Begins a watch behind a revision. Behind one before `held` it may have expired, and tells that alone.
    async fn resume(&mut self, other: bool, after: u64, selector: Selector, held: u64) {
        let query = format!("{THINGS}?watch=true&resourceVersion={after}{}", selector.query());
        let mut watch = self.server(other).watch(&query).await;
        let mut told = after;
        if after < held {
            let Some(expected) = self.model.events(after, selector).into_iter().next() else { return };
            let first = watch.next().await.expect("an event");
            if first["type"] == "ERROR" {
                assert_eq!((&first["object"]["code"], &first["object"]["reason"]), (&json!(410), &json!("Expired")));
                assert_eq!(watch.next().await, None);
                return;
            }
            assert_eq!(event(&first), expected);
            told = expected.2.revision;
        }
        self.watches.push(Following { watch, selector, told });
    }

    /// Reads all watches up to now; they tell nothing else.
    async fn follow(&mut self) {
        for server in &self.servers {
            // What it knows is recent then.
            server.get(&path("none")).await.expect(StatusCode::NOT_FOUND);
        }
        for Following { watch, selector, told } in &mut self.watches {
            for expected in self.model.events(*told, *selector) {
                assert_eq!(event(&watch.next().await.expect("an event")), expected);
            }
            *told = self.model.revision();
            assert_eq!(watch.next().now_or_never(), None);
        }
    }

    /// Nothing was told that has not happened; and another server, which begins now, says the same of what was.
    pub(super) async fn end(mut self) {
        for (name, app) in [("last-0", 0), ("last-1", 1)] {
            self.create(name.to_owned(), 0, app).await;
            self.follow().await;
        }
        for name in 0..5 {
            self.step(&Op::Delete { name, stale: None }).await;
            self.step(&Op::Create { name, value: 0, app: 0 }).await;
        }
        self.watches.clear();
        let newest = Client::new(things::server(&self.options[0]));
        self.servers = [newest.clone(), newest];
        let held = self.model.revision().saturating_sub(self.held).max(self.model.compacted);
        for revision in self.model.revisions() {
            let chain = Chain { revision, selector: Selector::All, limit: 2, behind: None, token: None };
            self.chain = Some(chain);
            self.page(false, &format!("&resourceVersion={revision}&resourceVersionMatch=Exact")).await;
            while self.chain.is_some() {
                self.page(false, "").await;
            }
            self.resume(false, revision, Selector::All, held).await;
        }
        self.follow().await;
    }
}

fn labelled(mut object: Value, app: u8) -> Value {
    object["metadata"]["labels"] = if app == 0 { Value::Null } else { json!({"app": app.to_string()}) };
    object
}

#[track_caller]
fn not_found(answer: Answer) {
    assert_eq!(answer.expect(StatusCode::NOT_FOUND)["reason"], "NotFound");
}

fn items(list: &Value) -> Vec<(String, Item)> {
    let items = list["items"].as_array().expect("items");
    items.iter().map(|item| (name(item).to_owned(), Item::of(item))).collect()
}

fn event(event: &Value) -> Event {
    let kind = event["type"].as_str().expect("a type").to_owned();
    (kind, name(&event["object"]).to_owned(), Item::of(&event["object"]))
}
