//! The options of DELETE and DELETECOLLECTION (contract 4.10).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::field::FieldError;
use super::super::query::Query;
use super::super::status::{Result, Status};
use super::super::strconv;
use super::Preconditions;

/// What happens to the dependents of an object that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropagationPolicy {
    /// The object stays until its dependents are gone.
    Foreground,
    /// The garbage collector deletes the dependents afterwards.
    Background,
    /// The dependents stay.
    Orphan,
}

/// The options of DELETE and DELETECOLLECTION. They come from the body, or from the query if there is no body
/// (contract 4.10.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// Everything happens but the removal (contract 4.10.15).
    pub dry_run: bool,
    /// The seconds that the object has to end; `None` is the default of its type, 0 is at once. A negative number is
    /// what the client sent; it counts as 1 (contract 4.10.11).
    pub grace_period_seconds: Option<i64>,
    /// What happens to the dependents; `None` is the default of the type.
    pub propagation_policy: Option<PropagationPolicy>,
    /// The older form of `propagation_policy`; not both.
    pub orphan_dependents: Option<bool>,
    /// What must be true of the object.
    pub preconditions: Preconditions,
    /// Deletes an object that cannot be read from the storage, without anything else that a delete does
    /// (contract 4.10.13).
    pub ignore_store_read_error_with_cluster_breaking_potential: bool,
}

impl DeleteOptions {
    /// Reads the query, which knows `uid` and `resourceVersion` as preconditions (contract 4.10.3): 400 for what
    /// cannot be read, 422 for what is not allowed, see [`validate`](Self::validate).
    pub fn from_query(query: &Query<'_>) -> Result<Self> {
        let text = |key| query.get(key).filter(|value| !value.is_empty()).map(str::to_owned);
        let options = Self {
            grace_period_seconds: query.int("gracePeriodSeconds")?,
            orphan_dependents: query.bool("orphanDependents"),
            preconditions: Preconditions { uid: text("uid"), resource_version: text("resourceVersion") },
            ignore_store_read_error_with_cluster_breaking_potential: query.bool(IGNORE_READ_ERROR).unwrap_or(false),
            ..Self::default()
        };
        options.complete(query.get(POLICY), query.get_all("dryRun"))
    }

    /// Reads the body: a `DeleteOptions` of `v1`, of `meta.k8s.io/v1` or of `group_version`, the group and version of
    /// the request; where it does not say, it is one. Unknown fields do not count (contract 4.10.2).
    ///
    /// 400 for what cannot be read, 422 for what is not allowed, see [`validate`](Self::validate).
    pub fn from_json(body: &Value, group_version: &str) -> Result<Self> {
        let empty = Map::new();
        let body = object(body, &empty, KIND)?;
        check_type(body, group_version)?;
        let preconditions = object(body.get("preconditions").unwrap_or(&Value::Null), &empty, "preconditions")?;
        let options = Self {
            grace_period_seconds: field(body, "gracePeriodSeconds")?,
            orphan_dependents: field(body, "orphanDependents")?,
            preconditions: Preconditions {
                uid: field(preconditions, "uid")?,
                resource_version: field(preconditions, "resourceVersion")?,
            },
            ignore_store_read_error_with_cluster_breaking_potential: field(body, IGNORE_READ_ERROR)?.unwrap_or(false),
            ..Self::default()
        };
        let dry_run: Vec<&str> = field(body, "dryRun")?.unwrap_or_default();
        options.complete(field(body, POLICY)?, dry_run.into_iter())
    }

    /// 422 for options that exclude each other (contract 4.10.4, 4.10.13).
    pub fn validate(&self) -> Result<()> {
        let mut errors = Vec::new();
        self.check_policy(self.propagation_policy.map(PropagationPolicy::name), &mut errors);
        self.check_ignore_read_error(self.propagation_policy.is_some(), &mut errors);
        super::finish(KIND, &errors)
    }

    /// 422 for what only DELETECOLLECTION refuses (contract 4.10.13).
    pub fn validate_for_collection(&self) -> Result<()> {
        let mut errors = Vec::new();
        if self.ignore_store_read_error_with_cluster_breaking_potential {
            let detail = "is not allowed with DELETECOLLECTION, try again after removing the option";
            errors.push(FieldError::invalid(IGNORE_READ_ERROR, true, detail));
        }
        super::finish(KIND, &errors)
    }

