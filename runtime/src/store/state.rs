//! The objects of one resource and the last events, as they are held; and pages of them.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::cache::NotHeld;
use super::entry::Entry;
use super::history::{History, Limits};
use super::leaf::{Leaf, Run};
use super::leaves::Leaves;
use super::selection::Selection;

/// The objects and events that are held.
#[derive(Debug)]
pub(super) struct State {
    /// 0 before the first read of the backend.
    pub(super) revision: u64,
    /// Another one after changes have been missed: revisions from before say nothing of what is held now.
    pub(super) generation: u64,
    pub(super) entries: Leaves,
    pub(super) history: History,
}

/// A part of a list.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) runs: Vec<Run>,
    /// The state that it is from.
    pub(super) revision: u64,
    pub(super) rest: Option<Rest>,
}

/// What comes behind a page, where another entry is selected.
#[derive(Debug)]
pub(super) struct Rest {
    /// The key of the last item of the page.
    pub(super) behind: Arc<str>,
    /// How many entries there are, where all are selected: only there it is told, so only there they are counted
    /// (contract 4.7.5).
    pub(super) count: Option<usize>,
}

impl Page {
    /// The keys of the page that have no object which can be read.
    pub(super) fn unreadable(&self) -> Vec<Arc<str>> {
        self.entries().filter(|entry| !entry.is_readable()).map(|entry| Arc::clone(&entry.key)).collect()
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.runs.iter().flat_map(Run::entries)
    }
}

impl State {
    /// Nothing, before the first read of the backend.
    pub(super) fn new(limits: Limits) -> Self {
        Self { revision: 0, generation: 0, entries: Leaves::default(), history: History::new(limits, 0) }
    }

    /// Whether the state at a revision can be told from the present one.
    pub(super) fn check_held(&self, at: u64) -> Result<(), NotHeld> {
        if at > self.revision {
            return Err(NotHeld::Future(self.revision));
        }
        if at < self.history.oldest() {
            return Err(NotHeld::Expired(self.history.oldest()));
        }
        Ok(())
    }

    /// At most `limit` of the selected entries from a key on; 0 is all.
    pub(super) fn page(&self, selection: &Selection, start: &str, limit: usize) -> Page {
        let (first, last) = selection.keys();
        let mut picked = Picked::new(selection, limit);
        for (leaf, range) in self.entries.range(first.max(start), last) {
            if picked.take(leaf, range).is_break() {
                break;
            }
        }
        picked.page(self.revision, |behind| self.entries.count(behind, last))
    }
}

/// How many of the entries of a leaf are remembered while the others are looked at.
const KNOWN: usize = 16;

/// The selected entries of what is offered in order.
pub(super) struct Picked<'a> {
    selection: &'a Selection,
    runs: Vec<Run>,
    left: usize,
    more: bool,
}

impl<'a> Picked<'a> {
    /// Takes `limit` entries; 0 is all.
    pub(super) fn new(selection: &'a Selection, limit: usize) -> Self {
        Self { selection, runs: Vec::new(), left: if limit == 0 { usize::MAX } else { limit }, more: false }
    }

    /// How many entries it can still take.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Breaks when another one is selected than can be taken.
    pub(super) fn take(&mut self, leaf: &Arc<Leaf>, range: Range<usize>) -> ControlFlow<()> {
        if self.selection.is_whole_scope() {
            let taken = self.left.min(range.len());
            self.left -= taken;
            self.more = taken < range.len();
            self.runs.extend(Run::new(leaf, range.start..range.start + taken));
            return if self.more { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        }
        // Neighbours have few different labels, and hold those that are equal once.
        let mut known: Vec<(&Entry, bool)> = Vec::new();
        for (at, entry) in range.clone().zip(leaf.entries().get(range).unwrap_or_default()) {
            let labels = if let Some((_, matches)) = known.iter().find(|(known, _)| known.is_selected_as(entry)) {
                *matches
            } else {
                let matches = self.selection.matches_labels(entry);
                if known.len() < KNOWN {
                    known.push((entry, matches));
                }
                matches
            };
            if !labels || !self.selection.matches_fields(entry) {
                continue;
            }
            if self.left == 0 {
                self.more = true;
                return ControlFlow::Break(());
            }
            self.left -= 1;
            if !self.runs.last_mut().is_some_and(|last| last.extend(leaf, at)) {
                self.runs.extend(Run::new(leaf, at..at + 1));
            }
        }
        ControlFlow::Continue(())
    }

    /// What was taken; `count` says how many entries of the scope there are from a key on.
    pub(super) fn page(self, revision: u64, count: impl FnOnce(&str) -> usize) -> Page {
        let last = self.runs.last().and_then(|run| run.entries().last()).filter(|_| self.more);
        let rest = last.map(|last| {
            let behind = Arc::clone(&last.key);
            let whole = self.selection.is_whole_scope();
            // No key is between this one and the same with a zero behind it.
            Rest { count: whole.then(|| count(&format!("{behind}\0"))), behind }
        });
        Page { runs: self.runs, revision, rest }
    }
}
