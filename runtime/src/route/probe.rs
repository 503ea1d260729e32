//! Detection: does a storage implement a verb trait? (An inherent const under a trait bound shadows a fallback const.)

use std::marker::PhantomData;

use schemars::JsonSchema;

use super::action::{Action, Method};
use super::derived;
use super::table::{OptionsSchema, Route};
use crate::verb::{
    self, CollectionDeleter, Connecter, Creater, Destroyer, Getter, GetterWithOptions, GracefulDeleter,
    GroupVersionAcceptor, Handler, Hooks, Lister, NamedCreater, PartOf, Storage, StorageMetadata, StorageWithReadiness,
    TableConvertor, Updater, Watcher,
};

// Consts of their own: a reference made in a generic const would be made again for each type.
const LIST: &Action = &verb::LIST;
const POST: &Action = &verb::POST;
const DELETECOLLECTION: &Action = &verb::DELETECOLLECTION;
const GET: &Action = &verb::GET;
const PUT: &Action = &verb::PUT;
const PATCH: &Action = &verb::PATCH;
const DELETE: &Action = &verb::DELETE;
const WATCH: &Action = &verb::WATCH;
const CONNECT: &Action = &verb::CONNECT;

/// Asks whether the part `P` of the storage `S` implements a verb; `P = S` asks the storage itself.
///
/// Only meaningful at a concrete type: in generic code the answer is fixed at the definition.
#[derive(Debug)]
pub struct Probe<S, P = S>(PhantomData<(S, P)>);

/// The answer of a [`Probe`]: the action, and the handler if the verb is implemented.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    action: &'static Action,
    method: Method,
    handler: Option<Handler>,
    /// The methods of a `Connecter`; empty elsewhere.
    methods: &'static [Method],
    subpath: bool,
    /// The query parameters that the storage defines itself. No PATCH can be made of a GET that has some.
    options: Option<OptionsSchema>,
    /// Whether a DELETE answers with the object.
    returns_object: bool,
}

impl Slot {
    const fn absent(action: &'static Action, method: Method) -> Self {
        Self { action, method, handler: None, methods: &[], subpath: false, options: None, returns_object: false }
    }

    const fn present(action: &'static Action, method: Method, handler: Handler) -> Self {
        Self { handler: Some(handler), ..Self::absent(action, method) }
    }

    const fn with_subpath(self, subpath: bool) -> Self {
        Self { subpath, ..self }
    }

    const fn with_options(self, options: OptionsSchema) -> Self {
        Self { options: Some(options), ..self }
    }

    const fn with_returned_object(self, returns_object: bool) -> Self {
        Self { returns_object, ..self }
    }

    const fn with_methods(self, methods: &'static [Method]) -> Self {
        Self { methods, ..self }
    }

    /// Whether the verb is implemented.
    pub const fn is(&self) -> bool {
        self.handler.is_some()
    }

    /// This verb, or else the other: an own verb before an embedded one, `GetterWithOptions` before `Getter`.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if self.is() { self } else { other }
    }

    /// This verb only if the other is implemented too: WATCHLIST needs LIST.
    #[must_use]
    pub const fn with(self, other: &Self) -> Self {
        if other.is() { self } else { Self { handler: None, ..self } }
    }

    /// PATCH only beside a plain `Getter`: one with options of its own does not do (contract 1.15).
    #[must_use]
    pub const fn beside(self, get: &Self) -> Self {
        if get.options.is_some() { Self { handler: None, ..self } } else { self.with(get) }
    }

    /// This verb only if `ok`.
    #[must_use]
    pub(super) const fn when(self, ok: bool) -> Self {
        if ok { self } else { Self { handler: None, ..self } }
    }

    /// Another action by the same handler: WATCHLIST is WATCH on the collection.
    #[must_use]
    pub const fn as_action(self, action: &'static Action) -> Self {
        Self { action, ..self }
    }

    /// How many methods a `Connecter` takes, each once.
    pub(super) const fn methods(self) -> usize {
        let (mut i, mut n) = (0, 0);
        while i < Method::ALL.len() {
            n += self.on(Method::ALL[i]).is() as usize;
            i += 1;
        }
        n
    }

    /// The route of a `Connecter` for one method, if it takes that method.
    #[must_use]
    pub const fn on(self, method: Method) -> Self {
        let mut i = 0;
        while i < self.methods.len() {
            if self.methods[i] as u8 == method as u8 {
                return Self { method, ..self };
            }
            i += 1;
        }
        Self { handler: None, ..self }
    }

    /// The route below the item, if the verb takes a subpath.
    #[must_use]
    pub const fn below(self) -> Self {
        if self.subpath { self } else { Self { handler: None, ..self } }
    }

    /// Whether it is a `Connecter` that takes no method at all.
    pub const fn is_idle(&self) -> bool {
        self.is() && self.methods.is_empty()
    }

    /// Whether the `Connecter` takes the method of the other verb: on one path, the two cannot both be served.
    pub const fn meets(&self, other: &Self) -> bool {
        other.is() && self.on(other.method).is()
    }

    /// At a path, if the verb is implemented.
    pub(super) const fn at(self, path: &'static str, operation_id: &'static str) -> Option<Route> {
        let Self { action, method, options, returns_object, .. } = self;
        match self.handler {
            Some(handler) => Some(Route { action, method, path, operation_id, handler, options, returns_object }),
            None => None,
        }
    }
}

