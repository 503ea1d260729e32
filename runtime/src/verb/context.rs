//! What a request is about, for the storage that answers it.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Instant;

use super::info::ResourceInfo;
use crate::wire::status::Status;
use crate::wire::warning::Warnings;

/// One request, as the storage sees it: the resource, the namespace, who asks, and what may be written.
#[derive(Debug)]
pub struct Context {
    resource: Arc<ResourceInfo>,
    namespace: Option<String>,
    user: Arc<UserInfo>,
    dry_run: bool,
    field_manager: String,
    deadline: Option<Instant>,
    warnings: Arc<Mutex<Warnings>>,
}

/// Who sends a request. Without authentication it is `system:anonymous`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserInfo {
    /// The name, for example `system:serviceaccount:default:builder`.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
    /// The unique id, empty if there is none.
    pub uid: String,
}

/// Who sends most requests; made once.
static ANONYMOUS: LazyLock<Arc<UserInfo>> = LazyLock::new(Arc::default);

impl Default for UserInfo {
    fn default() -> Self {
        Self {
            name: "system:anonymous".to_owned(),
            groups: vec!["system:unauthenticated".to_owned()],
            uid: String::new(),
        }
    }
}

impl Context {
    /// A request to `resource`, in no namespace, by nobody in particular. Storages can be tested with it.
    pub fn new(resource: Arc<ResourceInfo>) -> Self {
        Self {
            resource,
            namespace: None,
            user: Arc::clone(&ANONYMOUS),
            dry_run: false,
            field_manager: String::new(),
            deadline: None,
            warnings: Arc::default(),
        }
    }

    /// In this namespace.
    #[must_use]
    pub fn with_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// By this user.
    #[must_use]
    pub fn with_user(mut self, user: UserInfo) -> Self {
        self.user = Arc::new(user);
        self
    }

    /// To be answered before this instant.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The same request, as one of a resource of this Kind: for a subresource whose objects are of another Kind than
    /// those that it changes.
    pub(crate) fn with_kind(&self, kind: String) -> Self {
        Self {
            resource: Arc::new(ResourceInfo { kind: kind.into(), ..ResourceInfo::clone(&self.resource) }),
            namespace: self.namespace.clone(),
            user: Arc::clone(&self.user),
            dry_run: self.dry_run,
            field_manager: self.field_manager.clone(),
            deadline: self.deadline,
            warnings: Arc::clone(&self.warnings),
        }
    }

    pub(crate) fn set_write_options(&mut self, dry_run: bool, field_manager: Option<&str>) {
        self.dry_run = dry_run;
        if let Some(manager) = field_manager {
            manager.clone_into(&mut self.field_manager);
        }
    }

    pub(crate) fn set_default_field_manager(&mut self, manager: String) {
        self.field_manager = manager;
    }

    /// The resource that the request names.
    pub fn resource(&self) -> &Arc<ResourceInfo> {
        &self.resource
    }

    /// The namespace; `None` at cluster scope and across all namespaces.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Who asks.
    pub fn user(&self) -> &UserInfo {
        &self.user
    }

    /// Whether nothing may be stored (`dryRun=All`, contract 4.4.8).
    pub fn dry_run(&self) -> bool {
        self.dry_run
    }

    /// Who owns the fields that a write sets: `fieldManager`, or the user agent's name (contract 4.4.7).
    pub fn field_manager(&self) -> &str {
        &self.field_manager
    }

    /// When the request must be answered; `None` for watches and lists (contract 4.3.3).
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Adds a warning that the client shows to its user (a `Warning` header, contract 4.4.2).
    pub fn warn(&self, text: impl Into<String>) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).add(text.into());
    }

    /// The warnings so far, for a test of a storage.
    pub fn warnings(&self) -> Warnings {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where the warnings go, so that a failed request sends them too.
    pub(crate) fn share_warnings(&self) -> Arc<Mutex<Warnings>> {
        Arc::clone(&self.warnings)
    }

    /// 404: there is no object `name` of this resource.
    pub fn not_found(&self, name: &str) -> Status {
        Status::not_found(&self.resource.group_resource(), name)
    }

    /// 403: the user may not do that with the object `name`.
    pub fn forbidden(&self, name: &str, error: impl std::fmt::Display) -> Status {
        Status::forbidden(&self.resource.group_resource(), name, error)
    }

    /// 409: the object `name` is not what the request expects.
    pub fn conflict(&self, name: &str, error: impl std::fmt::Display) -> Status {
        Status::conflict(&self.resource.group_resource(), name, error)
    }
}
