//! The targets of the fuzzer, without it: on their corpus, and on what some mutations make of it. The same every time.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use fastrand::Rng;
use rest_resource_tests::place::times;

#[allow(unreachable_pub, reason = "they are what the package of the fuzzer exports")]
#[path = "../fuzz/src/lib.rs"]
mod targets;

/// What stands in most of what clients send.
const WORDS: [&[u8]; 24] = [
    b"\n\n",
    b"\0",
    b"\xff",
    b"null",
    b"{}",
    b"[]",
    b"\"\"",
    b"{\"",
    b"\":",
    b",",
    b"[",
    b"]",
    b"0",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"%",
    b"/",
    b"..",
    b"=",
    b"$patch",
    b"metadata",
    b"&",
    b": ",
];

/// Something like `data`.
fn mutate(rng: &mut Rng, data: &mut Vec<u8>, other: &[u8]) {
    let at = rng.usize(..=data.len());
    let end = rng.usize(at..=data.len().min(at + 16));
    match rng.u8(..6) {
        0 if at < data.len() => data[at] = rng.u8(..),
        1 => drop(data.drain(at..end)),
        2 => {
            let again = data[at..end].to_vec();
            data.splice(at..at, again);
        }
        3 if !other.is_empty() => {
            let from = rng.usize(..other.len());
            let to = rng.usize(from..=other.len().min(from + 64));
            data.splice(at..end, other[from..to].iter().copied());
        }
        4 if at < data.len() => data[at] ^= 1 << rng.u8(..8),
        _ => drop(data.splice(at..end, rng.choice(WORDS).unwrap_or_default().iter().copied())),
    }
}

fn run(name: &str, target: fn(&[u8]), usually: u32) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let files = fs::read_dir(folder).expect("a corpus").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files.collect();
    // So that the same numbers choose the same files everywhere.
    files.sort();
    let corpus: Vec<_> = files.iter().map(|file| fs::read(file).expect("a file")).collect();
    let check = |data: &[u8]| {
        assert!(catch_unwind(|| target(data)).is_ok(), "{name}: b\"{}\"", data.escape_ascii());
    };
    for data in &corpus {
        check(data);
    }
    let mut rng = Rng::with_seed(1);
    for _ in 0..times("FUZZ_CASES", usually) {
        let [mut data, other] = [(); 2].map(|()| rng.choice(&corpus).cloned().unwrap_or_default());
        for _ in 0..rng.u8(1..6) {
            mutate(&mut rng, &mut data, &other);
        }
        check(&data);
    }
}

macro_rules! targets {
    ($($name:ident $usually:literal)*) => { $(
        #[test]
        fn $name() {
            run(stringify!($name), targets::$name, $usually);
        }
    )* };
}

// How many mutations, so that each takes about a second.
targets! {
    accept 20000
    apply 2000
    continue_token 20000
    field_selector 20000
    json_body 10000
    json_patch 10000
    label_selector 20000
    managed_fields 10000
    merge_patch 10000
    path 200
    query 20000
    request 500
    strategic_merge 10000
    yaml_body 5000
}
