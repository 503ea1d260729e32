//! Field selectors (contract 4.7.14, 4.7.15).

use std::fmt;

use super::super::status::{Result, Status};
use super::super::strconv;

/// What some fields of an object must be; the default takes every object.
///
/// A field that an object does not have counts as empty.
///
/// ```
/// use rest_resource::wire::selector::FieldSelector;
///
/// let selector = FieldSelector::parse("status.phase!=Done,metadata.name==a").unwrap();
/// assert_eq!(selector.to_string(), "metadata.name=a,status.phase!=Done");
/// assert_eq!(selector.exact("metadata.name"), Some("a"));
/// assert!(selector.matches(|field| (field == "metadata.name").then_some("a")));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector {
    /// Sorted, so that selectors that mean the same print the same.
    terms: Vec<FieldTerm>,
}

/// One comparison of a [`FieldSelector`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldTerm {
    /// The path of the field, for example `metadata.name`.
    pub field: String,
    /// How the field is compared.
    pub op: FieldOperator,
    /// The value, without escapes.
    pub value: String,
}

/// How a [`FieldTerm`] compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldOperator {
    /// `=` or `==`.
    Equals,
    /// `!=`.
    NotEquals,
}

impl FieldSelector {
    /// Reads the parameter `fieldSelector`: `f=v`, `f==v` and `f!=v`, joined by commas, with `\\`, `\,` and `\=` in
    /// values. Empty selects everything; what is no selector is 400, in the words of Go.
    pub fn parse(text: &str) -> Result<Self> {
        super::check_length(text)?;
        let mut parts = split_terms(text);
        // Go reports the first mistake in this order.
        parts.sort_unstable();
        let mut terms = Vec::with_capacity(parts.len());
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            let (field, op, value) = split_term(part)
                .ok_or_else(|| Status::bad_request(format!("invalid selector: '{text}'; can't understand '{part}'")))?;
            let value = unescape(value)?;
            // A lone `=` selects everything.
            if !(field.is_empty() && value.is_empty()) {
                terms.push(FieldTerm { field: field.to_owned(), op, value });
            }
        }
        terms.sort_unstable();
        Ok(Self { terms })
    }

    /// Whether an object is selected; `get` gives the value of a field.
    pub fn matches<V: AsRef<str>>(&self, mut get: impl FnMut(&str) -> Option<V>) -> bool {
        self.terms.iter().all(|term| {
            let value = get(&term.field);
            let equal = value.as_ref().map_or("", AsRef::as_ref) == term.value;
            equal == (term.op == FieldOperator::Equals)
        })
    }

    /// The comparisons, all of which must hold.
    pub fn terms(&self) -> &[FieldTerm] {
        &self.terms
    }

    /// Whether every object is selected.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The value that a field must have, if the selector says it. Of two contradicting ones it is the first.
    pub fn exact(&self, field: &str) -> Option<&str> {
        self.terms
            .iter()
            .find(|term| term.op == FieldOperator::Equals && term.field == field)
            .map(|term| term.value.as_str())
    }

    /// 400 if a field is not one of `known`. The text names `metadata.name` and `metadata.namespace` first, if they
    /// are known, and then the others, sorted (contract 4.7.15).
    pub fn check_known(&self, known: &[&str]) -> Result<()> {
        let Some(term) = self.terms.iter().find(|term| !known.contains(&term.field.as_str())) else { return Ok(()) };
        let mut names = known.to_vec();
        names.sort_by_key(|name| {
            let rank = ["metadata.name", "metadata.namespace"].iter().position(|first| first == name).unwrap_or(2);
            (rank, *name)
        });
        let names: Vec<String> = names.into_iter().map(strconv::quote).collect();
        Err(Status::bad_request(format!(
            "{} is not a known field selector: only {}",
            strconv::quote(&term.field),
            names.join(", ")
        )))
    }

    /// Requires a value of one more field, as a name in the path does (contract 4.7.16).
    pub fn push_exact(&mut self, field: impl Into<String>, value: impl Into<String>) {
        let term = FieldTerm { field: field.into(), op: FieldOperator::Equals, value: value.into() };
        if let Err(at) = self.terms.binary_search(&term) {
            self.terms.insert(at, term);
        }
    }
}

impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, term) in self.terms.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            term.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for FieldTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.field)?;
        f.write_str(match self.op {
            FieldOperator::Equals => "=",
            FieldOperator::NotEquals => "!=",
        })?;
        for part in self.value.split_inclusive(['\\', ',', '=']) {
            let end = part.trim_end_matches(['\\', ',', '=']).len();
            let (plain, special) = part.split_at(end);
            f.write_str(plain)?;
            if !special.is_empty() {
                write!(f, "\\{special}")?;
            }
        }
        Ok(())
    }
}

/// Splits at the commas that have no backslash before them.
fn split_terms(text: &str) -> Vec<&str> {
    let mut escaped = false;
    text.split(|c| {
        let splits = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        splits
    })
    .collect()
}

