/// Two traits, two verbs, 405 for the rest.
#[derive(RestResource)]
#[rest(
    group = "proc.example.com",
    version = "v1",
    resource = "processes",
    object = Process,
    cluster,
    short_names("ps"),
    column(name = "PID", json_path = ".spec.pid", type = "integer", description = "The process id."),
    verbs(get, list)
)]
pub struct Processes;
