//! One watch of etcd, from a revision on.

use std::time::Duration;

use etcd_client::{WatchOptions, WatchRequestSender, WatchResponseStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::assembler::Assembler;
use super::cluster::{Clients, Cluster, MAX_ANSWER};
use super::error::Failure;
use super::kv::{first_key, prefix_end, signed};
use super::version::Version;
use crate::backend::{Batch, Error, Result};

/// How soon progress is asked for again, if it was not told or not enough: the first time and at most.
const ASK_AGAIN: Duration = Duration::from_millis(5);
const ASK_AGAIN_MAX: Duration = Duration::from_millis(100);

/// A watch that tells whole revisions.
///
/// It either sees every key of the store, and then every revision comes by as an event; or a part of them, and then
/// the server is asked how far it is ([the module](super) has the argument).
pub(super) struct Stream {
    messages: WatchResponseStream,
    requests: WatchRequestSender,
    assembler: Assembler,
    /// Whether the server is to be asked how far it is.
    progress: bool,
    ask_at: Instant,
    ask_again: Duration,
    /// What is known to be complete only after a look at the store: the position before it, and the batch.
    unverified: Option<u64>,
    pending: Option<Batch>,
}

/// Which connection a watch uses.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// To follow the store; it is always read.
    Follow,
    /// To catch up; it may be read slowly.
    CatchUp,
}

impl Stream {
    /// Opens it, on the server that is asked now, and gives the number of that.
    ///
    /// [`Error::Compacted`] if changes behind `after` are no longer held, [`Error::Future`] if the store is not there:
    /// it is another one, or has been restored from a backup.
    pub(super) async fn open(cluster: &Cluster, after: u64, purpose: Purpose) -> Result<(usize, Self)> {
        cluster.check_held(after).await?;
        let (number, clients) = cluster.current().await.map_err(Failure::into_error)?;
        let opened = Box::pin(Self::open_on(&clients, cluster.keys(), after, purpose));
        let opened = timeout(cluster.timeout(), opened).await;
        match opened {
            Ok(Ok(stream)) => Ok((number, stream)),
            Ok(Err(error)) => Err(error),
            Err(_) => {
                cluster.advance(number);
                Err(Error::Unavailable("etcd: no answer in time".to_owned()))
            }
        }
    }

    async fn open_on(clients: &Clients, keys: &str, after: u64, purpose: Purpose) -> Result<Self> {
        let unavailable = |error| Failure::of(&error).into_error();
        let mut client = match purpose {
            Purpose::Follow => clients.client.clone(),
            Purpose::CatchUp => clients.catching_up.clone(),
        };
        let progress = if keys.is_empty() {
            false
        } else {
            // On this connection: other servers of the cluster may have other versions.
            let status = client.status().await.map_err(unavailable)?;
            Version::parse(status.version()).is_some_and(Version::tells_progress)
        };
        let watched = if progress { keys } else { "" };
        let options = WatchOptions::new()
            .with_range(prefix_end(watched))
            .with_start_revision(signed(after.saturating_add(1)))
            .with_fragment();
        let mut watch = client.watch_client().max_decoding_message_size(MAX_ANSWER);
        let stream = watch.watch(first_key(watched), Some(options)).await.map_err(unavailable)?;
        let (requests, messages) = stream.split();
        let now = Instant::now();
        let assembler = Assembler::new(keys.to_owned(), after, progress);
        let mut stream = Self {
            messages,
            requests,
            assembler,
            progress,
            ask_at: now,
            ask_again: ASK_AGAIN,
            unverified: Some(after),
            pending: None,
        };
        // The first message says whether the watch may be.
        stream.pending = stream.message().await?;
        Ok(stream)
    }

    /// The next whole revisions. `wanted` is a revision that somebody waits for. Dropping the future loses nothing.
    pub(super) async fn next(&mut self, cluster: &Cluster, wanted: &mut watch::Receiver<u64>) -> Result<Batch> {
        loop {
            if self.pending.is_some() {
                if let Some(after) = self.unverified {
                    // Between the check and the start of the watch the first revision may have been compacted; etcd
                    // then tells the rest as if nothing were missing. What is held still was held then.
                    cluster.check_held(after).await?;
                    self.unverified = None;
                }
                if let Some(batch) = self.pending.take() {
                    return Ok(batch);
                }
            }
            let behind = self.progress && *wanted.borrow_and_update() > self.assembler.position();
            tokio::select! {
                message = self.messages.message() => self.pending = self.taken(message)?,
                () = sleep_until(self.ask_at), if behind => self.ask().await?,
                changed = wanted.changed(), if self.progress && !behind => {
                    if changed.is_err() {
                        return Err(Error::Unavailable("the client is closed".to_owned()));
                    }
                    self.ask_at = Instant::now();
                    self.ask_again = ASK_AGAIN;
                }
            }
        }
    }

    /// Servers do not answer while the watch is behind; so it is asked again, less and less often.
    async fn ask(&mut self) -> Result<()> {
        self.ask_at = Instant::now() + self.ask_again;
        self.ask_again = (self.ask_again * 2).min(ASK_AGAIN_MAX);
        self.requests.request_progress().await.map_err(|error| Failure::of(&error).into_error())
    }

    async fn message(&mut self) -> Result<Option<Batch>> {
        let message = self.messages.message().await;
        self.taken(message)
    }

    fn taken(
        &mut self,
        message: std::result::Result<Option<etcd_client::WatchResponse>, etcd_client::Error>,
    ) -> Result<Option<Batch>> {
        match message {
            Ok(Some(message)) => self.assembler.take(message.0),
            Ok(None) => Err(Error::Unavailable("etcd ended the watch".to_owned())),
            Err(error) => Err(Failure::of(&error).into_error()),
        }
    }
}

impl Cluster {
    /// Whether the changes behind a revision are held. Another cluster has not come there, whatever its revision.
    pub(super) async fn check_held(&self, after: u64) -> Result<()> {
        match self.position(Some(after)).await {
            Ok(position) if position.cluster == self.id() => Ok(()),
            Ok(position) => Err(Error::Future { current: position.revision }),
            Err(Failure::Compacted) => Err(Error::Compacted { oldest: self.oldest(after).await }),
            Err(Failure::Future) => Err(self.future().await),
            Err(failure) => Err(failure.into_error()),
        }
    }

    /// The oldest revision that is held, where `compacted` is not. Only a watch is told it, when it is refused; if that
    /// fails it is the next revision, which may be compacted too: a reader that goes on from there ends all the same.
    pub(super) async fn oldest(&self, compacted: u64) -> u64 {
        let refused = async {
            let (_, clients) = self.current().await.ok()?;
            let options = WatchOptions::new().with_start_revision(signed(compacted));
            let mut watch = clients.client.watch_client();
            let mut stream = watch.watch(first_key(self.keys()), Some(options)).await.ok()?;
            while let Some(message) = stream.message().await.ok()? {
                if message.compact_revision() > 0 {
                    return u64::try_from(message.compact_revision()).ok();
                }
            }
            None
        };
        let oldest = timeout(self.timeout(), Box::pin(refused)).await.ok().flatten();
        oldest.unwrap_or(0).max(compacted.saturating_add(1))
    }
}
