//! The columns of a resource, compiled: they turn its objects into tables (contract 4.2.13, 9.4.3).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;

use super::cell::cell;
use super::column::{Column, ColumnType, PrinterColumn};
use super::jsonpath::JsonPath;
use super::{Row, Table, TableOptions};
use crate::wire::partial::metadata;
use crate::wire::status::{GroupResource, Result, Status};

/// The columns of a resource: the name, which is always first, and the declared ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    resource: GroupResource,
    columns: Vec<CompiledColumn>,
}

/// A column after the name.
#[derive(Clone, Debug, PartialEq)]
struct CompiledColumn {
    definition: Column,
    path: JsonPath,
    /// What the value is read as; not the defined type where a date is shown as it is.
    cell_type: ColumnType,
}

impl CompiledColumn {
    fn compile(column: &PrinterColumn<'_>) -> Result<Self, String> {
        let error = |error: &str| format!("printer column {:?}: path {:?}: {error}", column.name, column.json_path);
        if column.name.is_empty() {
            return Err(error("the column has no name"));
        }
        let path = JsonPath::parse(column.json_path).map_err(|text| error(&text))?;
        Ok(Self { definition: column.definition(), path, cell_type: column.column_type })
    }
}

impl Columns {
    /// The default columns: `Name` and `Created At` (contract 4.2.13).
    pub fn new(resource: GroupResource) -> Self {
        let created_at = CompiledColumn {
            definition: Column {
                name: "Created At".into(),
                column_type: ColumnType::Date,
                description: "When the server created the object.".into(),
                ..Column::default()
            },
            path: JsonPath::fields(["metadata", "creationTimestamp"]),
            cell_type: ColumnType::String,
        };
        Self { resource, columns: vec![created_at] }
    }

