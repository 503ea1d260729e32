//! What is kept in memory: which keys there are and since when, and the last changes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use redb::{Database, ReadTransaction};

use super::tables::{self, FORMAT, Meta};
use crate::backend::{Change, Error, Result};

/// The most changes in memory, and the most bytes of their values; the rest is read from the disk.
const RECENT: usize = 4096;
const RECENT_BYTES: usize = 4 << 20;

/// The open file, and what can be said without reading it.
pub(super) struct State {
    /// `None` while it is closed or cannot be opened.
    pub(super) open: Option<Open>,
    /// Counts how often the file was opened.
    pub(super) generation: u64,
    pub(super) revision: u64,
    /// The oldest revision that can be read.
    pub(super) oldest: u64,
    pub(super) keys: BTreeMap<Arc<str>, Key>,
    pub(super) recent: Recent,
    /// Versions that no state behind a revision has, in the order of those.
    superseded: VecDeque<Superseded>,
    /// Rows that no state has. They are in the file until a commit of the writer removes them.
    pub(super) gone: VecDeque<u64>,
}

/// The file, and a view of it in this state. Readers share the view: to begin one of their own they would wait while
/// redb makes the file longer.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) database: Arc<Database>,
    view: Arc<ReadTransaction>,
}

/// The versions of a key that are held. The first one is the only one that may be at or before the oldest revision.
pub(super) struct Key {
    pub(super) newest: Version,
    older: Vec<Version>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) revision: u64,
    pub(super) deleted: bool,
}

struct Superseded {
    at: u64,
    key: Arc<str>,
    revision: u64,
}

impl State {
    /// The state of a file that has been opened.
    pub(super) fn load(database: Database, meta: Meta) -> Result<Self, redb::Error> {
        let open = Open::new(Arc::new(database))?;
        let mut versions: Vec<(Arc<str>, Version)> = Vec::new();
        tables::each_change(&open.view, |revision, deleted, key| {
            versions.push((key.into(), Version { revision, deleted }));
        })?;
        // The rows are in the order of the revisions, and stay so within a key.
        versions.sort_by(|(one, _), (other, _)| one.cmp(other));

        let mut superseded = Vec::new();
        let mut keys: Vec<(Arc<str>, Key)> = Vec::new();
        for (name, version) in versions {
            if let Some((name, key)) = keys.last_mut().filter(|(last, _)| *last == name) {
                key.push(name, version, |entry| superseded.push(entry));
            } else {
                let key = Key::new(&name, version, |entry| superseded.push(entry));
                keys.push((name, key));
            }
        }
        superseded.sort_by_key(|entry| entry.at);
        let mut state = Self {
            open: Some(open),
            generation: 0,
            revision: meta.revision,
            oldest: meta.oldest,
            // In order already, which makes this quick.
            keys: keys.into_iter().collect(),
            recent: Recent::new(meta.revision),
            superseded: superseded.into(),
            gone: VecDeque::new(),
        };
        state.forget(meta.oldest);
        Ok(state)
    }

    pub(super) fn meta(&self) -> Meta {
        Meta { format: FORMAT, revision: self.revision, oldest: self.oldest }
    }

    pub(super) fn check_held(&self, revision: u64) -> Result<()> {
        if revision > self.revision {
            return Err(Error::Future { current: self.revision });
        }
        if revision < self.oldest {
            return Err(Error::Compacted { oldest: self.oldest });
        }
        Ok(())
    }

    /// The file as it is in this state.
    pub(super) fn view(&self) -> Result<Arc<ReadTransaction>, redb::Error> {
        self.open.as_ref().map(|open| Arc::clone(&open.view)).ok_or(redb::Error::DatabaseClosed)
    }

