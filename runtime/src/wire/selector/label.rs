//! Label selectors (contract 4.7.13).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::super::status::{Result, Status};
use super::label_parser;

/// Which labels an object must have; the default takes every object.
///
/// It prints in a canonical form: sorted by key, `=` for `==`, and the values of a set sorted.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use rest_resource::wire::selector::LabelSelector;
///
/// let selector = LabelSelector::parse("tier notin (db, cache), app == web").unwrap();
/// assert_eq!(selector.to_string(), "app=web,tier notin (cache,db)");
/// assert!(selector.matches(&BTreeMap::from([("app".to_owned(), "web".to_owned())])));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

/// What one label must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    pub(super) key: String,
    pub(super) test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Exists,
    DoesNotExist,
    Equals(String),
    NotEquals(String),
    In(BTreeSet<String>),
    NotIn(BTreeSet<String>),
    GreaterThan(i64),
    LessThan(i64),
}

impl LabelSelector {
    /// Reads the parameter `labelSelector`. Empty selects everything; what is no selector is 400, in the words of Go.
    pub fn parse(text: &str) -> Result<Self> {
        super::check_length(text)?;
        let mut requirements = label_parser::parse(text).map_err(Status::bad_request)?;
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Self { requirements })
    }

    /// Whether an object with these labels is selected.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.matches_by(|key| labels.get(key).map(String::as_str))
    }

    /// The same, of labels that are held in another way.
    pub(crate) fn matches_by<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.test.matches(label(&requirement.key)))
    }

    /// Whether every object is selected.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }
}

impl Test {
    fn matches(&self, label: Option<&str>) -> bool {
        let number = || label.and_then(|label| label.parse::<i64>().ok());
        match self {
            Test::Exists => label.is_some(),
            Test::DoesNotExist => label.is_none(),
            Test::Equals(value) => label == Some(value.as_str()),
            Test::NotEquals(value) => label != Some(value.as_str()),
            Test::In(values) => label.is_some_and(|label| values.contains(label)),
            Test::NotIn(values) => label.is_none_or(|label| !values.contains(label)),
            Test::GreaterThan(bound) => number().is_some_and(|number| number > *bound),
            Test::LessThan(bound) => number().is_some_and(|number| number < *bound),
        }
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, requirement) in self.requirements.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            requirement.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match &self.test {
            Test::Exists => f.write_str(key),
            Test::DoesNotExist => write!(f, "!{key}"),
            Test::Equals(value) => write!(f, "{key}={value}"),
            Test::NotEquals(value) => write!(f, "{key}!={value}"),
            Test::In(values) => write_set(f, key, "in", values),
            Test::NotIn(values) => write_set(f, key, "notin", values),
            Test::GreaterThan(bound) => write!(f, "{key}>{bound}"),
            Test::LessThan(bound) => write!(f, "{key}<{bound}"),
        }
    }
}

