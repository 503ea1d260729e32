//! REST API servers by the Kubernetes API conventions.

extern crate self as rest_resource;

pub mod wire;

pub use wire::field::FieldError;
pub use wire::status::{GroupKind, GroupResource, Result, Status, StatusCause, StatusDetails};
