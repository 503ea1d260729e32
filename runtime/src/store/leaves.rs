//! The entries of a resource in the order of their keys.
//!
//! They are held in leaves of some neighbours. A list takes whole leaves, and not entry by entry; it is not disturbed by
//! later changes, since a leaf that somebody else holds is copied before it is changed.

use std::ops::{Bound, Range};
use std::sync::Arc;

use super::entry::Entry;
use super::leaf::Leaf;

/// A sorted map of entries.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    /// None of them is empty.
    branches: Vec<Branch>,
}

#[derive(Debug)]
struct Branch {
    /// Not behind the first key of the leaf, and behind the last one of the leaf before. Of the first leaf it says
    /// nothing.
    from: Arc<str>,
    leaf: Arc<Leaf>,
    /// How many entries the leaf has: to count them, it need not be looked at.
    len: usize,
}

impl Leaves {
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        let leaf = &self.branches.get(self.place(key))?.leaf;
        leaf.entries().get(leaf.find(key).ok()?)
    }

    /// The leaf where a key is, or would be.
    fn place(&self, key: &str) -> usize {
        self.branches.partition_point(|branch| *branch.from <= *key).saturating_sub(1)
    }

    /// Puts an entry in its place; gives what was there.
    pub(super) fn insert(&mut self, entry: Entry) -> Option<Entry> {
        let place = self.place(&entry.key);
        let Some(branch) = self.branches.get_mut(place) else {
            self.append(Leaf::new(vec![entry]));
            return None;
        };
        let old = branch.change(|leaf| leaf.insert(entry));
        if let Some(second) = branch.change(Leaf::split)
            && let Some(branch) = Branch::new(second)
        {
            self.branches.insert(place + 1, branch);
        }
        old
    }

    /// Takes an entry out.
    pub(super) fn remove(&mut self, key: &str) -> Option<Entry> {
        let place = self.place(key);
        let branch = self.branches.get_mut(place)?;
        let at = branch.leaf.find(key).ok()?;
        let old = branch.change(|leaf| leaf.remove(at));
        if branch.len == 0 {
            self.branches.remove(place);
        }
        Some(old)
    }

    /// Puts an entry behind all others, which is quicker, if its key is; each full leaf is joined.
    pub(super) fn push(&mut self, entry: Entry) {
        let Some(last) = self.branches.last_mut() else {
            self.append(Leaf::new(vec![entry]));
            return;
        };
        if last.leaf.entries().last().is_some_and(|last| last.key >= entry.key) {
            self.insert(entry);
        } else if last.leaf.is_full(&entry) {
            Arc::make_mut(&mut last.leaf).join();
            self.append(Leaf::new(vec![entry]));
        } else {
            last.change(|leaf| leaf.insert(entry));
        }
    }

    /// Puts leaves that have been joined in the place of what they were, if that is still there.
    pub(super) fn replace(&mut self, leaves: impl IntoIterator<Item = (Arc<Leaf>, Arc<Leaf>)>) {
        for (old, new) in leaves {
            let place = old.entries().first().map(|first| self.place(&first.key));
            if let Some(branch) = place.and_then(|place| self.branches.get_mut(place))
                && Arc::ptr_eq(&branch.leaf, &old)
            {
                branch.leaf = new;
            }
        }
    }

    /// Where the entries are from a key on, up to another. Only the first and the last leaf are looked at.
    pub(super) fn range(&self, from: &str, to: Bound<&str>) -> impl Iterator<Item = (&Arc<Leaf>, Range<usize>)> {
        let first = self.place(from);
        let last = match to {
            Bound::Unbounded => self.branches.len().saturating_sub(1),
            Bound::Included(to) | Bound::Excluded(to) => self.place(to),
        };
        let leaves = self.branches.get(first..=last).unwrap_or_default().iter().zip(first..);
        let ranges = leaves.map(move |(branch, place)| {
            let end = if place == last { end(branch.leaf.entries(), to) } else { branch.len };
            let start = if place == first { start(branch.leaf.entries(), from) } else { 0 };
            (&branch.leaf, start.min(end)..end)
        });
        ranges.filter(|(_, range)| !range.is_empty())
    }

    /// How many entries there are from a key on, up to another.
    pub(super) fn count(&self, from: &str, to: Bound<&str>) -> usize {
        self.range(from, to).map(|(_, range)| range.len()).sum()
    }

    fn append(&mut self, leaf: Leaf) {
        self.branches.extend(Branch::new(leaf));
    }
}

impl Branch {
    fn new(leaf: Leaf) -> Option<Self> {
        let from = Arc::clone(&leaf.entries().first()?.key);
        Some(Self { from, len: leaf.entries().len(), leaf: Arc::new(leaf) })
    }

    fn change<T>(&mut self, change: impl FnOnce(&mut Leaf) -> T) -> T {
        let leaf = Arc::make_mut(&mut self.leaf);
        let changed = change(leaf);
        self.len = leaf.entries().len();
        changed
    }
}

/// The first entry from a key on.
fn start(entries: &[Entry], from: &str) -> usize {
    match entries.first() {
        Some(first) if *first.key < *from => entries.partition_point(|entry| *entry.key < *from),
        _ => 0,
    }
}

