//! What a write carries into the storage, to run inside its loop, more than once if need be (contract 4.9.12, 7.9.2).

use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::Value;

use super::BoxFuture;
use crate::object::{AnyObject, Object};
use crate::wire::options::Preconditions;
use crate::wire::status::Result;

/// The erased form of [`Change::apply`].
pub(crate) trait AnyChange: Send + Sync {
    /// The object as it shall be; `held` is the object as it is, if there is one.
    fn apply<'a>(&'a self, held: Option<Held<'a>>) -> BoxFuture<'a, Result<Box<dyn AnyObject>>>;
}

/// The object that a storage holds, as a change sees it.
#[derive(Clone, Copy)]
pub(crate) struct Held<'a> {
    pub(crate) object: &'a dyn AnyObject,
    /// Its JSON in the version that is stored, without its managed fields, where the storage has it at hand.
    pub(crate) json: Option<&'a Value>,
}

/// The erased form of [`Admit::check`].
pub trait AnyAdmit: Send + Sync {
    /// Whether the write may happen.
    fn check<'a>(&'a self, new: Option<&'a dyn AnyObject>, old: Option<&'a dyn AnyObject>)
    -> BoxFuture<'a, Result<()>>;
}

/// Validating admission: the storage calls it with the final object, after its own validation and before the write.
///
/// It may run more than once for one request, because storages retry (contract 4.10.14).
pub struct Admit<T> {
    inner: Option<Arc<dyn AnyAdmit>>,
    object: PhantomData<fn(T)>,
}

/// What an update does: given the object as it is, the object as it shall be.
///
/// PUT, PATCH and apply are all changes. The storage calls [`apply`](Change::apply) with the object that it holds, and
/// again with the fresh one where a concurrent write came first.
pub struct Change<T> {
    inner: Arc<dyn AnyChange>,
    preconditions: Preconditions,
    creates: Creates,
    admit: Admit<T>,
}

/// Whether a change creates the object where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Creates {
    No,
    /// If the storage allows it, as PUT does (contract 4.9.3).
    IfAllowed,
    /// Whatever the storage allows for PUT, as apply does (contract 4.9.13).
    Always,
}

impl<T> Admit<T> {
    /// Admits everything.
    pub fn all() -> Self {
        Self { inner: None, object: PhantomData }
    }

    pub(crate) fn from_any(inner: Option<Arc<dyn AnyAdmit>>) -> Self {
        Self { inner, object: PhantomData }
    }

    pub(crate) fn any(&self) -> Option<&Arc<dyn AnyAdmit>> {
        self.inner.as_ref()
    }
}

impl<T: Object> Admit<T> {
    /// Asks whether the write may happen: no `old` is a create, no `new` is a delete.
    pub async fn check(&self, new: Option<&T>, old: Option<&T>) -> Result<()> {
        match &self.inner {
            None => Ok(()),
            Some(inner) => inner.check(new.map(|new| new as _), old.map(|old| old as _)).await,
        }
    }
}

impl<T> Change<T> {
    pub(crate) fn from_any(
        inner: Arc<dyn AnyChange>,
        preconditions: Preconditions,
        creates: Creates,
        admit: Admit<T>,
    ) -> Self {
        Self { inner, preconditions, creates, admit }
    }

    pub(crate) fn any(&self) -> &Arc<dyn AnyChange> {
        &self.inner
    }

    /// What the stored object must be for the change to happen: its uid, its resource version (contract 4.9.6).
    pub fn preconditions(&self) -> &Preconditions {
        &self.preconditions
    }

    /// Whether the change may create the object, if the storage allows it too (contract 4.9.3).
    pub fn may_create(&self) -> bool {
        self.creates != Creates::No
    }

    /// Whether the change creates the object where there is none, even if the storage does not let PUT do so: an apply
    /// (contract 4.9.13).
    pub fn must_create(&self) -> bool {
        self.creates == Creates::Always
    }

    pub(crate) fn creates(&self) -> Creates {
        self.creates
    }

    /// Validating admission, for the object that the change gives.
    pub fn admit(&self) -> &Admit<T> {
        &self.admit
    }
}

impl<T: Object> Change<T> {
    /// Replaces whatever is there by `object`, as PUT does.
    pub fn replace(object: T) -> Self {
        Self::from_any(Arc::new(Replace(object)), Preconditions::default(), Creates::No, Admit::all())
    }

    /// The object as it shall be; `old` is the object as it is, or nothing where it would be created.
    pub async fn apply(&self, old: Option<&T>) -> Result<T> {
        self.inner.apply(old.map(|old| Held { object: old, json: None })).await?.downcast()
    }
}

/// A [`Change`] whose type is not known yet: what the handlers of PUT and PATCH make.
pub struct AnyUpdate {
    pub(crate) change: Arc<dyn AnyChange>,
    pub(crate) preconditions: Preconditions,
    pub(crate) creates: Creates,
    pub(crate) admit: Option<Arc<dyn AnyAdmit>>,
}

impl AnyUpdate {
    pub(crate) fn typed<T>(self) -> Change<T> {
        Change::from_any(self.change, self.preconditions, self.creates, Admit::from_any(self.admit))
    }
}

struct Replace<T>(T);

impl<T: Object> AnyChange for Replace<T> {
    fn apply<'a>(&'a self, _held: Option<Held<'a>>) -> BoxFuture<'a, Result<Box<dyn AnyObject>>> {
        Box::pin(std::future::ready(Ok(self.0.clone_box())))
    }
}

impl std::fmt::Debug for AnyUpdate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnyUpdate").finish_non_exhaustive()
    }
}

impl<T> std::fmt::Debug for Admit<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admit").finish_non_exhaustive()
    }
}

impl<T> std::fmt::Debug for Change<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change")
            .field("preconditions", &self.preconditions)
            .field("creates", &self.creates)
            .finish_non_exhaustive()
    }
}
