//! Storage of objects on a [`Backend`](crate::Backend), with all verbs.
//!
//! A [`Store`] is a thin shell on a core that knows no type, so that the hundredth resource costs little to compile.
//! Objects are encoded once, when they are written. What is served, listed and watched are those bytes.

mod cache;
mod core;
mod create;
mod delete;
mod entry;
mod erased;
mod event;
mod feed;
mod former;
mod handlers;
mod history;
mod json;
mod leaf;
mod leaves;
mod list;
mod meta;
mod open;
mod options;
mod scale;
mod selection;
mod state;
mod status;
mod strategy;
#[cfg(test)]
mod tests;
mod unreadable;
mod update;
mod verbs;
mod watch;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub use open::OpenStoreError;
pub use options::StoreOptions;
pub use scale::{ScalePathError, ScalePaths, ScaleStore};
pub use status::StatusStore;
pub use strategy::{GarbageCollectionPolicy, Strategy};

use self::core::StoreCore;
use self::erased::Erased;
use crate::object::{Codec, Object, Unstructured};
use crate::verb::ResourceInfo;

/// Objects of `T`, kept by a backend: every verb of a [`StandardStorage`](crate::StandardStorage).
///
/// It is embedded in a storage struct, which then has the routes of all its verbs. Cloning gives another handle on the
/// same objects.
///
/// ```
/// use kube::CustomResource;
/// use rest_resource::{Store, StoreOptions};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
/// #[kube(group = "wardle.example.com", version = "v1alpha1", kind = "Flunder", namespaced)]
/// pub struct FlunderSpec {
///     pub reference: Option<String>,
/// }
///
/// let options = StoreOptions::memory();
/// let flunders = Store::<Flunder>::new(&options);
/// ```
pub struct Store<T> {
    core: Arc<StoreCore>,
    object: PhantomData<fn() -> T>,
}

impl<T: Object> Store<T> {
    /// The objects of `T`, below `<prefix>/<group>/<plural>/` (contract 6.1.1).
    ///
    /// [`Unstructured`] has no group of its own: see [`for_resource`](Self::for_resource).
    pub fn new(options: &StoreOptions) -> Self {
        Self::with_core(StoreCore::of_type(options, Codec::stored::<T>()))
    }

    /// With the rules of the type, before it is cloned or taken apart: a clone made earlier keeps the rules it had.
    #[must_use]
    pub fn strategy(self, strategy: impl Strategy<T>) -> Self {
        let strategy = Arc::new(Erased::<T, _>::new(strategy));
        Self::with_core(StoreCore { strategy, ..StoreCore::clone(&self.core) })
    }

    /// Fields that field selectors may name, beside `metadata.name` and `metadata.namespace` (contract 4.7.15): paths
    /// of strings, numbers and booleans, for example `spec.nodeName`. To be called before the store is used.
    ///
    /// They are fields of the objects as they are stored. Where a served version has another name for one, its clients
    /// select by the name of the stored version all the same.
    #[must_use]
    pub fn selectable_fields<S: Into<String>>(self, fields: impl IntoIterator<Item = S>) -> Self {
        let core = StoreCore::clone(&self.core);
        Self::with_core(core.selectable_fields(fields.into_iter().map(Into::into).collect()))
    }

    /// The `/status` of these objects. From then on the main endpoint leaves the status alone, on this handle and its
    /// clones (contract 5.6).
    pub fn status(&self) -> StatusStore<T> {
        self.core.has_status.store(true, Ordering::Relaxed);
        StatusStore::new(Arc::clone(&self.core))
    }

    /// The `/scale` of these objects: how many replicas each shall have and has, at these paths (contract 9.4.2).
    ///
    /// Errors: a path that is none, or that the type does not have.
    ///
    /// Example: see [`ScaleStore`].
    pub fn scale(&self, paths: ScalePaths) -> Result<ScaleStore<T>, ScalePathError> {
        ScaleStore::new(Arc::clone(&self.core), paths)
    }

    fn with_core(core: StoreCore) -> Self {
        Self { core: Arc::new(core), object: PhantomData }
    }
}

impl Store<Unstructured> {
    /// The objects of a resource that is known only at run time.
    pub fn for_resource(options: &StoreOptions, resource: &ResourceInfo) -> Self {
        Self::with_core(StoreCore::new(options, &resource.group, &resource.resource, Codec::stored::<Unstructured>()))
    }
}

impl<T> Clone for Store<T> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), object: PhantomData }
    }
}

impl<T> fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("prefix", &self.core.cache.shared.prefix).finish_non_exhaustive()
    }
}
