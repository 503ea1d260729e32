//! What the derive costs the compiler: CPU seconds and text size for N resources with all verbs.
//!
//! `cargo bench -p rest-resource-tests --bench derive_cost [-- N ... [check]]` generates a crate of N resources twice:
//! the objects with their codecs and schemas, and those with a `Store` and the derive on top. It builds both and prints
//! the cost; from one N to the next, also what each further resource costs more with the derive than without (the first
//! one brings the server and the store in, once). With `check`, only `cargo check` is run. Each check is run
//! [`ROUNDS`] times, the two in turn, and the quickest counts: what else the machine does only ever adds. Machines
//! differ: what counts is how the two compare.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How often each `cargo check` is timed.
const ROUNDS: usize = 3;

/// What is generated for each resource.
#[derive(Clone, Copy, PartialEq)]
enum Variant {
    Objects,
    Derive,
}

/// CPU seconds of `cargo check` and of a release build, and bytes of text.
struct Cost {
    check: f64,
    release: f64,
    text: f64,
}

fn main() {
    let counts: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1, 50, 200] } else { counts };
    let release = !std::env::args().any(|arg| arg == "check");
    build_dependencies(release);
    println!("{:>5} {:<8} {:>9} {:>11} {:>11}", "N", "variant", "check s", "release s", "text KiB");
    let mut before: Option<(usize, Cost)> = None;
    for n in counts {
        let mut checks = [Variant::Objects, Variant::Derive].map(|variant| (variant, f64::INFINITY));
        for _ in 0..ROUNDS {
            for (variant, quickest) in &mut checks {
                *quickest = quickest.min(measure_check(n, *variant));
            }
        }
        let [objects, derive] = checks.map(|(variant, check)| {
            let (release, text) = if release { measure_release(n, variant) } else { (0.0, 0.0) };
            let cost = Cost { check, release, text };
            println!(
                "{n:>5} {:<8} {:>9.2} {:>11.2} {:>11.0}",
                name(variant),
                cost.check,
                cost.release,
                cost.text / 1024.0
            );
            cost
        });
        let more = Cost {
            check: derive.check - objects.check,
            release: derive.release - objects.release,
            text: derive.text - objects.text,
        };
        if let Some((fewer, less)) = before {
            #[expect(clippy::cast_precision_loss, reason = "a few hundred resources")]
            let further = (n - fewer) as f64;
            println!(
                "      each of {fewer} to {n}: {:.1} ms check, {:.0} ms release, {:.1} KiB of text more with the derive",
                (more.check - less.check) * 1000.0 / further,
                (more.release - less.release) * 1000.0 / further,
                (more.text - less.text) / 1024.0 / further,
            );
        }
        before = Some((n, more));
    }
}

fn name(variant: Variant) -> &'static str {
    match variant {
        Variant::Objects => "objects",
        Variant::Derive => "derive",
    }
}

/// What the crate depends on is built first, so that it is not counted.
fn build_dependencies(release: bool) {
    let folder = folder();
    write_crate(&folder, 1, Variant::Objects);
    cargo(&folder, &["check", "--quiet"]);
    if release {
        cargo(&folder, &["build", "--release", "--quiet"]);
    }
}

/// CPU seconds of `cargo check`.
fn measure_check(n: usize, variant: Variant) -> f64 {
    let folder = folder();
    write_crate(&folder, n, variant);
    timed(&folder, &["check", "--quiet"])
}

