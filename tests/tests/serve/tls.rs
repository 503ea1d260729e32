//! HTTPS (contract 7.4.1).

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode, Version};
use hyper_util::rt::TokioIo;
use rest_resource::server::ApiServer;
use rest_resource_tests::Serving;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::serving::{Raw, http1_on, http2_on, next_frame, soon};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{WATCH, gates, get, one_of, prepare, request, wardle};

/// The two ends of TLS with a fresh certificate.
pub(crate) struct Tls {
    server: rustls::ServerConfig,
    client: rustls::ClientConfig,
}

impl Tls {
    pub(crate) fn new() -> Self {
        let rcgen::CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let certificate: CertificateDer<'static> = cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.into())
            .expect("the key of the certificate");
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate).expect("a root");
        let client = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { server, client }
    }

    pub(crate) async fn serve(&self, server: ApiServer) -> Serving {
        let config = self.server.clone();
        Serving::run(|listener, shutdown| server.serve_tls(listener, config, shutdown)).await
    }

    pub(crate) async fn connect(&self, serving: &Serving, alpn: &[&str]) -> std::io::Result<TlsStream<TcpStream>> {
        let mut config = self.client.clone();
        config.alpn_protocols = alpn.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        let name = ServerName::try_from("localhost").expect("a name");
        soon(TlsConnector::from(Arc::new(config)).connect(name, serving.connect().await)).await
    }
}

fn chosen(connection: &TlsStream<TcpStream>) -> Option<&[u8]> {
    connection.get_ref().1.alpn_protocol()
}

#[tokio::test]
async fn c7_4_1_tls_agrees_on_the_protocol() {
    let tls = Tls::new();
    let serving = tls.serve(wardle()).await;
    let connection = tls.connect(&serving, &["h2", "http/1.1"]).await.expect("TLS");
    assert_eq!(chosen(&connection), Some(&b"h2"[..]));
    let mut http2 = http2_on(TokioIo::new(connection)).await;
    let create = request(Method::POST, FLUNDERS, flunder("a").to_string());
    assert_eq!(soon(http2.send_request(create)).await.expect("a response").status(), StatusCode::CREATED);

    for (offered, agreed) in [(&["http/1.1"][..], Some(&b"http/1.1"[..])), (&[], None)] {
        let connection = tls.connect(&serving, offered).await.expect("TLS");
        assert_eq!(chosen(&connection), agreed);
        let mut http1 = http1_on(TokioIo::new(connection)).await;
        let got = soon(http1.send_request(get(&format!("{FLUNDERS}/a")))).await.expect("a response");
        assert_eq!((got.status(), got.version()), (StatusCode::OK, Version::HTTP_11));
    }
    drop(http2);
    serving.stopped().await;
}

#[tokio::test]
async fn c7_4_1_the_configurations_own_protocols_count() {
    let mut tls = Tls::new();
    tls.server.alpn_protocols = vec![b"http/1.1".to_vec()];
    let serving = tls.serve(wardle()).await;
    let connection = tls.connect(&serving, &["h2", "http/1.1"]).await.expect("TLS");
    assert_eq!(chosen(&connection), Some(&b"http/1.1"[..]));
    drop(connection);
    serving.stopped().await;
}

#[tokio::test]
async fn c7_4_1_a_failed_handshake_is_the_end_of_one_connection() {
    let tls = Tls::new();
    let serving = tls.serve(wardle()).await;
    tls.connect(&serving, &["h3"]).await.expect_err("no common protocol");
    Tls::new().connect(&serving, &["h2"]).await.expect_err("an unknown certificate");
    let mut plain = Raw::request(&serving, "GET /version", "").await;
    while !plain.is_closed().await {
        plain.skip();
    }
    let connection = tls.connect(&serving, &["h2"]).await.expect("TLS");
    let mut http2 = http2_on(TokioIo::new(connection)).await;
    assert_eq!(soon(http2.send_request(get("/version"))).await.expect("a response").status(), StatusCode::OK);
    drop(http2);
    serving.stopped().await;
}

#[tokio::test]
async fn c7_3_5_watches_over_tls_end_cleanly() {
    let tls = Tls::new();
    let (builder, strings) = gates();
    let mut serving = tls.serve(prepare(builder)).await;
    let mut bodies = Vec::new();
    let http2 = tls.connect(&serving, &["h2"]).await.expect("TLS");
    let mut http2 = http2_on(TokioIo::new(http2)).await;
    bodies.push(soon(http2.send_request(get(WATCH))).await.expect("a watch").into_body());
    let http1 = tls.connect(&serving, &["http/1.1"]).await.expect("TLS");
    let mut http1 = http1_on(TokioIo::new(http1)).await;
    bodies.push(soon(http1.send_request(get(WATCH))).await.expect("a watch").into_body());
    serving.stop();
    for mut body in bodies {
        assert_eq!(next_frame(&mut body).await, None);
        one_of(&strings.left).await;
    }
    serving.stopped().await;
}

/// The limit is shorter than the time that a handshake may take, and only there for a server that waits for it.
#[tokio::test]
async fn c7_3_4_the_shutdown_does_not_wait_for_handshakes() {
    let tls = Tls::new();
    let serving = tls.serve(wardle()).await;
    let silent = serving.connect().await;
    let connection = tls.connect(&serving, &["h2"]).await.expect("TLS");
    assert_eq!(chosen(&connection), Some(&b"h2"[..]), "the silent connection is accepted, as the later one is");
    drop(connection);
    tokio::time::timeout(Duration::from_secs(8), serving.stopped()).await.expect("the shutdown does not wait");
    drop(silent);
}
