//! Strategic merge patch: a merge patch that knows how the lists of a type merge (contract 4.9.17).
//!
//! Fields are merged as by RFC 7396. A list is merged by item where the [`MergeSchema`] says how its items are told
//! apart, and replaced otherwise. Directives in the patch say what fields alone cannot:
//!
//! | directive | what it does |
//! |---|---|
//! | `$patch: replace` | the object is what the patch says, and no more; in an item: the whole list is |
//! | `$patch: delete` | the object is emptied; in an item: the items of this key go |
//! | `$patch: merge` | what is done anyway |
//! | `$retainKeys: [..]` | every field goes that is not named |
//! | `$deleteFromPrimitiveList/<field>: [..]` | these values go from the list |
//! | `$setElementOrder/<field>: [..]` | the order of the items; those of the server alone stay about where they were |
//!
//! No directive is ever part of the result, and neither is a null of the patch.

mod directives;
mod error;
mod known;
mod list;
mod merge;
mod order;
mod publish;
mod rule;
mod schema;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub(crate) use self::publish::publish;
pub use self::rule::MergeRule;
pub use self::schema::MergeSchema;

use self::error::Error;
use self::merge::Merge;
use crate::wire::decode::json::parse;
use crate::wire::decode::{from_value, problem_texts};
use crate::wire::status::{Result, Status};

/// A strategic merge patch, to be applied as often as a write conflicts (contract 4.9.12).
#[derive(Clone, Debug, PartialEq)]
pub struct StrategicMerge(Map<String, Value>);

impl StrategicMerge {
    /// Reads the body of a patch request; also tells the texts of the keys that stand twice in it, for
    /// [`strict_problems`](super::strict_problems).
    ///
    /// Errors: 400 where it is no JSON (contract 4.9.10) or no object.
    pub fn parse(body: &[u8]) -> Result<(Self, Vec<String>)> {
        let parsed = parse(body).map_err(|_| Status::bad_request("invalid JSON patch"))?;
        let (fields, _) =
            from_value(&parsed.value).map_err(|error| Status::bad_request(format!("error decoding patch: {error}")))?;
        Ok((Self(fields), problem_texts(&parsed.duplicates, &[])))
    }

    /// Whether what the patch does may depend on the managed fields of the document.
    pub(crate) fn looks_at_managed_fields(&self) -> bool {
        let metadata = self.0.get("metadata").and_then(Value::as_object);
        metadata.is_some_and(|metadata| metadata.keys().any(|key| key.contains("managedFields")))
    }

    /// The document as the patch makes it.
    ///
    /// Errors (contract 4.9.17): 400 for a directive that is written wrongly; 422 for lists of lists, for fields that
    /// `$retainKeys` does not name and for a patch that goes through huge lists over and over (4.3.2); 500 for anything
    /// else, such as an item without the key of its list.
    ///
    /// ```
    /// use rest_resource::wire::patch::strategic::{MergeSchema, StrategicMerge};
    /// use serde_json::json;
    ///
    /// let schema = MergeSchema::new(json!({"properties": {"ports": {
    ///     "items": {"properties": {"port": {}, "name": {}}},
    ///     "x-kubernetes-list-type": "map",
    ///     "x-kubernetes-list-map-keys": ["port"],
    /// }}}));
    /// let old = json!({"ports": [{"port": 80, "name": "web"}, {"port": 22}]});
    /// let body = br#"{"ports": [{"port": 80, "name": "http"}, {"port": 22, "$patch": "delete"}]}"#;
    /// let (patch, _) = StrategicMerge::parse(body).unwrap();
    /// assert_eq!(patch.apply(old, &schema).unwrap(), json!({"ports": [{"port": 80, "name": "http"}]}));
    /// ```
    pub fn apply(&self, document: Value, schema: &MergeSchema) -> Result<Value> {
        let Value::Object(fields) = document else { return Err(Error::Document.into()) };
        Ok(Value::Object(Merge::new().map(fields, &self.0, schema.root())?))
    }
}
