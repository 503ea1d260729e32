//! Tables, which `kubectl get` prints (contract 4.2.12-4.2.14, 9.4.3).

mod age;
mod cell;
mod column;
mod columns;
mod jsonpath;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use serde::Serialize;
use serde_json::Value;

pub use age::{human_age, human_duration};
pub use column::{Column, ColumnType, PrinterColumn};
pub use columns::Columns;
pub use jsonpath::JsonPath;

use super::field::FieldError;
use super::partial::{MetaVersion, metadata_of};
use super::status::{Result, Status};

/// A `Table`: objects as rows of cells (contract 4.2.13).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub struct Table {
    /// The version the client asked for.
    #[serde(rename = "apiVersion")]
    pub version: MetaVersion,
    /// The metadata of the list, or the resource version of the one object.
    pub metadata: ListMeta,
    /// The columns; `None` in every event of a watch but the first (contract 4.8.15).
    pub column_definitions: Option<Vec<Column>>,
    /// One row for each object.
    pub rows: Vec<Row>,
}

/// One object of a [`Table`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    /// One cell for each column: a text, a number, a boolean, or null.
    pub cells: Vec<Value>,
    /// As much of the object as the client asked for.
    pub object: Option<Value>,
}

/// How much of its object each row carries: the option `includeObject` (contract 4.2.12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IncludeObject {
    /// Its metadata, as a `PartialObjectMetadata`.
    #[default]
    Metadata,
    /// The whole object.
    Object,
    /// Nothing.
    None,
}

impl IncludeObject {
    /// The policy that a query option names; an empty one is `Metadata`. Errors: 400 (contract 4.2.12).
    pub fn parse(option: &str) -> Result<Self> {
        match option {
            "" | "Metadata" => Ok(Self::Metadata),
            "Object" => Ok(Self::Object),
            "None" => Ok(Self::None),
            other => {
                let error =
                    FieldError::invalid("includeObject", other, "must be 'Metadata', 'Object', 'None', or empty");
                Err(Status::bad_request(format!("Unable to convert to Table as requested: {error}")))
            }
        }
    }

    /// What a row carries of `object`, which is never a list. Errors: 500 if it has no metadata.
    pub fn of(self, object: &Value, version: MetaVersion) -> Result<Option<Value>> {
        match self {
            Self::Metadata => metadata_of(object, version).map(Some),
            Self::Object => Ok(Some(object.clone())),
            Self::None => Ok(None),
        }
    }
}

/// How a client wants its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// The version of `Table`, and of the metadata in its rows.
    pub version: MetaVersion,
    /// How much of its object each row carries.
    pub include_object: IncludeObject,
    /// Leaves `columnDefinitions` out.
    pub no_headers: bool,
}

impl TableOptions {
    /// The options for one event of a watch (contract 4.8.15): only the `first` has columns, and a `bookmark` keeps
    /// its metadata even where the client wants no objects, since its annotations say what it marks.
    #[must_use]
    pub fn for_event(mut self, first: bool, bookmark: bool) -> Self {
        self.no_headers |= !first;
        if bookmark && self.include_object == IncludeObject::None {
            self.include_object = IncludeObject::Metadata;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn c4_2_12_include_object_is_one_of_three() {
        assert_eq!(IncludeObject::parse("").unwrap(), IncludeObject::Metadata);
        assert_eq!(IncludeObject::parse("Metadata").unwrap(), IncludeObject::Metadata);
        assert_eq!(IncludeObject::parse("Object").unwrap(), IncludeObject::Object);
        assert_eq!(IncludeObject::parse("None").unwrap(), IncludeObject::None);
        let status = IncludeObject::parse("object").unwrap_err();
        assert_eq!((status.code(), status.reason()), (400, "BadRequest"));
        assert_eq!(
            status.message(),
            "Unable to convert to Table as requested: includeObject: Invalid value: \"object\": must be 'Metadata', \
             'Object', 'None', or empty"
        );
    }

    #[test]
    fn c4_2_13_a_table_has_its_shape() {
        let table = Table {
            version: MetaVersion::V1beta1,
            metadata: ListMeta { resource_version: Some("7".to_owned()), ..ListMeta::default() },
            column_definitions: Some(vec![Column { name: "Name".into(), ..Column::default() }]),
            rows: vec![Row { cells: vec![json!("a"), Value::Null], object: None }],
        };
        assert_eq!(
            serde_json::to_value(table).unwrap(),
            json!({
                "kind": "Table",
                "apiVersion": "meta.k8s.io/v1beta1",
                "metadata": {"resourceVersion": "7"},
                "columnDefinitions": [
                    {"name": "Name", "type": "string", "format": "", "description": "", "priority": 0},
                ],
                "rows": [{"cells": ["a", null], "object": null}],
            })
        );
    }
}
