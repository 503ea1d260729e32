//! Putting a server together.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::delegate::{Delegate, DelegateService};
use super::group::ApiGroup;
use super::in_flight::InFlight;
use super::install::{self, Declared, InstallError, InstallErrors, Key};
use super::installed::Installed;
use super::resource::Resource;
use super::version::VersionInfo;
use super::{ApiServer, Shared};
#[cfg(feature = "metrics")]
use crate::metrics::Metrics;
use crate::server::body::{BoxError, RequestBody};
use crate::store::StoreOptions;
use crate::verb::{Endpoint, Limits};

/// Longer than anybody waits, and still a time that a clock can count to.
const LONGEST: Duration = Duration::from_hours(30 * 365 * 24);

/// A server to be: resources, groups, what is switched off, and limits.
#[derive(Debug)]
#[must_use = "a builder does nothing until `prepare`"]
pub struct ApiServerBuilder {
    resources: Vec<Resource>,
    unbuilt: Vec<Unbuilt>,
    store: Option<StoreOptions>,
    groups: Vec<ApiGroup>,
    switches: Vec<(String, bool)>,
    delegate: Option<Box<dyn Delegate>>,
    max_request_body_bytes: usize,
    max_read_only_in_flight: usize,
    max_mutating_in_flight: usize,
    request_timeout: Duration,
    min_request_timeout: Duration,
    drain_timeout: Duration,
    version: VersionInfo,
    #[cfg(feature = "docs")]
    docs: bool,
    #[cfg(feature = "metrics")]
    metrics: bool,
}

/// A resource that is yet to be built.
struct Unbuilt(Box<dyn FnOnce(&StoreOptions) -> Resource + Send + Sync>);

impl std::fmt::Debug for Unbuilt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unbuilt")
    }
}

/// The defaults of contract 7.5.1 and 7.5.4.
impl Default for ApiServerBuilder {
    fn default() -> Self {
        Self {
            resources: Vec::new(),
            unbuilt: Vec::new(),
            store: None,
            groups: Vec::new(),
            switches: Vec::new(),
            delegate: None,
            max_request_body_bytes: 3 * 1024 * 1024,
            max_read_only_in_flight: 400,
            max_mutating_in_flight: 200,
            request_timeout: Duration::from_mins(1),
            min_request_timeout: Duration::from_mins(30),
            drain_timeout: Duration::from_mins(1),
            version: VersionInfo::default(),
            #[cfg(feature = "docs")]
            docs: true,
            #[cfg(feature = "metrics")]
            metrics: true,
        }
    }
}

