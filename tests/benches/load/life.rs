//! What is measured once: what a server holds, and how soon a new one is there.

use std::sync::Arc;
use std::time::Instant;

use super::client::{Asked, fill, once};
use super::objects::{FISCHERS, FLUNDERS, create, fischer, merge_patch};
use super::report::figure;
use super::server::Server;
use super::stores::Stores;
use super::watchers::open;
use super::{Failure, Options};

/// Watchers that see nothing.
const WATCHERS: u16 = 1_000;
/// Objects of a store that has no others.
const OBJECTS: u64 = 11_000;
/// Writes after which they are still as many.
const WRITES: u64 = 65_000;

/// KiB of each watcher that sees nothing.
async fn watcher(server: &Server, path: &str) -> Result<f64, Failure> {
    let before = server.memory()?;
    let mut watchers = Vec::new();
    for _ in 0..WATCHERS {
        watchers.push(open(server, path).await?);
    }
    Ok((server.memory()? - before) * 1024.0 / f64::from(WATCHERS))
}

/// Resident memory, each time of a server that has done nothing else.
pub(crate) async fn memory(options: &Options, stores: &Stores) -> Result<(), Failure> {
    let server = stores.serve("watchers").await?;
    figure("start to the port, nothing stored", &format!("{:.1?}", server.started));
    let idle = server.memory()?;
    once(&server, Asked::get(FLUNDERS)).await?;
    figure("memory, idle; after the first LIST", &format!("{idle:.1} MiB; {:.1} MiB", server.memory()?));
    let floor = Server::start(&["floor"], options.tls).await?;
    let (each, least) = (watcher(&server, FLUNDERS).await?, watcher(&floor, "/watch").await?);
    let what = format!("memory of a watcher, of {WATCHERS} idle ones; of one of a bare server");
    figure(&what, &format!("{each:.1} KiB; {least:.1} KiB"));
    drop(floor);
    server.stop().await?;

    let server = stores.serve("objects").await?;
    fill(&server, OBJECTS, create(FLUNDERS, "n")).await?;
    figure(&format!("memory, {OBJECTS} objects"), &format!("{:.1} MiB", server.memory()?));
    if !options.quick {
        fill(&server, WRITES - OBJECTS, merge_patch("n", OBJECTS)).await?;
        let what = format!("memory, {OBJECTS} objects after {WRITES} writes");
        figure(&what, &format!("{:.1} MiB", server.memory()?));
    }
    server.stop().await
}

/// Servers that find objects, after one that was killed and after one that was stopped.
pub(crate) async fn restart(options: &Options, stores: &Stores) -> Result<(), Failure> {
    if stores.kind() == "memory" {
        return Ok(());
    }
    let objects = if options.huge { 100_000 } else { 10_000 };
    let server = stores.serve("restart").await?;
    fill(&server, objects, Arc::new(|number| Asked::post(FISCHERS, fischer(number)))).await?;
    server.kill().await?;
    let server = started(stores, objects, "SIGKILL").await?;
    server.stop().await?;
    let server = started(stores, objects, "a clean stop").await?;
    server.stop().await
}

async fn started(stores: &Stores, objects: u64, after: &str) -> Result<Server, Failure> {
    let begun = Instant::now();
    let server = stores.serve("restart").await?;
    once(&server, Asked::get(format!("{FISCHERS}/n{}", objects - 1))).await?;
    let ready = begun.elapsed();
    once(&server, Asked::get(format!("{FISCHERS}?limit=1"))).await?;
    let listed = begun.elapsed();
    let measured = format!("{:.1?}, {ready:.1?}, {listed:.1?}; {:.1} MiB", server.started, server.memory()?);
    let what =
        format!("start to the port, to the first GET and to the first LIST, {objects} objects, after {after}; memory");
    figure(&what, &measured);
    Ok(server)
}
