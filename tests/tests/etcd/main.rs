//! The backend on etcd, against a real one.

mod auth;
mod compaction;
mod conformance;
mod data;
mod failures;
mod freshness;
mod kit;
mod replaced;
mod restart;
mod store;
mod tls;
