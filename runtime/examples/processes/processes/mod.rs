//! The group `proc.example.com`: processes, their open files, and what they use while they run.

mod delete;
mod fds;
mod process;
mod read;
mod stat;

use rest_resource::server::{ApiServer, ApiServerBuilder};
use rest_resource::{RestResource, Snapshot};

use fds::OpenFiles;
pub use process::Process;

/// The storage of processes: get, list and watch are the snapshot's, delete sends a signal.
#[derive(Debug, RestResource)]
#[rest(
    group = "proc.example.com", version = "v1", resource = "processes", object = Process, cluster, short_names("proc"),
    verbs(get, list, watch, delete),
    column(name = "User", json_path = ".spec.user"),
    column(name = "State", json_path = ".status.state"),
    column(name = "Memory", json_path = ".status.memory"),
    column(name = "Command", json_path = ".spec.command"),
    column(name = "Age", json_path = ".metadata.creationTimestamp", type = "date"),
    column(name = "Parent", json_path = ".spec.parent", type = "integer", priority = 1),
    column(name = "Threads", json_path = ".status.threads", type = "integer", priority = 1),
    column(name = "CPU Seconds", json_path = ".status.cpuSeconds", type = "number", priority = 1)
)]
pub struct Processes {
    #[rest(embed)]
    pub snapshot: Snapshot<Process>,
}

/// The files that a process has open.
#[derive(Debug, RestResource)]
#[rest(
    group = "proc.example.com", version = "v1", resource = "processes/fds", object = OpenFiles, cluster,
    parent = Processes, parent_kind = "Process", verbs(get_with_options)
)]
pub struct ProcessFds;

/// What a process uses, line by line while it runs.
#[derive(Debug, RestResource)]
#[rest(
    group = "proc.example.com", version = "v1", resource = "processes/stat", object = Process, cluster,
    parent = Processes, verbs(connect)
)]
pub struct ProcessStat;

/// A server of the group.
pub fn server() -> ApiServerBuilder {
    let snapshot = Snapshot::blocking(read::all)
        // What a process uses, and whether it runs just now, changes all the time: no event is worth that.
        .volatile(|process: &mut Process| {
            if let Some(status) = &mut process.status {
                status.cpu_seconds = 0.0;
                status.memory = None;
                if matches!(status.state.as_str(), "Running" | "Sleeping" | "Waiting" | "Idle") {
                    status.state.clear();
                }
            }
        })
        .build();
    ApiServer::builder().install(Processes { snapshot }).install(ProcessFds).install(ProcessStat)
}