impl ApiServerBuilder {
    /// Installs a resource: any storage with `#[derive(RestResource)]`.
    pub fn install(mut self, resource: impl Into<Resource>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// Where the storages of [`install_with`](Self::install_with) keep their objects.
    pub fn store(mut self, options: &StoreOptions) -> Self {
        self.store = Some(options.clone());
        self
    }

    /// Installs a resource whose storage is built from the options that [`store`](Self::store) is given, before or after.
    ///
    /// So a library brings its resources, and the program says where their objects are kept.
    ///
    /// ```
    /// # use kube::CustomResource;
    /// # use schemars::JsonSchema;
    /// # use serde::{Deserialize, Serialize};
    /// use rest_resource::server::{ApiServer, ApiServerBuilder};
    /// use rest_resource::{RestResource, Store, StoreOptions};
    ///
    /// # #[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
    /// # #[kube(group = "example.com", version = "v1", kind = "Note", namespaced)]
    /// # pub struct NoteSpec {}
    /// #[derive(RestResource)]
    /// #[rest(group = "example.com", version = "v1", resource = "notes", object = Note)]
    /// pub struct Notes {
    ///     #[rest(embed)]
    ///     store: Store<Note>,
    /// }
    ///
    /// pub fn server() -> ApiServerBuilder {
    ///     ApiServer::builder().install_with(|options| Notes { store: Store::new(options) })
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let server = server().store(&StoreOptions::memory()).prepare()?;
    /// # assert!(!server.routes().is_empty());
    /// # Ok::<_, rest_resource::server::InstallErrors>(())
    /// # }).unwrap();
    /// ```
    pub fn install_with<R: Into<Resource>>(
        mut self,
        build: impl FnOnce(&StoreOptions) -> R + Send + Sync + 'static,
    ) -> Self {
        self.unbuilt.push(Unbuilt(Box::new(|options| build(options).into())));
        self
    }

    /// Adds a group: its resources, the order of its versions and its priority.
    pub fn group(mut self, mut group: ApiGroup) -> Self {
        self.resources.append(&mut group.resources);
        self.groups.push(group);
        self
    }

    /// Switches something off, by `group/version` or `group/version/resource`: gone from routes, discovery and OpenAPI
    /// alike. The last word about an endpoint counts.
    pub fn disable(mut self, what: impl Into<String>) -> Self {
        self.switches.push((what.into(), false));
        self
    }

    /// Switches something on again that a broader [`disable`](Self::disable) switched off.
    pub fn enable(mut self, what: impl Into<String>) -> Self {
        self.switches.push((what.into(), true));
        self
    }

    /// Hands every path that is not installed to another service (contract 7.2); without one it is 404.
    pub fn delegate<S, B>(mut self, service: S) -> Self
    where
        S: tower_service::Service<http::Request<RequestBody>, Response = http::Response<B>, Error: Into<BoxError>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send,
        B: http_body::Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        self.delegate = Some(Box::new(DelegateService(service)));
        self
    }

    /// The most bytes of a request body, 3 MiB by default; 0 is no limit (contract 4.3.1).
    pub fn max_request_body_bytes(mut self, bytes: usize) -> Self {
        self.max_request_body_bytes = bytes;
        self
    }

    /// The most reads of resources (GET and LIST) that are answered at once, 400 by default; 0 is no limit. One more is told
    /// to come back, by 429 (contract 7.5.1).
    ///
    /// Watches, connections and other long-running requests do not count, nor do discovery and the health checks. Who is of
    /// the group `system:masters` is answered in any case.
    pub fn max_read_only_in_flight(mut self, requests: usize) -> Self {
        self.max_read_only_in_flight = requests;
        self
    }

    /// The most writes (POST, PUT, PATCH and DELETE) that are answered at once, 200 by default; otherwise as
    /// [`max_read_only_in_flight`](Self::max_read_only_in_flight).
    pub fn max_mutating_in_flight(mut self, requests: usize) -> Self {
        self.max_mutating_in_flight = requests;
        self
    }

