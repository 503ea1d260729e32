//! Routes, their order, and how they print.

use std::fmt;

use schemars::{Schema, SchemaGenerator};

use super::action::{Action, Method};
use super::operation::OperationId;
use crate::verb::{Handler, ResourceInfo, RestResource};

/// One route: a method and a path, and the function that answers.
#[derive(Clone, Copy)]
pub struct Route {
    /// What it does.
    pub action: &'static Action,
    /// The HTTP method.
    pub method: Method,
    /// The full path, for example `/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}`.
    pub path: &'static str,
    /// The operation id of `OpenAPI`, for example `readWardleExampleComV1alpha1NamespacedFlunder` (contract 2.6).
    pub operation_id: OperationId<'static>,
    /// The function that answers.
    pub handler: Handler,
    /// The query parameters that the storage defines itself, beside those of the action (contract 2.4.8).
    pub options: Option<OptionsSchema>,
    /// Whether a DELETE answers with the object (contract 1.17).
    pub returns_object: bool,
}

/// The schema of a flat struct of query parameters.
pub type OptionsSchema = fn(&mut SchemaGenerator) -> Schema;

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<7} {:<16} {}  {}", self.method, self.action.name, self.path, self.operation_id)
    }
}

/// A route as it is installed: its path is known by the resource that has it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) action: &'static Action,
    pub(crate) method: Method,
    pub(crate) shape: Shape,
    pub(crate) path: std::borrow::Cow<'static, str>,
    pub(crate) operation_id: String,
    pub(crate) handler: Handler,
    pub(crate) options: Option<OptionsSchema>,
    pub(crate) returns_object: bool,
}

impl From<&Route> for Row {
    fn from(route: &Route) -> Self {
        Self {
            action: route.action,
            method: route.method,
            shape: Shape::of(route.path),
            path: route.path.into(),
            operation_id: route.operation_id.to_string(),
            handler: route.handler,
            options: route.options,
            returns_object: route.returns_object,
        }
    }
}

/// Which parts the path of a route has beside group, version and resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "a path has these four parts or not, in every combination")]
pub struct Shape {
    /// Below the deprecated `watch/`.
    pub watch: bool,
    /// `namespaces/{namespace}/`.
    pub namespace: bool,
    /// `{name}`.
    pub name: bool,
    /// `{path}`: the rest of the path.
    pub subpath: bool,
}

impl Shape {
    /// The shape of a route's path.
    pub fn of(path: &str) -> Self {
        Self {
            watch: path.split('/').take(5).any(|segment| segment == "watch"),
            namespace: path.contains("/namespaces/{namespace}/"),
            name: path.contains("/{name}"),
            subpath: path.ends_with("/{path}"),
        }
    }
}

/// All routes of a resource, printed as an aligned table.
///
/// ```text
/// METHOD  ACTION  PATH                                     OPERATION
/// GET     LIST    /apis/example.com/v1/flunders            listExampleComV1Flunder
/// ```
#[derive(Clone, Debug, Default)]
pub struct RouteTable {
    rows: Vec<Row>,
}

impl RouteTable {
    /// The routes of `R`, in all its versions.
    pub fn of<R: RestResource>() -> Self {
        Self { rows: R::VERSIONS.iter().flat_map(|served| served.routes).map(Row::from).collect() }
    }

    pub(crate) fn from_rows(rows: Vec<Row>) -> Self {
        Self { rows }
    }

    /// Method, path and operation id of each route, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Method, &str, &str)> {
        self.rows.iter().map(|row| (row.method, &*row.path, &*row.operation_id))
    }

    /// How many routes there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl fmt::Display for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |cell: fn(&Row) -> &str, head: &str| {
            self.rows.iter().map(|row| cell(row).len()).chain([head.len()]).max().unwrap_or(0)
        };
        let actions = width(|row| row.action.name, "ACTION");
        let paths = width(|row| &row.path, "PATH");
        write!(f, "{:<7} {:<actions$} {:<paths$} OPERATION", "METHOD", "ACTION", "PATH")?;
        for row in &self.rows {
            write!(f, "\n{:<7} {:<actions$} {:<paths$} {}", row.method, row.action.name, row.path, row.operation_id)?;
        }
        Ok(())
    }
}

/// The path of a route, for resources that are described at run time (contract 2.2).
pub(crate) fn path(info: &ResourceInfo, shape: Shape) -> String {
    let mut path = if info.group.is_empty() {
        format!("/api/{}", info.version)
    } else {
        format!("/apis/{}/{}", info.group, info.version)
    };
    let mut push = |segment: &str| {
        path.push('/');
        path.push_str(segment);
    };
    if shape.watch {
        push("watch");
    }
    if shape.namespace {
        push("namespaces/{namespace}");
    }
    push(&info.resource);
    if shape.name || info.subresource.is_some() {
        push("{name}");
    }
    if let Some(subresource) = &info.subresource {
        push(subresource);
    }
    if shape.subpath {
        push("{path}");
    }
    path
}
