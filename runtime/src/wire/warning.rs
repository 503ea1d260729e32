//! Warnings for the person behind the client, in the header `Warning` (contract 4.4.2, 4.4.6).

use std::collections::HashSet;
use std::sync::Arc;

use http::HeaderValue;

/// As many characters travel whole.
const MAX_TOTAL: usize = 4096;
/// As many characters stay of each text once there are more.
const MAX_TEXT: usize = 256;

/// The warnings of one response, each text once.
///
/// ```
/// use rest_resource::wire::warning::Warnings;
///
/// let mut warnings = Warnings::default();
/// warnings.add(r#"unknown field "spec.foo""#);
/// assert_eq!(warnings.header_values(), [r#"299 - "unknown field \"spec.foo\"""#]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    texts: Vec<Arc<str>>,
    seen: HashSet<Arc<str>>,
    /// Characters of all texts.
    total: usize,
    /// Characters of all texts after each was cut.
    total_cut: usize,
}

impl Warnings {
    /// Adds a text. An empty one, one with control characters, one that is there already and one for which there is
    /// no more room is dropped.
    pub fn add(&mut self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let is_full = self.is_cut() && self.total_cut >= MAX_TOTAL;
        if is_full || text.is_empty() || text.chars().any(char::is_control) || self.seen.contains(text) {
            return;
        }
        let length = text.chars().count();
        self.total += length;
        self.total_cut += length.min(MAX_TEXT);
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.seen.insert(text);
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// One value of the header `Warning` for each text, in the order in which they were added.
    pub fn header_values(&self) -> Vec<HeaderValue> {
        let length = if self.is_cut() { MAX_TEXT } else { usize::MAX };
        self.texts.iter().filter_map(|text| header_value(text.chars().take(length))).collect()
    }

    /// Whether the texts are too long together, so that each is cut.
    fn is_cut(&self) -> bool {
        self.total > MAX_TOTAL
    }
}

/// `299 - "text"`: a lasting warning of an agent that does not say its name.
fn header_value(text: impl Iterator<Item = char>) -> Option<HeaderValue> {
    let mut value = "299 - \"".to_owned();
    for character in text {
        if matches!(character, '"' | '\\') {
            value.push('\\');
        }
        value.push(character);
    }
    value.push('"');
    HeaderValue::from_maybe_shared(bytes::Bytes::from(value)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(texts: &[&str]) -> Vec<String> {
        let mut warnings = Warnings::default();
        for text in texts {
            warnings.add(text);
        }
        assert_eq!(warnings.is_empty(), warnings.header_values().is_empty());
        warnings.header_values().iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
    }

    #[test]
    fn c4_4_6_quotes_and_backslashes_are_escaped() {
        assert_eq!(warnings(&[r#"a "b" \ ü"#]), [r#"299 - "a \"b\" \\ ü""#]);
    }

    #[test]
    fn c4_4_6_each_text_once_in_order() {
        assert_eq!(warnings(&["b", "a", "b"]), [r#"299 - "b""#, r#"299 - "a""#]);
    }

    #[test]
    fn c4_4_6_texts_with_control_characters_are_dropped() {
        assert!(warnings(&["", "a\nb", "\u{7f}", "a\u{85}", "\0"]).is_empty());
    }

    #[test]
    fn c4_4_6_many_characters_are_cut() {
        let whole = "ü".repeat(4096);
        assert_eq!(warnings(&[&whole]), [format!(r#"299 - "{whole}""#)]);
        let cut = format!(r#"299 - "{}""#, "ü".repeat(256));
        assert_eq!(warnings(&[&whole, "a"]), [cut, r#"299 - "a""#.to_owned()]);
    }

    #[test]
    fn c4_4_6_what_does_not_fit_after_cutting_is_dropped() {
        let texts: Vec<String> = (0..1000).map(|number| format!("{number:0300}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let sent = warnings(&texts);
        assert_eq!(sent.len(), 4096 / 256);
        assert!(sent.iter().all(|value| value.len() == 256 + r#"299 - """#.len()));
    }
}