/// Splits at the first operator; fields have no escapes.
fn split_term(term: &str) -> Option<(&str, FieldOperator, &str)> {
    let (field, value) = term.split_once('=')?;
    Some(match field.strip_suffix('!') {
        Some(field) => (field, FieldOperator::NotEquals, value),
        None => (field, FieldOperator::Equals, value.strip_prefix('=').unwrap_or(value)),
    })
}

fn unescape(value: &str) -> Result<String> {
    let mut plain = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c @ ('\\' | ',' | '=')) => plain.push(c),
                Some(c) => return Err(invalid(format_args!("invalid escape sequence: \\{c}"))),
                None => return Err(invalid(format_args!("invalid escape sequence: \\"))),
            },
            // Go prints the number of the character.
            ',' | '=' => return Err(invalid(format_args!("unescaped character in value: {}", u32::from(c)))),
            c => plain.push(c),
        }
    }
    Ok(plain)
}

fn invalid(why: fmt::Arguments<'_>) -> Status {
    Status::bad_request(format!("invalid field selector: {why}"))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;

    fn error(text: &str) -> String {
        let error = FieldSelector::parse(text).unwrap_err();
        assert_eq!((error.code(), error.reason()), (400, "BadRequest"));
        error.message().to_owned()
    }

    #[test]
    fn c4_7_14_field_selector_terms() {
        let selector = FieldSelector::parse("b!=2,a=1,,c==3,=").unwrap();
        assert_eq!(selector.to_string(), "a=1,b!=2,c=3");
        assert_eq!(selector.terms().len(), 3);
        assert_eq!(selector.exact("c"), Some("3"));
        assert_eq!(selector.exact("b"), None);
        let select = |b: &'static str| {
            selector.matches(|field| match field {
                "a" => Some(Cow::Borrowed("1")),
                "b" => Some(Cow::Borrowed(b)),
                "c" => Some(Cow::Owned("3".to_owned())),
                _ => None,
            })
        };
        assert!(select("1") && !select("2"));
        assert!(FieldSelector::parse("").unwrap().is_empty());
    }

    #[test]
    fn c4_7_14_an_absent_field_is_empty() {
        let select = |text| FieldSelector::parse(text).unwrap().matches(|_| None::<&str>);
        assert!(select("a=") && select("a!=x") && !select("a!=") && !select("a=x"));
    }

    #[test]
    fn c4_7_14_field_selector_escapes() {
        let selector = FieldSelector::parse(r"a=x\,y\=z\\,b!=\\\,").unwrap();
        assert_eq!(selector.exact("a"), Some(r"x,y=z\"));
        assert_eq!(selector.terms()[1].value, r"\,");
        assert_eq!(selector.to_string(), r"a=x\,y\=z\\,b!=\\\,");
    }

    #[test]
    fn c4_7_14_field_selector_errors_of_go() {
        assert_eq!(error("b=1,a"), "invalid selector: 'b=1,a'; can't understand 'a'");
        assert_eq!(error("a>1"), "invalid selector: 'a>1'; can't understand 'a>1'");
        assert_eq!(error(r"a=\x"), r"invalid field selector: invalid escape sequence: \x");
        assert_eq!(error(r"a=\"), r"invalid field selector: invalid escape sequence: \");
        assert_eq!(error("a=b=c"), "invalid field selector: unescaped character in value: 61");
        assert_eq!(error("a!==b"), "invalid field selector: unescaped character in value: 61");
    }

    #[test]
    fn c4_7_15_unknown_fields_are_400() {
        let selector = FieldSelector::parse("metadata.name=a,spec.x=b").unwrap();
        let known = ["metadata.name", "metadata.namespace"];
        assert_eq!(
            selector.check_known(&known).unwrap_err().message(),
            r#""spec.x" is not a known field selector: only "metadata.name", "metadata.namespace""#
        );
        assert_eq!(
            selector.check_known(&["status.b", "metadata.namespace", "a", "metadata.name"]).unwrap_err().message(),
            r#""spec.x" is not a known field selector: only "metadata.name", "metadata.namespace", "a", "status.b""#
        );
        assert!(selector.check_known(&["spec.x", "metadata.name"]).is_ok());
    }

    #[test]
    fn c4_7_16_a_name_becomes_a_term() {
        let mut selector = FieldSelector::parse("metadata.name=a").unwrap();
        selector.push_exact("metadata.name", "a");
        assert_eq!(selector.to_string(), "metadata.name=a");
        selector.push_exact("metadata.namespace", "n");
        assert_eq!(selector.to_string(), "metadata.name=a,metadata.namespace=n");
    }

    proptest! {
        #[test]
        fn c4_7_14_no_field_selector_panics(any in any::<String>(), near in r"[ab=!,\\é]{0,12}") {
            let _ = FieldSelector::parse(&any);
            if let Ok(selector) = FieldSelector::parse(&near) {
                prop_assert_eq!(FieldSelector::parse(&selector.to_string()).unwrap(), selector);
            }
        }

        #[test]
        fn c4_7_14_any_value_comes_back(value in any::<String>()) {
            let mut selector = FieldSelector::default();
            selector.push_exact("a", value);
            prop_assert_eq!(FieldSelector::parse(&selector.to_string()).unwrap(), selector);
        }
    }
}
