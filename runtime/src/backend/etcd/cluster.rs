//! The servers of a cluster: one of them is asked, and another one when it fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use etcd_client::{Client, ConnectOptions, KvClient};
use tokio::sync::{OnceCell, watch};
use tokio::time::{Instant, timeout_at};

use super::error::Failure;
use super::options::{ConnectError, EtcdOptions};

/// The largest answer that is read: more than a page of a range, or a part of a watch, ever has where etcd keeps its
/// own limits. It bounds the memory that one answer may take.
pub(super) const MAX_ANSWER: usize = 64 << 20;

/// The servers, and which of them is asked now.
///
/// Each has a client of its own, because a client for all of them chooses one for each request by chance, also where
/// that one is down; and because a watch and the reads that wait for it should be answered by the same server.
pub(super) struct Cluster {
    nodes: Vec<Node>,
    current: watch::Sender<usize>,
    /// Which cluster it is, as it says itself: another one may come to be behind the same URLs.
    id: AtomicU64,
    timeout: Duration,
    keys: String,
}

/// One server.
pub(super) struct Node {
    url: String,
    options: ConnectOptions,
    /// Shared, because each request has them, and a client is many parts.
    clients: OnceCell<Arc<Clients>>,
}

/// A connection for requests and the watch, and one for what catches up: who reads that slowly holds up no other.
pub(super) struct Clients {
    pub(super) client: Client,
    pub(super) kv: KvClient,
    pub(super) catching_up: Client,
}

impl Cluster {
    pub(super) fn new(options: &EtcdOptions) -> Result<Self, ConnectError> {
        let client = options.client()?;
        let node = |url: &String| Node { url: url.clone(), options: client.clone(), clients: OnceCell::new() };
        Ok(Self {
            nodes: options.endpoints.iter().map(node).collect(),
            current: watch::Sender::new(0),
            id: AtomicU64::new(0),
            timeout: options.timeout,
            keys: options.keys.clone(),
        })
    }

    /// How long a request may take.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Which cluster it is.
    pub(super) fn id(&self) -> u64 {
        self.id.load(Ordering::Acquire)
    }

    /// From now on it is this one.
    pub(super) fn set_id(&self, id: u64) {
        self.id.store(id, Ordering::Release);
    }

    /// What the keys begin with that this client may use.
    pub(super) fn keys(&self) -> &str {
        &self.keys
    }

    /// Which server is asked now; it changes when that fails.
    pub(super) fn subscribe(&self) -> watch::Receiver<usize> {
        self.current.subscribe()
    }

    /// The clients of the server that is asked now, and its number. What is done with them must end in time by itself.
    pub(super) async fn current(&self) -> Result<(usize, Arc<Clients>), Failure> {
        let number = *self.current.borrow();
        match self.connected(number, Instant::now() + self.timeout).await {
            Ok(clients) => Ok((number, clients)),
            Err(failure) => Err(self.failed(number, failure)),
        }
    }

    /// Goes on to the next server, unless somebody has done so already.
    pub(super) fn advance(&self, from: usize) {
        let next = (from + 1) % self.nodes.len().max(1);
        self.current.send_if_modified(|current| {
            let change = *current == from && next != from;
            if change {
                *current = next;
            }
            change
        });
    }

    /// A request that changes nothing: every server is asked, and the first one again, until one answers, all within the
    /// timeout. So a connection that was lost meanwhile, or a token that is no longer good, is noticed by nobody.
    pub(super) async fn read<T, F>(&self, request: impl Fn(KvClient) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, etcd_client::Error>>,
    {
        let end = Instant::now() + self.timeout;
        let mut result = Err(Failure::Endpoint("there is no endpoint".to_owned()));
        for left in (1..=self.nodes.len() + 1).rev() {
            let now = Instant::now();
            let share = end.saturating_duration_since(now) / u32::try_from(left).unwrap_or(u32::MAX);
            result = self.ask(&request, now + share).await;
            if !matches!(result, Err(Failure::Endpoint(_) | Failure::OldToken(_))) {
                break;
            }
        }
        result
    }

    /// A request that writes. It is sent once: one whose answer is lost may have been carried out, and a second one
    /// would then compare with what the first one wrote, and tell a writer that it lost where it has won.
    pub(super) async fn write<T, F>(&self, request: impl Fn(KvClient) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, etcd_client::Error>>,
    {
        self.ask(&request, Instant::now() + self.timeout).await
    }

    async fn ask<T, F>(&self, request: &impl Fn(KvClient) -> F, end: Instant) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, etcd_client::Error>>,
    {
        let number = *self.current.borrow();
        let clients = self.connected(number, end).await.map_err(|failure| self.failed(number, failure))?;
        let answer = match timeout_at(end, Box::pin(request(clients.kv.clone()))).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => Failure::of(&error),
            Err(_) => Failure::Endpoint("no answer in time".to_owned()),
        };
        if matches!(answer, Failure::OldToken(_)) {
            // If it fails, so does the next request, which tells why.
            let _ = timeout_at(end, Box::pin(clients.client.refresh_token())).await;
        }
        Err(self.failed(number, answer))
    }

    fn failed(&self, number: usize, failure: Failure) -> Failure {
        let Failure::Endpoint(why) = failure else { return failure };
        self.advance(number);
        let url = self.nodes.get(number).map_or("", |node| node.url.as_str());
        Failure::Endpoint(format!("{url}: {why}"))
    }

    /// Connects on first use. With a password this asks for a token; else it sends nothing yet.
    async fn connected(&self, number: usize, end: Instant) -> Result<Arc<Clients>, Failure> {
        let node = self.nodes.get(number).ok_or_else(|| Failure::Endpoint("there is no endpoint".to_owned()))?;
        let connected = timeout_at(end, node.clients.get_or_try_init(|| Box::pin(node.connect()))).await;
        match connected {
            Ok(Ok(clients)) => Ok(Arc::clone(clients)),
            Ok(Err(error)) => Err(Failure::of(&error)),
            Err(_) => Err(Failure::Endpoint("no connection in time".to_owned())),
        }
    }
}

impl Node {
    async fn connect(&self) -> Result<Arc<Clients>, etcd_client::Error> {
        let client = Client::connect([&self.url], Some(self.options.clone())).await?;
        let catching_up = Client::connect([&self.url], Some(self.options.clone())).await?;
        let kv = client.kv_client().max_decoding_message_size(MAX_ANSWER);
        Ok(Arc::new(Clients { client, kv, catching_up }))
    }
}
