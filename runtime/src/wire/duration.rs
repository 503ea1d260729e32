//! Durations as Go writes them, and the request's `timeout` (contract 4.3.4).

use std::fmt::Write;
use std::time::Duration;

use super::status::{Result, Status};

/// The largest magnitude of Go's duration, in nanoseconds; only a negative one reaches it.
const LIMIT: u64 = 1 << 63;

/// Reads a Go duration: `1h2m3.5s`, `-1.5h`, `300ms`, `0`. A negative one is zero: nothing here waits backwards.
///
/// The units are `ns`, `us` (or `µs`), `ms`, `s`, `m` and `h`. The error is the text of Go's `time.ParseDuration`.
///
/// ```
/// use rest_resource::wire::duration::parse_duration;
///
/// assert_eq!(parse_duration("1m30s").unwrap().as_secs(), 90);
/// assert_eq!(parse_duration("30").unwrap_err(), r#"time: missing unit in duration "30""#);
/// ```
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        if !rest.starts_with(|c: char| c == '.' || c.is_ascii_digit()) {
            return Err(invalid());
        }
        let (whole, after) = split_digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => split_digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let unit = match name {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "" => return Err(format!("time: missing unit in duration {}", quote(text))),
            _ => return Err(format!("time: unknown unit {} in duration {}", quote(name), quote(text))),
        };
        total = nanoseconds(whole, fraction, unit)
            .and_then(|part| total.checked_add(part))
            .filter(|sum| *sum <= LIMIT)
            .ok_or_else(invalid)?;
        rest = after;
    }
    match (negative, total) {
        (true, _) => Ok(Duration::ZERO),
        (false, LIMIT) => Err(invalid()),
        (false, total) => Ok(Duration::from_nanos(total)),
    }
}

/// Reads the `timeout` parameter of a request: how long the request may take, at most `max`.
///
/// Absent, empty, zero and negative leave the server's own limit. An unreadable one is 400.
pub fn parse_timeout(value: Option<&str>, max: Duration) -> Result<Duration> {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(max) };
    let asked = parse_duration(value)
        .map_err(|error| Status::bad_request(format!("invalid timeout specified in the request URL - {error}")))?;
    Ok(if asked.is_zero() { max } else { asked.min(max) })
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// `whole.fraction` units of `unit` nanoseconds; `None` where that is too much.
fn nanoseconds(whole: &str, fraction: &str, unit: u64) -> Option<u64> {
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Digits behind the nineteenth cannot change a nanosecond, and nineteen fit a u64.
    let fraction = &fraction[..fraction.len().min(19)];
    let mut scale: u128 = 1;
    let mut part: u128 = 0;
    for digit in fraction.bytes() {
        scale *= 10;
        part = part * 10 + u128::from(digit - b'0');
    }
    let part = u64::try_from(part * u128::from(unit) / scale).ok()?;
    whole.checked_mul(unit)?.checked_add(part)
}

/// The quotation of Go's package `time`, which is not that of `strconv`: bytes outside ASCII are `\xNN`.
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=b'\x7f' => quoted.push(char::from(byte)),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\x{byte:02x}");
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn c4_3_4_durations_of_go() {
        for (text, nanos) in [
            ("0", 0),
            ("+0", 0),
            ("1h2m3.5s", 3_723_500_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("1us2µs3μs4ns", 6_004),
            ("1.5ms", 1_500_000),
            ("0.100000000000000000000h", 360_000_000_000),
            ("9223372036854775807ns", i64::MAX.cast_unsigned()),
            ("-5s", 0),
            ("-9223372036854775808ns", 0),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn c4_3_4_errors_of_go() {
        for (text, error) in [
            ("", r#"time: invalid duration """#),
            ("-", r#"time: invalid duration "-""#),
            ("s", r#"time: invalid duration "s""#),
            (".s", r#"time: invalid duration ".s""#),
            ("30", r#"time: missing unit in duration "30""#),
            ("1.5", r#"time: missing unit in duration "1.5""#),
            ("1d", r#"time: unknown unit "d" in duration "1d""#),
            ("1\"é", r#"time: unknown unit "\"\xc3\xa9" in duration "1\"\xc3\xa9""#),
            ("9223372036854775808ns", r#"time: invalid duration "9223372036854775808ns""#),
            ("3000000h", r#"time: invalid duration "3000000h""#),
            ("99999999999999999999s", r#"time: invalid duration "99999999999999999999s""#),
        ] {
            assert_eq!(parse_duration(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn c4_3_4_timeout_is_clamped() {
        let max = Duration::from_mins(1);
        let timeout = |value| parse_timeout(value, max).unwrap().as_secs();
        assert_eq!(timeout(None), 60);
        assert_eq!(timeout(Some("")), 60);
        assert_eq!(timeout(Some("0s")), 60);
        assert_eq!(timeout(Some("-3s")), 60);
        assert_eq!(timeout(Some("2m")), 60);
        assert_eq!(timeout(Some("30s")), 30);
        let error = parse_timeout(Some("30"), max).unwrap_err();
        assert_eq!(error.code(), 400);
        assert_eq!(
            error.message(),
            r#"invalid timeout specified in the request URL - time: missing unit in duration "30""#
        );
    }

    proptest! {
        #[test]
        fn c4_3_4_no_text_panics(text in "[-+]?([0-9.]{0,22}(ns|us|µs|ms|s|m|h|x|\")?){0,4}") {
            let _ = parse_duration(&text);
        }

        #[test]
        fn c4_3_4_what_go_prints_comes_back(hours in 0..2_562_046_u64, minutes in 0..60_u64, nanos in 0..60_000_000_000_u64) {
            let text = format!("{hours}h{minutes}m{}.{:09}s", nanos / 1_000_000_000, nanos % 1_000_000_000);
            let expected = Duration::from_secs(hours * 3600 + minutes * 60) + Duration::from_nanos(nanos);
            prop_assert_eq!(parse_duration(&text), Ok(expected));
        }
    }
}
