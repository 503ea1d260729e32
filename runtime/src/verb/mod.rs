//! The vocabulary: a verb is one file, with its trait, its rows in the action table, its handler and its docs.
//!
//! # The interfaces of k8s.io/apiserver and their counterparts
//!
//! | there | here |
//! |---|---|
//! | `Storage` | [`Storage`], written by the derive; `New` is the associated type `Object` |
//! | `Scoper` | `cluster` in the attribute, namespaced without; subresources follow their parent |
//! | `KindProvider`, `GroupVersionKindProvider` | the object's own group, version and Kind, as those of a `Scale`; `kind = "..."` renames it |
//! | `SingularNameProvider`, `ShortNamesProvider`, `CategoriesProvider` | `singular = "..."`, `short_names(...)`, `categories(...)` |
//! | `Lister`, `Getter`, `GetterWithOptions`, `Creater`, `NamedCreater`, `Updater`, `GracefulDeleter`, `CollectionDeleter`, `Watcher`, `Connecter` | the same names |
//! | `Patcher`, `StandardStorage` | [`Patcher`] and [`StandardStorage`], implemented by whatever has their parts |
//! | `TableConvertor` | [`TableConvertor`], optional: every resource has a table by its printer columns |
//! | `StorageWithReadiness`, `StorageMetadata`, `GroupVersionAcceptor` | the same names, optional |
//! | `Storage.Destroy` | [`Storage::destroy`]; [`Destroyer`] adds to it |
//! | `StorageVersionProvider` | the first version of the derive: its object is what is stored |
//! | `MayReturnFullObjectDeleter` | [`GracefulDeleter::RETURNS_DELETED_OBJECT`] |
//! | `SubresourceObjectMetaPreserver` | [`NamedCreater::PRESERVES_OBJECT_META`] and [`Creater::PRESERVES_OBJECT_META`] |
//! | `ResourceStreamer` | [`Reply::Stream`] |
//! | `UpdatedObjectInfo` | [`Change`] |
//! | `Responder` | not needed: [`Connecter::connect`] returns its response |
//! | `Redirector` | not needed: it has no route of its own, a `Connecter` proxies by itself |
//! | `ResetFieldsStrategy`, `ResetFieldsFilterStrategy` | [`Strategy::reset_fields`](crate::Strategy::reset_fields): one method, so that both at once cannot be written |
//! | `CorruptObjectDeleterProvider`, `StorageMetricsOverride` | not needed: a `Store` deletes what it cannot read by itself, and metrics are labelled by action |

mod apply;
mod bookmarks;
mod call;
mod change;
mod connect;
mod context;
mod create;
mod custom_options;
mod delete;
mod delete_collection;
mod endpoint;
mod erased;
mod exchange;
mod get;
mod get_with_options;
pub(crate) mod hooks;
mod info;
mod joined;
mod list;
pub(crate) mod managed;
pub(crate) mod merging;
mod named_create;
mod owners;
mod patch;
mod reply;
mod respond;
mod response;
mod storage;
mod update;
#[cfg(feature = "server")]
mod upgrade;
mod watch;
#[cfg(feature = "websocket")]
mod websocket;

use std::pin::Pin;

pub(crate) use bookmarks::Bookmarks;
pub(crate) use call::Limits;
pub use call::{Call, Handler};
pub use change::{Admit, Change};
pub(crate) use change::{AnyAdmit, AnyChange, AnyUpdate, Creates, Held};
pub use connect::{CONNECT, ConnectRequest, Connecter};
pub use context::{Context, UserInfo};
pub use create::{Creater, POST};
pub(crate) use custom_options::schema_type;
pub use delete::{DELETE, GracefulDeleter};
pub use delete_collection::{CollectionDeleter, DELETECOLLECTION};
pub use endpoint::Endpoint;
pub use erased::{AsErased, ErasedStorage};
pub use get::{GET, Getter};
pub use get_with_options::GetterWithOptions;
pub use hooks::{Destroyer, GroupVersionAcceptor, Hooks, StorageMetadata, StorageWithReadiness, TableConvertor};
pub use info::{ResourceInfo, Scope};
pub use list::{LIST, Lister};
pub use named_create::NamedCreater;
pub use patch::{PATCH, Patcher};
pub use reply::{Created, Deleted, List, ListReply, Reply, ResourceStream, WatchEvent, WatchStream};
pub(crate) use response::set_retry_after;
pub use response::{Response, ResponseBody};
pub use storage::{Embeds, Info, PartOf, RestResource, Served, StandardStorage, Storage};
#[doc(hidden)]
pub use storage::{embedded, is_of_kind};
pub use update::{PUT, Updater};
#[cfg(feature = "server")]
pub use upgrade::Upgraded;
pub use watch::{WATCH, WATCHLIST, Watcher};

/// A future on the heap, as handlers return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The handler of each verb: a thin function for each storage, on a core that is compiled once. A storage that knows no
/// types has the thinnest.
pub mod handlers {
    pub use super::connect::connect;
    pub use super::create::create;
    pub use super::delete::delete;
    pub use super::delete_collection::delete_collection;
    pub use super::get::get;
    pub use super::get_with_options::get_with_options;
    pub use super::list::list;
    pub use super::named_create::create_named;
    pub use super::patch::patch;
    pub use super::update::update;
    pub use super::watch::watch;
}
