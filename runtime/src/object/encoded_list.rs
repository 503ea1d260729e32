//! Lists of encoded objects.

use bytes::Bytes;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;

use super::Encoded;

/// A list of objects that are encoded already. Neighbours that are held together are sent without being taken apart.
///
/// ```
/// use rest_resource::object::{Encoded, EncodedList};
///
/// let mut list = EncodedList::default();
/// list.push(Encoded::new(r#"{"metadata":{"name":"a"}}"#.into()));
/// list.push(Encoded::new(r#"{"metadata":{"name":"b"}}"#.into()));
/// assert_eq!(list.len(), 2);
/// assert_eq!(list.iter().last().unwrap().json(), r#"{"metadata":{"name":"b"}}"#);
/// ```
#[derive(Clone, Debug, Default)]
pub struct EncodedList {
    /// Resource version, continue token, and how many items remain.
    pub metadata: ListMeta,
    chunks: Vec<Chunk>,
    /// How many bytes each object has.
    sizes: Vec<usize>,
}

/// A part of the items of a list.
#[derive(Clone, Debug)]
pub(crate) enum Chunk {
    One(Bytes),
    /// Objects with a comma before each.
    Joined(Bytes),
}

impl EncodedList {
    /// An empty list.
    pub fn new(metadata: ListMeta) -> Self {
        Self { metadata, chunks: Vec::new(), sizes: Vec::new() }
    }

    /// Appends an object.
    pub fn push(&mut self, object: Encoded) {
        self.sizes.push(object.json().len());
        self.chunks.push(Chunk::One(object.into_json()));
    }

    /// Appends objects of these sizes that have a comma before each.
    pub(crate) fn push_joined(&mut self, joined: Bytes, sizes: impl Iterator<Item = usize>) {
        self.sizes.extend(sizes);
        self.chunks.push(Chunk::Joined(joined));
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// The objects.
    pub fn iter(&self) -> impl Iterator<Item = Encoded> {
        let mut sizes = self.sizes.iter().copied();
        self.chunks.iter().flat_map(move |chunk| {
            let mut rest = match chunk {
                Chunk::One(json) => {
                    sizes.next();
                    return vec![Encoded::new(json.clone())];
                }
                Chunk::Joined(json) => json.clone(),
            };
            let mut items = Vec::new();
            while !rest.is_empty()
                && let Some(size) = sizes.next()
            {
                let item = rest.split_to((1 + size).min(rest.len()));
                items.push(Encoded::new(item.slice(1..)));
            }
            items
        })
    }

    pub(crate) fn into_chunks(self) -> Vec<Chunk> {
        self.chunks
    }
}

impl Chunk {
    pub(crate) fn bytes(&self) -> &Bytes {
        match self {
            Self::One(bytes) | Self::Joined(bytes) => bytes,
        }
    }
}
