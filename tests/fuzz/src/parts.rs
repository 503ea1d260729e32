//! How the bytes of a target are divided.

use rest_resource::wire::decode::json;
use serde_json::Value;

/// Text, up to the first byte that is none.
pub(crate) fn text(data: &[u8]) -> &str {
    match std::str::from_utf8(data) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&data[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// What stands before the first empty line, and what behind it.
pub(crate) fn split(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.windows(2).position(|window| window == b"\n\n");
    end.map_or((data, &[]), |end| (&data[..end], &data[end + 2..]))
}

/// A document as the server reads it.
pub(crate) fn document(data: &[u8]) -> Option<Value> {
    json::parse(data).ok().map(|parsed| parsed.value)
}

/// The document can be stored and read back: it is not too deep, and its text is itself.
pub(crate) fn assert_document(value: &Value) {
    assert_eq!(document(value.to_string().as_bytes()).as_ref(), Some(value), "{value}");
}
