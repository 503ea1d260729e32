//! What the probes found, put together: own impls before embedded ones.

use super::derived::equal;
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
    /// `Storage::destroy`, and the fields that are left alone
    pub storage: Hooks,
}

/// What the probes found of a storage and of the `N - 1` fields that it embeds, and what follows for the actions.
#[derive(Clone, Copy, Debug)]
pub struct Detected<const N: usize> {
    /// The storage itself, then its fields.
    pub sources: [Found; N],
    /// Who serves what.
    pub slots: Slots,
    /// The optional capabilities.
    pub hooks: Hooks,
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
            update: Probe::UPDATE.0,
            patch: Probe::UPDATE.1,
            delete: Probe::DELETE,
            watch: Probe::WATCH,
            connect: Probe::CONNECT,
            hooks: Probe::TABLE_CONVERTOR
                .or(Probe::STORAGE_WITH_READINESS)
                .or(Probe::GROUP_VERSION_ACCEPTOR)
                .or(Probe::STORAGE_METADATA),
            destroyer: Probe::DESTROYER,
            storage: Probe::STORAGE,
        }
    }};
}

impl<const N: usize> Detected<N> {
    /// Puts together what each source has; in pinned mode only the verbs that are declared.
    pub const fn of(sources: [Found; N], declared: Option<&[&str]>) -> Self {
        Self { slots: Slots::of(&sources, declared), hooks: hooks(&sources), sources }
    }

    /// Whether there are routes, or methods are missing for one.
    pub const fn serves(&self) -> bool {
        self.or_no_part(self.slots.any())
    }

    /// Whether it is so, or a field is no part, for a reason that the compiler reports, so that it is not known.
    pub const fn or_no_part(&self, ok: bool) -> bool {
        let mut i = 0;
        while i < N {
            if !self.sources[i].is_part() {
                return true;
            }
            i += 1;
        }
        ok
    }
}

impl Found {
    /// Whether it is a part at all.
    const fn is_part(&self) -> bool {
        self.storage.on_destroy.is_some()
    }

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
        let slots = Self::first(sources, declared);
        // PATCH is an update of what a plain `Getter` gives (contract 1.15). The two may come from different sources, and
        // PATCH may be declared without them.
        let all = if declared.is_some() { Self::first(sources, None) } else { slots };
        let patch = all.patch.beside(if slots.get.is() { &slots.get } else { &all.get });
        Self { watch_list: slots.watch.with(&slots.list).as_action(&WATCHLIST), patch, ..slots }
    }

    const fn first(sources: &[Found], declared: Option<&[&str]>) -> Self {
        macro_rules! first {
            ($($verb:ident)+) => {{
                let mut i = 0;
                loop {
                    $(if sources[i].$verb.is() && declares(declared, stringify!($verb)) {
                        break sources[i].$verb;
                    })+
                    i += 1;
                    if i == sources.len() {
                        break first!(@absent $($verb)+);
                    }
                }
            }};
            (@absent $verb:ident $($other:ident)*) => { sources[0].$verb.when(false) };
        }
        Self {
            list: first!(list),
            post: first!(create_named create),
            delete_collection: first!(delete_collection),
            watch_list: first!(watch),
            get: first!(get_with_options get),
            put: first!(update),
            patch: first!(patch),
            delete: first!(delete),
            watch: first!(watch),
            connect: first!(connect),
        }
    }

    /// The slot of an action.
    ///
    /// # Panics
    ///
    /// If there is none, while the derive's own consts are computed.
    pub(super) const fn find(&self, action: &str) -> &Slot {
        // By bytes, which the compiler computes in a fraction of the time of comparing strings.
        match action.as_bytes() {
            b"list" => &self.list,
            b"post" => &self.post,
            b"delete_collection" => &self.delete_collection,
            b"watch_list" => &self.watch_list,
            b"get" => &self.get,
            b"put" => &self.put,
            b"patch" => &self.patch,
            b"delete" => &self.delete,
            b"watch" => &self.watch,
            b"connect" => &self.connect,
            _ => panic!("an action has a slot"),
        }
    }

    /// Whether anything is served.
    const fn any(&self) -> bool {
        macro_rules! any {
            ($($field:ident),*) => { false $(|| self.$field.is())* };
        }
        any!(list, post, delete_collection, watch_list, get, put, patch, delete, watch, connect)
    }
}

/// The optional capabilities: own ones before embedded ones. An embedded `Destroyer` runs with its field.
const fn hooks(sources: &[Found]) -> Hooks {
    let mut hooks = Hooks::NONE;
    let mut i = 0;
    while i < sources.len() {
        hooks = hooks.or(sources[i].hooks);
        if i == 0 {
            hooks = hooks.or(sources[i].destroyer);
        }
        hooks = hooks.or(Hooks { reset_fields: sources[i].storage.reset_fields, ..Hooks::NONE });
        i += 1;
    }
    hooks
}

/// Whether the verb may be served. A PATCH is declared as such, and never asked for here.
const fn declares(declared: Option<&[&str]>, verb: &str) -> bool {
    match declared {
        None => true,
        Some(_) if equal(verb, "patch") => true,
        Some(verbs) => contains(verbs, verb),
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

/// A compile error at the place of the call, with the message of the first fault that is there.
///
/// # Panics
///
/// With the message, while the derive's own consts are computed.
#[track_caller]
pub const fn refuse(faults: &[(bool, &str)]) {
    let mut i = 0;
    while i < faults.len() {
        require(!faults[i].0, faults[i].1);
        i += 1;
    }
}
