//! Figures, and the table of them.

use std::time::Duration;

/// What a row has measured.
pub(crate) struct Measured {
    /// Requests, or delivered events.
    pub(crate) count: usize,
    /// Requests a second.
    pub(crate) rate: f64,
    /// CPU of the server process, in microseconds a request.
    pub(crate) cpu: f64,
    p50: Duration,
    p99: Duration,
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "figures to be read by a person")]
    pub(crate) fn new(mut latencies: Vec<Duration>, wall: Duration, cpu_seconds: f64) -> Self {
        latencies.sort_unstable();
        let count = latencies.len();
        let at = |share: usize| latencies.get(count * share / 100).copied().unwrap_or_default();
        let (p50, p99) = (at(50), at(99));
        Self { count, rate: count as f64 / wall.as_secs_f64(), cpu: cpu_seconds * 1e6 / count.max(1) as f64, p50, p99 }
    }
}

/// Prints the head of the table.
pub(crate) fn head() {
    println!(
        "| what | rate/s | CPU us each | p50 | p99 | floor us | floor p99 | ratio |\n|---|---|---|---|---|---|---|---|"
    );
}

/// Prints a row; beside a floor, the ratio to it.
pub(crate) fn row(what: &str, measured: &Measured, floor: Option<&Measured>) {
    let Measured { rate, cpu, p50, p99, .. } = measured;
    let beside = floor.map_or_else(
        || "| |".to_owned(),
        |floor| format!("{:.1} | {:.2?} | {:.2}", floor.cpu, floor.p99, cpu / floor.cpu),
    );
    println!("| {what} | {rate:.0} | {cpu:.1} | {p50:.2?} | {p99:.2?} | {beside} |");
}

/// Prints the head of what is measured once.
pub(crate) fn figures() {
    println!("\n| what | |\n|---|---|");
}

/// Prints what was measured once.
pub(crate) fn figure(what: &str, measured: &str) {
    println!("| {what} | {measured} |");
}
