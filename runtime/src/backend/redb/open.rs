//! Opening the file.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use redb::backends::FileBackend;
use redb::{Database, DatabaseError};
use tokio::sync::{mpsc, watch};

use super::state::State;
use super::tables::{self, FORMAT, Meta};
use super::{DEFAULT_HISTORY, Redb, Shared, writer};

/// How much of the file redb keeps in memory, if not said otherwise. The objects of a server are in its caches.
const DEFAULT_CACHE: usize = 4 << 20;

/// How a [`Redb`] is opened.
#[derive(Clone, Debug)]
pub struct RedbOptions {
    history: usize,
    cache: usize,
}

impl RedbOptions {
    /// The default options.
    pub fn new() -> Self {
        Self { history: DEFAULT_HISTORY, cache: DEFAULT_CACHE }
    }

    /// How many changes are kept: 8192 if not said, at least one. A change is forgotten when so many newer ones have
    /// been made; what is on the disk is bounded by what is stored and those.
    #[must_use]
    pub fn history(mut self, changes: usize) -> Self {
        self.history = changes.max(1);
        self
    }

    /// How many bytes of the file are kept in memory at most: 4 MiB if not said.
    #[must_use]
    pub fn cache(mut self, bytes: usize) -> Self {
        self.cache = bytes;
        self
    }

    /// Opens the file, or makes a new one that only its owner can read; see [`Redb::open`].
    pub fn open(self, path: impl AsRef<Path>) -> Result<Redb, OpenError> {
        let (path, cache) = (path.as_ref().to_owned(), self.cache);
        make(&path)?;
        let opened = path.clone();
        let source = Box::new(move || database(&opened, cache));
        self.open_from(source).map_err(|error| error.at(path))
    }

    /// Opens what the source gives, now and whenever the disk has failed.
    pub(super) fn open_from(self, source: Source) -> Result<Redb, Reason> {
        let (sender, receiver) = mpsc::channel(writer::QUEUE);
        let (opened, open) = std::sync::mpsc::sync_channel(1);
        let (weak, history) = (sender.downgrade(), u64::try_from(self.history).unwrap_or(u64::MAX));
        // redb may panic on a file that something else has damaged; on a thread of its own that is an answer.
        let load = |database| check(&database).and_then(|meta| Ok(State::load(database, meta)?));
        let run = move || match source().map_err(Reason::from).and_then(load) {
            Err(reason) => drop(opened.send(Err(reason))),
            Ok(state) => {
                let progress = watch::Sender::new(Some(state.revision));
                let shared = Arc::new(Shared { state: RwLock::new(state), progress, sender: weak });
                if opened.send(Ok(Arc::clone(&shared))).is_ok() {
                    writer::run(&shared, receiver, &source, history);
                }
            }
        };
        std::thread::Builder::new().name("redb-writer".to_owned()).spawn(run)?;
        let shared = open.recv().unwrap_or_else(|_| Err(Reason::damaged("reading it ended in a panic")))?;
        Ok(Redb { sender, shared })
    }
}

impl Default for RedbOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// What gives the database, whenever it is opened.
pub(super) type Source = Box<dyn Fn() -> Result<Database, DatabaseError> + Send>;

/// What a database that has been opened says of itself. It is given its tables if it has none.
pub(super) fn check(database: &Database) -> Result<Meta, Reason> {
    let found = {
        let view = tables::view(database)?;
        match tables::meta(&view)? {
            None if tables::is_new(&view)? => None,
            None => return Err(Reason::Foreign),
            Some(meta) => Some(meta),
        }
    };
    match found {
        None => {
            tables::store(database, Meta::NEW, &[], &[])?;
            Ok(Meta::NEW)
        }
        Some(meta) if meta.format != FORMAT => Err(Reason::Format(meta.format)),
        Some(meta) => Ok(meta),
    }
}

fn database(path: &Path, cache: usize) -> Result<Database, DatabaseError> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    redb::Builder::new().set_cache_size(cache).create_with_backend(FileBackend::new(file)?)
}

/// Makes a new file if there is none. It gets its name when it is whole, so that a kill leaves no half one under it.
fn make(path: &Path) -> Result<(), OpenError> {
    if path.exists() {
        return Ok(());
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:016x}.new", fastrand::u64(..)));
    let new = PathBuf::from(name);
    let made = write_new(&new).and_then(|()| match fs::hard_link(&new, path) {
        // Somebody else was first; then it is theirs that is opened.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        linked => Ok(linked?),
    });
    // What cannot be removed is in nobody's way.
    let _ = fs::remove_file(&new);
    made.and_then(|()| Ok(sync_folder(path)?)).map_err(|reason| reason.at(path.to_owned()))
}

fn write_new(path: &Path) -> Result<(), Reason> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let database = redb::Builder::new().create_with_backend(FileBackend::new(options.open(path)?)?)?;
    tables::store(&database, Meta::NEW, &[], &[])?;
    Ok(database.close()?)
}

/// The name of a new file is on the disk when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Why a [`Redb`] cannot be opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or this one, has the file open.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by another version of this crate or of redb, in a format that this one does not know.
    Format {
        /// The file.
        path: PathBuf,
        /// The number of its format.
        found: u64,
    },
    /// The file is none of this crate: no redb database, or that of another program.
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened, read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { path } => {
                write!(f, "{} is open in another process; only one can have it open", path.display())
            }
            Self::Format { path, found } => write!(
                f,
                "{} is in format {found}, this program reads format {FORMAT}; a newer one may have written it",
                path.display()
            ),
            Self::Foreign { path } => write!(f, "{} is not a file of this store, and is left as it is", path.display()),
            Self::Io { path, error } => write!(f, "{} cannot be opened: {error}", path.display()),
            Self::Damaged { path, why } => write!(f, "{} is damaged: {why}", path.display()),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io { error, .. } = self { Some(error) } else { None }
    }
}

/// An [`OpenError`] without the path.
#[derive(Debug)]
pub(super) enum Reason {
    Foreign,
    Format(u64),
    Redb(Box<redb::Error>),
}

impl Reason {
    pub(super) fn damaged(why: &str) -> Self {
        redb::Error::Corrupted(why.to_owned()).into()
    }

    fn at(self, path: PathBuf) -> OpenError {
        let error = match self {
            Self::Foreign => return OpenError::Foreign { path },
            Self::Format(found) => return OpenError::Format { path, found },
            Self::Redb(error) => *error,
        };
        match error {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => OpenError::InUse { path },
            redb::Error::UpgradeRequired(found) => OpenError::Format { path, found: found.into() },
            // How redb says that the file does not begin as its files do.
            redb::Error::Io(error) if error.kind() == ErrorKind::InvalidData => OpenError::Foreign { path },
            redb::Error::Io(error) => OpenError::Io { path, error },
            error => OpenError::Damaged { path, why: error.to_string() },
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("it is another file now"),
            Self::Format(found) => write!(f, "it is in format {found} now"),
            Self::Redb(error) => error.fmt(f),
        }
    }
}

impl<E: Into<redb::Error>> From<E> for Reason {
    fn from(error: E) -> Self {
        Self::Redb(Box::new(error.into()))
    }
}
