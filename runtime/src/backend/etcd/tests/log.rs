//! Places in the log.

use std::sync::Arc;

use bytes::Bytes;

use super::super::log::{Found, Log, Reached};
use crate::backend::{Batch, Change};

fn change(key: &str, revision: u64, size: usize) -> Change {
    Change { key: Arc::from(key), revision, value: Some(Bytes::from(vec![b'x'; size])) }
}

fn at(revision: u64) -> Reached {
    Reached { epoch: 0, revision }
}

/// The revisions that come behind a place, batch by batch.
fn read(log: &Log, mut place: Reached, prefix: &str) -> Vec<Vec<u64>> {
    let mut batches = Vec::new();
    while place.revision < log.reached().revision {
        let Found::Batch(batch) = log.after(place, prefix) else { panic!("{:?}", log.after(place, prefix)) };
        place.revision = batch.revision;
        batches.push(batch.changes.iter().map(|change| change.revision).collect());
    }
    batches
}

#[test]
fn a_place_is_read_from() {
    let log = Log::new(5);
    log.push(Batch { changes: vec![change("/a/1", 6, 1), change("/b/1", 7, 1)], revision: 7 });
    log.push(Batch { changes: vec![], revision: 9 });
    assert_eq!(log.reached(), at(9));
    assert_eq!(read(&log, at(5), "/a/"), [[6]]);
    assert_eq!(read(&log, at(6), ""), [[7]]);
    assert_eq!(read(&log, at(7), ""), [[0; 0]]);
    assert_eq!(log.after(at(4), ""), Found::Behind(5));
}

#[test]
fn changes_of_one_revision_stay_together() {
    let log = Log::new(0);
    let changes = (1..=1500).map(|number| change("/a", number / 600, 1)).collect();
    log.push(Batch { changes, revision: 2 });
    assert_eq!(read(&log, at(0), "").iter().map(Vec::len).collect::<Vec<_>>(), [600, 301]);
}

#[test]
fn what_is_held_is_bounded() {
    let log = Log::new(0);
    for number in 1..=10_000 {
        log.push(Batch { changes: vec![change("/a", number, 1)], revision: number });
    }
    assert_eq!(log.after(at(1_807), ""), Found::Behind(1_808));
    assert_eq!(read(&log, at(1_808), "").concat().len(), 8_192);

    let log = Log::new(0);
    for number in 1..=100 {
        log.push(Batch { changes: vec![change("/a", number, 1 << 20)], revision: number });
    }
    assert_eq!(log.after(at(84), ""), Found::Behind(85));
    assert_eq!(read(&log, at(85), "").concat().len(), 15);
}

#[test]
fn a_store_that_is_another_one_is_told_to_those_from_before() {
    let log = Log::new(5);
    log.push(Batch { changes: vec![change("/a", 6, 1)], revision: 6 });
    log.restart(8, false);
    assert_eq!(log.after(at(6), ""), Found::Behind(8));
    log.restart(3, true);
    assert_eq!(log.after(at(6), ""), Found::Replaced(3));
    assert_eq!(log.after(Reached { epoch: 1, revision: 3 }, ""), Found::Batch(Batch { changes: vec![], revision: 3 }));
}
