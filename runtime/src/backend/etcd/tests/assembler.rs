//! Messages of a watch, as etcd sends them.

use etcd_client::proto::{PbEvent, PbKeyValue, PbResponseHeader, PbWatchResponse};

use super::super::assembler::Assembler;
use crate::backend::{Batch, Error};

const PUT: i32 = 0;
const DELETE: i32 = 1;

fn event(kind: i32, key: &str, revision: i64) -> PbEvent {
    let pair = PbKeyValue { key: key.into(), value: b"x".to_vec(), mod_revision: revision, ..PbKeyValue::default() };
    PbEvent { r#type: kind, kv: Some(pair), prev_kv: None }
}

fn put(key: &str, revision: i64) -> PbEvent {
    event(PUT, key, revision)
}

fn message(revision: i64, events: Vec<PbEvent>) -> PbWatchResponse {
    let header = Some(PbResponseHeader { revision, ..PbResponseHeader::default() });
    PbWatchResponse { header, events, ..PbWatchResponse::default() }
}

fn fragment(revision: i64, events: Vec<PbEvent>) -> PbWatchResponse {
    PbWatchResponse { fragment: true, ..message(revision, events) }
}

type Told = (Vec<String>, u64);

/// The keys and revisions of a batch, and how far it goes; deleted keys with a `-`.
fn told(batch: Option<Batch>) -> Option<Told> {
    let batch = batch?;
    let name = |value: bool| if value { "" } else { "-" };
    let changes = batch.changes.iter();
    let names = changes.map(|change| format!("{}{}@{}", name(change.value.is_some()), change.key, change.revision));
    Some((names.collect(), batch.revision))
}

fn all() -> Assembler {
    Assembler::new(String::new(), 5, false)
}

/// Takes a message that is no error.
fn take(assembler: &mut Assembler, message: PbWatchResponse) -> Option<Told> {
    told(assembler.take(message).unwrap())
}

fn batch(changes: &[&str], revision: u64) -> Told {
    (changes.iter().map(ToString::to_string).collect(), revision)
}

#[test]
fn a_message_is_as_far_as_its_last_event() {
    let mut assembler = all();
    let events = vec![put("/a", 6), event(DELETE, "/a", 7)];
    // The header may be ahead: what is in between comes in the next message.
    assert_eq!(take(&mut assembler, message(9, events)), Some(batch(&["/a@6", "-/a@7"], 7)));
    assert_eq!(take(&mut assembler, message(9, vec![put("/b", 8)])), Some(batch(&["/b@8"], 8)));
}

#[test]
fn a_revision_that_is_cut_in_two_is_told_whole() {
    let mut assembler = all();
    let first = fragment(7, vec![put("/a", 6), put("/b", 7)]);
    assert_eq!(take(&mut assembler, first), Some(batch(&["/a@6"], 6)));
    assert_eq!(take(&mut assembler, fragment(7, vec![put("/c", 7)])), None);
    assert_eq!(take(&mut assembler, message(7, vec![put("/d", 7)])), Some(batch(&["/b@7", "/c@7", "/d@7"], 7)));
}

#[test]
fn a_fragment_shows_that_the_revision_before_is_whole() {
    let mut assembler = all();
    assert_eq!(take(&mut assembler, fragment(9, vec![put("/a", 6)])), None);
    assert_eq!(take(&mut assembler, fragment(9, vec![put("/b", 8)])), Some(batch(&["/a@6"], 7)));
    assert_eq!(take(&mut assembler, message(9, vec![put("/c", 9)])), Some(batch(&["/b@8", "/c@9"], 9)));
}

#[test]
fn nothing_is_told_twice() {
    let mut assembler = all();
    assert_eq!(take(&mut assembler, message(6, vec![put("/a", 6)])), Some(batch(&["/a@6"], 6)));
    assert_eq!(take(&mut assembler, message(6, vec![put("/a", 4), put("/a", 6)])), None);
    assert_eq!(take(&mut assembler, message(7, vec![put("/a", 6), put("/a", 7)])), Some(batch(&["/a@7"], 7)));
}

/// Its answer may overtake events in old versions, so where all keys are watched it counts for nothing.
#[test]
fn progress_counts_only_where_it_is_asked_for() {
    assert_eq!(take(&mut all(), message(9, vec![])), None);
    let mut part = Assembler::new("/registry/".to_owned(), 5, true);
    assert_eq!(take(&mut part, message(9, vec![])), Some(batch(&[], 9)));
    assert_eq!(take(&mut part, message(9, vec![])), None);
    // A server behind the one that was asked before.
    assert_eq!(take(&mut part, message(8, vec![])), None);
    assert_eq!(part.position(), 9);
}

#[test]
fn a_created_watch_is_nowhere_yet() {
    let mut part = Assembler::new("/registry/".to_owned(), 5, true);
    let created = PbWatchResponse { created: true, ..message(9, vec![]) };
    assert_eq!((take(&mut part, created), part.position()), (None, 5));
}

#[test]
fn other_keys_are_left_out_but_show_how_far_it_is() {
    let mut assembler = Assembler::new("/registry/".to_owned(), 5, false);
    let events = vec![put("/other/a", 6), put("/registry/a", 7), put("/registry", 8)];
    assert_eq!(take(&mut assembler, message(8, events)), Some(batch(&["/registry/a@7"], 8)));
    let mut binary = put("", 9);
    binary.kv.as_mut().unwrap().key = vec![0xff];
    assert_eq!(take(&mut assembler, message(9, vec![binary])), Some(batch(&[], 9)));
}

#[test]
fn a_watch_that_is_ended_says_why() {
    let compacted = PbWatchResponse { canceled: true, compact_revision: 8, ..message(9, vec![]) };
    assert_eq!(all().take(compacted), Err(Error::Compacted { oldest: 8 }));
    let ended = PbWatchResponse { canceled: true, cancel_reason: "no leader".to_owned(), ..message(9, vec![]) };
    assert_eq!(all().take(ended), Err(Error::Unavailable("etcd ended the watch: no leader".to_owned())));
}
