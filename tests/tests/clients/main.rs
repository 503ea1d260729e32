//! Other clients, unmodified, and what reads the OpenAPI documents.

mod controller;
mod javascript;
mod kube_client;
mod openapi;
mod python;
