//! Some neighbours among the entries, whose JSON can be joined, so that a list is sent as it lies in memory.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::entry::{Entry, Selected};
use crate::object::{Encoded, EncodedList};

/// When a leaf has more entries than this, or more bytes and more than one entry, it becomes two.
const MOST: usize = 128;
const MOST_BYTES: usize = 128 * 1024;

/// Entries in the order of their keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Leaf {
    entries: Vec<Entry>,
    /// The bytes of all their JSON.
    bytes: usize,
    /// The JSON of all of them with a comma before each, until one of them changes.
    joined: Option<Bytes>,
    /// How many bytes were last joined, and how many of those no entry needs any more.
    kept: usize,
    unused: usize,
    /// What selectors look at is often the same for many, and then held once.
    selected: Vec<Arc<Selected>>,
}

/// Entries of a leaf.
#[derive(Clone, Debug)]
pub(super) struct Run {
    leaf: Arc<Leaf>,
    range: Range<usize>,
}

impl Leaf {
    /// Entries that are in order.
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let bytes = entries.iter().map(size).sum();
        Self { entries, bytes, ..Self::default() }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn is_joined(&self) -> bool {
        self.joined.is_some()
    }

    /// Whether another entry behind the others would be too much. What is joined then needs no more memory than half of
    /// the most bytes, which allocators give without a rest.
    pub(super) fn is_full(&self, another: &Entry) -> bool {
        self.entries.len() >= MOST / 2 || self.bytes + size(another) > MOST_BYTES / 2
    }

    /// Where a key is, or would be.
    pub(super) fn find(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| (*entry.key).cmp(key))
    }

    /// Puts an entry in its place; gives what was there.
    pub(super) fn insert(&mut self, mut entry: Entry) -> Option<Entry> {
        self.bytes += size(&entry);
        entry.share_selected(&mut self.selected);
        let old = match self.find(&entry.key) {
            Ok(at) => Some(std::mem::replace(&mut self.entries[at], entry)),
            Err(at) => {
                self.entries.insert(at, entry);
                None
            }
        };
        self.joined = None;
        old.map(|old| self.forget(old))
    }

    pub(super) fn remove(&mut self, at: usize) -> Entry {
        let old = self.entries.remove(at);
        self.forget(old)
    }

    /// What is no longer here must not keep its former neighbours in memory, and not be kept by them.
    fn forget(&mut self, old: Entry) -> Entry {
        self.joined = None;
        self.bytes -= size(&old);
        if !old.joined {
            return old;
        }
        let old = old.detached();
        self.unused += size(&old);
        if self.unused > self.kept / 2 {
            self.join();
        }
        old
    }

    /// The second half, if there is too much for one leaf.
    pub(super) fn split(&mut self) -> Option<Self> {
        if self.entries.len() <= MOST && (self.bytes <= MOST_BYTES || self.entries.len() < 2) {
            return None;
        }
        let mut second = Self::new(self.entries.split_off(self.entries.len() / 2));
        self.bytes -= second.bytes;
        // They would keep each other's bytes otherwise.
        self.join();
        second.join();
        Some(second)
    }

    /// How many bytes of joined JSON are in memory, and how many are needed.
    #[cfg(test)]
    pub(super) fn memory(&self) -> (usize, usize) {
        let needed = self.entries.iter().filter(|entry| entry.joined).map(size).sum::<usize>();
        assert_eq!(self.kept, needed + self.unused);
        (self.kept, needed)
    }

    /// Puts the JSON of the entries side by side: it is copied once, and not again until something changes.
    pub(super) fn join(&mut self) {
        self.unused = 0;
        if let [only] = &mut self.entries[..] {
            // There is nothing to be joined with.
            *only = only.clone().detached();
            self.joined = None;
            self.kept = 0;
            return;
        }
        let mut joined = Vec::with_capacity(self.bytes);
        for entry in &self.entries {
            joined.push(b',');
            joined.extend_from_slice(entry.json.json());
        }
        let joined = Bytes::from(joined);
        let mut at = 0;
        for entry in &mut self.entries {
            let range = at + 1..at + size(entry);
            at = range.end;
            entry.json = Encoded::new(joined.slice(range));
            entry.joined = true;
        }
        self.kept = joined.len();
        self.joined = Some(joined);
    }
}

/// With the comma before it.
fn size(entry: &Entry) -> usize {
    1 + entry.json.json().len()
}

impl Run {
    /// At least one entry.
    pub(super) fn new(leaf: &Arc<Leaf>, range: Range<usize>) -> Option<Self> {
        (!range.is_empty()).then(|| Self { leaf: Arc::clone(leaf), range })
    }

    pub(super) fn leaf(&self) -> &Arc<Leaf> {
        &self.leaf
    }

    pub(super) fn entries(&self) -> &[Entry] {
        self.leaf.entries.get(self.range.clone()).unwrap_or_default()
    }

    /// Takes an entry too, if it is the next one in the same leaf.
    pub(super) fn extend(&mut self, leaf: &Arc<Leaf>, at: usize) -> bool {
        let next = at == self.range.end && Arc::ptr_eq(&self.leaf, leaf);
        if next {
            self.range.end += 1;
        }
        next
    }

    /// The same with joined bytes, if that is worth it: where most of a leaf is asked for. Tells whether it is new.
    pub(super) fn join(&mut self) -> bool {
        let (all, asked) = (self.leaf.entries.len(), self.range.len());
        if self.leaf.is_joined() || all < 2 || asked < all / 2 {
            return false;
        }
        let mut leaf = Leaf::clone(&self.leaf);
        leaf.join();
        self.leaf = Arc::new(leaf);
        true
    }

    /// Appends the objects to a list.
    pub(super) fn append_to(&self, list: &mut EncodedList) {
        let sizes = self.entries().iter().map(|entry| entry.json.json().len());
        if let Some(joined) = &self.leaf.joined {
            let bytes = |entries: &[Entry]| entries.iter().map(size).sum::<usize>();
            let start = bytes(self.leaf.entries.get(..self.range.start).unwrap_or_default());
            list.push_joined(joined.slice(start..start + bytes(self.entries())), sizes);
        } else {
            self.entries().iter().for_each(|entry| list.push(entry.json.clone()));
        }
    }
}
