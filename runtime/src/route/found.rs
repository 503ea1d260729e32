//! What the probes found, put together: own impls before embedded ones.

use super::action::Method;
use super::derived::{Candidate, equal};
use super::probe::Slot;
use crate::verb::{Hooks, WATCHLIST};

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
    /// The optional capabilities, but `Destroyer`.
    pub hooks: Hooks,
    /// `Destroyer`
    pub destroyer: Hooks,
    /// `Storage::destroy`
    pub storage: Hooks,
    /// Whether it is a part at all.
    pub is_part: bool,
}

/// Asks every probe about a source, at the concrete type.
#[doc(hidden)]
#[macro_export]
macro_rules! __found {
    ($storage:ty, $part:ty) => {{
        use $crate::__private::Absent as _;
        type Probe = $crate::__private::Probe<$storage, $part>;
        $crate::__private::Found {
            list: Probe::LIST,
            create: Probe::CREATE,
            create_named: Probe::NAMED_CREATE,
            delete_collection: Probe::DELETE_COLLECTION,
            get: Probe::GET,
            get_with_options: Probe::GET_WITH_OPTIONS,
            update: Probe::UPDATE,
            patch: Probe::PATCH,
            delete: Probe::DELETE,
            watch: Probe::WATCH,
            connect: Probe::CONNECT,
            hooks: Probe::TABLE_CONVERTOR
                .or(Probe::STORAGE_WITH_READINESS)
                .or(Probe::GROUP_VERSION_ACCEPTOR)
                .or(Probe::STORAGE_METADATA),
            destroyer: Probe::DESTROYER,
            storage: Probe::STORAGE,
            is_part: Probe::IS_PART,
        }
    }};
}

impl Found {
    /// Only these verbs, as the attribute names them.
    #[must_use]
    pub const fn only(self, verbs: &[&str]) -> Self {
        macro_rules! only {
            ($($field:ident),*) => { Self { $($field: self.$field.when(contains(verbs, stringify!($field))),)* ..self } };
        }
        let patch = self.patch.when(contains(verbs, "update"));
        let only =
            only!(list, create, create_named, delete_collection, get, get_with_options, update, delete, watch, connect);
        Self { patch, ..only }
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
    /// The first source of each action; an own `Getter` beats an embedded `GetterWithOptions`. In pinned mode, only the
    /// verbs that are declared.
    pub const fn of(sources: &[Found], declared: Option<&[&str]>) -> Self {
        let all = Self::first(sources, None);
        let slots = if declared.is_some() { Self::first(sources, declared) } else { all };
        // PATCH is an update of what a plain `Getter` gives (contract 1.15). The two may come from different sources, and
        // PATCH may be declared without them.
        let patch = all.patch.beside(slots.get.or(all.get));
        Self { watch_list: slots.watch.with(slots.list).as_action(&WATCHLIST), patch, ..slots }
    }

    const fn first(sources: &[Found], declared: Option<&[&str]>) -> Self {
        let Some(own) = sources.first() else { panic!("a storage is a source itself") };
        let own = match declared {
            Some(verbs) => own.only(verbs),
            None => *own,
        };
        let mut slots = Self {
            list: own.list,
            post: own.create_named.or(own.create),
            delete_collection: own.delete_collection,
            watch_list: own.watch,
            get: own.get_with_options.or(own.get),
            put: own.update,
            patch: own.patch,
            delete: own.delete,
            watch: own.watch,
            connect: own.connect,
        };
        let mut i = 1;
        while i < sources.len() {
            let part = match declared {
                Some(verbs) => sources[i].only(verbs),
                None => sources[i],
            };
            slots = Self {
                list: slots.list.or(part.list),
                post: slots.post.or(part.create_named).or(part.create),
                delete_collection: slots.delete_collection.or(part.delete_collection),
                watch_list: slots.watch_list,
                get: slots.get.or(part.get_with_options).or(part.get),
                put: slots.put.or(part.update),
                patch: slots.patch.or(part.patch),
                delete: slots.delete.or(part.delete),
                watch: slots.watch.or(part.watch),
                connect: slots.connect.or(part.connect),
            };
            i += 1;
        }
        slots
    }
}

/// The optional capabilities: own ones before embedded ones. An embedded `Destroyer` runs with its field.
pub const fn hooks(sources: &[Found]) -> Hooks {
    let mut hooks = Hooks::NONE;
    let mut i = 0;
    while i < sources.len() {
        hooks = hooks.or(sources[i].hooks);
        if i == 0 {
            hooks = hooks.or(sources[i].destroyer);
        }
        i += 1;
    }
    hooks
}

impl Slot {
    /// The routes of a `Connecter`, one for each method that it takes.
    pub const fn each(self, path: &'static str, ids: [&'static str; 7]) -> [Candidate; 7] {
        let mut routes: [Candidate; 7] = [None; 7];
        let mut i = 0;
        while i < 7 {
            routes[i] = self.on(Method::ALL[i]).at(path, ids[i]);
            i += 1;
        }
        routes
    }
}

const fn contains(words: &[&str], word: &str) -> bool {
    let mut i = 0;
    while i < words.len() {
        if equal(words[i], word) {
            return true;
        }
        i += 1;
    }
    false
}

/// A compile error at the place of the call, if `ok` is not so.
///
/// # Panics
///
/// With the message, while the derive's own consts are computed.
#[track_caller]
pub const fn require(ok: bool, message: &str) {
    assert!(ok, "{}", message);
}
