//! What the stores of a server have in common.

use std::sync::Arc;

use super::history::Limits;
use crate::backend::Backend;

/// What stores are made of: a backend, shared by all, and how much they remember. Cloning shares the backend.
///
/// All stores of a server should be made from one `StoreOptions`, so that they share one counter of resource versions
/// (contract 6.1.2).
#[derive(Clone, Debug)]
pub struct StoreOptions {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) prefix: String,
    pub(super) history: Limits,
    pub(super) garbage_collection: bool,
}

impl StoreOptions {
    /// Stores on a backend, below `/registry`.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, prefix: "/registry".to_owned(), history: Limits::default(), garbage_collection: false }
    }

    /// Stores in memory, gone with the process.
    #[cfg(feature = "memory")]
    pub fn memory() -> Self {
        Self::new(Arc::new(crate::backend::Memory::new()))
    }

    /// What all keys begin with, `/registry` by default (contract 6.1.1). A `/` at its end does not count.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self.prefix.truncate(self.prefix.trim_end_matches('/').len());
        self
    }

    /// The most events of each resource that are held for watches that resume and for pages that continue; 102,400 by
    /// default. Within that those of the last 75 seconds are held, and at least the last 100 (contract 6.4.4). Who comes
    /// back later is told that the resource version is too old (410), and lists again.
    #[must_use]
    pub fn watch_history(mut self, events: usize) -> Self {
        self.history.events = events.max(1);
        self
    }

    /// The most bytes of those events of each resource; 32 MiB by default. The object before and the one behind the
    /// event count, and half a KiB. The last event is held whatever its size.
    #[must_use]
    pub fn watch_history_bytes(mut self, bytes: usize) -> Self {
        self.history.bytes = bytes;
        self
    }

    /// Whether a garbage collector works on this server, so that the propagation policies `Orphan` and `Foreground` may
    /// leave their work to it, by finalizers (contract 4.10.10). Without one, which is the default, they would keep an
    /// object for ever, and are ignored.
    #[must_use]
    pub fn garbage_collection(mut self, enabled: bool) -> Self {
        self.garbage_collection = enabled;
        self
    }

    /// The backend.
    pub fn backend(&self) -> &Arc<dyn Backend> {
        &self.backend
    }
}
