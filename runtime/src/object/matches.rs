//! Whether an object is a document, without encoding it.

use std::fmt::Error;

use serde::Serialize;
use serde::ser::{
    Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::{Map, Value};

use super::refuse::refuse;

/// Whether an object, written as JSON and read again, is this document; of a plain struct also whether those of its
/// members are the document's whose names are wanted. It may say no where it is, for what is seldom: an `f32`, say,
/// whose text reads as another number.
pub(super) fn matches<T: Serialize>(object: &T, document: &Value, wanted: Option<Wanted<'_>>) -> bool {
    object.serialize(Is { value: document, wanted }).is_ok()
}

/// Which members of the outermost object count.
pub(super) type Wanted<'a> = &'a dyn Fn(&str) -> bool;

/// Takes only this value.
#[derive(Clone, Copy)]
struct Is<'a> {
    value: &'a Value,
    wanted: Option<Wanted<'a>>,
}

/// Takes only these items.
struct Items<'a>(std::slice::Iter<'a, Value>);

/// Takes only these members: of a map in their order, which shows that none is written twice.
struct Members<'a> {
    all: &'a Map<String, Value>,
    wanted: Option<Wanted<'a>>,
    taken: usize,
    last: Option<&'a str>,
    next: Option<&'a Value>,
}

/// Finds a member by its key.
struct Key<'a>(&'a Map<String, Value>);

fn only(same: bool) -> Result<(), Error> {
    if same { Ok(()) } else { Err(Error) }
}

impl<'a> Is<'a> {
    fn all_of(value: &'a Value) -> Self {
        Self { value, wanted: None }
    }

    fn map(self) -> Result<Members<'a>, Error> {
        let members = self.value.as_object().ok_or(Error)?;
        Ok(Members { all: members, wanted: self.wanted, taken: 0, last: None, next: None })
    }

    fn items(self) -> Result<Items<'a>, Error> {
        self.value.as_array().map(|items| Items(items.iter())).ok_or(Error)
    }

    /// The value of a variant, which is the only member.
    fn variant(self, name: &str) -> Result<Self, Error> {
        let members = self.value.as_object().filter(|members| members.len() == 1).ok_or(Error)?;
        members.get(name).map(Is::all_of).ok_or(Error)
    }
}

impl<'a> Serializer for Is<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        only(self.value.as_bool() == Some(value))
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        only(self.value.as_i64() == Some(value))
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        only(self.value.as_u64() == Some(value))
    }

    fn serialize_f32(self, _: f32) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        let same = self.value.is_f64() && self.value.as_f64().is_some_and(|number| number.to_bits() == value.to_bits());
        only(same)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        only(self.value.as_str() == Some(value))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        only(self.value.is_null())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self.variant(variant)?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Error> {
        self.items()
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, Error> {
        self.items()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Error> {
        self.items()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'a>, Error> {
        self.variant(variant)?.items()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>, Error> {
        self.map()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>, Error> {
        self.map()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a>, Error> {
        self.variant(variant)?.map()
    }
}

impl Items<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Is::all_of(self.0.next().ok_or(Error)?))
    }

    fn done(self) -> Result<(), Error> {
        only(self.0.as_slice().is_empty())
    }
}

macro_rules! items {
    ($($compound:ident::$method:ident)*) => {$(
        impl $compound for Items<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.done()
            }
        }
    )*};
}

items! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

impl Members<'_> {
    fn counts(&self, name: &str) -> bool {
        self.wanted.is_none_or(|wanted| wanted(name))
    }

    fn member<T: Serialize + ?Sized>(&mut self, is: &Value, value: &T) -> Result<(), Error> {
        self.taken += 1;
        value.serialize(Is::all_of(is))
    }

    fn done(self) -> Result<(), Error> {
        let members = match self.wanted {
            None => self.all.len(),
            Some(wanted) => self.all.keys().filter(|name| wanted(name)).count(),
        };
        only(self.taken == members)
    }
}

impl SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        // It takes all members to tell that none is written twice.
        only(self.wanted.is_none())?;
        let (key, value) = key.serialize(Key(self.all))?;
        only(self.last.is_none_or(|last| last < key))?;
        (self.last, self.next) = (Some(key), Some(value));
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let is = self.next.take().ok_or(Error)?;
        self.member(is, value)
    }

    fn end(self) -> Result<(), Error> {
        self.done()
    }
}

macro_rules! fields {
    ($($compound:ident)*) => {$(
        impl $compound for Members<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                if !self.counts(key) {
                    return Ok(());
                }
                let is = self.all.get(key).ok_or(Error)?;
                self.member(is, value)
            }

            fn end(self) -> Result<(), Error> {
                self.done()
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }

impl<'a> Serializer for Key<'a> {
    type Ok = (&'a str, &'a Value);
    type Error = Error;
    type SerializeSeq = Impossible<Self::Ok, Error>;
    type SerializeTuple = Impossible<Self::Ok, Error>;
    type SerializeTupleStruct = Impossible<Self::Ok, Error>;
    type SerializeTupleVariant = Impossible<Self::Ok, Error>;
    type SerializeMap = Impossible<Self::Ok, Error>;
    type SerializeStruct = Impossible<Self::Ok, Error>;
    type SerializeStructVariant = Impossible<Self::Ok, Error>;

    fn serialize_str(self, key: &str) -> Result<Self::Ok, Error> {
        self.0.get_key_value(key).map(|(key, value)| (key.as_str(), value)).ok_or(Error)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Self::Ok, Error> {
        Err(Error)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Self::Ok, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Self::Ok, Error> {
        Err(Error)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Self::Ok, Error> {
        self.serialize_str(variant)
    }

    refuse! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
        serialize_map(Option<usize>) -> SerializeMap;
        serialize_struct(&'static str, usize) -> SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
    }
}

#[cfg(test)]
mod tests;
