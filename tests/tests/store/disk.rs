//! The disk is full, and the file is none: what clients and whoever starts the server see.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use http::Method;
use redb::TableDefinition;
use rest_resource_tests::place::Folder;
use rest_resource_tests::process::{Remote, ServerProcess};
use rest_resource_tests::serving::soon;
use rest_resource_tests::things::{self, THINGS, path, thing, version};
use serde_json::{Value, json};

use super::{SERVER, store_in};

/// Where a file says what it is.
const META: TableDefinition<&str, u64> = TableDefinition::new("meta");

async fn ask(remote: &mut Remote, method: Method, path: &str, body: &Value) -> (u16, Value) {
    soon(remote.send(method, path, body)).await.expect("the server is there")
}

/// All things, by their names.
async fn listed(remote: &mut Remote) -> BTreeMap<String, Value> {
    let (code, list) = ask(remote, Method::GET, THINGS, &Value::Null).await;
    assert_eq!(code, 200, "{list}");
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| (things::name(item).to_owned(), item.clone())).collect()
}

fn large(name: &str) -> Value {
    let mut thing = thing(name, 1);
    thing["spec"]["filler"] = json!("x".repeat(1 << 20));
    thing
}

/// Creates large things until one is refused; gives the refusal.
async fn fill(remote: &mut Remote, known: &mut BTreeMap<String, Value>) -> Value {
    for number in 0..100 {
        let name = format!("large-{number}");
        if known.contains_key(&name) {
            continue;
        }
        let (code, answer) = ask(remote, Method::POST, THINGS, &large(&name)).await;
        if code != 201 {
            return answer;
        }
        known.insert(name, answer);
    }
    panic!("the disk is never full");
}

#[tokio::test]
async fn a_full_disk_is_read_and_written_again_when_there_is_room() {
    let folder = Folder::new();
    let file = folder.file("store.redb");
    let mut server = ServerProcess::start(SERVER, &store_in(&file));
    let mut remote = server.connect().await;
    let mut known = BTreeMap::new();
    let (code, small) = ask(&mut remote, Method::POST, THINGS, &thing("small", 1)).await;
    assert_eq!(code, 201);
    known.insert("small".to_owned(), small);
    let begin = version(&known["small"]);
    let watch = server.connect().await;
    let watch = tokio::spawn(watch.watch(format!("{THINGS}?watch=true&resourceVersion={begin}")));

    server.limit_files(Some(fs::metadata(&file).expect("the file").len()));
    let first = known.len();
    for _ in 0..3 {
        let refused = fill(&mut remote, &mut known).await;
        let told = (&refused["kind"], &refused["code"], &refused["reason"]);
        assert_eq!(told, (&json!("Status"), &json!(503), &json!("ServiceUnavailable")), "{refused}");
        let message = refused["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("the storage is unavailable: "), "{message}");
        assert_eq!(listed(&mut remote).await, known);
        let read = ask(&mut remote, Method::GET, &path("small"), &Value::Null).await;
        assert_eq!(read, (200, known["small"].clone()));
    }

    server.limit_files(None);
    let behind = known.len();
    for number in 0..3 {
        let name = format!("later-{number}");
        let (code, answer) = ask(&mut remote, Method::POST, THINGS, &large(&name)).await;
        assert_eq!(code, 201, "{answer}");
        known.insert(name, answer);
    }
    let (code, gone) = ask(&mut remote, Method::DELETE, &path("small"), &Value::Null).await;
    assert_eq!(code, 200, "{gone}");
    known.remove("small");
    assert_eq!(listed(&mut remote).await, known);

    // What it has answered is on the disk, and was told once.
    server.kill();
    let events = soon(watch).await.expect("a watch does not fail");
    let server = ServerProcess::start(SERVER, &store_in(&file));
    assert_eq!(listed(&mut server.connect().await).await, known);
    let versions: Vec<u64> = events.iter().map(|event| version(&event["object"])).collect();
    let count = u64::try_from(behind - first + 3 + 1).expect("a small number");
    assert_eq!(versions, (begin + 1..=begin + count).collect::<Vec<_>>());
}

/// The example, as `cargo test --workspace` has built it. Without it, it is `None`, and a failure where `CI` is set.
fn wardle() -> Option<PathBuf> {
    let program = std::env::current_exe().expect("this program");
    let program = program.ancestors().nth(2).expect("its folder").join("examples/wardle");
    if !program.exists() {
        assert!(std::env::var("CI").is_err(), "the example wardle is missing");
        println!("skipped: the example wardle is missing; `cargo build --example wardle` makes it");
        return None;
    }
    Some(program)
}

#[test]
fn a_file_that_cannot_be_served_ends_wardle_with_a_clear_message() {
    let Some(wardle) = wardle() else { return };
    let folder = Folder::new();
    let file = folder.file("store.redb");
    let run = || -> Output {
        let store = format!("redb:{}", file.display());
        let mut wardle = Command::new(&wardle);
        let wardle = wardle.args(["--listen", "127.0.0.1:0", "--store", &store]).stdin(Stdio::null());
        wardle.output().expect("wardle runs")
    };
    let refuses = |why: &str| {
        let Output { status, stdout, stderr } = run();
        let said = String::from_utf8_lossy(&stderr);
        assert_eq!(status.code(), Some(1), "{said}");
        assert_eq!(String::from_utf8_lossy(&stdout), "", "it has not begun to serve");
        let line = said.lines().last().unwrap_or_default();
        assert!(line.starts_with(&format!("error: {} {why}", file.display())), "{said}");
    };

    fs::write(&file, "some notes").expect("a file");
    refuses("is not a file of this store, and is left as it is");
    assert_eq!(fs::read(&file).expect("the file"), b"some notes");

    fs::remove_file(&file).expect("the file");
    fs::create_dir(&file).expect("a folder");
    refuses("cannot be opened: ");

    fs::remove_dir(&file).expect("the folder");
    let mut server = ServerProcess::start(SERVER, &store_in(&file));
    refuses("is open in another process; only one can have it open");
    server.kill();

    fs::remove_file(&file).expect("the file");
    let database = redb::Database::create(&file).expect("a file of redb");
    let transaction = database.begin_write().expect("a transaction");
    for (name, number) in [("format", 2), ("revision", 1), ("oldest", 1)] {
        transaction.open_table(META).expect("a table").insert(name, number).expect("a row");
    }
    transaction.commit().expect("a commit");
    drop(database);
    refuses("is in format 2, this program reads format 1; a newer one may have written it");

    let whole = fs::read(&file).expect("the file");
    fs::write(&file, &whole[..whole.len() / 2]).expect("half of it");
    refuses("is damaged: ");
}
