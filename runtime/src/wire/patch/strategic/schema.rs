//! What a strategic merge has to know of a type: how its lists merge.

use serde_json::Value;

use super::known;
use super::rule::{MergeRule, Strategy};

/// The keyword of how a field merges.
pub(super) const STRATEGY: &str = "x-kubernetes-patch-strategy";

/// The keyword of what tells the items of a list apart.
pub(super) const MERGE_KEY: &str = "x-kubernetes-patch-merge-key";

/// How many references and alternatives may lie between a field and what it is: more are a schema that refers to itself.
const MAX_HOPS: usize = 16;

/// How the fields of an object merge, as its JSON schema says it (contract 4.9.17).
///
/// Lists are replaced unless the schema, a [`MergeRule`] or what is known of the types of Kubernetes says how their items
/// are told apart. Those in the metadata of an object always are merged: `ownerReferences` by `uid`, `finalizers` as a set.
#[derive(Clone, Debug)]
pub struct MergeSchema {
    document: Value,
    rules: Vec<MergeRule>,
}

impl MergeSchema {
    /// Of a JSON schema, with the definitions that it refers to (`#/$defs/x`, `#/definitions/x`, any JSON pointer).
    ///
    /// Nothing in it is an error: what the schema does not say merges as by RFC 7396.
    pub fn new(schema: Value) -> Self {
        Self { document: schema, rules: Vec::new() }
    }

    /// Rules for types whose schemas do not say it; they count before those that are built in.
    #[must_use]
    pub fn with_rules(mut self, rules: impl IntoIterator<Item = MergeRule>) -> Self {
        self.rules = rules.into_iter().collect();
        self
    }

    pub(super) fn root(&self) -> Type<'_> {
        Type { schema: self, at: Some(&self.document), name: None, is_root: true }
    }

    fn rule(&self, type_name: &str, field: &str) -> Option<Strategy<'_>> {
        self.rules.iter().chain(known::RULES).find_map(|rule| rule.about(type_name, field))
    }
}

/// A type in its schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type<'a> {
    schema: &'a MergeSchema,
    /// Where it is; `None` if nothing is known of it.
    at: Option<&'a Value>,
    /// Its name, where the schema does not refer to it by one.
    name: Option<&'static str>,
    is_root: bool,
}

/// A field of a type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    name: &'a str,
    strategy: Strategy<'a>,
    value: Type<'a>,
}

impl<'a> Type<'a> {
    /// A field; nothing is known of one that is not declared.
    pub(super) fn field(self, name: &'a str) -> Field<'a> {
        let mut rule = self.name.and_then(|of| self.schema.rule(of, name));
        let mut at = None;
        self.parts(|part, type_name| {
            rule = rule.or_else(|| self.schema.rule(type_name?, name));
            at = at.or_else(|| {
                let others = || Some(&part["additionalProperties"]).filter(|others| others.is_object());
                part["properties"].get(name).or_else(others)
            });
        });
        let is_metadata = self.is_root && name == "metadata";
        let value = Type { schema: self.schema, at, name: is_metadata.then_some(known::OBJECT_META), is_root: false };
        let strategy = value.said(patch_keywords).or(rule).or_else(|| value.said(list_keywords));
        Field { name, strategy: strategy.unwrap_or(Strategy::Plain), value }
    }

    /// The type of the items of a list.
    pub(super) fn items(self) -> Self {
        let mut at = None;
        self.parts(|part, _| at = at.or_else(|| part.get("items")));
        Self { at, name: None, is_root: false, ..self }
    }

    /// The first answer of the parts of its schema.
    fn said<T>(self, keywords: fn(&'a Value) -> Option<T>) -> Option<T> {
        let mut said = None;
        self.parts(|part, _| {
            if said.is_none() {
                said = keywords(part);
            }
        });
        said
    }

    /// Goes through the schema and all that it refers to, with the names that the parts are referred to by.
    fn parts(self, mut visit: impl FnMut(&'a Value, Option<&'a str>)) {
        if let Some(at) = self.at {
            parts(&self.schema.document, at, None, MAX_HOPS, &mut visit);
        }
    }
}

fn parts<'a>(
    document: &'a Value,
    part: &'a Value,
    name: Option<&'a str>,
    hops: usize,
    visit: &mut impl FnMut(&'a Value, Option<&'a str>),
) {
    visit(part, name);
    let Some(hops) = hops.checked_sub(1) else { return };
    if let Some(pointer) = part["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'))
        && let Some(target) = document.pointer(pointer)
    {
        parts(document, target, pointer.rsplit('/').next(), hops, visit);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for alternative in part[keyword].as_array().into_iter().flatten() {
            parts(document, alternative, name, hops, visit);
        }
    }
}

/// What `x-kubernetes-patch-strategy` says. That of `retainKeys` alone changes nothing: it is for who makes a patch.
fn patch_keywords(schema: &Value) -> Option<Strategy<'_>> {
    let strategies = schema[STRATEGY].as_str()?;
    let has = |name| strategies.split(',').any(|strategy| strategy.trim() == name);
    Some(match () {
        () if has("merge") => Strategy::Merge(schema[MERGE_KEY].as_str()),
        () if has("replace") => Strategy::Replace,
        () => Strategy::Plain,
    })
}

/// What `x-kubernetes-list-type` says. A list of several keys is replaced: strategic merge knows one.
pub(super) fn list_keywords(schema: &Value) -> Option<Strategy<'_>> {
    match schema["x-kubernetes-list-type"].as_str()? {
        "set" => Some(Strategy::Merge(None)),
        "map" => match schema["x-kubernetes-list-map-keys"].as_array()?.as_slice() {
            [Value::String(key)] => Some(Strategy::Merge(Some(key))),
            _ => Some(Strategy::Plain),
        },
        _ => Some(Strategy::Plain),
    }
}

impl<'a> Field<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// The type of the field itself.
    pub(super) fn value(&self) -> Type<'a> {
        self.value
    }

    /// An object is not merged by field.
    pub(super) fn is_replaced(&self) -> bool {
        self.strategy == Strategy::Replace
    }

    /// A list is merged by item.
    pub(super) fn is_merged(&self) -> bool {
        matches!(self.strategy, Strategy::Merge(_))
    }

    /// What tells the items of a list apart.
    pub(super) fn key(&self) -> Option<&'a str> {
        match self.strategy {
            Strategy::Merge(key) => key,
            Strategy::Plain | Strategy::Replace => None,
        }
    }
}
