//! kubectl on the example `processes`, unmodified: what a person types, and what it prints.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, id};

use rest_resource_tests::kubectl::{Kubectl, Running};
use rest_resource_tests::processes;
use rustix::process::{Pid, Signal, kill_process};

fn processes() -> Option<Kubectl> {
    Kubectl::serve(processes::server().prepare().expect("the example fits together"))
}

/// A child that does nothing until a signal ends it.
struct Sleeper(Child);

impl Sleeper {
    fn new() -> Self {
        Self(Command::new("sleep").arg("1000").spawn().expect("a child"))
    }

    fn pid(&self) -> String {
        self.0.id().to_string()
    }

    fn pause(&self) {
        let pid = Pid::from_raw(self.0.id().cast_signed()).expect("a process");
        kill_process(pid, Signal::STOP).expect("it is ours");
    }

    /// The signal that ended it.
    fn signal(&mut self) -> Option<i32> {
        self.0.wait().expect("it is ours").signal()
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// Reads on to the first line that begins so; the machine has other processes.
fn line(watch: &mut Running, event: &str, name: &str) {
    loop {
        let line = watch.line();
        assert!(!line.is_empty(), "the watch ended before {event} {name}");
        if cells(&line).starts_with(&[event, name]) {
            return;
        }
    }
}

#[test]
fn get_prints_processes_with_their_columns() {
    let Some(kubectl) = processes() else { return };
    let child = Sleeper::new();
    let table = kubectl.ok(&["get", "processes"]);
    assert_eq!(cells(table.lines().next().expect("a header")), ["NAME", "USER", "STATE", "MEMORY", "COMMAND", "AGE"]);
    assert!(table.lines().any(|line| cells(line)[0] == child.pid()), "{table}");
    let wide = kubectl.ok(&["get", "proc", &child.pid(), "-o", "wide"]);
    let [header, row] = wide.lines().collect::<Vec<_>>()[..] else { panic!("{wide}") };
    assert!(header.ends_with("CPU SECONDS"), "{header}");
    let row = cells(row);
    assert_eq!((row[0], row[4], row[6], row[7]), (&*child.pid(), "sleep", &*id().to_string(), "1"));
    let selected = kubectl.ok(&["get", "proc", "-l", "command=sleep", "-o", "name"]);
    assert!(selected.lines().any(|line| line == format!("process.proc.example.com/{}", child.pid())), "{selected}");
    let yaml = kubectl.ok(&["get", "proc", &child.pid(), "-o", "yaml"]);
    for line in ["kind: Process", "  command: sleep", "  - \"1000\"", "  threads: 1"] {
        assert!(yaml.lines().any(|printed| printed == line), "{line} in {yaml}");
    }
    let missing = kubectl.fails_with(&["get", "proc", "0"], "");
    assert_eq!(missing, "Error from server (NotFound): processes.proc.example.com \"0\" not found\n");
}

#[test]
fn get_watch_prints_processes_as_they_come_change_and_go() {
    let Some(kubectl) = processes() else { return };
    let mut watch = kubectl.start(&["get", "processes", "-w", "--output-watch-events"]);
    line(&mut watch, "ADDED", &id().to_string());
    let child = Sleeper::new();
    let pid = child.pid();
    line(&mut watch, "ADDED", &pid);
    child.pause();
    line(&mut watch, "MODIFIED", &pid);
    drop(child);
    line(&mut watch, "DELETED", &pid);
}

#[test]
fn explain_describes_processes() {
    let Some(kubectl) = processes() else { return };
    let text = kubectl.ok(&["explain", "processes.status"]);
    assert!(text.contains("KIND:       Process") && text.contains("VERSION:    v1"), "{text}");
    assert!(text.contains("The time that it has spent on a CPU."), "{text}");
    let spec = kubectl.ok(&["explain", "proc.spec"]);
    assert!(spec.contains("args\t<[]string>"), "{spec}");
}

#[test]
fn delete_waits_until_the_process_has_ended() {
    let Some(kubectl) = processes() else { return };
    let mut child = Sleeper::new();
    let mut deletion = kubectl.start(&["delete", "process", &child.pid()]);
    assert_eq!(child.signal(), Some(15));
    assert_eq!(deletion.line(), format!("process.proc.example.com \"{}\" deleted", child.pid()));
    assert!(deletion.ends_well());
}

#[test]
fn delete_by_force_kills_and_a_dry_run_does_nothing() {
    let Some(kubectl) = processes() else { return };
    let mut child = Sleeper::new();
    let printed = kubectl.ok(&["delete", "process", &child.pid(), "--dry-run=server"]);
    assert!(printed.contains("(server dry run)"), "{printed}");
    let force = ["delete", "process", &child.pid(), "--grace-period=0", "--force", "--wait=false"];
    assert!(kubectl.ok(&force).contains("force deleted"));
    assert_eq!(child.signal(), Some(9));
}

#[test]
fn raw_reads_what_is_below_a_process() {
    let Some(kubectl) = processes() else { return };
    let mut child = Sleeper::new();
    let path = format!("/apis/proc.example.com/v1/processes/{}", child.pid());
    let files = kubectl.ok(&["get", "--raw", &format!("{path}/fds?limit=1")]);
    assert!(files.contains("\"kind\":\"OpenFiles\"") && files.contains("\"fd\":0"), "{files}");
    let mut stream = kubectl.start(&["get", "--raw", &format!("{path}/stat?intervalMilliseconds=100")]);
    assert!(stream.line().contains("\"threads\":1"));
    assert!(stream.line().contains("\"cpuSeconds\":"));
    child.0.kill().expect("it is ours");
    child.signal();
    while !stream.line().is_empty() {}
    assert!(stream.ends_well());
}
