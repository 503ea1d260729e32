//! Clients in other languages: scripts of `tests/clients` that run against a server, and what they print.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::place::Folder;
use crate::serving::soon;

/// A script that runs. It is killed when this is dropped.
#[derive(Debug)]
pub struct Script {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// It is kept until the script has ended.
    _home: Folder,
}

/// Where `.ci/clients` installs the packages of a language.
fn installed(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clients").join(language)
}

/// Where a script is.
fn path(language: &str, script: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(language).join(script)
}

/// Whether what a language needs is installed as its lock file says; if not, that is a failure where `CI` is set. The
/// installer keeps the lock file beside it under the name `kept`.
fn has(language: &str, lock: &str, kept: &str) -> bool {
    let read = |path: PathBuf| std::fs::read(path).ok();
    let found = read(path(language, lock)).is_some_and(|lock| read(installed(language).join(kept)) == Some(lock));
    if !found {
        assert!(std::env::var("CI").is_err(), "the packages of {language} are missing or old");
        println!("skipped: the packages of {language} are missing or old; `bash .ci/clients` installs them");
    }
    found
}

impl Script {
    /// Starts a script of `tests/clients/python` against this server. Without its packages it is `None`, and a
    /// failure where `CI` is set.
    pub fn python(script: &str, arguments: &[&str], server: SocketAddr) -> Option<Self> {
        let python = installed("python").join("bin/python");
        has("python", "requirements.txt", "requirements.txt").then(|| {
            let mut command = Command::new(python);
            // Nothing is written beside the scripts.
            command.arg("-B").arg(path("python", script));
            Self::start(command, arguments, server)
        })
    }

    /// The same for `tests/clients/javascript`.
    pub fn javascript(script: &str, arguments: &[&str], server: SocketAddr) -> Option<Self> {
        let modules = installed("javascript").join("node_modules");
        has("javascript", "package-lock.json", "installed.json").then(|| {
            let mut command = Command::new("node");
            command.arg(path("javascript", script)).env("MODULES", modules);
            Self::start(command, arguments, server)
        })
    }

    fn start(mut command: Command, arguments: &[&str], server: SocketAddr) -> Self {
        let home = Folder::new();
        // Some leave files where they run.
        command.args(arguments).current_dir(home.path()).env("HOME", home.path()).env("KUBECONFIG", home.file("none"));
        command.env("SERVER", format!("http://{server}")).env("CACHE_FILE", home.file("discovery"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the script starts");
        let stdin = child.stdin.take().expect("a pipe");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, stdin, lines, _home: home }
    }

    /// The next lines that it prints are these.
    #[track_caller]
    pub fn says(&mut self, expected: &[&str]) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            for expected in expected {
                assert_eq!(self.line().await, *expected, "{caller}");
            }
        }
    }

    /// The next line that it prints; empty at its end.
    pub async fn line(&mut self) -> String {
        soon(self.lines.next_line()).await.expect("the script prints text").unwrap_or_default()
    }

    /// Everything that it prints, however long that takes, and whether it ended well.
    pub async fn report(mut self) -> (String, bool) {
        let mut report = String::new();
        while let Some(line) = self.lines.next_line().await.expect("the script prints text") {
            report += &line;
            report.push('\n');
        }
        (report, self.child.wait().await.expect("the script ends").success())
    }

    /// Tells it to go on where it waits for that.
    pub async fn go_on(&mut self) {
        self.stdin.write_all(b"\n").await.expect("the script reads");
    }

    /// It has no more to say, and ends well.
    pub async fn ends(&mut self) {
        assert_eq!(soon(self.lines.next_line()).await.expect("the script prints text"), None);
        assert!(soon(self.child.wait()).await.expect("the script ends").success());
    }
}

/// What a script that watches from behind this object says.
pub fn watches_from(object: &Value) -> String {
    format!("watches from {}", object["metadata"]["resourceVersion"].as_str().expect("a resource version"))
}
