//! Streams over a WebSocket: a watch as a message an event (contract 4.8.17), and raw bytes (contract 1.23).

use std::io;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures_core::Stream;
use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use http::header::{
    CONTENT_TYPE, HOST, HeaderValue, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION,
};
use http::request::Parts;
use http::{HeaderMap, Method};
use hyper::upgrade::OnUpgrade;
use sha1_smol::Sha1;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

use super::upgrade::{Upgraded, asks, connection, take_over};
use super::{Context, Response};
use crate::wire::status::{Result, Status};

const PROTOCOL: &str = "websocket";
/// What is hashed with the client's key, to show that the server has understood it (RFC 6455, 4.2.2).
const ACCEPT: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Bytes of a message of the client. What it sends means nothing, so that a long one is a mistake.
const MAX_RECEIVED: usize = 64 * 1024;
/// Bytes that are read at once.
const READ_BUFFER: usize = 4 * 1024;
/// How long a client may take nothing of what is sent to it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the other side may take to agree to the end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// A subprotocol that carries a token for whoever authenticates (contract 7.6.6). It is a secret, and never answered.
const TOKEN_PROTOCOL: &str = "base64url.bearer.authorization.k8s.io.";

/// The subprotocol of clients that take no binary messages.
const BASE64_PROTOCOL: &str = "base64.binary.k8s.io";

/// What an item of a stream becomes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Framing {
    /// A text.
    Text,
    /// A binary message, or a text in base64 if the client has asked for that by the subprotocol.
    Binary,
}

/// A request for a WebSocket that can be granted.
pub(super) struct Handshake {
    connection: OnUpgrade,
    accept: HeaderValue,
    protocol: Option<HeaderValue>,
}

impl Handshake {
    /// What the request asks for; nothing if it is for plain HTTP.
    ///
    /// The error is 400 for another version than 13, for a key that is not 16 bytes, for a token without another
    /// subprotocol to answer with, and for a connection that cannot be upgraded; 403 for a page of another origin.
    pub(super) fn of(parts: &Parts, cx: &Context) -> Result<Option<Self>> {
        let headers = &parts.headers;
        if parts.method != Method::GET || !asks(headers, PROTOCOL) {
            return Ok(None);
        }
        if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(Status::bad_request("Sec-WebSocket-Version must be 13"));
        }
        if !is_own_origin(parts) {
            return Err(cx.forbidden("", "the request comes from a page of another origin"));
        }
        let key = headers.get(SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
        if !BASE64_STANDARD.decode(key).is_ok_and(|key| key.len() == 16) {
            return Err(Status::bad_request("Sec-WebSocket-Key must be 16 bytes in base64"));
        }
        let mut hash = Sha1::from(key);
        hash.update(ACCEPT);
        let accept = BASE64_STANDARD.encode(hash.digest().bytes());
        let accept = HeaderValue::try_from(accept).map_err(Status::internal_error)?;
        let protocol = protocol(headers)?;
        Ok(Some(Self { connection: connection(parts, PROTOCOL)?, accept, protocol }))
    }

    /// Answers 101 and sends the items, each as a message, until they or `lifetime` end, or the client closes.
    pub(super) fn send(
        self,
        framing: Framing,
        content_type: HeaderValue,
        lifetime: CancellationToken,
        items: impl Stream<Item = io::Result<Bytes>> + Send + Unpin + 'static,
    ) -> Response {
        let base64 = self.protocol.as_ref().is_some_and(|protocol| protocol == BASE64_PROTOCOL);
        let messages = items.map(move |item| message(framing, base64, item.ok()?));
        let mut response = take_over(self.connection, PROTOCOL, |upgraded| session(upgraded, lifetime, messages));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, content_type);
        headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept);
        if let Some(protocol) = self.protocol {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        response
    }
}

/// Browsers let the pages of any site open a WebSocket to any server and read what it says; they tell the origin of the
/// page, so that the server can refuse (RFC 6455, 10.2). Other clients tell none, or the server's own.
fn is_own_origin(parts: &Parts) -> bool {
    let Some(origin) = parts.headers.get(ORIGIN) else { return true };
    let host = parts.headers.get(HOST).map(HeaderValue::as_bytes);
    let host = host.or_else(|| parts.uri.authority().map(|authority| authority.as_str().as_bytes()));
    let page = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, page)| page.as_bytes());
    page.zip(host).is_some_and(|(page, host)| page.eq_ignore_ascii_case(host))
}

