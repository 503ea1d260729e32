//! Resources ready to be installed, their types erased.

use std::any::Any;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::installed::Users;
use crate::object::{Codec, Unstructured};
use crate::route::{Action, Method, Row, Shape, operation_id, path};
use crate::verb::hooks::{destroy, erased_readiness, reset_fields};
use crate::verb::managed::{Managed, Versions};
use crate::verb::merging::Merging;
use crate::verb::{
    self, BoxFuture, Endpoint, Handler, Hooks, Info, ResourceInfo, RestResource, Served, StandardStorage, Storage,
    handlers,
};
use crate::wire::patch::strategic::MergeRule;
use crate::wire::table::{Columns, PrinterColumn};

type Erased = dyn Any + Send + Sync;

/// A resource or subresource in all its versions, with its storage: what a server installs.
///
/// Every storage with `#[derive(RestResource)]` turns into one; [`Resource::unstructured`] makes one of a description.
pub struct Resource {
    /// For messages.
    pub(super) name: String,
    pub(super) endpoints: Vec<Result<Endpoint, String>>,
    pub(super) destroy: Destroy,
}

/// What lets go of a storage.
#[derive(Clone)]
pub(crate) struct Destroy {
    storage: Arc<Erased>,
    hooks: Hooks,
    call: for<'a> fn(&'a Erased) -> BoxFuture<'a, ()>,
}

impl Destroy {
    fn of<S: Storage>(storage: Arc<Erased>, hooks: Hooks) -> Self {
        Self { storage, hooks, call: destroy::<S, S>() }
    }

    /// Runs the storage's own hook, then destroys what it embeds.
    pub(super) async fn run(&self) {
        if let Some(on_destroy) = self.hooks.on_destroy {
            on_destroy(&*self.storage).await;
        }
        (self.call)(&*self.storage).await;
    }

    /// Whether requests can be answered.
    pub(super) async fn ready(&self) -> bool {
        match self.hooks.readiness_check {
            Some(check) => check(&*self.storage).await.is_ok(),
            None => true,
        }
    }
}

impl<R: RestResource> From<R> for Resource {
    fn from(storage: R) -> Self {
        Self::derived(&R::INFO, R::VERSIONS, Destroy::of::<R>(Arc::new(storage), R::HOOKS))
    }
}

/// The derive takes group, version and Kind from the attribute; the type has its own.
fn other_type(info: &ResourceInfo, codec: &Codec) -> Option<String> {
    let own = codec.type_info()?;
    // The object of a subresource may be of another group, as a Scale is.
    let same = own.kind == info.kind
        && (info.subresource.is_some() || (own.group == info.group && own.version == info.version));
    (!same).then(|| {
        format!(
            "the object's type says {}/{} {}, the resource says {}/{} {}",
            own.group, own.version, own.kind, info.group, info.version, info.kind
        )
    })
}

/// The group and version of the objects, as they write it.
fn api_version(info: &ResourceInfo, codec: &Codec) -> String {
    let (group, version) = match codec.type_info() {
        Some(own) => (own.group, own.version),
        None => (info.group.to_string(), info.version.to_string()),
    };
    if group.is_empty() { version } else { format!("{group}/{version}") }
}

/// A storage, and what is the same in all versions of its resource.
struct Installed<'a> {
    storage: Arc<Erased>,
    hooks: Hooks,
    columns: &'a [PrinterColumn<'a>],
    stored_version: &'a str,
    versions: Arc<Versions>,
}

fn endpoint(info: ResourceInfo, codec: Codec, rows: Vec<Row>, installed: &Installed<'_>) -> Result<Endpoint, String> {
    let group_resource = info.group_resource();
    let (object_group, object_version) = match codec.type_info() {
        Some(own) => (own.group, own.version),
        None => (info.group.to_string(), info.version.to_string()),
    };
    let columns = if installed.columns.is_empty() {
        Columns::new(group_resource.clone())
    } else {
        Columns::compile(group_resource.clone(), installed.columns)?
    };
    Ok(Endpoint {
        rows,
        group_resource,
        object_group,
        object_version,
        storage: Arc::clone(&installed.storage),
        unstructured: codec.type_info().is_none(),
        codec,
        columns,
        hooks: installed.hooks,
        stored_version: installed.stored_version.to_owned(),
        managed: Managed::new(Arc::clone(&installed.versions)),
        merging: Merging::default(),
        deprecation: None,
        lifetime: CancellationToken::new(),
        users: Arc::new(Users::new()),
        #[cfg(feature = "metrics")]
        metrics: None,
        info: Arc::new(info),
    })
}

impl Resource {
    /// What the derive has made of a storage.
    fn derived(info: &Info, versions: &[Served], destroy: Destroy) -> Self {
        let name = match info.subresource {
            None => format!("{}/{}", info.group, info.resource),
            Some(subresource) => format!("{}/{}/{subresource}", info.group, info.resource),
        };
        let resources: Vec<_> = versions.iter().map(|served| (info.resource_info(served), served)).collect();
        let of_objects =
            |(resource, served): &(ResourceInfo, &Served)| (api_version(resource, &served.codec), served.codec);
        let installed = Installed {
            storage: Arc::clone(&destroy.storage),
            hooks: destroy.hooks,
            columns: info.columns,
            stored_version: versions.first().map_or("", |stored| stored.version),
            versions: Arc::new(Versions::new(resources.iter().map(of_objects))),
        };
        let endpoints = resources.into_iter().map(|(resource, served)| {
            if let Some(error) = other_type(&resource, &served.codec) {
                return Err(error);
            }
            endpoint(resource, served.codec, served.routes.iter().map(Row::from).collect(), &installed)
        });
        Self { name, endpoints: endpoints.collect(), destroy }
    }

