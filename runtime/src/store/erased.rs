//! A strategy whose type is not known: what the core of a store calls.

use std::marker::PhantomData;

use super::strategy::{self, GarbageCollectionPolicy, Strategy};
use crate::apply::FieldSet;
use crate::object::{AnyObject, Object};
use crate::verb::{BoxFuture, Context};
use crate::wire::field::FieldError;
use crate::wire::status::Result;

/// The erased form of [`Strategy`]; the defaults are those of a store without one.
pub(super) trait AnyStrategy: Send + Sync {
    fn default_object(&self, _object: &mut dyn AnyObject) -> Result<()> {
        Ok(())
    }
    fn prepare_for_create(&self, _cx: &Context, _object: &mut dyn AnyObject) -> Result<()> {
        Ok(())
    }
    fn validate(&self, _cx: &Context, _object: &dyn AnyObject) -> Result<Vec<FieldError>> {
        Ok(Vec::new())
    }
    fn warnings_on_create(&self, _cx: &Context, _object: &dyn AnyObject) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
    fn canonicalize(&self, _object: &mut dyn AnyObject) -> Result<()> {
        Ok(())
    }
    fn allow_create_on_update(&self) -> bool {
        false
    }
    fn allow_unconditional_update(&self) -> bool {
        false
    }
    fn prepare_for_update(&self, _cx: &Context, _object: &mut dyn AnyObject, _old: &dyn AnyObject) -> Result<()> {
        Ok(())
    }
    fn validate_update(&self, _cx: &Context, _object: &dyn AnyObject, _old: &dyn AnyObject) -> Result<Vec<FieldError>> {
        Ok(Vec::new())
    }
    fn warnings_on_update(&self, _cx: &Context, _object: &dyn AnyObject, _old: &dyn AnyObject) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
    fn validate_name(&self, name: &str, is_prefix: bool) -> Result<(), Vec<String>> {
        strategy::validate_name(name, is_prefix)
    }
    fn generate_name(&self, base: &str) -> String {
        strategy::generate_name(base)
    }
    fn check_graceful_delete(
        &self,
        _cx: &Context,
        _object: &dyn AnyObject,
        _requested: Option<i64>,
    ) -> Result<Option<i64>> {
        Ok(None)
    }
    fn default_garbage_collection_policy(&self, _cx: &Context) -> GarbageCollectionPolicy {
        GarbageCollectionPolicy::Background
    }
    fn reset_fields(&self, _api_version: &str) -> FieldSet {
        FieldSet::new()
    }
    fn admit<'a>(
        &'a self,
        _cx: &'a Context,
        _object: Option<&'a dyn AnyObject>,
        _old: Option<&'a dyn AnyObject>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The strategy of a store that has none: compiled once, not once a type.
pub(super) struct NoStrategy;

impl AnyStrategy for NoStrategy {}

/// A strategy for objects of `T`.
pub(super) struct Erased<T, S> {
    strategy: S,
    object: PhantomData<fn(T)>,
}

impl<T: Object, S: Strategy<T>> Erased<T, S> {
    pub(super) fn new(strategy: S) -> Self {
        Self { strategy, object: PhantomData }
    }
}

impl<T: Object, S: Strategy<T>> AnyStrategy for Erased<T, S> {
    fn default_object(&self, object: &mut dyn AnyObject) -> Result<()> {
        self.strategy.default_object(object.downcast_mut()?);
        Ok(())
    }
    fn prepare_for_create(&self, cx: &Context, object: &mut dyn AnyObject) -> Result<()> {
        self.strategy.prepare_for_create(cx, object.downcast_mut()?);
        Ok(())
    }
    fn validate(&self, cx: &Context, object: &dyn AnyObject) -> Result<Vec<FieldError>> {
        Ok(self.strategy.validate(cx, object.downcast_ref()?))
    }
    fn warnings_on_create(&self, cx: &Context, object: &dyn AnyObject) -> Result<Vec<String>> {
        Ok(self.strategy.warnings_on_create(cx, object.downcast_ref()?))
    }
    fn canonicalize(&self, object: &mut dyn AnyObject) -> Result<()> {
        self.strategy.canonicalize(object.downcast_mut()?);
        Ok(())
    }
    fn allow_create_on_update(&self) -> bool {
        self.strategy.allow_create_on_update()
    }
    fn allow_unconditional_update(&self) -> bool {
        self.strategy.allow_unconditional_update()
    }
    fn prepare_for_update(&self, cx: &Context, object: &mut dyn AnyObject, old: &dyn AnyObject) -> Result<()> {
        self.strategy.prepare_for_update(cx, object.downcast_mut()?, old.downcast_ref()?);
        Ok(())
    }
    fn validate_update(&self, cx: &Context, object: &dyn AnyObject, old: &dyn AnyObject) -> Result<Vec<FieldError>> {
        Ok(self.strategy.validate_update(cx, object.downcast_ref()?, old.downcast_ref()?))
    }
    fn warnings_on_update(&self, cx: &Context, object: &dyn AnyObject, old: &dyn AnyObject) -> Result<Vec<String>> {
        Ok(self.strategy.warnings_on_update(cx, object.downcast_ref()?, old.downcast_ref()?))
    }
    fn validate_name(&self, name: &str, is_prefix: bool) -> Result<(), Vec<String>> {
        self.strategy.validate_name(name, is_prefix)
    }
    fn generate_name(&self, base: &str) -> String {
        self.strategy.generate_name(base)
    }
    fn check_graceful_delete(
        &self,
        cx: &Context,
        object: &dyn AnyObject,
        requested: Option<i64>,
    ) -> Result<Option<i64>> {
        Ok(self.strategy.check_graceful_delete(cx, object.downcast_ref()?, requested))
    }
    fn default_garbage_collection_policy(&self, cx: &Context) -> GarbageCollectionPolicy {
        self.strategy.default_garbage_collection_policy(cx)
    }
    fn reset_fields(&self, api_version: &str) -> FieldSet {
        self.strategy.reset_fields(api_version)
    }
    fn admit<'a>(
        &'a self,
        cx: &'a Context,
        object: Option<&'a dyn AnyObject>,
        old: Option<&'a dyn AnyObject>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let object = object.map(|object| object.downcast_ref()).transpose()?;
            let old = old.map(|old| old.downcast_ref()).transpose()?;
            self.strategy.admit(cx, object, old).await
        })
    }
}

impl dyn AnyObject {
    /// The object as a `T`, to be changed.
    fn downcast_mut<T: Object>(&mut self) -> Result<&mut T> {
        self.as_any_mut().downcast_mut().ok_or_else(|| {
            crate::Status::internal_error(format_args!("an object is not a {}", std::any::type_name::<T>()))
        })
    }
}
