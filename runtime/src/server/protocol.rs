//! HTTP/1.1 or HTTP/2 (contract 7.4.1).

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::sleep;

/// What an HTTP/2 connection begins with (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How long to wait for the rest of what may become the preface: a socket tells that there are bytes, not that there are
/// more.
const A_MOMENT: Duration = Duration::from_millis(10);

/// What is spoken on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

impl Protocol {
    /// What a plain connection speaks, by its first bytes, which stay unread. Waits until they are there.
    pub(super) async fn of(stream: &TcpStream) -> io::Result<Self> {
        let mut bytes = [0; PREFACE.len()];
        loop {
            let read = stream.peek(&mut bytes).await?;
            match &bytes[..read] {
                PREFACE => return Ok(Self::Http2),
                some if !some.is_empty() && PREFACE.starts_with(some) => sleep(A_MOMENT).await,
                _ => return Ok(Self::Http1),
            }
        }
    }

    /// What was agreed on in a handshake; without an agreement it is HTTP/1.1.
    #[cfg(feature = "tls")]
    pub(super) fn of_alpn(agreed: Option<&[u8]>) -> Self {
        if agreed == Some(b"h2") { Self::Http2 } else { Self::Http1 }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    /// What is found where the client sends these one after the other, each when the one before has been looked at.
    async fn found(parts: &[&[u8]]) -> Protocol {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let mut found = pin!(Protocol::of(&stream));
        for (number, part) in parts.iter().enumerate() {
            client.write_all(part).await.unwrap();
            if number + 1 < parts.len() {
                stream.readable().await.unwrap();
                assert!(futures::poll!(&mut found).is_pending(), "{parts:?}");
            }
        }
        if parts.is_empty() {
            client.shutdown().await.unwrap();
        }
        found.await.unwrap()
    }

    #[tokio::test]
    async fn c7_4_1_the_first_bytes_tell_the_protocol() {
        assert_eq!(found(&[PREFACE]).await, Protocol::Http2);
        assert_eq!(found(&[b"PRI * HTT", b"P/2.0\r\n\r\nSM\r\n\r\n"]).await, Protocol::Http2);
        assert_eq!(found(&[b"GET / HTTP/1.1\r\n"]).await, Protocol::Http1);
        assert_eq!(found(&[b"P", b"UT / HTTP/1.1\r\n"]).await, Protocol::Http1);
        assert_eq!(found(&[]).await, Protocol::Http1, "closed without a word");
    }
}
