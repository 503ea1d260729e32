//! Connections that ask as fast as they are answered.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Collected, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Failure;
use super::report::Measured;
use super::server::Server;

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A connection.
pub(crate) type Connection = SendRequest<Full<Bytes>>;

/// A request.
pub(crate) struct Asked {
    method: Method,
    path: String,
    content_type: &'static str,
    body: Bytes,
}

impl Asked {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), content_type: "application/json", body: Bytes::new() }
    }

    pub(crate) fn post(path: impl Into<String>, body: Bytes) -> Self {
        Self { method: Method::POST, body, ..Self::get(path) }
    }

    pub(crate) fn put(path: impl Into<String>, body: Bytes) -> Self {
        Self { method: Method::PUT, body, ..Self::get(path) }
    }

    pub(crate) fn merge_patch(path: impl Into<String>, body: String) -> Self {
        let content_type = "application/merge-patch+json";
        Self { method: Method::PATCH, content_type, body: body.into(), ..Self::get(path) }
    }

    pub(crate) fn apply(path: &str, body: Bytes) -> Self {
        let content_type = "application/apply-patch+yaml";
        Self { method: Method::PATCH, content_type, body, ..Self::get(format!("{path}?fieldManager=load&force=true")) }
    }
}

/// A request, made anew for each number.
pub(crate) type Make = Arc<dyn Fn(u64) -> Asked + Send + Sync>;

/// What is asked after the so-manieth answer, where several requests are measured as one; nothing after the last.
pub(crate) type Follow = Arc<dyn Fn(u64, Collected<Bytes>) -> Option<Asked> + Send + Sync>;

/// As many files as the machine allows: each watcher has a connection.
pub(crate) fn raise_the_limit_of_files() -> io::Result<()> {
    let mut limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current = limit.maximum;
    rustix::process::setrlimit(rustix::process::Resource::Nofile, limit)?;
    Ok(())
}

pub(crate) async fn connect(server: &Server) -> Result<Connection, Failure> {
    let tcp = TcpStream::connect(("127.0.0.1", server.port)).await?;
    tcp.set_nodelay(true)?;
    let io: Pin<Box<dyn Io>> = match &server.certificate {
        None => Box::pin(tcp),
        Some(certificate) => {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(CertificateDer::from(certificate.clone()))?;
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()?
                .with_root_certificates(roots)
                .with_no_client_auth();
            let name = ServerName::try_from("localhost")?;
            Box::pin(TlsConnector::from(Arc::new(config)).connect(name, tcp).await?)
        }
    };
    let (sender, connection) = http1::handshake(TokioIo::new(io)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// The response to a request that must succeed.
pub(crate) async fn send(connection: &mut Connection, asked: Asked) -> Result<http::Response<Incoming>, Failure> {
    let Asked { method, path, content_type, body } = asked;
    let what = format!("{method} {path}");
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("accept", "application/json")
        .header("content-type", content_type)
        .body(Full::new(body))?;
    connection.ready().await?;
    let response = connection.send_request(request).await?;
    let code = response.status();
    if !code.is_success() {
        let body = response.into_body().collect().await?.to_bytes();
        return Err(format!("{what}: {code}: {}", String::from_utf8_lossy(&body)).into());
    }
    Ok(response)
}

/// The whole body of one request that must succeed.
pub(crate) async fn once(server: &Server, asked: Asked) -> Result<Bytes, Failure> {
    let response = send(&mut connect(server).await?, asked).await?;
    Ok(response.into_body().collect().await?.to_bytes())
}

/// Asks on `connections` for so long, and measures.
pub(crate) async fn load(server: &Server, connections: usize, seconds: u64, make: Make) -> Result<Measured, Failure> {
    walk(server, connections, seconds, make, Arc::new(|_, _| None)).await
}

/// As [`load`], with several requests, one after the other, measured as one.
pub(crate) async fn walk(
    server: &Server,
    connections: usize,
    seconds: u64,
    make: Make,
    follow: Follow,
) -> Result<Measured, Failure> {
    ask(server, connections, Duration::from_secs(seconds), u64::MAX, make, follow).await
}

/// Asks so many times, and no less.
pub(crate) async fn fill(server: &Server, times: u64, make: Make) -> Result<(), Failure> {
    let measured = ask(server, 64, Duration::from_mins(10), times, make, Arc::new(|_, _| None)).await?;
    if measured.count as u64 == times { Ok(()) } else { Err(format!("{} of {times} requests", measured.count).into()) }
}

async fn ask(
    server: &Server,
    connections: usize,
    time: Duration,
    most: u64,
    make: Make,
    follow: Follow,
) -> Result<Measured, Failure> {
    let mut opened = Vec::new();
    for _ in 0..connections {
        opened.push(connect(server).await?);
    }
    let (before, begun) = (server.usage()?, Instant::now());
    let next = Arc::new(AtomicU64::new(0));
    let until = begun + time;
    let tasks: Vec<_> = opened
        .into_iter()
        .map(|mut connection| {
            let (next, make, follow) = (Arc::clone(&next), Arc::clone(&make), Arc::clone(&follow));
            tokio::spawn(async move {
                let mut taken = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= most || Instant::now() >= until {
                        return Ok::<_, Failure>(taken);
                    }
                    let begun = Instant::now();
                    let (mut asked, mut answers) = (Some(make(number)), 0);
                    while let Some(request) = asked {
                        let response = send(&mut connection, request).await?;
                        let body = response.into_body().collect().await?;
                        answers += 1;
                        asked = follow(answers, body);
                    }
                    taken.push(begun.elapsed());
                }
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    Ok(Measured::new(latencies, begun.elapsed(), server.usage()?.cpu - before.cpu))
}
