//! What a client is told of a server.

mod aggregated;
mod fixture;
mod groups;
mod openapi;
mod openapi_v2;
