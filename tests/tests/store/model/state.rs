//! What the model says: the state at each revision, and what changed from each to the next.

use std::collections::BTreeMap;

use rest_resource_tests::things;
use serde_json::Value;

/// A thing as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) value: u64,
    /// Its label `app`; 0 is none.
    pub(super) app: u8,
    pub(super) revision: u64,
}

/// The things, by their names.
pub(super) type State = BTreeMap<String, Item>;

/// What lists and watches look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Selector {
    All,
    /// `app=1`.
    App,
    /// `app!=1`, without the label too.
    NotApp,
    Name(u8),
}

/// A type, a name and what is told of it.
pub(super) type Event = (String, String, Item);

/// The states, each at one revision more than the one before: nobody else writes.
#[derive(Debug)]
pub(super) struct Model {
    first: u64,
    states: Vec<State>,
    /// What is before it may be forgotten.
    pub(super) compacted: u64,
}

impl Item {
    pub(super) fn of(object: &Value) -> Self {
        let app = object["metadata"]["labels"]["app"].as_str().map_or(0, |app| app.parse().expect("a label"));
        Self { value: things::value(object), app, revision: things::version(object) }
    }
}

impl Selector {
    /// As a part of a query.
    pub(super) fn query(self) -> String {
        match self {
            Self::All => String::new(),
            Self::App => "&labelSelector=app%3D1".to_owned(),
            Self::NotApp => "&labelSelector=app%21%3D1".to_owned(),
            Self::Name(name) => format!("&fieldSelector=metadata.name%3D{}", name_of(name)),
        }
    }

    fn matches(self, name: &str, item: &Item) -> bool {
        match self {
            Self::All => true,
            Self::App => item.app == 1,
            Self::NotApp => item.app != 1,
            Self::Name(only) => name == name_of(only),
        }
    }
}

pub(super) fn name_of(number: u8) -> String {
    format!("t{number}")
}

impl Model {
    /// Nothing is there at `first`.
    pub(super) fn new(first: u64) -> Self {
        Self { first, states: vec![State::new()], compacted: 0 }
    }

    pub(super) fn now(&self) -> &State {
        self.at(self.revision())
    }

    pub(super) fn revision(&self) -> u64 {
        self.first + self.states.len() as u64 - 1
    }

    /// All revisions.
    pub(super) fn revisions(&self) -> std::ops::RangeInclusive<u64> {
        self.first..=self.revision()
    }

    /// One of the revisions.
    pub(super) fn some_revision(&self, seed: u8) -> u64 {
        self.first + u64::from(seed) % self.states.len() as u64
    }

    pub(super) fn at(&self, revision: u64) -> &State {
        &self.states[usize::try_from(revision - self.first).expect("a small number")]
    }

    /// The next state.
    pub(super) fn write(&mut self, change: impl FnOnce(&mut State, u64)) {
        let mut state = self.now().clone();
        change(&mut state, self.revision() + 1);
        self.states.push(state);
    }

    /// What a list at a revision has behind a name.
    pub(super) fn selected(&self, revision: u64, selector: Selector, behind: Option<&str>) -> Vec<(String, Item)> {
        let all = self.at(revision).iter();
        let behind = all.filter(|(name, _)| behind.is_none_or(|behind| name.as_str() > behind));
        let selected = behind.filter(|(name, item)| selector.matches(name, item));
        selected.map(|(name, item)| (name.clone(), item.clone())).collect()
    }

    /// What a watch from a revision tells until now.
    pub(super) fn events(&self, after: u64, selector: Selector) -> Vec<Event> {
        (after..self.revision()).filter_map(|revision| self.event(revision + 1, selector)).collect()
    }

    /// What the change at a revision is to a selector (contract 4.8.8, 4.8.9).
    fn event(&self, revision: u64, selector: Selector) -> Option<Event> {
        let (before, now) = (self.at(revision - 1), self.at(revision));
        let name = before.keys().chain(now.keys()).find(|name| before.get(*name) != now.get(*name))?;
        let find = |state: &State| state.get(name).filter(|item| selector.matches(name, item)).cloned();
        let (kind, item) = match (find(before), find(now)) {
            (None, None) => return None,
            (None, Some(item)) => ("ADDED", item),
            (Some(_), Some(item)) => ("MODIFIED", item),
            (Some(item), None) => ("DELETED", Item { revision, ..item }),
        };
        Some((kind.to_owned(), name.clone(), item))
    }
}
