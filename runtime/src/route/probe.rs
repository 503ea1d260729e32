//! Detection: does a storage implement a verb trait? (An inherent const under a trait bound shadows a fallback const.)

use std::marker::PhantomData;

use schemars::JsonSchema;

use super::action::Method;
use super::table::OptionsSchema;
use crate::verb::hooks::{AcceptsFn, DestroyFn, MimeTypesFn, PartFns, ReadinessFn, TableFns};
use crate::verb::{
    self, CollectionDeleter, Connecter, Creater, Destroyer, Getter, GetterWithOptions, GracefulDeleter,
    GroupVersionAcceptor, Handler, Lister, NamedCreater, PartOf, Storage, StorageMetadata, StorageWithReadiness,
    TableConvertor, Updater, Watcher,
};

/// Asks whether the part `P` of the storage `S` implements a verb; `P = S` asks the storage itself.
///
/// Only meaningful at a concrete type: in generic code the answer is fixed at the definition.
#[derive(Debug)]
pub struct Probe<S, P = S>(PhantomData<(S, P)>);

/// The answer of a [`Probe`]: what answers, if the verb is implemented. A reference, because the compiler copies it many
/// times.
#[derive(Clone, Copy, Debug)]
pub struct Slot(pub(super) Option<&'static Implemented>);

/// A verb that is implemented.
#[derive(Clone, Copy, Debug)]
pub(super) struct Implemented {
    pub(super) handler: Handler,
    /// The methods of a `Connecter`; empty elsewhere.
    methods: &'static [Method],
    subpath: bool,
    /// The query parameters that the storage defines itself. No PATCH can be made of a GET that has some.
    pub(super) options: Option<OptionsSchema>,
    /// Whether a DELETE answers with the object.
    pub(super) returns_object: bool,
}

impl Implemented {
    const fn by(handler: Handler) -> Self {
        Self { handler, methods: &[], subpath: false, options: None, returns_object: false }
    }
}

impl Slot {
    pub(super) const ABSENT: Self = Self(None);

    /// Whether the verb is implemented.
    pub const fn is(&self) -> bool {
        self.0.is_some()
    }

    /// One, if the verb is implemented.
    pub(super) const fn n(self) -> usize {
        self.0.is_some() as usize
    }

    /// Whether it is a `Connecter` that takes a method.
    pub(super) const fn takes(self, method: Method) -> bool {
        let Some(Implemented { methods, .. }) = self.0 else { return false };
        let mut i = 0;
        while i < methods.len() {
            if methods[i] as u8 == method as u8 {
                return true;
            }
            i += 1;
        }
        false
    }

    /// This verb, or else the other: an own verb before an embedded one, `GetterWithOptions` before `Getter`.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if self.is() { self } else { other }
    }

    /// This verb only if `ok`: WATCHLIST needs LIST.
    #[must_use]
    pub const fn when(self, ok: bool) -> Self {
        if ok { self } else { Self::ABSENT }
    }

    /// PATCH only beside a plain `Getter`: one with options of its own does not do (contract 1.15).
    #[must_use]
    pub const fn beside(self, get: &Self) -> Self {
        match get.0 {
            Some(Implemented { options: None, .. }) => self,
            _ => Self::ABSENT,
        }
    }

    /// The route below the item, if the verb takes a subpath.
    #[must_use]
    pub(super) const fn below(self) -> Self {
        match self.0 {
            Some(Implemented { subpath: true, .. }) => self,
            _ => Self::ABSENT,
        }
    }

    /// Whether it is a `Connecter` that takes no method at all.
    pub(super) const fn is_idle(self) -> bool {
        matches!(self.0, Some(Implemented { methods: [], .. }))
    }

    /// Whether the `Connecter` takes the method of another verb that is there: on one path, the two cannot both be served.
    pub(super) const fn meets(self, other: Self, method: Method) -> bool {
        other.is() && self.takes(method)
    }
}

