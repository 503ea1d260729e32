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

/// A part of a list: of each selected entry what was asked for.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
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

impl State {
    /// The entries of a selection from a key on, before its labels and fields are looked at. Only keys are compared, and
    /// only at the two ends.
    pub(super) fn range<'a>(&'a self, selection: &'a Selection, start: &str) -> impl Iterator<Item = &'a Arc<Entry>> {
        let (first, last) = selection.keys();
        let first = first.max(start);
        let bounds = match last {
            // A map refuses a range that ends before it begins.
            Bound::Included(last) | Bound::Excluded(last) if first > last => {
                (Bound::Included(last), Bound::Excluded(last))
            }
            last => (Bound::Included(first), last),
        };
        self.entries.range::<str, _>(bounds).map(|(_, entry)| entry)
    }

    /// At most `limit` of the entries that the selectors match; 0 is all.
    pub(super) fn page_of<'a, T>(
        &self,
        entries: impl Iterator<Item = &'a Arc<Entry>>,
        selection: &Selection,
        limit: usize,
        pick: impl Fn(&Arc<Entry>) -> T,
    ) -> Page<T> {
        let mut page = Page { items: Vec::new(), revision: self.revision, rest: None };
        let whole = selection.is_whole_scope();
        let mut entries = entries.filter(|entry| whole || selection.matches(entry));
        if limit == 0 {
            page.items.extend(entries.map(pick));
            return page;
        }
        let mut last = None;
        page.items.extend(entries.by_ref().take(limit).inspect(|entry| last = Some(*entry)).map(pick));
        if let (Some(last), Some(_)) = (last, entries.next()) {
            // Only a list without selectors tells how many remain, so only there they are counted (contract 4.7.5).
            let count = if whole { 1 + entries.count() } else { 1 };
            page.rest = Some(Rest { behind: Arc::clone(&last.key), count });
        }
        page
    }

    /// What was before the first event behind `at` is what was at `at`.
    pub(super) fn page_at<T>(
        &self,
        selection: &Selection,
        start: &str,
        limit: usize,
        at: u64,
        pick: impl Fn(&Arc<Entry>) -> T,
    ) -> Page<T> {
        let behind = self.events.partition_point(|event| event.revision <= at);
        if behind == self.events.len() {
            return self.page_of(self.range(selection, start), selection, limit, pick);
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
        self.page_of(merged, selection, limit, pick)
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
