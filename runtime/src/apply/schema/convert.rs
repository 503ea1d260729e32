//! From the JSON schema of an object to what server-side apply has to know of it.
//!
//! It reads what schemars writes (drafts and OpenAPI settings alike) and what custom resource definitions hold:
//! references, `allOf`, `anyOf`, `oneOf`, `nullable`, lists of types and the `x-kubernetes-` extensions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::builtin::{self, add, scalar};
use super::keywords::{declares_type, map_is_atomic, says_what_it_is, scalar_of, sole_reference};
use super::{Atom, Key, List, ListKind, Map, Scalar, Schema, TypeId};
use crate::apply::MAX_DEPTH;

/// What a schema cannot be: it does not say its list keys, refers to what is not there, or is nested too deeply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(String);

impl std::fmt::Display for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

/// Types whose schema does not say all of it: a quantity may be written as a number, an extension is any object.
const QUANTITY: &str = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const RAW_EXTENSION: &str = "io.k8s.apimachinery.pkg.runtime.RawExtension";

pub(super) type Result<T> = std::result::Result<T, SchemaError>;

pub(super) fn error<T>(text: String) -> Result<T> {
    Err(SchemaError(text))
}

impl Schema {
    /// Reads the JSON schema of an object. References are resolved in the document itself (`#/definitions/x`,
    /// `#/$defs/x`, `#/components/schemas/x`, any JSON pointer).
    ///
    /// `apiVersion`, `kind` and `metadata` need not be declared; `metadata` always is what it is for every object.
    ///
    /// Errors: a list of type `map` without keys, an unknown list or map type, a reference to nothing or to itself.
    ///
    /// ```
    /// use rest_resource::apply::Schema;
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
    ///     "ports": {
    ///         "type": "array",
    ///         "items": {"type": "object", "properties": {"port": {"type": "integer"}}},
    ///         "x-kubernetes-list-type": "map",
    ///         "x-kubernetes-list-map-keys": ["port"],
    ///     },
    /// }}}});
    /// assert!(Schema::from_json_schema(&schema).is_ok());
    /// ```
    pub fn from_json_schema(document: &Value) -> Result<Self> {
        Self::from_json_schema_in(document, document)
    }

    /// As [`from_json_schema`](Self::from_json_schema), for a schema whose references are into another document, such
    /// as one of the schemas of an `OpenAPI` document.
    ///
    /// Errors: as there.
    pub fn from_json_schema_in(schema: &Value, document: &Value) -> Result<Self> {
        let mut convert =
            Convert { document, atoms: builtin::atoms(), metadata: TypeId::DEDUCED, made: BTreeMap::new() };
        convert.metadata = builtin::object_meta(&mut convert.atoms);
        let mut root = convert.atom(schema, Context { depth: MAX_DEPTH, preserve: false })?;
        convert.object_fields(&mut root);
        let root = add(&mut convert.atoms, root);
        Ok(Self { atoms: convert.atoms, root })
    }
}

pub(super) struct Convert<'a> {
    document: &'a Value,
    pub(super) atoms: Vec<Atom>,
    metadata: TypeId,
    /// The types of the schemas that were met, by where they stand in memory. A type is here before it is made, because
    /// it may refer to itself.
    made: BTreeMap<(usize, bool, Option<bool>), TypeId>,
}

#[derive(Clone, Copy)]
struct Context {
    /// The levels that are still allowed.
    depth: usize,
    /// Fields that are not declared are kept, here and in everything below.
    preserve: bool,
}

impl<'a> Convert<'a> {
    /// The type of a schema.
    fn id(&mut self, schema: &'a Value, context: Context) -> Result<TypeId> {
        let Some(reference) = sole_reference(schema) else { return self.make(schema, context, None) };
        let atomic = map_is_atomic(schema)?;
        match reference.rsplit('/').next() {
            Some(QUANTITY) => Ok(add(&mut self.atoms, scalar(Scalar::Any))),
            Some(RAW_EXTENSION) => Ok(TypeId::DEDUCED),
            // What preserves unknown fields does so where it is written, and not in what it refers to.
            _ => self.make(self.target(reference)?, Context { preserve: false, ..context }, atomic),
        }
    }

    fn make(&mut self, schema: &'a Value, context: Context, atomic: Option<bool>) -> Result<TypeId> {
        let key = (std::ptr::from_ref(schema).addr(), context.preserve, atomic);
        if let Some(id) = self.made.get(&key) {
            return Ok(*id);
        }
        let id = add(&mut self.atoms, Atom::default());
        self.made.insert(key, id);
        let mut atom = self.atom(schema, context)?;
        if let (Some(atomic), Some(map)) = (atomic, &mut atom.map) {
            map.atomic = atomic;
        }
        if self.atoms.first() == Some(&atom) {
            self.made.insert(key, TypeId::DEDUCED);
            // What has met it meanwhile has the place that was reserved.
            self.fill(id, atom);
            return Ok(TypeId::DEDUCED);
        }
        self.fill(id, atom);
        Ok(id)
    }

    fn fill(&mut self, id: TypeId, atom: Atom) {
        // What can only be null has no kind, and every field may be null.
        let atom = if atom == Atom::default() { scalar(Scalar::Any) } else { atom };
        if let Some(place) = self.atoms.get_mut(id.0) {
            *place = atom;
        }
    }

    /// A type that is any value has its place already.
    pub(super) fn place(&mut self, atom: Atom) -> TypeId {
        if self.atoms.first() == Some(&atom) { TypeId::DEDUCED } else { add(&mut self.atoms, atom) }
    }

