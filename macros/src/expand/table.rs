//! The rows of the action table (contract 2.2), in the order of the contract.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::operation::{Place, Word, operation_id, path};
use super::slots::Action;
use crate::check::{Resource, Served};

/// A row: an action at a place.
struct Row {
    action: Action,
    word: Word,
    method: &'static str,
    place: Place,
}

const METHODS: [&str; 7] = ["Get", "Post", "Put", "Patch", "Delete", "Head", "Options"];

/// The name of the table of a version.
pub(crate) fn name(version: &Served<'_>) -> Ident {
    format_ident!("__{}", version.version.to_uppercase().replace('-', "_"))
}

/// The routes that a version may have, and above them a line for each: method, path, operation id.
pub(crate) fn expand(resource: &Resource<'_>, version: &Served<'_>) -> TokenStream {
    let mut lines = Vec::new();
    let mut groups = Vec::new();
    for group in rows(resource).chunk_by(|one, other| one.action == Action::Connect && one.place == other.place) {
        let mut ids = Vec::new();
        let Some(Row { action, place, .. }) = group.first() else { continue };
        let path = path(resource, version, *place);
        for row in group {
            let id = operation_id(resource, version, row.word, *place);
            lines.push((row.method.to_uppercase(), path.clone(), id.clone(), condition(resource, row)));
            ids.push(id);
        }
        let slot = action.slot();
        groups.push(quote!((#slot, #path, &[#(#ids),*])));
    }
    let width = lines.iter().map(|(_, path, ..)| path.len()).max().unwrap_or_default();
    let docs = lines.iter().map(|(method, path, id, condition)| format!(" {method:<7} {path:<width$} {id}{condition}"));
    let name = name(version);
    quote! {
        #(#[doc = #docs])*
        const #name: &[__rest::Draft] = &[#(#groups),*];
    }
}

/// What has to be there for a candidate to be a route; empty for the routes of a pinned resource.
fn condition(resource: &Resource<'_>, row: &Row) -> String {
    let mut conditions = Vec::new();
    if resource.verbs.is_none() {
        conditions.push(row.action.needs(resource));
    }
    if row.action == Action::Connect {
        conditions.push(format!("`METHODS` has `{}`", row.method));
    }
    if row.place.subpath {
        conditions.push("`SUBPATH`".to_owned());
    }
    if conditions.is_empty() { String::new() } else { format!(" if {}", conditions.join(", ")) }
}

fn rows(resource: &Resource<'_>) -> Vec<Row> {
    let collection = Place::default();
    let item = Place { item: true, ..collection };
    let below = Place { subpath: true, ..item };
    let row = |action, method, first, place| Row { action, method, word: Word { first, method: "", last: "" }, place };
    let watch = |action, last, place| Row {
        action,
        method: "Get",
        word: Word { first: "watch", method: "", last },
        place: Place { watch: true, ..place },
    };
    let mut rows = vec![
        row(Action::List, "Get", "list", collection),
        row(Action::Post, "Post", "create", collection),
        row(Action::DeleteCollection, "Delete", "deletecollection", collection),
        watch(Action::WatchList, "List", collection),
        row(Action::Get, "Get", "read", item),
        row(Action::Get, "Get", "read", below),
        row(Action::Put, "Put", "replace", item),
        row(Action::Patch, "Patch", "patch", item),
        row(Action::Delete, "Delete", "delete", item),
        watch(Action::Watch, "", item),
    ];
    for place in [item, below] {
        rows.extend(METHODS.map(|method| Row {
            action: Action::Connect,
            word: Word { first: "connect", method, last: "" },
            method,
            place,
        }));
    }
    if !resource.cluster && resource.subresource.is_none() {
        let all = Place { all_namespaces: true, ..collection };
        rows.push(row(Action::List, "Get", "list", all));
        rows.push(watch(Action::WatchList, "List", all));
    }
    rows.retain(|row| row.action.is_declared(resource));
    // Only a `GetterWithOptions` has a path below the object.
    if !super::slots::declares(resource, crate::verb::Verb::GetWithOptions) {
        rows.retain(|row| !(row.action == Action::Get && row.place.subpath));
    }
    rows
}
