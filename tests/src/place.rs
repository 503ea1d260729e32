//! Where the objects of a test are kept: one test runs on each backend.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rest_resource::StoreOptions;
use rest_resource::backend::{Backend, Memory, Redb};

use crate::etcd::EtcdServer;
use crate::serving::soon;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A backend that can be opened.
#[derive(Debug)]
pub enum Place {
    /// In memory.
    Memory,
    /// A file of its own, each time it is opened.
    Redb(Folder),
    /// A prefix of its own in a real etcd, each time it is opened.
    Etcd(EtcdServer),
}

impl Place {
    /// A folder for files.
    pub fn redb() -> Self {
        Self::Redb(Folder::new())
    }

    /// `None` where there is no etcd; see [`EtcdServer::start`].
    pub fn etcd() -> Option<Self> {
        EtcdServer::start().map(Self::Etcd)
    }

    /// New and empty: two ways to the same objects. On etcd these are two clients, as two processes would have.
    pub async fn open(&self) -> [StoreOptions; 2] {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let one: Arc<dyn Backend> = match self {
            Self::Memory => Arc::new(Memory::new()),
            Self::Redb(folder) => Arc::new(Redb::open(folder.file(&number.to_string())).expect("a new file")),
            Self::Etcd(server) => Arc::new(soon(server.options().connect()).await.expect("etcd answers")),
        };
        let two = match self {
            Self::Memory | Self::Redb(_) => Arc::clone(&one),
            Self::Etcd(server) => Arc::new(soon(server.options().connect()).await.expect("etcd answers")),
        };
        [one, two].map(|backend| StoreOptions::new(backend).prefix(format!("/place-{number}")))
    }
}

/// A temporary folder; it is removed when this is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    pub fn new() -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("rest-resource-store-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// How often something random is tried: the environment variable, else `usually`.
///
/// # Panics
/// If the variable is not a number.
pub fn times(variable: &str, usually: u32) -> u32 {
    std::env::var(variable).map_or(usually, |text| text.parse().expect("a number of times"))
}
