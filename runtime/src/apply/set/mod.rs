//! [`FieldSet`]: which fields, as managers own them.

mod algebra;
mod json;

use super::path::{FieldPath, PathElement};

/// A set of fields of an object (contract 4.9.23).
///
/// A field can be in the set without the fields in it, and they without it: a list item is a member of its own, beside
/// its fields.
///
/// ```
/// use rest_resource::apply::{FieldPath, FieldSet};
///
/// let set = FieldSet::from_iter([FieldPath::fields(["spec", "size"]), FieldPath::fields(["spec", "color"])]);
/// assert_eq!(set.to_json(), r#"{"f:spec":{"f:color":{},"f:size":{}}}"#);
/// assert!(!set.contains(&FieldPath::fields(["spec"])));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSet {
    /// Sorted by element, each once; none is neither a member nor has members in it.
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) element: PathElement,
    /// The field itself is in the set.
    pub(super) member: bool,
    /// What is in the set of the fields in it.
    pub(super) children: FieldSet,
}

impl FieldSet {
    /// The set without any field.
    pub const fn new() -> Self {
        Self { nodes: Vec::new() }
    }

    /// Whether there is no field in it.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many fields are in it.
    pub fn len(&self) -> usize {
        self.nodes.iter().map(|node| usize::from(node.member) + node.children.len()).sum()
    }

    /// Puts a field in, without what holds it. The empty path is the whole object, which nobody owns: it does nothing.
    pub fn insert(&mut self, path: &FieldPath) {
        let mut set = Self::new();
        for (index, element) in path.elements().iter().rev().enumerate() {
            set = Self { nodes: vec![Node { element: element.clone(), member: index == 0, children: set }] };
        }
        *self = std::mem::take(self).union(set);
    }

    /// Whether the field itself is in the set.
    pub fn contains(&self, path: &FieldPath) -> bool {
        let Some((last, parents)) = path.elements().split_last() else { return false };
        let parent = parents.iter().try_fold(self, |set, element| Some(&set.get(element)?.children));
        parent.and_then(|set| set.get(last)).is_some_and(|node| node.member)
    }

    /// The fields, in the order in which conflicts are told: those of an object before the fields in them.
    pub fn paths(&self) -> Vec<FieldPath> {
        let mut paths = Vec::new();
        self.collect(&mut Vec::new(), &mut paths);
        paths
    }

    /// As deep as the set, which is bounded where it is made.
    fn collect(&self, prefix: &mut Vec<PathElement>, paths: &mut Vec<FieldPath>) {
        for node in self.nodes.iter().filter(|node| node.member) {
            paths.push([prefix.as_slice(), std::slice::from_ref(&node.element)].concat().into());
        }
        for node in &self.nodes {
            prefix.push(node.element.clone());
            node.children.collect(prefix, paths);
            prefix.pop();
        }
    }

    pub(super) fn get(&self, element: &PathElement) -> Option<&Node> {
        let found = self.nodes.binary_search_by(|node| node.element.cmp(element));
        found.ok().and_then(|at| self.nodes.get(at))
    }

    /// The node of a field by its name.
    pub(super) fn field(&self, name: &str) -> Option<&Node> {
        let found = self.nodes.binary_search_by(|node| match &node.element {
            PathElement::Field(own) => (**own).cmp(name),
            // Fields come before anything else.
            _ => std::cmp::Ordering::Greater,
        });
        found.ok().and_then(|at| self.nodes.get(at))
    }

    /// Adds a field and what is in it.
    pub(super) fn add(&mut self, element: PathElement, member: bool, children: Self) {
        if !member && children.is_empty() {
            return;
        }
        let at = match self.nodes.last() {
            // What is walked in order, as nearly everything is, is only appended.
            Some(last) if last.element >= element => self.nodes.binary_search_by(|node| node.element.cmp(&element)),
            _ => Err(self.nodes.len()),
        };
        match at {
            Err(at) => self.nodes.insert(at, Node { element, member, children }),
            Ok(at) => {
                if let Some(node) = self.nodes.get_mut(at) {
                    node.member |= member;
                    node.children = std::mem::take(&mut node.children).union(children);
                }
            }
        }
    }

    /// Changes nodes, or removes them by `false`.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&mut Node) -> bool) {
        self.nodes.retain_mut(|node| keep(node) && (node.member || !node.children.is_empty()));
    }
}

impl FromIterator<FieldPath> for FieldSet {
    fn from_iter<T: IntoIterator<Item = FieldPath>>(paths: T) -> Self {
        let mut set = Self::new();
        paths.into_iter().for_each(|path| set.insert(&path));
        set
    }
}

/// One path a line.
impl std::fmt::Display for FieldSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, path) in self.paths().iter().enumerate() {
            let separator = if index > 0 { "\n" } else { "" };
            write!(f, "{separator}{path}")?;
        }
        Ok(())
    }
}