/// CPU seconds of a release build, and bytes of text.
fn measure_release(n: usize, variant: Variant) -> (f64, f64) {
    let folder = folder();
    write_crate(&folder, n, variant);
    let release = timed(&folder, &["build", "--release", "--quiet"]);
    (release, text_size(&target().join("release/derive-cost")))
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// That of the workspace, where most dependencies are built already.
fn target() -> PathBuf {
    workspace().join("target")
}

fn folder() -> PathBuf {
    target().join("derive-cost")
}

/// CPU seconds of a command, with the crate touched before, so that it alone is compiled.
fn timed(folder: &Path, arguments: &[&str]) -> f64 {
    let main = folder.join("src/main.rs");
    let source = fs::read_to_string(&main).expect("the generated source");
    fs::write(&main, format!("{source}\n")).expect("a writable target folder");
    let before = children_cpu();
    cargo(folder, arguments);
    children_cpu() - before
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("cargo");
    command.args(arguments).arg("--target-dir").arg(target()).current_dir(folder).env("CARGO_INCREMENTAL", "0");
    let status = command.status();
    assert!(status.expect("cargo runs").success(), "cargo {arguments:?} in {}", folder.display());
}

/// CPU seconds of all child processes that have ended.
fn children_cpu() -> f64 {
    let stat = procfs::process::Process::myself().and_then(|process| process.stat()).expect("/proc");
    #[expect(clippy::cast_precision_loss, reason = "clock ticks of a build are far below 2^52")]
    let ticks = (stat.cutime + stat.cstime) as f64;
    #[expect(clippy::cast_precision_loss, reason = "a hundred or so")]
    let per_second = procfs::ticks_per_second() as f64;
    ticks / per_second
}

/// The first figure of `size`: code and read-only data.
fn text_size(binary: &Path) -> f64 {
    let output = Command::new("size").arg(binary).output().expect("size, of binutils");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().nth(1).and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("a size")
}

fn write_crate(folder: &Path, n: usize, variant: Variant) {
    let runtime = workspace().join("runtime");
    let manifest = format!(
        r#"[package]
name = "derive-cost"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
rest-resource = {{ path = "{}", features = ["latest"] }}
kube = {{ version = "5", default-features = false, features = ["derive"] }}
k8s-openapi = {{ version = "0.29", features = ["latest", "schemars"] }}
schemars = "1"
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"

[profile.release]
debug = 0
strip = "symbols"
"#,
        runtime.display()
    );
    let mut source = String::from("use rest_resource::StoreOptions;\nuse rest_resource::server::ApiServer;\n\n");
    for i in 0..n {
        source += &resource(i, variant);
    }
    source += "fn main() {\n    let options = StoreOptions::memory();\n";
    source += match variant {
        Variant::Derive => "    let mut server = ApiServer::builder();\n",
        Variant::Objects => {
            "    let server = ApiServer::builder();\n    let mut kept: Vec<Box<dyn std::any::Any>> = vec![Box::new(options.clone())];\n"
        }
    };
    for i in 0..n {
        let _ = match variant {
            Variant::Objects => {
                writeln!(source, "    kept.push(Box::new(rest_resource::object::Codec::stored::<r{i}::Thing{i}>()));")
            }
            Variant::Derive => writeln!(
                source,
                "    server = server.install(r{i}::Things {{ store: rest_resource::Store::new(&options) }});"
            ),
        };
    }
    source += match variant {
        Variant::Derive => "",
        Variant::Objects => "    println!(\"{}\", kept.len());\n",
    };
    source += "    println!(\"{}\", server.prepare().unwrap().routes().len());\n}\n";
    fs::create_dir_all(folder.join("src")).expect("a writable target folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a writable target folder");
    // The versions that the workspace has.
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a writable target folder");
    fs::write(folder.join("src/main.rs"), source).expect("a writable target folder");
}

fn resource(i: usize, variant: Variant) -> String {
    let storage = match variant {
        Variant::Objects => String::new(),
        Variant::Derive => format!(
            r#"
    #[derive(rest_resource::RestResource)]
    #[rest(group = "cost.example.com", version = "v1", resource = "things{i}", object = Thing{i})]
    pub struct Things {{
        #[rest(embed)]
        pub store: rest_resource::Store<Thing{i}>,
    }}
"#
        ),
    };
    format!(
        r#"mod r{i} {{
    use schemars::JsonSchema;
    use serde::{{Deserialize, Serialize}};

    #[derive(kube::CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
    #[kube(group = "cost.example.com", version = "v1", kind = "Thing{i}", plural = "things{i}", namespaced)]
    #[serde(rename_all = "camelCase")]
    pub struct ThingSpec {{
        pub replicas: i32,
        pub image: Option<String>,
        pub ports: Vec<Port>,
    }}

    #[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
    pub struct Port {{
        pub name: String,
        pub port: u16,
    }}
{storage}}}

"#
    )
}
