//! The key of a field: text, but a map may ask for a number, a bool or an enum.

use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, Error, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::de::IoRead;

use super::DecodeError;

pub(super) struct KeyDeserializer<'a> {
    pub(super) key: &'a str,
}

impl<'a> KeyDeserializer<'a> {
    /// The key as JSON text, if a number is all there is: JSON would allow white space around it.
    ///
    /// A reader, because text that is borrowed would have to live as long as the decoded object.
    fn number(&self) -> Result<serde_json::Deserializer<IoRead<&'a [u8]>>, DecodeError> {
        match self.key.as_bytes() {
            [b'0'..=b'9'] | [b'0'..=b'9' | b'-', .., b'0'..=b'9'] => {
                Ok(serde_json::Deserializer::from_reader(self.key.as_bytes()))
            }
            _ => Err(DecodeError::custom("invalid value: expected key to be a number in quotes")),
        }
    }
}

macro_rules! deserialize_number {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            let mut number = self.number()?;
            let value = number.$method(visitor).map_err(DecodeError::custom)?;
            number.end().map_err(DecodeError::custom)?;
            Ok(value)
        }
    )*};
}

impl<'de> Deserializer<'de> for KeyDeserializer<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_str(self.key)
    }

    deserialize_number! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.key {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            other => Err(DecodeError::invalid_type(Unexpected::Str(other), &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let key: StrDeserializer<'_, DecodeError> = self.key.into_deserializer();
        key.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
