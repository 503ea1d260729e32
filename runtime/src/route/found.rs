//! What the probes found, put together: own impls before embedded ones.

use super::probe::Slot;
use crate::verb::hooks::{AcceptsFn, DestroyFn, Hooks, MimeTypesFn, PartFns, ReadinessFn, TableFns};

/// The answers of all probes about one source: the storage itself, or an embedded field.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// `Lister`
    pub list: Slot,
    /// `Creater`
    pub create: Slot,
    /// `NamedCreater`
    pub create_named: Slot,
    /// `CollectionDeleter`
    pub delete_collection: Slot,
    /// `Getter`
    pub get: Slot,
    /// `GetterWithOptions`
    pub get_with_options: Slot,
    /// `Updater`
    pub update: Slot,
    /// `Updater`, for a PATCH
    pub patch: Slot,
    /// `GracefulDeleter`
    pub delete: Slot,
    /// `Watcher`
    pub watch: Slot,
    /// `Connecter`
    pub connect: Slot,
    /// `TableConvertor`
    pub table_convertor: Option<TableFns>,
    /// `StorageWithReadiness`
    pub storage_with_readiness: Option<ReadinessFn>,
    /// `GroupVersionAcceptor`
    pub group_version_acceptor: Option<AcceptsFn>,
    /// `StorageMetadata`
    pub storage_metadata: Option<MimeTypesFn>,
    /// `Destroyer`
    pub destroyer: Option<DestroyFn>,
    /// `Storage`; absent only where it is no part at all.
    pub storage: Option<PartFns>,
}

/// What the probes found of a storage and of the `N - 1` fields that it embeds, and what follows for the actions.
#[derive(Clone, Copy, Debug)]
pub struct Detected<const N: usize> {
    /// The storage itself, then its fields.
    pub sources: [Found; N],
    /// Who serves what.
    pub slots: Slots,
}

/// A verb, as `verbs(...)` and `embed(...)` name it.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the words of the attribute")]
pub enum Verb {
    List,
    Create,
    CreateNamed,
    DeleteCollection,
    Get,
    GetWithOptions,
    Update,
    Patch,
    Delete,
    Watch,
    Connect,
}

/// Asks every probe about a source, at the concrete type.
#[doc(hidden)]
#[macro_export]
macro_rules! __found {
    ($storage:ty, $part:ty) => {{
        use $crate::__private::Absent as _;
        // The types are the user's: no name of theirs may be hidden.
        type __RestProbe = $crate::__private::Probe<$storage, $part>;
        $crate::__private::Found {
            list: __RestProbe::LIST,
            create: __RestProbe::CREATE,
            create_named: __RestProbe::NAMED_CREATE,
            delete_collection: __RestProbe::DELETE_COLLECTION,
            get: __RestProbe::GET,
            get_with_options: __RestProbe::GET_WITH_OPTIONS,
            update: __RestProbe::UPDATE.0,
            patch: __RestProbe::UPDATE.1,
            delete: __RestProbe::DELETE,
            watch: __RestProbe::WATCH,
            connect: __RestProbe::CONNECT,
            table_convertor: __RestProbe::TABLE_CONVERTOR,
            storage_with_readiness: __RestProbe::STORAGE_WITH_READINESS,
            group_version_acceptor: __RestProbe::GROUP_VERSION_ACCEPTOR,
            storage_metadata: __RestProbe::STORAGE_METADATA,
            destroyer: __RestProbe::DESTROYER,
            storage: __RestProbe::STORAGE,
        }
    }};
}

impl<const N: usize> Detected<N> {
    /// Puts together what each source has; in pinned mode only the verbs that are declared.
    pub const fn of(sources: [Found; N], declared: Option<&[Verb]>) -> Self {
        Self { slots: Slots::of(Found::nearest(&sources), declared), sources }
    }

    /// Whether it is so, or a field is no part, for a reason that the compiler reports, so that it is not known.
    pub const fn or_no_part(&self, ok: bool) -> bool {
        let mut i = 0;
        while i < N {
            if self.sources[i].storage.is_none() {
                return true;
            }
            i += 1;
        }
        ok
    }
}

