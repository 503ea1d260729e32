//! Connections that break: a relay between clients and a server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Passes on what clients and a server say to each other, until it is told to break off.
#[derive(Debug)]
pub struct Relay {
    /// Where clients connect to.
    pub address: SocketAddr,
    server: watch::Sender<SocketAddr>,
    /// Ends when it is dropped.
    _relayed: JoinSet<()>,
}

impl Relay {
    /// A relay to the server at this address.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = watch::Sender::new(server);
        let mut relayed = JoinSet::new();
        relayed.spawn(relay(listener, server.clone()));
        Self { address, server, _relayed: relayed }
    }

    /// Breaks every connection in the middle of what it carries. New ones are relayed as before.
    pub fn break_off(&self) {
        self.server.send_modify(|_| {});
    }

    /// Breaks every connection, and relays new ones to this address.
    pub fn redirect(&self, server: SocketAddr) {
        self.server.send_replace(server);
    }
}

async fn relay(listener: TcpListener, server: watch::Sender<SocketAddr>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let mut broken = server.subscribe();
        connections.spawn(async move {
            let server = *broken.borrow_and_update();
            tokio::select! {
                // Whatever ends a connection is told to its client by its end.
                _ = pass_on(client, server) => {}
                _ = broken.changed() => {}
            }
        });
    }
}

async fn pass_on(mut client: TcpStream, server: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