/// The subprotocol to answer with: the first that is no token. Browsers want one if they have offered any.
fn protocol(headers: &HeaderMap) -> Result<Option<HeaderValue>> {
    let values = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let mut offered =
        values.flat_map(|value| value.split(',')).map(str::trim).filter(|name| !name.is_empty()).peekable();
    let any = offered.peek().is_some();
    match offered.find(|name| !name.starts_with(TOKEN_PROTOCOL)) {
        Some(name) => HeaderValue::from_str(name).map(Some).map_err(Status::internal_error),
        None if any => Err(Status::bad_request("a subprotocol must be offered beside the one with the token")),
        None => Ok(None),
    }
}

/// Nothing if it cannot be one.
fn message(framing: Framing, base64: bool, item: Bytes) -> Option<Message> {
    match framing {
        Framing::Text => Utf8Bytes::try_from(item).ok().map(Message::Text),
        Framing::Binary if base64 => Some(Message::text(BASE64_STANDARD.encode(item))),
        Framing::Binary => Some(Message::Binary(item)),
    }
}

type Socket = WebSocketStream<Upgraded>;

async fn session(
    upgraded: Upgraded,
    lifetime: CancellationToken,
    messages: impl Stream<Item = Option<Message>> + Unpin,
) {
    let mut messages = messages.take_until(Box::pin(lifetime.cancelled()));
    // Nothing waits in a buffer: a message goes out before the next one is asked for.
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(MAX_RECEIVED))
        .max_frame_size(Some(MAX_RECEIVED));
    let mut socket = WebSocketStream::from_raw_socket(upgraded, Role::Server, Some(config)).await;
    let code = exchange(&mut socket, &lifetime, &mut messages).await;
    // The storage need not wait for the client.
    drop(messages);
    let Some(code) = code else { return };
    if timeout(CLOSE_TIMEOUT, close(socket, code)).await.is_err() {
        tracing::debug!("a client did not answer the end of a stream");
    }
}

/// Sends messages and drops those of the client. Gives why the connection is to be closed, or nothing if it is broken.
async fn exchange(
    socket: &mut Socket,
    lifetime: &CancellationToken,
    messages: &mut (impl Stream<Item = Option<Message>> + Unpin),
) -> Option<CloseCode> {
    loop {
        let sent = match select(socket.next(), messages.next()).await {
            Either::Left((Some(Ok(Message::Close(_))), _)) => return Some(CloseCode::Normal),
            // The answer goes out before more is read, or a client that takes none would fill the memory with them.
            Either::Left((Some(Ok(Message::Ping(_))), _)) => in_time(lifetime, socket.flush()).await,
            Either::Left((Some(Ok(_)), _)) => continue,
            Either::Left((Some(Err(Error::Capacity(_))), _)) => return Some(CloseCode::Size),
            Either::Left(_) => return None,
            Either::Right((Some(Some(message)), _)) => in_time(lifetime, socket.send(message)).await,
            Either::Right((Some(None), _)) => return Some(CloseCode::Error),
            Either::Right((None, _)) if lifetime.is_cancelled() => return Some(CloseCode::Away),
            Either::Right((None, _)) => return Some(CloseCode::Normal),
        };
        sent?;
    }
}

/// Nothing if the client does not take it, or the server stops before it does.
async fn in_time(lifetime: &CancellationToken, write: impl Future<Output = Result<(), Error>>) -> Option<()> {
    timeout(WRITE_TIMEOUT, lifetime.run_until_cancelled(write)).await.ok()??.ok()
}

/// Says the end, unless the client has, and waits until both sides have said it.
async fn close(mut socket: Socket, code: CloseCode) {
    // An error says that the client was first; its answer goes out with the next read.
    let _ = socket.close(Some(CloseFrame { code, reason: Utf8Bytes::default() })).await;
    while let Some(Ok(_)) = socket.next().await {}
    // Whoever closes while bytes are on their way to it breaks the connection, and the client may not see the reason.
    let mut connection = socket.into_inner();
    if connection.shutdown().await.is_ok() {
        let _ = tokio::io::copy(&mut connection, &mut tokio::io::sink()).await;
    }
}
