//! What Kubernetes accepts as a name, a label key and a label value (contract 0.18, 5.7).
//!
//! Every check gives all that is wrong, in upstream's words; each text is the detail of one
//! [`FieldError::invalid`](super::field::FieldError::invalid).

/// The outcome of a check: what is wrong, one text each.
pub type Checked = Result<(), Vec<String>>;

const LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN: &str = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const DNS1035: &str = "[a-z]([-a-z0-9]*[a-z0-9])?";
const KEY: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const KEY_TEXT: &str =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const KEY_EXAMPLES: &[&str] = &["MyName", "my.name", "123-abc"];

/// The most bytes of a DNS label, of the name part of a label key, and of a label value.
pub const LABEL_MAX_BYTES: usize = 63;
/// The most bytes of a DNS subdomain.
pub const SUBDOMAIN_MAX_BYTES: usize = 253;

/// A label of RFC 1123 in lower case, as the names of namespaces are: at most 63 bytes, no dots.
pub fn is_dns1123_label(value: &str) -> Checked {
    let mut wrong = too_long(value, LABEL_MAX_BYTES, "characters");
    if !dns_label(value) {
        wrong.push(if dns_subdomain(value) {
            "must not contain dots".to_owned()
        } else {
            mismatch(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start \
                 and end with an alphanumeric character",
                LABEL,
                &["my-name", "123-abc"],
            )
        });
    }
    checked(wrong)
}

/// A subdomain of RFC 1123 in lower case, as the names of most objects are: at most 253 bytes.
pub fn is_dns1123_subdomain(value: &str) -> Checked {
    checked(subdomain(value, "characters"))
}

/// A label of RFC 1035, as the names of services are: at most 63 bytes, and the first is a letter.
pub fn is_dns1035_label(value: &str) -> Checked {
    let mut wrong = too_long(value, LABEL_MAX_BYTES, "characters");
    if !(dns_label(value) && value.starts_with(|c: char| c.is_ascii_lowercase())) {
        wrong.push(mismatch(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
             character, and end with an alphanumeric character",
            DNS1035,
            &["my-name", "abc-123"],
        ));
    }
    checked(wrong)
}

/// A qualified name, as label keys and finalizers are: an optional DNS subdomain and `/`, then at most 63 bytes.
pub fn qualified_name(value: &str) -> Checked {
    let mut wrong = Vec::new();
    let name = match value.split_once('/') {
        None => value,
        Some((_, name)) if name.contains('/') => {
            return Err(vec![format!(
                "a valid label key {} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
                mismatch(KEY_TEXT, KEY, KEY_EXAMPLES)
            )]);
        }
        Some(("", name)) => {
            wrong.push("prefix part must be non-empty".to_owned());
            name
        }
        Some((prefix, name)) => {
            wrong.extend(subdomain(prefix, "bytes").into_iter().map(|text| format!("prefix part {text}")));
            name
        }
    };
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    }
    wrong.extend(too_long(name, LABEL_MAX_BYTES, "bytes").into_iter().map(|text| format!("name part {text}")));
    if !key_characters(name) {
        wrong.push(format!("name part {}", mismatch(KEY_TEXT, KEY, KEY_EXAMPLES)));
    }
    checked(wrong)
}

/// The value of a label: empty, or at most 63 bytes that begin and end with a letter or a digit.
pub fn label_value(value: &str) -> Checked {
    let mut wrong = too_long(value, LABEL_MAX_BYTES, "bytes");
    if !value.is_empty() && !key_characters(value) {
        wrong.push(mismatch(
            &format!("a valid label must be an empty string or {}", KEY_TEXT.trim_start_matches("must ")),
            &format!("({KEY})?"),
            &["MyValue", "my_value", "12345"],
        ));
    }
    checked(wrong)
}

/// A name that can be one segment of a path: the one rule that every name keeps (contract 0.18).
/// It says nothing of the length, nor of an empty name.
pub fn path_segment_name(name: &str) -> Checked {
    if matches!(name, "." | "..") {
        return Err(vec![format!("may not be '{name}'")]);
    }
    path_segment_prefix(name)
}

/// The beginning of a name that is completed later, as `generateName` is; the rest of [`path_segment_name`].
pub fn path_segment_prefix(prefix: &str) -> Checked {
    // Every request looks at its names, which are hardly ever wrong.
    if !prefix.bytes().any(|byte| matches!(byte, b'/' | b'%')) {
        return Ok(());
    }
    checked(['/', '%'].into_iter().filter(|c| prefix.contains(*c)).map(|c| format!("may not contain '{c}'")).collect())
}

