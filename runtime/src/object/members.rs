//! Some members of an object, encoded without the others.

use serde::Serialize;
use serde::ser::{Error as _, Impossible, SerializeMap, SerializeStruct, Serializer};
use serde_json::Error;

use super::refuse::refuse;

type Json<'a> = &'a mut serde_json::Serializer<&'a mut Vec<u8>>;

/// The JSON object with those members of a struct whose names are wanted; `None` for what is no plain struct.
///
/// The values are written by the code that writes the whole object, so that a type costs hardly more than a walk over
/// the names of its fields.
pub(super) fn encode<T: Serialize>(object: &T, wanted: &dyn Fn(&str) -> bool) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(128);
    let mut json = serde_json::Serializer::new(&mut out);
    object.serialize(Members { json: &mut json, wanted }).ok()?;
    Some(out)
}

struct Members<'a> {
    json: Json<'a>,
    wanted: &'a dyn Fn(&str) -> bool,
}

struct Fields<'a> {
    map: <Json<'a> as Serializer>::SerializeMap,
    wanted: &'a dyn Fn(&str) -> bool,
}

impl SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if (self.wanted)(key) { self.map.serialize_entry(key, value) } else { Ok(()) }
    }

    fn end(self) -> Result<(), Error> {
        SerializeMap::end(self.map)
    }
}

fn no_struct<T>() -> Result<T, Error> {
    Err(Error::custom("not a struct"))
}

impl<'a> Serializer for Members<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Impossible<(), Error>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Fields<'a>, Error> {
        Ok(Fields { map: self.json.serialize_map(None)?, wanted: self.wanted })
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Error> {
        no_struct()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        no_struct()
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
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
        serialize_map(Option<usize>) -> SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Shirt {
        api_version: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<Vec<u8>>,
        spec: BTreeMap<&'static str, u8>,
    }

    #[derive(Serialize)]
    struct Flat {
        spec: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }

    fn shirt(status: Option<Vec<u8>>) -> Shirt {
        Shirt { api_version: "v1", status, spec: [("size", 1)].into() }
    }

    fn text(json: Option<Vec<u8>>) -> Option<String> {
        json.map(|json| String::from_utf8(json).unwrap())
    }

    #[test]
    fn wanted_members_alone_are_encoded() {
        let shirt = shirt(Some(vec![1, 2]));
        assert_eq!(text(encode(&shirt, &|name| name == "status")), Some(r#"{"status":[1,2]}"#.to_owned()));
        let wanted = |name: &str| !["apiVersion", "status"].contains(&name);
        assert_eq!(text(encode(&shirt, &wanted)), Some(r#"{"spec":{"size":1}}"#.to_owned()));
        assert_eq!(encode(&shirt, &|_| true), serde_json::to_vec(&shirt).ok());
        assert_eq!(text(encode(&shirt, &|_| false)), Some("{}".to_owned()));
    }

    #[test]
    fn a_member_that_is_left_out_is_not_there() {
        assert_eq!(text(encode(&shirt(None), &|name| name == "status")), Some("{}".to_owned()));
    }

    #[test]
    fn what_is_no_plain_struct_has_no_members_here() {
        let flat = Flat { spec: 1, rest: [("status".to_owned(), 2)].into() };
        assert_eq!(encode(&flat, &|_| true), None);
        for json in [serde_json::json!({"spec": 1}), serde_json::json!([1]), serde_json::json!("x")] {
            assert_eq!(encode(&json, &|_| true), None);
        }
    }
}