    fn target(&self, reference: &str) -> Result<&'a Value> {
        let document = self.document;
        let found = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        found.map_or_else(|| error(format!("the schema refers to {reference}, which is not there")), Ok)
    }

    /// What a schema allows.
    fn atom(&mut self, schema: &'a Value, context: Context) -> Result<Atom> {
        let Some(depth) = context.depth.checked_sub(1) else {
            return error("the schema is nested too deeply, or refers to itself".to_owned());
        };
        let preserve = context.preserve || schema["x-kubernetes-preserve-unknown-fields"] == true;
        let context = Context { depth, preserve };
        let mut parts = Vec::new();
        if declares_type(schema) {
            parts.push(self.declared(schema, context)?);
        }
        if let Some(reference) = schema["$ref"].as_str() {
            parts.push(self.atom(self.target(reference)?, Context { preserve: false, ..context })?);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for part in schema[keyword].as_array().into_iter().flatten().filter(|part| says_what_it_is(part)) {
                parts.push(self.atom(part, context)?);
            }
        }
        let mut parts = parts.into_iter();
        let Some(mut atom) = parts.next() else { return Ok(self.anything(schema)) };
        for part in parts {
            atom = self.combine(atom, part);
        }
        if schema["x-kubernetes-embedded-resource"] == true {
            self.object_fields(&mut atom);
        }
        Ok(atom)
    }

    fn anything(&self, schema: &Value) -> Atom {
        if schema["x-kubernetes-int-or-string"] == true {
            return scalar(Scalar::Any);
        }
        self.atoms.first().cloned().unwrap_or_default()
    }

    /// The kinds of value that the schema's own keywords allow.
    fn declared(&mut self, schema: &'a Value, context: Context) -> Result<Atom> {
        let types: Vec<&str> = match &schema["type"] {
            Value::String(only) => vec![only],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            // Without a type it is what its keywords are about.
            _ => [("properties", "object"), ("additionalProperties", "object"), ("items", "array")]
                .into_iter()
                .filter(|(keyword, _)| schema.get(keyword).is_some())
                .map(|(_, name)| name)
                .collect(),
        };
        let mut atom = Atom::default();
        for name in types {
            match name {
                "object" => atom.map = Some(self.map(schema, context)?),
                "array" => atom.list = Some(self.list(schema, context)?),
                "null" => {}
                other => {
                    let of_type = scalar_of(other, &schema["format"]);
                    atom.scalar =
                        Some(if atom.scalar.is_none_or(|own| own == of_type) { of_type } else { Scalar::Any });
                }
            }
        }
        Ok(atom)
    }

    fn map(&mut self, schema: &'a Value, context: Context) -> Result<Map> {
        let properties = schema["properties"].as_object();
        let mut fields = BTreeMap::new();
        for (name, field) in properties.into_iter().flatten() {
            fields.insert(name.clone(), self.id(field, context)?);
        }
        let others = match &schema["additionalProperties"] {
            Value::Object(_) => Some(self.id(&schema["additionalProperties"], context)?),
            Value::Bool(allowed) => allowed.then_some(TypeId::DEDUCED),
            // An object of which nothing is said is free in its form; one with properties has no others.
            _ => (context.preserve || fields.is_empty()).then_some(TypeId::DEDUCED),
        };
        Ok(Map { fields, others, atomic: map_is_atomic(schema)? == Some(true) })
    }

    fn list(&mut self, schema: &'a Value, context: Context) -> Result<List> {
        let element = match &schema["items"] {
            items @ Value::Object(_) => self.id(items, context)?,
            // A tuple, or anything.
            _ => TypeId::ATOMIC,
        };
        let merged = matches!(schema["x-kubernetes-patch-strategy"].as_str(), Some("merge" | "merge,retainKeys"));
        let kind = match (schema["x-kubernetes-list-type"].as_str(), &schema["x-kubernetes-patch-merge-key"]) {
            (None, Value::String(key)) if merged => self.keys(&schema["items"], std::slice::from_ref(key)),
            (None, _) if merged => ListKind::Set,
            (None | Some("atomic"), _) => ListKind::Atomic,
            (Some("set"), _) => ListKind::Set,
            (Some("map"), _) => {
                let names = schema["x-kubernetes-list-map-keys"].as_array().into_iter().flatten();
                let names: Vec<String> = names.filter_map(Value::as_str).map(str::to_owned).collect();
                if names.is_empty() {
                    return error("a list of type map has no x-kubernetes-list-map-keys".to_owned());
                }
                self.keys(&schema["items"], &names)
            }
            (Some(other), _) => return error(format!("unknown x-kubernetes-list-type {other}")),
        };
        Ok(List { element, kind })
    }

    fn keys(&self, items: &Value, names: &[String]) -> ListKind {
        let target = sole_reference(items).and_then(|reference| self.target(reference).ok());
        let properties = &target.unwrap_or(items)["properties"];
        let default = |name: &str| properties[name].get("default").filter(|value| !value.is_null()).cloned();
        let mut keys: Vec<Key> =
            names.iter().map(|name| Key { name: name.as_str().into(), default: default(name) }).collect();
        keys.sort_by(|left, right| left.name.cmp(&right.name));
        ListKind::Map(keys.into())
    }

    /// Adds the fields that every object has.
    fn object_fields(&mut self, atom: &mut Atom) {
        let string = add(&mut self.atoms, scalar(Scalar::String));
        // An object of which nothing is known still is an object.
        let map = atom.map.get_or_insert_default();
        for name in ["apiVersion", "kind"] {
            map.fields.entry(name.to_owned()).or_insert(string);
        }
        map.fields.insert("metadata".to_owned(), self.metadata);
    }
}
