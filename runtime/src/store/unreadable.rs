//! What a backend keeps that is no object: damaged bytes, and JSON that the type does not take (contract 4.8.12).
//!
//! It is told, and it never stands in the way of other objects. Bytes without the shape of an object have a place in the
//! cache and in its history, under their key, so that who reads, lists or watches that key gets an error instead of a gap;
//! every other name is served as ever. JSON with the shape of an object is served as it is stored, because nothing is
//! decoded to be served: a client can see what is wrong with it. Only what needs its type fails: another version, a
//! write, a delete. Either goes by a delete that ignores read errors.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::core::StoreCore;
use super::delete::{Removal, success};
use crate::backend::{Commit, Expect};
use crate::verb::Context;
use crate::wire::status::{GroupResource, Result, Status, StatusCause};

/// How many keys an error names.
const NAMED: usize = 100;

/// 500: there is something under these keys, and no one knows what.
pub(super) fn unreadable<'a>(resource: &GroupResource, keys: impl ExactSizeIterator<Item = &'a str> + Clone) -> Status {
    let first = keys.clone().next().unwrap_or_default();
    let more = match keys.len() {
        0 | 1 => String::new(),
        all => format!(" (and {} more)", all - 1),
    };
    let mut status = Status::storage_read_error(format!(
        "failed to read one or more {resource} from the storage: {first}: the stored object cannot be read{more}"
    ));
    let details = status.details_mut();
    details.group = resource.group.to_string();
    details.kind = resource.resource.to_string();
    details.causes = keys
        .take(NAMED)
        .map(|key| StatusCause {
            reason: "UnexpectedServerResponse".into(),
            message: "the stored object cannot be read".to_owned(),
            field: key.to_string(),
        })
        .collect();
    status
}

impl StoreCore {
    /// Deletes what cannot be read. Finalizers, preconditions and admission need the object, so they do not count
    /// (contract 4.10.13); what can be read is refused, because they count there.
    pub(super) async fn delete_unreadable(
        &self,
        cx: &Context,
        key: &str,
        name: &str,
        dry_run: bool,
    ) -> Result<Removal> {
        let mut stored = self.stored(key).await?;
        loop {
            let Some(held) = stored else { return Err(cx.not_found(name)) };
            let revision = held.revision;
            if self.current(held).is_ok() {
                return Err(cx.conflict(name, "the stored object can be read, delete it without ignoring read errors"));
            }
            if !dry_run && let Commit::Conflict(now) = self.commit(key, Expect::Revision(revision), None).await? {
                stored = now;
                continue;
            }
            tracing::warn!(key, "an object that cannot be read is deleted");
            let meta = ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() };
            return Ok(Removal::Gone(success(cx, &meta)));
        }
    }
}
