//! The erased object: one code path for all types behind the handlers.

use std::any::Any;
use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::{Object, matches, members};
use crate::wire::status::{Result, Status};

/// How many bytes the JSON of many objects has: it is written without being moved.
const SIZE: usize = 1024;

/// An [`Object`] whose type is not known here: what handlers and the store's core pass around.
pub trait AnyObject: Send + Sync + 'static {
    /// The metadata.
    fn meta(&self) -> &ObjectMeta;

    /// The metadata, to be changed.
    fn meta_mut(&mut self) -> &mut ObjectMeta;

    /// A copy.
    fn clone_box(&self) -> Box<dyn AnyObject>;

    /// Its JSON, in its own version.
    fn encode(&self) -> Result<Vec<u8>>;

    /// The JSON of those of its members whose names are wanted; others may be among them.
    fn encode_members(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<u8>>;

    /// Whether its JSON is this document, or at least the members whose names are wanted are; found without encoding it.
    /// It may say no where that is seldom.
    fn matches(&self, document: &Value, wanted: Option<&dyn Fn(&str) -> bool>) -> bool;

    /// The object as its own type, to be looked at.
    fn as_any(&self) -> &dyn Any;

    /// The object as its own type, to be changed.
    fn as_any_mut(&mut self) -> &mut dyn Any;

    /// The object as its own type, to be taken.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<T: Object> AnyObject for T {
    fn meta(&self) -> &ObjectMeta {
        Object::meta(self)
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        Object::meta_mut(self)
    }

    fn clone_box(&self) -> Box<dyn AnyObject> {
        Box::new(self.clone())
    }

    fn encode(&self) -> Result<Vec<u8>> {
        let mut json = Vec::with_capacity(SIZE);
        serde_json::to_writer(&mut json, self).map_err(Status::internal_error)?;
        Ok(json)
    }

    fn encode_members(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<u8>> {
        members::encode(self, wanted).map_or_else(|| AnyObject::encode(self), Ok)
    }

    fn matches(&self, document: &Value, wanted: Option<&dyn Fn(&str) -> bool>) -> bool {
        matches::matches(self, document, wanted)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl dyn AnyObject {
    /// The object as a `T`.
    pub fn downcast_ref<T: Object>(&self) -> Result<&T> {
        self.as_any().downcast_ref().ok_or_else(|| other_type::<T>())
    }

    /// The object as a `T`, taken.
    pub fn downcast<T: Object>(self: Box<Self>) -> Result<T> {
        self.into_any().downcast().map(|object| *object).map_err(|_| other_type::<T>())
    }
}

/// Only a mistake of this crate gets here: the derive ties the codec's type to the storage's.
fn other_type<T>() -> Status {
    Status::internal_error(format_args!("an object is not a {}", std::any::type_name::<T>()))
}

impl fmt::Debug for dyn AnyObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyObject").field("metadata", self.meta()).finish_non_exhaustive()
    }
}
