//! The options of LIST, WATCH and DELETECOLLECTION (contract 4.7, 4.8).

use super::super::field::FieldError;
use super::super::query::Query;
use super::super::selector::{FieldSelector, LabelSelector};
use super::super::status::{Result, Status};

/// The longest watch, in seconds: Go's longest duration. A clock can be moved by it.
const MAX_TIMEOUT_SECONDS: u64 = i64::MAX.unsigned_abs() / 1_000_000_000;

/// How [`ListOptions::resource_version`] is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceVersionMatch {
    /// Exactly this state.
    Exact,
    /// A state that is not older.
    NotOlderThan,
}

/// The options of LIST, WATCH and DELETECOLLECTION. A `shardSelector` is refused (contract 4.7.17).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// Which labels the objects have.
    pub label_selector: LabelSelector,
    /// What fields of the objects are.
    pub field_selector: FieldSelector,
    /// The state to list, or to watch from: `None` is the most recent, `Some(0)` any (contract 4.7.2, 4.8.4).
    pub resource_version: Option<u64>,
    /// How `resource_version` is meant.
    pub resource_version_match: Option<ResourceVersionMatch>,
    /// The most objects of a page; 0 is no limit.
    pub limit: u64,
    /// Where the list goes on: what the last page gave as `metadata.continue`, undecoded.
    pub continue_token: Option<String>,
    /// The seconds after which a watch ends, never 0; `None` leaves it to the server (contract 4.8.13).
    pub timeout_seconds: Option<u64>,
    /// Whether `watch` is set.
    pub watch: bool,
    /// Whether a watch has bookmarks.
    pub allow_watch_bookmarks: bool,
    /// Whether a watch begins with the present state (contract 4.8.4).
    pub send_initial_events: Option<bool>,
}

impl ListOptions {
    /// Reads the query, with the defaults and the validation of a watch if `watch` is set and of a list otherwise.
    ///
    /// A watch from an unset or a zero `resourceVersion` that says nothing of initial events gets them, with
    /// [`ResourceVersionMatch::NotOlderThan`] (contract 4.8.4).
    ///
    /// 400 for what cannot be read, 422 for what is not allowed; see [`validate_list`](Self::validate_list) and
    /// [`validate_watch`](Self::validate_watch).
    pub fn from_query(query: &Query<'_>) -> Result<Self> {
        Self::read(query, query.bool("watch").unwrap_or(false))
    }

    /// The same where `watch` is no parameter, as in DELETECOLLECTION (contract 2.4.3).
    pub(crate) fn of_list(query: &Query<'_>) -> Result<Self> {
        Self::read(query, false)
    }

    fn read(query: &Query<'_>, watch: bool) -> Result<Self> {
        let text = |key| query.get(key).unwrap_or_default();
        let flag = |key| query.bool(key).unwrap_or(false);
        // A negative number is none. Go ends such a watch at once.
        let number = |key| Ok::<_, Status>(query.int(key)?.and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0));

        let timeout_seconds = number("timeoutSeconds")?.map(|seconds| seconds.min(MAX_TIMEOUT_SECONDS));
        let limit = number("limit")?.unwrap_or(0);
        let label_selector = LabelSelector::parse(text("labelSelector"))?;
        let field_selector = FieldSelector::parse(text("fieldSelector"))?;

        // Who asks for a share must not take the whole for it.
        if !text("shardSelector").is_empty() {
            return Err(Status::bad_request("shardSelector is not supported"));
        }
        let mut check = Check {
            resource_version: text("resourceVersion"),
            resource_version_match: text("resourceVersionMatch"),
            continues: !text("continue").is_empty(),
            send_initial_events: query.bool("sendInitialEvents"),
        };
        if watch {
            check.default_initial_events();
            check.watch()?;
        } else {
            check.list()?;
        }
        Ok(Self {
            label_selector,
            field_selector,
            resource_version: super::parse_resource_version(check.resource_version)?,
            resource_version_match: ResourceVersionMatch::from_name(check.resource_version_match),
            limit,
            continue_token: check.continues.then(|| text("continue").to_owned()),
            timeout_seconds,
            watch,
            allow_watch_bookmarks: flag("allowWatchBookmarks"),
            send_initial_events: check.send_initial_events,
        })
    }

    /// 422 for what a list may not have (contract 4.7.3), and 400 for a continue token beside a resource version
    /// other than 0 (contract 4.7.7).
    pub fn validate_list(&self) -> Result<()> {
        self.check(&self.resource_version_text()).list()
    }

    /// 422 for what a watch may not have (contract 4.8.5).
    pub fn validate_watch(&self) -> Result<()> {
        self.check(&self.resource_version_text()).watch()
    }

    fn resource_version_text(&self) -> String {
        self.resource_version.map(|version| version.to_string()).unwrap_or_default()
    }

    fn check<'a>(&self, resource_version: &'a str) -> Check<'a> {
        Check {
            resource_version,
            resource_version_match: self.resource_version_match.map_or("", ResourceVersionMatch::name),
            continues: self.continue_token.is_some(),
            send_initial_events: self.send_initial_events,
        }
    }
}

