//! The example `processes` over HTTP: `/proc` as the storage, and what its clients see of processes that come and go.

use std::os::unix::process::ExitStatusExt;
use std::process::{Stdio, id};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use rest_resource::ResponseBody;
use rest_resource_tests::client::{Answer, Watch};
use rest_resource_tests::things::version;
use rest_resource_tests::{Client, processes};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

const PROCESSES: &str = "/apis/proc.example.com/v1/processes";
const TERM: i32 = 15;
const KILL: i32 = 9;
/// As long as a broken server is waited for; it measures nothing.
const PATIENCE: Duration = Duration::from_secs(20);

fn client() -> Client {
    Client::new(processes::server().prepare().expect("the example fits together"))
}

fn path(pid: u32) -> String {
    format!("{PROCESSES}/{pid}")
}

/// A child that does nothing until a signal ends it.
fn child() -> (Child, u32) {
    let child = Command::new("sleep").arg("1000").kill_on_drop(true).spawn().expect("a child");
    let pid = child.id().expect("it runs");
    (child, pid)
}

/// A child that runs a script, and has begun with it.
async fn shell(script: &str) -> (Child, u32) {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("echo; {script}")]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn().expect("a child");
    let begun = child.stdout.as_mut().expect("a pipe").read_u8();
    assert_eq!(timeout(PATIENCE, begun).await.expect("it begins").expect("it says so"), b'\n');
    let pid = child.id().expect("it runs");
    (child, pid)
}

/// The signal that ended it.
async fn signal(child: &mut Child) -> Option<i32> {
    timeout(PATIENCE, child.wait()).await.expect("the child ends").expect("it is ours").signal()
}

/// That no signal has come so far: the first one that ends a process is the one that it reports.
async fn was_not_signalled(mut child: Child) {
    child.start_kill().expect("it can be killed");
    assert_eq!(signal(&mut child).await, Some(KILL));
}

/// The next event of this type about this process; the machine has others.
async fn event(watch: &mut Watch, kind: &str, pid: u32) -> Value {
    let event = async {
        loop {
            let event = about(watch, pid).await;
            if event["type"] == kind {
                return event;
            }
        }
    };
    timeout(PATIENCE, event).await.expect("such an event comes")
}

/// The next event about this process.
async fn about(watch: &mut Watch, pid: u32) -> Value {
    let name = pid.to_string();
    loop {
        let event = watch.next().await.expect("the watch goes on");
        if event["object"]["metadata"]["name"] == *name {
            return event;
        }
    }
}

/// The watch of everything after this.
fn since(object: &Value) -> String {
    format!("{PROCESSES}?watch=true&resourceVersion={}", version(object))
}

async fn uid(client: &Client, pid: u32) -> String {
    let process = client.get(&path(pid)).await.expect(StatusCode::OK);
    process["metadata"]["uid"].as_str().expect("a uid").to_owned()
}

#[tokio::test]
async fn a_process_is_read_by_its_id() {
    let process = client().get(&path(id())).await.expect(StatusCode::OK);
    assert_eq!((&process["apiVersion"], &process["kind"]), (&json!("proc.example.com/v1"), &json!("Process")));
    assert_eq!(process["metadata"]["name"], id().to_string());
    assert_eq!(process["metadata"]["namespace"], Value::Null);
    assert!(process["metadata"]["resourceVersion"].is_string(), "{process}");
    assert!(process["metadata"]["creationTimestamp"].is_string(), "{process}");
    assert_eq!(process["spec"]["parent"], std::os::unix::process::parent_id());
    let arguments: Vec<String> = std::env::args().collect();
    assert_eq!(process["spec"]["args"], json!(arguments));
    assert_eq!(process["metadata"]["labels"]["user"], process["spec"]["user"]);
    assert!(process["status"]["threads"].as_u64() >= Some(1), "{process}");
    for nobody in ["0", "-1", "init", "99999999999"] {
        client().get(&format!("{PROCESSES}/{nobody}")).await.expect_status(
            404,
            "NotFound",
            &format!("processes.proc.example.com \"{nobody}\" not found"),
        );
    }
}

#[tokio::test]
async fn a_list_has_every_process_and_selects() {
    let (client, (_child, pid)) = (client(), child());
    let names = async |query: &str| -> Vec<String> {
        let list = client.get(&format!("{PROCESSES}?{query}")).await.expect(StatusCode::OK);
        assert_eq!(list["kind"], "ProcessList");
        let items = list["items"].as_array().expect("items").iter();
        items.map(|item| item["metadata"]["name"].as_str().expect("a name").to_owned()).collect()
    };
    let all = names("").await;
    assert!(all.contains(&id().to_string()) && all.contains(&pid.to_string()), "{all:?}");
    assert!(all.is_sorted(), "{all:?}");
    let asleep = names("labelSelector=command%3Dsleep").await;
    assert!(asleep.contains(&pid.to_string()) && !asleep.contains(&id().to_string()), "{asleep:?}");
    assert_eq!(names(&format!("fieldSelector=metadata.name%3D{pid}")).await, [pid.to_string()]);
    assert_eq!(names("limit=1").await, all[..1]);
}

