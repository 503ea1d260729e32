//! One connection: its limits, and when it ends (contract 7.4.1).

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::server::conn::{http1, http2};
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::ApiServer;
use super::body::{BoxError, RequestBody};
use super::protocol::Protocol;
use crate::seldom::Seldom;
use crate::verb::ResponseBody;

/// How long a client may take to send its first byte, and then the head of its first request.
pub(super) const FIRST_HEAD_TIMEOUT: Duration = Duration::from_secs(32);
/// How long a connection without a request is kept. It bounds later heads too: half of one holds no more than none.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);
/// How long a client that is there may take nothing of what it has asked for. Such a response cannot end by itself, because
/// it is not asked for more.
const STALLED_TIMEOUT: Duration = Duration::from_mins(5);
/// How long a request may be under way to a server that has said that it ends the connection.
const LAST_CALL: Duration = Duration::from_secs(1);
/// HTTP/2 streams of one connection.
const MAX_CONCURRENT_STREAMS: u32 = 1000;
/// HTTP/2 window of one stream.
const STREAM_WINDOW: u32 = 256 * 1024;
/// The head of an HTTP/2 request. For HTTP/1.1 it is 100 headers in about 400 KiB, which is hyper's limit of all that it
/// holds of a connection.
const MAX_HEADER_LIST: u32 = 1024 * 1024;
/// How often an HTTP/2 client is asked whether it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(30);
/// How long it may take to answer, behind whatever it has not read yet.
const PING_TIMEOUT: Duration = Duration::from_mins(1);

/// Serves a connection until it is closed, nobody uses it, or `stop` changes; then what has begun is answered. One whose
/// client does not read is cut.
pub(super) async fn serve_connection<I: Read + Write + Unpin + Send + 'static>(
    server: ApiServer,
    io: I,
    protocol: Protocol,
    mut stop: watch::Receiver<()>,
) -> Result<(), BoxError> {
    let usage = Arc::new(Usage::new());
    let serving = Arc::clone(&usage);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let running = Running::begin(&serving);
        let answering = server.clone().answer(request.map(RequestBody::new));
        // In a box: hyper keeps the place of a future as long as the connection, which for a watch is long.
        Box::pin(async move { Ok::<_, Infallible>(answering.await.map(|body| Tracked { body, running })) })
    });
    let mut connection = Connection::new(protocol, io, service);
    let ended = {
        let (mut over, mut stopped) = (pin!(usage.over()), pin!(stop.changed()));
        let mut over = Seldom::new(poll_fn(|cx| match over.as_mut().poll(cx) {
            Poll::Ready(over) => Poll::Ready(over),
            Poll::Pending => stopped.as_mut().poll(cx).map(|_| Over::Stopped),
        }));
        poll_fn(|cx| match connection.poll(cx) {
            Poll::Ready(ended) => Poll::Ready(Ok(ended)),
            Poll::Pending => over.poll(cx).map(Err),
        })
        .await
    };
    let over = match ended {
        Ok(ended) => return ended,
        Err(over) => over,
    };
    let stalled = || Err("the client does not take what it has asked for".into());
    if over == Over::Stalled {
        return stalled();
    }
    connection.graceful_shutdown();
    if usage.is_new() {
        // Half a first head would be waited for without end.
        match timeout(LAST_CALL, poll_fn(|cx| connection.poll(cx))).await {
            Ok(ended) => return ended,
            Err(_) if usage.is_new() => return Ok(()),
            Err(_) => {}
        }
    }
    let rest = poll_fn(|cx| connection.poll(cx));
    if over == Over::Stopped {
        // The server waits for what has begun, up to its drain timeout.
        return rest.await;
    }
    // The end of a response may still be on its way.
    timeout(STALLED_TIMEOUT, rest).await.unwrap_or_else(|_| stalled())
}

/// A connection of hyper's.
enum Connection<I: Read + Write + Unpin, S: HttpService<Incoming>> {
    Http1(Pin<Box<http1::UpgradeableConnection<I, S>>>),
    Http2(Pin<Box<http2::Connection<I, S, TokioExecutor>>>),
}

