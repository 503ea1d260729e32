//! Forgets old history, once for all servers of a cluster (contract 6.3.1).

use std::sync::Arc;
use std::time::Duration;

use etcd_client::proto::PbTxnOpResponse;
use etcd_client::{Compare, CompareOp, Txn, TxnOp};

use super::cluster::Cluster;
use super::error::Failure;
use super::hub::Shared;
use super::kv::unsigned;

/// The key on which the servers agree whose turn it is: the one of Kubernetes, so that its servers count too.
const KEY: &str = "compact_rev_key";

/// What a round has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Round {
    /// How often the key had been written.
    written: i64,
    /// The revision at that time.
    revision: u64,
}

/// Compacts once an interval, to where the store was at the round before, until it is aborted. So at least the last
/// interval is kept. Of several servers the first one to write the key does it, and the others wait for the next round.
pub(super) async fn run(shared: Arc<Shared>, interval: Duration) {
    let mut last = Round::default();
    loop {
        match round(&shared.cluster, last).await {
            Ok(next) => last = next,
            Err(failure) => {
                let error = failure.into_error();
                tracing::warn!(%error, "the history of etcd was not compacted, trying again in the next interval");
            }
        }
        tokio::time::sleep(interval).await;
    }
}

/// One round: the turn is ours if nobody has written the key since our last one.
pub(super) async fn round(cluster: &Cluster, last: Round) -> Result<Round, Failure> {
    let txn = Txn::new()
        .when([Compare::version(KEY, CompareOp::Equal, last.written)])
        .and_then([TxnOp::put(KEY, last.revision.to_string(), None)])
        .or_else([TxnOp::get(KEY, None)]);
    let reply = cluster.write(move |mut kv| {
        let txn = txn.clone();
        async move { kv.txn(txn).await }
    });
    let reply = reply.await?.0;
    let revision = unsigned(reply.header.map_or(0, |header| header.revision));
    if !reply.succeeded {
        let written = reply.responses.into_iter().find_map(|response| match response.response? {
            PbTxnOpResponse::ResponseRange(range) => range.kvs.first().map(|pair| pair.version),
            _ => None,
        });
        return Ok(Round { written: written.unwrap_or(0), revision });
    }
    if last.revision > 0 {
        cluster.compact(last.revision).await?;
    }
    Ok(Round { written: last.written + 1, revision })
}
