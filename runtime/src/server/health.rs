//! `/healthz`, `/livez` and `/readyz` (contract 3.4).

use std::fmt::Write as _;
use std::time::Duration;

use http::StatusCode;
use http::request::Parts;
use tokio::time::timeout;

use super::Shared;
use super::respond::text;
use crate::verb::Response;
use crate::wire::query::Query;

/// All paths, for the list of what there is.
pub(super) const PATHS: &[&str] = &[
    "/healthz",
    "/healthz/log",
    "/healthz/ping",
    "/livez",
    "/livez/log",
    "/livez/ping",
    "/readyz",
    "/readyz/log",
    "/readyz/ping",
    "/readyz/shutdown",
    "/readyz/storage",
];

/// How long the storages may take to tell whether they are ready.
const READINESS_TIMEOUT: Duration = Duration::from_secs(2);

/// One health check and its result.
struct Check {
    name: &'static str,
    ok: bool,
}

/// The answer of a health endpoint or of one of its checks; `None` for another path.
pub(super) async fn respond(shared: &Shared, parts: &Parts) -> Option<Response> {
    let path = parts.uri.path().trim_matches('/');
    let (endpoint, check) = match path.split_once('/') {
        Some((endpoint, check)) => (endpoint, Some(check)),
        None => (path, None),
    };
    let checks = checks(shared, endpoint).await?;
    #[cfg(feature = "metrics")]
    if let Some(metrics) = &shared.limits.metrics {
        for check in &checks {
            metrics.checked(check.name, endpoint, check.ok);
        }
    }
    if let Some(name) = check {
        let check = checks.iter().find(|check| check.name == name)?;
        return Some(if check.ok {
            text(StatusCode::OK, "ok")
        } else {
            text(StatusCode::INTERNAL_SERVER_ERROR, "internal server error: not ready")
        });
    }
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    Some(report(endpoint, &checks, &query))
}

async fn checks(shared: &Shared, endpoint: &str) -> Option<Vec<Check>> {
    let mut checks = vec![Check { name: "ping", ok: true }, Check { name: "log", ok: true }];
    match endpoint {
        "healthz" | "livez" => {}
        "readyz" => {
            let ready = timeout(READINESS_TIMEOUT, shared.storages_ready()).await;
            if ready.is_err() {
                tracing::warn!("the storages did not tell in time whether they are ready");
            }
            checks.push(Check { name: "storage", ok: ready == Ok(true) });
            checks.push(Check { name: "shutdown", ok: !shared.limits.shutdown.is_cancelled() });
        }
        _ => return None,
    }
    Some(checks)
}

/// Short if all is well, one line a check otherwise; reasons are not told (contract 3.4.2-3.4.4).
fn report(endpoint: &str, checks: &[Check], query: &Query<'_>) -> Response {
    let excluded: Vec<&str> = query.get_all("exclude").collect();
    let mut lines = String::new();
    let mut ok = true;
    for check in checks {
        let name = check.name;
        let line = if excluded.contains(&name) {
            format!("[+]{name} excluded: ok")
        } else if check.ok {
            format!("[+]{name} ok")
        } else {
            ok = false;
            format!("[-]{name} failed: reason withheld")
        };
        lines.push_str(&line);
        lines.push('\n');
    }
    let unmatched: Vec<String> = excluded
        .iter()
        .filter(|name| !checks.iter().any(|check| check.name == **name))
        .map(|name| format!("\"{name}\""))
        .collect();
    if !unmatched.is_empty() {
        let _ = writeln!(lines, "warn: some health checks cannot be excluded: no matches for {}", unmatched.join(", "));
    }
    if !ok {
        return text(StatusCode::INTERNAL_SERVER_ERROR, format!("{lines}{endpoint} check failed\n"));
    }
    if query.has("verbose") {
        return text(StatusCode::OK, format!("{lines}{endpoint} check passed\n"));
    }
    text(StatusCode::OK, "ok")
}
