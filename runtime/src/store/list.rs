//! Reading: one object, and lists (contract 4.6.2, 4.7.1-4.7.12).

use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;

use super::cache::{NotHeld, unavailable};
use super::core::StoreCore;
use super::entry::Entry;
use super::selection::Selection;
use super::state::{Page, Rest};
use super::unreadable::unreadable;
use crate::backend::Error;
use crate::object::Encoded;
use crate::verb::Context;
use crate::wire::continue_token::ContinueToken;
use crate::wire::options::{GetOptions, ListOptions, ResourceVersionMatch};
use crate::wire::status::{Result, Status};

const TOO_OLD: &str = "The resourceVersion for the provided list is too old.";
const TOKEN_TOO_OLD: &str = "The provided continue parameter is too old to display a consistent list result. You can \
     start a new list without the continue parameter, or use the continue token in this response to retrieve the \
     remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were \
     created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/// Which state a list is of (contract 4.7.2).
enum State {
    /// The most recent one that the cache has; it is recent enough.
    Held,
    Exactly(u64),
}

impl StoreCore {
    pub(super) async fn get(&self, cx: &Context, name: &str, options: &GetOptions) -> Result<Encoded> {
        let key = Self::key(cx.namespace(), name, cx)?;
        let shared = &self.cache.shared;
        let object = match options.resource_version {
            // Nobody waits for all objects to have one, which is as recent as any client can ask for.
            None | Some(0) if shared.revision() == 0 => {
                self.cache.start();
                let stored = self.stored(&key).await?;
                stored.map(|stored| Entry::new(key.as_str().into(), &stored.value, stored.revision, &[]).json)
            }
            None => self.cache.be_recent().await.map(|_| shared.get(&key))?,
            Some(0) => shared.get(&key),
            Some(revision) => self.cache.be_at_least(revision).await.map(|()| shared.get(&key))?,
        };
        let object = object.ok_or_else(|| cx.not_found(name))?;
        if object.json().is_empty() {
            return Err(unreadable(&cx.resource().group_resource(), [key.as_str()].into_iter()));
        }
        Ok(object)
    }

    /// What a list or a watch is about; 400 for a field that is not selectable (contract 4.7.15).
    pub(super) fn selection(&self, cx: &Context, options: &ListOptions) -> Result<Selection> {
        let namespaced = cx.resource().is_namespaced();
        let selectable = &self.cache.shared.selectable;
        let mut known = vec!["metadata.name"];
        known.extend(namespaced.then_some("metadata.namespace"));
        known.extend(selectable.iter().map(String::as_str));
        options.field_selector.check_known(&known)?;
        let (labels, fields) = (&options.label_selector, &options.field_selector);
        Ok(Selection::new(cx.namespace(), namespaced, labels, fields, Arc::clone(selectable)))
    }

    /// The objects of a list, and what the list says of itself.
    pub(super) async fn page(&self, cx: &Context, options: &ListOptions) -> Result<(ListMeta, Page)> {
        options.validate_list()?;
        let selection = self.selection(cx, options)?;
        let token = options.continue_token.as_deref().map(ContinueToken::decode).transpose()?;
        let mut limit = usize::try_from(options.limit).unwrap_or(usize::MAX);
        let state = match (&token, options.resource_version) {
            (Some(token), _) => match u64::try_from(token.resource_version) {
                Ok(revision) => State::Exactly(revision),
                Err(_) => self.recent().await?,
            },
            (None, None) => self.recent().await?,
            (None, Some(0)) => {
                limit = 0;
                self.cache.be_filled().await?;
                State::Held
            }
            (None, Some(revision)) => match options.resource_version_match {
                Some(ResourceVersionMatch::Exact) => State::Exactly(revision),
                None if limit > 0 => State::Exactly(revision),
                None | Some(ResourceVersionMatch::NotOlderThan) => {
                    self.cache.be_at_least(revision).await?;
                    State::Held
                }
            },
        };
        let start = token.as_ref().map(|token| token.start.as_str());
        let page = self.page_of(&selection, start, limit, &state).await?;
        // A list with a gap would be taken for the whole.
        let gaps = page.unreadable();
        if !gaps.is_empty() {
            return Err(unreadable(&cx.resource().group_resource(), gaps.iter().map(|key| &**key)));
        }
        Ok((list_meta(&selection, &page), page))
    }

    async fn recent(&self) -> Result<State> {
        self.cache.be_recent().await.map(|_| State::Held)
    }

    /// A page of a state; `start` is the key of a continue token, behind the scope.
    async fn page_of(&self, selection: &Selection, start: Option<&str>, limit: usize, state: &State) -> Result<Page> {
        let shared = &self.cache.shared;
        let from = format!("{}{}", selection.scope, start.unwrap_or_default());
        let State::Exactly(revision) = *state else {
            let page = shared.page(selection, &from, limit, None);
            return page.map_err(|_| Status::internal_error("no state is held"));
        };
        self.cache.be_at_least(revision).await?;
        match shared.page(selection, &from, limit, Some(revision)) {
            Ok(page) => return Ok(page),
            Err(NotHeld::Future(current)) => return Err(Status::too_large_resource_version(revision, current)),
            Err(NotHeld::Expired(_)) => {}
        }
        shared.page_from_backend(selection, &from, limit, revision).await.map_err(|error| match (error, start) {
            (Error::Compacted { .. }, None) => Status::expired(TOO_OLD),
            (Error::Compacted { .. }, Some(start)) => {
                Status::expired(TOKEN_TOO_OLD).with_continue(ContinueToken::encode(start, -1))
            }
            (Error::Future { current }, _) => Status::too_large_resource_version(revision, current),
            (error @ (Error::Unavailable(_) | Error::TooLarge(_)), _) => unavailable(&error),
        })
    }
}

/// Where the list goes on: behind the last key, in the same state (contract 4.7.4, 4.7.5).
fn list_meta(selection: &Selection, page: &Page) -> ListMeta {
    let mut meta = ListMeta { resource_version: Some(page.revision.to_string()), ..ListMeta::default() };
    if let Some(Rest { behind, count }) = &page.rest {
        let start = behind.strip_prefix(&selection.scope).unwrap_or(behind);
        let revision = i64::try_from(page.revision).unwrap_or(i64::MAX);
        meta.continue_ = Some(ContinueToken::encode(&format!("{start}\0"), revision));
        meta.remaining_item_count = count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    }
    meta
}
