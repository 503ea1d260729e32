//! The types that every schema has: of any value, and of an object's metadata (contract 0.12).

use std::collections::BTreeMap;

use super::{Atom, Key, List, ListKind, Map, Scalar, TypeId};

/// The types that have fixed places, in the order of the constants of [`TypeId`].
pub(super) fn atoms() -> Vec<Atom> {
    vec![any(TypeId::DEDUCED, false), any(TypeId::ATOMIC, true), any(TypeId::OPAQUE, true)]
}

fn any(fields: TypeId, atomic: bool) -> Atom {
    let element = if atomic { fields } else { TypeId::ATOMIC };
    Atom {
        scalar: Some(Scalar::Any),
        list: Some(List { element, kind: ListKind::Atomic }),
        map: Some(Map { fields: BTreeMap::new(), others: Some(fields), atomic }),
    }
}

pub(super) fn scalar(scalar: Scalar) -> Atom {
    Atom { scalar: Some(scalar), ..Atom::default() }
}

/// Adds the type of an object's metadata.
pub(super) fn object_meta(atoms: &mut Vec<Atom>) -> TypeId {
    let string = add(atoms, scalar(Scalar::String));
    let any = add(atoms, scalar(Scalar::Any));
    let number = add(atoms, scalar(Scalar::Number));
    let boolean = add(atoms, scalar(Scalar::Boolean));
    let texts = add(atoms, map(&[], Some(string)));
    let set = add(atoms, list(string, ListKind::Set));
    let owner_fields = [
        ("apiVersion", string),
        ("kind", string),
        ("name", string),
        ("uid", string),
        ("controller", boolean),
        ("blockOwnerDeletion", boolean),
    ];
    let mut owner = map(&owner_fields, None);
    if let Some(owner) = &mut owner.map {
        owner.atomic = true;
    }
    let owner = add(atoms, owner);
    let uid = Key { name: "uid".into(), default: None };
    let owners = add(atoms, list(owner, ListKind::Map([uid].into())));
    let fields = [
        ("name", string),
        ("generateName", string),
        ("namespace", string),
        ("selfLink", string),
        ("uid", string),
        ("resourceVersion", string),
        ("generation", number),
        ("creationTimestamp", any),
        ("deletionTimestamp", any),
        ("deletionGracePeriodSeconds", number),
        ("labels", texts),
        ("annotations", texts),
        ("ownerReferences", owners),
        ("finalizers", set),
        ("managedFields", TypeId::OPAQUE),
    ];
    add(atoms, map(&fields, None))
}

fn map(fields: &[(&str, TypeId)], others: Option<TypeId>) -> Atom {
    let fields = fields.iter().map(|(name, id)| ((*name).to_owned(), *id)).collect();
    Atom { map: Some(Map { fields, others, atomic: false }), ..Atom::default() }
}

fn list(element: TypeId, kind: ListKind) -> Atom {
    Atom { list: Some(List { element, kind }), ..Atom::default() }
}

pub(super) fn add(atoms: &mut Vec<Atom>, atom: Atom) -> TypeId {
    atoms.push(atom);
    TypeId(atoms.len() - 1)
}
