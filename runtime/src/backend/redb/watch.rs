//! Watching: from memory, and from the disk for who is behind that.

use std::sync::Arc;

use tokio::sync::watch;

use super::read::Trouble;
use super::state::State;
use super::{Shared, closed, tables};
use crate::backend::{Batch, BoxFuture, Change, Result, Watch};

/// The most changes of one [`Batch`], so that a watch never holds the lock for long.
const BATCH: usize = 512;

/// The most changes that are read from the disk for one batch, of which the prefix may have none.
const SCAN: usize = 2048;

/// A watch is a place in the history: it keeps nothing, and ends if the history is cut behind it.
pub(super) struct RedbWatch {
    shared: Arc<Shared>,
    progress: watch::Receiver<Option<u64>>,
    prefix: Arc<str>,
    after: u64,
}

impl RedbWatch {
    pub(super) fn new(shared: &Arc<Shared>, prefix: &str, after: u64) -> Self {
        let progress = shared.progress.subscribe();
        Self { shared: Arc::clone(shared), progress, prefix: prefix.into(), after }
    }
}

impl Watch for RedbWatch {
    fn next(&mut self) -> BoxFuture<'_, Result<Batch>> {
        Box::pin(async move {
            let after = self.after;
            let reached = self.progress.wait_for(|revision| revision.is_none_or(|revision| revision > after)).await;
            if reached.map_or(true, |revision| revision.is_none()) {
                return Err(closed());
            }
            let recent = self.shared.read(|state| recent(state, &self.prefix, after))?;
            let batch = if let Some(batch) = recent {
                batch
            } else {
                let prefix = Arc::clone(&self.prefix);
                let read = move |shared: &Shared| shared.batch_on_disk(&prefix, after);
                self.shared.healed_offloaded(Arc::new(read)).await?
            };
            self.after = batch.revision;
            Ok(batch)
        })
    }
}

/// The changes behind a revision as far as one batch goes, if they are in memory.
fn recent(state: &State, prefix: &str, after: u64) -> Result<Option<Batch>> {
    state.check_held(after)?;
    let Some(changes) = state.recent.behind(after) else { return Ok(None) };
    let mut batch = Batch { changes: Vec::new(), revision: state.revision };
    for change in changes.filter(|change| change.key.starts_with(prefix)) {
        if batch.changes.len() == BATCH {
            batch.revision = batch.changes.last().map_or(after, |change| change.revision);
            break;
        }
        batch.changes.push(change.clone());
    }
    Ok(Some(batch))
}

impl Shared {
    fn batch_on_disk(&self, prefix: &str, after: u64) -> Result<Batch, Trouble> {
        let (generation, current, view) = self.read(|state| {
            state.check_held(after)?;
            Ok::<_, Trouble>((state.generation, state.revision, state.view()))
        })?;
        let storage = |error| Trouble::Storage { generation, error };
        let view = view.map_err(storage)?;
        let rows = tables::changes(&view, after, SCAN).map_err(storage)?;
        let told = if rows.len() == SCAN { rows.last().map(|(revision, _)| *revision) } else { None };
        let mut batch = Batch { changes: Vec::new(), revision: told.unwrap_or(current) };
        for (revision, row) in rows.into_iter().filter(|(_, row)| row.key.starts_with(prefix)) {
            if batch.changes.len() == BATCH {
                batch.revision = batch.changes.last().map_or(after, |change| change.revision);
                break;
            }
            let mut value = None;
            if !row.deleted {
                tables::values(&view, [revision], |read| value = Some(read)).map_err(storage)?;
            }
            batch.changes.push(Change { key: row.key.into(), revision, value });
        }
        Ok(batch)
    }
}
