//! Many watchers, and writes at a steady rate: how long an event takes, and what it costs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::task::JoinSet;

use super::Failure;
use super::client::{Asked, Connection, connect, send};
use super::report::Measured;
use super::server::Server;

/// What stands before the time at which an object was sent.
const SENT: &[u8] = b"\"sent\":\"";

/// The body of the write with a number and the time since the beginning, in nanoseconds.
pub(crate) type Body = Arc<dyn Fn(u64, u128) -> Bytes + Send + Sync>;

/// A watch that has been answered, on a connection of its own.
pub(crate) async fn open(server: &Server, path: &str) -> Result<(Connection, Incoming), Failure> {
    let query = "watch=true&resourceVersion=0&sendInitialEvents=false&resourceVersionMatch=NotOlderThan";
    let mut connection = connect(server).await?;
    let response = send(&mut connection, Asked::get(format!("{path}?{query}"))).await?;
    Ok((connection, response.into_body()))
}

/// The deliveries, and the writes themselves, of which there are `rate` a second.
pub(crate) async fn watch(
    server: &Server,
    watchers: usize,
    rate: u32,
    seconds: u64,
    path: &str,
    body: Body,
) -> Result<(Measured, Measured), Failure> {
    let begun = Instant::now();
    let mut delivered = Vec::new();
    let mut tasks = JoinSet::new();
    for _ in 0..watchers {
        let (connection, mut frames) = open(server, path).await?;
        let own = Arc::new(Mutex::new(Vec::new()));
        delivered.push(Arc::clone(&own));
        tasks.spawn(async move {
            let (_open, mut rest) = (connection, Vec::new());
            while let Some(Ok(frame)) = frames.frame().await {
                let Ok(data) = frame.into_data() else { continue };
                rest.extend_from_slice(&data);
                let Some(end) = memchr::memrchr(b'\n', &rest) else { continue };
                let now = begun.elapsed();
                let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
                own.extend(sent(&rest[..end]).map(|sent| now.saturating_sub(sent)));
                rest.drain(..=end);
            }
        });
    }
    let (before, first) = (server.usage()?, Instant::now());
    let mut lanes = JoinSet::new();
    let mut connections = Vec::new();
    for _ in 0..8 {
        connections.push(connect(server).await?);
    }
    let writes = Arc::new(Mutex::new(Vec::new()));
    for (lane, mut connection) in (0_u64..).zip(connections) {
        let (path, body, writes) = (path.to_owned(), Arc::clone(&body), Arc::clone(&writes));
        lanes.spawn(async move {
            let mut clock = tokio::time::interval(Duration::from_secs(1) * 8 / rate);
            for number in 0..seconds * u64::from(rate) / 8 {
                clock.tick().await;
                let asked = Instant::now();
                let body = body(number * 8 + lane, begun.elapsed().as_nanos());
                let response = send(&mut connection, Asked::post(path.as_str(), body)).await?;
                response.into_body().collect().await?;
                writes.lock().unwrap_or_else(PoisonError::into_inner).push(asked.elapsed());
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(written) = lanes.join_next().await {
        written??;
    }
    let writes = std::mem::take(&mut *writes.lock().unwrap_or_else(PoisonError::into_inner));
    // The last events are on their way: until all are there, or nothing comes any more.
    let count = || delivered.iter().map(|own| own.lock().unwrap_or_else(PoisonError::into_inner).len()).sum::<usize>();
    let mut last = 0;
    while count() > last && count() < writes.len() * watchers {
        last = count();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let cpu = server.usage()?.cpu - before.cpu;
    let mut cut = 0;
    while tasks.try_join_next().is_some() {
        cut += 1;
    }
    tasks.shutdown().await;
    let mut deliveries = Vec::new();
    for own in delivered {
        deliveries.append(&mut own.lock().unwrap_or_else(PoisonError::into_inner));
    }
    if cut > 0 {
        println!("{cut} of {watchers} watchers were cut");
    }
    Ok((Measured::new(deliveries, first.elapsed(), cpu), Measured::new(writes, first.elapsed(), cpu)))
}

/// The times in some lines. This is fast: the client shares the machine with the server.
fn sent(lines: &[u8]) -> impl Iterator<Item = Duration> {
    memchr::memmem::find_iter(lines, SENT).filter_map(|at| {
        let digits = lines[at + SENT.len()..].split(|byte| *byte == b'"').next()?;
        Some(Duration::from_nanos(std::str::from_utf8(digits).ok()?.parse().ok()?))
    })
}
