//! How values are compared, ordered and printed where they are part of a path.

use std::cmp::Ordering;
use std::fmt::Write;

use serde_json::{Number, Value};

use crate::wire::strconv::quote;

/// Whether two values are the same. `1` and `1.0` are, as they are for the clients that wrote them.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => order_numbers(left, right).is_eq(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| equal(value, other)))
        }
        _ => left == right,
    }
}

/// The order of values in a set: numbers, text, booleans, lists, maps, null.
pub(super) fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => order_numbers(left, right),
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Array(left), Value::Array(right)) => {
            let first = left.iter().zip(right).map(|(left, right)| order(left, right)).find(|order| order.is_ne());
            first.unwrap_or_else(|| left.len().cmp(&right.len()))
        }
        (Value::Object(left), Value::Object(right)) => {
            let (left, right) = (sorted(left), sorted(right));
            let first = left
                .iter()
                .zip(&right)
                .map(|(left, right)| left.0.cmp(right.0).then_with(|| order(left.1, right.1)))
                .find(|order| order.is_ne());
            first.unwrap_or_else(|| left.len().cmp(&right.len()))
        }
        _ => rank(left).cmp(&rank(right)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Number(_) => 0,
        Value::String(_) => 1,
        Value::Bool(_) => 2,
        Value::Array(_) => 3,
        Value::Object(_) => 4,
        Value::Null => 5,
    }
}

/// The members by name. `serde_json` sorts them itself, unless another crate of the program asks it not to.
fn sorted(object: &serde_json::Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_by_key(|(name, _)| *name);
    members
}

/// Integers exactly, anything else by its value.
fn order_numbers(left: &Number, right: &Number) -> Ordering {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => float(left).total_cmp(&float(right)),
    }
}

/// A zero without its sign, because the order of floats tells the two apart.
fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default() + 0.0
}

/// As Go writes a value in JSON: a whole number has no fraction, and only very large and very small ones an exponent.
pub(super) fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Number(number) => write_number(number, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in sorted(members).into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write_json(member, out);
            }
            out.push('}');
        }
        Value::String(text) => write_string(text, out),
        // Writing to a String cannot fail.
        Value::Bool(flag) => write!(out, "{flag}").unwrap_or_default(),
        Value::Null => out.push_str("null"),
    }
}

/// A JSON string with its quotes.
pub(super) fn write_string(text: &str, out: &mut String) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        // What needs escapes is rare. `Display` of a JSON value is its JSON.
        write!(out, "{}", Value::from(text)).unwrap_or_default();
    }
}

fn write_number(number: &Number, out: &mut String) {
    let written = match number.as_f64().filter(|_| number.is_f64()) {
        None => write!(out, "{number}"),
        Some(float) if float == 0.0 || (1e-6..1e21).contains(&float.abs()) => write!(out, "{float}"),
        // `1e21` here is `1e+21` there.
        Some(float) => {
            let text = format!("{float:e}");
            match text.split_once('e') {
                Some((digits, exponent)) if !exponent.starts_with('-') => write!(out, "{digits}e+{exponent}"),
                _ => write!(out, "{text}"),
            }
        }
    };
    written.unwrap_or_default();
}

/// As a value is printed in a path: text in quotes, the rest as its JSON.
pub(super) fn print(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        other => {
            let mut out = String::new();
            write_json(other, &mut out);
            out
        }
    }
}
