//! The server: install, dispatch, life cycle; a `tower::Service` before it is a server.

pub(crate) mod body;
mod builder;
mod call;
#[cfg(feature = "server")]
mod connection;
mod delegate;
mod dispatch;
mod group;
#[cfg(feature = "gzip")]
mod gzip;
mod health;
mod in_flight;
mod index;
mod install;
pub(crate) mod installed;
#[cfg(feature = "metrics")]
mod metrics;
mod panics;
#[cfg(feature = "server")]
mod protocol;
mod request_info;
pub(crate) mod resource;
pub(crate) mod resources;
pub(crate) mod respond;
#[cfg(feature = "server")]
mod serve;
mod service;
#[cfg(feature = "tls")]
mod tls;
mod version;

use std::sync::Arc;
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
use self::installed::{Installed, let_go};
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
    /// The errors are those of [`ApiServerBuilder::prepare`], and nothing is changed. After the [shutdown](Self::shutdown)
    /// it is an error in any case.
    pub fn install(&self, resource: impl Into<Resource>) -> Result<(), InstallErrors> {
        let resource = resource.into();
        let name = resource.name.clone();
        let (endpoints, storage) = install::open(resource, &self.0.limits)?;
        let added = self.0.installed.add(storage, |current| {
            let all = current.endpoints.iter().cloned().chain(endpoints).collect();
            install::resources(all, &current.groups, &[])
        })?;
        if added {
            return Ok(());
        }
        let message = "the server is shut down".to_owned();
        Err(InstallErrors(vec![InstallError { resource: name, message }]))
    }

    /// Removes a resource in all its versions, by group and plural name or `resource/subresource`, while requests run.
    ///
    /// Nobody finds it any more, and its watches end. Requests that have begun are answered, for as long as the
    /// [drain timeout](ApiServerBuilder::drain_timeout); then the storage is destroyed. Returns whether it was there.
    pub async fn remove(&self, group: &str, path: &str) -> Result<bool, InstallErrors> {
        let here = |key: &install::Key| key.group == group && key.path == path;
        let removed = self.0.installed.take(here, |current| {
            let all = current.endpoints.iter().filter(|endpoint| !here(&install::Key::of(&endpoint.info))).cloned();
            install::resources(all.collect(), &current.groups, &[])
        })?;
        for storage in &removed {
            storage.lifetime.cancel();
        }
        let_go(&removed, self.0.drain_timeout).await;
        Ok(!removed.is_empty())
    }

    /// Ends all watches, and lets every storage go (contract 1.1), as [`remove`](Self::remove) does. [`serve`](Self::serve)
    /// does it by itself; a server that is mounted elsewhere is told by this. The second call does nothing.
    pub async fn shutdown(&self) {
        self.0.limits.shutdown.cancel();
        let_go(&self.0.installed.take_all(), self.0.drain_timeout).await;
    }
}

impl Shared {
    /// Whether every storage can answer (contract 1.2).
    pub(crate) async fn storages_ready(&self) -> bool {
        for storage in self.installed.storages() {
            if !storage.ready().await {
                return false;
            }
        }
        true
    }
}
