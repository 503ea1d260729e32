//! The server: install, dispatch, life cycle; a `tower::Service` before it is a server.

pub(crate) mod body;
mod builder;
mod delegate;
mod dispatch;
mod group;
#[cfg(feature = "gzip")]
mod gzip;
mod health;
mod in_flight;
mod index;
mod install;
#[cfg(feature = "metrics")]
mod metrics;
mod request_info;
pub(crate) mod resource;
pub(crate) mod resources;
#[cfg(feature = "server")]
mod serve;
mod service;
#[cfg(feature = "tls")]
mod tls;
mod version;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use body::RequestBody;
pub use builder::ApiServerBuilder;
pub use group::ApiGroup;
pub(crate) use group::GroupSpec;
pub use install::{InstallError, InstallErrors};
pub use resource::Resource;
pub use version::VersionInfo;

use self::delegate::Delegate;
use self::in_flight::InFlight;
use self::resource::Destroy;
use self::resources::Installed;
use crate::route::RouteTable;
use crate::verb::Limits;

/// A REST API server by the Kubernetes API conventions: the installed resources, as a `tower::Service`.
///
/// It is cheap to clone; all clones are one server. Call it without a socket, mount it in another router, or
/// [`serve`](Self::serve) it.
#[derive(Clone, Debug)]
pub struct ApiServer(Arc<Shared>);

/// What the clones of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) installed: Installed,
    pub(crate) limits: Arc<Limits>,
    pub(crate) in_flight: InFlight,
    pub(crate) request_timeout: Duration,
    pub(crate) drain_timeout: Duration,
    pub(crate) version: VersionInfo,
    #[cfg(feature = "docs")]
    pub(crate) docs: bool,
    delegate: Option<Box<dyn Delegate>>,
    storages: Mutex<Vec<InstalledStorage>>,
    destroyed: AtomicBool,
}

/// A storage, and what it takes to remove it.
#[derive(Clone, Debug)]
struct InstalledStorage {
    /// `(group, version, path)` of each of its endpoints.
    keys: Vec<install::Key>,
    destroy: Destroy,
    lifetime: tokio_util::sync::CancellationToken,
}

impl ApiServer {
    /// Begins to put a server together.
    pub fn builder() -> ApiServerBuilder {
        ApiServerBuilder::default()
    }

    /// Every route that is installed, printed as a table.
    pub fn routes(&self) -> RouteTable {
        let resources = self.0.installed.load();
        RouteTable::from_rows(resources.endpoints.iter().flat_map(|endpoint| endpoint.rows.clone()).collect())
    }

    /// Installs a resource while requests run; discovery and OpenAPI show it with the same step.
    ///
    /// The errors are those of [`ApiServerBuilder::prepare`], and nothing is changed.
    pub fn install(&self, resource: impl Into<Resource>) -> Result<(), InstallErrors> {
        let (endpoints, storage) = install::open(resource.into(), &self.0.limits)?;
        self.0.installed.swap(|current| {
            let all = current.endpoints.iter().cloned().chain(endpoints).collect();
            install::resources(all, &current.groups, &[])
        })?;
        self.0.storages.lock().unwrap_or_else(PoisonError::into_inner).push(storage);
        Ok(())
    }

    /// Removes a resource in all its versions, by group and plural name or `resource/subresource`, while requests run.
    ///
    /// Requests that have begun are answered; watches end; then the storage is destroyed. Returns whether it was there.
    pub async fn remove(&self, group: &str, path: &str) -> Result<bool, InstallErrors> {
        let here = |key: &install::Key| key.group == group && key.path == path;
        self.0.installed.swap(|current| {
            let all = current.endpoints.iter().filter(|endpoint| !here(&install::Key::of(&endpoint.info))).cloned();
            install::resources(all.collect(), &current.groups, &[])
        })?;
        let removed: Vec<InstalledStorage> = {
            let mut storages = self.0.storages.lock().unwrap_or_else(PoisonError::into_inner);
            storages.extract_if(.., |storage| storage.keys.iter().any(here)).collect()
        };
        for storage in &removed {
            storage.lifetime.cancel();
            storage.destroy.run().await;
        }
        Ok(!removed.is_empty())
    }

    /// Ends all watches, and lets every storage go (contract 1.1). [`serve`](Self::serve) does it by itself; a server
    /// that is mounted elsewhere is told by this. The second call does nothing.
    pub async fn shutdown(&self) {
        self.0.limits.shutdown.cancel();
        if self.0.destroyed.swap(true, Ordering::AcqRel) {
            return;
        }
        let storages = std::mem::take(&mut *self.0.storages.lock().unwrap_or_else(PoisonError::into_inner));
        for storage in storages {
            storage.destroy.run().await;
        }
    }
}

impl Shared {
    /// Whether every storage can answer (contract 1.2).
    pub(crate) async fn storages_ready(&self) -> bool {
        let storages: Vec<Destroy> = {
            let storages = self.storages.lock().unwrap_or_else(PoisonError::into_inner);
            storages.iter().map(|storage| storage.destroy.clone()).collect()
        };
        for storage in storages {
            if !storage.ready().await {
                return false;
            }
        }
        true
    }
}
