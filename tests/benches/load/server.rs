//! The processes that are measured, started by the one that measures.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rest_resource::StoreOptions;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use super::Failure;

/// A process that serves, and ends with its handle.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) certificate: Option<Vec<u8>>,
    /// From its start until it answered.
    pub(crate) started: Duration,
    child: Child,
}

/// What of a process is measured.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) cpu: f64,
}

impl Server {
    pub(crate) async fn start(mode: &[&str], tls: bool) -> Result<Self, Failure> {
        let begun = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .args(mode)
            .args(tls.then_some("--tls"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no output")?;
        let line = BufReader::new(stdout).lines().next_line().await?.ok_or("the server has ended")?;
        let (port, certificate) = line.split_once(' ').unwrap_or((&line, ""));
        let certificate: Vec<u8> = certificate.split(',').filter_map(|byte| byte.parse().ok()).collect();
        Ok(Self {
            port: port.parse()?,
            certificate: (!certificate.is_empty()).then_some(certificate),
            started: begun.elapsed(),
            child,
        })
    }

    /// Waits until it has ended by itself, as a user would end it.
    pub(crate) async fn stop(mut self) -> Result<(), Failure> {
        drop(self.child.stdin.take());
        self.child.wait().await?;
        Ok(())
    }

    /// Ends it where it stands.
    pub(crate) async fn kill(mut self) -> Result<(), Failure> {
        Ok(self.child.kill().await?)
    }

    fn process(&self) -> Result<procfs::process::Process, Failure> {
        let pid = self.child.id().ok_or("the server has ended")?;
        Ok(procfs::process::Process::new(pid.try_into()?)?)
    }

    /// CPU seconds so far.
    #[expect(clippy::cast_precision_loss, reason = "ticks of a few minutes")]
    pub(crate) fn usage(&self) -> Result<Usage, Failure> {
        let stat = self.process()?.stat()?;
        Ok(Usage { cpu: (stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64 })
    }

    /// Resident memory, in MiB.
    #[expect(clippy::cast_precision_loss, reason = "figures to be read by a person")]
    pub(crate) fn memory(&self) -> Result<f64, Failure> {
        Ok(self.process()?.status()?.vmrss.unwrap_or_default() as f64 / 1024.0)
    }
}

/// `wardle`, until its standard input ends: `serve STORE PREFIX [--tls]`.
pub(crate) async fn serve(arguments: &[String]) -> Result<(), Failure> {
    let [store, prefix, ..] = arguments else { return Err("a store and the prefix of its keys are expected".into()) };
    let options = StoreOptions::open(store).await?.prefix(prefix);
    let server = rest_resource_tests::wardle::server(&options).prepare()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let stop = async {
        let mut line = String::new();
        let _ = BufReader::new(tokio::io::stdin()).read_line(&mut line).await;
    };
    if arguments.iter().any(|argument| argument == "--tls") {
        let (config, certificate) = tls()?;
        say(&format!("{port} {certificate}\n")).await?;
        server.serve_tls(listener, config, stop).await?;
    } else {
        say(&format!("{port}\n")).await?;
        server.serve(listener, stop).await?;
    }
    Ok(())
}

pub(crate) async fn say(line: &str) -> std::io::Result<()> {
    let mut out = tokio::io::stdout();
    out.write_all(line.as_bytes()).await?;
    out.flush().await
}

/// A fresh certificate, and its DER as numbers.
pub(crate) fn tls() -> Result<(rustls::ServerConfig, String), Failure> {
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    let certificate: CertificateDer<'static> = cert.der().clone();
    let bytes = certificate.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())?;
    Ok((config, bytes))
}
