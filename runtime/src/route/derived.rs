//! What generated code computes from its candidates: the routes, the actions and the verbs, each at its exact length.

use std::any::Any;
use std::marker::PhantomData;

use super::action::{Action, Method};
use super::found::{Found, Slots};
use super::operation::OperationId;
use super::probe::Slot;
use super::table::Route;
use crate::object::{Codec, Object};
use crate::verb::hooks::{DestroyFn, PartFns};
use crate::verb::{self, BoxFuture, Call, Response, RestResource, Storage};
use crate::wire::status::{Result, Status};

/// Where the routes of a resource are in one version, and what operation ids call it, as the derive writes it.
#[derive(Debug)]
pub struct Places {
    /// The collection; on a subresource, the object.
    pub collection: &'static str,
    /// An object.
    pub item: &'static str,
    /// Below an object.
    pub below: &'static str,
    /// The collection, watched.
    pub watch: &'static str,
    /// An object, watched.
    pub watch_item: &'static str,
    /// The collection across all namespaces; empty where there is none.
    pub everywhere: &'static str,
    /// That, watched.
    pub watch_everywhere: &'static str,
    /// Whether the other paths have a namespace.
    pub namespaced: bool,
    /// In operation ids, group and version, and the Kind with the subresource.
    pub operation: (&'static str, &'static str),
}

/// A row of the action table (contract 2.2): a route for each of its methods, if the verb is implemented.
#[derive(Clone, Copy)]
struct Row {
    slot: Slot,
    action: &'static Action,
    methods: &'static [Method],
    path: &'static str,
    subpath: bool,
    everywhere: bool,
}

/// How many rows there are; the last two are across all namespaces.
const ROWS: usize = 14;

const fn row(slots: &Slots, places: &Places, number: usize) -> Row {
    const GET: &[Method] = &[Method::Get];
    let Slots { list, watch_list, get, connect, .. } = *slots;
    let (slot, action, methods, path): (_, _, &[Method], _) = match number {
        0 => (list, &verb::LIST, GET, places.collection),
        1 => (slots.post, &verb::POST, &[Method::Post], places.collection),
        2 => (slots.delete_collection, &verb::DELETECOLLECTION, &[Method::Delete], places.collection),
        3 => (watch_list, &verb::WATCHLIST, GET, places.watch),
        4 => (get, &verb::GET, GET, places.item),
        5 => (get.below(), &verb::GET, GET, places.below),
        6 => (slots.put, &verb::PUT, &[Method::Put], places.item),
        7 => (slots.patch, &verb::PATCH, &[Method::Patch], places.item),
        8 => (slots.delete, &verb::DELETE, &[Method::Delete], places.item),
        9 => (slots.watch, &verb::WATCH, GET, places.watch_item),
        10 => (connect, &verb::CONNECT, &Method::ALL, places.item),
        11 => (connect.below(), &verb::CONNECT, &Method::ALL, places.below),
        12 => (list.when(!places.everywhere.is_empty()), &verb::LIST, GET, places.everywhere),
        _ => (watch_list.when(!places.everywhere.is_empty()), &verb::WATCHLIST, GET, places.watch_everywhere),
    };
    Row { slot, action, methods, path, subpath: number == 5 || number == 11, everywhere: number >= 12 }
}

/// How many routes there are: one for each row that is there, and for each method of a `Connecter`; with or without those
/// across all namespaces.
pub const fn count(slots: &Slots, everywhere: bool) -> usize {
    let Slots { list, post, delete_collection, watch_list, get, put, patch, delete, watch, connect } = *slots;
    let collections = if everywhere { 2 } else { 1 };
    let (mut methods, mut i) = (0, 0);
    while connect.is() && i < Method::ALL.len() {
        methods += connect.takes(Method::ALL[i]) as usize;
        i += 1;
    }
    (list.n() + watch_list.n()) * collections
        + (post.n() + delete_collection.n() + get.n() + get.below().n() + put.n() + patch.n() + delete.n() + watch.n())
        + methods * (1 + connect.below().n())
}

/// The routes. `N` is their [`count`].
pub const fn table<const N: usize>(slots: &Slots, places: &Places) -> [Route; N] {
    let mut routes = [FILL; N];
    let (mut number, mut n) = (0, 0);
    while number < ROWS {
        let row = row(slots, places, number);
        let mut i = 0;
        while i < row.methods.len() {
            let method = row.methods[i];
            // Only a `Connecter` can do with some of the methods.
            if let Some(implemented) = row.slot.0
                && (row.methods.len() == 1 || row.slot.takes(method))
            {
                routes[n] = Route {
                    action: row.action,
                    method,
                    path: row.path,
                    operation_id: OperationId {
                        action: row.action,
                        method,
                        version: places.operation.0,
                        object: places.operation.1,
                        namespaced: places.namespaced && !row.everywhere,
                        everywhere: row.everywhere,
                        subpath: row.subpath,
                    },
                    handler: implemented.handler,
                    options: implemented.options,
                    returns_object: implemented.returns_object,
                };
                n += 1;
            }
            i += 1;
        }
        number += 1;
    }
    routes
}

