//! Server-side apply: merging configurations into objects, and tracking who owns which field.
//!
//! It knows JSON and a schema, and no server and no storage. A [`FieldManager`] is all that a server needs; the rest is
//! what it is made of:
//!
//! - [`Schema`]: what of a JSON schema matters here, above all how the items of lists are told apart.
//! - [`FieldPath`] and [`FieldSet`]: fields, and who owns them, as `fieldsV1` of `metadata.managedFields` writes them.
//! - [`Converter`]: the other versions of a resource, in which managers may have named their fields.
//! - [`ApplyError`] and [`Conflicts`]: why an apply was refused.

mod converter;
mod error;
mod field_manager;
mod last_applied;
mod managers;
mod object;
mod path;
mod rules;
mod schema;
mod set;
#[cfg(test)]
mod tests;
mod typed;
mod value;

pub use converter::{Converter, SingleVersion};
pub use error::{ApplyError, Conflict, Conflicts};
pub(crate) use field_manager::Live;
pub use field_manager::{FieldManager, restore_times, validate_managed_fields};
pub(crate) use managers::time_text;
pub(crate) use object::set_managed_fields;
pub use path::{FieldPath, PathElement, PathError};
pub use rules::ResetFields;
pub use schema::{Schema, SchemaError};
pub use set::FieldSet;

/// The most levels of objects and lists in each other; no walk goes deeper. JSON is read to 128, and a set of fields stands
/// five levels below the object and has one more than its fields, which must still be readable.
const MAX_DEPTH: usize = 120;
