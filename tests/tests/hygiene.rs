//! The generated code gives no warning and depends on no name of the user's scope.

#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, unnameable_types, non_local_definitions)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![allow(clippy::redundant_pub_crate, reason = "contradicts `unreachable_pub`")]

#[path = "../ui/common.rs"]
mod common;

/// Every way to write a resource, as a library would.
pub mod library {
    use super::common::{
        Admit, Change, CollectionDeleter, Context, CreateOptions, Created, Creater, DeleteOptions, Deleted, Flunder,
        GetOptions, Getter, GracefulDeleter, List, ListOptions, Lister, RestResource, Result, Storage, UpdateOptions,
        Updater, WatchStream, Watcher, storage, verbs,
    };

    storage!(Store);
    verbs!(Store: Getter Lister Creater Updater GracefulDeleter CollectionDeleter Watcher);

    /// Automatic.
    #[derive(RestResource, Debug)]
    #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
    pub(crate) struct Automatic;
    verbs!(Automatic: Getter Lister);

    /// Pinned.
    #[derive(RestResource, Debug)]
    #[rest(
        version = "v1",
        resource = "flunders",
        object = Flunder,
        cluster,
        short_names("fl"),
        categories("all"),
        column(name = "Reference", json_path = ".spec.reference", description = "{braces}"),
        verbs(get, list)
    )]
    pub(crate) struct Pinned;
    verbs!(Pinned: Getter Lister);

    /// Embedded.
    #[derive(RestResource)]
    #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
    pub(crate) struct Embedded {
        #[rest(embed)]
        pub(crate) store: Store,
    }

    /// Delegated.
    #[derive(RestResource)]
    #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
    pub(crate) struct Delegated {
        #[rest(delegate(get, list, create, update, delete, delete_collection, watch))]
        pub(crate) store: Store,
    }
}

/// Names of the prelude, of generated code and of macros, with other meanings.
mod shadowed {
    #![allow(
        dead_code,
        unused_macros,
        non_camel_case_types,
        non_upper_case_globals,
        clippy::upper_case_acronyms,
        reason = "these names are the point"
    )]

    use super::common;

    struct Option;
    struct Some;
    struct None;
    struct Result;
    struct Send;
    struct Sync;
    struct Slot;
    struct Probe;
    struct Route;
    struct Absent;
    struct str;
    struct bool;
    struct usize;
    mod core {}
    mod std {}
    const LIST: () = ();
    const GET: () = ();
    macro_rules! assert {
        () => {};
    }
    macro_rules! panic {
        () => {};
    }

    /// The storage and the type parameter of generated code could be called the same.
    #[derive(common::RestResource)]
    #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = common::Flunder, verbs(get))]
    pub(super) struct S {
        #[rest(embed)]
        pub(super) store: super::library::Store,
    }

    /// And without embedded fields.
    #[derive(common::RestResource)]
    #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = common::Flunder)]
    pub(super) struct T {
        #[rest(delegate(get))]
        pub(super) store: super::library::Store,
    }
}

/// A field whose type has a name that the runtime uses beside it.
mod beside {
    use super::common;
    use super::library::Store as Probe;

    #[derive(common::RestResource)]
    #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = common::Flunder)]
    pub(super) struct U {
        #[rest(embed)]
        pub(super) store: Probe,
    }
}

/// The runtime under another name.
mod facade {
    pub(crate) use rest_resource as rest;
}

macro_rules! generated {
    ($name:ident, $object:ty, $version:literal, $crate_path:path, $($verb:ident)*) => {
        #[derive(rest_resource::RestResource)]
        #[rest(group = "wardle.example.com", version = $version, resource = "flunders", object = $object, crate = $crate_path, verbs($($verb),*))]
        struct $name {
            #[rest(embed)]
            store: library::Store,
        }
    };
}

generated!(Generated, common::Flunder, "v1", crate::facade::rest, get list);

/// A field whose type comes from a macro.
macro_rules! field {
    ($ty:ty) => {
        #[derive(rest_resource::RestResource)]
        #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = common::Flunder)]
        struct Field {
            #[rest(delegate(get))]
            store: $ty,
        }
    };
}

field!(library::Store);

#[test]
fn every_form_has_its_routes() {
    use rest_resource::RestResource;

    #[derive(RestResource)]
    #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = common::Flunder, crate = facade::rest)]
    struct InFunction(#[rest(embed(get))] library::Store);

    assert_eq!(InFunction::VERBS, ["get"]);
    assert_eq!(Generated::VERBS, ["get", "list"]);
    assert_eq!(Field::VERBS, ["get"]);
    assert_eq!(shadowed::S::VERBS, ["get"]);
    assert_eq!(shadowed::T::VERBS, ["get"]);
    assert_eq!(beside::U::VERBS, library::Embedded::VERBS);
    assert_eq!(library::Automatic::VERBS, library::Pinned::VERBS);
    assert_eq!(library::Embedded::VERBS, library::Delegated::VERBS);
}
