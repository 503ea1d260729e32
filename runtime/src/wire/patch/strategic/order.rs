//! The order of the items of a merged list: what the patch names is in the order of the patch, the rest in that of the
//! server, and both are put together so that an item of the server stays before the named items that it was before.

use std::collections::HashMap;

use serde_json::Value;

use super::directives::Directive;
use super::error::{Error, Result};

/// How the items of a list are told apart.
#[derive(Clone, Copy)]
pub(super) enum Identity<'a> {
    /// By the value of this field.
    Key(&'a str),
    /// By all that they are.
    Item,
}

impl Identity<'_> {
    /// What tells an item apart.
    pub(super) fn of<'v>(&self, item: &'v Value) -> Result<&'v Value> {
        match self {
            Self::Item => Ok(item),
            Self::Key(key) => item.get(key).filter(|own| !own.is_null()).ok_or_else(|| Error::NoKey((*key).to_owned())),
        }
    }
}

/// Where the items of a list are; of equal ones the first.
pub(super) struct Places(HashMap<Value, usize>);

impl Places {
    pub(super) fn of(items: &[Value], identity: Identity<'_>) -> Self {
        let mut places = HashMap::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            if let Ok(own) = identity.of(item) {
                places.entry(own.clone()).or_insert(place);
            }
        }
        Self(places)
    }

    pub(super) fn get(&self, own: &Value) -> Option<usize> {
        self.0.get(own).copied()
    }
}

/// Refuses a patch whose items are not in the order that it asks for, or not named there (contract 4.9.17).
pub(super) fn follows(patch: &[Value], order: &[Value], identity: Identity<'_>) -> Result<()> {
    if order.is_empty() {
        return Ok(());
    }
    let mut order = order.iter();
    for item in patch {
        if matches!(item, Value::Object(fields) if Directive::of(fields)?.is_some_and(|own| own != Directive::Merge)) {
            continue;
        }
        let own = identity.of(item)?;
        if !order.any(|ordered| identity.of(ordered).is_ok_and(|ordered| ordered == own)) {
            return Err(Error::OtherOrder);
        }
    }
    Ok(())
}

/// An item on its way into order.
struct Item {
    /// Its place in the wanted order, or in that of the server.
    place: usize,
    /// Its place on the server.
    server: Option<usize>,
    value: Value,
}

/// The items in order: `wanted` says it for what it names, `server` for the rest.
pub(super) fn arrange<'a>(
    merged: Vec<Value>,
    wanted: impl IntoIterator<Item = &'a Value>,
    server: &Places,
    identity: Identity<'_>,
) -> Result<Vec<Value>> {
    let mut places = HashMap::new();
    for (place, own) in wanted.into_iter().enumerate() {
        places.entry(own).or_insert(place);
    }
    let (mut named, mut others) = (Vec::new(), Vec::new());
    for value in merged {
        let own = identity.of(&value)?;
        let server = server.get(own);
        match places.get(own).copied() {
            Some(place) => named.push(Item { place, server, value }),
            None => others.push(Item { place: server.unwrap_or(usize::MAX), server, value }),
        }
    }
    named.sort_by_key(|item| item.place);
    others.sort_by_key(|item| item.place);
    let mut arranged = Vec::with_capacity(named.len() + others.len());
    let mut others = others.into_iter().peekable();
    for item in named {
        let is_before = |other: &Item| matches!((other.server, item.server), (Some(other), Some(own)) if other < own);
        while let Some(other) = others.next_if(is_before) {
            arranged.push(other.value);
        }
        arranged.push(item.value);
    }
    arranged.extend(others.map(|item| item.value));
    Ok(arranged)
}
