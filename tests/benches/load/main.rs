//! How fast `wardle` is over a socket, beside bare hyper servers that send the same bytes.
//!
//! `cargo bench -p rest-resource-tests --bench load [-- --store memory|redb|etcd:URL] [--tls] [--quick] [--huge] [--only PART]`
//!
//! The server and the floors are processes of their own, one after the other on the same machine, so that what counts is
//! the CPU time of the server process a request and its ratio to the floor in the same run: of the server alone, also
//! where etcd works for it. `--quick` takes a second a row and does without the longest; `--huge` adds 10,000 watchers,
//! and restarts with 100,000 objects; `--only` runs one of the parts `writes`, `gets`, `lists`, `events`, `memory` and
//! `restart`. In etcd each run has keys of its own below `/load/`, which it leaves there.

mod client;
mod floor;
mod life;
mod objects;
mod report;
mod rows;
mod server;
mod stores;
mod watchers;

use std::error::Error;

/// What went wrong.
type Failure = Box<dyn Error + Send + Sync>;

/// That of `wardle`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What is to be measured.
#[derive(Clone)]
struct Options {
    store: String,
    tls: bool,
    seconds: u64,
    quick: bool,
    huge: bool,
    only: Option<String>,
}

impl Options {
    /// Whether a part is to be run.
    fn wants(&self, part: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == part)
    }
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.first().map(String::as_str) {
        Some("serve") => return runtime.block_on(server::serve(&arguments[1..])),
        Some("floor") => return runtime.block_on(floor::serve()),
        _ => {}
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let value = |flag: &str| arguments.iter().skip_while(|argument| *argument != flag).nth(1).cloned();
    let options = Options {
        store: value("--store").unwrap_or_else(|| "redb".to_owned()),
        tls: has("--tls"),
        seconds: if has("--quick") { 1 } else { 3 },
        quick: has("--quick"),
        huge: has("--huge"),
        only: value("--only"),
    };
    client::raise_the_limit_of_files()?;
    runtime.block_on(rows::run(&options))
}
