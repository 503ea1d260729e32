//! DELETE sends SIGTERM, or SIGKILL with `gracePeriodSeconds=0`. The object is there until the process has ended.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use rest_resource::{Admit, Context, DeleteOptions, Deleted, GetOptions, Getter, GracefulDeleter, Result, Status};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::process::Process;
use super::{Processes, read};

impl GracefulDeleter for Processes {
    const RETURNS_DELETED_OBJECT: bool = true;

    async fn delete(
        &self,
        cx: &Context,
        name: &str,
        admit: &Admit<Process>,
        options: &DeleteOptions,
    ) -> Result<(Deleted<Process>, bool)> {
        let mut process = self.snapshot.get(cx, name, &GetOptions::default()).await?;
        options.preconditions.check(&cx.resource().group_kind(), name, &process.metadata)?;
        admit.check(None, Some(&process)).await?;
        if !options.dry_run {
            let signal = if options.grace_period_seconds == Some(0) { Signal::KILL } else { Signal::TERM };
            send(cx, name, process.metadata.uid.as_deref(), signal)?;
        }
        process.metadata.deletion_timestamp = Some(Time(Timestamp::now()));
        process.metadata.deletion_grace_period_seconds = options.grace_period_seconds;
        Ok((Deleted::Object(process), false))
    }
}

/// Sends the signal to the process with this uid and to no other.
fn send(cx: &Context, name: &str, uid: Option<&str>, signal: Signal) -> Result<()> {
    let error = |errno| match errno {
        Errno::SRCH => cx.not_found(name),
        Errno::PERM => cx.forbidden(name, "its user is another one: operation not permitted"),
        other => Status::internal_error(other),
    };
    let pid = name.parse().map_err(|_| cx.not_found(name))?;
    // The handle stays with one process, even if another one gets the id: checked after it is open, it is the right one.
    let handle =
        pidfd_open(Pid::from_raw(pid).ok_or_else(|| cx.not_found(name))?, PidfdFlags::empty()).map_err(error)?;
    let process = read::one(pid).map_err(|error| read::status(cx, name, error))?;
    if process.metadata.uid.as_deref() != uid {
        return Err(cx.not_found(name));
    }
    pidfd_send_signal(handle, signal).map_err(error)
}
