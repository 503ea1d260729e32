//! A server in a process of its own, which can be killed, and what clients of it see.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdout, Command, Stdio};

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rest_resource::StoreOptions;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};

use crate::things;

/// Tells the test binary that it is a server, and of what store.
const STORE: &str = "REST_RESOURCE_TEST_STORE";

/// What the server says before its address.
const LISTENS: &str = "listens on ";

/// A server of things in another process. It is killed when this is dropped.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// It is kept, so that the server can go on saying things.
    _stdout: BufReader<ChildStdout>,
}

impl ServerProcess {
    /// Runs this program again, with nothing but the test `test`, which calls [`serve_if_asked`]; `store` is where the
    /// objects are, as [`StoreOptions::open`] takes it.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn start(test: &str, store: &str) -> Self {
        let mut child = run(test, store);
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(stdout.read_line(&mut line).expect("text") > 0, "the server ended: {:?}", child.wait());
            if let Some((_, address)) = line.split_once(LISTENS) {
                break address.trim_end().parse().expect("an address");
            }
        };
        Self { child, address, _stdout: stdout }
    }

    /// Runs it in the same way, and kills it when `wait` returns, wherever it is then.
    ///
    /// # Panics
    /// If it cannot be run.
    pub fn start_and_kill(test: &str, store: &str, wait: impl FnOnce()) {
        let mut child = run(test, store);
        wait();
        child.kill().expect("it runs");
        child.wait().expect("it ends");
    }

    /// A connection to it.
    pub async fn connect(&self) -> Remote {
        Remote::connect(self.address).await.expect("the server listens")
    }

    /// Ends it at once, by SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) {
        kill_process(self.pid(), Signal::KILL).expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// From now on no file that it writes may be longer; `None` is no limit.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let maximum = getrlimit(Resource::Fsize).maximum;
        let limit = Rlimit { current: bytes.or(maximum), maximum };
        prlimit(Some(self.pid()), Resource::Fsize, limit).expect("a limit");
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(test: &str, store: &str) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(STORE, store)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program runs")
}

/// Serves things, if this process is one that [`ServerProcess::start`] has started, until it is killed.
///
/// # Panics
/// If it cannot.
pub fn serve_if_asked() {
    let Ok(store) = std::env::var(STORE) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        // A write behind the limit of files shall be an error, as on a full disk, and not the end of the process.
        let _limit = signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).expect("a signal");
        let options = StoreOptions::open(&store).await.expect("the store opens");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        println!("{LISTENS}{}", listener.local_addr().expect("an address"));
        let server = things::server(&options);
        server.serve(listener, std::future::pending::<()>()).await.expect("it serves");
    });
}

/// A connection to a server that may end at any moment.
#[derive(Debug)]
pub struct Remote(SendRequest<Full<Bytes>>);

impl Remote {
    async fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(std::io::Error::other)?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    /// A request and its whole answer; `None` where the server has gone before that.
    ///
    /// # Panics
    /// If the answer is no JSON.
    pub async fn send(&mut self, method: Method, path: &str, body: &Value) -> Option<(u16, Value)> {
        let (parts, body) = self.open(method, path, body).await?.into_parts();
        let bytes = body.collect().await.ok()?.to_bytes();
        Some((parts.status.as_u16(), serde_json::from_slice(&bytes).expect("JSON")))
    }

    /// The events of a watch until the server is gone.
    ///
    /// # Panics
    /// If they are no JSON.
    pub async fn watch(mut self, path: impl AsRef<str>) -> Vec<Value> {
        let mut bytes = Vec::new();
        if let Some(response) = self.open(Method::GET, path.as_ref(), &Value::Null).await {
            let mut body = response.into_body();
            while let Some(Ok(frame)) = body.frame().await {
                bytes.extend_from_slice(frame.data_ref().map(AsRef::as_ref).unwrap_or_default());
            }
        }
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let lines = serde_json::Deserializer::from_slice(&bytes[..whole]).into_iter();
        lines.map(|line| line.expect("JSON")).collect()
    }

    async fn open(&mut self, method: Method, path: &str, body: &Value) -> Option<http::Response<Incoming>> {
        let is_patch = method == Method::PATCH;
        let content_type = if is_patch { "application/merge-patch+json" } else { "application/json" };
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let request = request.header("content-type", content_type).body(Full::new(body)).expect("a request");
        self.0.ready().await.ok()?;
        self.0.send_request(request).await.ok()
    }
}
