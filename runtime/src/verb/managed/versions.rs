//! The versions of a resource, as server-side apply sees them.

use std::sync::{Arc, OnceLock};

use schemars::SchemaGenerator;
use serde_json::{Value, json};

use crate::apply::{Converter, Schema};
use crate::object::Codec;

/// All versions in which a storage is served, also those that a server does not serve: who has once owned a field in one
/// still does.
pub(crate) struct Versions(Vec<Version>);

struct Version {
    /// Of the objects: `group/version`.
    name: String,
    codec: Codec,
    /// Made when it is first needed; the error is what is wrong with it.
    schema: OnceLock<Result<Arc<Schema>, String>>,
}

impl Versions {
    /// The versions by their codecs, all of one storage.
    pub(crate) fn new(versions: impl IntoIterator<Item = (String, Codec)>) -> Self {
        let version = |(name, codec)| Version { name, codec, schema: OnceLock::new() };
        Self(versions.into_iter().map(version).collect())
    }

    /// What the objects of a version are called.
    pub(super) fn api_versions(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|version| version.name.as_str())
    }

    /// Whether a version has objects of the same type as that of another resource.
    pub(super) fn has_type_of(&self, api_version: &str, codec: &Codec) -> bool {
        self.find(api_version).is_some_and(|version| version.codec.type_info() == codec.type_info())
    }

    /// The schema of a version.
    ///
    /// Errors: there is no such version, or apply cannot work with its schema; the text is for people.
    pub(super) fn schema_of(&self, api_version: &str) -> Result<&Arc<Schema>, String> {
        let version = self.find(api_version).ok_or_else(|| format!("there is no version {api_version}"))?;
        let schema = version.schema.get_or_init(|| {
            schema_of(&version.codec).map_err(|error| {
                tracing::error!(version = api_version, %error, "the fields of these objects cannot be managed");
                format!("the schema of {api_version} is not one to apply by: {error}")
            })
        });
        schema.as_ref().map_err(Clone::clone)
    }

    fn find(&self, api_version: &str) -> Option<&Version> {
        self.0.iter().find(|version| version.name == api_version)
    }
}

fn schema_of(codec: &Codec) -> Result<Arc<Schema>, String> {
    let mut generator = SchemaGenerator::default();
    let schema = codec.schema(&mut generator);
    let document = json!({ "$defs": generator.take_definitions(true) });
    let schema = Schema::from_json_schema_in(schema.as_value(), &document);
    schema.map(Arc::new).map_err(|error| error.to_string())
}

impl Converter for Versions {
    fn schema(&self, api_version: &str) -> Option<&Schema> {
        self.schema_of(api_version).ok().map(|schema| &**schema)
    }

    fn convert(&self, object: Value, api_version: &str) -> Result<Value, String> {
        let missing = || format!("there is no version {api_version}");
        let from = object["apiVersion"].as_str().and_then(|from| self.find(from)).ok_or_else(missing)?;
        let to = self.find(api_version).ok_or_else(missing)?;
        let decoded = from.codec.decode(&object).map_err(|error| {
            error.into_status(|error| crate::Status::bad_request(error.to_string())).message().to_owned()
        })?;
        let converted = to.codec.encode(&*decoded.object).map_err(|status| status.message().to_owned())?;
        serde_json::from_slice(&converted).map_err(|error| error.to_string())
    }
}

impl std::fmt::Debug for Versions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.api_versions()).finish()
    }
}
