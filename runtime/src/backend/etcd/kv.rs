//! Reads, writes and compactions.

use std::sync::Arc;

use bytes::Bytes;
use etcd_client::proto::{PbKeyValue, PbRangeResponse, PbTxnOpResponse};
use etcd_client::{Compare, CompareOp, GetOptions, Txn, TxnOp};

use super::cluster::Cluster;
use super::error::Failure;
use crate::backend::{Commit, Error, Expect, Range, RangeReply, Result, Versioned, Write};

/// How many keys the first page of a range asks for; the next ones by how large they are.
const FIRST_PAGE: usize = 500;

/// The most keys of a page (contract 6.4.1).
const MAX_PAGE: usize = 10_000;

/// How large a page is to be, in bytes.
const PAGE_BYTES: usize = 8 << 20;

/// How often a range of the most recent state begins anew, if that state is compacted before its last page.
const RESTARTS: usize = 3;

/// A revision, and the cluster whose revision it is: another one counts anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) revision: u64,
    pub(super) cluster: u64,
}

/// The end of the keys that begin with `prefix`, as etcd has it.
pub(super) fn prefix_end(prefix: &str) -> Vec<u8> {
    let mut end = prefix.as_bytes().to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return end;
        }
    }
    // All keys behind the first one.
    vec![0]
}

/// A first key, which etcd does not let be empty.
pub(super) fn first_key(key: &str) -> Vec<u8> {
    if key.is_empty() { vec![0] } else { key.as_bytes().to_vec() }
}

/// A revision as etcd has it. It never comes near the end of its range.
pub(super) fn signed(revision: u64) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}

/// A revision of etcd.
pub(super) fn unsigned(revision: i64) -> u64 {
    u64::try_from(revision).unwrap_or(0)
}

fn revision(header: Option<&etcd_client::proto::PbResponseHeader>) -> u64 {
    unsigned(header.map_or(0, |header| header.revision))
}

impl Cluster {
    /// Asks for the most recent revision, or whether an old one is held. Linearizable: it is at least that of every
    /// commit that was told before the call, by any server to anybody.
    pub(super) async fn position(&self, at: Option<u64>) -> std::result::Result<Position, Failure> {
        let options = GetOptions::new().with_count_only().with_revision(signed(at.unwrap_or(0)));
        // A key that the user may read; whether it is there does not matter.
        let reply = self.range_request(first_key(self.keys()), options).await?;
        let header = reply.header.unwrap_or_default();
        Ok(Position { revision: unsigned(header.revision), cluster: header.cluster_id })
    }

