//! A server of this machine's processes: nothing is stored, `/proc` is the storage. Linux only.
//!
//! ```text
//! cargo run --release --example processes -- --listen 127.0.0.1:8081
//! kubectl --server http://127.0.0.1:8081 get processes
//! ```
//!
//! Who can reach it can end processes as the user that it runs as: listen where nobody else is.

#[allow(unreachable_pub, reason = "public is what a module shows, though nothing is outside of a binary")]
mod processes;

use std::error::Error;
use std::net::SocketAddr;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Serves the group proc.example.com.
#[derive(Parser)]
struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let options = Options::parse();
    let server = processes::server().prepare()?;
    let listener = TcpListener::bind(options.listen).await?;
    println!("{}\n", server.routes());
    let process = format!("/apis/proc.example.com/v1/processes/{}", std::process::id());
    for arguments in [
        "get processes".to_owned(),
        "get proc -l user=root -o wide --watch".to_owned(),
        "delete proc PID                                # SIGTERM".to_owned(),
        "delete proc PID --grace-period=0 --force       # SIGKILL".to_owned(),
        format!("get --raw '{process}/fds?target=socket'"),
        format!("get --raw {process}/stat"),
    ] {
        println!("kubectl --server http://{} {arguments}", listener.local_addr()?);
    }
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let shutdown = async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    };
    server.serve(listener, shutdown).await?;
    Ok(())
}
