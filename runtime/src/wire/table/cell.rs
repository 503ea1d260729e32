//! The cell that a value becomes in a column of a type (contract 9.4.3).

use k8s_openapi::jiff::Timestamp;
use serde_json::Value;

use super::age::human_age;
use super::column::ColumnType;

/// The cell of `value`; null where the value is not of the column's type.
///
/// A column of texts takes every value but null: numbers, lists and objects are printed as JSON, which is what
/// definitions written for Kubernetes count on.
pub(super) fn cell(column_type: ColumnType, value: &Value, now: Timestamp) -> Value {
    match (column_type, value) {
        (_, Value::Null) => Value::Null,
        (ColumnType::Integer, Value::Number(number)) => match number.as_f64() {
            Some(float) if number.is_f64() => truncated(float),
            _ => value.clone(),
        },
        (ColumnType::Number, Value::Number(_))
        | (ColumnType::Boolean, Value::Bool(_))
        | (ColumnType::String, Value::String(_)) => value.clone(),
        (ColumnType::String, value) => value.to_string().into(),
        (ColumnType::Date, Value::String(timestamp)) => human_age(timestamp, now).into(),
        _ => Value::Null,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the fraction is to be cut off, and `as` saturates")]
fn truncated(float: f64) -> Value {
    (float as i64).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn c9_4_3_a_value_of_the_wrong_type_is_null() {
        use ColumnType::{Boolean, Date, Integer, Number, String};
        let now = "2026-01-01T12:30:00Z".parse().unwrap();
        for (column_type, value, expected) in [
            (Integer, json!(42), json!(42)),
            (Integer, json!(-1.5), json!(-1)),
            (Integer, json!(u64::MAX), json!(u64::MAX)),
            (Integer, json!("42"), Value::Null),
            (Integer, json!(true), Value::Null),
            (Number, json!(42), json!(42)),
            (Number, json!(1.5), json!(1.5)),
            (Number, json!("1.5"), Value::Null),
            (Boolean, json!(true), json!(true)),
            (Boolean, json!("true"), Value::Null),
            (String, json!("a"), json!("a")),
            (String, json!(42), json!("42")),
            (String, json!(["a", {"b": 1}]), json!(r#"["a",{"b":1}]"#)),
            (String, Value::Null, Value::Null),
            (Date, json!("2026-01-01T00:00:00Z"), json!("12h")),
            (Date, json!("2026-01-02T00:00:00Z"), json!("<invalid>")),
            (Date, json!(""), json!("<unknown>")),
            (Date, json!(1_767_225_600), Value::Null),
        ] {
            assert_eq!(cell(column_type, &value, now), expected, "{value} as {column_type:?}");
        }
    }
}
