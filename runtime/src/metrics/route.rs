//! The series of one route, looked up once.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http_body::Body;
use prometheus::{Histogram, IntCounter, IntGauge};

use super::Metrics;
use crate::route::{Method, Row};
use crate::verb::{self, ResourceInfo, Response};
use crate::wire::query::Query;

const COMPONENT: &str = "apiserver";
const APPLY: &[u8] = b"application/apply-patch+yaml";
/// Codes whose counters are kept with the route; others are looked up by all their labels.
const USUAL: [u16; 4] = [200, 201, 404, 409];

/// The series of a resource in one version.
#[derive(Debug)]
pub(crate) struct EndpointMetrics {
    metrics: Arc<Metrics>,
    info: Arc<ResourceInfo>,
    /// In the order of the rows of the endpoint.
    routes: Vec<RouteSeries>,
    watch_events: OnceLock<Option<IntCounter>>,
}

/// By whether it is the other verb of the route, and by its dry run: no series is made before it is needed.
type RouteSeries = [[OnceLock<Arc<Series>>; 3]; 2];

/// Which of the series of a route a request is of.
struct Variant {
    /// A watch by LIST, or an apply by PATCH.
    other: bool,
    dry_run: usize,
}

const DRY_RUN: [&str; 3] = ["", "All", "invalid"];

#[derive(Debug)]
struct Series {
    metrics: Arc<Metrics>,
    /// All but the code.
    labels: [String; 8],
    usual: [OnceLock<Option<IntCounter>>; USUAL.len()],
    duration: Option<Histogram>,
    size: Option<Histogram>,
    open: Option<IntGauge>,
}

/// A request on its way. It is counted when it is dropped, if it was answered: at the end of its handler, or of its body
/// where that is a stream.
#[derive(Debug)]
pub(crate) struct Running {
    series: Arc<Series>,
    began: Instant,
    /// Whether it is among the long-running ones that have not ended.
    open: bool,
    code: Option<u16>,
}

impl EndpointMetrics {
    pub(crate) fn new(metrics: &Arc<Metrics>, info: &Arc<ResourceInfo>, rows: &[Row]) -> Self {
        let routes = rows.iter().map(|_| RouteSeries::default()).collect();
        Self { metrics: Arc::clone(metrics), info: Arc::clone(info), routes, watch_events: OnceLock::new() }
    }

    /// A request has come to a route, the `at`th of the resource; `None` if there is no such route.
    pub(crate) fn begin(&self, at: usize, row: &Row, parts: &Parts, long_running: bool) -> Option<Running> {
        let Variant { other, dry_run } = Variant::of(row, parts, long_running);
        let series = self.routes.get(at)?.get(usize::from(other))?.get(dry_run)?;
        let series = Arc::clone(series.get_or_init(|| Arc::new(self.series(row, other, DRY_RUN[dry_run]))));
        if long_running && let Some(gauge) = &series.open {
            gauge.inc();
        }
        Some(Running { series, began: Instant::now(), open: long_running, code: None })
    }

    /// A watch has sent an event.
    pub(crate) fn watch_event(&self) {
        let ResourceInfo { group, version, resource, .. } = &*self.info;
        let labels = [&**group, &**version, &**resource];
        let find = || self.metrics.watch_events.get_metric_with_label_values(&labels).ok();
        if let Some(events) = self.watch_events.get_or_init(find) {
            events.inc();
        }
    }

    /// Somebody has used it although it is deprecated.
    pub(crate) fn used_deprecated(&self) {
        let ResourceInfo { group, version, resource, .. } = &*self.info;
        let labels = [&**group, &**version, &**resource, self.subresource(), ""];
        if let Ok(deprecated) = self.metrics.deprecated.get_metric_with_label_values(&labels) {
            deprecated.set(1);
        }
    }

    fn subresource(&self) -> &str {
        self.info.subresource.as_deref().unwrap_or_default()
    }

