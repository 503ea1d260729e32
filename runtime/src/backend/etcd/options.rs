//! How to reach an etcd, and what of it to use.

use std::fmt;
#[cfg(feature = "etcd-tls")]
use std::path::PathBuf;
use std::time::Duration;

use etcd_client::ConnectOptions;

use super::Etcd;

/// How long a request may take, if not said otherwise.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How often history is compacted, if not said otherwise (contract 6.3.1).
const COMPACTION: Duration = Duration::from_mins(5);

/// How long a connection may be silent before it is asked for a sign of life; etcd refuses less than 5 s.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// How to reach an etcd, and what of it to use. [`connect`](Self::connect) does it.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
///
/// use rest_resource::StoreOptions;
/// use rest_resource::backend::etcd::EtcdOptions;
///
/// let etcd = EtcdOptions::new(["http://127.0.0.1:2379"]).user("server", "secret").connect().await?;
/// let stores = StoreOptions::new(Arc::new(etcd));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "it does nothing before it connects"]
pub struct EtcdOptions {
    pub(super) endpoints: Vec<String>,
    pub(super) timeout: Duration,
    pub(super) compaction: Option<Duration>,
    pub(super) keys: String,
    user: Option<(String, String)>,
    #[cfg(feature = "etcd-tls")]
    ca: Option<PathBuf>,
    #[cfg(feature = "etcd-tls")]
    identity: Option<(PathBuf, PathBuf)>,
}

/// Why there is no connection to an etcd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectError {
    /// The options make no sense, or name a file that cannot be read.
    Options(String),
    /// No endpoint answers in time: what each said.
    Unreachable(String),
    /// The user, the password or the certificate is not accepted, or may not do what is needed.
    Refused(String),
}

impl EtcdOptions {
    /// Servers of one cluster, as `http://` or `https://` URLs. The first that answers is used, and another one when
    /// it fails.
    pub fn new<E: Into<String>>(endpoints: impl IntoIterator<Item = E>) -> Self {
        Self {
            endpoints: endpoints.into_iter().map(Into::into).collect(),
            timeout: TIMEOUT,
            compaction: Some(COMPACTION),
            keys: String::new(),
            user: None,
            #[cfg(feature = "etcd-tls")]
            ca: None,
            #[cfg(feature = "etcd-tls")]
            identity: None,
        }
    }

