//! How long ago something was, for a person to read (contract 9.4.3).

use k8s_openapi::jiff::Timestamp;

/// The age at `now` of an RFC 3339 timestamp, as `kubectl get` shows it.
///
/// An empty timestamp is `<unknown>`; one that does not parse, or lies in the future, is `<invalid>`.
pub fn human_age(timestamp: &str, now: Timestamp) -> String {
    if timestamp.is_empty() {
        return "<unknown>".to_owned();
    }
    match timestamp.parse::<Timestamp>() {
        Ok(timestamp) => human_duration(now.duration_since(timestamp).as_secs()),
        Err(_) => "<invalid>".to_owned(),
    }
}

/// A duration in seconds, with two or three significant figures: `5s`, `2m5s`, `3h20m`, `5d3h`, `2y30d`.
///
/// Up to one second in the future counts as now, since clocks differ; more is `<invalid>`.
pub fn human_duration(seconds: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    const YEAR: i64 = 365 * DAY;

    match seconds {
        ..-1 => "<invalid>".to_owned(),
        -1 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        120..600 => two_units(seconds, (MINUTE, "m"), (1, "s")),
        600..10_800 => format!("{}m", seconds / MINUTE),
        10_800..28_800 => two_units(seconds, (HOUR, "h"), (MINUTE, "m")),
        28_800..172_800 => format!("{}h", seconds / HOUR),
        172_800..691_200 => two_units(seconds, (DAY, "d"), (HOUR, "h")),
        691_200..63_072_000 => format!("{}d", seconds / DAY),
        63_072_000..252_288_000 => two_units(seconds, (YEAR, "y"), (DAY, "d")),
        _ => format!("{}y", seconds / YEAR),
    }
}

/// `seconds` in a large unit and the rest in a small one, which is left out where it is zero.
fn two_units(seconds: i64, (large, large_name): (i64, &str), (small, small_name): (i64, &str)) -> String {
    match (seconds / large, seconds % large / small) {
        (whole, 0) => format!("{whole}{large_name}"),
        (whole, rest) => format!("{whole}{large_name}{rest}{small_name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c9_4_3_durations_keep_two_or_three_figures() {
        const HOUR: i64 = 3600;
        const DAY: i64 = 24 * HOUR;
        for (seconds, text) in [
            (i64::MIN, "<invalid>"),
            (-2, "<invalid>"),
            (-1, "0s"),
            (0, "0s"),
            (5, "5s"),
            (119, "119s"),
            (120, "2m"),
            (125, "2m5s"),
            (599, "9m59s"),
            (600, "10m"),
            (659, "10m"),
            (3 * HOUR - 1, "179m"),
            (3 * HOUR, "3h"),
            (3 * HOUR + 20 * 60, "3h20m"),
            (8 * HOUR - 1, "7h59m"),
            (8 * HOUR, "8h"),
            (2 * DAY - 1, "47h"),
            (2 * DAY, "2d"),
            (5 * DAY + 3 * HOUR, "5d3h"),
            (8 * DAY - 1, "7d23h"),
            (8 * DAY, "8d"),
            (730 * DAY - 1, "729d"),
            (730 * DAY, "2y"),
            (760 * DAY, "2y30d"),
            (8 * 365 * DAY - 1, "7y364d"),
            (8 * 365 * DAY, "8y"),
            (i64::MAX, "292471208677y"),
        ] {
            assert_eq!(human_duration(seconds), text, "{seconds} s");
        }
    }

    #[test]
    fn c9_4_3_ages_count_from_a_timestamp() {
        let now = "2026-01-01T12:30:00.9Z".parse().unwrap();
        for (timestamp, text) in [
            ("2026-01-01T12:29:55Z", "5s"),
            ("2026-01-01T13:29:55+01:00", "5s"),
            ("2026-01-01T12:30:02Z", "0s"),
            ("2026-01-01T12:30:03Z", "<invalid>"),
            ("", "<unknown>"),
            ("yesterday", "<invalid>"),
        ] {
            assert_eq!(human_age(timestamp, now), text, "{timestamp}");
        }
    }
}
