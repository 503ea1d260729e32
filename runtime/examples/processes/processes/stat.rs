//! `GET processes/{name}/stat?intervalMilliseconds=500`: the status of a process, a line of JSON each time, until it
//! ends or the client has seen enough.

use std::time::Duration;

use futures::stream;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use procfs::ProcResult;
use rest_resource::{ConnectRequest, Connecter, Context, Method, Response, ResponseBody, Result, Status};
use schemars::JsonSchema;
use serde::Deserialize;

use super::process::Process;
use super::{ProcessStat, read};

/// How often.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatOptions {
    /// The time between two lines: a second if unset, at least a tenth of one.
    interval_milliseconds: Option<u64>,
}

impl Connecter for ProcessStat {
    type Options = StatOptions;
    const METHODS: &'static [Method] = &[Method::Get];

    async fn connect(
        &self,
        cx: &Context,
        name: &str,
        options: &StatOptions,
        _request: ConnectRequest,
    ) -> Result<Response> {
        let pid = name.parse().map_err(|_| cx.not_found(name))?;
        let interval = Duration::from_millis(options.interval_milliseconds.unwrap_or(1000).max(100));
        let first = read(pid).await?.map_err(|error| read::status(cx, name, error))?;
        let uid = first.metadata.uid.clone();
        // The first line at once; then for as long as the id is that of the same process.
        let lines = stream::try_unfold((Some(first), uid), move |(first, uid)| async move {
            let process = if let Some(first) = first {
                first
            } else {
                tokio::time::sleep(interval).await;
                match read(pid).await.map_err(std::io::Error::other)? {
                    Ok(process) if process.metadata.uid == uid => process,
                    _ => return Ok(None),
                }
            };
            let line = serde_json::to_string(&process.status)? + "\n";
            Ok(Some((line.into(), (None, uid))))
        });
        let mut response = Response::new(ResponseBody::stream(lines));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        Ok(response)
    }
}

async fn read(pid: i32) -> Result<ProcResult<Process>> {
    tokio::task::spawn_blocking(move || read::one(pid)).await.map_err(Status::internal_error)
}
