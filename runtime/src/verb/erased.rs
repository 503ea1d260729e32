//! A storage behind handlers that are compiled once: what `Store` is, whatever its objects are.
//!
//! The verb traits are generic in the object, and so is each handler's future. A storage that works on [`AnyObject`]s
//! anyway says so by [`Storage::ERASED`], and a resource on it costs no more than a downcast a verb.

use std::any::Any;
use std::sync::Arc;

use super::call::other_storage;
use super::change::AnyUpdate;
use super::{AnyAdmit, BoxFuture, Context, Created, Deleted, ListReply, PartOf, Reply, Storage, WatchStream};
use crate::apply::ResetFields;
use crate::object::AnyObject;
use crate::wire::options::{CreateOptions, DeleteOptions, GetOptions, ListOptions, UpdateOptions};
use crate::wire::status::Result;

type Object = Box<dyn AnyObject>;

/// The verbs without types. A verb that a storage does not have is never asked for: its trait is what makes the route.
pub trait ErasedStorage: Send + Sync {
    /// [`Getter`](super::Getter)
    fn get<'a>(&'a self, _: &'a Context, _name: &'a str, _: &'a GetOptions) -> BoxFuture<'a, Result<Reply<Object>>> {
        refused()
    }

    /// [`Lister`](super::Lister)
    fn list<'a>(&'a self, _: &'a Context, _: &'a ListOptions) -> BoxFuture<'a, Result<ListReply<Object>>> {
        refused()
    }

    /// [`Creater`](super::Creater)
    fn create<'a>(
        &'a self,
        _: &'a Context,
        _object: Object,
        _: Option<Arc<dyn AnyAdmit>>,
        _: &'a CreateOptions,
    ) -> BoxFuture<'a, Result<Reply<Object>>> {
        refused()
    }

    /// [`Updater`](super::Updater)
    fn update<'a>(
        &'a self,
        _: &'a Context,
        _name: &'a str,
        _: AnyUpdate,
        _: &'a UpdateOptions,
    ) -> BoxFuture<'a, Result<(Reply<Object>, Created)>> {
        refused()
    }

    /// [`GracefulDeleter`](super::GracefulDeleter)
    fn delete<'a>(
        &'a self,
        _: &'a Context,
        _name: &'a str,
        _: Option<Arc<dyn AnyAdmit>>,
        _: &'a DeleteOptions,
    ) -> BoxFuture<'a, Result<(Deleted<Object>, bool)>> {
        refused()
    }

    /// [`CollectionDeleter`](super::CollectionDeleter)
    fn delete_collection<'a>(
        &'a self,
        _: &'a Context,
        _: Option<Arc<dyn AnyAdmit>>,
        _: &'a DeleteOptions,
        _: &'a ListOptions,
    ) -> BoxFuture<'a, Result<ListReply<Object>>> {
        refused()
    }

    /// [`Storage::destroy`]
    fn destroy(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// [`StorageWithReadiness`](super::StorageWithReadiness)
    fn readiness_check(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// The fields that an update leaves alone, in a version such as `example.com/v1` (contract 1.28).
    fn reset_fields(&self, _api_version: &str) -> ResetFields {
        ResetFields::default()
    }

    /// [`Watcher`](super::Watcher)
    fn watch<'a>(&'a self, _: &'a Context, _: &'a ListOptions) -> BoxFuture<'a, Result<WatchStream<Object>>> {
        refused()
    }
}

/// How a storage is seen as one without types.
pub type AsErased<S> = fn(&S) -> &dyn ErasedStorage;

/// Stands for a storage that is not the one of its route.
struct OtherStorage;

impl ErasedStorage for OtherStorage {
    fn readiness_check(&self) -> BoxFuture<'_, Result<()>> {
        refused()
    }
}

#[cold]
fn refused<'a, T: Send + 'a>() -> BoxFuture<'a, Result<T>> {
    Box::pin(std::future::ready(Err(other_storage())))
}

/// The part of a storage that implements a verb, without its type. It is called, and not inlined: each verb of each storage
/// would have what it does and the refusals above to itself.
#[inline(never)]
pub(super) fn erased_part<S: Storage, P: PartOf<S>>(storage: &(dyn Any + Send + Sync)) -> &dyn ErasedStorage {
    match (storage.downcast_ref::<S>(), P::ERASED) {
        (Some(storage), Some(erased)) => erased(P::of(storage)),
        _ => &OtherStorage,
    }
}
