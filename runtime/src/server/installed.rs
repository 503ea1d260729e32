//! What is installed, as it changes while requests run.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use super::install::{InstallErrors, Key};
use super::resource::Destroy;
use super::resources::Resources;

/// The table in force, and the storages that its routes lead to: one lock, so that none is without the other.
///
/// Reading the table takes the lock for as long as a reference count is raised.
#[derive(Debug)]
pub(crate) struct Installed(RwLock<State>);

#[derive(Debug)]
struct State {
    table: Arc<Resources>,
    /// None after the shutdown: what is installed then would never be let go.
    storages: Option<Vec<InstalledStorage>>,
}

/// A storage, and what it takes to remove it.
#[derive(Debug)]
pub(super) struct InstalledStorage {
    /// `(group, version, path)` of each of its endpoints.
    pub(super) keys: Vec<Key>,
    pub(super) destroy: Destroy,
    pub(super) lifetime: CancellationToken,
    pub(super) users: Arc<Users>,
}

impl Installed {
    pub(super) fn new(table: Resources, storages: Vec<InstalledStorage>) -> Self {
        Self(RwLock::new(State { table: Arc::new(table), storages: Some(storages) }))
    }

    pub(crate) fn load(&self) -> Arc<Resources> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).table)
    }

    /// What tells of each storage whether it is ready.
    pub(super) fn storages(&self) -> Vec<Destroy> {
        let state = self.0.read().unwrap_or_else(PoisonError::into_inner);
        state.storages.iter().flatten().map(|storage| storage.destroy.clone()).collect()
    }

    /// Adds a storage, and replaces the table by what `change` makes of it. Whether it did: nothing is added after the
    /// shutdown.
    pub(super) fn add(
        &self,
        storage: InstalledStorage,
        change: impl FnOnce(&Resources) -> Result<Resources, InstallErrors>,
    ) -> Result<bool, InstallErrors> {
        let state = &mut *self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(storages) = &mut state.storages else { return Ok(false) };
        state.table = Arc::new(change(&state.table)?);
        storages.push(storage);
        Ok(true)
    }

    /// Takes the storages with such an endpoint away, and replaces the table by what `change` makes of it.
    pub(super) fn take(
        &self,
        is_one: impl Fn(&Key) -> bool,
        change: impl FnOnce(&Resources) -> Result<Resources, InstallErrors>,
    ) -> Result<Vec<InstalledStorage>, InstallErrors> {
        let state = &mut *self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(storages) = &mut state.storages else { return Ok(Vec::new()) };
        state.table = Arc::new(change(&state.table)?);
        Ok(storages.extract_if(.., |storage| storage.keys.iter().any(&is_one)).collect())
    }

    /// Takes all storages away, for ever. The table stays: the paths are still those of resources.
    pub(super) fn take_all(&self) -> Vec<InstalledStorage> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).storages.take().unwrap_or_default()
    }
}

/// Lets storages go, once the requests in their handlers have ended or the time is over.
pub(super) async fn let_go(storages: &[InstalledStorage], at_most: Duration) {
    let ended = async {
        for storage in storages {
            storage.users.ended().await;
        }
    };
    if tokio::time::timeout(at_most, ended).await.is_err() {
        tracing::warn!("requests were still running at the end of the drain timeout");
    }
    for storage in storages {
        storage.users.0.close();
        storage.destroy.run().await;
    }
}

/// The requests in the handlers of a storage, which is not destroyed under them.
#[derive(Debug)]
pub(crate) struct Users(Semaphore);

impl Users {
    const ALL: u32 = u32::MAX >> 3;

    pub(crate) fn new() -> Self {
        Self(Semaphore::new(Self::ALL as usize))
    }

    /// One more, until it is dropped; `None` once the storage is about to be destroyed.
    pub(super) fn enter(&self) -> Option<SemaphorePermit<'_>> {
        self.0.try_acquire().ok()
    }

    /// Lets nobody enter any more, and waits for those who have.
    async fn ended(&self) {
        if let Ok(all) = self.0.acquire_many(Self::ALL).await {
            all.forget();
        }
    }
}