/// The fallback: every const here says "not implemented", until an inherent one shadows it.
pub trait Absent: Sized {
    /// `Lister`
    const LIST: Slot = Slot::absent(LIST, Method::Get);
    /// `Creater`
    const CREATE: Slot = Slot::absent(POST, Method::Post);
    /// `NamedCreater`
    const NAMED_CREATE: Slot = Slot::absent(POST, Method::Post);
    /// `CollectionDeleter`
    const DELETE_COLLECTION: Slot = Slot::absent(DELETECOLLECTION, Method::Delete);
    /// `Getter`
    const GET: Slot = Slot::absent(GET, Method::Get);
    /// `GetterWithOptions`
    const GET_WITH_OPTIONS: Slot = Slot::absent(GET, Method::Get);
    /// `Updater`: PUT, and PATCH, to be combined with the `Getter` that it needs.
    const UPDATE: (Slot, Slot) = (Slot::absent(PUT, Method::Put), Slot::absent(PATCH, Method::Patch));
    /// `GracefulDeleter`
    const DELETE: Slot = Slot::absent(DELETE, Method::Delete);
    /// `Watcher`
    const WATCH: Slot = Slot::absent(WATCH, Method::Get);
    /// `Connecter`
    const CONNECT: Slot = Slot::absent(CONNECT, Method::Get);
    /// `TableConvertor`
    const TABLE_CONVERTOR: Hooks = Hooks::NONE;
    /// `Destroyer`
    const DESTROYER: Hooks = Hooks::NONE;
    /// `Storage`; present wherever it is a part at all.
    const STORAGE: Hooks = Hooks::NONE;
    /// `StorageWithReadiness`
    const STORAGE_WITH_READINESS: Hooks = Hooks::NONE;
    /// `GroupVersionAcceptor`
    const GROUP_VERSION_ACCEPTOR: Hooks = Hooks::NONE;
    /// `StorageMetadata`
    const STORAGE_METADATA: Hooks = Hooks::NONE;
}

impl<S, P> Absent for Probe<S, P> {}

macro_rules! present {
    ($($konst:ident: $tr:ident => $action:ident $method:ident $handler:expr;)*) => { $(
        impl<S: Storage, P: $tr + PartOf<S>> Probe<S, P> {
            #[doc = concat!("`", stringify!($tr), "` is implemented.")]
            pub const $konst: Slot = Slot::present($action, Method::$method, $handler);
        }
    )* };
}

present! {
    LIST: Lister => LIST Get verb::handlers::list::<S, P>();
    CREATE: Creater => POST Post verb::handlers::create::<S, P>();
    NAMED_CREATE: NamedCreater => POST Post verb::handlers::create_named::<S, P>();
    DELETE_COLLECTION: CollectionDeleter => DELETECOLLECTION Delete verb::handlers::delete_collection::<S, P>();
    GET: Getter => GET Get verb::handlers::get::<S, P>();
    WATCH: Watcher => WATCH Get verb::handlers::watch::<S, P>();
}

impl<S: Storage, P: Updater + PartOf<S>> Probe<S, P> {
    /// `Updater` is implemented.
    pub const UPDATE: (Slot, Slot) = (
        Slot::present(PUT, Method::Put, verb::handlers::update::<S, P>()),
        Slot::present(PATCH, Method::Patch, verb::handlers::patch::<S, P>()),
    );
}

impl<S: Storage, P: GracefulDeleter + PartOf<S>> Probe<S, P> {
    /// `GracefulDeleter` is implemented.
    pub const DELETE: Slot = Slot::present(DELETE, Method::Delete, verb::handlers::delete::<S, P>())
        .with_returned_object(P::RETURNS_DELETED_OBJECT);
}

impl<S: Storage, P: GetterWithOptions + PartOf<S>> Probe<S, P> {
    /// `GetterWithOptions` is implemented.
    pub const GET_WITH_OPTIONS: Slot = Slot::present(GET, Method::Get, verb::handlers::get_with_options::<S, P>())
        .with_subpath(P::SUBPATH)
        .with_options(P::Options::json_schema);
}

impl<S: Storage, P: Connecter + PartOf<S>> Probe<S, P> {
    /// `Connecter` is implemented.
    pub const CONNECT: Slot = Slot::present(CONNECT, Method::Get, verb::handlers::connect::<S, P>())
        .with_methods(P::METHODS)
        .with_subpath(P::SUBPATH)
        .with_options(P::Options::json_schema);
}

macro_rules! hooks {
    ($($konst:ident: $tr:ident => $hooks:path;)*) => { $(
        impl<S: Storage, P: $tr + PartOf<S>> Probe<S, P> {
            #[doc = concat!("`", stringify!($tr), "` is implemented.")]
            pub const $konst: Hooks = $hooks();
        }
    )* };
}

hooks! {
    TABLE_CONVERTOR: TableConvertor => verb::hooks::table_convertor::<S, P>;
    DESTROYER: Destroyer => verb::hooks::destroyer::<S, P>;
    STORAGE_WITH_READINESS: StorageWithReadiness => verb::hooks::storage_with_readiness::<S, P>;
    GROUP_VERSION_ACCEPTOR: GroupVersionAcceptor => verb::hooks::group_version_acceptor::<S, P>;
    STORAGE_METADATA: StorageMetadata => verb::hooks::storage_metadata::<S, P>;
}

impl<S: Storage, P: PartOf<S>> Probe<S, P> {
    /// `Storage` and `Embeds` are implemented, for the same objects: what has to be done at the end, and what is left alone.
    pub const STORAGE: Hooks = derived::of_part::<S, P>();
}
