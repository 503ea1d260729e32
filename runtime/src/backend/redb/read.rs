//! Reading states.

use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;

use super::state::State;
use super::{Shared, closed, tables};
use crate::backend::{Error, Range, RangeReply, Result, Versioned};

/// The most keys that are read on the thread that asks for them.
pub(super) const SHORT: usize = 64;

/// The most keys that are looked at under one lock, so that no reader makes the writer wait.
const CHUNK: usize = 4096;

/// How often the most recent state is begun anew, when meanwhile more was written than is held.
const ATTEMPTS: usize = 3;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// That is the answer.
    Answer(Error),
    /// The file cannot be read; maybe if it is opened anew.
    Storage {
        /// Which time it was opened.
        generation: u64,
        error: redb::Error,
    },
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Answer(error)
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Answer(error) => error,
            Trouble::Storage { error, .. } => Self::Unavailable(error.to_string()),
        }
    }
}

/// A key of a range, and its value if it is in memory.
struct Found {
    key: Arc<str>,
    revision: u64,
    value: Option<Bytes>,
}

impl Shared {
    pub(super) fn get(&self, key: &str) -> Result<Option<Versioned>, Trouble> {
        self.check_open()?;
        let found = self.read(|state| {
            let Some(key) = state.keys.get(key).filter(|key| !key.newest.deleted) else { return Ok(None) };
            Pending::new(state, key.newest.revision).map(Some)
        })?;
        found.map(Pending::get).transpose()
    }

    /// The value that was written at a revision of this state.
    pub(super) fn value(&self, revision: u64) -> Result<Versioned, Trouble> {
        self.read(|state| Pending::new(state, revision))?.get()
    }

    pub(super) fn range(&self, range: Range<'_>) -> Result<RangeReply, Trouble> {
        self.check_open()?;
        for _ in 0..ATTEMPTS {
            match self.range_by(range, CHUNK) {
                Err(Trouble::Answer(Error::Compacted { .. })) if range.revision.is_none() => {}
                reply => return reply,
            }
        }
        self.range_by(range, usize::MAX)
    }

    /// How many keys a range has; the index knows it, without the file.
    pub(super) fn count(&self, range: Range<'_>) -> Result<usize, Trouble> {
        self.check_open()?;
        let revision = range.revision.unwrap_or_else(|| self.read(|state| state.revision));
        Ok(self.select(Range { limit: 0, ..range }, revision, CHUNK)?.0.len())
    }

    fn range_by(&self, range: Range<'_>, chunk: usize) -> Result<RangeReply, Trouble> {
        let (revision, generation, view) = self.read(|state| {
            let revision = range.revision.unwrap_or(state.revision);
            (revision, state.generation, state.check_held(revision).map(|()| state.view()))
        });
        let storage = |error| Trouble::Storage { generation, error };
        let view = view?.map_err(storage)?;
        let (found, more) = self.select(range, revision, chunk)?;

        // In the order in which they are on the disk; many of them share a page.
        let mut missing: Vec<usize> = (0..found.len()).filter(|number| found[*number].value.is_none()).collect();
        missing.sort_by_key(|number| found[*number].revision);
        let mut read = Vec::with_capacity(missing.len());
        let revisions = missing.iter().map(|number| found[*number].revision);
        tables::values(&view, revisions, |value| read.push(value)).map_err(storage)?;
        let mut values: Vec<Option<Bytes>> = found.iter().map(|found| found.value.clone()).collect();
        for (number, value) in missing.into_iter().zip(read) {
            values[number] = Some(value);
        }
        let items = found
            .into_iter()
            .zip(values)
            .filter_map(|(found, value)| Some((found.key, Versioned { value: value?, revision: found.revision })));
        Ok(RangeReply { items: items.collect(), revision, more })
    }

    /// The keys in the state at a revision, and whether the limit cut something off.
    fn select(&self, range: Range<'_>, revision: u64, chunk: usize) -> Result<(Vec<Found>, bool), Trouble> {
        let mut found = Vec::new();
        let mut cursor = Bound::Included(Arc::from(range.start.unwrap_or(range.prefix).max(range.prefix)));
        loop {
            let next = self.read(|state| {
                state.check_held(revision)?;
                let mut last = None;
                let keys = state.keys.range::<str, _>((cursor.as_ref().map(|key: &Arc<str>| &**key), Bound::Unbounded));
                for (name, key) in keys.take_while(|(name, _)| name.starts_with(range.prefix)).take(chunk) {
                    last = Some(Arc::clone(name));
                    let Some(version) = key.at(revision).filter(|version| !version.deleted) else { continue };
                    if range.limit > 0 && found.len() == range.limit {
                        return Ok((None, true));
                    }
                    let value = state.recent.get(version.revision).and_then(|change| change.value.clone());
                    found.push(Found { key: Arc::clone(name), revision: version.revision, value });
                }
                Ok::<_, Error>((last, false))
            });
            match next? {
                (Some(last), _) => cursor = Bound::Excluded(last),
                (None, more) => return Ok((found, more)),
            }
        }
    }

    pub(super) fn check_open(&self) -> Result<()> {
        self.progress.borrow().map(|_| ()).ok_or_else(closed)
    }
}

/// A value that is to be read without the lock.
enum Pending {
    Here(Versioned),
    OnDisk { view: Arc<redb::ReadTransaction>, revision: u64, generation: u64 },
}

impl Pending {
    fn new(state: &State, revision: u64) -> Result<Self, Trouble> {
        if let Some(value) = state.recent.get(revision).and_then(|change| change.value.clone()) {
            return Ok(Self::Here(Versioned { value, revision }));
        }
        let generation = state.generation;
        let view = state.view().map_err(|error| Trouble::Storage { generation, error })?;
        Ok(Self::OnDisk { view, revision, generation })
    }

    fn get(self) -> Result<Versioned, Trouble> {
        match self {
            Self::Here(versioned) => Ok(versioned),
            Self::OnDisk { view, revision, generation } => {
                let mut read = Bytes::new();
                tables::values(&view, [revision], |value| read = value)
                    .map_err(|error| Trouble::Storage { generation, error })?;
                Ok(Versioned { value: read, revision })
            }
        }
    }
}
