//! The real kubectl, against a server on a socket.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;

use rest_resource::server::ApiServer;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A server on a port of its own, and a kubectl that talks to it.
#[derive(Debug)]
pub struct Kubectl {
    address: SocketAddr,
    home: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What a kubectl printed.
#[derive(Debug)]
pub struct Printed {
    /// Whether it ended well.
    pub ok: bool,
    /// What it said.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Kubectl {
    /// Serves `server`. Without kubectl it is `None`, and a failure where `CI` is set.
    pub fn serve(server: ApiServer) -> Option<Self> {
        if Command::new("kubectl").args(["version", "--client"]).output().is_err() {
            assert!(std::env::var("CI").is_err(), "kubectl is missing");
            println!("skipped: kubectl is missing");
            return None;
        }
        let (stop, stopped) = oneshot::channel();
        let (send_address, address) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                send_address.send(listener.local_addr().expect("an address")).expect("somebody waits");
                let shutdown = async {
                    let _ = stopped.await;
                };
                server.serve(listener, shutdown).await.expect("the server ends well");
            });
        });
        let address = address.recv().expect("the server starts");
        let home =
            std::env::temp_dir().join(format!("rest-resource-kubectl-{}-{}", std::process::id(), address.port()));
        std::fs::create_dir_all(&home).expect("a temporary folder");
        Some(Self { address, home, stop: Some(stop), thread: Some(thread) })
    }

    /// Where the server listens, for example `http://127.0.0.1:4711`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("kubectl");
        command.arg("--server").arg(self.url()).arg("--cache-dir").arg(self.home.join("cache"));
        command.args(arguments).env("HOME", &self.home).env("KUBECONFIG", self.home.join("none"));
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Printed {
        self.run_with(arguments, "", &[])
    }

    /// Runs it with this standard input and these environment variables.
    pub fn run_with(&self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Printed {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("kubectl starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("kubectl reads");
        Printed::from(child.wait_with_output().expect("kubectl ends"))
    }

    /// Runs it, and expects it to end well.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        self.ok_with(arguments, "")
    }

    /// Runs it with this standard input, and expects it to end well.
    #[track_caller]
    pub fn ok_with(&self, arguments: &[&str], input: &str) -> String {
        let printed = self.run_with(arguments, input, &[]);
        assert!(printed.ok, "kubectl {arguments:?}: {}{}", printed.stdout, printed.stderr);
        printed.stdout
    }

    /// Runs it, and expects it to fail; gives what it complained of.
    #[track_caller]
    pub fn fails_with(&self, arguments: &[&str], input: &str) -> String {
        let printed = self.run_with(arguments, input, &[]);
        assert!(!printed.ok, "kubectl {arguments:?} went well: {}", printed.stdout);
        printed.stderr
    }

    /// Starts it, and gives its lines as they come.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut child = self.command(arguments).stdout(Stdio::piped()).spawn().expect("kubectl starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe"));
        Running { child, lines }
    }

    /// A file for kubectl to read.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.join(name);
        std::fs::write(&path, text).expect("a temporary file");
        path.display().to_string()
    }
}

impl Drop for Kubectl {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.expect("the server did not panic");
            }
        }
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

/// A kubectl that goes on.
#[derive(Debug)]
pub struct Running {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Running {
    /// The next line that it prints; empty at its end.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("kubectl prints text");
        line.trim_end().to_owned()
    }

    /// Waits for its end.
    pub fn ends_well(mut self) -> bool {
        self.child.wait().expect("kubectl ends").success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl From<Output> for Printed {
    fn from(output: Output) -> Self {
        Self {
            ok: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
