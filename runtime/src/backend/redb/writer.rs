//! The one thread that writes.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::Shared;
use super::open::{self, Reason, Source};
use super::state::{Open, State, Version};
use super::tables;
use crate::backend::{Change, Commit, Error, Expect, Result, Versioned, Write};

/// How many messages wait at most; who comes then waits for room.
pub(super) const QUEUE: usize = 1024;

/// The most writes of one transaction, and the most bytes of their values.
const GROUP: usize = 512;
const GROUP_BYTES: usize = 16 << 20;

/// How many rows that nobody needs make their removal worth it. A commit removes as many more as it writes: what is
/// left does not grow, and nobody waits for the removal of very many.
const SWEEP: usize = 64;

/// What the writer is asked for.
pub(super) enum Message {
    Commit(Job),
    Compact(u64, oneshot::Sender<Result<()>>),
    /// The file could not be read, the time it was opened so.
    Heal(u64, oneshot::Sender<Result<()>>),
    Close(oneshot::Sender<()>),
}

pub(super) struct Job {
    pub(super) write: Write,
    pub(super) answer: oneshot::Sender<Result<Commit>>,
}

struct Writer<'a> {
    shared: &'a Shared,
    source: &'a Source,
    /// How many changes are kept.
    history: u64,
}

/// Writes until the store is closed or its last handle dropped, and closes the file.
pub(super) fn run(shared: &Shared, mut receiver: mpsc::Receiver<Message>, source: &Source, history: u64) {
    let closing = Closing(shared);
    let mut writer = Writer { shared, source, history };
    let mut asked = None;
    while let Some(message) = receiver.blocking_recv() {
        let (group, other) = gather(message, &mut receiver);
        if !group.is_empty() {
            writer.commit(group);
        }
        match other {
            Some(Message::Compact(revision, answer)) => drop(answer.send(writer.compact(revision))),
            Some(Message::Heal(generation, answer)) => drop(answer.send(writer.heal(generation))),
            Some(Message::Close(answer)) => {
                asked = Some(answer);
                break;
            }
            Some(Message::Commit(_)) | None => {}
        }
        while receiver.is_empty() && writer.sweep() {}
    }
    receiver.close();
    drop(closing);
    // Who waits in the queue is told by the end of its channel; and who has asked for it, that the file is closed.
    if let Some(Err(())) = asked.map(|answer| answer.send(())) {
        tracing::debug!("the store is closed, and nobody waited for it");
    }
}

/// Takes all writes that wait already, up to a message of another kind.
fn gather(first: Message, receiver: &mut mpsc::Receiver<Message>) -> (Vec<Job>, Option<Message>) {
    let (mut group, mut bytes, mut next) = (Vec::new(), 0, Some(first));
    while let Some(message) = next {
        let Message::Commit(job) = message else { return (group, Some(message)) };
        bytes += job.write.value.as_ref().map_or(0, bytes::Bytes::len);
        group.push(job);
        let full = group.len() == GROUP || bytes > GROUP_BYTES;
        next = if full { None } else { receiver.try_recv().ok() };
    }
    (group, None)
}

/// Ends what waits for the store, also if the writer panics.
struct Closing<'a>(&'a Shared);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.progress.send_replace(None);
        // Its own end is outside of the lock: it writes.
        let open = self.0.write(|state| state.open.take());
        drop(open);
    }
}

/// What a write is answered if its group is on the disk.
enum Planned {
    Done(u64),
    /// The change that the key has in the group.
    ConflictWithin(Change),
    /// The version that the key has in the state before.
    ConflictBefore(Option<u64>),
}

