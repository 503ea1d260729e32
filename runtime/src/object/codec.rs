//! One table of functions for each object type a storage is served as: all that handlers need to know of the type.

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use super::{AnyObject, Object, TypeInfo};
use crate::wire::decode::{DecodeError, from_value};
use crate::wire::status::{Result, Status};

type MatchesFn = fn(&dyn AnyObject, &Value) -> bool;
type ConvertFn = fn(&Value) -> Result<Vec<u8>>;

/// How the objects of one served version are decoded, encoded, converted and described.
///
/// A storage works on one type, its `Storage::Object`. A version that serves another type converts on the way in and
/// out; where the types are the same, [`is_stored`](Codec::is_stored) says so and encoded objects pass untouched.
#[derive(Clone, Copy)]
pub struct Codec {
    decode: fn(&Value) -> Result<DecodedObject, CodecError>,
    encode: fn(&dyn AnyObject) -> Result<Vec<u8>>,
    matches: MatchesFn,
    convert: Option<ConvertFn>,
    type_info: fn() -> Option<TypeInfo>,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

/// An object out of a request body.
#[derive(Debug)]
pub struct DecodedObject {
    /// The object, in the storage's type.
    pub object: Box<dyn AnyObject>,
    /// The paths of the fields that the type does not have, for example `spec.foo`.
    pub unknown_fields: Vec<String>,
}

/// Why a body is not an object of the storage.
#[derive(Debug)]
pub enum CodecError {
    /// It is not of the served type.
    Decode(DecodeError),
    /// It is, and cannot be converted into the stored type.
    Convert(Status),
}

impl CodecError {
    /// The answer to the client; `undecodable` words the first kind, a failed conversion words itself.
    pub fn into_status(self, undecodable: impl FnOnce(DecodeError) -> Status) -> Status {
        match self {
            Self::Decode(error) => undecodable(error),
            Self::Convert(status) => status,
        }
    }
}

impl Codec {
    /// The codec of a storage that is served in the type that it stores.
    pub const fn stored<T: Object>() -> Self {
        Self {
            decode: decode_stored::<T>,
            encode: AnyObject::encode,
            matches: |object, document| object.matches(document, None),
            convert: None,
            type_info: T::type_info,
            schema: T::schema,
        }
    }

    /// The codec of a storage of `S` that is served as `V`.
    pub const fn converted<S, V>() -> Self
    where
        S: Object + TryFrom<V, Error: Into<Status>>,
        V: Object + TryFrom<S, Error: Into<Status>>,
    {
        Self {
            decode: decode_converted::<S, V>,
            encode: encode_converted::<S, V>,
            matches: matches_converted::<S, V>,
            convert: Some(convert::<S, V>),
            type_info: V::type_info,
            schema: V::schema,
        }
    }

    /// Whether the served type is the stored one, so that encoded objects pass as they are.
    pub fn is_stored(&self) -> bool {
        self.convert.is_none()
    }

    /// Decodes an object of the served version into the storage's type.
    pub fn decode(&self, value: &Value) -> Result<DecodedObject, CodecError> {
        (self.decode)(value)
    }

    /// Encodes an object of the storage's type in the served version.
    pub fn encode(&self, object: &dyn AnyObject) -> Result<Vec<u8>> {
        (self.encode)(object)
    }

    /// Whether an object of the storage's type is this document in the served version, found without encoding it; it
    /// may say no where that is seldom.
    pub(crate) fn matches(&self, object: &dyn AnyObject, document: &Value) -> bool {
        (self.matches)(object, document)
    }

    /// Converts the JSON of a stored object into the JSON of the served version.
    pub fn convert(&self, stored: &[u8]) -> Result<Vec<u8>> {
        match self.convert {
            None => Ok(stored.to_vec()),
            Some(convert) => convert(&serde_json::from_slice(stored).map_err(undecodable)?),
        }
    }

    /// Group, version and Kind of the served type, where the type fixes them.
    pub fn type_info(&self) -> Option<TypeInfo> {
        (self.type_info)()
    }

    /// The JSON schema of the served type.
    pub fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        (self.schema)(generator)
    }
}

fn decode_stored<T: Object>(value: &Value) -> Result<DecodedObject, CodecError> {
    let (object, unknown_fields) = from_value::<T>(value).map_err(CodecError::Decode)?;
    Ok(DecodedObject { object: Box::new(object), unknown_fields })
}

fn decode_converted<S, V>(value: &Value) -> Result<DecodedObject, CodecError>
where
    S: Object + TryFrom<V, Error: Into<Status>>,
    V: Object,
{
    let (object, unknown_fields) = from_value::<V>(value).map_err(CodecError::Decode)?;
    let object = S::try_from(object).map_err(|error| CodecError::Convert(error.into()))?;
    Ok(DecodedObject { object: Box::new(object), unknown_fields })
}

fn encode_converted<S, V>(object: &dyn AnyObject) -> Result<Vec<u8>>
where
    S: Object,
    V: Object + TryFrom<S, Error: Into<Status>>,
{
    converted::<S, V>(object)?.encode()
}

fn matches_converted<S, V>(object: &dyn AnyObject, document: &Value) -> bool
where
    S: Object,
    V: Object + TryFrom<S, Error: Into<Status>>,
{
    converted::<S, V>(object).is_ok_and(|object| object.matches(document, None))
}

fn converted<S, V>(object: &dyn AnyObject) -> Result<V>
where
    S: Object,
    V: Object + TryFrom<S, Error: Into<Status>>,
{
    let object = object.downcast_ref::<S>()?.clone();
    V::try_from(object).map_err(Into::into)
}

fn convert<S, V>(value: &Value) -> Result<Vec<u8>>
where
    S: Object,
    V: Object + TryFrom<S, Error: Into<Status>>,
{
    let (object, _) = from_value::<S>(value).map_err(undecodable)?;
    V::try_from(object).map_err(Into::into)?.encode()
}

/// 500: what is stored is not of the stored type (contract 4.8.12).
pub(crate) fn undecodable(error: impl std::fmt::Display) -> Status {
    Status::storage_read_error(format!("the stored object cannot be read: {error}"))
}

impl From<std::convert::Infallible> for Status {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl std::fmt::Debug for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Codec").field("type", &self.type_info()).field("is_stored", &self.is_stored()).finish()
    }
}
