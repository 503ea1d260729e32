//! The objects of one resource and the last events, as they are held; lists of what is, and of what was.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use super::entry::{Entry, Event, Selection};

/// The objects and events that are held.
#[derive(Debug, Default)]
pub(super) struct State {
    /// 0 before the first read of the backend.
    pub(super) revision: u64,
    pub(super) entries: BTreeMap<Arc<str>, Arc<Entry>>,
    pub(super) events: VecDeque<Arc<Event>>,
    /// All events behind this revision are held.
    pub(super) oldest: u64,
}

/// A part of a list.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) entries: Vec<Arc<Entry>>,
    /// The state that it is from.
    pub(super) revision: u64,
    /// How many keys of the scope come behind it, where another one is selected.
    pub(super) remaining: Option<usize>,
}

impl State {
    pub(super) fn range<'a>(&'a self, selection: &'a Selection, start: &str) -> impl Iterator<Item = &'a Arc<Entry>> {
        let first = selection.key.as_deref().unwrap_or(&selection.scope).max(start);
        let entries = self.entries.range::<str, _>((Bound::Included(first), Bound::Unbounded));
        entries.map(|(_, entry)| entry).take_while(|entry| match &selection.key {
            Some(only) => *entry.key == **only,
            None => entry.key.starts_with(&selection.scope),
        })
    }

    pub(super) fn page_of<'a>(
        &self,
        entries: impl Iterator<Item = &'a Arc<Entry>>,
        selection: &Selection,
        limit: usize,
    ) -> Page {
        let mut page = Page { entries: Vec::new(), revision: self.revision, remaining: None };
        let mut entries = entries.filter(|entry| selection.matches(entry));
        if limit == 0 {
            page.entries.extend(entries.map(Arc::clone));
            return page;
        }
        page.entries.extend(entries.by_ref().take(limit).map(Arc::clone));
        if entries.next().is_some() {
            // Only a list without selectors tells how many remain, so only there they are counted (contract 4.7.5).
            page.remaining = Some(if selection.is_whole_scope() { 1 + entries.count() } else { 1 });
        }
        page
    }

    /// What was before the first event behind `at` is what was at `at`.
    pub(super) fn page_at(&self, selection: &Selection, start: &str, limit: usize, at: u64) -> Page {
        let behind = self.events.partition_point(|event| event.revision <= at);
        if behind == self.events.len() {
            return self.page_of(self.range(selection, start), selection, limit);
        }
        let mut changed = HashSet::new();
        let mut entries: BTreeMap<&str, &Arc<Entry>> = BTreeMap::new();
        for event in self.events.iter().skip(behind).filter(|event| changed.insert(&*event.key)) {
            if let Some(old) = event.old.as_ref().filter(|old| *old.key >= *start && selection.covers(&old.key)) {
                entries.insert(&old.key, old);
            }
        }
        let unchanged = self.range(selection, start).filter(|entry| !changed.contains(&*entry.key));
        let merged = Merge { left: entries.into_values().peekable(), right: unchanged.peekable() };
        self.page_of(merged, selection, limit)
    }
}

/// Two sorted sequences of entries as one.
struct Merge<L: Iterator, R: Iterator> {
    left: std::iter::Peekable<L>,
    right: std::iter::Peekable<R>,
}

impl<'a, L, R> Iterator for Merge<L, R>
where
    L: Iterator<Item = &'a Arc<Entry>>,
    R: Iterator<Item = &'a Arc<Entry>>,
{
    type Item = &'a Arc<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        match (self.left.peek(), self.right.peek()) {
            (Some(left), Some(right)) if left.key > right.key => self.right.next(),
            (Some(_), _) => self.left.next(),
            (None, _) => self.right.next(),
        }
    }
}
