//! The objects of one resource and the last events, as they are held; lists of what is, and of what was.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::entry::Entry;
use super::event::Event;
use super::leaf::{Leaf, Run};
use super::leaves::Leaves;
use super::selection::Selection;

/// The objects and events that are held.
#[derive(Debug, Default)]
pub(super) struct State {
    /// 0 before the first read of the backend.
    pub(super) revision: u64,
    /// Another one after changes have been missed: revisions from before say nothing of what is held now.
    pub(super) generation: u64,
    pub(super) entries: Leaves,
    pub(super) events: VecDeque<Arc<Event>>,
    /// All events behind this revision are held.
    pub(super) oldest: u64,
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
    /// How many keys of the scope there are.
    pub(super) count: usize,
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
    /// At most `limit` of the selected entries from a key on; 0 is all.
    pub(super) fn page(&self, selection: &Selection, start: &str, limit: usize) -> Page {
        let (first, last) = selection.keys();
        let mut picked = Picked::new(selection, limit);
        for (leaf, range) in self.entries.range(first.max(start), last) {
            if picked.take(leaf, range).is_break() {
                break;
            }
        }
        Page { runs: picked.runs, revision: self.revision, rest: picked.rest }
    }

    /// The same of a former state: what was before the first event behind `at` is what was at `at`.
    pub(super) fn page_at(&self, selection: &Selection, start: &str, limit: usize, at: u64) -> Page {
        let behind = self.events.partition_point(|event| event.revision <= at);
        if behind == self.events.len() {
            return Page { revision: at, ..self.page(selection, start, limit) };
        }
        let mut changed = HashSet::new();
        let mut former: BTreeMap<&str, &Entry> = BTreeMap::new();
        for event in self.events.iter().skip(behind).filter(|event| changed.insert(&*event.key)) {
            if let Some(old) = event.old.as_ref().filter(|old| *old.key >= *start && selection.covers(&old.key)) {
                former.insert(&old.key, old);
            }
        }
        let mut former = former.into_values().cloned().peekable();
        let mut picked = Picked::new(selection, limit);
        let mut take = |entries: Vec<Entry>| {
            let all = 0..entries.len();
            picked.take(&Arc::new(Leaf::new(entries)), all)
        };
        let (first, last) = selection.keys();
        for (leaf, range) in self.entries.range(first.max(start), last) {
            let present = leaf.entries().get(range).unwrap_or_default();
            // What was in the place of these, or between them.
            let Some(last) = present.last() else { continue };
            let mut entries: Vec<Entry> = std::iter::from_fn(|| former.next_if(|old| old.key <= last.key)).collect();
            entries.extend(present.iter().filter(|entry| !changed.contains(&*entry.key)).cloned());
            entries.sort_by(|one, other| one.key.cmp(&other.key));
            if take(entries).is_break() {
                return Page { runs: picked.runs, revision: at, rest: picked.rest };
            }
        }
        let _ = take(former.collect());
        Page { runs: picked.runs, revision: at, rest: picked.rest }
    }
}

/// The selected entries of what is offered in order.
struct Picked<'a> {
    selection: &'a Selection,
    runs: Vec<Run>,
    left: usize,
    rest: Option<Rest>,
}

impl<'a> Picked<'a> {
    fn new(selection: &'a Selection, limit: usize) -> Self {
        Self { selection, runs: Vec::new(), left: if limit == 0 { usize::MAX } else { limit }, rest: None }
    }

    /// Breaks when nothing more is needed.
    fn take(&mut self, leaf: &Arc<Leaf>, range: Range<usize>) -> ControlFlow<()> {
        if self.selection.is_whole_scope() {
            // Only a list without selectors tells how many remain, so only there they are counted (contract 4.7.5).
            let taken = self.left.min(range.len());
            self.left -= taken;
            self.runs.extend(Run::new(leaf, range.start..range.start + taken));
            self.rest(range.len() - taken);
            return ControlFlow::Continue(());
        }
        let mut last: Option<(&Entry, bool)> = None;
        for (at, entry) in range.clone().zip(leaf.entries().get(range).unwrap_or_default()) {
            let labels = match last {
                Some((last, matches)) if last.is_selected_as(entry) => matches,
                _ => self.selection.matches_labels(entry),
            };
            last = Some((entry, labels));
            if !labels || !self.selection.matches_fields(entry) {
                continue;
            }
            if self.left == 0 {
                self.rest(1);
                return ControlFlow::Break(());
            }
            self.left -= 1;
            if !self.runs.last_mut().is_some_and(|last| last.extend(leaf, at)) {
                self.runs.extend(Run::new(leaf, at..at + 1));
            }
        }
        ControlFlow::Continue(())
    }

    fn rest(&mut self, more: usize) {
        if let Some(rest) = &mut self.rest {
            rest.count += more;
        } else if more > 0 {
            let last = self.runs.last().and_then(|run| run.entries().last());
            self.rest = last.map(|last| Rest { behind: Arc::clone(&last.key), count: more });
        }
    }
}
