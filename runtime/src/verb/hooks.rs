//! Optional capabilities of a storage that have no route of their own.

use std::any::Any;

use serde_json::Value;

use super::BoxFuture;
use super::call::handler_part;
use super::erased::erased_part;
use super::storage::{PartOf, Storage};
use crate::apply::ResetFields;
use crate::object::AnyObject;
use crate::route::Method;
use crate::wire::status::Result;
use crate::wire::table::Column;

/// Rows of a table of its own, instead of those of the printer columns (contract 1.10).
pub trait TableConvertor: Storage {
    /// The columns.
    fn columns(&self) -> Vec<Column>;

    /// The cells of an object, one for each column.
    fn cells(&self, object: &Self::Object) -> Vec<Value>;
}

/// More to do when the server has shut down than to destroy the embedded parts (contract 1.1).
pub trait Destroyer: Storage {
    /// Called once, before the embedded parts are destroyed.
    fn on_destroy(&self) -> impl Future<Output = ()> + Send;
}

/// A storage that is not ready as soon as it is made (contract 1.2).
pub trait StorageWithReadiness: Storage {
    /// Whether requests can be answered; asked for `/readyz`.
    fn readiness_check(&self) -> impl Future<Output = Result<()>> + Send;
}

/// Takes request bodies of other versions than the one of the endpoint (contract 1.6).
pub trait GroupVersionAcceptor: Storage {
    /// Whether a body that says this group and version is taken. The endpoint's own always is.
    fn accepts_group_version(&self, group: &str, version: &str) -> bool;
}

/// What OpenAPI says of the responses, where it is not the object as JSON or YAML (contract 1.24).
pub trait StorageMetadata: Storage {
    /// More media types that a method answers in.
    fn produces_mime_types(method: Method) -> &'static [&'static str];
}

type Erased = dyn Any + Send + Sync;

/// The columns and the cells of a `TableConvertor`.
pub(crate) type TableFns = (fn(&Erased) -> Result<Vec<Column>>, fn(&Erased, &dyn AnyObject) -> Result<Vec<Value>>);
/// What has to be done at the end.
pub(crate) type DestroyFn = for<'a> fn(&'a Erased) -> BoxFuture<'a, ()>;
/// The check of a `StorageWithReadiness`.
pub(crate) type ReadinessFn = for<'a> fn(&'a Erased) -> BoxFuture<'a, Result<()>>;
/// The answer of a `GroupVersionAcceptor`.
pub(crate) type AcceptsFn = fn(&Erased, &str, &str) -> bool;
/// The answer of a `StorageMetadata`.
pub(crate) type MimeTypesFn = fn(Method) -> &'static [&'static str];
/// What a storage leaves alone, by version.
pub(crate) type ResetFieldsFn = fn(&Erased, &str) -> ResetFields;
/// What every part has: [`Storage::destroy`], and what it leaves alone.
pub(crate) type PartFns = (DestroyFn, Option<ResetFieldsFn>);

/// The optional capabilities of a storage, as functions; what is not implemented is absent.
#[derive(Clone, Copy, Default)]
pub struct Hooks {
    pub(crate) table: Option<TableFns>,
    pub(crate) on_destroy: Option<DestroyFn>,
    pub(crate) readiness_check: Option<ReadinessFn>,
    pub(crate) accepts_group_version: Option<AcceptsFn>,
    pub(crate) produces_mime_types: Option<MimeTypesFn>,
    /// By version: no trait of its own, since only what has a loop knows what it leaves alone (contract 1.28).
    pub(crate) reset_fields: Option<ResetFieldsFn>,
}

impl Hooks {
    /// No capability.
    pub const NONE: Self = Self {
        table: None,
        on_destroy: None,
        readiness_check: None,
        accepts_group_version: None,
        produces_mime_types: None,
        reset_fields: None,
    };
}

impl std::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hooks")
            .field("table", &self.table.is_some())
            .field("on_destroy", &self.on_destroy.is_some())
            .field("readiness_check", &self.readiness_check.is_some())
            .field("accepts_group_version", &self.accepts_group_version.is_some())
            .field("produces_mime_types", &self.produces_mime_types.is_some())
            .field("reset_fields", &self.reset_fields.is_some())
            .finish()
    }
}

pub(crate) const fn table_convertor<S: Storage, P: TableConvertor + PartOf<S>>() -> TableFns {
    (
        |storage| Ok(handler_part::<S, P>(storage)?.columns()),
        |storage, object| Ok(handler_part::<S, P>(storage)?.cells(object.downcast_ref()?)),
    )
}

pub(crate) const fn destroyer<S: Storage, P: Destroyer + PartOf<S>>() -> DestroyFn {
    |storage| {
        Box::pin(async move {
            if let Ok(part) = handler_part::<S, P>(storage) {
                part.on_destroy().await;
            }
        })
    }
}

pub(crate) const fn storage_with_readiness<S: Storage, P: StorageWithReadiness + PartOf<S>>() -> ReadinessFn {
    match erased_readiness::<S, P>() {
        Some(check) => check,
        None => |storage| Box::pin(async move { handler_part::<S, P>(storage)?.readiness_check().await }),
    }
}

/// The check of a storage without types, if the part is one: ready at once, unless it says otherwise.
pub(crate) const fn erased_readiness<S: Storage, P: PartOf<S>>() -> Option<ReadinessFn> {
    if P::ERASED.is_none() {
        return None;
    }
    Some(|storage| erased_part::<S, P>(storage).readiness_check())
}

pub(crate) const fn group_version_acceptor<S: Storage, P: GroupVersionAcceptor + PartOf<S>>() -> AcceptsFn {
    |storage, group, version| handler_part::<S, P>(storage).is_ok_and(|part| part.accepts_group_version(group, version))
}

pub(crate) const fn storage_metadata<S: Storage, P: StorageMetadata + PartOf<S>>() -> MimeTypesFn {
    P::produces_mime_types
}

pub(crate) const fn part<S: Storage, P: PartOf<S>>() -> PartFns {
    (destroy::<S, P>(), reset_fields::<S, P>())
}

/// [`Storage::destroy`] of a part.
pub(crate) const fn destroy<S: Storage, P: PartOf<S>>() -> DestroyFn {
    if P::ERASED.is_some() {
        return |storage| erased_part::<S, P>(storage).destroy();
    }
    |storage| match handler_part::<S, P>(storage) {
        Ok(part) => Box::pin(part.destroy()),
        Err(_) => Box::pin(std::future::ready(())),
    }
}

/// What a storage without types leaves alone, if the part is one.
pub(crate) const fn reset_fields<S: Storage, P: PartOf<S>>() -> Option<ResetFieldsFn> {
    if P::ERASED.is_none() {
        return None;
    }
    Some(|storage, api_version| erased_part::<S, P>(storage).reset_fields(api_version))
}