    /// `Name` and the declared columns in their order, or the default columns where none is declared.
    ///
    /// A custom resource that declares none has [`PrinterColumn::AGE`]; its caller passes it. The error is one line
    /// that names every column without a name or with a path that [`JsonPath::parse`] refuses.
    pub fn compile(resource: GroupResource, declared: &[PrinterColumn<'_>]) -> Result<Self, String> {
        if declared.is_empty() {
            return Ok(Self::new(resource));
        }
        let mut columns = Vec::with_capacity(declared.len());
        let mut errors = Vec::new();
        for column in declared {
            match CompiledColumn::compile(column) {
                Ok(column) => columns.push(column),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(Self { resource, columns }) } else { Err(errors.join("; ")) }
    }

    /// What is sent as `columnDefinitions`.
    pub fn definitions(&self) -> Vec<Column> {
        let name = Column {
            name: "Name".into(),
            column_type: ColumnType::String,
            format: "name".into(),
            description: "The name, unique among the objects of the resource in a namespace; it cannot be changed. \
                          More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"
                .into(),
            priority: 0,
        };
        std::iter::once(name).chain(self.columns.iter().map(|column| column.definition.clone())).collect()
    }

    /// The row of an object, with ages as of `now`. Errors: 406 if it has no metadata (contract 4.2.14).
    pub fn row(&self, object: &Value, options: &TableOptions, now: Timestamp) -> Result<Row> {
        let Some(metadata) = metadata(object) else {
            return Err(Status::not_acceptable(format!(
                "the resource {} does not support being converted to a Table",
                self.resource
            )));
        };
        let name = metadata.get("name").and_then(Value::as_str).unwrap_or_default();
        let mut cells = Vec::with_capacity(1 + self.columns.len());
        cells.push(Value::from(name));
        cells.extend(
            self.columns.iter().map(|column| {
                column.path.first(object).map_or(Value::Null, |value| cell(column.cell_type, value, now))
            }),
        );
        Ok(Row { cells, object: options.include_object.of(object, options.version)? })
    }

    /// The table of a list: its objects and its metadata. Errors: those of [`Columns::row`].
    pub fn table<'o>(
        &self,
        objects: impl IntoIterator<Item = &'o Value>,
        metadata: ListMeta,
        options: &TableOptions,
        now: Timestamp,
    ) -> Result<Table> {
        Ok(Table {
            version: options.version,
            metadata,
            column_definitions: (!options.no_headers).then(|| self.definitions()),
            rows: objects.into_iter().map(|object| self.row(object, options, now)).collect::<Result<_>>()?,
        })
    }

    /// The table of one object, alone or in an event of a watch (see [`TableOptions::for_event`]); its metadata is
    /// the object's resource version. Errors: those of [`Columns::row`].
    pub fn object_table(&self, object: &Value, options: &TableOptions, now: Timestamp) -> Result<Table> {
        let resource_version = metadata(object).and_then(|metadata| metadata.get("resourceVersion")?.as_str());
        let metadata = ListMeta { resource_version: resource_version.map(str::to_owned), ..ListMeta::default() };
        self.table([object], metadata, options, now)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::IncludeObject;
    use super::*;
    use crate::wire::partial::MetaVersion;

    const COLUMNS: &[PrinterColumn<'static>] = &[
        PrinterColumn::new("Reference", ".spec.reference"),
        PrinterColumn::new("Ready", r#".status.conditions[?(@.type=="Ready")].status"#).priority(1),
        PrinterColumn::new("Replicas", ".spec.replicas").integer().format("int32").description("How many."),
        PrinterColumn::AGE,
    ];

    fn resource() -> GroupResource {
        GroupResource::new("wardle.example.com", "flunders")
    }

    fn compiled() -> Columns {
        Columns::compile(resource(), COLUMNS).unwrap()
    }

    fn now() -> Timestamp {
        "2026-01-01T00:02:05Z".parse().unwrap()
    }

    fn flunder() -> Value {
        json!({
            "kind": "Flunder",
            "apiVersion": "wardle.example.com/v1",
            "metadata": {"name": "a", "resourceVersion": "7", "creationTimestamp": "2026-01-01T00:00:00Z"},
            "spec": {"reference": "x", "replicas": "three"},
            "status": {"conditions": [{"type": "Synced", "status": "False"}, {"type": "Ready", "status": "True"}]},
        })
    }

    fn headings(columns: &Columns) -> Vec<String> {
        columns.definitions().into_iter().map(|column| column.name.into_owned()).collect()
    }

    #[test]
    fn c4_2_13_default_columns_are_name_and_creation() {
        for columns in [Columns::new(resource()), Columns::compile(resource(), &[]).unwrap()] {
            assert_eq!(headings(&columns), ["Name", "Created At"]);
            let definitions = columns.definitions();
            assert_eq!((definitions[0].column_type, &*definitions[0].format), (ColumnType::String, "name"));
            assert_eq!((definitions[1].column_type, &*definitions[1].format), (ColumnType::Date, ""));
            let row = columns.row(&flunder(), &TableOptions::default(), now()).unwrap();
            assert_eq!(row.cells, [json!("a"), json!("2026-01-01T00:00:00Z")]);
        }
    }

    #[test]
    fn c9_4_3_declared_columns_follow_the_name() {
        let columns = compiled();
        assert_eq!(headings(&columns), ["Name", "Reference", "Ready", "Replicas", "Age"]);
        assert_eq!(
            columns.definitions()[3],
            Column {
                name: "Replicas".into(),
                column_type: ColumnType::Integer,
                format: "int32".into(),
                description: "How many.".into(),
                priority: 0,
            }
        );
        let row = columns.row(&flunder(), &TableOptions::default(), now()).unwrap();
        assert_eq!(row.cells, [json!("a"), json!("x"), json!("True"), Value::Null, json!("2m5s")]);
    }

    #[test]
    fn c9_4_3_missing_values_are_null_cells() {
        let row = compiled().row(&json!({"metadata": {}}), &TableOptions::default(), now()).unwrap();
        assert_eq!(row.cells, [json!(""), Value::Null, Value::Null, Value::Null, Value::Null]);
    }

    #[test]
    fn c9_4_3_every_bad_column_is_an_install_error() {
        let declared = [
            PrinterColumn::new("A", "spec"),
            PrinterColumn::new("B", ".spec"),
            PrinterColumn::new("", ".spec"),
            PrinterColumn::new("C", ".spec["),
        ];
        let error = Columns::compile(resource(), &declared).unwrap_err();
        assert!(error.starts_with("printer column \"A\": path \"spec\": "), "{error}");
        assert_eq!(error.split("; ").count(), 3, "{error}");
    }

    #[test]
    fn c4_2_12_rows_carry_what_was_asked_for() {
        let object = |include_object| {
            let options = TableOptions { include_object, version: MetaVersion::V1beta1, no_headers: false };
            compiled().row(&flunder(), &options, now()).unwrap().object
        };
        assert_eq!(
            object(IncludeObject::Metadata),
            Some(json!({
                "kind": "PartialObjectMetadata",
                "apiVersion": "meta.k8s.io/v1beta1",
                "metadata": flunder()["metadata"],
            }))
        );
        assert_eq!(object(IncludeObject::Object), Some(flunder()));
        assert_eq!(object(IncludeObject::None), None);
    }

    #[test]
    fn c4_2_13_a_list_keeps_its_metadata() {
        let metadata = ListMeta {
            resource_version: Some("9".to_owned()),
            continue_: Some("t".to_owned()),
            remaining_item_count: Some(3),
            ..ListMeta::default()
        };
        let objects = [flunder(), flunder()];
        let table = compiled().table(&objects, metadata.clone(), &TableOptions::default(), now()).unwrap();
        assert_eq!((table.metadata, table.rows.len()), (metadata.clone(), 2));
        let empty = compiled().table([], metadata, &TableOptions::default(), now()).unwrap();
        assert_eq!(serde_json::to_value(empty).unwrap()["rows"], json!([]));
    }

    #[test]
    fn c4_2_14_an_object_without_metadata_is_not_acceptable() {
        let status = compiled().object_table(&json!({"kind": "Odd"}), &TableOptions::default(), now()).unwrap_err();
        assert_eq!((status.code(), status.reason()), (406, "NotAcceptable"));
        assert_eq!(
            status.message(),
            "the resource flunders.wardle.example.com does not support being converted to a Table"
        );
    }

    #[test]
    fn c4_8_15_only_the_first_event_has_columns() {
        let event = |first| {
            let options = TableOptions::default().for_event(first, false);
            serde_json::to_value(compiled().object_table(&flunder(), &options, now()).unwrap()).unwrap()
        };
        assert_eq!(event(true)["columnDefinitions"].as_array().unwrap().len(), 5);
        assert_eq!(event(false)["columnDefinitions"], Value::Null);
        assert_eq!(event(false)["metadata"], json!({"resourceVersion": "7"}));
        assert_eq!(event(false)["rows"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn c4_8_15_rows_of_bookmarks_keep_their_metadata() {
        let bookmark = json!({
            "kind": "Flunder",
            "metadata": {"resourceVersion": "8", "annotations": {"k8s.io/initial-events-end": "true"}},
        });
        let object = |is_bookmark| {
            let options = TableOptions { include_object: IncludeObject::None, ..TableOptions::default() };
            let options = options.for_event(false, is_bookmark);
            compiled().object_table(&bookmark, &options, now()).unwrap().rows.remove(0).object
        };
        assert_eq!(object(true).unwrap()["metadata"], bookmark["metadata"]);
        assert_eq!(object(false), None);
    }
}
