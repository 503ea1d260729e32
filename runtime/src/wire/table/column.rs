//! What a column of a table is, as declared and as sent (contract 4.2.13, 9.4.3).

use std::borrow::Cow;

use serde::Serialize;

/// The type of a column's cells (contract 9.4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A text.
    #[default]
    String,
    /// A time, which is shown as its age.
    Date,
}

/// A column as it is sent: an entry of `columnDefinitions` (contract 4.2.13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The heading.
    pub name: Cow<'static, str>,
    /// The type of the cells.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// The `OpenAPI` format of the cells, `name` for the column of names, or empty.
    pub format: Cow<'static, str>,
    /// What the column shows.
    pub description: Cow<'static, str>,
    /// 0 is shown always, more than 0 only in a wide output.
    pub priority: i32,
}

/// A column as it is declared: what a derived resource or a custom resource definition adds after the name.
///
/// It is plain `const` data that borrows its texts, so it may come from code or from an object read at run time.
///
/// ```
/// use rest_resource::wire::table::PrinterColumn;
///
/// const COLUMNS: &[PrinterColumn<'static>] = &[
///     PrinterColumn::new("Reference", ".spec.reference").description("What it refers to."),
///     PrinterColumn::new("Replicas", ".status.replicas").integer().priority(1),
///     PrinterColumn::AGE,
/// ];
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrinterColumn<'a> {
    pub(super) name: &'a str,
    pub(super) json_path: &'a str,
    pub(super) column_type: ColumnType,
    pub(super) format: &'a str,
    pub(super) description: &'a str,
    pub(super) priority: i32,
}

impl PrinterColumn<'static> {
    /// The age of the object, the one column of a custom resource that declares none (contract 9.4.3).
    pub const AGE: Self = PrinterColumn::new("Age", ".metadata.creationTimestamp")
        .date()
        .description("How long ago the server created the object.");
}

impl<'a> PrinterColumn<'a> {
    /// A column of texts that shows what `json_path` selects; see [`JsonPath`](super::JsonPath) for the syntax.
    ///
    /// The path is checked when the columns are compiled.
    pub const fn new(name: &'a str, json_path: &'a str) -> Self {
        Self { name, json_path, column_type: ColumnType::String, format: "", description: "", priority: 0 }
    }

    /// With cells of a type.
    #[must_use]
    pub const fn of_type(mut self, column_type: ColumnType) -> Self {
        self.column_type = column_type;
        self
    }

    /// With whole numbers.
    #[must_use]
    pub const fn integer(self) -> Self {
        self.of_type(ColumnType::Integer)
    }

    /// With numbers.
    #[must_use]
    pub const fn number(self) -> Self {
        self.of_type(ColumnType::Number)
    }

    /// With `true` and `false`.
    #[must_use]
    pub const fn boolean(self) -> Self {
        self.of_type(ColumnType::Boolean)
    }

    /// With texts; numbers, lists and objects are printed as JSON.
    #[must_use]
    pub const fn string(self) -> Self {
        self.of_type(ColumnType::String)
    }

    /// With ages of RFC 3339 timestamps.
    #[must_use]
    pub const fn date(self) -> Self {
        self.of_type(ColumnType::Date)
    }

    /// With an `OpenAPI` format, for example `int32`.
    #[must_use]
    pub const fn format(mut self, format: &'a str) -> Self {
        self.format = format;
        self
    }

    /// With a description; without one, the column is described by its path.
    #[must_use]
    pub const fn description(mut self, description: &'a str) -> Self {
        self.description = description;
        self
    }

    /// With a priority: 0 is shown always, more than 0 only in a wide output.
    #[must_use]
    pub const fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// The column as it is sent.
    pub(super) fn definition(&self) -> Column {
        let description = match self.description {
            "" => format!("The value at {}.", self.json_path),
            description => description.to_owned(),
        };
        Column {
            name: self.name.to_owned().into(),
            column_type: self.column_type,
            format: self.format.to_owned().into(),
            description: description.into(),
            priority: self.priority,
        }
    }
}
