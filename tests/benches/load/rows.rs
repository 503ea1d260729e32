//! The rows of the table.

use std::sync::Arc;

use bytes::{Buf, Bytes};
use http_body_util::Collected;

use super::client::{Asked, Make, fill, load, once, walk};
use super::objects::{FLUNDERS, apply, create, flunder, merge_patch};
use super::report::{figures, head, row};
use super::server::Server;
use super::stores::Stores;
use super::watchers::{Body, watch};
use super::{Failure, Options, life};

fn get(path: String) -> Make {
    Arc::new(move |_| Asked::get(path.as_str()))
}

pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let stores = Stores::new(&options.store, options.tls)?;
    let transport = if options.tls { "TLS 1.3" } else { "plain HTTP/1.1" };
    println!("`wardle` on {}, {transport}, objects of about 1 KiB", stores.kind());
    if stores.kind() == "etcd" {
        println!("The CPU is that of `wardle` alone, without what etcd takes.");
    }
    println!();
    let server = stores.serve("table").await?;
    let floor = Server::start(&["floor"], options.tls).await?;
    head();
    once(&server, Asked::get(FLUNDERS)).await?;
    if options.wants("writes") {
        writes(options, &server).await?;
    }
    if options.wants("gets") {
        let collection = FLUNDERS.replace("default", "one");
        fill(&server, 1, create(&collection, "n")).await?;
        let object = format!("{collection}/n0");
        gets(options, &server, &floor, &object, "").await?;
        if let Some(urls) = stores.etcd() {
            let asks = Server::start(&["floor", "--ask", urls], options.tls).await?;
            gets(options, &server, &asks, &object, ", beside a floor that asks etcd for its revision").await?;
        }
    }
    if options.wants("lists") {
        for (size, namespace) in [(1_000, "thousand"), (10_000, "myriad")] {
            lists(options, &server, &floor, size, &FLUNDERS.replace("default", namespace)).await?;
        }
    }
    if options.wants("events") {
        // The third is what two cores, which serve and ask, do at their leisure.
        for (watchers, rate) in
            [(100, 200), (1_000, 200), (1_000, 40)].into_iter().chain(options.huge.then_some((10_000, 200)))
        {
            events(options, &server, &floor, watchers, rate).await?;
        }
    }
    server.stop().await?;
    drop(floor);
    figures();
    if options.wants("memory") {
        life::memory(options, &stores).await?;
    }
    if options.wants("restart") {
        life::restart(options, &stores).await?;
    }
    Ok(())
}

async fn writes(options: &Options, server: &Server) -> Result<(), Failure> {
    let seconds = options.seconds;
    let writes = load(server, 1, seconds, create(FLUNDERS, "one-")).await?;
    row("CREATE, 1 at once", &writes, None);
    let writes = load(server, 64, seconds, create(FLUNDERS, "many-")).await?;
    row("CREATE, 64 at once", &writes, None);
    // The last numbers may have been too late.
    let there = (writes.count as u64).saturating_sub(64).clamp(1, 1_000);
    row("merge PATCH, 64 at once", &load(server, 64, seconds, merge_patch("many-", there)).await?, None);
    row("server-side apply, 64 at once", &load(server, 64, seconds, apply("many-", there)).await?, None);
    Ok(())
}

async fn gets(options: &Options, server: &Server, floor: &Server, object: &str, beside: &str) -> Result<(), Failure> {
    let seconds = options.seconds;
    once(floor, Asked::put("/", once(server, Asked::get(object)).await?)).await?;
    for connections in [1, 64] {
        let least = load(floor, connections, seconds, get("/".to_owned())).await?;
        let measured = load(server, connections, seconds, get(object.to_owned())).await?;
        row(&format!("GET, {connections} at once{beside}"), &measured, Some(&least));
    }
    Ok(())
}

/// Of a collection of its own size.
async fn lists(options: &Options, server: &Server, floor: &Server, size: u64, collection: &str) -> Result<(), Failure> {
    let seconds = options.seconds;
    fill(server, size, create(collection, "n")).await?;
    for (what, query) in
        [("", ""), (", label selector of a tenth", "?labelSelector=tier%3Dfront"), (", one page of 500", "?limit=500")]
    {
        let list = format!("{collection}{query}");
        let body = once(server, Asked::get(list.as_str())).await?;
        once(floor, Asked::put("/", body.clone())).await?;
        let least = load(floor, 4, seconds, get("/".to_owned())).await?;
        let measured = load(server, 4, seconds, get(list)).await?;
        row(&format!("LIST of {size}{what} ({} KiB)", body.len() / 1024), &measured, Some(&least));
    }

    // The floor sends its page, which is the first one, as often.
    let (first, pages) = (format!("{collection}?limit=500"), size.div_ceil(500));
    let mut asked = Some(Asked::get(first.as_str()));
    for page in 1..=pages {
        let request = asked.ok_or_else(|| format!("the list ends before page {page} of {pages}"))?;
        asked = next_page(&first, once(server, request).await?);
    }
    if asked.is_some() {
        return Err(format!("the list does not end with page {pages}").into());
    }
    let again = Arc::new(move |answers, _| (answers < pages).then(|| Asked::get("/")));
    let least = walk(floor, 4, seconds, get("/".to_owned()), again).await?;
    let path = first.clone();
    let follow = Arc::new(move |_, body: Collected<Bytes>| next_page(&path, body.aggregate()));
    let measured = walk(server, 4, seconds, get(first), follow).await?;
    row(&format!("LIST of {size}, all {pages} pages of 500"), &measured, Some(&least));
    Ok(())
}

/// The page after this one. The token is in the metadata, which come first.
fn next_page(first: &str, page: impl Buf) -> Option<Asked> {
    let mut head = page.take(4096);
    let head = head.copy_to_bytes(head.remaining());
    let head = String::from_utf8_lossy(&head);
    let (_, rest) = head.split_once(r#""continue":""#)?;
    let (token, _) = rest.split_once('"')?;
    Some(Asked::get(format!("{first}&continue={token}")))
}

/// What an event costs is what the server takes more than for the same creates without watchers.
async fn events(options: &Options, server: &Server, floor: &Server, watchers: usize, rate: u32) -> Result<(), Failure> {
    let frame: Body = Arc::new(|number, sent| {
        Bytes::from([br#"{"type":"ADDED","object":"#, &flunder("f", number, sent)[..], b"}\n"].concat())
    });
    let object = |name: String| -> Body { Arc::new(move |number, sent| flunder(&name, number, sent)) };
    let seconds = options.seconds.max(2) * 2;
    let (least, _) = watch(floor, watchers, rate, seconds, "/watch", frame).await?;
    let (_, alone) = watch(server, 0, rate, seconds, FLUNDERS, object(format!("a{watchers}-{rate}-"))).await?;
    let (mut events, writes) =
        watch(server, watchers, rate, seconds, FLUNDERS, object(format!("w{watchers}-{rate}-"))).await?;
    let (delivered, all) = (events.count, writes.count * watchers);
    events.cpu = (events.cpu * per(delivered) - alone.cpu * per(writes.count)) / per(delivered.max(1));
    let what = format!("{watchers} watchers, {rate} writes a second");
    row(&format!("an event to one of {what} ({delivered} of {all} delivered)"), &events, Some(&least));
    row(&format!("the creates beside {what}"), &writes, None);
    row("the same creates without watchers", &alone, None);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures to be read by a person")]
fn per(count: usize) -> f64 {
    count as f64
}
