//! HTTP/1.1 and HTTP/2 on a listener.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::ApiServer;
use super::connection::{FIRST_HEAD_TIMEOUT, serve_connection};
use super::protocol::Protocol;

/// How long a connection may be silent before TCP asks whether the peer is still there (contract 7.4.1).
const TCP_KEEPALIVE: Duration = Duration::from_mins(3);
/// The pause after an error of `accept`, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

type Connection = Pin<Box<dyn Future<Output = io::Result<Transport>> + Send>>;

/// What bytes of a connection travel over.
pub(super) enum Transport {
    Plain(TokioIo<TcpStream>, Protocol),
    #[cfg(feature = "tls")]
    Tls(Box<TokioIo<tokio_rustls::server::TlsStream<TcpStream>>>, Protocol),
}

impl ApiServer {
    /// Serves plain HTTP until `shutdown` is done: then no connection is taken, watches end, requests that have begun
    /// are answered (those that are not by the end of the drain timeout are cut off), and the storages are destroyed (contract 7.3.4).
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let open = |stream: TcpStream| -> Connection {
            Box::pin(async {
                let protocol = timeout(FIRST_HEAD_TIMEOUT, Protocol::of(&stream)).await??;
                Ok(Transport::Plain(TokioIo::new(stream), protocol))
            })
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
        // Told of the end, and held by each connection until its own.
        let (end, _) = watch::channel(());
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = poll_fn(|cx| {
                // What is left of those that have ended is let go.
                while let Poll::Ready(Some(_)) = connections.poll_join_next(cx) {}
                match shutdown.as_mut().poll(cx) {
                    Poll::Ready(()) => Poll::Ready(None),
                    Poll::Pending => listener.poll_accept(cx).map(Some),
                }
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
            if let Err(error) = set_up(&stream) {
                tracing::debug!(%error, "a connection could not be set up");
            }
            let transport = open(stream);
            let (server, stop) = (self.clone(), end.subscribe());
            connections.spawn(async move {
                // A handshake is no request, and nothing is none either: the shutdown does not wait for it.
                let Some(transport) = server.0.limits.shutdown.run_until_cancelled(transport).await else { return };
                let ended = match transport {
                    Ok(Transport::Plain(io, protocol)) => serve_connection(server, io, protocol, stop).await,
                    #[cfg(feature = "tls")]
                    Ok(Transport::Tls(io, protocol)) => serve_connection(server, io, protocol, stop).await,
                    Err(error) => Err(error.into()),
                };
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended");
                }
            });
        }
        drop(listener);
        self.0.limits.shutdown.cancel();
        end.send_replace(());
        let mut drained = pin!(end.closed());
        if timeout(self.0.drain_timeout, drained.as_mut()).await.is_err() {
            tracing::warn!("requests were still running at the end of the drain timeout");
            connections.shutdown().await;
        }
        self.shutdown().await;
    }
}

/// What a connection has from its first byte on.
fn set_up(stream: &TcpStream) -> io::Result<()> {
    // An event goes out when it happens, not when the next one fills a packet.
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_keepalive(&TcpKeepalive::new().with_time(TCP_KEEPALIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn c7_4_1_tcp_asks_whether_the_peer_is_still_there() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        set_up(&stream).unwrap();
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_mins(3));
        assert!(stream.nodelay().unwrap());
    }
}
