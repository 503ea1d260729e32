//! From JSON to YAML.

use std::fmt::Write;

use serde_json::{Map, Value};

/// Longer keys are written as `? key`; a YAML reader looks no further than 1024 characters for the colon.
const MAX_SIMPLE_KEY: usize = 128;

/// Words that YAML 1.1 reads as a boolean, as null or as a number.
const RESERVED: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan"];

/// The document in block style, keys sorted, with a line end.
pub fn from_json_value(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(entries) if !entries.is_empty() => write_map(&mut out, entries, 0, false),
        Value::Array(items) if !items.is_empty() => write_list(&mut out, items, 0, false),
        value => {
            write_scalar(&mut out, value);
            out.push('\n');
        }
    }
    out
}

/// Writes the entries of a map; the first one stands where the line is already indented if `inline`.
fn write_map(out: &mut String, entries: &Map<String, Value>, indent: usize, inline: bool) {
    for (position, (key, value)) in entries.iter().enumerate() {
        if position > 0 || !inline {
            pad(out, indent);
        }
        if key.len() > MAX_SIMPLE_KEY {
            out.push_str("? ");
            write_string(out, key);
            out.push('\n');
            pad(out, indent);
        } else {
            write_string(out, key);
        }
        out.push(':');
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                write_map(out, inner, indent + 2, false);
            }
            // A list stands below its key without being indented, as Kubernetes writes it.
            Value::Array(inner) if !inner.is_empty() => {
                out.push('\n');
                write_list(out, inner, indent, false);
            }
            value => {
                out.push(' ');
                write_line(out, value, indent);
            }
        }
    }
}

/// Writes the items of a list; the first one stands where the line is already indented if `inline`.
fn write_list(out: &mut String, items: &[Value], indent: usize, inline: bool) {
    for (position, value) in items.iter().enumerate() {
        if position > 0 || !inline {
            pad(out, indent);
        }
        out.push_str("- ");
        match value {
            Value::Object(inner) if !inner.is_empty() => write_map(out, inner, indent + 2, true),
            Value::Array(inner) if !inner.is_empty() => write_list(out, inner, indent + 2, true),
            value => write_line(out, value, indent),
        }
    }
}

/// Writes what fits on a line, or a text of several lines as a literal block.
fn write_line(out: &mut String, value: &Value, indent: usize) {
    let text = match value {
        Value::String(text) if is_block(text) => text,
        value => {
            write_scalar(out, value);
            out.push('\n');
            return;
        }
    };
    let body = text.strip_suffix('\n');
    out.push_str(if body.is_some() { "|\n" } else { "|-\n" });
    for line in body.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            pad(out, indent + 2);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn write_scalar(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => write_string(out, text),
        Value::Object(_) => out.push_str("{}"),
        Value::Array(_) => out.push_str("[]"),
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => write_format(out, format_args!("{number}")),
    }
}

fn write_string(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character if is_printable(character) => out.push(character),
            // Everything beyond four hexadecimal digits is printable.
            character => write_format(out, format_args!("\\u{:04x}", u32::from(character))),
        }
    }
    out.push('"');
}

fn write_format(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = out.write_fmt(text);
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Whether every reader takes the text for a string without quotes; it errs on the side of the quotes.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let starts = bytes.first().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'_' | b'/'));
    let ends = bytes.last().is_some_and(|last| !matches!(last, b' ' | b':'));
    let plain = |pair: &[u8]| match pair[0] {
        b':' => pair[1] != b' ',
        b'_' | b'-' | b'.' | b'/' | b'+' | b'=' | b'@' | b' ' => true,
        byte => byte.is_ascii_alphanumeric(),
    };
    starts
        && ends
        && bytes.windows(2).all(plain)
        && bytes.last().is_some_and(|last| plain(&[*last, b'.']))
        && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a literal block carries the text unchanged: lines that need no escapes, the first one not indented, and
/// one line end or none behind the last one.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !text.ends_with("\n\n")
        && text.chars().all(|character| matches!(character, '\n' | '\t') || is_printable(character))
}

/// Whether a YAML reader takes the character as it is: no control character, no line end, no byte order mark.
fn is_printable(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}
