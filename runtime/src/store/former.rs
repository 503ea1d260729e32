//! Pages of a state that was: of what the cache has and of its last events, or of what the backend remembers.

use std::collections::BTreeMap;
use std::ops::{Bound, ControlFlow};
use std::sync::Arc;

use super::cache::{NotHeld, Shared};
use super::entry::Entry;
use super::event::Event;
use super::feed;
use super::leaf::Leaf;
use super::selection::Selection;
use super::state::{Page, Picked, Rest, State};
use crate::backend::{self, Range};

/// How many events are looked at while the state is locked, so that no reader makes the feed wait.
const CHUNK: usize = 1024;

/// How many objects are read at once from the backend.
const AT_ONCE: usize = 500;

/// What has changed since a revision, of what a page may have.
struct Former<'a> {
    selection: &'a Selection,
    start: &'a str,
    at: u64,
    /// All changes up to here have been looked at.
    revision: u64,
    changed: BTreeMap<Arc<str>, Changed>,
}

struct Changed {
    /// What was there.
    old: Option<Entry>,
    is_there: bool,
}

impl Shared {
    /// At most `limit` of the entries that were selected at a revision, from a key on; 0 is all.
    pub(super) fn former_page(
        &self,
        selection: &Selection,
        start: &str,
        limit: usize,
        at: u64,
    ) -> Result<Page, NotHeld> {
        let mut former = Former { selection, start, at, revision: at, changed: BTreeMap::new() };
        loop {
            let page = self.read(|state| {
                state.check_held(former.revision)?;
                let known = former.revision;
                for (number, event) in state.history.behind(known).enumerate() {
                    // A revision is looked at as a whole: the next look begins behind it.
                    if number >= CHUNK && event.revision != former.revision {
                        return Ok(None);
                    }
                    former.look(event);
                }
                Ok(Some(former.page(state, limit)))
            })?;
            if let Some(page) = page {
                return Ok(page);
            }
        }
    }

    /// The same of a state that the cache no longer holds.
    pub(super) async fn page_from_backend(
        &self,
        selection: &Selection,
        start: &str,
        limit: usize,
        at: u64,
    ) -> backend::Result<Page> {
        let prefix = format!("{}{}", self.prefix, selection.scope);
        let mut from = format!("{}{}", self.prefix, selection.keys().0.max(start));
        let mut picked = Picked::new(selection, limit);
        loop {
            let most = match &selection.key {
                Some(_) => 1,
                None if selection.is_whole_scope() => picked.left().saturating_add(1).min(AT_ONCE),
                None => AT_ONCE,
            };
            let range = Range { prefix: &prefix, start: Some(&from), limit: most, revision: Some(at) };
            let reply = self.backend.range(range).await?;
            let entries = reply.items.iter().filter_map(|(key, value)| feed::entry(self, key, value));
            let entries: Vec<Entry> = entries.filter(|entry| selection.covers(&entry.key)).collect();
            let all = 0..entries.len();
            let taken = picked.take(&Arc::new(Leaf::new(entries)), all);
            match reply.items.last() {
                // No key is between this one and the same with a zero behind it.
                Some((last, _)) if reply.more && taken.is_continue() && selection.key.is_none() => {
                    from = format!("{last}\0");
                }
                _ => break,
            }
        }
        let mut page = picked.page(at, |_| 0);
        if let Some(Rest { behind, count: Some(count) }) = &mut page.rest {
            let start = format!("{}{behind}\0", self.prefix);
            let range = Range { prefix: &prefix, start: Some(&start), limit: 0, revision: Some(at) };
            *count = self.backend.count(range).await?;
        }
        Ok(page)
    }
}

impl Former<'_> {
    fn look(&mut self, event: &Event) {
        self.revision = event.revision;
        if *event.key < *self.start || !self.selection.covers(&event.key) {
            return;
        }
        // What was before the first change is what was.
        let changed = self.changed.entry(Arc::clone(&event.key));
        let changed = changed.or_insert_with(|| Changed { old: event.old.clone(), is_there: false });
        changed.is_there = event.new.is_some();
    }

    /// The page, when all changes have been looked at.
    fn page(&self, state: &State, limit: usize) -> Page {
        let (first, last) = self.selection.keys();
        let mut picked = Picked::new(self.selection, limit);
        let mut changed = self.changed.iter().peekable();
        for (leaf, range) in state.entries.range(first.max(self.start), last) {
            let present = leaf.entries().get(range.clone()).unwrap_or_default();
            let Some(end) = present.last() else { continue };
            // What was in the place of these, or between them.
            let mut former: Vec<Entry> = Vec::new();
            let mut any = false;
            while let Some((_, changed)) = changed.next_if(|(key, _)| **key <= end.key) {
                any = true;
                former.extend(changed.old.clone());
            }
            let taken = if any {
                former.extend(present.iter().filter(|entry| !self.changed.contains_key(&entry.key)).cloned());
                former.sort_by(|one, other| one.key.cmp(&other.key));
                take(&mut picked, former)
            } else {
                picked.take(leaf, range)
            };
            if taken.is_break() {
                return self.picked(picked, state);
            }
        }
        let _ = take(&mut picked, changed.filter_map(|(_, changed)| changed.old.clone()).collect());
        self.picked(picked, state)
    }

    fn picked(&self, picked: Picked<'_>, state: &State) -> Page {
        picked.page(self.at, |behind| {
            let present = state.entries.count(behind, self.selection.keys().1);
            let changed = self.changed.range::<str, _>((Bound::Included(behind), Bound::Unbounded));
            let (mut gone, mut new) = (0, 0);
            for (_, changed) in changed {
                gone += usize::from(changed.old.is_some());
                new += usize::from(changed.is_there);
            }
            (present + gone).saturating_sub(new)
        })
    }
}

fn take(picked: &mut Picked<'_>, entries: Vec<Entry>) -> ControlFlow<()> {
    let all = 0..entries.len();
    picked.take(&Arc::new(Leaf::new(entries)), all)
}
