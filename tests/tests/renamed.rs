//! The derive where the runtime has another name: what is called `rest_resource` here is something else.

extern crate core as rest_resource;
extern crate rest_resource as renamed;

use renamed::{RestResource, Store, StoreOptions, Unstructured};

#[derive(RestResource)]
#[rest(group = "example.com", version = "v1", resource = "things", object = Unstructured, crate = renamed)]
#[rest(version(name = "v2", object = Unstructured), short_names("th"), categories("all"))]
#[rest(column(name = "Reference", json_path = ".spec.reference"))]
struct Things {
    #[rest(embed)]
    store: Store<Unstructured>,
}

#[derive(RestResource)]
#[rest(group = "example.com", version = "v1", resource = "others", object = Unstructured, crate = renamed)]
#[rest(verbs(get, list, create, update, patch, delete, delete_collection, watch))]
struct Others {
    #[rest(delegate(get, list, create, update, delete, delete_collection, watch))]
    store: Store<Unstructured>,
}

#[test]
fn the_routes_are_there() {
    assert_eq!(Things::VERBS, ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]);
    assert_eq!(Others::VERBS, Things::VERBS);
    let store = Store::new(&StoreOptions::memory());
    let (things, others) = (Things { store: store.clone() }, Others { store });
    assert_eq!(format!("{:?}", things.store), format!("{:?}", others.store));
}
