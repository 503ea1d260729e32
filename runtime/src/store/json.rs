//! The few things that are done to encoded objects without decoding them.
//!
//! They are done to JSON that this process has written or that a backend has kept, and take any bytes: what is no
//! object gives `None`.

use std::ops::Range;

use memchr::memchr2;

/// Where a member of an object stands.
struct Member {
    /// From the quote of the key to the end of the value.
    whole: Range<usize>,
    key: Range<usize>,
    value: Range<usize>,
}

/// The members of the outermost object, one after the other.
struct Members<'a> {
    json: &'a [u8],
    at: usize,
    first: bool,
}

/// The outermost object; `None` if it is none. The iterator ends where the object is not well-formed.
fn members(json: &[u8]) -> Option<Members<'_>> {
    let at = skip_space(json, 0);
    (json.get(at) == Some(&b'{')).then_some(Members { json, at: at + 1, first: true })
}

/// A key, and where its value begins.
struct Key {
    /// Its quote.
    at: usize,
    name: Range<usize>,
    value: usize,
}

impl Members<'_> {
    /// The key that stands here, with its value still to be skipped.
    fn key(&mut self) -> Option<Key> {
        let json = self.json;
        let mut at = skip_space(json, self.at);
        if !std::mem::replace(&mut self.first, false) {
            if json.get(at) != Some(&b',') {
                return None;
            }
            at = skip_space(json, at + 1);
        }
        let key_end = skip_string(json, at)?;
        let colon = skip_space(json, key_end);
        if json.get(colon) != Some(&b':') {
            return None;
        }
        Some(Key { at, name: at + 1..key_end - 1, value: skip_space(json, colon + 1) })
    }
}

impl Iterator for Members<'_> {
    type Item = Member;

    fn next(&mut self) -> Option<Member> {
        let Key { at, name, value } = self.key()?;
        let end = skip_value(self.json, value)?;
        self.at = end;
        Some(Member { whole: at..end, key: name, value: value..end })
    }
}

fn skip_space(json: &[u8], at: usize) -> usize {
    let rest = json.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}

