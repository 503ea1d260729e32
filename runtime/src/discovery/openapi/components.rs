//! The schemas of a group and version, under the names by which operations refer to them (contract 3.5.6).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use k8s_openapi::apimachinery::pkg::apis::meta::v1;
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::schema::{COMPONENTS, component_name, generator, inline_enums, open_objects, referenced};
use crate::discovery::resource_list::ObjectKind;
use crate::route::Parameters;
use crate::verb::Endpoint;
use crate::wire::patch::strategic::publish;

/// The schemas of all objects of a group and version and of everything they consist of.
pub(super) struct Components {
    schemas: Map<String, Value>,
    /// The name of each endpoint's object, by the path of the endpoint.
    objects: HashMap<String, String>,
    /// The name of each endpoint's list, where it has one.
    lists: HashMap<String, String>,
}

/// A reference to a Kubernetes type.
pub(super) fn reference_to<T: JsonSchema>() -> Value {
    reference(&T::schema_name())
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{COMPONENTS}{name}") })
}

impl Components {
    pub(super) fn new(endpoints: &[&Endpoint], group: &str, version: &str) -> Self {
        let prefix = prefix(group, version);
        let mut generator = generator(&prefix);
        generator.subschema_for::<v1::ObjectMeta>();
        generator.subschema_for::<v1::ListMeta>();
        generator.subschema_for::<v1::Status>();
        generator.subschema_for::<v1::DeleteOptions>();
        generator.subschema_for::<v1::WatchEvent<()>>();
        let mut schemas = Map::new();
        let mut objects = HashMap::new();
        let mut kinds: BTreeMap<String, BTreeSet<ObjectKind>> = BTreeMap::new();
        for endpoint in endpoints {
            let kind = ObjectKind::of(endpoint);
            let mut schema = endpoint.codec.schema(&mut generator);
            let name = if let Some(name) = referenced(&schema) {
                component_name(&prefix, &name)
            } else {
                let name = component_name(&prefix, &kind.kind);
                generator.transforms_mut().for_each(|transform| transform.transform(&mut schema));
                schemas.insert(name.clone(), schema.to_value());
                name
            };
            kinds.entry(name.clone()).or_default().insert(kind);
            objects.insert(endpoint.info.path().into_owned(), name);
        }
        for (name, schema) in generator.take_definitions(true) {
            schemas.insert(component_name(&prefix, &name), schema);
        }
        let rules = endpoints.iter().flat_map(|endpoint| &endpoint.merging.rules);
        publish(&mut schemas, rules, |name| component_name(&prefix, name));
        for (name, kinds) in &kinds {
            if let Some(Value::Object(schema)) = schemas.get_mut(name) {
                complete(schema);
                set_kinds(schema, kinds);
            }
        }
        for name in [v1::DeleteOptions::schema_name(), v1::Status::schema_name(), v1::WatchEvent::<()>::schema_name()] {
            let kind = name.rsplit('.').next().unwrap_or_default();
            let of = |group: &str, version: &str| ObjectKind {
                group: group.to_owned(),
                version: version.to_owned(),
                kind: kind.to_owned(),
            };
            if let Some(Value::Object(schema)) = schemas.get_mut(&*name) {
                // The body of a DELETE may be of the group's own version; a Status is always `v1` (contract 4.10.2).
                let own = (kind != "Status").then(|| of(group, version));
                set_kinds(schema, &own.into_iter().chain([of("", "v1")]).collect());
            }
        }
        let mut components = Self { schemas, objects, lists: HashMap::new() };
        endpoints.iter().filter(|endpoint| has_list(endpoint)).for_each(|endpoint| components.add_list(endpoint));
        inline_enums(&mut components.schemas);
        components.schemas.values_mut().for_each(open_objects);
        components
    }

    fn add_list(&mut self, endpoint: &Endpoint) {
        let path = endpoint.info.path().into_owned();
        let Some(object) = self.objects.get(&path) else { return };
        let item = reference(object);
        let mut kind = ObjectKind::of(endpoint);
        let mut name = format!("{object}List");
        // A type may have taken the name of the list; that of another endpoint is the same list.
        while self.schemas.contains_key(&name) && !self.lists.values().any(|list| *list == name) {
            name.push('_');
        }
        let mut list = json!({
            "description": format!("{}List is a list of {}.", kind.kind, kind.kind),
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": { "description": "The objects.", "type": "array", "items": item },
                "metadata": {
                    "description": "Resource version, and where the list continues.",
                    "allOf": [reference_to::<v1::ListMeta>()],
                },
            },
        });
        if let Value::Object(schema) = &mut list {
            complete(schema);
            kind.kind.push_str("List");
            set_kinds(schema, &BTreeSet::from([kind]));
        }
        self.schemas.insert(name.clone(), list);
        self.lists.insert(path, name);
    }

    /// A reference to the object of an endpoint.
    pub(super) fn object(&self, endpoint: &Endpoint) -> Value {
        self.objects.get(&*endpoint.info.path()).map_or_else(|| json!({}), |name| reference(name))
    }

    /// A reference to the list of an endpoint.
    pub(super) fn list(&self, endpoint: &Endpoint) -> Value {
        self.lists.get(&*endpoint.info.path()).map_or_else(|| json!({}), |name| reference(name))
    }

    pub(super) fn into_schemas(self) -> Map<String, Value> {
        self.schemas
    }
}

/// Whether an endpoint answers with lists.
fn has_list(endpoint: &Endpoint) -> bool {
    endpoint.rows.iter().any(|row| row.action.gives_list || row.action.parameters == Parameters::DeleteCollection)
}

/// The reverse of the group, and the version: `com.example.wardle.v1alpha1` (contract 3.5.6).
fn prefix(group: &str, version: &str) -> String {
    let group = if group.is_empty() { "core" } else { group };
    group.rsplit('.').chain([version]).collect::<Vec<_>>().join(".")
}

/// Adds apiVersion, kind and metadata, which the schemas of custom resources leave out.
fn complete(schema: &mut Map<String, Value>) {
    schema.entry("type").or_insert_with(|| "object".into());
    let properties = schema.entry("properties").or_insert_with(|| json!({}));
    let Value::Object(properties) = properties else { return };
    let mut add = |name: &str, property: Value| {
        properties.entry(name).or_insert(property);
    };
    add(
        "apiVersion",
        json!({
            "description": "Group and version of the schema that the object follows, for example `apps/v1`.",
            "type": "string",
        }),
    );
    add("kind", json!({ "description": "What the object is, in camel case. It cannot be changed.", "type": "string" }));
    add(
        "metadata",
        json!({
            "description": "Name, namespace, labels and what else all objects have.",
            "allOf": [reference_to::<v1::ObjectMeta>()],
        }),
    );
}

fn set_kinds(schema: &mut Map<String, Value>, kinds: &BTreeSet<ObjectKind>) {
    let kinds: Vec<Value> = kinds.iter().map(ObjectKind::to_json).collect();
    schema.insert("x-kubernetes-group-version-kind".to_owned(), kinds.into());
}
