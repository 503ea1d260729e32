//! HTTPS by rustls; the binary chooses the crypto provider (contract 7.4.1).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::ApiServer;
use super::protocol::Protocol;
use super::serve::Transport;

/// How long a client may take for the handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

impl ApiServer {
    /// As [`serve`](Self::serve), over TLS. ALPN offers `h2` and `http/1.1`, unless the configuration says otherwise.
    pub async fn serve_tls(
        self,
        listener: TcpListener,
        mut config: ServerConfig,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        if config.alpn_protocols.is_empty() {
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let open = move |stream: TcpStream| {
            let handshake = acceptor.accept(stream);
            Box::pin(async move {
                let stream = tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake).await??;
                let protocol = Protocol::of_alpn(stream.get_ref().1.alpn_protocol());
                Ok(Transport::Tls(Box::new(TokioIo::new(stream)), protocol))
            }) as _
        };
        self.serve_connections(listener, shutdown, open).await;
        Ok(())
    }
}
