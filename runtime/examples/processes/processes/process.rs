//! `proc.example.com/v1`, kind Process.

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kube::CustomResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What runs. The name of the object is the process id.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "proc.example.com", version = "v1", kind = "Process", status = "ProcessStatus")]
#[serde(rename_all = "camelCase")]
pub struct ProcessSpec {
    /// The name of the command, at most 15 bytes.
    pub command: String,
    /// The command line; empty for a thread of the kernel.
    pub args: Vec<String>,
    /// Whose process it is: the name, or the number if it has no name.
    pub user: String,
    /// The number of the user.
    pub user_id: u32,
    /// The id of the process that started it, or that took it over.
    pub parent: i32,
}

/// How it does.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessStatus {
    /// Running, Sleeping, Waiting (for a disk), Zombie, Stopped, ...
    pub state: String,
    /// How many threads it has.
    pub threads: i64,
    /// The memory that it occupies (the resident set).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Quantity>,
    /// The time that it has spent on a CPU.
    pub cpu_seconds: f64,
}