impl ResourceVersionMatch {
    fn name(self) -> &'static str {
        match self {
            Self::Exact => EXACT,
            Self::NotOlderThan => NOT_OLDER_THAN,
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Exact, Self::NotOlderThan].into_iter().find(|known| known.name() == name)
    }
}

const EXACT: &str = "Exact";
const NOT_OLDER_THAN: &str = "NotOlderThan";

/// What the validation is about, as texts, since it names those that [`ListOptions`] has no place for.
struct Check<'a> {
    resource_version: &'a str,
    resource_version_match: &'a str,
    continues: bool,
    send_initial_events: Option<bool>,
}

impl Check<'_> {
    fn default_initial_events(&mut self) {
        let unsaid = self.send_initial_events.is_none() && self.resource_version_match.is_empty();
        if unsaid && matches!(self.resource_version, "" | "0") {
            self.send_initial_events = Some(true);
            self.resource_version_match = NOT_OLDER_THAN;
        }
    }

    fn list(&self) -> Result<()> {
        let mut errors = Vec::new();
        let wanted = self.resource_version_match;
        if !wanted.is_empty() {
            if self.resource_version.is_empty() {
                let detail = "resourceVersionMatch is forbidden unless resourceVersion is provided";
                errors.push(FieldError::forbidden(MATCH, detail));
            }
            if self.continues {
                let detail = "resourceVersionMatch is forbidden when continue is provided";
                errors.push(FieldError::forbidden(MATCH, detail));
            }
            if ![EXACT, NOT_OLDER_THAN].contains(&wanted) {
                errors.push(FieldError::not_supported(MATCH, wanted, &[EXACT, NOT_OLDER_THAN, ""]));
            }
            if wanted == EXACT && self.resource_version == "0" {
                let detail = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
                errors.push(FieldError::forbidden(MATCH, detail));
            }
        }
        if self.send_initial_events.is_some() {
            errors.push(FieldError::forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
        super::finish(KIND, &errors)?;
        if self.continues && !matches!(self.resource_version, "" | "0") {
            return Err(Status::bad_request("specifying resource version is not allowed when using continue"));
        }
        Ok(())
    }

    fn watch(&self) -> Result<()> {
        let mut errors = Vec::new();
        let wanted = self.resource_version_match;
        if self.send_initial_events.is_some() && wanted != NOT_OLDER_THAN {
            let detail = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
            errors.push(FieldError::forbidden(MATCH, detail));
        }
        if !wanted.is_empty() {
            if self.send_initial_events.is_none() {
                let detail = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
                errors.push(FieldError::forbidden(MATCH, detail));
            }
            if wanted != NOT_OLDER_THAN {
                errors.push(FieldError::not_supported(MATCH, wanted, &[NOT_OLDER_THAN]));
            }
            if self.continues {
                let detail = "resourceVersionMatch is forbidden when continue is provided";
                errors.push(FieldError::forbidden(MATCH, detail));
            }
        }
        super::finish(KIND, &errors)
    }
}

const KIND: &str = "ListOptions";
const MATCH: &str = "resourceVersionMatch";

#[cfg(test)]
mod tests {
    use super::super::{assert_bad_request, assert_invalid};
    use super::*;

    fn list(query: &str) -> Result<ListOptions> {
        ListOptions::from_query(&Query::parse(query))
    }

    #[test]
    fn c4_7_2_list_options_from_the_query() {
        let options = list(
            "labelSelector=a%3Db&fieldSelector=metadata.name%3Dx&resourceVersion=7&resourceVersionMatch=Exact&limit=5\
             &timeoutSeconds=30&allowWatchBookmarks=true&shardSelector=&watch=false",
        );
        assert_eq!(
            options.unwrap(),
            ListOptions {
                label_selector: LabelSelector::parse("a=b").unwrap(),
                field_selector: FieldSelector::parse("metadata.name=x").unwrap(),
                resource_version: Some(7),
                resource_version_match: Some(ResourceVersionMatch::Exact),
                limit: 5,
                timeout_seconds: Some(30),
                allow_watch_bookmarks: true,
                ..ListOptions::default()
            }
        );
        assert_eq!(list("limit=-1&timeoutSeconds=0&continue=&resourceVersion=").unwrap(), ListOptions::default());
        assert_eq!(list("continue=abc&resourceVersion=0").unwrap().continue_token.as_deref(), Some("abc"));
    }

    #[test]
    fn c0_17_unreadable_list_options_are_400() {
        assert_bad_request(list("limit=x"), "strconv.ParseInt: parsing \"x\": invalid syntax");
        assert_bad_request(list("timeoutSeconds="), "strconv.ParseInt: parsing \"\": invalid syntax");
        assert_bad_request(
            list("labelSelector=a%3D)&limit=1"),
            "unable to parse requirement: found ')', expected: identifier",
        );
        assert_bad_request(list("fieldSelector=a"), "invalid selector: 'a'; can't understand 'a'");
    }

    #[test]
    fn c4_7_3_list_validation() {
        assert_invalid(
            list("resourceVersionMatch=Exact"),
            KIND,
            "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
        );
        assert_invalid(
            list("resourceVersionMatch=x&continue=a&sendInitialEvents=false"),
            KIND,
            "[resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, \
             resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided, \
             resourceVersionMatch: Unsupported value: \"x\": supported values: \"Exact\", \"NotOlderThan\", \"\", \
             sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list]",
        );
        let exact_zero = "resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for \
                          resourceVersion \"0\"";
        assert_invalid(list("resourceVersionMatch=Exact&resourceVersion=0"), KIND, exact_zero);
        let options = ListOptions {
            resource_version: Some(0),
            resource_version_match: Some(ResourceVersionMatch::Exact),
            ..ListOptions::default()
        };
        assert_invalid(options.validate_list(), KIND, exact_zero);
        assert!(list("resourceVersionMatch=NotOlderThan&resourceVersion=0").unwrap().validate_list().is_ok());
    }

    #[test]
    fn c4_7_7_continue_with_a_resource_version_is_400() {
        let message = "specifying resource version is not allowed when using continue";
        assert_bad_request(list("continue=a&resourceVersion=1"), message);
        assert_bad_request(list("continue=a&resourceVersion=x"), message);
    }

    #[test]
    fn c4_7_12_unreadable_resource_version_is_400() {
        let message = "invalid resource version: resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \
                       \"abc\": invalid syntax";
        assert_bad_request(list("resourceVersion=abc"), message);
        assert_bad_request(list("resourceVersion=abc&watch=1"), message);
    }

    #[test]
    fn c4_8_4_a_watch_from_nowhere_gets_initial_events() {
        for (query, send, wanted) in [
            ("watch=true", Some(true), Some(ResourceVersionMatch::NotOlderThan)),
            ("watch=1&resourceVersion=0", Some(true), Some(ResourceVersionMatch::NotOlderThan)),
            ("watch=1&resourceVersion=5", None, None),
            (
                "watch&sendInitialEvents=false&resourceVersionMatch=NotOlderThan",
                Some(false),
                Some(ResourceVersionMatch::NotOlderThan),
            ),
            ("", None, None),
        ] {
            let options = list(query).unwrap();
            assert_eq!((options.send_initial_events, options.resource_version_match), (send, wanted), "{query}");
        }
    }

    #[test]
    fn c4_8_5_watch_validation() {
        let requires = "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to \
                        NotOlderThan";
        assert_invalid(list("watch=1&sendInitialEvents=true"), KIND, requires);
        assert_invalid(
            list("watch=1&resourceVersion=5&resourceVersionMatch=NotOlderThan"),
            KIND,
            "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is \
             provided",
        );
        assert_invalid(
            list("watch=1&sendInitialEvents=1&resourceVersionMatch=Exact&continue=a"),
            KIND,
            &format!(
                "[{requires}, resourceVersionMatch: Unsupported value: \"Exact\": supported values: \"NotOlderThan\", \
                 resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided]"
            ),
        );
        let options = ListOptions { send_initial_events: Some(true), ..ListOptions::default() };
        assert_invalid(options.validate_watch(), KIND, requires);
    }

    #[test]
    fn c4_8_13_timeouts_stay_within_a_clock() {
        assert_eq!(list("timeoutSeconds=9223372036854775807").unwrap().timeout_seconds, Some(9_223_372_036));
        assert_eq!(list("timeoutSeconds=-1").unwrap().timeout_seconds, None);
    }
}
