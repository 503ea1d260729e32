//! The items of an array, the fields of an object, the variant of an enum.

use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde_json::Value;
use serde_json::map::{self, Map};

use super::error::invalid_type;
use super::key::KeyDeserializer;
use super::{DecodeError, Place, ValueDeserializer};
use crate::wire::decode::path::Path;

pub(super) fn visit_array<'de, V: Visitor<'de>>(
    items: &[Value],
    place: Place<'_>,
    visitor: V,
) -> Result<V::Value, DecodeError> {
    let len = items.len();
    let mut items = Items { iter: items.iter(), next: 0, place };
    let value = visitor.visit_seq(&mut items)?;
    exhausted(items.iter.len(), len, "fewer elements in array")?;
    Ok(value)
}

pub(super) fn visit_object<'de, V: Visitor<'de>>(
    fields: &Map<String, Value>,
    place: Place<'_>,
    visitor: V,
) -> Result<V::Value, DecodeError> {
    let len = fields.len();
    let mut fields = Fields { iter: fields.iter(), current: None, place };
    let value = visitor.visit_map(&mut fields)?;
    exhausted(fields.iter.len(), len, "fewer elements in map")?;
    Ok(value)
}

fn exhausted(remaining: usize, len: usize, expected: &str) -> Result<(), DecodeError> {
    if remaining == 0 { Ok(()) } else { Err(DecodeError::invalid_length(len, &expected)) }
}

struct Items<'a> {
    iter: slice::Iter<'a, Value>,
    next: usize,
    place: Place<'a>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DecodeError> {
        let Some(value) = self.iter.next() else { return Ok(None) };
        let path = Path::Item { parent: self.place.path, index: self.next };
        self.next += 1;
        let place = Place { path: &path, ..self.place };
        seed.deserialize(ValueDeserializer { value, place }).map(Some).map_err(|error| error.at(&path))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.iter.len())
    }
}

struct Fields<'a> {
    iter: map::Iter<'a>,
    /// The field whose key was read and whose value was not.
    current: Option<(&'a String, &'a Value)>,
    place: Place<'a>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = DecodeError;

    fn next_key_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DecodeError> {
        self.current = self.iter.next();
        match &self.current {
            Some((key, _)) => seed.deserialize(KeyDeserializer { key }).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, DecodeError> {
        let Some((key, value)) = self.current.take() else { return Err(DecodeError::custom("value is missing")) };
        let path = Path::Field { parent: self.place.path, name: key };
        let place = Place { path: &path, ..self.place };
        seed.deserialize(ValueDeserializer { value, place }).map_err(|error| error.at(&path))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.iter.len())
    }
}

/// An externally tagged enum: `"Variant"` or `{"Variant": value}`.
pub(super) struct EnumDeserializer<'a> {
    variant: &'a str,
    value: Option<&'a Value>,
    place: Place<'a>,
}

impl<'a> EnumDeserializer<'a> {
    pub(super) fn new(value: &'a Value, place: Place<'a>) -> Result<Self, DecodeError> {
        match value {
            Value::String(variant) => Ok(Self { variant, value: None, place }),
            Value::Object(fields) => {
                let mut fields = fields.iter();
                match (fields.next(), fields.next()) {
                    (Some((variant, value)), None) => Ok(Self { variant, value: Some(value), place }),
                    _ => Err(DecodeError::invalid_value(Unexpected::Map, &"map with a single key")),
                }
            }
            other => Err(invalid_type(other, &"string or map")),
        }
    }

    /// Runs `read` on the variant's value, one step deeper in the document.
    fn within<T>(
        self,
        expected: &'static str,
        read: impl FnOnce(&Value, Place<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let Some(value) = self.value else {
            return Err(DecodeError::invalid_type(Unexpected::UnitVariant, &expected));
        };
        let path = Path::Field { parent: self.place.path, name: self.variant };
        read(value, Place { path: &path, ..self.place }).map_err(|error| error.at(&path))
    }
}

impl<'de> EnumAccess<'de> for EnumDeserializer<'_> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), DecodeError> {
        let variant: StrDeserializer<'_, DecodeError> = self.variant.into_deserializer();
        Ok((seed.deserialize(variant)?, self))
    }
}

impl<'de> VariantAccess<'de> for EnumDeserializer<'_> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        if self.value.is_none() {
            return Ok(());
        }
        self.within("unit variant", |value, place| Deserialize::deserialize(ValueDeserializer { value, place }))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, DecodeError> {
        self.within("newtype variant", |value, place| seed.deserialize(ValueDeserializer { value, place }))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.within("tuple variant", |value, place| match value {
            Value::Array(items) if items.is_empty() => visitor.visit_unit(),
            Value::Array(items) => visit_array(items, place, visitor),
            other => Err(invalid_type(other, &"tuple variant")),
        })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.within("struct variant", |value, place| match value {
            Value::Object(fields) => visit_object(fields, place, visitor),
            other => Err(invalid_type(other, &"struct variant")),
        })
    }
}
