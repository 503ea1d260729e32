//! Many watchers, and writes at a steady rate: how long an event takes, and what it costs.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Method;
use http_body_util::BodyExt;
use tokio::task::JoinSet;

use super::client::{connect, send};
use super::report::Measured;
use super::server::Server;

/// Writes a second.
const RATE: u32 = 200;

/// What stands before the time at which an object was sent.
const SENT: &[u8] = b"\"sent\":\"";

/// The body of the write with a number and the time since the beginning, in nanoseconds.
pub(crate) type Body = Arc<dyn Fn(u64, u128) -> Bytes + Send + Sync>;

/// The deliveries, and the writes themselves.
pub(crate) async fn watch(
    server: &Server,
    watchers: usize,
    seconds: u64,
    path: &str,
    body: Body,
) -> Result<(Measured, Measured), Box<dyn Error>> {
    let begun = Instant::now();
    let delivered = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for _ in 0..watchers {
        let mut connection = connect(server).await.map_err(|error| error.to_string())?;
        let watch = (
            Method::GET,
            format!("{path}?watch=true&resourceVersion=0&sendInitialEvents=false&resourceVersionMatch=NotOlderThan"),
            Bytes::new(),
        );
        let response = send(&mut connection, watch).await.map_err(|error| error.to_string())?;
        let delivered = Arc::clone(&delivered);
        tasks.spawn(async move {
            let _open = connection;
            let (mut frames, mut taken, mut rest) = (response.into_body(), Vec::new(), Vec::new());
            while let Some(Ok(frame)) = frames.frame().await {
                let Ok(data) = frame.into_data() else { continue };
                rest.extend_from_slice(&data);
                let now = begun.elapsed();
                while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = rest.drain(..=end).collect();
                    if let Some(sent) = sent(&line) {
                        taken.push(now.saturating_sub(sent));
                    }
                }
                if taken.len() >= 64 {
                    delivered.lock().unwrap_or_else(PoisonError::into_inner).append(&mut taken);
                }
            }
            delivered.lock().unwrap_or_else(PoisonError::into_inner).append(&mut taken);
        });
    }
    let (before, first) = (server.usage()?, Instant::now());
    let mut lanes = JoinSet::new();
    let mut connections = Vec::new();
    for _ in 0..8 {
        connections.push(connect(server).await.map_err(|error| error.to_string())?);
    }
    let writes = Arc::new(Mutex::new(Vec::new()));
    for (lane, mut connection) in (0_u64..).zip(connections) {
        let (path, body, writes) = (path.to_owned(), Arc::clone(&body), Arc::clone(&writes));
        lanes.spawn(async move {
            let mut clock = tokio::time::interval(Duration::from_secs(1) * 8 / RATE);
            for number in 0..seconds * u64::from(RATE) / 8 {
                clock.tick().await;
                let asked = Instant::now();
                let body = body(number * 8 + lane, begun.elapsed().as_nanos());
                let response = send(&mut connection, (Method::POST, path.clone(), body)).await?;
                response.into_body().collect().await?;
                writes.lock().unwrap_or_else(PoisonError::into_inner).push(asked.elapsed());
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(())
        });
    }
    while let Some(written) = lanes.join_next().await {
        written?.map_err(|error| error.to_string())?;
    }
    // The last events are on their way: until nothing comes any more.
    let count = || delivered.lock().unwrap_or_else(PoisonError::into_inner).len();
    let mut last = 0;
    while count() > last {
        last = count();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let cpu = server.usage()?.cpu - before.cpu;
    let mut cut = 0;
    while tasks.try_join_next().is_some() {
        cut += 1;
    }
    tasks.shutdown().await;
    let deliveries = std::mem::take(&mut *delivered.lock().unwrap_or_else(PoisonError::into_inner));
    if cut > 0 {
        println!("{cut} of {watchers} watchers were cut");
    }
    let writes = std::mem::take(&mut *writes.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((Measured::new(deliveries, first.elapsed(), cpu), Measured::new(writes, first.elapsed(), cpu)))
}

/// The time in a line.
fn sent(line: &[u8]) -> Option<Duration> {
    let at = line.windows(SENT.len()).position(|window| window == SENT)? + SENT.len();
    let digits = line[at..].split(|byte| *byte == b'"').next()?;
    Some(Duration::from_nanos(std::str::from_utf8(digits).ok()?.parse().ok()?))
}
