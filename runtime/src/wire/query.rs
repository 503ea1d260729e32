//! The query of a request: parameters, read as Go's apiserver reads them (contract 0.17).

use std::borrow::Cow;

use super::status::{Result, Status};
use super::strconv;

/// The parameters of a request, in the order in which they came.
///
/// A value that needs no decoding is borrowed from the request. A pair with a broken escape or a `;` is left out, as
/// Go's `url.Values` leaves it out; bytes that are no UTF-8 become U+FFFD.
///
/// ```
/// use rest_resource::wire::query::Query;
///
/// let query = Query::parse("labelSelector=app%3Dweb&limit=5&limit=6&watch");
/// assert_eq!(query.get("labelSelector"), Some("app=web"));
/// assert_eq!(query.int("limit").unwrap(), Some(5));
/// assert_eq!(query.bool("watch"), Some(true));
/// assert_eq!(query.get("continue"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Query<'a> {
    /// Reads what stands behind the `?` of a request target. It takes any text.
    pub fn parse(raw: &'a str) -> Self {
        let pairs = raw
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.contains(';'))
            .filter_map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                Some((unescape(key)?, unescape(value)?))
            })
            .collect();
        Self { pairs }
    }

    /// The first value of a parameter; later ones do not count.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.get_all(key).next()
    }

    /// Every value of a parameter, as `dryRun` has them.
    pub fn get_all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(name, _)| *name == key).map(|(_, value)| value)
    }

    /// Whether a parameter is there, with a value or without.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// A boolean: `0` and `false` in any case are false; anything else is true, even the empty value.
    pub fn bool(&self, key: &str) -> Option<bool> {
        self.get(key).map(|value| value != "0" && !value.eq_ignore_ascii_case("false"))
    }

    /// An integer. An empty value is not one: Go answers 400 to `limit=` too.
    pub fn int(&self, key: &str) -> Result<Option<i64>> {
        self.get(key).map(strconv::parse_int).transpose().map_err(Status::bad_request)
    }

    /// Every pair.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(key, value)| (&**key, &**value))
    }
}

/// Decodes one key or value; `None` if a `%` is not followed by two hexadecimal digits.
fn unescape(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.contains(['%', '+']) {
        return Some(Cow::Borrowed(raw));
    }
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let [high, low, tail @ ..] = rest else { return None };
                rest = tail;
                hex(*high)? << 4 | hex(*low)?
            }
            other => *other,
        });
    }
    Some(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn c0_17_first_value_wins_and_dry_run_is_a_list() {
        let query = Query::parse("a=1&a=2&dryRun=All&dryRun=x&b&=v&&");
        assert_eq!(query.get("a"), Some("1"));
        assert_eq!(query.get_all("dryRun").collect::<Vec<_>>(), ["All", "x"]);
        assert_eq!(query.get("b"), Some(""));
        assert_eq!(query.get(""), Some("v"));
        assert!(query.has("b") && !query.has("c"));
    }

    #[test]
    fn c0_17_escapes() {
        let query = Query::parse("a+%41=b%20c+d&bad=%zz&short=%4&semi=1;x=2&utf8=%ff&last=1");
        assert_eq!(query.iter().collect::<Vec<_>>(), [("a A", "b c d"), ("utf8", "\u{fffd}"), ("last", "1")]);
        assert!(matches!(Query::parse("a=b").pairs[0].1, Cow::Borrowed("b")));
    }

    #[test]
    fn c0_17_booleans() {
        let query = Query::parse("a=0&b=False&c=FALSE&d=&e=True&f=no&g");
        for (key, expected) in [("a", false), ("b", false), ("c", false), ("d", true), ("e", true), ("f", true)] {
            assert_eq!(query.bool(key), Some(expected), "{key}");
        }
        assert_eq!(query.bool("g"), Some(true));
        assert_eq!(query.bool("absent"), None);
    }

    #[test]
    fn c0_17_bad_integers_are_400() {
        let query = Query::parse("a=-3&b=&c=1.5");
        assert_eq!(query.int("a").unwrap(), Some(-3));
        assert_eq!(query.int("absent").unwrap(), None);
        let error = query.int("c").unwrap_err();
        assert_eq!((error.code(), error.reason()), (400, "BadRequest"));
        assert_eq!(error.message(), r#"strconv.ParseInt: parsing "1.5": invalid syntax"#);
        assert_eq!(query.int("b").unwrap_err().message(), r#"strconv.ParseInt: parsing "": invalid syntax"#);
    }

    proptest! {
        #[test]
        fn c0_17_any_text_is_a_query(raw in any::<String>()) {
            Query::parse(&raw);
        }

        #[test]
        fn c0_17_what_a_client_encodes_comes_back(key in ".+", value in any::<String>()) {
            let raw = form_urlencoded::Serializer::new(String::new()).append_pair(&key, &value).finish();
            let query = Query::parse(&raw);
            prop_assert_eq!(query.get(&key), Some(value.as_str()));
        }
    }
}
