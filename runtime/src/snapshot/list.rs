//! GET and LIST of a snapshot (contract 4.6, 4.7).

use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;

use super::Snapshot;
use super::diff::{State, key};
use super::selection::Selection;
use crate::object::Object;
use crate::verb::{Context, Getter, List, Lister};
use crate::wire::continue_token::ContinueToken;
use crate::wire::options::{GetOptions, ListOptions, ResourceVersionMatch};
use crate::wire::status::{Result, Status};

impl<T: Object> Getter for Snapshot<T> {
    async fn get(&self, cx: &Context, name: &str, options: &GetOptions) -> Result<T> {
        let state = self.not_older(options.resource_version).await?;
        let entry = state.get(&key(cx.namespace(), name)).ok_or_else(|| cx.not_found(name))?;
        Ok(entry.object.clone())
    }
}

impl<T: Object> Lister for Snapshot<T> {
    async fn list(&self, cx: &Context, options: &ListOptions) -> Result<List<T>> {
        let selection = Selection::new(cx, options)?;
        let (state, start) = self.state(options).await?;
        // Any state means all of it: the limit does not count (contract 4.7.2).
        let unlimited = options.resource_version == Some(0) && options.resource_version_match.is_none();
        let limit = match usize::try_from(options.limit) {
            Ok(limit) if limit > 0 && !(unlimited && options.continue_token.is_none()) => limit,
            _ => usize::MAX,
        };
        let (list, more) = page(&state, cx.namespace(), &selection, &start, limit);
        if more {
            self.poller.log().keep_for_pages(state);
        }
        Ok(list)
    }
}

impl<T: Object> Snapshot<T> {
    /// The present state.
    async fn not_older(&self, revision: Option<u64>) -> Result<Arc<State<T>>> {
        let state = self.poller.refresh().await?;
        state.not_older(revision)?;
        Ok(state)
    }

    /// The state that a list is about, and the key where it begins (contract 4.7.2).
    async fn state(&self, options: &ListOptions) -> Result<(Arc<State<T>>, String)> {
        if let Some(token) = &options.continue_token {
            let ContinueToken { resource_version, start } = ContinueToken::decode(token)?;
            // Negative is the present, after the state of the first page was gone (contract 4.7.9).
            let state = match u64::try_from(resource_version) {
                Err(_) => self.poller.refresh().await?,
                Ok(revision) => self.poller.log().at(revision).ok_or_else(|| page_expired(&start))?,
            };
            return Ok((state, start));
        }
        let exactly = match (options.resource_version, options.resource_version_match) {
            (Some(revision), Some(ResourceVersionMatch::Exact)) => Some(revision),
            (Some(revision), None) if revision > 0 && options.limit > 0 => Some(revision),
            _ => None,
        };
        let state = match exactly {
            None => self.not_older(options.resource_version).await?,
            Some(revision) => self.exactly(revision).await?,
        };
        Ok((state, String::new()))
    }

    async fn exactly(&self, revision: u64) -> Result<Arc<State<T>>> {
        // Before calling the function, which may leave the revision behind.
        let remembered = self.poller.log().at(revision);
        let state = match remembered {
            Some(state) => state,
            None => self.not_older(Some(revision)).await?,
        };
        if state.revision != revision {
            return Err(Status::expired("The resourceVersion for the provided list is too old."));
        }
        Ok(state)
    }
}

impl<T> State<T> {
    /// 504 where a client knows of a later state than the present one (contract 4.6.2, 4.7.11). It is not waited for:
    /// there was none when the function was called just now.
    pub(super) fn not_older(&self, revision: Option<u64>) -> Result<()> {
        match revision {
            Some(revision) if revision > self.revision => {
                Err(Status::too_large_resource_version(revision, self.revision))
            }
            _ => Ok(()),
        }
    }
}

/// The matching objects from a key on, and whether there are more of them.
fn page<T: Object>(
    state: &State<T>,
    namespace: Option<&str>,
    selection: &Selection,
    start: &str,
    limit: usize,
) -> (List<T>, bool) {
    let prefix = namespace.map(|namespace| key(Some(namespace), "")).unwrap_or_default();
    let start = format!("{prefix}{start}");
    let entries = &state.entries[state.entries.partition_point(|entry| entry.key < start)..];
    let in_namespace = entries.partition_point(|entry| entry.key.starts_with(&prefix));
    let mut matching = entries[..in_namespace].iter().filter(|entry| selection.matches(entry.object.meta()));

    let page: Vec<_> = matching.by_ref().take(limit).collect();
    let mut metadata = ListMeta { resource_version: Some(state.revision.to_string()), ..ListMeta::default() };
    let more = limit < usize::MAX && matching.next().is_some();
    if let (true, Some(last)) = (more, page.last()) {
        let next = format!("{}\0", last.key.strip_prefix(&prefix).unwrap_or(&last.key));
        // Revisions are times in microseconds: far below the limit.
        metadata.continue_ = Some(ContinueToken::encode(&next, i64::try_from(state.revision).unwrap_or(i64::MAX)));
        if !selection.has_selectors() {
            metadata.remaining_item_count = i64::try_from(in_namespace - page.len()).ok();
        }
    }
    (List { metadata, items: page.into_iter().map(|entry| entry.object.clone()).collect() }, more)
}

/// The state of the first page is gone; the token says how to go on in the present one (contract 4.7.9).
fn page_expired(start: &str) -> Status {
    let text = "The provided continue parameter is too old to display a consistent list result. \
                List again from the start, or go on with the continue token of this response: \
                the rest is then of the present state, which may have changed since the first page.";
    Status::expired(text).with_continue(ContinueToken::encode(start, -1))
}
