//! `fieldsV1`: a set as JSON (contract 4.9.23).

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::{FieldSet, Node};
use crate::apply::path::{PathElement, PathError, decode_element, encode_element};

/// The key that says that the field itself is in the set.
const SELF: &str = ".";
/// The most levels of a set that is read.
const MAX_LEVELS: usize = 128;

impl FieldSet {
    /// The set as `fieldsV1`, in the order in which Go writes it.
    ///
    /// ```
    /// use rest_resource::apply::{FieldPath, FieldSet, PathElement};
    ///
    /// let item = PathElement::key([("name", "a".into())]);
    /// let set = FieldSet::from_iter([
    ///     FieldPath::from([PathElement::field("ports"), item.clone()]),
    ///     FieldPath::from([PathElement::field("ports"), item, PathElement::field("port")]),
    /// ]);
    /// assert_eq!(set.to_json(), r#"{"f:ports":{"k:{\"name\":\"a\"}":{".":{},"f:port":{}}}}"#);
    /// ```
    pub fn to_json(&self) -> String {
        // Keys are text and a String takes everything, so that nothing can fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The set as `fieldsV1`, to be put into an object.
    pub fn to_value(&self) -> Value {
        self.value(false)
    }

    fn value(&self, itself: bool) -> Value {
        let mut fields = Map::new();
        if itself && !self.is_empty() {
            fields.insert(SELF.to_owned(), Value::Object(Map::new()));
        }
        for node in &self.nodes {
            fields.insert(key(node), node.children.value(node.member));
        }
        Value::Object(fields)
    }

    /// How many of the fields are also in a set that is `fieldsV1`, without reading that. `None` where this cannot be
    /// told by the names of fields: items of lists have keys that can be spelled in several ways.
    pub(in crate::apply) fn count_in(&self, fields: Option<&Value>) -> Option<usize> {
        let mut count = 0;
        for node in &self.nodes {
            let PathElement::Field(name) = &node.element else { return None };
            let inside = fields.and_then(|fields| fields.get(format!("f:{name}")));
            let is_member = match inside {
                Some(Value::Object(inside)) => inside.is_empty() || inside.contains_key(SELF),
                Some(_) => return None,
                None => false,
            };
            count += usize::from(node.member && is_member) + node.children.count_in(inside)?;
        }
        Some(count)
    }

    /// Reads `fieldsV1`. Elements of kinds that are not known are left out, as upstream does.
    ///
    /// Errors: a value that is no object, a key that is no path element, a set of more than 128 levels.
    ///
    /// ```
    /// use rest_resource::apply::FieldSet;
    /// use serde_json::json;
    ///
    /// let set = FieldSet::from_value(&json!({"f:data": {".": {}, "f:a": {}}})).unwrap();
    /// assert_eq!(set.to_string(), ".data\n.data.a");
    /// assert!(FieldSet::from_value(&json!({"data": {}})).is_err());
    /// ```
    pub fn from_value(value: &Value) -> Result<Self, PathError> {
        Ok(read_fields(value, MAX_LEVELS)?.0)
    }
}

/// Writes the set as `fieldsV1`, in the order in which Go writes it.
impl Serialize for FieldSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_fields(self, false, serializer)
    }
}

struct Fields<'a>(&'a Node);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_fields(&self.0.children, self.0.member, serializer)
    }
}

fn serialize_fields<S: Serializer>(set: &FieldSet, itself: bool, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_map(None)?;
    if itself && !set.is_empty() {
        fields.serialize_entry(SELF, &Map::new())?;
    }
    for node in &set.nodes {
        fields.serialize_entry(&key(node), &Fields(node))?;
    }
    fields.end()
}

fn key(node: &Node) -> String {
    let mut key = String::new();
    encode_element(&node.element, &mut key);
    key
}

/// What is in a field, and whether the field itself is in the set: it is where nothing in it is.
fn read_fields(value: &Value, depth: usize) -> Result<(FieldSet, bool), PathError> {
    let fields = match value {
        Value::Object(fields) => fields,
        Value::Null => return Ok((FieldSet::new(), true)),
        _ => return Err(PathError::new("fields must be an object")),
    };
    let Some(depth) = depth.checked_sub(1) else { return Err(PathError::new("fields are nested too deeply")) };
    let (mut nodes, mut member) = (Vec::new(), false);
    for (key, value) in fields {
        if key == SELF {
            member = true;
        } else if let Some(element) = decode_element(key)? {
            let (children, itself) = read_fields(value, depth)?;
            nodes.push(Node { element, member: itself, children });
        }
    }
    // Keys that are numbers are in another order than their text, and one may be written in two ways.
    nodes.sort_by(|left, right| left.element.cmp(&right.element));
    let mut set = FieldSet::new();
    for node in nodes {
        set.add(node.element, node.member, node.children);
    }
    member |= set.is_empty();
    Ok((set, member))
}
