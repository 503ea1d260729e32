//! Bounds on the work of one patch (contract 4.3.2).

use std::io;

use serde_json::Value;

use crate::wire::status::Status;

/// A patch is not applied: an operation failed, or it is too much work. Nobody is told which one (contract 4.9.14).
#[derive(Debug)]
pub(super) struct Failed;

impl From<Failed> for Status {
    fn from(_: Failed) -> Self {
        Self::unprocessable("the server rejected our request due to an error in our request")
    }
}

/// What may still be spent on a patch.
pub(super) struct Budget(pub(super) usize);

impl Budget {
    pub(super) fn spend(&mut self, amount: usize) -> Result<(), Failed> {
        self.0 = self.0.checked_sub(amount).ok_or(Failed)?;
        Ok(())
    }

    /// Spends the bytes that the value has as JSON; stops counting when there is nothing left.
    pub(super) fn spend_size(&mut self, value: &Value) -> Result<(), Failed> {
        serde_json::to_writer(self, value).map_err(|_| Failed)
    }
}

impl io::Write for &mut Budget {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.spend(bytes.len()) {
            Ok(()) => Ok(bytes.len()),
            Err(Failed) => Err(io::ErrorKind::QuotaExceeded.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
