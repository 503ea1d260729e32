//! What server-side apply has to know about the fields of an object, and no more: [`Schema`].

mod builtin;
mod combine;
mod convert;
mod keywords;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

pub use convert::SchemaError;

/// What the fields of an object are, for merging and for tracking who owns them.
///
/// Made of the JSON schema of the object by [`from_json_schema`](Self::from_json_schema), or none at all by
/// [`deduced`](Self::deduced).
#[derive(Clone, Debug)]
pub struct Schema {
    atoms: Vec<Atom>,
    root: TypeId,
}

/// The place of a type in its schema. Types refer to each other by it, so that they may be recursive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TypeId(usize);

impl TypeId {
    /// Any value; objects are merged by field, lists are not.
    pub(super) const DEDUCED: Self = Self(0);
    /// Any value, and always as a whole.
    const ATOMIC: Self = Self(1);
    /// Any value, and what it is like is not looked at.
    pub(super) const OPAQUE: Self = Self(2);
}

/// The kinds of value that a field may have; several where the schema allows several.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Atom {
    pub(super) scalar: Option<Scalar>,
    pub(super) list: Option<List>,
    pub(super) map: Option<Map>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Number,
    String,
    Boolean,
    /// Any of the others.
    Any,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct List {
    pub(super) element: TypeId,
    pub(super) kind: ListKind,
}

impl List {
    pub(super) fn is_atomic(&self) -> bool {
        self.kind == ListKind::Atomic
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ListKind {
    /// Owned and replaced as a whole.
    Atomic,
    /// Each value is there once, and owned by itself.
    Set,
    /// Items are told apart by the values of these fields, and owned by themselves; sorted by name, with defaults.
    Map(Arc<[Key]>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) name: Arc<str>,
    /// The value of the field where an item has none.
    pub(super) default: Option<Value>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Map {
    pub(super) fields: BTreeMap<String, TypeId>,
    /// The type of the fields that are not declared; `None` if there may not be any.
    pub(super) others: Option<TypeId>,
    /// Owned and replaced as a whole.
    pub(super) atomic: bool,
}

impl Map {
    /// The type of a field; `None` if there may not be such a field.
    pub(super) fn field(&self, name: &str) -> Option<TypeId> {
        self.fields.get(name).copied().or(self.others)
    }

    /// Nothing is known about it.
    pub(super) fn is_deduced(&self) -> bool {
        self.fields.is_empty() && self.others == Some(TypeId::DEDUCED)
    }
}

impl Schema {
    /// The schema of objects of which nothing is known: objects are merged by field, lists are replaced as a whole.
    ///
    /// That is so for `metadata` too, as upstream has it. A schema of `{}` knows the fields of `metadata`.
    pub fn deduced() -> Self {
        Self { atoms: builtin::atoms(), root: TypeId::DEDUCED }
    }

    pub(super) fn root(&self) -> TypeId {
        self.root
    }

    /// What a type is. A type that is none of this schema, which cannot be, is any value.
    pub(super) fn atom(&self, id: TypeId) -> &Atom {
        self.atoms.get(id.0).unwrap_or(&ANYTHING)
    }
}

static ANYTHING: Atom = Atom { scalar: Some(Scalar::Any), list: None, map: None };
