//! The README says what is: its table of routes is that of the code.

use std::fmt::Write as _;
use std::path::Path;

use kube::CustomResource;
use rest_resource::{
    Admit, Change, CollectionDeleter, ConnectRequest, Connecter, Context, CreateOptions, Created, Creater,
    DeleteOptions, Deleted, GetOptions, Getter, GetterWithOptions, GracefulDeleter, List, ListOptions, Lister, Method,
    NamedCreater, Reply, Response, RestResource, Result, RouteTable, Status, UpdateOptions, Updater, WatchStream,
    Watcher,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "G", version = "v1", kind = "Thing", namespaced)]
struct ThingSpec {}

#[derive(Deserialize, JsonSchema)]
struct NoOptions {}

fn nothing<T>() -> Result<T> {
    Err(Status::internal_error("never called"))
}

macro_rules! storages {
    ($($name:ident)*) => { $(
        #[derive(RestResource)]
        #[rest(group = "example.com", version = "v1", resource = "things", object = Thing)]
        struct $name;
    )* };
}

storages! { Lists Creates CreatesNamed DeletesCollections ListsAndWatches Watches Gets GetsWithOptions Updates GetsAndUpdates Deletes Connects }

macro_rules! impls {
    ($($tr:ident for $($name:ident)*: { $($body:tt)* })*) => { $( impls!(@ $tr [$($name)*] { $($body)* }); )* };
    (@ $tr:ident [$first:ident $($rest:ident)*] $body:tt) => {
        impl $tr for $first $body
        impls!(@ $tr [$($rest)*] $body);
    };
    (@ $tr:ident [] $body:tt) => {};
}

impls! {
    Lister for Lists ListsAndWatches: {
        async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Thing>> { nothing() }
    }
    Creater for Creates: {
        async fn create(&self, _: &Context, _: Thing, _: &Admit<Thing>, _: &CreateOptions) -> Result<Thing> { nothing() }
    }
    NamedCreater for CreatesNamed: {
        async fn create_named(&self, _: &Context, _: &str, _: Thing, _: &Admit<Thing>, _: &CreateOptions) -> Result<Thing> { nothing() }
    }
    CollectionDeleter for DeletesCollections: {
        async fn delete_collection(&self, _: &Context, _: &Admit<Thing>, _: &DeleteOptions, _: &ListOptions) -> Result<List<Thing>> { nothing() }
    }
    Watcher for Watches ListsAndWatches: {
        async fn watch(&self, _: &Context, _: &ListOptions) -> Result<WatchStream<Thing>> { nothing() }
    }
    Getter for Gets GetsAndUpdates: {
        async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Thing> { nothing() }
    }
    GetterWithOptions for GetsWithOptions: {
        type Options = NoOptions;
        const SUBPATH: bool = true;
        async fn get_with_options(&self, _: &Context, _: &str, _: &NoOptions, _: Option<&str>) -> Result<Reply<Thing>> { nothing() }
    }
    Updater for Updates GetsAndUpdates: {
        async fn update(&self, _: &Context, _: &str, _: &Change<Thing>, _: &UpdateOptions) -> Result<(Thing, Created)> { nothing() }
    }
    GracefulDeleter for Deletes: {
        async fn delete(&self, _: &Context, _: &str, _: &Admit<Thing>, _: &DeleteOptions) -> Result<(Deleted<Thing>, bool)> { nothing() }
    }
    Connecter for Connects: {
        type Options = NoOptions;
        const METHODS: &'static [Method] = &[Method::Get, Method::Post];
        const SUBPATH: bool = true;
        async fn connect(&self, _: &Context, _: &str, _: &NoOptions, _: ConnectRequest) -> Result<Response> { nothing() }
    }
}

/// The routes of a storage, and its verbs in discovery, as rows of the README's table.
fn rows<R: RestResource>(table: &mut String, traits: &str) {
    for (method, path, _) in RouteTable::of::<R>().iter() {
        let path = path.replace("/apis/example.com/v1", "P").replace("namespaces/{namespace}/things", "R");
        let path = path.replace("things", "RESOURCE");
        let _ = writeln!(table, "| {traits} | {method} | `{path}` | {} |", R::VERBS.join(", "));
    }
}

fn table() -> String {
    let mut table = String::from("| implemented | method | path | verbs in discovery |\n|---|---|---|---|\n");
    rows::<Lists>(&mut table, "`Lister`");
    rows::<Creates>(&mut table, "`Creater`");
    rows::<CreatesNamed>(&mut table, "`NamedCreater`");
    rows::<DeletesCollections>(&mut table, "`CollectionDeleter`");
    rows::<Gets>(&mut table, "`Getter`");
    rows::<GetsWithOptions>(&mut table, "`GetterWithOptions`, with a subpath");
    rows::<Updates>(&mut table, "`Updater`");
    rows::<GetsAndUpdates>(&mut table, "`Getter` and `Updater`");
    rows::<Deletes>(&mut table, "`GracefulDeleter`");
    rows::<Watches>(&mut table, "`Watcher`");
    rows::<ListsAndWatches>(&mut table, "`Lister` and `Watcher`");
    rows::<Connects>(&mut table, "`Connecter` of GET and POST, with a subpath");
    table
}

#[test]
fn the_table_of_routes_is_that_of_the_code() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = std::fs::read_to_string(&readme).expect("README.md");
    let begin = "<!-- routes: generated from the code, checked by a test -->\n";
    let (before, rest) = text.split_once(begin).expect("the begin of the table");
    let (written, after) = rest.split_once("<!-- end of routes -->").expect("the end of the table");
    let table = table();
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&readme, format!("{before}{begin}{table}<!-- end of routes -->{after}")).expect("a README");
        return;
    }
    assert_eq!(written, table, "run this test with UPDATE_README=1");
}