    /// How lists merge that the JSON schema of the objects says nothing of (contract 4.9.17), in all versions.
    ///
    /// ```
    /// use rest_resource::server::Resource;
    /// use rest_resource::wire::patch::strategic::MergeRule;
    ///
    /// fn with_rules(resource: Resource) -> Resource {
    ///     resource.merge_rules([MergeRule::keyed("com.example.Route", "rules", "name")])
    /// }
    /// ```
    #[must_use]
    pub fn merge_rules(mut self, rules: impl IntoIterator<Item = MergeRule>) -> Self {
        let rules: Vec<MergeRule> = rules.into_iter().collect();
        for endpoint in self.endpoints.iter_mut().flatten() {
            endpoint.merging.rules.clone_from(&rules);
        }
        self
    }

    /// Deprecates a version, which is served as before: every response has a warning, which kubectl prints. Without a text
    /// of its own it is `GROUP/VERSION KIND is deprecated` (contract 2.7.5). A version that the resource does not have is an
    /// install error.
    ///
    /// ```
    /// use rest_resource::server::Resource;
    ///
    /// fn with_an_old_version(resource: Resource) -> Resource {
    ///     resource.deprecate("v1alpha1", Some("example.com/v1alpha1 Farm is deprecated; use example.com/v1 Farm"))
    /// }
    /// ```
    #[must_use]
    pub fn deprecate(mut self, version: &str, warning: Option<&str>) -> Self {
        let mut endpoints = self.endpoints.iter_mut().flatten();
        match endpoints.find(|endpoint| endpoint.info.version == version) {
            Some(endpoint) => {
                let info = &endpoint.info;
                let default = || format!("{} {} is deprecated", info.api_version(), info.kind);
                endpoint.deprecation = Some(warning.map_or_else(default, str::to_owned));
            }
            None => self.endpoints.push(Err(format!("there is no version {version} to deprecate"))),
        }
        self
    }

    /// A resource that is known only at run time, with the standard verbs: its description as a value, its objects
    /// [`Unstructured`].
    pub fn unstructured<S: StandardStorage<Object = Unstructured>>(
        info: ResourceInfo,
        columns: &[PrinterColumn<'_>],
        storage: S,
    ) -> Self {
        let storage: Arc<Erased> = Arc::new(storage);
        let name = format!("{}/{}", info.api_version(), info.path());
        let codec = Codec::stored::<Unstructured>();
        let rows = standard_rows::<S>(&info);
        let stored_version = info.version.clone();
        let hooks =
            Hooks { reset_fields: reset_fields::<S, S>(), readiness_check: erased_readiness::<S, S>(), ..Hooks::NONE };
        let installed = Installed {
            storage: Arc::clone(&storage),
            hooks,
            columns,
            stored_version: &stored_version,
            versions: Arc::new(Versions::new([(api_version(&info, &codec), codec)])),
        };
        let endpoint = endpoint(info, codec, rows, &installed);
        Self { name, endpoints: vec![endpoint], destroy: Destroy::of::<S>(storage, hooks) }
    }
}

/// The rows of a standard storage (contract 1.32, 2.2).
fn standard_rows<S: StandardStorage>(info: &ResourceInfo) -> Vec<Row> {
    let collection = Shape { watch: false, namespace: info.is_namespaced(), name: false, subpath: false };
    let item = Shape { name: true, ..collection };
    let watched = |shape| Shape { watch: true, ..shape };
    let everywhere = Shape { namespace: false, ..collection };
    let mut rows: Vec<(&'static Action, Method, Shape, Handler)> = vec![
        (&verb::LIST, Method::Get, collection, handlers::list::<S, S>()),
        (&verb::POST, Method::Post, collection, handlers::create::<S, S>()),
        (&verb::DELETECOLLECTION, Method::Delete, collection, handlers::delete_collection::<S, S>()),
        (&verb::WATCHLIST, Method::Get, watched(collection), handlers::watch::<S, S>()),
        (&verb::GET, Method::Get, item, handlers::get::<S, S>()),
        (&verb::PUT, Method::Put, item, handlers::update::<S, S>()),
        (&verb::PATCH, Method::Patch, item, handlers::patch::<S, S>()),
        (&verb::DELETE, Method::Delete, item, handlers::delete::<S, S>()),
        (&verb::WATCH, Method::Get, watched(item), handlers::watch::<S, S>()),
    ];
    if info.is_namespaced() {
        rows.push((&verb::LIST, Method::Get, everywhere, handlers::list::<S, S>()));
        rows.push((&verb::WATCHLIST, Method::Get, watched(everywhere), handlers::watch::<S, S>()));
    }
    let row = |(action, method, shape, handler)| Row {
        action,
        method,
        shape,
        path: path(info, shape).into(),
        operation_id: operation_id(info, action, method, shape),
        handler,
        options: None,
        returns_object: false,
    };
    rows.into_iter().map(row).collect()
}

impl std::fmt::Debug for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resource").field("endpoints", &self.endpoints).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Destroy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Destroy").finish_non_exhaustive()
    }
}
