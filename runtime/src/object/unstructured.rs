//! Objects of resources that are known only at run time.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Object, TypeInfo};

/// An object without a type of its own: everything but the metadata is kept as it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unstructured {
    /// Group and version, for example `apps.example.com/v1`.
    pub api_version: String,
    /// The Kind.
    pub kind: String,
    /// The metadata.
    #[serde(default)]
    pub metadata: ObjectMeta,
    /// Every other field of the object.
    #[serde(flatten)]
    pub data: Map<String, Value>,
}

impl Object for Unstructured {
    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }

    fn type_info() -> Option<TypeInfo> {
        None
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        Map::<String, Value>::json_schema(generator)
    }
}
