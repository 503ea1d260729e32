//! The verbs of a store: from the types of the traits to the core, and back.

use std::marker::PhantomData;

use super::Store;
use super::update::Update;
use super::watch::TypedEvents;
use crate::object::{AnyObject, Encoded, EncodedList, Object};
use crate::verb::{
    Admit, AsErased, Change, CollectionDeleter, Context, Created, Creater, Deleted, Getter, GracefulDeleter, List,
    ListReply, Lister, Reply, Storage, StorageWithReadiness, Updater, WatchStream, Watcher,
};
use crate::wire::options::{CreateOptions, DeleteOptions, GetOptions, ListOptions, UpdateOptions};
use crate::wire::status::Result;

/// A change as the core takes it.
pub(super) fn update<'a, T>(cx: &Context, change: &'a Change<T>, options: &UpdateOptions, status: bool) -> Update<'a> {
    Update {
        change: change.any(),
        preconditions: change.preconditions(),
        creates: change.creates(),
        admit: change.admit().any(),
        dry_run: options.dry_run || cx.dry_run(),
        status,
    }
}

impl<T: Object> Store<T> {
    fn typed(&self, list: EncodedList) -> Result<List<T>> {
        let typed = |object: Encoded| self.core.decode(object.json()).and_then(<dyn AnyObject>::downcast);
        let items = list.iter().map(typed).collect::<Result<_>>()?;
        Ok(List { metadata: list.metadata, items })
    }
}

impl<T: Object> Storage for Store<T> {
    type Object = T;
    const ERASED: Option<AsErased<Self>> = Some(|store| &*store.core);

    fn destroy(&self) -> impl Future<Output = ()> + Send {
        self.core.destroy()
    }
}

impl<T: Object> StorageWithReadiness for Store<T> {
    fn readiness_check(&self) -> impl Future<Output = Result<()>> + Send {
        self.core.readiness_check()
    }
}

impl<T: Object> Getter for Store<T> {
    async fn get(&self, cx: &Context, name: &str, options: &GetOptions) -> Result<T> {
        let object = self.core.get(cx, name, options).await?;
        self.core.decode(object.json())?.downcast()
    }

    async fn get_reply(&self, cx: &Context, name: &str, options: &GetOptions) -> Result<Reply<T>> {
        Ok(Reply::Encoded(self.core.get(cx, name, options).await?))
    }
}

impl<T: Object> Lister for Store<T> {
    async fn list(&self, cx: &Context, options: &ListOptions) -> Result<List<T>> {
        self.typed(self.core.list(cx, options).await?)
    }

    async fn list_reply(&self, cx: &Context, options: &ListOptions) -> Result<ListReply<T>> {
        self.core.list(cx, options).await.map(ListReply::Encoded)
    }
}

impl<T: Object> Creater for Store<T> {
    async fn create(&self, cx: &Context, object: T, admit: &Admit<T>, options: &CreateOptions) -> Result<T> {
        let dry_run = options.dry_run || cx.dry_run();
        self.core.create(cx, Box::new(object), admit.any(), dry_run).await?.object.downcast()
    }

    async fn create_reply(
        &self,
        cx: &Context,
        object: T,
        admit: &Admit<T>,
        options: &CreateOptions,
    ) -> Result<Reply<T>> {
        let dry_run = options.dry_run || cx.dry_run();
        Ok(Reply::Encoded(self.core.create(cx, Box::new(object), admit.any(), dry_run).await?.json))
    }
}

impl<T: Object> Updater for Store<T> {
    async fn update(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<T>,
        options: &UpdateOptions,
    ) -> Result<(T, Created)> {
        let (written, created) = self.core.update(cx, name, update(cx, change, options, false)).await?;
        Ok((written.object.downcast()?, Created(created)))
    }

    async fn update_reply(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<T>,
        options: &UpdateOptions,
    ) -> Result<(Reply<T>, Created)> {
        let (written, created) = self.core.update(cx, name, update(cx, change, options, false)).await?;
        Ok((Reply::Encoded(written.json), Created(created)))
    }
}

impl<T: Object> GracefulDeleter for Store<T> {
    async fn delete(
        &self,
        cx: &Context,
        name: &str,
        admit: &Admit<T>,
        options: &DeleteOptions,
    ) -> Result<(Deleted<T>, bool)> {
        Ok(self.core.delete(cx, cx.namespace(), name, admit.any(), options).await?.deleted())
    }
}

impl<T: Object> CollectionDeleter for Store<T> {
    async fn delete_collection(
        &self,
        cx: &Context,
        admit: &Admit<T>,
        options: &DeleteOptions,
        list: &ListOptions,
    ) -> Result<List<T>> {
        self.typed(self.core.delete_collection(cx, admit.any(), options, list).await?)
    }

    async fn delete_collection_reply(
        &self,
        cx: &Context,
        admit: &Admit<T>,
        options: &DeleteOptions,
        list: &ListOptions,
    ) -> Result<ListReply<T>> {
        self.core.delete_collection(cx, admit.any(), options, list).await.map(ListReply::Encoded)
    }
}

impl<T: Object> Watcher for Store<T> {
    async fn watch(&self, cx: &Context, options: &ListOptions) -> Result<WatchStream<T>> {
        let events = self.core.watch(cx, options).await?;
        Ok(Box::pin(TypedEvents { events, object: PhantomData }))
    }
}
