//! What is in both sets, in one, in either. All in place: the first set is used up.

use std::cmp::Ordering;

use super::{FieldSet, Node};

impl FieldSet {
    /// What is in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        let mut nodes = Vec::with_capacity(self.nodes.len().max(other.nodes.len()));
        let mut others = other.nodes.into_iter().peekable();
        for mut node in self.nodes {
            while let Some(before) = others.next_if(|other| other.element < node.element) {
                nodes.push(before);
            }
            if let Some(same) = others.next_if(|other| other.element == node.element) {
                node.member |= same.member;
                node.children = node.children.union(same.children);
            }
            nodes.push(node);
        }
        nodes.extend(others);
        Self { nodes }
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(self, other: &Self) -> Self {
        self.zip(other, |node, other| match other {
            None => false,
            Some(other) => {
                node.member &= other.member;
                node.children = std::mem::take(&mut node.children).intersection(&other.children);
                true
            }
        })
    }

    /// What is in this one and not in the other. A field in the other takes away itself, and not what is in it.
    #[must_use]
    pub fn difference(self, other: &Self) -> Self {
        self.zip(other, |node, other| {
            if let Some(other) = other {
                node.member &= !other.member;
                node.children = std::mem::take(&mut node.children).difference(&other.children);
            }
            true
        })
    }

    /// What is in this one and not in the other, where a field in the other takes away all that is in it, too.
    ///
    /// ```
    /// use rest_resource::apply::{FieldPath, FieldSet};
    ///
    /// let owned = FieldSet::from_iter([FieldPath::fields(["spec", "size"]), FieldPath::fields(["status", "ready"])]);
    /// let status = FieldSet::from_iter([FieldPath::fields(["status"])]);
    /// assert_eq!(owned.recursive_difference(&status).to_string(), ".spec.size");
    /// ```
    #[must_use]
    pub fn recursive_difference(self, other: &Self) -> Self {
        self.zip(other, |node, other| {
            let Some(other) = other else { return true };
            if other.member {
                return false;
            }
            node.children = std::mem::take(&mut node.children).recursive_difference(&other.children);
            true
        })
    }

    /// The fields in which no other field of the set is.
    #[must_use]
    pub fn leaves(mut self) -> Self {
        self.retain(|node| {
            node.member &= node.children.is_empty();
            node.children = std::mem::take(&mut node.children).leaves();
            true
        });
        self
    }

    /// Whether each field of this one is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        let mut rest = other.nodes.iter();
        self.nodes.iter().all(|node| {
            rest.find(|other| other.element >= node.element).is_some_and(|other| {
                other.element == node.element && node.member <= other.member && node.children.is_subset(&other.children)
            })
        })
    }

    /// Goes over the nodes with those of the other set for the same elements.
    fn zip(mut self, other: &Self, mut keep: impl FnMut(&mut Node, Option<&Node>) -> bool) -> Self {
        let mut rest = other.nodes.iter().peekable();
        self.retain(|node| {
            loop {
                let Some(other) = rest.peek() else { return keep(node, None) };
                match other.element.cmp(&node.element) {
                    Ordering::Less => rest.next(),
                    Ordering::Equal => return keep(node, rest.next()),
                    Ordering::Greater => return keep(node, None),
                };
            }
        });
        self
    }
}
