//! A disk whose failures a test decides.

use std::io;
use std::sync::{Arc, Condvar, Mutex};

use redb::{Database, StorageBackend};

use crate::backend::redb::Redb;
use crate::backend::redb::open::{Reason, RedbOptions, Source};

/// A file in memory. Clones are the same file, so that it can be opened again.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk(Arc<(Mutex<Content>, Condvar)>);

#[derive(Debug, Default)]
pub(super) struct Content {
    /// What a program sees that reads the file.
    pub(super) file: Vec<u8>,
    /// What was there before each change since the last sync: the length, an offset and the bytes at it.
    unsynced: Vec<(usize, usize, Vec<u8>)>,
    /// How often the file was synced.
    pub(super) syncs: usize,
    /// How many writes, syncs and changes of the length succeed before they fail; `None` is no limit.
    pub(super) good: Option<usize>,
    /// How many of them fail then, before they succeed again.
    pub(super) bad: usize,
    /// Reads fail too.
    pub(super) dead: bool,
    /// The length that the file cannot go beyond.
    pub(super) room: Option<u64>,
    /// Syncs wait until this is false.
    pub(super) held: bool,
    /// Whether a sync waits.
    pub(super) waiting: bool,
}

impl Disk {
    pub(super) fn set(&self, set: impl FnOnce(&mut Content)) {
        set(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }

    pub(super) fn ask<T>(&self, ask: impl FnOnce(&Content) -> T) -> T {
        ask(&self.0.0.lock().unwrap())
    }

    pub(super) fn open(&self) -> Result<Redb, Reason> {
        self.open_with(RedbOptions::new())
    }

    pub(super) fn open_with(&self, options: RedbOptions) -> Result<Redb, Reason> {
        options.open_from(self.source())
    }

    pub(super) fn source(&self) -> Source {
        let disk = self.clone();
        Box::new(move || -> Result<Database, _> {
            redb::Builder::new().set_cache_size(1 << 20).create_with_backend(disk.clone())
        })
    }

    /// The file that another program would find: after a kill all that was written, after a power cut what was synced.
    pub(super) fn copy(&self, power_cut: bool) -> Self {
        let (mut file, unsynced) = self.ask(|content| (content.file.clone(), content.unsynced.clone()));
        for (len, offset, bytes) in unsynced.into_iter().rev().filter(|_| power_cut) {
            file.resize(len, 0);
            file[offset..offset + bytes.len()].copy_from_slice(&bytes);
        }
        Self(Arc::new((Mutex::new(Content { file, ..Content::default() }), Condvar::new())))
    }

    /// Waits until a sync waits, or has done so.
    pub(super) fn wait_for_sync(&self) {
        let guard = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(guard, |content| !content.waiting).unwrap());
    }
}

impl Content {
    fn change(&mut self) -> io::Result<()> {
        match &mut self.good {
            None => Ok(()),
            Some(0) if self.bad == 0 => {
                self.good = None;
                Ok(())
            }
            Some(0) => {
                self.bad -= 1;
                Err(full())
            }
            Some(good) => {
                *good -= 1;
                Ok(())
            }
        }
    }
}

fn full() -> io::Error {
    io::ErrorKind::StorageFull.into()
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.ask(|content| content.file.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let offset = usize::try_from(offset).unwrap();
        self.ask(|content| {
            if content.dead {
                return Err(io::Error::other("the disk is gone"));
            }
            out.copy_from_slice(content.file.get(offset..offset + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut content = self.0.0.lock().unwrap();
        content.change()?;
        if content.room.is_some_and(|room| len > room) {
            return Err(full());
        }
        let (old, len) = (content.file.len(), usize::try_from(len).unwrap());
        let cut = content.file.get(len..).unwrap_or_default().to_vec();
        content.unsynced.push((old, old - cut.len(), cut));
        content.file.resize(len, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut content = self.0.0.lock().unwrap();
        if content.held {
            content.waiting = true;
            self.0.1.notify_all();
            content = self.0.1.wait_while(content, |content| content.held).unwrap();
        }
        content.change()?;
        content.syncs += 1;
        content.unsynced.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let offset = usize::try_from(offset).unwrap();
        let mut content = self.0.0.lock().unwrap();
        content.change()?;
        let (len, old) = (content.file.len(), content.file[offset..offset + data.len()].to_vec());
        content.unsynced.push((len, offset, old));
        content.file[offset..offset + data.len()].copy_from_slice(data);
        Ok(())
    }
}
