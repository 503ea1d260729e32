//! The rows of the action table (contract 2.2), in the order of the contract.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::{Place, Word, operation, operation_id, path};
use super::slots::Action;
use crate::check::{Resource, Served};

/// A row: an action at a place.
struct Row {
    action: Action,
    word: Word,
    method: &'static str,
    place: Place,
}

/// A line for each route that there may be in a version: method, path, operation id. One text for all, as each is one more
/// attribute to compile.
pub(crate) fn routes(resource: &Resource<'_>, version: &Served<'_>) -> String {
    let rows = rows(resource);
    let paths: Vec<String> = rows.iter().map(|row| path(resource, version, row.place)).collect();
    let width = paths.iter().map(String::len).max().unwrap_or_default();
    let lines = rows.iter().zip(&paths).map(|(row, path)| {
        let (method, id) = (row.method.to_uppercase(), operation_id(resource, version, row.word, row.place));
        format!(" {method:<7} {path:<width$} {id}{}", condition(resource, row))
    });
    format!("\n{}\n", lines.collect::<Vec<_>>().join("\n"))
}

/// Where the routes of a version are.
pub(crate) fn places(resource: &Resource<'_>, version: &Served<'_>) -> TokenStream {
    let at = |place: Place| path(resource, version, place);
    let collection = Place::default();
    let item = Place { item: true, ..collection };
    let [below, watch_item] = [Place { subpath: true, ..item }, Place { watch: true, ..item }].map(at);
    let everywhere = has_everywhere(resource).then_some(Place { all_namespaces: true, ..collection });
    let watched = |place: Place| at(Place { watch: true, ..place });
    let watch_everywhere = everywhere.map(watched).unwrap_or_default();
    let everywhere = everywhere.map(at).unwrap_or_default();
    let (collection, watch, item) = (at(collection), watched(collection), at(item));
    let (operation, object) = operation(resource, version);
    let namespaced = !resource.cluster;
    quote! {
        __rest::Places {
            collection: #collection,
            item: #item,
            below: #below,
            watch: #watch,
            watch_item: #watch_item,
            everywhere: #everywhere,
            watch_everywhere: #watch_everywhere,
            namespaced: #namespaced,
            operation: (#operation, #object),
        }
    }
}

/// Whether its objects can be listed across all namespaces.
pub(crate) fn has_everywhere(resource: &Resource<'_>) -> bool {
    !resource.cluster && resource.subresource.is_none()
}

/// What has to be there for a candidate to be a route; empty for the routes of a pinned resource.
fn condition(resource: &Resource<'_>, row: &Row) -> String {
    let methods = if row.action == Action::Connect { " for each method in `METHODS`" } else { "" };
    let needs = resource.verbs.is_none().then(|| row.action.needs(resource));
    let subpath = row.place.subpath.then(|| "`SUBPATH`".to_owned());
    let conditions: Vec<_> = needs.into_iter().chain(subpath).collect();
    if conditions.is_empty() { methods.to_owned() } else { format!("{methods} if {}", conditions.join(", ")) }
}

fn rows(resource: &Resource<'_>) -> Vec<Row> {
    let collection = Place::default();
    let item = Place { item: true, ..collection };
    let below = Place { subpath: true, ..item };
    let row = |action, method, first, place| Row { action, method, word: Word { first, then: "", last: "" }, place };
    let watch = |action, last, place| Row {
        action,
        method: "Get",
        word: Word { first: "watch", then: "", last },
        place: Place { watch: true, ..place },
    };
    let mut rows = vec![
        row(Action::List, "Get", "list", collection),
        row(Action::Post, "Post", "create", collection),
        Row {
            action: Action::DeleteCollection,
            word: Word { first: "delete", then: "Collection", last: "" },
            method: "Delete",
            place: collection,
        },
        watch(Action::WatchList, "List", collection),
        row(Action::Get, "Get", "read", item),
        row(Action::Get, "Get", "read", below),
        row(Action::Put, "Put", "replace", item),
        row(Action::Patch, "Patch", "patch", item),
        row(Action::Delete, "Delete", "delete", item),
        watch(Action::Watch, "", item),
    ];
    for place in [item, below] {
        // One for all methods, which only the compiler knows.
        rows.push(Row {
            action: Action::Connect,
            word: Word { first: "connect", then: "{Method}", last: "" },
            method: "Connect",
            place,
        });
    }
    if has_everywhere(resource) {
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