fn write_set(f: &mut fmt::Formatter<'_>, key: &str, operator: &str, values: &BTreeSet<String>) -> fmt::Result {
    write!(f, "{key} {operator} (")?;
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            f.write_str(",")?;
        }
        f.write_str(value)?;
    }
    f.write_str(")")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn selects(selector: &str, labels: &[(&str, &str)]) -> bool {
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        LabelSelector::parse(selector).unwrap().matches(&labels)
    }

    #[test]
    fn c4_7_13_label_selector_existence_and_equality() {
        assert!(selects("", &[]) && selects(" ", &[]));
        assert!(selects("a", &[("a", "")]) && !selects("a", &[("b", "")]));
        assert!(selects("!a", &[("b", "")]) && !selects("!a", &[("a", "")]));
        assert!(selects("a=x", &[("a", "x")]) && selects("a == x", &[("a", "x")]));
        assert!(!selects("a=x", &[("a", "y")]) && !selects("a=x", &[]));
        assert!(selects("a=", &[("a", "")]) && !selects("a=", &[]));
        assert!(selects("a!=x", &[("a", "y")]) && selects("a!=x", &[]) && !selects("a!=x", &[("a", "x")]));
        assert!(selects("a=x,b=y", &[("a", "x"), ("b", "y")]) && !selects("a=x,b=y", &[("a", "x")]));
    }

    #[test]
    fn c4_7_13_label_selector_set_terms() {
        assert!(selects("a in (x,y)", &[("a", "y")]) && !selects("a in (x,y)", &[("a", "z")]));
        assert!(!selects("a in (x,y)", &[]));
        assert!(selects("a notin (x, y)", &[("a", "z")]) && selects("a notin (x,y)", &[]));
        assert!(!selects("a notin (x,y)", &[("a", "x")]));
        assert!(selects("a in ()", &[("a", "")]) && selects("a in (x,)", &[("a", "")]));
        assert!(selects("a in (,x)", &[("a", "")]) && selects("a in (x,,y)", &[("a", "")]));
        assert!(!selects("a in (x,y)", &[("a", "")]));
        assert!(selects("in in (in,notin),notin", &[("in", "notin"), ("notin", "")]));
        assert!(selects("a\tin\n(x)\r", &[("a", "x")]));
    }

    #[test]
    fn c4_7_13_label_selector_integer_terms() {
        assert!(selects("a>5", &[("a", "6")]) && !selects("a>5", &[("a", "5")]));
        assert!(selects("a < 5", &[("a", "-1")]) && !selects("a<5", &[]));
        assert!(!selects("a>5", &[("a", "x")]) && selects("a>09", &[("a", "10")]));
    }

    #[test]
    fn c4_7_13_label_selector_prints_canonically() {
        for (text, canonical) in [
            ("b,a", "a,b"),
            ("a==x,!b", "a=x,!b"),
            ("a in (y,x,y)", "a in (x,y)"),
            ("a notin ()", "a notin ()"),
            ("a=,b!=", "a=,b!="),
            ("a>007", "a>7"),
            ("x/y in (a,)", "x/y in (,a)"),
        ] {
            assert_eq!(LabelSelector::parse(text).unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn c4_7_13_label_selector_is_bounded() {
        let error = LabelSelector::parse(&"a".repeat(65 * 1024)).unwrap_err();
        assert_eq!(error.code(), 400);
        assert!(error.message().len() < 200);
    }

    fn requirement() -> impl Strategy<Value = String> {
        let key = "([a-z0-9]{1,4}(\\.[a-z]{1,3})?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,5}[a-z0-9])?";
        let value = "([A-Za-z0-9]([-A-Za-z0-9_.]{0,5}[a-z0-9])?)?";
        (key, 0..9, proptest::collection::vec(value, 1..4), 0..1000_u32).prop_map(|(key, kind, values, number)| {
            let set = values.join(",");
            match kind {
                0 => key,
                1 => format!("!{key}"),
                2 => format!("{key}={}", values[0]),
                3 => format!("{key}=={}", values[0]),
                4 => format!("{key}!={}", values[0]),
                5 => format!("{key} in ({set})"),
                6 => format!("{key} notin ({set})"),
                7 => format!("{key}>{number}"),
                _ => format!("{key}<{number}"),
            }
        })
    }

    proptest! {
        #[test]
        fn c4_7_13_no_label_selector_panics(any in any::<String>(), near in "[ax/=!<>,() \\x00é]{0,12}|(a|in|notin|[=!(),<> ]){0,12}") {
            let _ = LabelSelector::parse(&any);
            if let Ok(selector) = LabelSelector::parse(&near) {
                prop_assert_eq!(LabelSelector::parse(&selector.to_string()).unwrap(), selector);
            }
        }

        #[test]
        fn c4_7_13_label_selectors_come_back(requirements in proptest::collection::vec(requirement(), 0..5)) {
            let selector = LabelSelector::parse(&requirements.join(",")).unwrap();
            prop_assert_eq!(LabelSelector::parse(&selector.to_string()).unwrap(), selector);
        }
    }
}
