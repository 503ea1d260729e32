//! Puts the messages of one etcd watch together to batches of whole revisions.

use std::sync::Arc;

use bytes::Bytes;
use etcd_client::proto::{PbEvent, PbWatchResponse};

use super::kv::unsigned;
use crate::backend::{Batch, Change, Error, Result};

/// The type of an event, as the wire has it.
const DELETE: i32 = 1;

/// How far a watch is, and what of its last revision is still to come.
#[derive(Debug)]
pub(super) struct Assembler {
    /// What the keys begin with that are told.
    keys: String,
    /// Everything up to here is told, or in the batch that was given last.
    position: u64,
    /// The events of a revision that a fragment may have cut in two.
    held: Vec<Change>,
    /// Whether a message without events says how far the watch is.
    progress: bool,
}

impl Assembler {
    pub(super) fn new(keys: String, position: u64, progress: bool) -> Self {
        Self { keys, position, held: Vec::new(), progress }
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Takes a message; gives a batch if it ends a revision that is new.
    pub(super) fn take(&mut self, message: PbWatchResponse) -> Result<Option<Batch>> {
        if message.compact_revision > 0 {
            return Err(Error::Compacted { oldest: unsigned(message.compact_revision) });
        }
        if message.canceled {
            return Err(Error::Unavailable(format!("etcd ended the watch: {}", message.cancel_reason)));
        }
        if message.created {
            return Ok(None);
        }
        let told = if message.events.is_empty() {
            // Where every key is watched nobody asks for progress, and it is not relied on.
            let header = message.header.as_ref().map_or(0, |header| unsigned(header.revision));
            if self.progress { header } else { self.position }
        } else {
            self.take_events(message.events, message.fragment)
        };
        if told <= self.position {
            return Ok(None);
        }
        let held = self.held.partition_point(|change| change.revision <= told);
        let changes = self.held.drain(..held).filter(|change| change.key.starts_with(&self.keys)).collect();
        self.position = told;
        Ok(Some(Batch { changes, revision: told }))
    }

    /// Gives the last revision that is whole.
    fn take_events(&mut self, events: Vec<PbEvent>, fragment: bool) -> u64 {
        let mut last = self.position;
        for event in events {
            let Some(pair) = event.kv else { continue };
            let revision = unsigned(pair.mod_revision);
            // A server that takes a snapshot from another one may tell again what it has told.
            if revision <= self.position {
                continue;
            }
            last = last.max(revision);
            let value = (event.r#type != DELETE).then(|| Bytes::from(pair.value));
            let key = std::str::from_utf8(&pair.key).ok();
            if let Some(key) = key.filter(|key| key.starts_with(&self.keys)) {
                self.held.push(Change { key: Arc::from(key), revision, value });
            }
        }
        // The next fragment may go on with the same revision.
        if fragment { last.saturating_sub(1) } else { last }
    }
}
