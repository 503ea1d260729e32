//! Numbers and characters as Go reads and prints them: its texts reach clients inside 400 messages (contract 0.17).

use std::fmt::Write;
use std::num::{IntErrorKind, ParseIntError};

/// A signed integer; the error is the text of Go's `strconv.ParseInt`.
pub(super) fn parse_int(text: &str) -> Result<i64, String> {
    text.parse().map_err(|error| syntax_or_range("ParseInt", text, &error))
}

/// An unsigned integer; the error is the text of Go's `strconv.ParseUint`, which takes no sign.
pub(super) fn parse_uint(text: &str) -> Result<u64, String> {
    if text.starts_with('+') {
        return Err(invalid_syntax("ParseUint", text));
    }
    text.parse().map_err(|error| syntax_or_range("ParseUint", text, &error))
}

fn syntax_or_range(function: &str, text: &str, error: &ParseIntError) -> String {
    match error.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => {
            format!("strconv.{function}: parsing {}: value out of range", quote(text))
        }
        _ => invalid_syntax(function, text),
    }
}

fn invalid_syntax(function: &str, text: &str) -> String {
    format!("strconv.{function}: parsing {}: invalid syntax", quote(text))
}

/// Go's `strconv.Quote`, which is what `%q` prints.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        // Writing to a String cannot fail.
        let _ = match c {
            '"' | '\\' => write!(quoted, "\\{c}"),
            '\x07' => quoted.write_str("\\a"),
            '\x08' => quoted.write_str("\\b"),
            '\x0c' => quoted.write_str("\\f"),
            '\n' => quoted.write_str("\\n"),
            '\r' => quoted.write_str("\\r"),
            '\t' => quoted.write_str("\\t"),
            '\x0b' => quoted.write_str("\\v"),
            c if is_print(c) => quoted.write_char(c),
            c if c.is_ascii() => write!(quoted, "\\x{:02x}", u32::from(c)),
            c if u32::from(c) <= 0xffff => write!(quoted, "\\u{:04x}", u32::from(c)),
            c => write!(quoted, "\\U{:08x}", u32::from(c)),
        };
    }
    quoted.push('"');
    quoted
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    // `escape_debug` leaves exactly these categories alone. A combining mark is escaped where it comes first, so
    // that a letter goes before it.
    let mut buffer = [b'a'; 5];
    let length = c.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..=length]).is_ok_and(|text| text.escape_debug().nth(1) == Some(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c0_17_integers_fail_with_the_text_of_go() {
        assert_eq!(parse_int("-7"), Ok(-7));
        assert_eq!(parse_int("").unwrap_err(), r#"strconv.ParseInt: parsing "": invalid syntax"#);
        assert_eq!(parse_int("a\"").unwrap_err(), r#"strconv.ParseInt: parsing "a\"": invalid syntax"#);
        assert_eq!(
            parse_int("9223372036854775808").unwrap_err(),
            r#"strconv.ParseInt: parsing "9223372036854775808": value out of range"#
        );
        assert_eq!(parse_uint("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(parse_uint("+1").unwrap_err(), r#"strconv.ParseUint: parsing "+1": invalid syntax"#);
        assert_eq!(parse_uint("-1").unwrap_err(), r#"strconv.ParseUint: parsing "-1": invalid syntax"#);
    }

    #[test]
    fn quote_escapes_what_go_escapes() {
        assert_eq!(
            quote("é\u{301}\"\\\n\x07\x1b\u{ad}\u{1f600}\u{e0001}"),
            "\"é\u{301}\\\"\\\\\\n\\a\\x1b\\u00ad😀\\U000e0001\""
        );
    }

    #[test]
    fn is_print_knows_the_categories() {
        for c in ['a', '~', ' ', 'é', '\u{301}', '漢', '€', '\u{fffd}'] {
            assert!(is_print(c), "{c:?}");
        }
        for c in ['\n', '\x7f', '\u{a0}', '\u{ad}', '\u{2028}', '\u{e000}', '\u{200b}'] {
            assert!(!is_print(c), "{c:?}");
        }
    }
}
