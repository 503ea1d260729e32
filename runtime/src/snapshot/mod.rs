//! Collections that are computed, not stored: a function says what is there now, and the difference to the last time
//! is what watches see.

mod builder;
mod diff;
mod event;
mod list;
mod log;
mod poll;
mod selection;
#[cfg(test)]
mod tests;
mod watch;

use std::sync::Arc;

pub use builder::SnapshotBuilder;
use poll::Poller;

use crate::object::Object;
use crate::verb::Storage;
use crate::wire::status::Result;

/// Getter, Lister and Watcher for a computed collection: the processes of a machine, the rows of another API.
///
/// A function returns all objects that there are. Each answer is compared with the one before, object by object of the
/// same namespace, name and uid, and each difference gets a revision: that is the `resourceVersion` of the object and
/// of the event about it. Of objects that differ only in what [`volatile`](SnapshotBuilder::volatile) declares, the
/// `resourceVersion` stays and no event tells; GET and LIST show the fresh values.
///
/// GET, LIST and the start of a watch call the function, and share a call that began after they came. While there are
/// watches it is called regularly as well; without requests it is never called.
///
/// Revisions begin at the time of construction in microseconds, so those of an earlier process are older than all of
/// this one, as long as the clock is not set back: a watch that resumes across a restart is answered 410, and lists
/// anew (contract 4.8.10). The last [`history`](SnapshotBuilder::history) changes can be watched from; older ones are
/// 410 too. Of its former states a snapshot keeps only a few that somebody reads page by page.
///
/// A clone is the same collection.
///
/// ```
/// # use k8s_openapi::api::core::v1::ConfigMap;
/// use rest_resource::Snapshot;
///
/// fn read_everything() -> rest_resource::Result<Vec<ConfigMap>> {
///     Ok(Vec::new()) // each with a name, and with a uid if names are used again
/// }
///
/// let snapshot = Snapshot::blocking(read_everything).build();
/// ```
///
/// A storage embeds it: `#[rest(embed)] snapshot: Snapshot<ConfigMap>`.
pub struct Snapshot<T: Object> {
    poller: Arc<Poller<T>>,
}

impl<T: Object> Snapshot<T> {
    /// A collection that an async function reads.
    ///
    /// The objects need a name; their `resourceVersion` is set here. Of two with one namespace and name, the later
    /// counts. An error is what the request is answered; watches go on and try again at their next call.
    pub fn builder<F, R>(read: F) -> SnapshotBuilder<T>
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<T>>> + Send + 'static,
    {
        SnapshotBuilder::new(Box::new(move || Box::pin(read())))
    }

    /// As [`builder`](Self::builder), by a function that blocks: it is called on a thread of tokio's for such work.
    pub fn blocking<F>(read: F) -> SnapshotBuilder<T>
    where
        F: Fn() -> Result<Vec<T>> + Send + Sync + 'static,
    {
        let read = Arc::new(read);
        SnapshotBuilder::new(Box::new(move || {
            let read = Arc::clone(&read);
            Box::pin(poll::off_the_runtime(move || read()))
        }))
    }
}

impl<T: Object> Storage for Snapshot<T> {
    type Object = T;
}

impl<T: Object> Clone for Snapshot<T> {
    fn clone(&self) -> Self {
        Self { poller: Arc::clone(&self.poller) }
    }
}

impl<T: Object> std::fmt::Debug for Snapshot<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("revision", &self.poller.revision()).finish_non_exhaustive()
    }
}
