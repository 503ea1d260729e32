//! The clauses of the header `Accept`, in the order in which they are tried (contract 4.2.2).

use std::borrow::Cow;
use std::cmp::Reverse;

use super::Format;

/// More clauses than any client sends; what stands behind them is not read.
const MAX_CLAUSES: usize = 64;

/// One clause: a media range with its parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause<'a> {
    kind: &'a str,
    subtype: &'a str,
    parameters: &'a str,
    /// The parameter `q`, from 0 (refused) to 1.
    pub(super) quality: f32,
}

/// The clauses of a header value, the most wanted first: by quality, then a type before `type/*` before `*/*`,
/// then as listed. What is no media range is left out.
pub(super) fn clauses(header: &str) -> Vec<Clause<'_>> {
    let mut clauses: Vec<Clause<'_>> = split(header, b',').filter_map(Clause::parse).take(MAX_CLAUSES).collect();
    clauses.sort_by(|a, b| {
        b.quality.total_cmp(&a.quality).then_with(|| Reverse(a.specificity()).cmp(&Reverse(b.specificity())))
    });
    clauses
}

/// Whether a clause names HTML, as those of browsers do; `*/*` does not, which every other client sends.
#[cfg(feature = "docs")]
pub(crate) fn names_html(header: &str) -> bool {
    clauses(header).iter().any(|clause| {
        clause.kind.eq_ignore_ascii_case("text") && clause.subtype.eq_ignore_ascii_case("html") && clause.quality > 0.0
    })
}

impl<'a> Clause<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (range, parameters) = text.split_once(';').unwrap_or((text, ""));
        let (kind, subtype) = match range.trim().split_once('/') {
            Some((kind, subtype)) => (kind.trim_end(), subtype.trim_start()),
            None if range.trim() == "*" => ("*", "*"),
            None => return None,
        };
        if kind.is_empty() || subtype.is_empty() || subtype.contains('/') {
            return None;
        }
        let mut clause = Self { kind, subtype, parameters, quality: 1.0 };
        // A quality that is no number counts as if it were not there.
        let quality = clause.parameters().filter(|(name, _)| name.eq_ignore_ascii_case("q")).last();
        if let Some(quality) = quality.and_then(|(_, value)| value.parse::<f32>().ok()).filter(|q| *q >= 0.0) {
            clause.quality = quality.min(1.0);
        }
        Some(clause)
    }

    /// The parameters as name and unquoted value; those without a value are left out.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        split(self.parameters, b';').filter_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            Some((name.trim(), unquote(value.trim())))
        })
    }

    /// Whether the media range covers the format.
    pub(super) fn covers(&self, format: Format) -> bool {
        let (kind, subtype) = format.media_type().split_once('/').unwrap_or_default();
        match (self.kind, self.subtype) {
            ("*", "*") => true,
            (own, "*") => own.eq_ignore_ascii_case(kind),
            (own, own_subtype) => own.eq_ignore_ascii_case(kind) && own_subtype.eq_ignore_ascii_case(subtype),
        }
    }

    /// 2 for a type, 1 for `type/*`, 0 for `*/*`.
    pub(super) fn specificity(&self) -> u8 {
        u8::from(self.kind != "*") + u8::from(self.subtype != "*")
    }
}

/// Splits at a separator, but not inside of quotes.
fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut quoted = false;
        let mut escaped = false;
        let end = text.bytes().position(|byte| {
            if escaped {
                escaped = false;
            } else if quoted && byte == b'\\' {
                escaped = true;
            } else if byte == b'"' {
                quoted = !quoted;
            }
            !quoted && byte == separator
        });
        // The separators are ASCII, so the cut is never inside of a character.
        let (part, remainder) = end.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])));
        rest = remainder;
        Some(part)
    })
}

/// The text of an RFC 9110 `quoted-string`; anything else is returned as it is.
fn unquote(value: &str) -> Cow<'_, str> {
    let Some(inner) = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')) else {
        return Cow::Borrowed(value);
    };
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        text.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(header: &str) -> Vec<String> {
        clauses(header).iter().map(|c| format!("{}/{}", c.kind, c.subtype)).collect()
    }

    #[test]
    fn c4_2_2_clauses_are_ordered_by_quality_then_specificity_then_position() {
        assert_eq!(ranges("*/*, a/*, a/b, c/d"), ["a/b", "c/d", "a/*", "*/*"]);
        assert_eq!(ranges("a/b;q=0.1, */*;q=0.9, c/d"), ["c/d", "*/*", "a/b"]);
        assert_eq!(ranges("a/b;q=0.899, c/d;q=0.9"), ["c/d", "a/b"]);
    }

    #[cfg(feature = "docs")]
    #[test]
    fn browsers_name_html() {
        for header in ["text/html", "application/xml, TEXT/HTML;q=0.1, */*"] {
            assert!(names_html(header), "{header}");
        }
        for header in ["", "*/*", "text/*", "application/json, */*", "text/html;q=0, */*", "x;y=\"text/html\""] {
            assert!(!names_html(header), "{header}");
        }
    }

    #[test]
    fn c4_2_2_junk_is_left_out() {
        assert_eq!(ranges(",, ;, a, a/b/c, /, a/, /b, *, x/y ; q"), ["x/y", "*/*"]);
        for (header, quality) in [("a/b;q=high", 1.0), ("a/b;q=NaN", 1.0), ("a/b;q=-1", 1.0), ("a/b;q=7", 1.0)] {
            assert!((clauses(header)[0].quality - quality).abs() < f32::EPSILON, "{header}");
        }
        assert_eq!(clauses(&"a/b,".repeat(10_000)).len(), MAX_CLAUSES);
    }

    #[test]
    fn c4_2_2_separators_inside_of_quotes_do_not_separate() {
        let clauses = clauses(r#"a/b; x="1,2;3\"" ;Q="0.5", c/d;q=0.4"#);
        let parameters: Vec<_> = clauses[0].parameters().collect();
        assert_eq!(parameters, [("x", Cow::from(r#"1,2;3""#)), ("Q", Cow::from("0.5"))]);
        assert_eq!(clauses.len(), 2);
    }
}
