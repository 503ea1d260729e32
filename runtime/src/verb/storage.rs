//! What a storage is, and what the derive makes of it.

use std::borrow::Cow;

use super::hooks::Hooks;
use super::info::{ResourceInfo, Scope};
use super::{AsErased, CollectionDeleter, Creater, Getter, GracefulDeleter, Lister, Updater, Watcher};
use crate::object::{Codec, Object};
use crate::route::{Field, Found, Names, Route, destroy, equal};
use crate::wire::table::PrinterColumn;

/// Something that holds or computes the objects of a resource (contract 1.1).
///
/// The derive writes it; a type that is only ever embedded, as `Store` is, implements it by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a storage",
    label = "needs `#[derive(RestResource)]`",
    note = "the derive implements `Storage`; a part that is only embedded may implement it by hand"
)]
pub trait Storage: Send + Sync + Sized + 'static {
    /// The objects, in the version that is stored.
    type Object: Object;

    /// For a storage whose work does not depend on the type of its objects: as what the handlers see it.
    #[doc(hidden)]
    const ERASED: Option<AsErased<Self>> = None;

    /// What the derive found of the storage and of the fields that it embeds.
    #[doc(hidden)]
    const SOURCES: &'static [Found] = &[];

    /// The other fields that are storages themselves.
    #[doc(hidden)]
    const DELEGATES: &'static [Field<Self>] = &[];

    /// Lets go of what the storage holds; called once, when the server has shut down.
    fn destroy(&self) -> impl Future<Output = ()> + Send {
        destroy(self)
    }
}

/// A storage whose verbs may come from a part of it; every storage is a part of itself.
#[diagnostic::on_unimplemented(message = "`{Self}` does not embed `{P}`", label = "mark the field: `#[rest(embed)]`")]
pub trait Embeds<P>: Storage {
    /// The part.
    fn part(&self) -> &P;
}

/// A field whose verbs are promoted: a storage of the same objects.
#[doc(hidden)]
pub fn embedded<S: Storage, P: Storage<Object = S::Object>>(part: &P) -> &P {
    part
}

impl<S: Storage> Embeds<S> for S {
    fn part(&self) -> &S {
        self
    }
}

/// The other direction of [`Embeds`], with all that it takes in one bound, which the compiler looks up once for all verbs
/// of a part.
pub trait PartOf<S>: Storage {
    /// The part of a storage.
    fn of(storage: &S) -> &Self;
}

impl<S: Embeds<P>, P: Storage<Object = S::Object>> PartOf<S> for P {
    fn of(storage: &S) -> &P {
        storage.part()
    }
}

/// The names of a resource, the same in all its versions.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// The API group, empty for the core group.
    pub group: &'static str,
    /// The plural resource.
    pub resource: &'static str,
    /// The subresource.
    pub subresource: Option<&'static str>,
    /// The singular name.
    pub singular: &'static str,
    /// Whether objects live in namespaces; for a subresource its parent decides.
    pub scope: Scope,
    /// Short names.
    pub short_names: &'static [Cow<'static, str>],
    /// Categories.
    pub categories: &'static [Cow<'static, str>],
    /// The columns that `kubectl get` prints after the name.
    pub columns: &'static [PrinterColumn<'static>],
}

/// A resource in one version: its routes and its type.
#[derive(Clone, Copy, Debug)]
pub struct Served {
    /// The version, for example `v1beta1`.
    pub version: &'static str,
    /// The Kind.
    pub kind: &'static str,
    /// Exactly the routes whose verb traits the storage implements.
    pub routes: &'static [Route],
    /// The type that is served.
    pub codec: Codec,
}

/// A storage with routes: what `#[derive(RestResource)]` implements.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a REST resource", label = "needs `#[derive(RestResource)]`")]
pub trait RestResource: Storage + Sized {
    /// The names of the resource.
    const INFO: Info;
    /// One entry for each served version; the first one is stored.
    const VERSIONS: &'static [Served];
    /// The optional capabilities.
    const HOOKS: Hooks = Hooks::of(Self::SOURCES);
    /// The routes of the first version.
    const ROUTES: &'static [Route] = match Self::VERSIONS {
        [stored, ..] => stored.routes,
        [] => &[],
    };
    /// One entry for each route of [`ROUTES`](Self::ROUTES): the action's name, for example `LIST`.
    const ACTIONS: &'static [&'static str] = Names::<Self>::ACTIONS;
    /// The verbs of discovery: sorted, each once (contract 2.7.2).
    const VERBS: &'static [&'static str] = Names::<Self>::VERBS;
}

impl Info {
    /// Whether it is this resource; where the derive has reported an error there are no names, and it could be.
    #[doc(hidden)]
    pub const fn is_named(&self, group: &str, resource: &str) -> bool {
        self.resource.is_empty() || (equal(self.group, group) && equal(self.resource, resource))
    }

    /// Whether it has this scope, if it is known.
    #[doc(hidden)]
    pub const fn is_scoped(&self, scope: Scope) -> bool {
        self.resource.is_empty() || self.scope as u8 == scope as u8
    }

    /// The description of the resource as it is served in one version.
    pub fn resource_info(&self, served: &Served) -> ResourceInfo {
        ResourceInfo {
            group: self.group.into(),
            version: served.version.into(),
            resource: self.resource.into(),
            subresource: self.subresource.map(Into::into),
            kind: served.kind.into(),
            singular: self.singular.into(),
            scope: self.scope,
            short_names: self.short_names.into(),
            categories: self.categories.into(),
        }
    }
}

/// Whether a resource is of this Kind in some version; where the derive has reported an error there is none, and it
/// could be.
#[doc(hidden)]
pub const fn is_of_kind(versions: &[Served], kind: &str) -> bool {
    let mut i = 0;
    while i < versions.len() {
        if equal(versions[i].kind, kind) {
            return true;
        }
        i += 1;
    }
    versions.is_empty()
}

/// The usual set of verbs (contract 1.32); implemented by every storage that has them.
pub trait StandardStorage: Getter + Lister + Creater + Updater + GracefulDeleter + CollectionDeleter + Watcher {}

impl<S> StandardStorage for S where
    S: Getter + Lister + Creater + Updater + GracefulDeleter + CollectionDeleter + Watcher
{
}