#[tokio::test]
async fn a_watch_sees_a_process_come_and_go() {
    let client = client();
    let mut watch = client.watch(&format!("{PROCESSES}?watch=true")).await;
    event(&mut watch, "ADDED", id()).await;
    let (mut child, pid) = child();
    let added = event(&mut watch, "ADDED", pid).await;
    assert_eq!(added["object"]["spec"]["parent"], id());
    child.kill().await.expect("it ends");
    let deleted = event(&mut watch, "DELETED", pid).await;
    assert_eq!(deleted["object"]["metadata"]["uid"], added["object"]["metadata"]["uid"]);
    client.get(&path(pid)).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_watch_sees_a_process_become_another_program() {
    let client = client();
    let (mut child, pid) = shell("read line; exec sleep 1000").await;
    let shell = client.get(&path(pid)).await.expect(StatusCode::OK);
    assert_eq!(shell["spec"]["command"], "sh");
    let mut watch = client.watch(&since(&shell)).await;
    child.stdin.take().expect("a pipe").write_all(b"\n").await.expect("the shell reads");
    // A program takes over in steps, and the processes may be read between two of them.
    let sleep = loop {
        let changed = event(&mut watch, "MODIFIED", pid).await;
        assert_eq!(changed["object"]["metadata"]["uid"], shell["metadata"]["uid"]);
        if changed["object"]["metadata"]["labels"]["command"] == "sleep"
            && changed["object"]["spec"]["args"] == json!(["sleep", "1000"])
        {
            break changed["object"].clone();
        }
    };
    assert_eq!(sleep["spec"]["command"], "sleep");
    assert!(version(&sleep) > version(&shell), "{sleep}");
}

#[tokio::test]
async fn what_a_process_uses_is_shown_but_is_no_event() {
    let client = client();
    let (_child, pid) = shell("while :; do :; done").await;
    let seconds = |process: &Value| process["status"]["cpuSeconds"].as_f64().expect("a number");
    let before = client.get(&path(pid)).await.expect(StatusCode::OK);
    let mut watch = client.watch(&since(&before)).await;
    let after = async {
        loop {
            let after = client.get(&path(pid)).await.expect(StatusCode::OK);
            if seconds(&after) > seconds(&before) {
                return after;
            }
        }
    };
    let after = timeout(PATIENCE, after).await.expect("it is counted");
    assert_eq!(version(&after), version(&before));
    // The first event is about what is no counter.
    kill_process(Pid::from_raw(pid.cast_signed()).expect("a process"), Signal::STOP).expect("it is ours");
    let changed = timeout(PATIENCE, about(&mut watch, pid)).await.expect("an event comes");
    assert_eq!((&changed["type"], &changed["object"]["status"]["state"]), (&json!("MODIFIED"), &json!("Stopped")));
    assert!(version(&changed["object"]) > version(&after), "{changed}");
}

#[tokio::test]
async fn delete_asks_a_process_to_end() {
    let (client, (mut child, pid)) = (client(), child());
    let uid = uid(&client, pid).await;
    let deleted = client.delete_with(&path(pid), &json!({"preconditions": {"uid": uid}})).await.expect(StatusCode::OK);
    assert_eq!((&deleted["kind"], &deleted["metadata"]["uid"]), (&json!("Process"), &json!(uid)));
    assert!(deleted["metadata"]["deletionTimestamp"].is_string(), "{deleted}");
    assert_eq!(signal(&mut child).await, Some(TERM));
    client.delete(&path(pid)).await.expect_status(
        404,
        "NotFound",
        &format!("processes.proc.example.com \"{pid}\" not found"),
    );
}

#[tokio::test]
async fn delete_without_grace_ends_a_process() {
    let (client, (mut child, pid)) = (client(), child());
    client.delete(&format!("{}?gracePeriodSeconds=0", path(pid))).await.expect(StatusCode::OK);
    assert_eq!(signal(&mut child).await, Some(KILL));
}

#[tokio::test]
async fn another_process_than_the_expected_one_is_left_alone() {
    let (client, (child, pid)) = (client(), child());
    let uid = uid(&client, pid).await;
    let answer = client.delete_with(&path(pid), &json!({"preconditions": {"uid": "x"}})).await;
    answer.expect_status(
        409,
        "Conflict",
        &format!(
            "Operation cannot be fulfilled on Process.proc.example.com \"{pid}\": the UID in the precondition (x) \
             does not match the UID in record ({uid}). The object might have been deleted and then recreated"
        ),
    );
    let answer = client.delete_with(&path(pid), &json!({"preconditions": {"resourceVersion": "1"}})).await;
    let status = answer.expect(StatusCode::CONFLICT);
    assert!(
        status["message"].as_str().expect("a message").ends_with("The object might have been modified"),
        "{status}"
    );
    was_not_signalled(child).await;
}

#[tokio::test]
async fn a_dry_run_signals_nothing() {
    let (client, (child, pid)) = (client(), child());
    let in_query = client.delete(&format!("{}?dryRun=All", path(pid))).await.expect(StatusCode::OK);
    assert!(in_query["metadata"]["deletionTimestamp"].is_string(), "{in_query}");
    client.delete_with(&path(pid), &json!({"dryRun": ["All"]})).await.expect(StatusCode::OK);
    was_not_signalled(child).await;
}

#[tokio::test]
async fn other_verbs_are_not_allowed() {
    let client = client();
    let refused = |answer: Answer, allow: &str| {
        assert_eq!(answer.header("allow"), allow);
        let message = "the server does not allow this method on the requested resource";
        answer.expect_status(405, "MethodNotAllowed", message);
    };
    let process = json!({"apiVersion": "proc.example.com/v1", "kind": "Process", "metadata": {"name": "1"}});
    refused(client.post(PROCESSES, &process).await, "GET");
    refused(client.delete(PROCESSES).await, "GET");
    refused(client.put(&path(id()), &process).await, "GET, DELETE");
    refused(client.send(Method::POST, &format!("{}/stat", path(id())), &[], "").await, "GET");
}

#[tokio::test]
async fn open_files_are_filtered_by_options() {
    let client = client();
    let file = std::env::temp_dir().join(format!("rest-resource-processes-{}", id()));
    let _open = std::fs::File::create(&file).expect("a temporary file");
    std::fs::remove_file(&file).expect("it is ours");
    let fds = async |query: &str| client.get(&format!("{}/fds?{query}", path(id()))).await;
    let target = file.display().to_string();
    let found = fds(&format!("target={target}")).await.expect(StatusCode::OK);
    assert_eq!((&found["kind"], &found["metadata"]["name"]), (&json!("OpenFiles"), &json!(id().to_string())));
    let files = found["spec"]["files"].as_array().expect("files");
    let [only] = &files[..] else { panic!("{found}") };
    assert!(only["target"].as_str().expect("a target").starts_with(&target), "{found}");
    let limited = fds("limit=1").await.expect(StatusCode::OK);
    assert_eq!(limited["spec"]["files"].as_array().map(Vec::len), Some(1));
    assert_eq!(fds("limit=x").await.code, StatusCode::BAD_REQUEST);
    assert_eq!(client.get(&format!("{PROCESSES}/0/fds")).await.code, StatusCode::NOT_FOUND);
}

/// Opens the stream of the status, and reads its first line.
async fn stat(client: &Client, pid: u32, interval_milliseconds: u64) -> (Value, ResponseBody) {
    let uri = format!("{}/stat?intervalMilliseconds={interval_milliseconds}", path(pid));
    let request = Request::get(uri).body(Full::<Bytes>::default()).expect("a request");
    let (parts, mut body) = client.open(request).await.into_parts();
    assert_eq!(parts.status, StatusCode::OK);
    assert_eq!(parts.headers["content-type"], "application/x-ndjson");
    let line = next(&mut body).await.expect("a first line");
    (serde_json::from_slice(&line).expect("it is JSON"), body)
}

async fn next(body: &mut ResponseBody) -> Option<Bytes> {
    let frame = timeout(PATIENCE, body.frame()).await.expect("a line or the end comes")?;
    Some(frame.expect("the stream is whole").into_data().expect("no trailers"))
}

#[tokio::test]
async fn the_status_streams_until_the_process_ends() {
    let (client, (mut child, pid)) = (client(), child());
    let (first, mut body) = stat(&client, pid, 100).await;
    assert_eq!(first["threads"], 1);
    let second: Value = serde_json::from_slice(&next(&mut body).await.expect("a second line")).expect("it is JSON");
    assert!(second["cpuSeconds"].is_number(), "{second}");
    child.kill().await.expect("it ends");
    while next(&mut body).await.is_some() {}
}

/// An interval that no test sees the end of.
const NEVER: u64 = 1_000_000_000;

#[tokio::test]
async fn a_stream_ends_with_the_server() {
    let client = client();
    let (_, mut body) = stat(&client, id(), NEVER).await;
    client.server.shutdown().await;
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn a_stream_ends_when_the_resource_is_removed() {
    let client = client();
    let (_, mut kept) = stat(&client, id(), 100).await;
    assert!(client.server.remove("proc.example.com", "processes/fds").await.expect("the rest fits together"));
    assert!(next(&mut kept).await.is_some(), "another resource was removed");
    assert!(client.server.remove("proc.example.com", "processes/stat").await.expect("the rest fits together"));
    assert_eq!(next(&mut kept).await, None);
}

#[tokio::test]
async fn a_connection_has_no_dry_run() {
    let answer = client().get(&format!("{}/stat?dryRun=All", path(id()))).await;
    answer.expect_status(400, "BadRequest", "dryRun is not supported");
}