    async fn range_request(&self, key: Vec<u8>, options: GetOptions) -> std::result::Result<PbRangeResponse, Failure> {
        let reply = self.read(|mut kv| {
            let (key, options) = (key.clone(), options.clone());
            async move { kv.get(key, Some(options)).await }
        });
        reply.await.map(|reply| reply.0)
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<Versioned>> {
        let reply = self.range_request(first_key(key), GetOptions::new()).await.map_err(Failure::into_error)?;
        Ok(reply.kvs.into_iter().next().map(|pair| versioned(pair).1))
    }

    pub(super) async fn range(&self, range: Range<'_>) -> Result<RangeReply> {
        for _ in 0..RESTARTS {
            match (self.pages(range).await, range.revision) {
                (Err(Failure::Compacted), None) => {}
                (Err(Failure::Compacted), Some(revision)) => {
                    return Err(Error::Compacted { oldest: self.oldest(revision).await });
                }
                (Err(Failure::Future), _) => return Err(self.future().await),
                (reply, _) => return reply.map_err(Failure::into_error),
            }
        }
        Err(Error::Unavailable("etcd: compacted while it was read".to_owned()))
    }

    /// How many keys a range has: etcd tells it without them.
    pub(super) async fn count(&self, range: Range<'_>) -> Result<usize> {
        let options = GetOptions::new()
            .with_range(prefix_end(range.prefix))
            .with_count_only()
            .with_revision(signed(range.revision.unwrap_or(0)));
        let start = first_key(range.start.unwrap_or(range.prefix).max(range.prefix));
        match (self.range_request(start, options).await, range.revision) {
            (Err(Failure::Compacted), Some(revision)) => Err(Error::Compacted { oldest: self.oldest(revision).await }),
            (Err(Failure::Future), _) => Err(self.future().await),
            (reply, _) => {
                reply.map(|reply| usize::try_from(reply.count).unwrap_or_default()).map_err(Failure::into_error)
            }
        }
    }

    /// Reads page after page in the state of the first one.
    async fn pages(&self, range: Range<'_>) -> std::result::Result<RangeReply, Failure> {
        let end = prefix_end(range.prefix);
        let mut next = first_key(range.start.unwrap_or(range.prefix).max(range.prefix));
        let mut reply = RangeReply { items: Vec::new(), revision: range.revision.unwrap_or(0), more: false };
        let mut page = FIRST_PAGE;
        loop {
            let left = if range.limit > 0 { range.limit - reply.items.len() } else { usize::MAX };
            let limit = page.min(left);
            let options = GetOptions::new()
                .with_range(end.clone())
                .with_limit(i64::try_from(limit).unwrap_or(0))
                .with_revision(signed(reply.revision));
            let part = match self.range_request(next.clone(), options).await {
                Err(Failure::AnswerTooLarge) if limit > 1 => {
                    page = limit / 2;
                    continue;
                }
                part => part?,
            };
            if reply.revision == 0 {
                reply.revision = revision(part.header.as_ref());
            }
            let bytes: usize = part.kvs.iter().map(|pair| pair.key.len() + pair.value.len()).sum();
            page = (PAGE_BYTES / (bytes / part.kvs.len().max(1)).max(1)).clamp(1, MAX_PAGE);
            if let Some(last) = part.kvs.last() {
                next = [&last.key[..], &[0]].concat();
            }
            // Keys that are no text are nobody's who asks here.
            let pairs = part.kvs.into_iter().map(versioned);
            reply.items.extend(pairs.filter_map(|(key, value)| Some((text(&key)?, value))));
            if !part.more {
                return Ok(reply);
            }
            if range.limit > 0 && reply.items.len() >= range.limit {
                reply.more = true;
                return Ok(reply);
            }
        }
    }

    pub(super) async fn commit(&self, write: Write) -> Result<Commit> {
        let expected = match write.expect {
            Expect::Absent => 0,
            // To etcd 0 says that there is no key, but nothing was written at it.
            Expect::Revision(0) => -1,
            Expect::Revision(revision) => signed(revision),
        };
        let key = write.key.into_bytes();
        let change = match write.value {
            Some(value) => TxnOp::put(key.clone(), value, None),
            None => TxnOp::delete(key.clone(), None),
        };
        let txn = Txn::new()
            .when([Compare::mod_revision(key.clone(), CompareOp::Equal, expected)])
            .and_then([change])
            .or_else([TxnOp::get(key, None)]);
        let request = self.write(move |mut kv| {
            let txn = txn.clone();
            async move { kv.txn(txn).await }
        });
        let reply = request.await.map_err(Failure::into_error)?.0;
        if reply.succeeded {
            return Ok(Commit::Done(revision(reply.header.as_ref())));
        }
        let found = reply.responses.into_iter().find_map(|response| match response.response? {
            PbTxnOpResponse::ResponseRange(range) => range.kvs.into_iter().next(),
            _ => None,
        });
        Ok(Commit::Conflict(found.map(|pair| versioned(pair).1)))
    }

    /// Forgets what is older; a second time does no harm.
    pub(super) async fn compact(&self, revision: u64) -> std::result::Result<(), Failure> {
        let request = |mut kv: etcd_client::KvClient| async move { kv.compact(signed(revision), None).await };
        match self.read(request).await {
            Ok(_) | Err(Failure::Compacted) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    pub(super) async fn compact_to(&self, revision: u64) -> Result<()> {
        match self.compact(revision).await {
            Err(Failure::Future) => Err(self.future().await),
            done => done.map_err(Failure::into_error),
        }
    }

    /// The error where a revision has not been reached.
    pub(super) async fn future(&self) -> Error {
        match self.position(None).await {
            Ok(position) => Error::Future { current: position.revision },
            Err(failure) => failure.into_error(),
        }
    }
}

fn versioned(pair: PbKeyValue) -> (Vec<u8>, Versioned) {
    (pair.key, Versioned { value: Bytes::from(pair.value), revision: unsigned(pair.mod_revision) })
}

fn text(key: &[u8]) -> Option<Arc<str>> {
    std::str::from_utf8(key).ok().map(Into::into)
}
