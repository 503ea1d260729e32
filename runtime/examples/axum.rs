//! An API server beside the routes of an axum application, on one port.
//!
//! ```text
//! cargo run --example axum -- 127.0.0.1:8080
//! curl http://127.0.0.1:8080/hello
//! kubectl --server http://127.0.0.1:8080 get notes
//! ```

use std::error::Error;

use axum::Router;
use axum::routing::get;
use kube::CustomResource;
use rest_resource::server::{ApiServer, InstallErrors};
use rest_resource::{RestResource, Store, StoreOptions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// Something to remember.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "notes.example.com", version = "v1", kind = "Note", namespaced)]
pub struct NoteSpec {
    /// What it is.
    pub text: String,
}

/// The storage of notes.
#[derive(Debug, RestResource)]
#[rest(
    group = "notes.example.com", version = "v1", resource = "notes", object = Note,
    verbs(get, list, watch, create, update, patch, delete, delete_collection)
)]
pub struct Notes {
    #[rest(embed)]
    store: Store<Note>,
}

/// The notes, as a server that listens nowhere.
pub fn api() -> Result<ApiServer, InstallErrors> {
    let notes = Notes { store: Store::new(&StoreOptions::memory()) };
    ApiServer::builder().install(notes).prepare()
}

/// The application: its own routes, and the API for every other path, so that clients find `/apis` and `/version`.
pub fn app(api: &ApiServer) -> Router {
    Router::new().route("/hello", get(|| async { "hello\n" })).fallback_service(api.clone())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("kubectl --server http://{} get notes", listener.local_addr()?);
    let api = api()?;
    let app = app(&api);
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            let _ = tokio::signal::ctrl_c().await;
            // Ends the watches, for which axum would wait for ever.
            api.shutdown().await;
        })
        .await?;
    Ok(())
}
