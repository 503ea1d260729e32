//! Bodies of objects, in JSON and YAML (contract 0.14, 4.2.6).

use rest_resource::wire::decode::{from_value, json};
use rest_resource::wire::yaml;
use serde_json::Value;

use super::parts::assert_document;
use super::wardle::v1beta1::Flunder;

/// JSON is read as `serde_json` reads it. What is a flunder is one again when it is written, with nothing unknown.
pub fn json_body(data: &[u8]) {
    let parsed = json::parse(data);
    let expected = serde_json::from_slice::<Value>(data);
    assert_eq!(parsed.as_ref().ok().map(|parsed| &parsed.value), expected.as_ref().ok());
    let Ok(parsed) = parsed else { return };
    assert_document(&parsed.value);
    let decoded = from_value::<Flunder>(&parsed.value);
    let expected = serde_json::from_value::<Flunder>(parsed.value);
    // It takes a list for an object, which no client means.
    assert!(decoded.is_err() || expected.is_ok(), "{:?}", expected.err());
    let (Ok((flunder, _)), Ok(expected)) = (decoded, expected) else { return };
    let written = serde_json::to_value(&flunder).expect("a flunder is JSON");
    assert_eq!(written, serde_json::to_value(&expected).expect("a flunder is JSON"));
    let (again, unknown) = from_value::<Flunder>(&written).expect("a flunder is one");
    assert_eq!((serde_json::to_value(&again).expect("a flunder is JSON"), unknown), (written, Vec::new()));
}

/// A YAML document gives JSON, not much more of it than was sent, and is the same when it is written as YAML.
pub fn yaml_body(data: &[u8]) {
    let Ok(json) = yaml::to_json(data) else { return };
    // Each byte becomes six where it is escaped; the rest is what aliases may add.
    assert!(json.len() <= data.len() * 12 + (256 << 10), "{} bytes of {}", json.len(), data.len());
    let Ok(value) = yaml::to_json_value(data) else { return };
    let written = yaml::from_json_value(&value);
    let again = yaml::to_json_value(written.as_bytes()).map(plain);
    assert_eq!(again, Ok(plain(value)), "{written}");
}

/// From YAML, a number without a fraction has no point either, as Go writes it.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().filter(|_| number.is_f64());
            float.map_or(Value::Number(number), |float| float.to_string().parse().expect("a number is JSON"))
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        other => other,
    }
}
