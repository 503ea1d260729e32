//! A value to its type, with the path of what is wrong and of what the type does not know (contract 4.4.2).
//!
//! `serde_json::from_value` knows neither; wrappers around it compile each type twice. This deserializer behaves as
//! that of `serde_json` does, but for structs written as arrays, and is the only one that a served type is compiled
//! for. What does not depend on the type is kept out of the generic functions.

mod access;
mod error;
mod key;
#[cfg(test)]
mod parity;
#[cfg(test)]
mod tests;

use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde_json::{Number, Value};

use self::access::{EnumDeserializer, visit_array, visit_object};
pub use self::error::DecodeError;
use self::error::invalid_type;
use super::path::{Path, Problems};

/// Decodes a value as `T`; also tells the paths of the keys that `T` ignores, at most 100 (contract 4.4.2).
///
/// `apiVersion` and `kind` of the document itself are never told: types that know their own kind ignore them.
/// Keys are not told below a place where serde buffers, which it does for `#[serde(flatten)]`, untagged and
/// internally tagged enums.
///
/// ```
/// use rest_resource::wire::decode::typed::from_value;
/// use serde_json::json;
///
/// #[derive(Debug, PartialEq, serde::Deserialize)]
/// struct Spec {
///     replicas: i32,
/// }
///
/// let (spec, unknown) = from_value::<Spec>(&json!({"replicas": 1, "foo": 2})).unwrap();
/// assert_eq!((spec, unknown), (Spec { replicas: 1 }, vec!["foo".to_owned()]));
///
/// let error = from_value::<Spec>(&json!({"replicas": "x"})).unwrap_err();
/// assert_eq!(error.to_string(), r#"replicas: invalid type: string "x", expected i32"#);
/// ```
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<(T, Vec<String>), DecodeError> {
    let unknown = Problems::default();
    let place = Place { path: &Path::Root, unknown: &unknown };
    let object = T::deserialize(ValueDeserializer { value, place })?;
    Ok((object, unknown.into_paths()))
}

/// Where in the document a value stands, and where unknown fields are reported.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a Path<'a>,
    unknown: &'a Problems,
}

impl Place<'_> {
    fn ignored(self) {
        if !self.path.is_root() && !self.path.is_type_meta() {
            self.unknown.report(self.path);
        }
    }
}

/// One value and its place.
struct ValueDeserializer<'a> {
    value: &'a Value,
    place: Place<'a>,
}

fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, DecodeError> {
    if let Some(value) = number.as_u64() {
        visitor.visit_u64(value)
    } else if let Some(value) = number.as_i64() {
        visitor.visit_i64(value)
    } else if let Some(value) = number.as_f64() {
        visitor.visit_f64(value)
    } else {
        Err(DecodeError::custom("number out of range"))
    }
}

macro_rules! deserialize_number {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            match self.value {
                Value::Number(number) => visit_number(number, visitor),
                other => Err(invalid_type(other, &visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueDeserializer<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => visit_number(number, visitor),
            Value::String(value) => visitor.visit_str(value),
            Value::Array(items) => visit_array(items, self.place, visitor),
            Value::Object(fields) => visit_object(fields, self.place, visitor),
        }
    }

    deserialize_number! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Bool(value) => visitor.visit_bool(*value),
            other => Err(invalid_type(other, &visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::String(value) => visitor.visit_str(value),
            other => Err(invalid_type(other, &visitor)),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::String(value) => visitor.visit_str(value),
            Value::Array(items) => visit_array(items, self.place, visitor),
            other => Err(invalid_type(other, &visitor)),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            other => Err(invalid_type(other, &visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Array(items) => visit_array(items, self.place, visitor),
            other => Err(invalid_type(other, &visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Object(fields) => visit_object(fields, self.place, visitor),
            other => Err(invalid_type(other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        // Not from an array, whose items derived code would take as the fields in their order.
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_enum(EnumDeserializer::new(self.value, self.place)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.place.ignored();
        visitor.visit_unit()
    }
}