/// From an opening quote to behind the closing one.
fn skip_string(json: &[u8], at: usize) -> Option<usize> {
    if json.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    loop {
        at += memchr2(b'"', b'\\', json.get(at..)?)?;
        match json[at] {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

/// From the first byte of a value to behind its last. It counts brackets, so that no depth is too much.
fn skip_value(json: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match json.get(at)? {
            b'"' => at = skip_string(json, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth > 0 => {
                at += 1;
                continue;
            }
            _ => {
                let rest = &json[at..];
                let ends = |byte: &u8| matches!(byte, b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                match rest.iter().position(ends) {
                    Some(0) => return None,
                    Some(length) => at += length,
                    None => at = json.len(),
                }
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The raw value of a member of the outermost object.
pub(super) fn member<'a>(json: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let member = members(json)?.find(|member| &json[member.key.clone()] == name.as_bytes())?;
    Some(&json[member.value])
}

/// Where the value of a member of the outermost object begins. It is not looked at, and may be most of the object.
fn start_of(json: &[u8], name: &str) -> Option<usize> {
    let mut members = members(json)?;
    loop {
        let Key { name: key, value, .. } = members.key()?;
        if &json[key] == name.as_bytes() {
            return Some(value);
        }
        members.at = skip_value(json, value)?;
    }
}

/// The object with another value of the member `name`, or without it.
pub(super) fn set_member(json: &[u8], name: &str, value: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut out = vec![b'{'];
    let mut push = |key: &[u8], value: &[u8]| {
        if out.len() > 1 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(key);
        out.extend_from_slice(b"\":");
        out.extend_from_slice(value);
    };
    for member in members(json)?.filter(|member| &json[member.key.clone()] != name.as_bytes()) {
        push(&json[member.key], &json[member.value]);
    }
    if let Some(value) = value {
        push(name.as_bytes(), value);
    }
    out.push(b'}');
    Some(out)
}

/// Whether two encodings of one type say the same, apart from the members `except`.
pub(super) fn same_except(a: &[u8], b: &[u8], except: &[&str]) -> bool {
    let (Some(left), Some(right)) = (members(a), members(b)) else { return a == b };
    let counts = |json: &[u8], member: &Member| !except.iter().any(|name| name.as_bytes() == &json[member.key.clone()]);
    let left = left.filter(|member| counts(a, member)).map(|member| &a[member.whole]);
    let right = right.filter(|member| counts(b, member)).map(|member| &b[member.whole]);
    left.eq(right)
}

/// Writes a resource version into the metadata of an object that has none, as the first member. Gives the JSON and
/// where the digits begin. What stands behind is not looked at.
pub(super) fn stamp(json: &[u8], revision: u64) -> Option<(Vec<u8>, usize)> {
    const KEY: &[u8] = b"\"resourceVersion\":\"";
    let metadata = start_of(json, "metadata")?;
    if json.get(metadata) != Some(&b'{') {
        return None;
    }
    let at = metadata + 1;
    let is_empty = json.get(skip_space(json, at)) == Some(&b'}');
    let mut out = Vec::with_capacity(json.len() + KEY.len() + 24);
    out.extend_from_slice(&json[..at]);
    out.extend_from_slice(KEY);
    let digits = out.len();
    out.extend_from_slice(revision.to_string().as_bytes());
    out.extend_from_slice(if is_empty { b"\"" } else { b"\"," });
    out.extend_from_slice(&json[at..]);
    Some((out, digits))
}

/// Replaces the digits that [`stamp`] has written.
pub(super) fn restamp(json: &[u8], digits: usize, revision: u64) -> Vec<u8> {
    let (before, rest) = json.split_at(digits.min(json.len()));
    let old = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    [before, revision.to_string().as_bytes(), &rest[old..]].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[\\\\\"{}\\[\\],:]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((key(), inner), 0..4)
                    .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    fn key() -> impl Strategy<Value = String> {
        prop_oneof!["metadata|status|spec|resourceVersion", "[\\\\\"{}a]{0,4}"]
    }

    fn any_object() -> impl Strategy<Value = Map<String, Value>> {
        proptest::collection::vec((key(), any_json()), 0..5).prop_map(|members| members.into_iter().collect())
    }

    fn parse(json: &[u8]) -> Value {
        serde_json::from_slice(json).unwrap()
    }

    #[test]
    fn c6_1_3_the_resource_version_is_written_into_stored_bytes() {
        let (stamped, digits) = stamp(br#"{"a":"\"metadata\":{","metadata":{"name":"x"}}"#, 9).unwrap();
        assert_eq!(stamped, br#"{"a":"\"metadata\":{","metadata":{"resourceVersion":"9","name":"x"}}"#);
        assert_eq!(
            restamp(&stamped, digits, 10),
            stamp(br#"{"a":"\"metadata\":{","metadata":{"name":"x"}}"#, 10).unwrap().0
        );
        assert_eq!(stamp(br#"{"metadata":{}}"#, 9).unwrap().0, br#"{"metadata":{"resourceVersion":"9"}}"#);
        assert!(stamp(br#"{"spec":{"metadata":{}}}"#, 9).is_none());
        assert!(stamp(br#"{"metadata":null}"#, 9).is_none());
    }

    proptest! {
        #[test]
        fn c6_1_3_stamping_changes_nothing_else(
            mut object in any_object(), mut metadata in any_object(), first in any::<u64>(), second in any::<u64>()
        ) {
            metadata.remove("resourceVersion");
            object.insert("metadata".to_owned(), Value::from(metadata));
            let plain = serde_json::to_vec(&object).unwrap();
            let (stamped, digits) = stamp(&plain, first).unwrap();
            let mut expected = Value::from(object);
            expected["metadata"]["resourceVersion"] = json!(first.to_string());
            prop_assert_eq!(parse(&stamped), expected);
            prop_assert_eq!(restamp(&stamped, digits, second), stamp(&plain, second).unwrap().0);
        }

        #[test]
        fn members_are_found_and_replaced(object in any_object(), status in any_json()) {
            let json = serde_json::to_vec(&object).unwrap();
            prop_assert_eq!(member(&json, "status").map(parse), object.get("status").cloned());
            let raw = serde_json::to_vec(&status).unwrap();
            let mut with = object.clone();
            with.insert("status".to_owned(), status);
            let set = set_member(&json, "status", Some(&raw)).unwrap();
            prop_assert_eq!(parse(&set), Value::from(with));
            let mut without = object.clone();
            without.remove("status");
            let unset = set_member(&set, "status", None).unwrap();
            prop_assert_eq!(parse(&unset), Value::from(without));
            prop_assert!(same_except(&json, &json, &[]));
            prop_assert!(same_except(&set, &unset, &["status"]));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40), near in "[{}\\[\\]\",:a\\\\ ]{0,20}") {
            for json in [bytes.as_slice(), near.as_bytes(), format!("{{\"metadata\":{near}").as_bytes()] {
                let _ = (stamp(json, 1), member(json, "metadata"), set_member(json, "a", None), same_except(json, json, &[]));
            }
        }
    }
}
