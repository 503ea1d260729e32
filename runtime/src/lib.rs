//! REST API servers by the Kubernetes API conventions.
//!
//! A *storage* is a struct that holds or computes the objects of a resource. It implements the verb traits that it can
//! honour ([`Getter`], [`Lister`], [`Creater`], [`Watcher`], ...), and [`RestResource`](derive@RestResource) derives
//! its routes from those: no more, no fewer. An [`ApiServer`](server::ApiServer) serves them; `kubectl` and every other
//! client of Kubernetes work on it.
//!
//! - [`verb`]: the traits, and what they take and give.
//! - [`store`]: [`Store`], a storage with every verb, over a [`backend`], with a [`Strategy`] of yours.
//! - [`snapshot`]: [`Snapshot`], lists and watches for objects that are computed.
//! - [`server`]: putting a server together, calling it, serving it.
//! - [`route`]: the route table, as const data.
//! - [`wire`]: what travels: statuses, options, selectors, tables, patches.
//! - [`apply`]: server-side apply: merging by schema, and who owns which field.
//!
//! References such as *contract 4.7.1* number the observable behaviours of the Kubernetes API that clients rely on;
//! the tests are named after them.

extern crate self as rest_resource;

pub mod apply;
pub mod backend;
pub(crate) mod discovery;
#[cfg(feature = "docs")]
pub(crate) mod docs;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
pub mod object;
pub mod route;
pub(crate) mod seldom;
pub mod server;
pub mod snapshot;
pub mod store;
pub mod verb;
pub mod wire;

pub use rest_resource_macros::RestResource;

pub use backend::Backend;
pub use object::{Object, Unstructured};
pub use route::{Method, RouteTable};
pub use snapshot::{Snapshot, SnapshotBuilder};
pub use store::{
    GarbageCollectionPolicy, OpenStoreError, ScalePathError, ScalePaths, ScaleStore, StatusStore, Store, StoreOptions,
    Strategy,
};
pub use verb::{
    Admit, Change, CollectionDeleter, ConnectRequest, Connecter, Context, Created, Creater, Deleted, Destroyer, Getter,
    GetterWithOptions, GracefulDeleter, GroupVersionAcceptor, List, ListReply, Lister, NamedCreater, Patcher, Reply,
    ResourceInfo, ResourceStream, Response, ResponseBody, RestResource, Scope, StandardStorage, Storage,
    StorageMetadata, StorageWithReadiness, TableConvertor, Updater, UserInfo, WatchEvent, WatchStream, Watcher,
};
pub use wire::field::FieldError;
pub use wire::options::{CreateOptions, DeleteOptions, GetOptions, ListOptions, Preconditions, UpdateOptions};
pub use wire::status::{GroupKind, GroupResource, Result, Status, StatusCause, StatusDetails};

/// What generated code names. Not for other code: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use std::borrow::Cow;

    pub use crate::__found as found;

    pub use crate::route::{
        Absent, Detected, Field, Found, Places, Probe, Verb, VersionOf, count, require, stored, table,
    };
    pub use crate::verb::{
        Admit, Change, CollectionDeleter, ConnectRequest, Connecter, Context, Created, Creater, Deleted, Embeds,
        Getter, GetterWithOptions, GracefulDeleter, Hooks, Info, List, ListReply, Lister, NamedCreater, Patcher, Reply,
        Response, RestResource, Scope, Served, Storage, Updater, WATCHLIST, WatchStream, Watcher, embedded, is_of_kind,
    };
    pub use crate::wire::options::{CreateOptions, DeleteOptions, GetOptions, ListOptions, UpdateOptions};
    pub use crate::wire::status::Result;
    pub use crate::wire::table::PrinterColumn;
}

/// The program in the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