/// Stands in an array until it is filled.
const FILL: Route = Route {
    action: &verb::GET,
    method: Method::Get,
    path: "",
    operation_id: OperationId {
        action: &verb::GET,
        method: Method::Get,
        version: "",
        object: "",
        namespaced: false,
        everywhere: false,
        subpath: false,
    },
    handler: unfilled,
    options: None,
    returns_object: false,
};

fn unfilled(_: Call) -> BoxFuture<'static, Result<Response>> {
    Box::pin(std::future::ready(Err(Status::internal_error("a route without a handler"))))
}

/// The most routes that a version can have: the rows of the action table, and CONNECT twice for each method.
const MOST: usize = 12 + 2 * Method::ALL.len();

/// What the routes of a resource are called; computed only where it is asked for.
pub(crate) struct Names<R>(PhantomData<R>);

impl<R: RestResource> Names<R> {
    const ALL_ACTIONS: [&'static str; MOST] = {
        let mut actions = [""; MOST];
        let mut i = 0;
        while i < R::ROUTES.len() {
            actions[i] = R::ROUTES[i].action.name;
            i += 1;
        }
        actions
    };

    /// The action of each route, in order.
    pub(crate) const ACTIONS: &'static [&'static str] = Self::ALL_ACTIONS.split_at(R::ROUTES.len()).0;

    const ALL_VERBS: ([&'static str; VERBS.len()], usize) = {
        let mut verbs = [""; VERBS.len()];
        let (mut i, mut n) = (0, 0);
        while i < VERBS.len() {
            let mut j = 0;
            while j < R::ROUTES.len() {
                if equal(verb(&R::ROUTES[j]), VERBS[i]) {
                    verbs[n] = VERBS[i];
                    n += 1;
                    break;
                }
                j += 1;
            }
            i += 1;
        }
        (verbs, n)
    };

    /// The verbs that discovery lists: sorted, each once (contract 2.7.2).
    pub(crate) const VERBS: &'static [&'static str] = Self::ALL_VERBS.0.split_at(Self::ALL_VERBS.1).0;
}

/// Every verb that discovery knows, sorted (contract 2.7.2).
const VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// The verb of a route: that of its action, or for CONNECT that of its method. Empty if there is none.
const fn verb(route: &Route) -> &'static str {
    match route.method.connect_verb() {
        Some(verb) if route.action.verb.is_empty() => verb,
        _ => route.action.verb,
    }
}

pub(crate) const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The codec of the version that is stored.
pub const fn stored<S: Storage>() -> Codec {
    Codec::stored::<S::Object>()
}

/// A type that a storage of `S` can be served as: the two convert into each other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be served by a storage of `{S}`",
    label = "needs to be an API object, with conversions both ways",
    note = "write `impl TryFrom<{S}> for {Self}` and `impl TryFrom<{Self}> for {S}`, with an `Error` that is `Into<Status>`"
)]
pub trait VersionOf<S>: Sized {
    /// The codec of the version.
    const CODEC: Codec;
}

#[diagnostic::do_not_recommend]
impl<S, V> VersionOf<S> for V
where
    S: Object + TryFrom<V, Error: Into<Status>>,
    V: Object + TryFrom<S, Error: Into<Status>>,
{
    const CODEC: Codec = Codec::converted::<S, V>();
}

/// A field that a storage delegates to, and what the probes found of it.
pub type Field<S> = (for<'a> fn(&'a S) -> &'a Erased, Option<DestroyFn>, Option<PartFns>);

/// Destroys the fields that are storages: of each, first its own `Destroyer` runs, if it has one. The first source is the
/// storage itself.
pub(crate) fn destroy<S: Storage>(storage: &S) -> impl Future<Output = ()> + Send {
    // Known to the compiler, so that a storage without delegates has no code for them.
    let delegates = if const { S::DELEGATES.is_empty() } {
        Vec::new()
    } else {
        let fields = S::DELEGATES.iter();
        fields.map(|(field, destroyer, part)| (field(storage), *destroyer, *part)).collect()
    };
    destroy_fields(storage, S::SOURCES, delegates)
}

/// The same for all storages.
async fn destroy_fields(
    storage: &Erased,
    sources: &[Found],
    delegates: Vec<(&Erased, Option<DestroyFn>, Option<PartFns>)>,
) {
    let embedded = sources.iter().skip(1).map(|source| (storage, source.destroyer, source.storage));
    for (field, destroyer, part) in embedded.chain(delegates) {
        for destroy in [destroyer, part.map(|(destroy, _)| destroy)].into_iter().flatten() {
            destroy(field).await;
        }
    }
}

type Erased = dyn Any + Send + Sync;
