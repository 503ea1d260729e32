#[derive(RestResource)]
#[rest(version = "v1", resource = "pods/exec", object = PodExecOptions, parent_kind = "Pod", verbs(connect))]
pub struct PodExec;
