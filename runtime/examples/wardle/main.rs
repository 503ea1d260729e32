//! A server of flunders and fischers: the counterpart of Kubernetes' sample-apiserver.
//!
//! ```text
//! cargo run --release --example wardle -- --listen 127.0.0.1:8080
//! kubectl --server http://127.0.0.1:8080 get flunders
//! ```

#[expect(unreachable_pub, reason = "the tests include the module, as a library would export it")]
mod wardle;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use rest_resource::StoreOptions;
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::signal::unix::{SignalKind, signal};

/// Writes take about a third less time with it than with glibc's.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Serves the group wardle.example.com.
#[derive(Parser)]
struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
    /// Where objects are kept: `memory`, `redb:PATH` or `etcd:URL[,URL...]`.
    #[arg(long, default_value = "redb:wardle.redb")]
    store: String,
    /// A certificate chain, PEM; with it, HTTPS is served.
    #[arg(long, requires = "tls_private_key_file")]
    tls_cert_file: Option<PathBuf>,
    /// The private key of the certificate, PEM.
    #[arg(long, requires = "tls_cert_file")]
    tls_private_key_file: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    ExitCode::FAILURE
}

async fn run() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let options = Options::parse();
    let server = wardle::server(&StoreOptions::open(&options.store).await?).prepare()?;
    let files = options.tls_cert_file.zip(options.tls_private_key_file);
    let tls = files.map(|(cert, key)| tls(&cert, &key)).transpose()?;
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    let (scheme, flags) = if tls.is_some() { ("https", " --insecure-skip-tls-verify") } else { ("http", "") };
    println!("{}\n", server.routes());
    println!("kubectl --server {scheme}://{}{flags} get flunders,fischers", listener.local_addr()?);
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let shutdown = async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    };
    match tls {
        Some(tls) => server.serve_tls(listener, tls, shutdown).await?,
        None => server.serve(listener, shutdown).await?,
    }
    Ok(())
}

/// The binary chooses the crypto provider; the library has none.
fn tls(cert: &PathBuf, key: &PathBuf) -> Result<ServerConfig, Box<dyn Error>> {
    let certificates = CertificateDer::pem_file_iter(cert)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    Ok(ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?)
}