impl Hooks {
    /// The capabilities of a storage, from what the derive found of it and of its fields.
    pub(crate) const fn of(sources: &[Found]) -> Self {
        let [own, ..] = sources else { return Self::NONE };
        let nearest = Found::nearest(sources);
        Self {
            table: nearest.table_convertor,
            // That of an embedded field runs with the field.
            on_destroy: own.destroyer,
            readiness_check: nearest.storage_with_readiness,
            accepts_group_version: nearest.group_version_acceptor,
            produces_mime_types: nearest.storage_metadata,
            reset_fields: match nearest.storage {
                Some((_, reset_fields)) => reset_fields,
                None => None,
            },
        }
    }
}

impl Found {
    /// Of each verb and each capability the first source that has it: own impls before embedded ones. Where two verbs answer
    /// the same requests, the one of a nearer source counts: an own `Getter` beats an embedded `GetterWithOptions`.
    const fn nearest(sources: &[Self]) -> Self {
        let mut i = sources.len() - 1;
        let mut nearest = sources[i];
        while i > 0 {
            i -= 1;
            let source = &sources[i];
            macro_rules! nearer {
                ($($($field:ident)+;)*) => { $(if $(source.$field.is() ||)+ false {
                    $(nearest.$field = source.$field;)+
                })* };
            }
            nearer! {
                list; delete_collection; update patch; delete; watch; connect;
                create create_named;
                get get_with_options;
            }
            macro_rules! nearer_capability {
                ($($field:ident)*) => { $(if source.$field.is_some() {
                    nearest.$field = source.$field;
                })* };
            }
            nearer_capability!(table_convertor storage_with_readiness group_version_acceptor storage_metadata);
            if let Some((_, Some(_))) = source.storage {
                nearest.storage = source.storage;
            }
        }
        nearest
    }

    /// Only these verbs.
    #[must_use]
    pub const fn only(self, verbs: &[Verb]) -> Self {
        Self {
            list: self.list.when(contains(verbs, Verb::List)),
            create: self.create.when(contains(verbs, Verb::Create)),
            create_named: self.create_named.when(contains(verbs, Verb::CreateNamed)),
            delete_collection: self.delete_collection.when(contains(verbs, Verb::DeleteCollection)),
            get: self.get.when(contains(verbs, Verb::Get)),
            get_with_options: self.get_with_options.when(contains(verbs, Verb::GetWithOptions)),
            update: self.update.when(contains(verbs, Verb::Update)),
            patch: self.patch.when(contains(verbs, Verb::Update)),
            delete: self.delete.when(contains(verbs, Verb::Delete)),
            watch: self.watch.when(contains(verbs, Verb::Watch)),
            connect: self.connect.when(contains(verbs, Verb::Connect)),
            ..self
        }
    }
}

/// For each action of the table, the source that serves it, if any.
#[derive(Clone, Copy, Debug)]
pub struct Slots {
    /// LIST
    pub list: Slot,
    /// POST
    pub post: Slot,
    /// DELETECOLLECTION
    pub delete_collection: Slot,
    /// WATCHLIST
    pub watch_list: Slot,
    /// GET
    pub get: Slot,
    /// PUT
    pub put: Slot,
    /// PATCH
    pub patch: Slot,
    /// DELETE
    pub delete: Slot,
    /// WATCH
    pub watch: Slot,
    /// CONNECT
    pub connect: Slot,
}

impl Slots {
    const fn of(nearest: Found, declared: Option<&[Verb]>) -> Self {
        let (served, patches) = match declared {
            None => (nearest, true),
            Some(verbs) => (nearest.only(verbs), contains(verbs, Verb::Patch)),
        };
        let Found { list, watch, .. } = served;
        let get = served.get_with_options.or(served.get);
        // PATCH is an update of what a plain `Getter` gives (contract 1.15), and may be declared without the verbs that it
        // consists of.
        let getter = get.or(nearest.get_with_options).or(nearest.get);
        Self {
            list,
            post: served.create_named.or(served.create),
            delete_collection: served.delete_collection,
            watch_list: watch.when(list.is()),
            get,
            put: served.update,
            patch: nearest.patch.beside(&getter).when(patches),
            delete: served.delete,
            watch,
            connect: served.connect,
        }
    }

    /// Whether anything is served.
    pub(super) const fn any(&self) -> bool {
        macro_rules! any {
            ($($field:ident),*) => { false $(|| self.$field.is())* };
        }
        any!(list, post, delete_collection, watch_list, get, put, patch, delete, watch, connect)
    }
}

const fn contains(verbs: &[Verb], verb: Verb) -> bool {
    let mut i = 0;
    while i < verbs.len() {
        if verbs[i] as u8 == verb as u8 {
            return true;
        }
        i += 1;
    }
    false
}
