//! Connections that ask as fast as they are answered.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::report::Measured;
use super::server::Server;

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A connection.
pub(crate) type Connection = SendRequest<Full<Bytes>>;

/// A request, made anew for each number.
pub(crate) type Make = Arc<dyn Fn(u64) -> (Method, String, Bytes) + Send + Sync>;

/// As many files as the machine allows: each watcher has a connection.
pub(crate) fn raise_the_limit_of_files() -> io::Result<()> {
    let mut limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current = limit.maximum;
    rustix::process::setrlimit(rustix::process::Resource::Nofile, limit)?;
    Ok(())
}

pub(crate) async fn connect(server: &Server) -> Result<Connection, Box<dyn Error + Send + Sync>> {
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

pub(crate) async fn send(
    connection: &mut Connection,
    (method, path, body): (Method, String, Bytes),
) -> Result<http::Response<Incoming>, Box<dyn Error + Send + Sync>> {
    let content_type = if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("accept", "application/json")
        .header("content-type", content_type)
        .body(Full::new(body))?;
    connection.ready().await?;
    Ok(connection.send_request(request).await?)
}

/// The whole body of one request that must succeed.
pub(crate) async fn once(server: &Server, request: (Method, String, Bytes)) -> Result<Bytes, Box<dyn Error>> {
    let whole = async {
        let response = send(&mut connect(server).await?, request).await?;
        let code = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if code.is_success() { Ok(body) } else { Err(format!("{code}: {}", String::from_utf8_lossy(&body)).into()) }
    };
    whole.await.map_err(|error: Box<dyn Error + Send + Sync>| error.to_string().into())
}

/// Asks on `connections` for so long, or so many times, and measures.
pub(crate) async fn load(
    server: &Server,
    connections: usize,
    seconds: u64,
    most: u64,
    make: Make,
) -> Result<Measured, Box<dyn Error>> {
    let mut opened = Vec::new();
    for _ in 0..connections {
        opened.push(connect(server).await.map_err(|error| error.to_string())?);
    }
    let (before, begun) = (server.usage()?, Instant::now());
    let next = Arc::new(AtomicU64::new(0));
    let until = begun + Duration::from_secs(seconds);
    let tasks: Vec<_> = opened
        .into_iter()
        .map(|mut connection| {
            let (next, make) = (Arc::clone(&next), Arc::clone(&make));
            tokio::spawn(async move {
                let mut taken = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= most || Instant::now() >= until {
                        return Ok::<_, Box<dyn Error + Send + Sync>>(taken);
                    }
                    let asked = Instant::now();
                    let response = send(&mut connection, make(number)).await?;
                    let code = response.status();
                    response.into_body().collect().await?;
                    if !code.is_success() && code != StatusCode::CONFLICT {
                        return Err(format!("{code}").into());
                    }
                    taken.push(asked.elapsed());
                }
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await?.map_err(|error| error.to_string())?);
    }
    Ok(Measured::new(latencies, begun.elapsed(), server.usage()?.cpu - before.cpu))
}
