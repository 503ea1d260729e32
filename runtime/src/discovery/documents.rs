//! Documents that are serialised once and then sent as they are.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::Value;

/// The documents of one state of the installed resources, each made when it is first asked for.
///
/// They are part of `Resources`, which is replaced whole at every change, so that a document never outlives what it
/// describes (contract 3.2.13).
#[derive(Debug, Default)]
pub(crate) struct Documents(Mutex<HashMap<String, Arc<Document>>>);

/// A document as it is sent.
#[derive(Debug)]
pub(super) struct Document {
    /// Compact JSON.
    pub(super) json: Bytes,
    /// The SHA-512 of the JSON in upper-case hexadecimal digits, without quotes (contract 3.2.11, 3.5.3).
    pub(super) hash: String,
}

impl Documents {
    /// The document of a key, which only installed groups and versions can name, so that there are few.
    ///
    /// Two requests at once may both make it; that is cheaper than to let one wait for the other at every request, and
    /// it lets `make` ask for other documents.
    pub(super) fn get(&self, key: &str, make: impl FnOnce() -> Value) -> Arc<Document> {
        if let Some(document) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Arc::clone(document);
        }
        let document = Arc::new(Document::new(&make()));
        let mut documents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(documents.entry(key.to_owned()).or_insert(document))
    }
}

impl Document {
    fn new(value: &Value) -> Self {
        let json = to_bytes(value);
        let mut hash = String::with_capacity(128);
        for byte in hmac_sha512::Hash::hash(&json) {
            // Writing to a string does not fail.
            let _ = write!(hash, "{byte:02X}");
        }
        Self { json, hash }
    }

    /// The `ETag`: the hash in quotes.
    pub(super) fn etag(&self) -> String {
        format!("\"{}\"", self.hash)
    }
}

/// Compact JSON. The keys of the objects are sorted, so that the same value gives the same bytes.
pub(super) fn to_bytes(value: &Value) -> Bytes {
    Bytes::from(value.to_string())
}