fn checked(wrong: Vec<String>) -> Checked {
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Upstream counts bytes everywhere, and says so only where labels are checked.
fn too_long(value: &str, max: usize, unit: &str) -> Vec<String> {
    if value.len() > max { vec![format!("must be no more than {max} {unit}")] } else { Vec::new() }
}

fn mismatch(text: &str, regex: &str, examples: &[&str]) -> String {
    let examples = examples.iter().map(|example| format!("'{example}', ")).collect::<Vec<_>>().join(" or ");
    format!("{text} (e.g. {examples}regex used for validation is '{regex}')")
}

fn subdomain(value: &str, unit: &str) -> Vec<String> {
    let mut wrong = too_long(value, SUBDOMAIN_MAX_BYTES, unit);
    if !dns_subdomain(value) {
        wrong.push(mismatch(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
             start and end with an alphanumeric character",
            SUBDOMAIN,
            &["example.com"],
        ));
    }
    wrong
}

fn dns_subdomain(value: &str) -> bool {
    value.split('.').all(dns_label)
}

fn dns_label(value: &str) -> bool {
    let inner = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
    !value.is_empty() && value.bytes().all(inner) && !value.starts_with('-') && !value.ends_with('-')
}

fn key_characters(value: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    let inner = |c: char| edge(c) || matches!(c, '-' | '_' | '.');
    value.starts_with(edge) && value.ends_with(edge) && value.chars().all(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(checked: Checked) -> String {
        checked.unwrap_err().join("; ")
    }

    #[test]
    fn c0_18_names_that_no_path_can_have() {
        assert_eq!(path_segment_name(""), Ok(()));
        assert_eq!(path_segment_name("..."), Ok(()));
        assert_eq!(text(path_segment_name(".")), "may not be '.'");
        assert_eq!(text(path_segment_name("..")), "may not be '..'");
        assert_eq!(text(path_segment_name("a/b%c")), "may not contain '/'; may not contain '%'");
        assert_eq!(path_segment_prefix("."), Ok(()));
    }

    #[test]
    fn c5_7_dns_names() {
        let long = "a".repeat(64);
        assert_eq!(is_dns1123_label("0-a"), Ok(()));
        assert_eq!(text(is_dns1123_label("a.b")), "must not contain dots");
        assert_eq!(text(is_dns1123_label(&long)), "must be no more than 63 characters");
        assert_eq!(
            text(is_dns1123_label("-a")),
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
             end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
        );
        assert_eq!(is_dns1123_subdomain(&format!("{long}.b")), Ok(()));
        assert_eq!(text(is_dns1123_subdomain(&"a".repeat(254))), "must be no more than 253 characters");
        for bad in ["", "A", "a..b", ".a", "a.", "a_b", "a\n", "é"] {
            assert_eq!(
                text(is_dns1123_subdomain(bad)),
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and \
                 must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
                 '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            );
        }
        assert_eq!(is_dns1035_label("a-0"), Ok(()));
        assert_eq!(
            text(is_dns1035_label("0-a")),
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
             character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
             validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
        );
    }

    #[test]
    fn c5_7_label_keys_and_values() {
        assert_eq!(qualified_name("example.com/My_name.0"), Ok(()));
        let name = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                    alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
                    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
        assert_eq!(text(qualified_name("")), format!("name part must be non-empty; name part {name}"));
        assert_eq!(text(qualified_name("/a")), "prefix part must be non-empty");
        assert_eq!(text(qualified_name(&"a".repeat(64))), "name part must be no more than 63 bytes");
        assert_eq!(
            text(qualified_name("a/b/c")),
            format!(
                "a valid label key {name} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )
        );
        assert!(text(qualified_name("A/b")).starts_with("prefix part a lowercase RFC 1123 subdomain must"));
        assert_eq!(
            text(qualified_name(&format!("{}/b", "a".repeat(254)))),
            "prefix part must be no more than 253 bytes"
        );

        assert_eq!(label_value(""), Ok(()));
        assert_eq!(text(label_value(&"a".repeat(64))), "must be no more than 63 bytes");
        assert_eq!(
            text(label_value("a b")),
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must \
             start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used \
             for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
        );
    }
}