impl Writer<'_> {
    /// Compares each write with the state and the earlier ones of the group, puts those that are as expected into one
    /// transaction, and answers all.
    fn commit(&mut self, group: Vec<Job>) {
        // Nobody waits for these any more, and nobody has been told that they are written.
        let group: Vec<Job> = group.into_iter().filter(|job| !job.answer.is_closed()).collect();
        let (writes, answers): (Vec<_>, Vec<_>) = group.into_iter().map(|job| (job.write, job.answer)).unzip();
        let (planned, changes) = self.shared.read(|state| plan(state, writes));
        let stored = if changes.is_empty() { Ok(()) } else { self.store(changes, None) };
        for (planned, answer) in planned.into_iter().zip(answers) {
            // A conflict may be with what the group would have written; so nobody is told anything if it is not.
            let commit = stored.clone().and_then(|()| self.answer(planned));
            // Who has gone meanwhile need not be told.
            let _ = answer.send(commit);
        }
    }

    fn answer(&self, planned: Planned) -> Result<Commit> {
        let held = match planned {
            Planned::Done(revision) => return Ok(Commit::Done(revision)),
            Planned::ConflictWithin(Change { value, revision, .. }) => value.map(|value| Versioned { value, revision }),
            Planned::ConflictBefore(revision) => revision.map(|revision| self.shared.value(revision)).transpose()?,
        };
        Ok(Commit::Conflict(held))
    }

    fn compact(&mut self, revision: u64) -> Result<()> {
        let (current, oldest) = self.shared.read(|state| (state.revision, state.oldest));
        if revision > current {
            return Err(Error::Future { current });
        }
        if revision > oldest { self.store(Vec::new(), Some(revision)) } else { Ok(()) }
    }

    /// Removes some rows that nobody needs, if that is worth a transaction; whether it was.
    fn sweep(&mut self) -> bool {
        self.shared.read(|state| state.gone.len() >= SWEEP) && self.store(Vec::new(), None).is_ok()
    }

    /// Puts changes into the file, and then into the state. All or nothing: if the file does not take them, it is
    /// opened anew, since redb refuses to go on with it.
    fn store(&mut self, changes: Vec<Change>, compact: Option<u64>) -> Result<()> {
        let (open, mut meta, mut gone) = self.shared.read(|state| {
            let sweep = if state.gone.len() >= SWEEP { SWEEP + changes.len() } else { 0 };
            let gone: Vec<u64> = state.gone.iter().take(sweep).copied().collect();
            (state.open.clone(), state.meta(), gone)
        });
        let Some(Open { database, .. }) = open else {
            self.reopen()?;
            // What was compared may have been with another state.
            return Err(Error::Unavailable("the file was opened anew, nothing is written, try again".to_owned()));
        };
        meta.revision = changes.last().map_or(meta.revision, |change| change.revision);
        meta.oldest = meta.oldest.max(compact.unwrap_or(meta.revision.saturating_sub(self.history)));
        let removed = gone.len();
        // As they are in the file.
        gone.sort_unstable();
        let stored = tables::store(&database, meta, &changes, &gone);
        let open = match stored.and_then(|()| Open::new(database)) {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "the store cannot be written");
                // If it cannot be opened either, that is said by the next one who needs it.
                let _ = self.reopen();
                return Err(Error::Unavailable(format!("the write failed: {error}")));
            }
        };
        self.shared.write(|state| {
            state.gone.drain(..removed);
            state.apply(open, meta, changes);
        });
        self.shared.progress.send_replace(Some(meta.revision));
        Ok(())
    }

    fn heal(&mut self, generation: u64) -> Result<()> {
        // Another one may have asked for the same before.
        if self.shared.read(|state| state.generation == generation) { self.reopen() } else { Ok(()) }
    }

    /// Opens the file anew. It may have what was not acknowledged, whole, if the end of its transaction failed.
    fn reopen(&mut self) -> Result<()> {
        let closed = self.shared.write(|state| {
            state.generation += 1;
            state.open.take()
        });
        // Before it is opened again, since only one can have it open.
        drop(closed);
        let known = self.shared.read(State::meta);
        let opened = (self.source)().map_err(Reason::from).and_then(|database| {
            let meta = open::check(&database)?;
            if meta.revision < known.revision {
                return Err(Reason::damaged("it has lost what was written"));
            }
            if meta == known {
                let open = Open::new(Arc::new(database))?;
                self.shared.write(|state| state.open = Some(open));
            } else {
                let mut loaded = State::load(database, meta)?;
                self.shared.write(|state| {
                    loaded.generation = state.generation;
                    *state = loaded;
                });
            }
            Ok(meta.revision)
        });
        match opened {
            Ok(revision) => {
                self.shared.progress.send_replace(Some(revision));
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "the store cannot be opened");
                Err(Error::Unavailable(error.to_string()))
            }
        }
    }
}

/// What becomes of each write, and the changes of those that are as expected.
fn plan(state: &State, writes: Vec<Write>) -> (Vec<Planned>, Vec<Change>) {
    let mut planned = Vec::with_capacity(writes.len());
    let mut changes: Vec<Change> = Vec::with_capacity(writes.len());
    // The last change of each key of the group, by its number.
    let mut written: HashMap<Arc<str>, usize> = HashMap::with_capacity(writes.len());
    let mut revision = state.revision;
    for Write { key, expect, value } in writes {
        let within = written.get(key.as_str()).map(|number| &changes[*number]);
        let before = state.keys.get_key_value(key.as_str());
        let held = match within {
            Some(change) => Version { revision: change.revision, deleted: change.value.is_none() }.live(),
            None => before.and_then(|(_, key)| key.newest.live()),
        };
        let expected = match (held, expect) {
            (None, Expect::Absent) => true,
            (Some(held), Expect::Revision(revision)) => held == revision,
            _ => false,
        };
        if !expected {
            planned.push(match within {
                Some(change) => Planned::ConflictWithin(change.clone()),
                None => Planned::ConflictBefore(held),
            });
            continue;
        }
        if held.is_some() || value.is_some() {
            revision += 1;
            let known = before.map(|(name, _)| name).or(within.map(|change| &change.key));
            let key = known.map_or_else(|| key.into(), Arc::clone);
            written.insert(Arc::clone(&key), changes.len());
            changes.push(Change { key, revision, value });
        }
        planned.push(Planned::Done(revision));
    }
    (planned, changes)
}
