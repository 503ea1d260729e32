//! Detection: does a storage implement a verb trait? (An inherent const under a trait bound shadows a fallback const.)

use std::marker::PhantomData;

use super::action::{Action, Method};
use super::derived::{self, Candidate};
use super::table::Route;
use crate::verb::{
    self, CollectionDeleter, Connecter, Creater, Destroyer, Embeds, Getter, GetterWithOptions, GracefulDeleter,
    GroupVersionAcceptor, Handler, Hooks, Lister, NamedCreater, Storage, StorageMetadata, StorageWithReadiness,
    TableConvertor, Updater, Watcher,
};

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
    /// Whether it reads by options of its own, so that no PATCH can be made of it.
    own_options: bool,
}

impl Slot {
    const fn absent(action: &'static Action, method: Method) -> Self {
        Self { action, method, handler: None, methods: &[], subpath: false, own_options: false }
    }

    const fn present(action: &'static Action, method: Method, handler: Handler) -> Self {
        Self { handler: Some(handler), ..Self::absent(action, method) }
    }

    const fn with_subpath(self, subpath: bool) -> Self {
        Self { subpath, ..self }
    }

    const fn with_own_options(self) -> Self {
        Self { own_options: true, ..self }
    }

    const fn with_methods(self, methods: &'static [Method]) -> Self {
        Self { methods, ..self }
    }

    /// Whether the verb is implemented.
    pub const fn is(self) -> bool {
        self.handler.is_some()
    }

    /// This verb, or else the other: an own verb before an embedded one, `GetterWithOptions` before `Getter`.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if self.is() { self } else { other }
    }

    /// This verb only if the other is implemented too: WATCHLIST needs LIST.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        if other.is() { self } else { Self { handler: None, ..self } }
    }

    /// PATCH only beside a plain `Getter`: one with options of its own does not do (contract 1.15).
    #[must_use]
    pub const fn beside(self, get: Self) -> Self {
        if get.own_options { Self { handler: None, ..self } } else { self.with(get) }
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
    pub const fn is_idle(self) -> bool {
        self.is() && self.methods.is_empty()
    }

    /// Whether the `Connecter` takes the method of the other verb: on one path, the two cannot both be served.
    pub const fn meets(self, other: Self) -> bool {
        other.is() && self.on(other.method).is()
    }

    /// At a path.
    pub const fn at(self, path: &'static str, operation_id: &'static str) -> Candidate {
        match self.handler {
            Some(handler) => Some(Route { action: self.action, method: self.method, path, operation_id, handler }),
            None => None,
        }
    }
}

/// The fallback: every const here says "not implemented", until an inherent one shadows it.
pub trait Absent: Sized {
    /// `Lister`
    const LIST: Slot = Slot::absent(&verb::LIST, Method::Get);
    /// `Creater`
    const CREATE: Slot = Slot::absent(&verb::POST, Method::Post);
    /// `NamedCreater`
    const NAMED_CREATE: Slot = Slot::absent(&verb::POST, Method::Post);
    /// `CollectionDeleter`
    const DELETE_COLLECTION: Slot = Slot::absent(&verb::DELETECOLLECTION, Method::Delete);
    /// `Getter`
    const GET: Slot = Slot::absent(&verb::GET, Method::Get);
    /// `GetterWithOptions`
    const GET_WITH_OPTIONS: Slot = Slot::absent(&verb::GET, Method::Get);
    /// `Updater`
    const UPDATE: Slot = Slot::absent(&verb::PUT, Method::Put);
    /// `Updater`, for a PATCH; to be combined with the `Getter` that it needs.
    const PATCH: Slot = Slot::absent(&verb::PATCH, Method::Patch);
    /// `GracefulDeleter`
    const DELETE: Slot = Slot::absent(&verb::DELETE, Method::Delete);
    /// `Watcher`
    const WATCH: Slot = Slot::absent(&verb::WATCH, Method::Get);
    /// `Connecter`
    const CONNECT: Slot = Slot::absent(&verb::CONNECT, Method::Get);
    /// `TableConvertor`
    const TABLE_CONVERTOR: Hooks = Hooks::NONE;
    /// `Destroyer`
    const DESTROYER: Hooks = Hooks::NONE;
    /// `Storage`
    const STORAGE: Hooks = Hooks::NONE;
    /// `Embeds`
    const IS_PART: bool = false;
    /// `StorageWithReadiness`
    const STORAGE_WITH_READINESS: Hooks = Hooks::NONE;
    /// `GroupVersionAcceptor`
    const GROUP_VERSION_ACCEPTOR: Hooks = Hooks::NONE;
    /// `StorageMetadata`
    const STORAGE_METADATA: Hooks = Hooks::NONE;
}

impl<S, P> Absent for Probe<S, P> {}

macro_rules! present {
    ($($konst:ident: $tr:ident => $action:ident $method:ident $handler:path;)*) => { $(
        impl<S: Embeds<P>, P: $tr + Storage<Object = S::Object>> Probe<S, P> {
            #[doc = concat!("`", stringify!($tr), "` is implemented.")]
            pub const $konst: Slot = Slot::present(&verb::$action, Method::$method, $handler);
        }
    )* };
}

present! {
    LIST: Lister => LIST Get verb::handlers::list::<S, P>;
    CREATE: Creater => POST Post verb::handlers::create::<S, P>;
    NAMED_CREATE: NamedCreater => POST Post verb::handlers::create_named::<S, P>;
    DELETE_COLLECTION: CollectionDeleter => DELETECOLLECTION Delete verb::handlers::delete_collection::<S, P>;
    GET: Getter => GET Get verb::handlers::get::<S, P>;
    UPDATE: Updater => PUT Put verb::handlers::update::<S, P>;
    PATCH: Updater => PATCH Patch verb::handlers::patch::<S, P>;
    DELETE: GracefulDeleter => DELETE Delete verb::handlers::delete::<S, P>;
    WATCH: Watcher => WATCH Get verb::handlers::watch::<S, P>;
}

impl<S: Embeds<P>, P: GetterWithOptions + Storage<Object = S::Object>> Probe<S, P> {
    /// `GetterWithOptions` is implemented.
    pub const GET_WITH_OPTIONS: Slot = Slot::present(&verb::GET, Method::Get, verb::handlers::get_with_options::<S, P>)
        .with_subpath(P::SUBPATH)
        .with_own_options();
}

impl<S: Embeds<P>, P: Connecter + Storage<Object = S::Object>> Probe<S, P> {
    /// `Connecter` is implemented.
    pub const CONNECT: Slot = Slot::present(&verb::CONNECT, Method::Get, verb::handlers::connect::<S, P>)
        .with_methods(P::METHODS)
        .with_subpath(P::SUBPATH);
}

macro_rules! hooks {
    ($($konst:ident: $tr:ident => $hooks:path;)*) => { $(
        impl<S: Embeds<P>, P: $tr + Storage<Object = S::Object>> Probe<S, P> {
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

impl<S: Embeds<P>, P: Storage<Object = S::Object>> Probe<S, P> {
    /// `Storage` is implemented: what has to be done at its end.
    pub const STORAGE: Hooks = derived::destroyed::<S, P>();
    /// `Embeds` is implemented, and for the same objects.
    pub const IS_PART: bool = true;
}
