//! JSON for a person.

/// The JSON with every entry on a line of its own, two spaces for each level, and no line end (contract 4.2.15).
///
/// The keys keep their order and the numbers their digits. What is not JSON comes out as something else that is not.
pub fn indent(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let (mut quoted, mut escaped) = (false, false);
    // Whether a bracket has just opened, which closes on the same line if nothing follows.
    let mut empty = false;
    for &byte in json {
        if quoted {
            out.push(byte);
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        if byte.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(byte, b'}' | b']');
        if closes {
            depth = depth.saturating_sub(1);
        }
        if empty != closes {
            break_line(&mut out, depth);
        }
        out.push(byte);
        empty = matches!(byte, b'{' | b'[');
        match byte {
            b'{' | b'[' => depth += 1,
            b',' => break_line(&mut out, depth),
            b':' => out.push(b' '),
            b'"' => quoted = true,
            _ => {}
        }
    }
    out
}

fn break_line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.extend(std::iter::repeat_n(b' ', depth * 2));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// `serde_json` indents as Go does.
    fn agrees(value: &Value) -> bool {
        indent(value.to_string().as_bytes()) == serde_json::to_vec_pretty(value).unwrap()
    }

    #[test]
    fn c4_2_15_two_spaces_a_level() {
        assert!(agrees(&json!({"a": [1, [], {}, [[]], {"b": "x{[,:]}\"\\"}], "c": null, "d": "\\\\\""})));
        assert!(agrees(&json!([])));
        assert!(agrees(&json!("a")));
        assert_eq!(indent(b"{\"b\" : 1.0, \"a\":1e400}"), b"{\n  \"b\": 1.0,\n  \"a\": 1e400\n}");
    }

    proptest! {
        #[test]
        fn c4_2_15_strings_stay_as_they_are(keys in prop::collection::vec(any::<String>(), 0..4)) {
            let entries = keys.iter().map(|key| (key.clone(), json!([key, {}]))).collect();
            prop_assert!(agrees(&Value::Object(entries)));
        }

        #[test]
        fn c4_2_15_no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            indent(&bytes);
        }
    }
}
