//! What a client asks first: groups and resources, health, the version, OpenAPI, and what is not there.

mod aggregated;
mod extensions;
mod groups;
mod health;
mod metrics;
mod openapi;
mod paths;