    /// Takes what has been written, and forgets what is before the oldest revision.
    pub(super) fn apply(&mut self, open: Open, meta: Meta, changes: Vec<Change>) {
        self.open = Some(open);
        for change in changes {
            let version = Version { revision: change.revision, deleted: change.value.is_none() };
            let superseded = &mut self.superseded;
            if let Some(key) = self.keys.get_mut(&change.key) {
                key.push(&change.key, version, |entry| superseded.push_back(entry));
            } else {
                let key = Key::new(&change.key, version, |entry| superseded.push_back(entry));
                self.keys.insert(Arc::clone(&change.key), key);
            }
            self.recent.push(change);
        }
        self.revision = meta.revision;
        self.forget(meta.oldest);
    }

    fn forget(&mut self, oldest: u64) {
        self.oldest = oldest;
        while let Some(entry) = self.superseded.pop_front_if(|entry| entry.at <= oldest) {
            self.gone.push_back(entry.revision);
            if self.keys.get_mut(&entry.key).is_some_and(|key| !key.forget(entry.revision)) {
                self.keys.remove(&entry.key);
            }
        }
    }
}

impl Open {
    /// With a view of what the file has now.
    pub(super) fn new(database: Arc<Database>) -> Result<Self, redb::Error> {
        let view = Arc::new(tables::view(&database)?);
        Ok(Self { database, view })
    }
}

impl Key {
    fn new(name: &Arc<str>, newest: Version, superseded: impl FnMut(Superseded)) -> Self {
        newest.told(name, superseded);
        Self { newest, older: Vec::new() }
    }

    fn push(&mut self, name: &Arc<str>, version: Version, mut superseded: impl FnMut(Superseded)) {
        // A deletion is in no state at all, and has been noted as such.
        if !self.newest.deleted {
            let (at, revision) = (version.revision, self.newest.revision);
            superseded(Superseded { at, key: Arc::clone(name), revision });
        }
        version.told(name, superseded);
        self.older.push(self.newest);
        self.newest = version;
    }

    /// The version in the state at a revision.
    pub(super) fn at(&self, revision: u64) -> Option<Version> {
        let mut versions = std::iter::once(&self.newest).chain(self.older.iter().rev());
        versions.find(|version| version.revision <= revision).copied()
    }

    /// Whether any version is left.
    fn forget(&mut self, revision: u64) -> bool {
        self.older.retain(|version| version.revision != revision);
        self.newest.revision != revision
    }
}

impl Version {
    /// Its revision, if the key is there.
    pub(super) fn live(self) -> Option<u64> {
        (!self.deleted).then_some(self.revision)
    }

    /// A deletion is superseded by itself.
    fn told(self, name: &Arc<str>, mut superseded: impl FnMut(Superseded)) {
        if self.deleted {
            superseded(Superseded { at: self.revision, key: Arc::clone(name), revision: self.revision });
        }
    }
}

/// The last changes, one a revision, without gaps.
pub(super) struct Recent {
    changes: VecDeque<Change>,
    bytes: usize,
    /// The revision before the first one.
    after: u64,
}

impl Recent {
    fn new(after: u64) -> Self {
        Self { changes: VecDeque::new(), bytes: 0, after }
    }

    fn push(&mut self, change: Change) {
        self.bytes += size(&change);
        self.changes.push_back(change);
        while self.changes.len() > RECENT || self.bytes > RECENT_BYTES {
            let Some(change) = self.changes.pop_front() else { break };
            self.bytes -= size(&change);
            self.after = change.revision;
        }
    }

    /// The change at a revision, if it is here.
    pub(super) fn get(&self, revision: u64) -> Option<&Change> {
        let number = revision.checked_sub(self.after)?.checked_sub(1)?;
        self.changes.get(usize::try_from(number).ok()?)
    }

    /// The changes behind a revision, if all of them are here.
    pub(super) fn behind(&self, revision: u64) -> Option<impl Iterator<Item = &Change>> {
        let number = usize::try_from(revision.checked_sub(self.after)?).ok()?;
        Some(self.changes.iter().skip(number))
    }
}

fn size(change: &Change) -> usize {
    change.value.as_ref().map_or(0, bytes::Bytes::len)
}