    /// Adds what can have a value that is not allowed, and validates.
    fn complete<'v>(mut self, policy: Option<&str>, dry_run: impl Iterator<Item = &'v str>) -> Result<Self> {
        let mut errors = Vec::new();
        self.check_policy(policy, &mut errors);
        self.propagation_policy = policy.and_then(PropagationPolicy::from_name);
        self.dry_run = super::read_dry_run(dry_run, &mut errors);
        self.check_ignore_read_error(policy.is_some(), &mut errors);
        super::finish(KIND, &errors)?;
        Ok(self)
    }

    fn check_policy(&self, policy: Option<&str>, errors: &mut Vec<FieldError>) {
        let Some(policy) = policy else { return };
        if self.orphan_dependents.is_some() {
            let detail = "orphanDependents and deletionPropagation cannot be both set";
            errors.push(FieldError::invalid(POLICY, policy, detail));
        }
        if PropagationPolicy::from_name(policy).is_none() {
            let supported = ["Foreground", "Background", "Orphan", "nil"];
            errors.push(FieldError::not_supported(POLICY, policy, &supported));
        }
    }

    fn check_ignore_read_error(&self, has_policy: bool, errors: &mut Vec<FieldError>) {
        if !self.ignore_store_read_error_with_cluster_breaking_potential {
            return;
        }
        for (set, other) in [
            (has_policy, POLICY),
            (self.orphan_dependents.is_some(), "orphanDependents"),
            (self.grace_period_seconds.is_some(), "gracePeriodSeconds"),
            (self.preconditions != Preconditions::default(), "preconditions"),
        ] {
            if set {
                let detail = format!("cannot be set together with .{other}");
                errors.push(FieldError::invalid(IGNORE_READ_ERROR, true, detail));
            }
        }
    }
}

impl PropagationPolicy {
    fn name(self) -> &'static str {
        match self {
            Self::Foreground => "Foreground",
            Self::Background => "Background",
            Self::Orphan => "Orphan",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Foreground, Self::Background, Self::Orphan].into_iter().find(|known| known.name() == name)
    }
}

const KIND: &str = "DeleteOptions";
const POLICY: &str = "propagationPolicy";
const IGNORE_READ_ERROR: &str = "ignoreStoreReadErrorWithClusterBreakingPotential";

/// 400 for a body of another Kind, or of a version that is not accepted.
fn check_type(body: &Map<String, Value>, group_version: &str) -> Result<()> {
    let kind: &str = field(body, "kind")?.filter(|kind: &&str| !kind.is_empty()).unwrap_or(KIND);
    let version: &str = field(body, "apiVersion")?.unwrap_or_default();
    if kind == KIND && (["", "v1", "meta.k8s.io/v1"].contains(&version) || version == group_version) {
        return Ok(());
    }
    let (kind, version) = (strconv::quote(kind), strconv::quote(version));
    Err(Status::bad_request(format!("no kind {kind} is registered for version {version}")))
}

/// `null` is an object without fields, as in Go.
fn object<'v>(value: &'v Value, empty: &'v Map<String, Value>, what: &str) -> Result<&'v Map<String, Value>> {
    match value {
        Value::Null => Ok(empty),
        Value::Object(fields) => Ok(fields),
        _ => Err(Status::bad_request(format!("json: cannot unmarshal {what}: it is no object"))),
    }
}

