//! Where objects say how many replicas they have: the paths of a scale (contract 9.4.2).

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::apply::{Converter, FieldManager, FieldPath, SingleVersion};
use crate::object::{Codec, TypeInfo};
use crate::verb::managed::Versions;
use crate::wire::strconv::quote;

/// Where the objects of a type say how many replicas they shall have and do have: what
/// [`Store::scale`](crate::Store::scale) makes a `Scale` of.
///
/// Paths are written as in a `CustomResourceDefinition`: names of fields, each with a dot before it, and no lists.
/// `ScalePaths::default()` is `.spec.replicas` and `.status.replicas`.
///
/// ```
/// use rest_resource::ScalePaths;
///
/// let paths = ScalePaths::new(".spec.size", ".status.size").with_selector(".status.selector");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalePaths {
    replicas: String,
    status_replicas: String,
    selector: Option<String>,
    versions: Vec<(String, String)>,
}

impl ScalePaths {
    /// The path of the replicas that are wanted, below `.spec`, and of those that there are, below `.status`: 32-bit
    /// integers, of which the second may be absent, which is 0.
    pub fn new(spec_replicas: impl Into<String>, status_replicas: impl Into<String>) -> Self {
        Self {
            replicas: spec_replicas.into(),
            status_replicas: status_replicas.into(),
            selector: None,
            versions: Vec::new(),
        }
    }

    /// With the path of a string, below `.spec` or `.status`: the label selector of what is counted, in the form of
    /// query parameters. Autoscalers need it.
    #[must_use]
    pub fn with_selector(mut self, path: impl Into<String>) -> Self {
        self.selector = Some(path.into());
        self
    }

    /// With the path of the wanted replicas in another version that is served, such as `example.com/v1beta1`, where it
    /// is not the same. Values are read and written in the version that is stored; this says who owns the field, of
    /// those who wrote it in the other version, and is not compared with its schema.
    #[must_use]
    pub fn with_replicas_in(mut self, api_version: impl Into<String>, path: impl Into<String>) -> Self {
        self.versions.push((api_version.into(), path.into()));
        self
    }
}

impl Default for ScalePaths {
    fn default() -> Self {
        Self::new(".spec.replicas", ".status.replicas")
    }
}

/// A path that a [`Store::scale`](crate::Store::scale) cannot have: it is none, or the type has no such field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalePathError {
    what: &'static str,
    path: String,
    wrong: String,
}

impl fmt::Display for ScalePathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} path {} {}", self.what, quote(&self.path), self.wrong)
    }
}

impl std::error::Error for ScalePathError {}

/// A path that is one.
#[derive(Debug)]
pub(super) struct Path {
    /// As it was written.
    pub(super) text: String,
    names: Vec<String>,
}

/// The paths of a scale, checked.
#[derive(Debug)]
pub(super) struct Paths {
    pub(super) replicas: Path,
    pub(super) status_replicas: Path,
    pub(super) selector: Option<Path>,
    /// Those of the replicas in other versions.
    versions: Vec<(String, Path)>,
}

const SPEC_REPLICAS: &str = "spec replicas";

impl Paths {
    /// The paths, each below the fields where it may be.
    pub(super) fn parse(paths: ScalePaths) -> Result<Self, ScalePathError> {
        let replicas = |path| Path::parse(SPEC_REPLICAS, path, &["spec"]);
        let version = |(version, path)| Ok((version, replicas(path)?));
        Ok(Self {
            replicas: replicas(paths.replicas)?,
            status_replicas: Path::parse("status replicas", paths.status_replicas, &["status"])?,
            selector: paths
                .selector
                .map(|path| Path::parse("label selector", path, &["spec", "status"]))
                .transpose()?,
            versions: paths.versions.into_iter().map(version).collect::<Result<_, _>>()?,
        })
    }

    /// Refuses paths of fields that the type does not have, or that are of another type. A type that does not say what
    /// it has can have any.
    pub(super) fn check(&self, codec: &Codec) -> Result<(), ScalePathError> {
        let Some(info) = codec.type_info() else { return Ok(()) };
        let api_version = api_version(&info);
        let versions = Versions::new([(api_version.clone(), *codec)]);
        let Some(schema) = versions.schema(&api_version) else { return Ok(()) };
        let manager = FieldManager::new(Arc::new(schema.clone()), &*api_version, Arc::new(SingleVersion));
        let integers = [(SPEC_REPLICAS, &self.replicas), ("status replicas", &self.status_replicas)];
        let integers = integers.map(|(what, path)| (what, path, "an integer", json!(0)));
        let selector = self.selector.as_ref().map(|path| ("label selector", path, "a string", json!("")));
        for (what, path, kind, value) in integers.into_iter().chain(selector) {
            let mut object = json!({"apiVersion": api_version, "kind": info.kind});
            let is_set = path.set(&mut object, value);
            if !is_set || manager.apply(None, &object, "scale", false, "").is_err() {
                let wrong = format!("is not that of {kind} in the schema of {}", info.kind);
                return Err(ScalePathError { what, path: path.text.clone(), wrong });
            }
        }
        Ok(())
    }

    /// The path of the replicas in a version.
    pub(super) fn replicas_in(&self, api_version: &str) -> &Path {
        let other = self.versions.iter().find(|(version, _)| version == api_version);
        other.map_or(&self.replicas, |(_, path)| path)
    }
}

impl Path {
    fn parse(what: &'static str, text: String, below: &[&str]) -> Result<Self, ScalePathError> {
        let wrong = |text, wrong: &str| Err(ScalePathError { what, path: text, wrong: wrong.to_owned() });
        let Some(rest) = text.strip_prefix('.') else { return wrong(text, "must begin with a dot") };
        let names: Vec<String> = rest.split('.').map(str::to_owned).collect();
        let is_name = |name: &String| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        };
        if !names.iter().all(is_name) {
            return wrong(text, "must be names of fields, with a dot before each, and no lists");
        }
        if names.len() < 2 || !names.first().is_some_and(|first| below.contains(&first.as_str())) {
            let below: Vec<String> = below.iter().map(|name| format!(".{name}")).collect();
            return wrong(text, &format!("must be below {}", below.join(" or ")));
        }
        Ok(Self { text, names })
    }

    /// The value, if there is one; null is none.
    pub(super) fn get<'a>(&self, object: &'a Value) -> Option<&'a Value> {
        let found = self.names.iter().try_fold(object, |value, name| value.get(name));
        found.filter(|value| !value.is_null())
    }

    /// Sets the value, and the objects around it where there are none. `false` if something else is in their place.
    pub(super) fn set(&self, object: &mut Value, new: Value) -> bool {
        let mut place = object;
        for name in &self.names {
            if place.is_null() {
                *place = json!({});
            }
            let Some(members) = place.as_object_mut() else { return false };
            place = members.entry(name.as_str()).or_insert(Value::Null);
        }
        *place = new;
        true
    }

    /// As managed fields have it.
    pub(super) fn field(&self) -> FieldPath {
        FieldPath::fields(self.names.iter().map(String::as_str))
    }
}

/// The version of a type, as its objects say it.
pub(super) fn api_version(info: &TypeInfo) -> String {
    if info.group.is_empty() { info.version.clone() } else { format!("{}/{}", info.group, info.version) }
}
