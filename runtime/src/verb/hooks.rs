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
type ColumnsFn = fn(&Erased) -> Result<Vec<Column>>;
type CellsFn = fn(&Erased, &dyn AnyObject) -> Result<Vec<Value>>;
type ReadinessFn = for<'a> fn(&'a Erased) -> BoxFuture<'a, Result<()>>;

/// The optional capabilities of a storage, as functions; what is not implemented is absent.
#[derive(Clone, Copy, Default)]
pub struct Hooks {
    pub(crate) columns: Option<ColumnsFn>,
    pub(crate) cells: Option<CellsFn>,
    pub(crate) on_destroy: Option<for<'a> fn(&'a Erased) -> BoxFuture<'a, ()>>,
    pub(crate) readiness_check: Option<ReadinessFn>,
    pub(crate) accepts_group_version: Option<fn(&Erased, &str, &str) -> bool>,
    pub(crate) produces_mime_types: Option<fn(Method) -> &'static [&'static str]>,
    /// By version: no trait of its own, since only what has a loop knows what it leaves alone (contract 1.28).
    pub(crate) reset_fields: Option<fn(&Erased, &str) -> ResetFields>,
}

impl Hooks {
    /// No capability.
    pub const NONE: Self = Self {
        columns: None,
        cells: None,
        on_destroy: None,
        readiness_check: None,
        accepts_group_version: None,
        produces_mime_types: None,
        reset_fields: None,
    };

    /// These capabilities, and of the others those that are missing here: own before embedded.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        macro_rules! first {
            ($($field:ident),*) => { Self { $($field: if self.$field.is_some() { self.$field } else { other.$field }),* } };
        }
        first!(columns, cells, on_destroy, readiness_check, accepts_group_version, produces_mime_types, reset_fields)
    }
}

impl std::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hooks")
            .field("columns", &self.columns.is_some())
            .field("cells", &self.cells.is_some())
            .field("on_destroy", &self.on_destroy.is_some())
            .field("readiness_check", &self.readiness_check.is_some())
            .field("accepts_group_version", &self.accepts_group_version.is_some())
            .field("produces_mime_types", &self.produces_mime_types.is_some())
            .field("reset_fields", &self.reset_fields.is_some())
            .finish()
    }
}

/// The hooks of a `TableConvertor`.
pub(crate) const fn table_convertor<S: Storage, P: TableConvertor + PartOf<S>>() -> Hooks {
    Hooks {
        columns: Some(|storage| Ok(handler_part::<S, P>(storage)?.columns())),
        cells: Some(|storage, object| Ok(handler_part::<S, P>(storage)?.cells(object.downcast_ref()?))),
        ..Hooks::NONE
    }
}

/// The hook of a `Destroyer`.
pub(crate) const fn destroyer<S: Storage, P: Destroyer + PartOf<S>>() -> Hooks {
    Hooks {
        on_destroy: Some(|storage| {
            Box::pin(async move {
                if let Ok(part) = handler_part::<S, P>(storage) {
                    part.on_destroy().await;
                }
            })
        }),
        ..Hooks::NONE
    }
}

/// The hook of a `StorageWithReadiness`.
pub(crate) const fn storage_with_readiness<S: Storage, P: StorageWithReadiness + PartOf<S>>() -> Hooks {
    Hooks {
        readiness_check: Some(|storage| {
            Box::pin(async move { handler_part::<S, P>(storage)?.readiness_check().await })
        }),
        ..Hooks::NONE
    }
}

/// The hook of a `GroupVersionAcceptor`.
pub(crate) const fn group_version_acceptor<S: Storage, P: GroupVersionAcceptor + PartOf<S>>() -> Hooks {
    Hooks {
        accepts_group_version: Some(|storage, group, version| {
            handler_part::<S, P>(storage).is_ok_and(|part| part.accepts_group_version(group, version))
        }),
        ..Hooks::NONE
    }
}

/// The hook of a `StorageMetadata`.
pub(crate) const fn storage_metadata<S: Storage, P: StorageMetadata + PartOf<S>>() -> Hooks {
    Hooks { produces_mime_types: Some(P::produces_mime_types), ..Hooks::NONE }
}

/// What a storage without types leaves alone, if the part is one.
pub(crate) const fn reset_fields<S: Storage, P: PartOf<S>>() -> Hooks {
    if P::ERASED.is_none() {
        return Hooks::NONE;
    }
    Hooks {
        reset_fields: Some(|storage, api_version| erased_part::<S, P>(storage).reset_fields(api_version)),
        ..Hooks::NONE
    }
}
