//! The route table: const data that the derive produces, matching and printing. Knows no HTTP server.

mod action;
mod check;
mod derived;
mod found;
mod operation;
mod probe;
mod table;

pub use action::{Action, Method, Parameters};
pub use check::require;
pub use derived::{Field, Places, VersionOf, count, stored, table};
pub(crate) use derived::{Names, destroy, equal};
pub use found::{Detected, Found, Slots, Verb};
pub use operation::OperationId;
pub use probe::{Absent, Probe, Slot};
pub use table::{OptionsSchema, Route, RouteTable, Shape};

pub(crate) use operation::operation_id;
pub(crate) use table::{Row, path};
