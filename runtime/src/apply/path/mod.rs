//! Where a field is: [`PathElement`], one step, and [`FieldPath`], all of them.

mod text;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::value::{order, print};

pub use text::PathError;
pub(super) use text::{decode_element, encode_element};

/// One step from an object or list to what is in it (contract 4.9.23).
///
/// The parts are shared, because each is in several sets at once while a change is worked out.
#[derive(Clone, Debug)]
pub enum PathElement {
    /// `f:name`: the field of an object or the entry of a map with this name.
    Field(Arc<str>),
    /// `k:{"name":"a"}`: the item of a list whose key fields have these values; sorted by name.
    Key(Arc<[(Arc<str>, Value)]>),
    /// `v:"a"`: the item of a set with this value.
    Value(Arc<Value>),
    /// `i:0`: the item of a list at this place. No list of today's schemas is tracked by place.
    Index(i64),
}

impl PathElement {
    /// The field with this name.
    pub fn field(name: impl Into<Arc<str>>) -> Self {
        Self::Field(name.into())
    }

    /// The item of a list with these values of its key fields, in any order.
    ///
    /// ```
    /// use rest_resource::apply::PathElement;
    ///
    /// let port = PathElement::key([("protocol", "TCP".into()), ("port", 80.into())]);
    /// assert_eq!(port.to_string(), r#"[port=80,protocol="TCP"]"#);
    /// ```
    pub fn key<N: Into<Arc<str>>>(fields: impl IntoIterator<Item = (N, Value)>) -> Self {
        let mut fields: Vec<(Arc<str>, Value)> = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
        fields.sort_by(|left, right| left.0.cmp(&right.0));
        Self::Key(fields.into())
    }

    /// The item of a set with this value.
    pub fn value(value: impl Into<Value>) -> Self {
        Self::Value(Arc::new(value.into()))
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Field(_) => 0,
            Self::Key(_) => 1,
            Self::Value(_) => 2,
            Self::Index(_) => 3,
        }
    }
}

impl Ord for PathElement {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Field(left), Self::Field(right)) => left.cmp(right),
            (Self::Key(left), Self::Key(right)) => {
                let first = left
                    .iter()
                    .zip(right.iter())
                    .map(|(left, right)| left.0.cmp(&right.0).then_with(|| order(&left.1, &right.1)))
                    .find(|order| order.is_ne());
                first.unwrap_or_else(|| left.len().cmp(&right.len()))
            }
            (Self::Value(left), Self::Value(right)) => order(left, right),
            (Self::Index(left), Self::Index(right)) => left.cmp(right),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for PathElement {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for PathElement {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for PathElement {}

/// As messages print it: `.name`, `[name="a"]`, `[="a"]`, `[0]` (contract 4.9.21).
impl fmt::Display for PathElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Key(fields) => {
                f.write_str("[")?;
                for (index, (name, value)) in fields.iter().enumerate() {
                    let comma = if index > 0 { "," } else { "" };
                    write!(f, "{comma}{name}={}", print(value))?;
                }
                f.write_str("]")
            }
            Self::Value(value) => write!(f, "[={}]", print(value)),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// Where a field is, from the outermost object.
///
/// ```
/// use rest_resource::apply::{FieldPath, PathElement};
///
/// let path = FieldPath::from([PathElement::field("spec"), PathElement::value("a")]);
/// assert_eq!(path.to_string(), r#".spec[="a"]"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldPath(Vec<PathElement>);

impl FieldPath {
    /// A path of fields only.
    ///
    /// ```
    /// use rest_resource::apply::FieldPath;
    ///
    /// assert_eq!(FieldPath::fields(["metadata", "labels"]).to_string(), ".metadata.labels");
    /// ```
    pub fn fields<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().map(PathElement::field).collect())
    }

    /// The steps, the outermost first.
    pub fn elements(&self) -> &[PathElement] {
        &self.0
    }
}

impl From<Vec<PathElement>> for FieldPath {
    fn from(elements: Vec<PathElement>) -> Self {
        Self(elements)
    }
}

impl<const N: usize> From<[PathElement; N]> for FieldPath {
    fn from(elements: [PathElement; N]) -> Self {
        Self(elements.into())
    }
}

/// As messages print it (contract 4.9.21).
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|element| element.fmt(f))
    }
}
