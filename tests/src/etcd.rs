//! A real etcd, with data of its own.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use rest_resource::backend::etcd::EtcdOptions;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

/// How long an etcd may take to start. It is a limit for a broken one, and measures nothing.
const PATIENCE: Duration = Duration::from_mins(1);

/// An etcd on free ports, with data in a temporary folder; it ends when this is dropped.
#[derive(Debug)]
pub struct EtcdServer {
    child: Option<Child>,
    folder: PathBuf,
    client: u16,
    peer: u16,
    scheme: &'static str,
    arguments: Vec<String>,
}

impl EtcdServer {
    /// Starts the program that the environment variable `ETCD` names, else `etcd`. Without one it is `None`, and a
    /// failure where `CI` is set.
    pub fn start() -> Option<Self> {
        Self::start_with("http", |_| Vec::new())
    }

    /// With more arguments.
    pub fn start_with_arguments(arguments: &[&str]) -> Option<Self> {
        Self::start_with("http", |_| arguments.iter().map(ToString::to_string).collect())
    }

    /// With the certificates that `write` puts into its folder, and the arguments that it gives.
    pub fn start_tls(write: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        Self::start_with("https", write)
    }

    fn start_with(scheme: &'static str, write: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        if version().is_none() {
            assert!(std::env::var("CI").is_err(), "etcd is missing");
            println!("skipped: etcd is missing");
            return None;
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("rest-resource-etcd-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let arguments = write(&folder);
        let [client, peer] = free_ports();
        let mut server = Self { child: None, folder, client, peer, scheme, arguments };
        server.run();
        Some(server)
    }

    fn run(&mut self) {
        let client = self.url();
        let peer = format!("http://127.0.0.1:{}", self.peer);
        let mut child = Command::new(program())
            .arg("--data-dir")
            .arg(self.folder.join("data"))
            .args(["--name", "default", "--listen-client-urls", &client, "--advertise-client-urls", &client])
            .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
            .args(["--initial-cluster", &format!("default={peer}")])
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("etcd starts");
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        self.child = Some(child);
        let (send, started) = mpsc::channel();
        // It goes on reading, so that etcd can go on writing.
        std::thread::spawn(move || {
            let mut said = String::new();
            let mut send = Some(send);
            for line in lines.map_while(Result::ok) {
                let ready = line.contains("ready to serve");
                let _ = writeln!(said, "{line}");
                if ready && let Some(send) = send.take() {
                    let _ = send.send(Ok(()));
                }
            }
            if let Some(send) = send {
                let _ = send.send(Err(said));
            }
        });
        match started.recv_timeout(PATIENCE).expect("etcd starts in time") {
            Ok(()) => {}
            Err(said) => panic!("etcd did not start:\n{said}"),
        }
    }

    /// Where clients reach it.
    pub fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.client)
    }

    /// The same as an address.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.client).into()
    }

    /// How to reach it; nothing is compacted by itself.
    pub fn options(&self) -> EtcdOptions {
        EtcdOptions::new([self.url()]).compaction(None)
    }

    /// Where it keeps its data and its certificates.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Lets it answer nothing, with its connections open.
    pub fn pause(&self) {
        let pid = self.signal(Signal::STOP);
        // Its threads stop one after the other, and the last one might still answer.
        waitpid(Some(pid), WaitOptions::UNTRACED).expect("it stops");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) -> Pid {
        let id = self.child.as_ref().map(Child::id).expect("it runs");
        let pid = Pid::from_raw(id.cast_signed()).expect("a process");
        kill_process(pid, signal).expect("a signal can be sent");
        pid
    }

    /// Ends it at once, with no time to clean up.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts it again on its data, on the same ports.
    pub fn restart(&mut self) {
        self.kill();
        self.run();
    }

    /// Starts it again with no data, as another cluster.
    pub fn restart_empty(&mut self) {
        self.kill();
        std::fs::remove_dir_all(self.folder.join("data")).expect("its data");
        self.run();
    }

    /// A counter of its own: the sum of the lines of its metrics that begin with `name`.
    pub fn metric(&self, name: &str) -> f64 {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.client)).expect("etcd listens");
        stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").expect("a request");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("metrics");
        let lines = text.lines().filter(|line| line.starts_with(name));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }
}

impl Drop for EtcdServer {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn program() -> String {
    std::env::var("ETCD").unwrap_or_else(|_| "etcd".to_owned())
}

/// What the program says of itself.
fn version() -> Option<String> {
    let output = Command::new(program()).arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Ports that were free a moment ago.
fn free_ports() -> [u16; 2] {
    let listeners = [0; 2].map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
    listeners.each_ref().map(|listener| listener.local_addr().expect("an address").port())
}
