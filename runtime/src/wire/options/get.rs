//! The options of GET (contract 4.6).

use super::super::query::Query;
use super::super::status::{Result, Status};

/// The options of GET.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GetOptions {
    /// How fresh the answer is: `None` is the most recent state, `Some(0)` any, and another a state that is not
    /// older (contract 4.6.2).
    pub resource_version: Option<u64>,
}

impl GetOptions {
    /// Reads the query: 400 for an unreadable `resourceVersion`, and for `export`, which is long gone
    /// (contract 4.6.3, 4.6.4).
    pub fn from_query(query: &Query<'_>) -> Result<Self> {
        if query.bool("export") == Some(true) {
            return Err(Status::bad_request("the export parameter, deprecated since v1.14, is no longer supported"));
        }
        let resource_version = super::parse_resource_version(query.get("resourceVersion").unwrap_or_default())?;
        Ok(Self { resource_version })
    }
}

#[cfg(test)]
mod tests {
    use super::super::assert_bad_request;
    use super::*;

    fn get(query: &str) -> Result<GetOptions> {
        GetOptions::from_query(&Query::parse(query))
    }

    #[test]
    fn c4_6_2_resource_version_unset_any_and_at_least() {
        for (query, resource_version) in [
            ("", None),
            ("resourceVersion=", None),
            ("resourceVersion=0&export=false", Some(0)),
            ("resourceVersion=18446744073709551615", Some(u64::MAX)),
        ] {
            assert_eq!(get(query).unwrap(), GetOptions { resource_version }, "{query}");
        }
    }

    #[test]
    fn c4_6_3_unreadable_resource_version_is_400() {
        assert_bad_request(
            get("resourceVersion=abc"),
            "invalid resource version: resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": \
             invalid syntax",
        );
        assert_bad_request(
            get("resourceVersion=18446744073709551616"),
            "invalid resource version: resourceVersion: Invalid value: \"18446744073709551616\": strconv.ParseUint: \
             parsing \"18446744073709551616\": value out of range",
        );
    }

    #[test]
    fn c4_6_4_export_is_400() {
        for query in ["export=true", "export", "export=1"] {
            assert_bad_request(get(query), "the export parameter, deprecated since v1.14, is no longer supported");
        }
    }
}
