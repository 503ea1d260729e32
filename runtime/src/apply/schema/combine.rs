//! Alternatives: what is one type or another has the kinds of both.

use super::convert::Convert;
use super::{Atom, List, ListKind, Map, Scalar, TypeId};

/// How many levels of fields are put together where both alternatives have them; below, either is taken for any value.
const LEVELS: usize = 8;

impl Convert<'_> {
    /// The type of what may be either.
    pub(super) fn combine(&mut self, left: Atom, right: Atom) -> Atom {
        self.combine_atoms(left, right, LEVELS)
    }

    fn combine_atoms(&mut self, left: Atom, right: Atom, levels: usize) -> Atom {
        let scalar = match (left.scalar, right.scalar) {
            (Some(left), Some(right)) if left != right => Some(Scalar::Any),
            (left, right) => left.or(right),
        };
        let list = match (left.list, right.list) {
            // Items are told apart in one way or as a whole.
            (Some(left), Some(right)) if left != right => {
                Some(List { element: TypeId::ATOMIC, kind: ListKind::Atomic })
            }
            (left, right) => left.or(right),
        };
        let map = match (left.map, right.map) {
            (Some(left), Some(right)) => Some(self.combine_maps(left, right, levels)),
            (left, right) => left.or(right),
        };
        Atom { scalar, list, map }
    }

    fn combine_maps(&mut self, mut left: Map, right: Map, levels: usize) -> Map {
        left.others = match (left.others, right.others) {
            (Some(left), Some(right)) => Some(self.combine_ids(left, right, levels)),
            (left, right) => left.or(right),
        };
        for (name, id) in right.fields {
            let id = match left.fields.get(&name) {
                Some(own) => self.combine_ids(*own, id, levels),
                None => id,
            };
            left.fields.insert(name, id);
        }
        left.atomic |= right.atomic;
        left
    }

    fn combine_ids(&mut self, left: TypeId, right: TypeId, levels: usize) -> TypeId {
        let (Some(levels), Some(left_atom), Some(right_atom)) =
            (levels.checked_sub(1), self.atoms.get(left.0).cloned(), self.atoms.get(right.0).cloned())
        else {
            return TypeId::DEDUCED;
        };
        if left_atom == right_atom {
            return left;
        }
        // A type that refers to itself may not be made yet.
        if left_atom == Atom::default() || right_atom == Atom::default() {
            return TypeId::DEDUCED;
        }
        let atom = self.combine_atoms(left_atom, right_atom, levels);
        self.place(atom)
    }
}
