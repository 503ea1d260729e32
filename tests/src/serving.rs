//! A server on a socket, and connections to it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::rt::{Read, Write};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rest_resource::server::ApiServer;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a test waits for what must happen. It is a limit for a broken server, and measures nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// What must happen; a server that never lets it happen fails the test instead of stopping it.
pub async fn soon<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(PATIENCE, what).await.expect("it happens")
}

/// A server that runs.
#[derive(Debug)]
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<io::Result<()>>,
}

impl Serving {
    /// Serves plain HTTP on a port of its own.
    pub async fn start(server: ApiServer) -> Self {
        Self::run(|listener, shutdown| server.serve(listener, shutdown)).await
    }

    /// Serves in another way.
    pub async fn run<F>(serve: impl FnOnce(TcpListener, BoxFuture<'static, ()>) -> F) -> Self
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve(listener, Box::pin(async move { drop(stopped.await) })));
        Self { address, stop: Some(stop), served }
    }

    /// Begins the shutdown.
    pub fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits for the end of the shutdown.
    pub async fn stopped(mut self) {
        self.stop();
        soon(self.served).await.expect("the server does not panic").expect("the server does not fail");
    }

    /// A connection.
    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("the server listens")
    }

    /// An HTTP/1.1 connection.
    pub async fn http1(&self) -> http1::SendRequest<Full<Bytes>> {
        http1_on(TokioIo::new(self.connect().await)).await
    }

    /// An HTTP/2 connection, by prior knowledge.
    pub async fn http2(&self) -> http2::SendRequest<Full<Bytes>> {
        http2_on(TokioIo::new(self.connect().await)).await
    }
}

/// HTTP/1.1 on a connection. It is closed when the sender and the response are dropped.
pub async fn http1_on<I: Read + Write + Unpin + Send + 'static>(io: I) -> http1::SendRequest<Full<Bytes>> {
    let (sender, connection) = http1::handshake(io).await.expect("HTTP/1.1");
    tokio::spawn(connection.with_upgrades());
    sender
}

/// HTTP/2 on a connection.
pub async fn http2_on<I: Read + Write + Unpin + Send + 'static>(io: I) -> http2::SendRequest<Full<Bytes>> {
    let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.expect("HTTP/2");
    tokio::spawn(connection);
    sender
}

/// The rest of a body as text.
pub async fn text(body: Incoming) -> String {
    let bytes = soon(body.collect()).await.expect("the response is whole").to_bytes();
    String::from_utf8(bytes.into()).expect("text")
}

/// The next bytes of a body, or nothing at its clean end.
pub async fn next_frame(body: &mut Incoming) -> Option<Bytes> {
    loop {
        let frame = soon(body.frame()).await?.expect("the response goes on");
        let data = frame.into_data().expect("no trailers");
        // HTTP/2 may say the end in a frame without data.
        if !data.is_empty() {
            return Some(data);
        }
    }
}

/// HTTP/1.1 as it travels: what is sent, and what comes when.
#[derive(Debug)]
pub struct Raw(BufReader<TcpStream>);

impl Raw {
    /// Sends the head of a request on a new connection, all but its first line's version and its `Host`.
    pub async fn request(serving: &Serving, method_and_path: &str, headers: &str) -> Self {
        let mut raw = Self(BufReader::new(serving.connect().await));
        raw.send(&format!("{method_and_path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n")).await;
        raw
    }

    /// Sends these bytes.
    pub async fn send(&mut self, bytes: &str) {
        self.0.get_mut().write_all(bytes.as_bytes()).await.expect("the server takes it");
    }

    /// The lines of the head of the response.
    pub async fn head(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.line().await.trim_end() {
                "" => return lines,
                line => lines.push(line.to_lowercase()),
            }
        }
    }

    /// The next chunk of the response; nothing at its clean end.
    pub async fn chunk(&mut self) -> Option<String> {
        let size = self.line().await;
        let size = usize::from_str_radix(size.trim_end(), 16).expect("the size of a chunk");
        let mut chunk = vec![0; size + 2];
        soon(self.0.read_exact(&mut chunk)).await.expect("a whole chunk");
        assert!(chunk.ends_with(b"\r\n"));
        chunk.truncate(size);
        (size > 0).then(|| String::from_utf8(chunk).expect("text"))
    }

    /// Whether bytes have come that nobody has asked for yet.
    pub fn has_more(&self) -> bool {
        !self.0.buffer().is_empty()
    }

    /// Takes what has come.
    pub fn skip(&mut self) {
        self.0.consume(self.0.buffer().len());
    }

    /// Whether the server has closed the connection.
    pub async fn is_closed(&mut self) -> bool {
        matches!(soon(self.0.fill_buf()).await, Ok([]) | Err(_))
    }

    /// The connection itself.
    pub fn into_inner(self) -> TcpStream {
        self.0.into_inner()
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        soon(self.0.read_line(&mut line)).await.expect("a line");
        line
    }
}
