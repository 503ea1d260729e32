//! What a server counts of its requests, as `/metrics` tells it (feature `metrics`, contract 3.3.3).
//!
//! Names, labels and buckets are those of Kubernetes' API servers, for the dashboards and alerts that there are. Only what
//! is installed becomes the value of a label, so that no client can make series: a request that leads to no route is not
//! counted. The series of a route are looked up when they are first needed and kept with it; from then on a request
//! costs a few atomic additions and two looks at the clock.

mod route;

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry, Result, TextEncoder,
};

pub(crate) use self::route::{EndpointMetrics, Running};

const SECONDS: [f64; 23] = [
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0,
    45.0, 60.0,
];
const BYTES: [f64; 7] = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// The families of one server. Each server has its own, so that two in one process do not mix.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    /// What `/metrics/slis` tells, apart, so that it can be scraped more often.
    slis: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    sizes: HistogramVec,
    long_running: IntGaugeVec,
    in_flight: IntGaugeVec,
    watch_events: IntCounterVec,
    deprecated: IntGaugeVec,
    health: IntGaugeVec,
    health_checks: IntCounterVec,
}

/// What all series of a route say of it.
const ROUTE: [&str; 7] = ["verb", "group", "version", "resource", "subresource", "scope", "component"];

impl Metrics {
    pub(crate) fn new() -> Result<Self> {
        let dry_run = ["verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component"];
        let with_code = [&dry_run[..], &["code"]].concat();
        let counter = |name: &str, help: &str, labels: &[&str]| IntCounterVec::new(Opts::new(name, help), labels);
        let gauge = |name: &str, help: &str, labels: &[&str]| IntGaugeVec::new(Opts::new(name, help), labels);
        let histogram = |name: &str, help: &str, buckets: &[f64], labels: &[&str]| {
            HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.to_vec()), labels)
        };
        let metrics = Self {
            registry: Registry::new(),
            slis: Registry::new(),
            requests: counter("apiserver_request_total", "Requests that were answered.", &with_code)?,
            durations: histogram(
                "apiserver_request_duration_seconds",
                "Seconds until a request was answered, or a long-running one ended.",
                &SECONDS,
                &dry_run,
            )?,
            sizes: histogram("apiserver_response_sizes", "Bytes of the answers to reads, as encoded.", &BYTES, &ROUTE)?,
            long_running: gauge(
                "apiserver_longrunning_requests",
                "Long-running requests that have not ended.",
                &ROUTE,
            )?,
            in_flight: gauge(
                "apiserver_current_inflight_requests",
                "Requests that count towards the limit of their kind at this moment.",
                &["request_kind"],
            )?,
            watch_events: counter(
                "apiserver_watch_events_total",
                "Events that were sent to watches.",
                &["group", "version", "resource"],
            )?,
            deprecated: gauge(
                "apiserver_requested_deprecated_apis",
                "Deprecated versions of resources that were requested.",
                &["group", "version", "resource", "subresource", "removed_release"],
            )?,
            health: gauge("kubernetes_healthcheck", "The last result of a health check.", &["name", "type"])?,
            health_checks: counter(
                "kubernetes_healthchecks_total",
                "The results of health checks.",
                &["name", "type", "status"],
            )?,
        };
        metrics.register()?;
        Ok(metrics)
    }

    fn register(&self) -> Result<()> {
        self.registry.register(Box::new(self.requests.clone()))?;
        self.registry.register(Box::new(self.durations.clone()))?;
        self.registry.register(Box::new(self.sizes.clone()))?;
        self.registry.register(Box::new(self.long_running.clone()))?;
        self.registry.register(Box::new(self.in_flight.clone()))?;
        self.registry.register(Box::new(self.watch_events.clone()))?;
        self.registry.register(Box::new(self.deprecated.clone()))?;
        self.slis.register(Box::new(self.health.clone()))?;
        self.slis.register(Box::new(self.health_checks.clone()))
    }

    /// Everything but the health checks, with how many reads and writes are in flight.
    pub(crate) fn text(&self, read_only: usize, mutating: usize) -> Result<Vec<u8>> {
        for (kind, requests) in [("readOnly", read_only), ("mutating", mutating)] {
            let gauge = self.in_flight.get_metric_with_label_values(&[kind])?;
            gauge.set(i64::try_from(requests).unwrap_or(i64::MAX));
        }
        encode(&self.registry)
    }

    /// The health checks, as far as somebody has asked for them.
    pub(crate) fn slis(&self) -> Result<Vec<u8>> {
        encode(&self.slis)
    }

    /// A health check has run, for `/healthz`, `/livez` or `/readyz`.
    pub(crate) fn checked(&self, name: &str, endpoint: &str, ok: bool) {
        let status = if ok { "success" } else { "error" };
        if let Ok(health) = self.health.get_metric_with_label_values(&[name, endpoint]) {
            health.set(i64::from(ok));
        }
        if let Ok(checks) = self.health_checks.get_metric_with_label_values(&[name, endpoint, status]) {
            checks.inc();
        }
    }
}

fn encode(registry: &Registry) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    TextEncoder::new().encode(&registry.gather(), &mut text)?;
    Ok(text)
}