/// One field; absent and `null` are `None`.
fn field<'v, T: Deserialize<'v>>(fields: &'v Map<String, Value>, name: &str) -> Result<Option<T>> {
    let Some(value) = fields.get(name) else { return Ok(None) };
    Option::deserialize(value)
        .map_err(|error| Status::bad_request(format!("json: cannot unmarshal field {KIND}.{name}: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{assert_bad_request, assert_invalid};
    use super::*;

    fn query(query: &str) -> Result<DeleteOptions> {
        DeleteOptions::from_query(&Query::parse(query))
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that `json!` stands bare")]
    fn body(body: Value) -> Result<DeleteOptions> {
        DeleteOptions::from_json(&body, "wardle.example.com/v1")
    }

    #[test]
    fn c4_10_2_delete_options_from_the_body() {
        for version in ["v1", "meta.k8s.io/v1", "wardle.example.com/v1"] {
            let options = body(json!({"apiVersion": version, "kind": "DeleteOptions", "gracePeriodSeconds": 5}));
            assert_eq!(options.unwrap().grace_period_seconds, Some(5));
        }
        assert_eq!(body(json!({})).unwrap(), DeleteOptions::default());
        assert_eq!(body(json!({"preconditions": null, "dryRun": null, "x": 1})).unwrap(), DeleteOptions::default());
        assert_eq!(
            body(json!({
                "dryRun": ["All"], "propagationPolicy": "Foreground", "gracePeriodSeconds": -1,
                "preconditions": {"uid": "u", "resourceVersion": "7"},
            }))
            .unwrap(),
            DeleteOptions {
                dry_run: true,
                grace_period_seconds: Some(-1),
                propagation_policy: Some(PropagationPolicy::Foreground),
                preconditions: Preconditions { uid: Some("u".to_owned()), resource_version: Some("7".to_owned()) },
                ..DeleteOptions::default()
            }
        );
    }

    #[test]
    fn c4_10_2_an_undecodable_body_is_400() {
        assert_bad_request(
            body(json!({"apiVersion": "v1", "kind": "Pod"})),
            r#"no kind "Pod" is registered for version "v1""#,
        );
        assert_bad_request(
            body(json!({"apiVersion": "apps/v1", "kind": "DeleteOptions"})),
            r#"no kind "DeleteOptions" is registered for version "apps/v1""#,
        );
        for bad in [
            json!([]),
            json!("x"),
            json!({"gracePeriodSeconds": "5"}),
            json!({"gracePeriodSeconds": 1.5}),
            json!({"dryRun": "All"}),
            json!({"preconditions": ["u"]}),
            json!({"orphanDependents": 1}),
            json!({"kind": 1}),
        ] {
            assert_eq!(body(bad.clone()).unwrap_err().code(), 400, "{bad}");
        }
    }

    #[test]
    fn c4_10_3_delete_options_from_the_query() {
        let options =
            query("uid=u&resourceVersion=7&gracePeriodSeconds=0&orphanDependents=false&dryRun=All&pretty=1").unwrap();
        assert_eq!(
            options,
            DeleteOptions {
                dry_run: true,
                grace_period_seconds: Some(0),
                orphan_dependents: Some(false),
                preconditions: Preconditions { uid: Some("u".to_owned()), resource_version: Some("7".to_owned()) },
                ..DeleteOptions::default()
            }
        );
        assert_eq!(query("uid=&resourceVersion=").unwrap(), DeleteOptions::default());
        assert_bad_request(query("gracePeriodSeconds=x"), "strconv.ParseInt: parsing \"x\": invalid syntax");
    }

    #[test]
    fn c4_10_4_delete_validation() {
        let both = "propagationPolicy: Invalid value: \"Orphan\": orphanDependents and deletionPropagation cannot be \
                    both set";
        assert_invalid(query("propagationPolicy=Orphan&orphanDependents=true"), KIND, both);
        let options = DeleteOptions {
            propagation_policy: Some(PropagationPolicy::Orphan),
            orphan_dependents: Some(true),
            ..DeleteOptions::default()
        };
        assert_invalid(options.validate(), KIND, both);
        assert_invalid(
            query("propagationPolicy="),
            KIND,
            "propagationPolicy: Unsupported value: \"\": supported values: \"Foreground\", \"Background\", \
             \"Orphan\", \"nil\"",
        );
        assert_invalid(
            body(json!({"propagationPolicy": "x", "dryRun": ["y"]})),
            KIND,
            "[propagationPolicy: Unsupported value: \"x\": supported values: \"Foreground\", \"Background\", \
             \"Orphan\", \"nil\", dryRun: Unsupported value: [\"y\"]: supported values: \"All\"]",
        );
    }

    #[test]
    fn c4_10_13_ignoring_read_errors_excludes_the_rest() {
        let option = "ignoreStoreReadErrorWithClusterBreakingPotential";
        let alone = query(&format!("{option}=true")).unwrap();
        assert!(alone.validate().is_ok());
        assert_invalid(
            alone.validate_for_collection(),
            KIND,
            &format!(
                "{option}: Invalid value: true: is not allowed with DELETECOLLECTION, try again after removing the \
                 option"
            ),
        );
        assert_invalid(
            query(&format!("{option}=true&gracePeriodSeconds=1&uid=u")),
            KIND,
            &format!(
                "[{option}: Invalid value: true: cannot be set together with .gracePeriodSeconds, \
                 {option}: Invalid value: true: cannot be set together with .preconditions]"
            ),
        );
    }
}
