//! From `/proc` to objects.

use std::collections::{BTreeMap, HashMap};

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use k8s_openapi::jiff::Timestamp;
use procfs::process::{Process as Proc, all_processes};
use procfs::{ProcError, ProcResult};
use rest_resource::{Context, Result, Status};

use super::process::{Process, ProcessSpec, ProcessStatus};

/// All processes. One that ends while it is read is left out.
pub fn all() -> Result<Vec<Process>> {
    let machine = Machine::read().map_err(Status::internal_error)?;
    let processes = all_processes().map_err(Status::internal_error)?;
    Ok(processes.filter_map(|process| machine.describe(&process.ok()?).ok()).collect())
}

/// The process of this id.
pub fn one(pid: i32) -> ProcResult<Process> {
    Machine::read()?.describe(&Proc::new(pid)?)
}

/// 404 for a process that is gone, 403 for what of it is not for us to see.
pub fn status(cx: &Context, name: &str, error: ProcError) -> Status {
    match error {
        ProcError::NotFound(_) => cx.not_found(name),
        ProcError::PermissionDenied(_) => cx.forbidden(name, "permission denied"),
        other => Status::internal_error(other),
    }
}

/// What is the same for all processes.
struct Machine {
    boot_id: String,
    boot_seconds: u64,
    users: HashMap<u32, String>,
}

impl Machine {
    fn read() -> ProcResult<Self> {
        let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let user = |line: &str| {
            let mut fields = line.split(':');
            let name = fields.next()?.to_owned();
            Some((fields.nth(1)?.parse().ok()?, name))
        };
        Ok(Self {
            boot_id: procfs::sys::kernel::random::boot_id()?,
            boot_seconds: procfs::boot_time_secs()?,
            users: passwd.lines().filter_map(user).collect(),
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "ticks of a CPU are far fewer than 2^52")]
    fn describe(&self, process: &Proc) -> ProcResult<Process> {
        let (stat, user_id) = (process.stat()?, process.uid()?);
        let user = self.users.get(&user_id).cloned().unwrap_or_else(|| user_id.to_string());
        let state = stat.state().map_or_else(|_| stat.state.to_string(), |state| format!("{state:?}"));
        let ticks = procfs::ticks_per_second();
        let started = i64::try_from(self.boot_seconds + stat.starttime / ticks).unwrap_or_default();
        let labels = [("command", &stat.comm), ("user", &user)];
        Ok(Process {
            metadata: ObjectMeta {
                name: Some(stat.pid.to_string()),
                // Ids are used again, by one boot never with the same start.
                uid: Some(format!("{}-{}-{}", self.boot_id, stat.pid, stat.starttime)),
                creation_timestamp: Timestamp::from_second(started).ok().map(Time),
                labels: Some(BTreeMap::from(labels.map(|(key, value)| (key.to_owned(), label(value))))),
                ..ObjectMeta::default()
            },
            status: Some(ProcessStatus {
                threads: stat.num_threads,
                memory: Some(Quantity(format!("{}Ki", stat.rss * procfs::page_size() / 1024))),
                cpu_seconds: (stat.utime + stat.stime) as f64 / ticks as f64,
                state,
            }),
            spec: ProcessSpec {
                // Of a zombie there is none.
                args: process.cmdline().unwrap_or_default(),
                command: stat.comm,
                parent: stat.ppid,
                user,
                user_id,
            },
        })
    }
}

/// The text as the value of a label: letters, digits, `-`, `_` and `.`, the first and the last a letter or a digit.
fn label(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let text: String = text.chars().map(allowed).take(63).collect();
    text.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned()
}