    /// The longest that a request may take, 60 s by default; watches and connections are exempt (contract 4.3.5).
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout.min(LONGEST);
        self
    }

    /// The least time after which a watch without `timeoutSeconds` ends, 30 minutes by default (contract 4.8.13).
    pub fn min_request_timeout(mut self, timeout: Duration) -> Self {
        self.min_request_timeout = timeout.min(LONGEST);
        self
    }

    /// How long requests that have begun may go on after the shutdown, 60 s by default (contract 7.3.4).
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// What `/version` says.
    pub fn version(mut self, version: VersionInfo) -> Self {
        self.version = version;
        self
    }

    /// Whether browsers find a page for people at `/docs`, as they do by default; other clients never do.
    ///
    /// Without it the paths are as unknown as others, and go to the [`delegate`](Self::delegate).
    #[cfg(feature = "docs")]
    pub fn docs(mut self, on: bool) -> Self {
        self.docs = on;
        self
    }

    /// Whether the server counts its requests and tells it at `/metrics` and `/metrics/slis`, as it does by default
    /// (contract 3.3.3). Whoever can reach the server can read them.
    ///
    /// Without it nothing is counted, and the paths are as unknown as others.
    #[cfg(feature = "metrics")]
    pub fn metrics(mut self, on: bool) -> Self {
        self.metrics = on;
        self
    }

    /// Checks everything that is installed, and gives the server. The errors are all there are (contract 2.3).
    pub fn prepare(self) -> Result<ApiServer, InstallErrors> {
        #[cfg(feature = "metrics")]
        let metrics = if self.metrics { Some(Arc::new(metrics()?)) } else { None };
        let limits = Arc::new(Limits {
            max_body_bytes: self.max_request_body_bytes,
            min_watch: self.min_request_timeout,
            #[cfg(feature = "metrics")]
            metrics,
            shutdown: CancellationToken::new(),
        });
        let mut errors = Vec::new();
        let mut resources = self.resources;
        match &self.store {
            Some(options) => resources.extend(self.unbuilt.into_iter().map(|Unbuilt(build)| build(options))),
            None if self.unbuilt.is_empty() => {}
            None => errors.push(InstallError {
                resource: String::new(),
                message: "a resource is built from a store, and the server has none".to_owned(),
            }),
        }
        let mut endpoints = Vec::new();
        let mut storages = Vec::new();
        for resource in resources {
            match install::open(resource, &limits) {
                Ok((opened, storage)) => {
                    endpoints.extend(opened);
                    storages.push(storage);
                }
                Err(InstallErrors(more)) => errors.extend(more),
            }
        }
        errors.extend(unknown_names(&endpoints, &self.switches, &self.groups));
        endpoints.retain(|endpoint| is_enabled(&Key::of(&endpoint.info), &self.switches));
        let declared: Vec<Declared> = self
            .groups
            .into_iter()
            .map(|group| Declared { name: group.name, versions: group.versions, priority: group.priority })
            .collect();
        let installed = match install::resources(endpoints, &[], &declared) {
            Ok(resources) if errors.is_empty() => Installed::new(resources, storages),
            Ok(_) => return Err(InstallErrors(errors)),
            Err(InstallErrors(more)) => return Err(InstallErrors(errors.into_iter().chain(more).collect())),
        };
        Ok(ApiServer(Arc::new(Shared {
            installed,
            limits,
            in_flight: InFlight::new(self.max_read_only_in_flight, self.max_mutating_in_flight),
            request_timeout: self.request_timeout,
            drain_timeout: self.drain_timeout,
            version: self.version,
            #[cfg(feature = "docs")]
            docs: self.docs,
            delegate: self.delegate,
        })))
    }
}

/// The names are constants that fit together, so that the error is that of a mistake in them.
#[cfg(feature = "metrics")]
fn metrics() -> Result<Metrics, InstallErrors> {
    Metrics::new().map_err(|error| {
        InstallErrors(vec![InstallError { resource: String::new(), message: format!("metrics: {error}") }])
    })
}

/// Whether `what` names the endpoint, its version, or its parent resource.
fn names(what: &str, key: &Key) -> bool {
    let Some(rest) = what.strip_prefix(&key.api_version()) else { return false };
    let Some(path) = rest.strip_prefix('/') else { return rest.is_empty() };
    key.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_enabled(key: &Key, switches: &[(String, bool)]) -> bool {
    switches.iter().rev().find(|(what, _)| names(what, key)).is_none_or(|(_, on)| *on)
}

/// What names nothing is a mistake: a typo would leave an API open.
fn unknown_names(endpoints: &[Arc<Endpoint>], switches: &[(String, bool)], groups: &[ApiGroup]) -> Vec<InstallError> {
    let keys: Vec<Key> = endpoints.iter().map(|endpoint| Key::of(&endpoint.info)).collect();
    let unknown = switches.iter().filter(|(what, _)| !keys.iter().any(|key| names(what, key))).map(|(what, _)| {
        InstallError { resource: String::new(), message: format!("`{what}` names no installed version or resource") }
    });
    let versions = groups.iter().flat_map(|group| {
        group
            .versions
            .iter()
            .filter(|version| !keys.iter().any(|key| key.group == group.name && key.version == **version))
            .map(|version| InstallError {
                resource: String::new(),
                message: format!("group {:?} has no resource in its version `{version}`", group.name),
            })
    });
    unknown.chain(versions).collect()
}