/// The fallback: every const here says "not implemented", until an inherent one shadows it.
pub trait Absent: Sized {
    /// `Lister`
    const LIST: Slot = Slot::ABSENT;
    /// `Creater`
    const CREATE: Slot = Slot::ABSENT;
    /// `NamedCreater`
    const NAMED_CREATE: Slot = Slot::ABSENT;
    /// `CollectionDeleter`
    const DELETE_COLLECTION: Slot = Slot::ABSENT;
    /// `Getter`
    const GET: Slot = Slot::ABSENT;
    /// `GetterWithOptions`
    const GET_WITH_OPTIONS: Slot = Slot::ABSENT;
    /// `Updater`: PUT, and PATCH, to be combined with the `Getter` that it needs.
    const UPDATE: (Slot, Slot) = (Slot::ABSENT, Slot::ABSENT);
    /// `GracefulDeleter`
    const DELETE: Slot = Slot::ABSENT;
    /// `Watcher`
    const WATCH: Slot = Slot::ABSENT;
    /// `Connecter`
    const CONNECT: Slot = Slot::ABSENT;
    /// `TableConvertor`
    const TABLE_CONVERTOR: Option<TableFns> = None;
    /// `Destroyer`
    const DESTROYER: Option<DestroyFn> = None;
    /// `Storage`; present wherever it is a part at all.
    const STORAGE: Option<PartFns> = None;
    /// `StorageWithReadiness`
    const STORAGE_WITH_READINESS: Option<ReadinessFn> = None;
    /// `GroupVersionAcceptor`
    const GROUP_VERSION_ACCEPTOR: Option<AcceptsFn> = None;
    /// `StorageMetadata`
    const STORAGE_METADATA: Option<MimeTypesFn> = None;
}

impl<S, P> Absent for Probe<S, P> {}

macro_rules! present {
    ($($konst:ident: $tr:ident => $handler:ident;)*) => { $(
        impl<S: Storage, P: $tr + PartOf<S>> Probe<S, P> {
            #[doc = concat!("`", stringify!($tr), "` is implemented.")]
            pub const $konst: Slot = Slot(Some(&Implemented::by(verb::handlers::$handler::<S, P>())));
        }
    )* };
}

present! {
    LIST: Lister => list;
    CREATE: Creater => create;
    NAMED_CREATE: NamedCreater => create_named;
    DELETE_COLLECTION: CollectionDeleter => delete_collection;
    GET: Getter => get;
    WATCH: Watcher => watch;
}

impl<S: Storage, P: Updater + PartOf<S>> Probe<S, P> {
    /// `Updater` is implemented.
    pub const UPDATE: (Slot, Slot) = (
        Slot(Some(&Implemented::by(verb::handlers::update::<S, P>()))),
        Slot(Some(&Implemented::by(verb::handlers::patch::<S, P>()))),
    );
}

impl<S: Storage, P: GracefulDeleter + PartOf<S>> Probe<S, P> {
    /// `GracefulDeleter` is implemented.
    pub const DELETE: Slot = Slot(Some(&Implemented {
        returns_object: P::RETURNS_DELETED_OBJECT,
        ..Implemented::by(verb::handlers::delete::<S, P>())
    }));
}

impl<S: Storage, P: GetterWithOptions + PartOf<S>> Probe<S, P> {
    /// `GetterWithOptions` is implemented.
    pub const GET_WITH_OPTIONS: Slot = Slot(Some(&Implemented {
        subpath: P::SUBPATH,
        options: Some(P::Options::json_schema),
        ..Implemented::by(verb::handlers::get_with_options::<S, P>())
    }));
}

impl<S: Storage, P: Connecter + PartOf<S>> Probe<S, P> {
    /// `Connecter` is implemented.
    pub const CONNECT: Slot = Slot(Some(&Implemented {
        methods: P::METHODS,
        subpath: P::SUBPATH,
        options: Some(P::Options::json_schema),
        ..Implemented::by(verb::handlers::connect::<S, P>())
    }));
}

macro_rules! hooks {
    ($($konst:ident: $tr:ident => $function:ident $type:ty;)*) => { $(
        impl<S: Storage, P: $tr + PartOf<S>> Probe<S, P> {
            #[doc = concat!("`", stringify!($tr), "` is implemented.")]
            pub const $konst: Option<$type> = Some(verb::hooks::$function::<S, P>());
        }
    )* };
}

hooks! {
    TABLE_CONVERTOR: TableConvertor => table_convertor TableFns;
    DESTROYER: Destroyer => destroyer DestroyFn;
    STORAGE_WITH_READINESS: StorageWithReadiness => storage_with_readiness ReadinessFn;
    GROUP_VERSION_ACCEPTOR: GroupVersionAcceptor => group_version_acceptor AcceptsFn;
    STORAGE_METADATA: StorageMetadata => storage_metadata MimeTypesFn;
}

impl<S: Storage, P: PartOf<S>> Probe<S, P> {
    /// `Storage` and `Embeds` are implemented, for the same objects: what has to be done at the end, and what is left alone.
    pub const STORAGE: Option<PartFns> = Some(verb::hooks::part::<S, P>());
}
