//! Where the objects are kept: `--store`.

use std::error::Error;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use rest_resource::StoreOptions;
use rest_resource::backend::Redb;

/// A store, as the command line names it.
#[derive(Clone, Debug)]
pub(crate) enum StoreArgument {
    /// Gone with the process.
    Memory,
    /// One durable file of this process.
    Redb(PathBuf),
    /// Shared by several servers.
    Etcd(Vec<String>),
}

impl FromStr for StoreArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            Some(("redb", path)) if !path.is_empty() => Ok(Self::Redb(path.into())),
            Some(("etcd", urls)) if !urls.is_empty() => Ok(Self::Etcd(urls.split(',').map(str::to_owned).collect())),
            _ => Err("expected `memory`, `redb:PATH` or `etcd:URL[,URL...]`".to_owned()),
        }
    }
}

impl StoreArgument {
    /// Opens it.
    pub(crate) async fn open(self) -> Result<StoreOptions, Box<dyn Error>> {
        match self {
            Self::Memory => Ok(StoreOptions::memory()),
            Self::Redb(path) => {
                let redb = tokio::task::spawn_blocking(move || Redb::open(path)).await??;
                Ok(StoreOptions::new(Arc::new(redb)))
            }
            Self::Etcd(urls) => etcd(urls).await,
        }
    }
}

#[cfg(feature = "etcd")]
async fn etcd(urls: Vec<String>) -> Result<StoreOptions, Box<dyn Error>> {
    let etcd = rest_resource::backend::etcd::EtcdOptions::new(urls).connect().await?;
    Ok(StoreOptions::new(Arc::new(etcd)))
}

#[cfg(not(feature = "etcd"))]
async fn etcd(_: Vec<String>) -> Result<StoreOptions, Box<dyn Error>> {
    std::future::ready(Err("this build knows no etcd: build with `--features etcd`".into())).await
}
