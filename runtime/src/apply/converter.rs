//! The other versions of a resource: [`Converter`].

use serde_json::Value;

use super::schema::Schema;

/// Takes objects from a version to another, where a resource has several: each manager's fields are named in the version
/// that the manager used.
pub trait Converter: Send + Sync {
    /// The schema of a version, such as `example.com/v1`; `None` if there is no such version, or no more. What was
    /// owned in it is then owned by nobody.
    fn schema(&self, api_version: &str) -> Option<&Schema>;

    /// Converts an object, whose `apiVersion` says the version it is in, to a version that has a schema.
    ///
    /// The object may lack fields that it must have when stored: it is asked for what somebody owns of it.
    ///
    /// Errors: the text says why, for people.
    fn convert(&self, object: Value, api_version: &str) -> Result<Value, String>;
}

/// The converter of a resource that has one version only.
#[derive(Clone, Copy, Debug, Default)]
pub struct SingleVersion;

impl Converter for SingleVersion {
    fn schema(&self, _api_version: &str) -> Option<&Schema> {
        None
    }

    fn convert(&self, _object: Value, api_version: &str) -> Result<Value, String> {
        Err(format!("there is no version {api_version}"))
    }
}
