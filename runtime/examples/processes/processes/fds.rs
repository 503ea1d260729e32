//! `GET processes/{name}/fds?target=socket&limit=10`: the files that a process has open, and where they lead.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::CustomResource;
use procfs::{ProcError, ProcResult};
use rest_resource::{Context, GetterWithOptions, Reply, Result, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ProcessFds, read};

/// The files that a process has open.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "proc.example.com", version = "v1", kind = "OpenFiles")]
pub struct OpenFilesSpec {
    /// By descriptor.
    pub files: Vec<OpenFile>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct OpenFile {
    /// The descriptor.
    pub fd: i32,
    /// A path, or what it is and which: `socket:[4711]`.
    pub target: String,
}

/// Which files.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct OpenFilesOptions {
    /// Those whose target contains this.
    #[serde(default)]
    target: String,
    /// At most so many.
    limit: Option<u32>,
}

impl GetterWithOptions for ProcessFds {
    type Options = OpenFilesOptions;

    async fn get_with_options(
        &self,
        cx: &Context,
        name: &str,
        options: &OpenFilesOptions,
        _subpath: Option<&str>,
    ) -> Result<Reply<OpenFiles>> {
        let pid = name.parse().map_err(|_| cx.not_found(name))?;
        let read = tokio::task::spawn_blocking(move || files(pid)).await.map_err(Status::internal_error)?;
        let mut files = read.map_err(|error| read::status(cx, name, error))?;
        files.retain(|file| file.target.contains(&options.target));
        files.truncate(options.limit.map_or(usize::MAX, |limit| limit as usize));
        let metadata = ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() };
        Ok(Reply::Object(OpenFiles { metadata, spec: OpenFilesSpec { files } }))
    }
}

fn files(pid: i32) -> ProcResult<Vec<OpenFile>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(format!("/proc/{pid}/fd"))? {
        let entry = entry?;
        // One that is closed meanwhile is left out.
        if let (Some(fd), Ok(target)) = (entry.file_name().to_str(), std::fs::read_link(entry.path())) {
            let fd = fd.parse().map_err(|_| ProcError::Incomplete(Some(entry.path())))?;
            files.push(OpenFile { fd, target: target.display().to_string() });
        }
    }
    files.sort_unstable_by_key(|file| file.fd);
    Ok(files)
}