    /// The name and password of a user of etcd.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.user = Some((name.into(), password.into()));
        self
    }

    /// The PEM file with the certificates of the authorities that the servers' certificates are checked against.
    /// `https://` needs it.
    ///
    /// The process' default crypto provider is used, and *ring* where there is none.
    #[cfg(feature = "etcd-tls")]
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca = Some(path.into());
        self
    }

    /// The PEM files with the certificate and the private key by which the servers know this client.
    #[cfg(feature = "etcd-tls")]
    pub fn client_certificate_files(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.identity = Some((certificate.into(), key.into()));
        self
    }

    /// How long a request may take before it fails; 3 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often history is compacted: what is older than one to two intervals is forgotten (contract 6.3.1). 5 minutes
    /// by default; `None` leaves it to others.
    pub fn compaction(mut self, interval: Option<Duration>) -> Self {
        self.compaction = interval;
        self
    }

    /// Follows only the keys that begin with `prefix`, for an etcd that is shared with others, or a user that may read
    /// no more; all keys by default.
    ///
    /// It needs etcd 3.4.25, 3.5.8 or newer: older ones cannot say reliably how far they have told a part of the keys.
    /// There, all keys are followed. A watch outside of the prefix is refused.
    pub fn keys(mut self, prefix: impl Into<String>) -> Self {
        self.keys = prefix.into();
        self
    }

    /// Connects, to the first endpoint that answers. It must be called on the runtime that the backend is used on.
    pub async fn connect(self) -> Result<Etcd, ConnectError> {
        // On the heap: it is large, and is waited for once.
        Box::pin(Etcd::open(self)).await
    }

    /// What the client crate is told; the same for every endpoint.
    pub(super) fn client(&self) -> Result<ConnectOptions, ConnectError> {
        if self.endpoints.is_empty() {
            return Err(ConnectError::Options("there is no endpoint".to_owned()));
        }
        for endpoint in &self.endpoints {
            self.check(endpoint)?;
        }
        let mut options = ConnectOptions::new()
            .with_connect_timeout(self.timeout)
            .with_keep_alive(KEEP_ALIVE, self.timeout)
            .with_keep_alive_while_idle(false)
            // A server that has lost the others says so, instead of waiting for them.
            .with_require_leader(true);
        if let Some((name, password)) = &self.user {
            options = options.with_user(name, password).with_auto_token_refresh(true);
        }
        #[cfg(feature = "etcd-tls")]
        if let Some(tls) = self.tls()? {
            options = options.with_tls(tls);
        }
        Ok(options)
    }

    fn check(&self, endpoint: &str) -> Result<(), ConnectError> {
        let uri: http::Uri =
            endpoint.parse().map_err(|_| ConnectError::Options("an endpoint is not a URL".to_owned()))?;
        // It could hold a password, so it is not repeated.
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(ConnectError::Options("an endpoint has a user in its URL; say it as an option".to_owned()));
        }
        match uri.scheme_str() {
            Some("http") => self.check_http(endpoint),
            Some("https") => self.check_https(endpoint),
            _ => Err(ConnectError::Options(format!("{endpoint} begins with neither http:// nor https://"))),
        }
    }

    #[cfg(feature = "etcd-tls")]
    fn check_http(&self, endpoint: &str) -> Result<(), ConnectError> {
        if self.ca.is_some() || self.identity.is_some() {
            return Err(ConnectError::Options(format!(
                "{endpoint} is not encrypted, but there are certificates for it"
            )));
        }
        Ok(())
    }

    #[cfg(not(feature = "etcd-tls"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as with TLS")]
    fn check_http(&self, _: &str) -> Result<(), ConnectError> {
        Ok(())
    }

    #[cfg(feature = "etcd-tls")]
    fn check_https(&self, endpoint: &str) -> Result<(), ConnectError> {
        if self.ca.is_none() {
            return Err(ConnectError::Options(format!("{endpoint} needs a CA file to check its certificate")));
        }
        Ok(())
    }

    #[cfg(not(feature = "etcd-tls"))]
    #[expect(clippy::unused_self, reason = "as with TLS")]
    fn check_https(&self, endpoint: &str) -> Result<(), ConnectError> {
        Err(ConnectError::Options(format!("{endpoint} needs the feature `etcd-tls`")))
    }

    #[cfg(feature = "etcd-tls")]
    fn tls(&self) -> Result<Option<etcd_client::TlsOptions>, ConnectError> {
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|error| ConnectError::Options(format!("{}: {error}", path.display())))
        };
        let Some(ca) = &self.ca else { return Ok(None) };
        let mut tls = etcd_client::TlsOptions::new().ca_certificate(etcd_client::Certificate::from_pem(read(ca)?));
        if let Some((certificate, key)) = &self.identity {
            tls = tls.identity(etcd_client::Identity::from_pem(read(certificate)?, read(key)?));
        }
        Ok(Some(tls))
    }
}

/// Without the password.
impl fmt::Debug for EtcdOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EtcdOptions")
            .field("timeout", &self.timeout)
            .field("compaction", &self.compaction)
            .field("keys", &self.keys)
            .field("user", &self.user.as_ref().map(|(name, _)| name))
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Options(why) => write!(f, "the options for etcd are wrong: {why}"),
            Self::Unreachable(why) => write!(f, "etcd cannot be reached: {why}"),
            Self::Refused(why) => write!(f, "etcd refuses: {why}"),
        }
    }
}

impl std::error::Error for ConnectError {}
