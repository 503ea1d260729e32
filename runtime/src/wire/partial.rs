//! Objects and lists cut down to their metadata (contract 4.2.8, 4.2.11).

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::status::{Result, Status};

/// The version of the group `meta.k8s.io` in which a client asks for a transform (contract 4.2.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MetaVersion {
    /// `v1`.
    #[default]
    V1,
    /// `v1beta1`, which older clients ask for; the shapes are those of `v1`.
    V1beta1,
}

impl MetaVersion {
    /// The version that the `v` parameter of an Accept clause names, if it is served.
    pub fn from_version(version: &str) -> Option<Self> {
        match version {
            "v1" => Some(Self::V1),
            "v1beta1" => Some(Self::V1beta1),
            _ => None,
        }
    }

    /// The `apiVersion` of the transformed object.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::V1 => "meta.k8s.io/v1",
            Self::V1beta1 => "meta.k8s.io/v1beta1",
        }
    }
}

impl Serialize for MetaVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.api_version())
    }
}

/// The `PartialObjectMetadata` of an object.
///
/// Errors: 406 if the object is a list (contract 4.2.11), 500 if it has no metadata. A `Status` is not to be
/// transformed at all (contract 4.2.10); that is for the caller to see to.
pub fn partial_object_metadata(object: &Value, version: MetaVersion) -> Result<Value> {
    // An object may have a field `items` as well, but only an object has a name.
    let named = metadata(object).is_some_and(|metadata| metadata.contains_key("name"));
    if !named && items(object).is_some() {
        return Err(Status::not_acceptable(format!(
            "you requested PartialObjectMetadata, but the requested object is a list ({})",
            kind(object)
        )));
    }
    metadata_of(object, version)
}

/// The `PartialObjectMetadataList` of a list; its metadata and that of every item are kept.
///
/// Errors: 406 if `list` is a single object (contract 4.2.11), 500 if an item has no metadata.
pub fn partial_object_metadata_list(list: &Value, version: MetaVersion) -> Result<Value> {
    let Some(items) = items(list) else {
        return Err(Status::not_acceptable(format!(
            "you requested PartialObjectMetadataList, but the requested object is not a list ({})",
            kind(list)
        )));
    };
    let items = items.iter().map(|item| metadata_of(item, version)).collect::<Result<Vec<_>>>()?;
    Ok(json!({
        "kind": "PartialObjectMetadataList",
        "apiVersion": version.api_version(),
        "metadata": list_metadata(list),
        "items": items,
    }))
}

/// The metadata of an object, if it has any.
pub(super) fn metadata(object: &Value) -> Option<&Map<String, Value>> {
    object.get("metadata")?.as_object()
}

/// The `PartialObjectMetadata` of an object that is known not to be a list. Errors: 500 if it has no metadata.
pub(super) fn metadata_of(object: &Value, version: MetaVersion) -> Result<Value> {
    let metadata =
        metadata(object).ok_or_else(|| Status::internal_error(format_args!("{} has no metadata", kind(object))))?;
    Ok(json!({"kind": "PartialObjectMetadata", "apiVersion": version.api_version(), "metadata": metadata}))
}

/// What a list's metadata may hold on the wire (contract 4.2.11).
fn list_metadata(list: &Value) -> Map<String, Value> {
    let Some(metadata) = metadata(list) else { return Map::new() };
    ["resourceVersion", "continue", "remainingItemCount"]
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), metadata.get(key)?.clone())))
        .collect()
}

fn items(object: &Value) -> Option<&Vec<Value>> {
    object.get("items")?.as_array()
}

fn kind(object: &Value) -> &str {
    object.get("kind").and_then(Value::as_str).unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flunder(name: &str) -> Value {
        json!({
            "kind": "Flunder",
            "apiVersion": "wardle.example.com/v1",
            "metadata": {"name": name, "labels": {"a": "b"}},
            "spec": {"reference": "x"},
        })
    }

    fn list() -> Value {
        json!({
            "kind": "FlunderList",
            "apiVersion": "wardle.example.com/v1",
            "metadata": {"resourceVersion": "7", "continue": "t", "remainingItemCount": 3, "selfLink": "/x"},
            "items": [flunder("a"), flunder("b")],
        })
    }

    #[test]
    fn c4_2_11_an_object_is_cut_down_to_its_metadata() {
        let expected = |api_version: &str| {
            json!({
                "kind": "PartialObjectMetadata",
                "apiVersion": api_version,
                "metadata": {"name": "a", "labels": {"a": "b"}},
            })
        };
        let partial = |version| partial_object_metadata(&flunder("a"), version).unwrap();
        assert_eq!(partial(MetaVersion::V1), expected("meta.k8s.io/v1"));
        assert_eq!(partial(MetaVersion::V1beta1), expected("meta.k8s.io/v1beta1"));
    }

    #[test]
    fn c4_2_11_an_object_with_items_is_not_a_list() {
        let mut basket = flunder("a");
        basket["items"] = json!([]);
        assert!(partial_object_metadata(&basket, MetaVersion::V1).is_ok());
    }

    #[test]
    fn c4_2_11_a_list_keeps_its_metadata() {
        assert_eq!(
            partial_object_metadata_list(&list(), MetaVersion::V1).unwrap(),
            json!({
                "kind": "PartialObjectMetadataList",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": {"resourceVersion": "7", "continue": "t", "remainingItemCount": 3},
                "items": [
                    partial_object_metadata(&flunder("a"), MetaVersion::V1).unwrap(),
                    partial_object_metadata(&flunder("b"), MetaVersion::V1).unwrap(),
                ],
            })
        );
    }

    #[test]
    fn c4_2_11_the_wrong_variant_is_not_acceptable() {
        let status = partial_object_metadata(&list(), MetaVersion::V1).unwrap_err();
        assert_eq!((status.code(), status.reason()), (406, "NotAcceptable"));
        assert_eq!(
            status.message(),
            "you requested PartialObjectMetadata, but the requested object is a list (FlunderList)"
        );
        let status = partial_object_metadata_list(&flunder("a"), MetaVersion::V1).unwrap_err();
        assert_eq!((status.code(), status.reason()), (406, "NotAcceptable"));
        assert_eq!(
            status.message(),
            "you requested PartialObjectMetadataList, but the requested object is not a list (Flunder)"
        );
    }

    #[test]
    fn c4_2_11_an_object_without_metadata_is_an_error() {
        assert_eq!(partial_object_metadata(&json!({"kind": "Odd"}), MetaVersion::V1).unwrap_err().code(), 500);
        assert_eq!(partial_object_metadata_list(&json!({"items": [1]}), MetaVersion::V1).unwrap_err().code(), 500);
    }
}
