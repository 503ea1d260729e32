//! What the handlers call: the verbs of a store without types, compiled once (see [`ErasedStorage`]).

use std::marker::PhantomData;
use std::sync::Arc;

use super::core::{StoreCore, Written};
use super::delete::Removal;
use super::update::Update;
use super::watch::TypedEvents;
use crate::apply::{FieldPath, ResetFields};
use crate::object::{AnyObject, EncodedList};
use crate::verb::{
    AnyAdmit, AnyUpdate, BoxFuture, Context, Created, Deleted, ErasedStorage, ListReply, Reply, WatchStream,
};
use crate::wire::options::{CreateOptions, DeleteOptions, GetOptions, ListOptions, UpdateOptions};
use crate::wire::status::Result;

type Object = Box<dyn AnyObject>;

/// The status of a store's objects.
#[derive(Clone)]
pub(super) struct StatusCore(pub(super) Arc<StoreCore>);

impl StoreCore {
    pub(super) async fn list(&self, cx: &Context, options: &ListOptions) -> Result<EncodedList> {
        let (metadata, page) = self.page(cx, options).await?;
        Ok(self.cache.shared.encoded(metadata, page))
    }

    /// Ends all watches.
    pub(super) fn destroy(&self) -> std::future::Ready<()> {
        self.cache.close();
        std::future::ready(())
    }

    fn get_erased<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        options: &'a GetOptions,
    ) -> BoxFuture<'a, Result<Reply<Object>>> {
        Box::pin(async { Ok(Reply::Encoded(self.get(cx, name, options).await?)) })
    }

    fn update_erased<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        update: AnyUpdate,
        options: &'a UpdateOptions,
        status: bool,
    ) -> BoxFuture<'a, Result<(Reply<Object>, Created)>> {
        Box::pin(async move {
            let update = Update {
                change: &update.change,
                preconditions: &update.preconditions,
                creates: update.creates,
                admit: update.admit.as_ref(),
                dry_run: options.dry_run || cx.dry_run(),
                status,
            };
            let (written, created) = self.update(cx, name, update).await?;
            Ok((Reply::Encoded(written.json), Created(created)))
        })
    }
}

impl ErasedStorage for StoreCore {
    fn get<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        options: &'a GetOptions,
    ) -> BoxFuture<'a, Result<Reply<Object>>> {
        self.get_erased(cx, name, options)
    }

    fn list<'a>(&'a self, cx: &'a Context, options: &'a ListOptions) -> BoxFuture<'a, Result<ListReply<Object>>> {
        Box::pin(async { StoreCore::list(self, cx, options).await.map(ListReply::Encoded) })
    }

    fn create<'a>(
        &'a self,
        cx: &'a Context,
        object: Object,
        admit: Option<Arc<dyn AnyAdmit>>,
        options: &'a CreateOptions,
    ) -> BoxFuture<'a, Result<Reply<Object>>> {
        Box::pin(async move {
            let dry_run = options.dry_run || cx.dry_run();
            let Written { json, .. } = self.create(cx, object, admit.as_ref(), dry_run).await?;
            Ok(Reply::Encoded(json))
        })
    }

    fn update<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        update: AnyUpdate,
        options: &'a UpdateOptions,
    ) -> BoxFuture<'a, Result<(Reply<Object>, Created)>> {
        self.update_erased(cx, name, update, options, false)
    }

    fn delete<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        admit: Option<Arc<dyn AnyAdmit>>,
        options: &'a DeleteOptions,
    ) -> BoxFuture<'a, Result<(Deleted<Object>, bool)>> {
        Box::pin(async move { Ok(self.delete(cx, cx.namespace(), name, admit.as_ref(), options).await?.deleted()) })
    }

    fn delete_collection<'a>(
        &'a self,
        cx: &'a Context,
        admit: Option<Arc<dyn AnyAdmit>>,
        options: &'a DeleteOptions,
        list: &'a ListOptions,
    ) -> BoxFuture<'a, Result<ListReply<Object>>> {
        Box::pin(async move { self.delete_collection(cx, admit.as_ref(), options, list).await.map(ListReply::Encoded) })
    }

    fn destroy(&self) -> BoxFuture<'_, ()> {
        Box::pin(StoreCore::destroy(self))
    }

    fn readiness_check(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(StoreCore::readiness_check(self))
    }

    /// What the strategy says, and the status where it is a subresource (contract 5.6).
    fn reset_fields(&self, api_version: &str) -> ResetFields {
        let mut fields = self.strategy.reset_fields(api_version);
        if self.has_status() {
            fields.insert(&FieldPath::fields(["status"]));
        }
        ResetFields::Fields(fields)
    }

    fn watch<'a>(&'a self, cx: &'a Context, options: &'a ListOptions) -> BoxFuture<'a, Result<WatchStream<Object>>> {
        Box::pin(async {
            let events = self.watch(cx, options).await?;
            Ok(Box::pin(TypedEvents { events, object: PhantomData }) as WatchStream<Object>)
        })
    }
}

impl ErasedStorage for StatusCore {
    fn get<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        options: &'a GetOptions,
    ) -> BoxFuture<'a, Result<Reply<Object>>> {
        self.0.get_erased(cx, name, options)
    }

    fn update<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        update: AnyUpdate,
        options: &'a UpdateOptions,
    ) -> BoxFuture<'a, Result<(Reply<Object>, Created)>> {
        self.0.update_erased(cx, name, update, options, true)
    }

    /// Everything but the status (contract 5.6).
    fn reset_fields(&self, _api_version: &str) -> ResetFields {
        ResetFields::AllBut([FieldPath::fields(["status"])].into_iter().collect())
    }
}

impl Removal {
    /// The answer, and whether the object is gone.
    pub(super) fn deleted<T>(self) -> (Deleted<T>, bool) {
        match self {
            Self::Gone(status) => (Deleted::Status(status), true),
            Self::Pending(status) => (Deleted::Status(status), false),
            Self::Marked(json) => (Deleted::Encoded(json), false),
        }
    }
}
