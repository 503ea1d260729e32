//! HTTP/1.1 and HTTP/2 on a listener.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use hyper::rt::{Read, Write};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::ApiServer;

/// How long a client may take to send the head of a request (contract 7.4.1).
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(32);
/// HTTP/2 streams of one connection (contract 7.4.1).
const MAX_CONCURRENT_STREAMS: u32 = 1000;
/// HTTP/2 window of one stream (contract 7.4.1).
const STREAM_WINDOW: u32 = 256 * 1024;
/// The pause after an error of `accept`, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

type Connection = Pin<Box<dyn Future<Output = io::Result<Transport>> + Send>>;

/// What bytes of a connection travel over.
pub(super) enum Transport {
    Plain(TokioIo<TcpStream>),
    #[cfg(feature = "tls")]
    Tls(Box<TokioIo<tokio_rustls::server::TlsStream<TcpStream>>>),
}

impl ApiServer {
    /// Serves plain HTTP until `shutdown` is done: then no connection is taken, watches end, requests that have begun
    /// are answered (those that are not by the end of the drain timeout are cut off), and the storages are destroyed (contract 7.3.4).
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let open = |stream: TcpStream| -> Connection {
            Box::pin(std::future::ready(Ok(Transport::Plain(TokioIo::new(stream)))))
        };
        self.serve_connections(listener, shutdown, open).await;
        Ok(())
    }

    pub(super) async fn serve_connections(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
        open: impl Fn(TcpStream) -> Connection,
    ) {
        let graceful = GracefulShutdown::new();
        let cut = CancellationToken::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = poll_fn(|cx| match shutdown.as_mut().poll(cx) {
                Poll::Ready(()) => Poll::Ready(None),
                Poll::Pending => listener.poll_accept(cx).map(Some),
            });
            let stream = match accepted.await {
                None => break,
                Some(Ok((stream, _))) => stream,
                Some(Err(error)) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            // An event goes out when it happens, not when the next one fills a packet.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY");
            }
            let transport = open(stream);
            let (server, watcher) = (self.clone(), graceful.watcher());
            tokio::spawn(cut.clone().run_until_cancelled_owned(async move {
                // A handshake is no request: the shutdown does not wait for it.
                let Some(transport) = server.0.limits.shutdown.run_until_cancelled(transport).await else { return };
                let ended = match transport {
                    Ok(Transport::Plain(io)) => serve_connection(server, io, watcher).await,
                    #[cfg(feature = "tls")]
                    Ok(Transport::Tls(io)) => serve_connection(server, *io, watcher).await,
                    Err(error) => Err(error.into()),
                };
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended");
                }
            }));
        }
        drop(listener);
        self.0.limits.shutdown.cancel();
        let mut drained = pin!(graceful.shutdown());
        if tokio::time::timeout(self.0.drain_timeout, drained.as_mut()).await.is_err() {
            tracing::warn!("requests were still running at the end of the drain timeout");
            cut.cancel();
            drained.await;
        }
        self.shutdown().await;
    }
}

async fn serve_connection<I: Read + Write + Unpin + Send + 'static>(
    server: ApiServer,
    io: I,
    watcher: hyper_util::server::graceful::Watcher,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_READ_TIMEOUT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_CONCURRENT_STREAMS)
        .initial_stream_window_size(STREAM_WINDOW);
    let connection = builder.serve_connection_with_upgrades(io, TowerToHyperService::new(server));
    watcher.watch(connection.into_owned()).await
}
