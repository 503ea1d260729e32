//! What users of the module see. Values of schemas and managers are the tests' own; the cases are those of upstream's
//! tables.

mod change;
mod configuration;
mod conflict;
mod entries;
mod fixture;
mod last_applied;
mod managed_fields;
mod merge;
mod properties;
mod prune;
mod schema;
mod schemars;
mod set;
mod versions;
