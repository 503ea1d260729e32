//! The status of the objects of a store.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::core::StoreCore;
use super::handlers::StatusCore;
use crate::object::Object;
use crate::verb::{AsErased, Change, Context, Created, Getter, Reply, Storage, Updater};
use crate::wire::options::{GetOptions, UpdateOptions};
use crate::wire::status::Result;

/// The subresource `/status` of a [`Store`](super::Store): reads the object, and writes nothing but its status (contract 5.6).
///
/// Labels, annotations and everything else are kept as they are, whatever the client sends. The generation does not
/// change (contract 5.5).
pub struct StatusStore<T> {
    core: StatusCore,
    object: PhantomData<fn() -> T>,
}

impl<T> StatusStore<T> {
    pub(super) fn new(core: Arc<StoreCore>) -> Self {
        Self { core: StatusCore(core), object: PhantomData }
    }
}

impl<T: Object> Storage for StatusStore<T> {
    type Object = T;
    const ERASED: Option<AsErased<Self>> = Some(|store| &store.core);
}

impl<T: Object> Getter for StatusStore<T> {
    async fn get(&self, cx: &Context, name: &str, options: &GetOptions) -> Result<T> {
        let object = self.core.0.get(cx, name, options).await?;
        self.core.0.decode(object.json())?.downcast()
    }

    async fn get_reply(&self, cx: &Context, name: &str, options: &GetOptions) -> Result<Reply<T>> {
        Ok(Reply::Encoded(self.core.0.get(cx, name, options).await?))
    }
}

impl<T: Object> Updater for StatusStore<T> {
    async fn update(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<T>,
        options: &UpdateOptions,
    ) -> Result<(T, Created)> {
        let (written, created) = self.core.0.update(cx, name, super::verbs::update(cx, change, options, true)).await?;
        Ok((written.object.downcast()?, Created(created)))
    }

    async fn update_reply(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<T>,
        options: &UpdateOptions,
    ) -> Result<(Reply<T>, Created)> {
        let (written, created) = self.core.0.update(cx, name, super::verbs::update(cx, change, options, true)).await?;
        Ok((Reply::Encoded(written.json), Created(created)))
    }
}

impl<T> Clone for StatusStore<T> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.core.0))
    }
}

impl<T> fmt::Debug for StatusStore<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusStore").field("prefix", &self.core.0.cache.shared.prefix).finish_non_exhaustive()
    }
}
