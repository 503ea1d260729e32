//! What generated code computes from its candidates: the routes, the actions and the verbs, each at its exact length.

use std::any::Any;
use std::marker::PhantomData;

use super::action::Method;
use super::found::Slots;
use super::probe::Slot;
use super::table::Route;
use crate::object::{Codec, Object};
use crate::verb::hooks::reset_fields;
use crate::verb::{BoxFuture, Call, GET, Hooks, PartOf, Response, RestResource, Storage, handler_part};
use crate::wire::status::{Result, Status};

/// Routes as the derive writes them, to be had if their verb is: the action by its field of [`Slots`], the path, and the
/// operation id; of CONNECT an id for each method, in the order of [`Method::ALL`].
pub type Draft = (&'static str, &'static str, &'static [&'static str]);

/// The slot of a draft; of CONNECT, one that has still to be asked for each method.
const fn slot(slots: &Slots, draft: &Draft) -> Slot {
    let slot = slots.find(draft.0);
    if slot.is() && is_subpath(draft.1) { slot.below() } else { *slot }
}

/// How many routes there are.
pub const fn count(slots: &Slots, drafts: &[Draft]) -> usize {
    let (mut i, mut n) = (0, 0);
    while i < drafts.len() {
        let slot = slot(slots, &drafts[i]);
        if slot.is() {
            n += if drafts[i].2.len() > 1 { slot.methods() } else { 1 };
        }
        i += 1;
    }
    n
}

/// The routes. `N` is their [`count`].
pub const fn table<const N: usize>(slots: &Slots, drafts: &[Draft]) -> [Route; N] {
    let mut routes = [FILL; N];
    let (mut i, mut n) = (0, 0);
    while i < drafts.len() {
        let slot = slot(slots, &drafts[i]);
        let (_, path, ids) = drafts[i];
        let mut j = 0;
        while slot.is() && j < ids.len() {
            let one = if ids.len() > 1 { slot.on(Method::ALL[j]) } else { slot };
            if let Some(route) = one.at(path, ids[j]) {
                routes[n] = route;
                n += 1;
            }
            j += 1;
        }
        i += 1;
    }
    routes
}

/// Whether a path ends with `{path}`.
const fn is_subpath(path: &str) -> bool {
    matches!(path.as_bytes(), [.., b'{', b'p', b'a', b't', b'h', b'}'])
}

/// Stands in an array until it is filled.
const FILL: Route = Route {
    action: &GET,
    method: Method::Get,
    path: "",
    operation_id: "",
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

/// Destroys the fields that are storages: of each, first its own `Destroyer` runs, if it has one.
pub fn destroy<'a>(calls: &[(&'a Erased, Hooks)]) -> BoxFuture<'a, ()> {
    let calls: Vec<_> =
        calls.iter().filter_map(|(storage, hooks)| hooks.on_destroy.map(|call| call(*storage))).collect();
    Box::pin(async {
        for call in calls {
            call.await;
        }
    })
}

type Erased = dyn Any + Send + Sync;

/// What every part has: [`Storage::destroy`], and what it leaves alone.
pub(super) const fn of_part<S: Storage, P: PartOf<S>>() -> Hooks {
    Hooks {
        on_destroy: Some(|storage| match handler_part::<S, P>(storage) {
            Ok(part) => Box::pin(part.destroy()),
            Err(_) => Box::pin(std::future::ready(())),
        }),
        ..reset_fields::<S, P>()
    }
}
