//! When fields were last taken.

use k8s_openapi::jiff::Timestamp;
use serde_json::Value;

/// A time in the one form that is stored, whose order is that of the text: seconds in UTC (contract 0.11).
///
/// Errors: a text that is no time.
pub(in crate::apply) fn canonical(time: &str) -> Result<String, String> {
    const FORM: &[u8; 20] = b"0000-00-00T00:00:00Z";
    let is_form = time.len() == FORM.len()
        && time.bytes().zip(FORM).all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form });
    if is_form {
        return Ok(time.to_owned());
    }
    let parsed: Timestamp = time.parse().map_err(|error| format!("invalid time {time:?}: {error}"))?;
    Ok(time_text(parsed))
}

/// A time in that form.
pub(crate) fn time_text(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

/// Gives the entries of `new` their old times if nothing else is new, so that writing it is no change (contract 4.9.25).
/// Both are whole objects.
pub(in crate::apply) fn restore(old: &Value, new: &mut Value) {
    let old_entries = &old["metadata"]["managedFields"];
    let (Some(before), Some(after)) = (old_entries.as_array(), new["metadata"]["managedFields"].as_array()) else {
        return;
    };
    let same_entries = before.len() == after.len()
        && before.iter().zip(after).all(|(before, after)| same_but(before, after, "time"))
        && before != after;
    if same_entries && same_object(old, new) {
        let entries = old_entries.clone();
        if let Some(metadata) = new.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.insert("managedFields".to_owned(), entries);
        }
    }
}

/// Whether two objects are the same but for who owns their fields.
pub(in crate::apply) fn same_object(left: &Value, right: &Value) -> bool {
    same_but(left, right, "metadata") && same_but(&left["metadata"], &right["metadata"], "managedFields")
}

fn same_but(left: &Value, right: &Value, name: &str) -> bool {
    let (Value::Object(left), Value::Object(right)) = (left, right) else { return left == right };
    let count = |object: &serde_json::Map<String, Value>| object.len() - usize::from(object.contains_key(name));
    count(left) == count(right)
        && left.iter().filter(|(key, _)| *key != name).all(|(key, value)| right.get(key) == Some(value))
}
