//! Where a run keeps its objects: where none of another run are.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Failure;
use super::server::Server;

/// The stores of a run. Its files go with it.
pub(crate) struct Stores {
    store: String,
    tls: bool,
    run: String,
    folder: PathBuf,
}

impl Stores {
    pub(crate) fn new(store: &str, tls: bool) -> Result<Self, Failure> {
        let time = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let run = format!("{time}-{}", std::process::id());
        let folder = std::env::temp_dir().join(format!("rest-resource-load-{run}"));
        std::fs::create_dir_all(&folder)?;
        Ok(Self { store: store.to_owned(), tls, run, folder })
    }

    /// `memory`, `redb` or `etcd`.
    pub(crate) fn kind(&self) -> &str {
        self.store.split(':').next().unwrap_or_default()
    }

    /// The URLs of etcd, if it is that.
    pub(crate) fn etcd(&self) -> Option<&str> {
        self.store.strip_prefix("etcd:")
    }

    /// A server on the store of this name: an empty one, unless it has been served before.
    pub(crate) async fn serve(&self, name: &str) -> Result<Server, Failure> {
        let store = if self.store == "redb" {
            format!("redb:{}", self.folder.join(name).display())
        } else {
            self.store.clone()
        };
        Server::start(&["serve", &store, &format!("/load/{}/{name}", self.run)], self.tls).await
    }
}

impl Drop for Stores {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
