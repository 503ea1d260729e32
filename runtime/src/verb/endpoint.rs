//! A resource as it is installed, in one version.

use std::any::Any;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::hooks::Hooks;
use super::info::ResourceInfo;
use super::managed::Managed;
use super::merging::Merging;
use crate::object::Codec;
use crate::route::{Action, Row};
use crate::server::installed::Users;
use crate::wire::status::GroupResource;
use crate::wire::table::Columns;

/// A resource or subresource in one version, with its storage and its routes.
///
/// The table of a `RestResource` produces these; so does a resource that is described at run time.
pub struct Endpoint {
    pub(crate) info: Arc<ResourceInfo>,
    pub(crate) group_resource: GroupResource,
    pub(crate) storage: Arc<dyn Any + Send + Sync>,
    pub(crate) codec: Codec,
    pub(crate) rows: Vec<Row>,
    pub(crate) columns: Columns,
    pub(crate) hooks: Hooks,
    /// Group of the objects: another than the resource's for a `Scale`.
    pub(crate) object_group: String,
    /// Version of the objects.
    pub(crate) object_version: String,
    /// The version whose objects the storage holds.
    pub(crate) stored_version: String,
    /// Who owns the fields of the objects.
    pub(crate) managed: Managed,
    /// How the objects are patched.
    pub(crate) merging: Merging,
    /// What every client of a deprecated version is told.
    pub(crate) deprecation: Option<String>,
    /// Ends the watches when the resource is removed, or the server shuts down.
    pub(crate) lifetime: CancellationToken,
    /// The requests in handlers of the storage, in any version.
    pub(crate) users: Arc<Users>,
    /// What its requests are counted in, once it is installed.
    #[cfg(feature = "metrics")]
    pub(crate) metrics: Option<crate::metrics::EndpointMetrics>,
    /// Whether objects say their own apiVersion and Kind, which then must be the endpoint's.
    pub(crate) unstructured: bool,
}

impl Endpoint {
    /// The row of an action, if the resource has it.
    pub(crate) fn row(&self, action: &Action) -> Option<&Row> {
        self.rows.iter().find(|row| row.action == action)
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("info", &self.info).field("rows", &self.rows).finish_non_exhaustive()
    }
}
