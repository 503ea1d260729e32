//! The floors: a bare hyper server that sends the bytes it was given, and writes a frame to whoever listens. It may have to
//! ask etcd for its revision before it sends anything, as every server must whose reads are linearizable.

use std::convert::Infallible;
use std::sync::{Arc, RwLock};

use bytes::Bytes;
use futures::StreamExt;
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rest_resource::backend::{Backend, Etcd};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_rustls::TlsAcceptor;

use super::Failure;
use super::server::{say, tls};

type Body = BoxBody<Bytes, Infallible>;

struct Shared {
    /// What GET answers with: the body of the last PUT.
    body: RwLock<Bytes>,
    /// What POST sends to the watchers.
    frames: broadcast::Sender<Bytes>,
    /// What is asked before a GET is answered.
    etcd: Option<Etcd>,
}

/// `floor [--ask URL] [--tls]`, until it is killed.
pub(crate) async fn serve() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let etcd = match std::env::args().skip_while(|argument| argument != "--ask").nth(1) {
        Some(urls) => Some(Etcd::connect(urls.split(',')).await?),
        None => None,
    };
    let shared = Arc::new(Shared { body: RwLock::default(), frames: broadcast::Sender::new(1024), etcd });
    let acceptor = if std::env::args().any(|argument| argument == "--tls") {
        let (config, certificate) = tls()?;
        say(&format!("{port} {certificate}\n")).await?;
        Some(TlsAcceptor::from(Arc::new(config)))
    } else {
        say(&format!("{port}\n")).await?;
        None
    };
    loop {
        let (tcp, _) = listener.accept().await?;
        tcp.set_nodelay(true)?;
        let (shared, acceptor) = (Arc::clone(&shared), acceptor.clone());
        tokio::spawn(async move {
            let answer = service_fn(move |request| answer(Arc::clone(&shared), request));
            let http1 = hyper::server::conn::http1::Builder::new();
            match acceptor {
                None => drop(http1.serve_connection(TokioIo::new(tcp), answer).await),
                Some(acceptor) => {
                    if let Ok(tls) = acceptor.accept(tcp).await {
                        drop(http1.serve_connection(TokioIo::new(tls), answer).await);
                    }
                }
            }
        });
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
    let body = match *request.method() {
        Method::GET if request.uri().query().is_some() => {
            let frames = tokio_stream_of(shared.frames.subscribe());
            BodyExt::boxed(StreamBody::new(frames.map(|frame| Ok(Frame::data(frame)))))
        }
        Method::GET => {
            if let Some(etcd) = &shared.etcd
                && let Err(error) = etcd.current_revision().await
            {
                let mut failed = Response::new(Full::from(error.to_string()).boxed());
                *failed.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                return Ok(failed);
            }
            Full::new(shared.body.read().map(|body| body.clone()).unwrap_or_default()).boxed()
        }
        _ => {
            let put = request.method() == Method::PUT;
            let body = request.into_body().collect().await?.to_bytes();
            if put {
                if let Ok(mut held) = shared.body.write() {
                    *held = body;
                }
            } else {
                // Nobody may be listening.
                let _ = shared.frames.send(body);
            }
            Full::default().boxed()
        }
    };
    let mut response = Response::new(body);
    response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    Ok(response)
}

fn tokio_stream_of(frames: broadcast::Receiver<Bytes>) -> impl futures::Stream<Item = Bytes> {
    futures::stream::unfold(frames, |mut frames| async move { Some((frames.recv().await.ok()?, frames)) })
}