/// Behind the last entry up to a key.
fn end(entries: &[Entry], to: Bound<&str>) -> usize {
    match to {
        Bound::Unbounded => entries.len(),
        Bound::Included(to) => entries.partition_point(|entry| *entry.key <= *to),
        Bound::Excluded(to) => entries.partition_point(|entry| *entry.key < *to),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::object::{Encoded, EncodedList};
    use crate::store::leaf::Run;

    #[derive(Clone, Debug)]
    enum Step {
        Put(u8, usize),
        Remove(u8),
        /// A list between two keys; it may be held from then on.
        List(u8, u8, bool),
    }

    fn step() -> impl Strategy<Value = Step> {
        // Some objects are so large that a leaf has but a few of them.
        let size = prop_oneof![9 => 1..200_usize, 1 => Just(50_000)];
        prop_oneof![
            6 => (any::<u8>(), size).prop_map(|(key, size)| Step::Put(key, size)),
            2 => any::<u8>().prop_map(Step::Remove),
            1 => (any::<u8>(), any::<u8>(), any::<bool>()).prop_map(|(from, to, held)| Step::List(from, to, held)),
        ]
    }

    fn key(number: u8) -> String {
        format!("ns/{number:03}")
    }

    fn entry(number: u8, revision: u64, size: usize) -> Entry {
        let json = format!(r#"{{"metadata":{{}},"spec":"{}"}}"#, "x".repeat(size));
        Entry::new(key(number).into(), json.as_bytes(), revision, &[])
    }

    fn runs(leaves: &Leaves, from: &str, to: Bound<&str>) -> Vec<Run> {
        leaves.range(from, to).filter_map(|(leaf, range)| Run::new(leaf, range)).collect()
    }

    fn listed(runs: &[Run]) -> (Vec<(String, Encoded)>, Vec<Encoded>) {
        let mut list = EncodedList::default();
        for run in runs {
            run.append_to(&mut list);
        }
        let entries = runs.iter().flat_map(Run::entries);
        (entries.map(|entry| (entry.key.to_string(), entry.json.clone())).collect(), list.iter().collect())
    }

    proptest! {
        #[test]
        fn they_are_a_sorted_map_and_lists_do_not_change(
            steps in proptest::collection::vec(step(), 0..700), sorted in 0..=255_u8,
        ) {
            let mut leaves = Leaves::default();
            let mut model: BTreeMap<String, Encoded> = BTreeMap::new();
            for number in 0..sorted {
                let entry = entry(number, 1, 30);
                model.insert(entry.key.to_string(), entry.json.clone());
                leaves.push(entry);
            }
            let mut held = Vec::new();
            for (revision, step) in (2..).zip(steps) {
                match step {
                    Step::Put(number, size) => {
                        let entry = entry(number, revision, size);
                        let before = model.insert(entry.key.to_string(), entry.json.clone());
                        prop_assert_eq!(leaves.get(&key(number)).map(|entry| entry.json.clone()), before.clone());
                        prop_assert_eq!(leaves.insert(entry).map(|old| old.json), before);
                    }
                    Step::Remove(number) => {
                        let old = leaves.remove(&key(number));
                        prop_assert!(old.as_ref().is_none_or(|old| !old.joined));
                        prop_assert_eq!(old.map(|old| old.json), model.remove(&key(number)));
                    }
                    Step::List(from, to, hold) => {
                        let to = key(to);
                        let mut runs = runs(&leaves, &key(from), Bound::Excluded(&to));
                        let expected: Vec<_> = model.iter().filter(|(name, _)| **name >= key(from) && **name < to)
                            .map(|(name, json)| (name.clone(), json.clone())).collect();
                        prop_assert_eq!(&listed(&runs).0, &expected);
                        prop_assert_eq!(leaves.count(&key(from), Bound::Excluded(&to)), expected.len());
                        let joined: Vec<_> = runs.iter_mut().filter_map(|run| {
                            let old = Arc::clone(run.leaf());
                            run.join().then(|| (old, Arc::clone(run.leaf())))
                        }).collect();
                        leaves.replace(joined);
                        if hold {
                            held.push((runs, expected));
                        }
                    }
                }
                prop_assert!(leaves.branches.iter().all(|branch| branch.len > 0 && branch.len == branch.leaf.entries().len()));
            }
            held.push((runs(&leaves, "", Bound::Unbounded), model.into_iter().collect()));
            for (runs, expected) in held {
                let (entries, list) = listed(&runs);
                prop_assert_eq!(&entries, &expected);
                prop_assert!(list.into_iter().eq(expected.into_iter().map(|(_, json)| json)));
            }
        }
    }

    /// Of all that was joined at most half may be kept for entries that are gone.
    #[test]
    fn entries_that_are_gone_do_not_stay_in_memory() {
        let mut leaves = Leaves::default();
        for number in 0..=255 {
            leaves.insert(entry(number, 1, 1000));
        }
        for number in (0..=255).filter(|number| number % 50 != 0) {
            leaves.remove(&key(number));
        }
        for branch in &leaves.branches {
            let (kept, needed) = branch.leaf.memory();
            assert!(kept <= 2 * needed, "{kept} bytes for {needed}");
        }
    }
}