impl<I, S> Connection<I, S>
where
    I: Read + Write + Unpin + Send + 'static,
    S: HttpService<Incoming, ResBody = Tracked, Error = Infallible, Future: Send + 'static>,
{
    fn new(protocol: Protocol, io: I, service: S) -> Self {
        match protocol {
            // The time of a head is that of an unused connection, below.
            Protocol::Http1 => Self::Http1(Box::pin(
                http1::Builder::new().header_read_timeout(None).serve_connection(io, service).with_upgrades(),
            )),
            Protocol::Http2 => Self::Http2(Box::pin(
                http2::Builder::new(TokioExecutor::new())
                    .timer(TokioTimer::new())
                    .max_concurrent_streams(MAX_CONCURRENT_STREAMS)
                    .initial_stream_window_size(STREAM_WINDOW)
                    .max_header_list_size(MAX_HEADER_LIST)
                    .keep_alive_interval(PING_INTERVAL)
                    .keep_alive_timeout(PING_TIMEOUT)
                    .serve_connection(io, service),
            )),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self {
            Self::Http1(connection) => connection.as_mut().poll(cx),
            Self::Http2(connection) => connection.as_mut().poll(cx),
        }
        .map_err(Into::into)
    }

    fn graceful_shutdown(&mut self) {
        match self {
            Self::Http1(connection) => connection.as_mut().graceful_shutdown(),
            Self::Http2(connection) => connection.as_mut().graceful_shutdown(),
        }
    }
}

/// What a connection is used for.
struct Usage(Mutex<State>);

struct State {
    /// Those that are under way.
    requests: Vec<Request>,
    /// Whether there was a request.
    used: bool,
    /// The end of the last request, or the beginning of the connection.
    since: Instant,
}

/// A request that is under way, and how far its response was when it was last looked at.
struct Request {
    progress: Arc<AtomicU32>,
    seen: u32,
    since: Instant,
}

/// Why a connection is to end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    /// Nothing is under way.
    Unused,
    /// A response waits for the client without end.
    Stalled,
    /// The server stops.
    Stopped,
}

impl Usage {
    fn new() -> Self {
        Self(Mutex::new(State { requests: Vec::new(), used: false, since: Instant::now() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there was no request yet.
    fn is_new(&self) -> bool {
        !self.state().used
    }

    /// Waits until nobody has used the connection for too long, or the client has not read for too long.
    async fn over(&self) -> Over {
        loop {
            let now = Instant::now();
            let end = {
                let mut state = self.state();
                if state.requests.iter_mut().any(|request| request.is_stalled(now)) {
                    return Over::Stalled;
                }
                match *state {
                    State { used: false, since, .. } => since + FIRST_HEAD_TIMEOUT,
                    State { ref requests, since, .. } if requests.is_empty() => since + IDLE_TIMEOUT,
                    // What ends later is not idle earlier.
                    State { .. } => now + IDLE_TIMEOUT,
                }
            };
            if end <= now {
                return Over::Unused;
            }
            sleep_until(end).await;
        }
    }
}

impl Request {
    /// Whether the client has had a part of the response for too long without taking it. It is looked at now and then, so
    /// that a part costs no look at the clock.
    fn is_stalled(&mut self, now: Instant) -> bool {
        let progress = self.progress.load(Ordering::Relaxed);
        if progress != self.seen {
            (self.seen, self.since) = (progress, now);
        }
        is_with_the_client(progress) && now - self.since >= STALLED_TIMEOUT
    }
}

/// The progress of a response counts each time that a part is given to the client and each time that more is asked for.
fn is_with_the_client(progress: u32) -> bool {
    progress % 2 == 1
}

/// A request, until its response is sent or given up.
struct Running {
    usage: Arc<Usage>,
    progress: Arc<AtomicU32>,
}

impl Running {
    fn begin(usage: &Arc<Usage>) -> Self {
        let progress = Arc::new(AtomicU32::new(0));
        let mut state = usage.state();
        state.requests.push(Request { progress: Arc::clone(&progress), seen: 0, since: Instant::now() });
        state.used = true;
        drop(state);
        Self { usage: Arc::clone(usage), progress }
    }

    /// The client is given a part, or has taken the last one.
    fn advance(&self, with_the_client: bool) {
        // Nobody else changes it.
        let progress = self.progress.load(Ordering::Relaxed);
        if is_with_the_client(progress) != with_the_client {
            self.progress.store(progress.wrapping_add(1), Ordering::Relaxed);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.usage.state();
        state.requests.retain(|request| !Arc::ptr_eq(&request.progress, &self.progress));
        state.since = Instant::now();
    }
}

/// The body of a response, and the request that it answers.
struct Tracked {
    body: ResponseBody,
    running: Running,
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = <ResponseBody as Body>::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.running.advance(false);
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if frame.is_ready() {
            self.running.advance(true);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