    fn series(&self, row: &Row, other: bool, dry_run: &str) -> Series {
        let ResourceInfo { group, version, resource, .. } = &*self.info;
        let of_route = [verb(row, other), group, version, resource, self.subresource(), scope(row), COMPONENT];
        let [verb, group, version, resource, subresource, scope, component] = of_route;
        let labels = [verb, dry_run, group, version, resource, subresource, scope, component];
        let metrics = &self.metrics;
        // Made only for the verbs that they tell something of.
        let size = || metrics.sizes.get_metric_with_label_values(&of_route).ok();
        let open = || metrics.long_running.get_metric_with_label_values(&of_route).ok();
        Series {
            metrics: Arc::clone(metrics),
            labels: labels.map(str::to_owned),
            usual: Default::default(),
            duration: metrics.durations.get_metric_with_label_values(&labels).ok(),
            size: matches!(verb, "GET" | "LIST").then(size).flatten(),
            open: matches!(verb, "WATCH" | "CONNECT").then(open).flatten(),
        }
    }
}

/// As Kubernetes names them: by the method, with words of their own for some.
fn verb(row: &Row, other: bool) -> &'static str {
    if *row.action == verb::CONNECT {
        return "CONNECT";
    }
    match row.method {
        Method::Get if row.action.deprecated || other => "WATCH",
        Method::Get if *row.action == verb::LIST => "LIST",
        Method::Patch if other => "APPLY",
        method => method.as_str(),
    }
}

/// How much a route is about: one object, a namespace, or the cluster.
fn scope(row: &Row) -> &'static str {
    match row.shape {
        shape if shape.name || row.method == Method::Post => "resource",
        shape if shape.namespace => "namespace",
        _ => "cluster",
    }
}

impl Variant {
    fn of(row: &Row, parts: &Parts, long_running: bool) -> Self {
        let other = match row.method {
            Method::Patch => parts.headers.get(CONTENT_TYPE).is_some_and(|media| media.as_bytes() == APPLY),
            _ => long_running && *row.action == verb::LIST,
        };
        let query = parts.uri.query().filter(|query| query.contains("dryRun"));
        Self { other, dry_run: query.map_or(0, dry_run) }
    }
}

/// The place among [`DRY_RUN`].
fn dry_run(query: &str) -> usize {
    let query = Query::parse(query);
    if query.get_all("dryRun").any(|value| value != "All") {
        return 2;
    }
    usize::from(query.has("dryRun"))
}

impl Series {
    fn count(&self, code: u16) {
        let find = || {
            let code = code.to_string();
            let labels: Vec<&str> = self.labels.iter().map(String::as_str).chain([&*code]).collect();
            self.metrics.requests.get_metric_with_label_values(&labels).ok()
        };
        let kept = USUAL.iter().position(|usual| *usual == code).and_then(|at| self.usual.get(at));
        match kept {
            Some(kept) => kept.get_or_init(find).iter().for_each(IntCounter::inc),
            None => find().iter().for_each(IntCounter::inc),
        }
    }
}

impl Running {
    /// It is refused before it has begun, and says nothing of how long requests take.
    pub(crate) fn refused(self, code: http::StatusCode) {
        self.series.count(code.as_u16());
    }

    /// It has its answer, which may be long in coming.
    pub(crate) fn answered(mut self, response: Response) -> Response {
        self.code = Some(response.status().as_u16());
        let Some(size) = response.body().size_hint().exact() else {
            return response.map(|body| body.holding(self));
        };
        if let Some(sizes) = &self.series.size {
            // Exact up to petabytes.
            #[expect(clippy::cast_precision_loss, reason = "a bucket is all that is told of it")]
            sizes.observe(size as f64);
        }
        response
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.open
            && let Some(gauge) = &self.series.open
        {
            gauge.dec();
        }
        let Some(code) = self.code else { return };
        self.series.count(code);
        if let Some(duration) = &self.series.duration {
            duration.observe(self.began.elapsed().as_secs_f64());
        }
    }
}
