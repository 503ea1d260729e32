//! The rows of the table.

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;

use super::Options;
use super::client::{Make, load, once};
use super::report::{head, row};
use super::server::Server;
use super::watchers::{Body, watch};

const FLUNDERS: &str = "/apis/wardle.example.com/v1beta1/namespaces/default/flunders";
const FISCHERS: &str = "/apis/wardle.example.com/v1alpha1/fischers";

/// An object of about 1 KiB, one of ten with the label that is selected.
fn flunder(name: &str, number: u64, sent: u128) -> Bytes {
    let tier = if number.is_multiple_of(10) { "front" } else { "back" };
    let filler = "x".repeat(620);
    Bytes::from(format!(
        r#"{{"apiVersion":"wardle.example.com/v1beta1","kind":"Flunder","metadata":{{"name":"{name}{number}","labels":{{"app":"load","tier":"{tier}"}},"annotations":{{"sent":"{sent}","filler":"{filler}"}}}},"spec":{{"flunderReference":"other","referenceType":"Flunder"}}}}"#
    ))
}

fn get(path: String) -> Make {
    Arc::new(move |_| (Method::GET, path.clone(), Bytes::new()))
}

fn create(name: &'static str) -> Make {
    Arc::new(move |number| (Method::POST, FLUNDERS.to_owned(), flunder(name, number, 0)))
}

pub(crate) async fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("rest-resource-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let store = if options.store == "redb" {
        format!("redb:{}", folder.join("load.redb").display())
    } else {
        options.store.clone()
    };
    let result = table(options, &store).await;
    std::fs::remove_dir_all(&folder)?;
    result
}

async fn table(options: &Options, store: &str) -> Result<(), Box<dyn Error>> {
    let Options { tls, seconds, huge, .. } = *options;
    let kind = store.split(':').next().unwrap_or_default();
    println!("`wardle` on {kind}, {}, objects of about 1 KiB\n", if tls { "TLS 1.3" } else { "plain HTTP/1.1" });
    let server = Server::start(&["serve", store], tls).await?;
    let floor = Server::start(&["floor"], tls).await?;
    once(&server, (Method::GET, FLUNDERS.to_owned(), Bytes::new())).await?;
    let (started, idle) = (server.started, server.memory()?);
    head();

    let writes = load(&server, 1, seconds, u64::MAX, create("one-")).await?;
    row("CREATE, 1 at once", &writes, None);
    let writes = load(&server, 64, seconds, u64::MAX, create("many-")).await?;
    row("CREATE, 64 at once", &writes, None);
    let patch: Make = Arc::new(|number| {
        let body = format!(r#"{{"metadata":{{"annotations":{{"patched":"{number}"}}}}}}"#);
        (Method::PATCH, format!("{FLUNDERS}/many-{}", number % 1000), Bytes::from(body))
    });
    row("merge PATCH, 64 at once", &load(&server, 64, seconds, u64::MAX, patch).await?, None);

    let one = format!("{FLUNDERS}/many-7");
    let object = once(&server, (Method::GET, one.clone(), Bytes::new())).await?;
    for connections in [1, 64] {
        once(&floor, (Method::PUT, "/".to_owned(), object.clone())).await?;
        let least = load(&floor, connections, seconds, u64::MAX, get("/".to_owned())).await?;
        let measured = load(&server, connections, seconds, u64::MAX, get(one.clone())).await?;
        row(&format!("GET, {connections} at once"), &measured, Some(&least));
    }

    // A collection of its own size.
    for (size, namespace) in [(1_000, "thousand"), (10_000, "myriad")] {
        let collection = FLUNDERS.replace("default", namespace);
        let target = collection.clone();
        let make: Make = Arc::new(move |number| (Method::POST, target.clone(), flunder("n", number, 0)));
        load(&server, 64, 600, size, make).await?;
        for (what, query) in [
            ("", ""),
            (", label selector of a tenth", "?labelSelector=tier%3Dfront"),
            (", one page of 500", "?limit=500"),
        ] {
            let list = format!("{collection}{query}");
            let body = once(&server, (Method::GET, list.clone(), Bytes::new())).await?;
            once(&floor, (Method::PUT, "/".to_owned(), body.clone())).await?;
            let least = load(&floor, 4, seconds, u64::MAX, get("/".to_owned())).await?;
            let measured = load(&server, 4, seconds, u64::MAX, get(list)).await?;
            row(&format!("LIST of {size}{what} ({} KiB)", body.len() / 1024), &measured, Some(&least));
        }
    }

    let mut crowds = vec![100, 1_000];
    crowds.extend(huge.then_some(10_000));
    for watchers in crowds {
        let (frame, object): (Body, Body) = (
            Arc::new(|number, sent| {
                let line = [br#"{"type":"ADDED","object":"#, &flunder("f", number, sent)[..], b"}\n"].concat();
                Bytes::from(line)
            }),
            Arc::new(move |number, sent| flunder(&format!("w{watchers}-"), number, sent)),
        );
        let seconds = seconds.max(2) * 2;
        let (least, _) = watch(&floor, watchers, seconds, "/watch", frame).await?;
        let (events, writes) = watch(&server, watchers, seconds, FLUNDERS, object).await?;
        row(&format!("an event to one of {watchers} watchers ({} delivered)", events.count), &events, Some(&least));
        row(&format!("the creates beside {watchers} watchers"), &writes, None);
    }

    println!(
        "\nfrom start to the port: {started:.1?}; memory when idle: {idle:.1} MiB; now: {:.1} MiB",
        server.memory()?
    );
    server.stop().await?;
    drop(floor);
    restart(tls, store, if huge { 100_000 } else { 10_000 }).await
}

/// A server that finds objects: when it has answered, and what it holds.
async fn restart(tls: bool, store: &str, objects: u64) -> Result<(), Box<dyn Error>> {
    if store == "memory" {
        return Ok(());
    }
    let server = Server::start(&["serve", store], tls).await?;
    let make: Make = Arc::new(|number| (Method::POST, FISCHERS.to_owned(), fischer(number)));
    load(&server, 64, 600, objects, make).await?;
    server.stop().await?;
    let begun = std::time::Instant::now();
    let server = Server::start(&["serve", store], tls).await?;
    once(&server, (Method::GET, format!("{FISCHERS}/n{}", objects - 1), Bytes::new())).await?;
    println!(
        "with {objects} more objects: {:.1?} from start to the port, {:.1?} to the first GET; memory: {:.1} MiB",
        server.started,
        begun.elapsed(),
        server.memory()?
    );
    server.stop().await
}

fn fischer(number: u64) -> Bytes {
    let filler = "x".repeat(720);
    Bytes::from(format!(
        r#"{{"apiVersion":"wardle.example.com/v1alpha1","kind":"Fischer","metadata":{{"name":"n{number}","annotations":{{"filler":"{filler}"}}}},"disallowedFlunders":[]}}"#
    ))
}
