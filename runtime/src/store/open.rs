//! The backend that a command line names.

use std::fmt;
#[cfg(any(feature = "memory", feature = "redb", feature = "etcd"))]
use std::sync::Arc;

use super::StoreOptions;

/// Why a store that was named could not be opened.
#[derive(Debug)]
pub struct OpenStoreError(String);

impl StoreOptions {
    /// Stores on the backend that a text names, as a program takes it from its user: `memory`, `redb:PATH` or
    /// `etcd:URL[,URL...]`, each if its feature is enabled.
    ///
    /// Errors: the text names none of these, or the backend says why it can't be opened; for people, in one line.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use rest_resource::StoreOptions;
    ///
    /// assert!(StoreOptions::open("memory").await.is_ok());
    /// let error = StoreOptions::open("a.db").await.unwrap_err().to_string();
    /// assert_eq!(error, "a.db is no store: expected `memory`, `redb:PATH` or `etcd:URL[,URL...]`");
    /// # }
    /// ```
    pub async fn open(store: &str) -> Result<Self, OpenStoreError> {
        match store.split_once(':') {
            #[cfg(feature = "memory")]
            None if store == "memory" => Ok(Self::new(Arc::new(crate::backend::Memory::new()))),
            #[cfg(feature = "redb")]
            Some(("redb", path)) if !path.is_empty() => {
                let path = path.to_owned();
                let opened = tokio::task::spawn_blocking(|| crate::backend::Redb::open(path)).await;
                let redb = opened.map_err(OpenStoreError::new)?.map_err(OpenStoreError::new)?;
                Ok(Self::new(Arc::new(redb)))
            }
            #[cfg(feature = "etcd")]
            Some(("etcd", urls)) if !urls.is_empty() => {
                let options = crate::backend::etcd::EtcdOptions::new(urls.split(','));
                Ok(Self::new(Arc::new(options.connect().await.map_err(OpenStoreError::new)?)))
            }
            #[cfg(not(feature = "redb"))]
            Some(("redb", _)) => Err(missing("redb")),
            #[cfg(not(feature = "etcd"))]
            Some(("etcd", _)) => Err(missing("etcd")),
            _ => Err(OpenStoreError(format!(
                "{store} is no store: expected `memory`, `redb:PATH` or `etcd:URL[,URL...]`"
            ))),
        }
    }
}

#[cfg(not(all(feature = "redb", feature = "etcd")))]
fn missing(feature: &str) -> OpenStoreError {
    OpenStoreError(format!("this build knows no {feature}: build it with the feature `{feature}` of rest-resource"))
}

impl OpenStoreError {
    #[cfg(any(feature = "redb", feature = "etcd"))]
    fn new(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for OpenStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OpenStoreError {}
