//! The routes, actions and verbs that the derive makes of a storage (contract 1, 2.2, 2.6, 2.7.2, 10.1, 10.2).

#[path = "../ui/common.rs"]
mod common;

use common::{
    Admit, Change, CollectionDeleter, ConnectRequest, Connecter, Context, CreateOptions, Created, Creater,
    DeleteOptions, Deleted, Flunder, GetOptions, Getter, GetterWithOptions, GracefulDeleter, List, ListOptions, Lister,
    Method, NamedCreater, Reply, Response, RestResource, Result, RouteTable, Scope, Status, Storage, UpdateOptions,
    Updater, WatchStream, Watcher, storage, v2, verbs,
};

/// A resource in a module of its own, with these verbs.
macro_rules! resource {
    ($name:ident($($attribute:tt)*): $($verb:ident)*) => {
        #[derive(RestResource)]
        #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder, $($attribute)*)]
        struct $name;
        verbs!($name: $($verb)*);
    };
}

fn table<R: RestResource>() -> Vec<(String, String, String)> {
    let table = RouteTable::of::<R>();
    table.iter().map(|(method, path, id)| (method.to_string(), path.to_owned(), id.to_owned())).collect()
}

/// Method, action and path of each route, without the prefix of the group.
fn rows<R: RestResource>() -> Vec<String> {
    let row = |route: &rest_resource::route::Route| {
        let path = route.path.trim_start_matches("/apis/wardle.example.com/v1/");
        format!("{} {} {path}", route.method, route.action.name)
    };
    R::ROUTES.iter().map(row).collect()
}

#[test]
fn c10_1_verbs_of_each_set_of_traits() {
    resource!(Get(): Getter);
    resource!(GetUpdate(): Getter Updater);
    resource!(OptionsUpdate(): GetterWithOptions Updater);
    resource!(ListOnly(): Lister);
    resource!(ListWatch(): Lister Watcher);
    resource!(WatchOnly(): Watcher);
    resource!(Create(): Creater);
    resource!(Named(): NamedCreater);
    resource!(Delete(): GracefulDeleter);
    resource!(DeleteAll(): CollectionDeleter);
    resource!(Connect(): Connecter);
    assert_eq!(Get::VERBS, ["get"]);
    assert_eq!(GetUpdate::VERBS, ["get", "patch", "update"]);
    assert_eq!(OptionsUpdate::VERBS, ["get", "update"]);
    assert_eq!(ListOnly::VERBS, ["list"]);
    assert_eq!(ListWatch::VERBS, ["list", "watch"]);
    assert_eq!(WatchOnly::VERBS, ["watch"]);
    assert_eq!(rows::<WatchOnly>(), ["GET WATCH watch/namespaces/{namespace}/flunders/{name}"]);
    assert_eq!(Create::VERBS, ["create"]);
    assert_eq!(Named::VERBS, ["create"]);
    assert_eq!(Delete::VERBS, ["delete"]);
    assert_eq!(DeleteAll::VERBS, ["deletecollection"]);
    assert_eq!(Connect::VERBS, ["create", "get"]);
}

resource!(Standard(): Getter Lister Creater Updater GracefulDeleter CollectionDeleter Watcher);
resource!(StandardCluster(cluster): Getter Lister Creater Updater GracefulDeleter CollectionDeleter Watcher);

#[test]
fn c10_2_1_routes_of_a_namespaced_standard_storage() {
    assert_eq!(
        rows::<Standard>(),
        [
            "GET LIST namespaces/{namespace}/flunders",
            "POST POST namespaces/{namespace}/flunders",
            "DELETE DELETECOLLECTION namespaces/{namespace}/flunders",
            "GET WATCHLIST watch/namespaces/{namespace}/flunders",
            "GET GET namespaces/{namespace}/flunders/{name}",
            "PUT PUT namespaces/{namespace}/flunders/{name}",
            "PATCH PATCH namespaces/{namespace}/flunders/{name}",
            "DELETE DELETE namespaces/{namespace}/flunders/{name}",
            "GET WATCH watch/namespaces/{namespace}/flunders/{name}",
            "GET LIST flunders",
            "GET WATCHLIST watch/flunders",
        ]
    );
    assert_eq!(Standard::ACTIONS.len(), Standard::ROUTES.len());
    assert_eq!(Standard::VERBS, ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]);
}

#[test]
fn c2_2_routes_of_a_cluster_scoped_standard_storage() {
    assert_eq!(
        rows::<StandardCluster>(),
        [
            "GET LIST flunders",
            "POST POST flunders",
            "DELETE DELETECOLLECTION flunders",
            "GET WATCHLIST watch/flunders",
            "GET GET flunders/{name}",
            "PUT PUT flunders/{name}",
            "PATCH PATCH flunders/{name}",
            "DELETE DELETE flunders/{name}",
            "GET WATCH watch/flunders/{name}",
        ]
    );
    assert_eq!(StandardCluster::INFO.scope, Scope::Cluster);
}

#[test]
fn c2_2_5_and_6_getter_with_options_reads_below_the_object() {
    resource!(Logs(cluster): GetterWithOptions);
    assert_eq!(rows::<Logs>(), ["GET GET flunders/{name}", "GET GET flunders/{name}/{path}"]);
    let ids: Vec<_> = table::<Logs>().into_iter().map(|(_, _, id)| id).collect();
    assert_eq!(ids, ["readWardleExampleComV1Flunder", "readWardleExampleComV1FlunderWithPath"]);
}

#[test]
fn c2_2_11_and_12_connecter_takes_its_methods() {
    #[derive(RestResource)]
    #[rest(version = "v1", resource = "pods/proxy", object = Flunder, parent_kind = "Pod")]
    struct Proxy;
    impl Connecter for Proxy {
        type Options = String;
        const METHODS: &'static [Method] = &[Method::Delete, Method::Get, Method::Head];
        const SUBPATH: bool = true;
        async fn connect(&self, _: &Context, _: &str, _: &String, _: ConnectRequest) -> Result<Response> {
            unimplemented!()
        }
    }
    let all: Vec<_> = table::<Proxy>().into_iter().map(|(method, path, id)| format!("{method} {path} {id}")).collect();
    assert_eq!(
        all,
        [
            "GET /api/v1/namespaces/{namespace}/pods/{name}/proxy connectCoreV1GetNamespacedPodProxy",
            "DELETE /api/v1/namespaces/{namespace}/pods/{name}/proxy connectCoreV1DeleteNamespacedPodProxy",
            "HEAD /api/v1/namespaces/{namespace}/pods/{name}/proxy connectCoreV1HeadNamespacedPodProxy",
            "GET /api/v1/namespaces/{namespace}/pods/{name}/proxy/{path} connectCoreV1GetNamespacedPodProxyWithPath",
            "DELETE /api/v1/namespaces/{namespace}/pods/{name}/proxy/{path} connectCoreV1DeleteNamespacedPodProxyWithPath",
            "HEAD /api/v1/namespaces/{namespace}/pods/{name}/proxy/{path} connectCoreV1HeadNamespacedPodProxyWithPath",
        ]
    );
    assert_eq!(Proxy::VERBS, ["delete", "get"]);
}

#[test]
fn c2_2_3_a_subresource_has_one_path() {
    #[derive(RestResource)]
    #[rest(group = "wardle.example.com", version = "v1", resource = "flunders/status", object = Flunder)]
    struct FlunderStatus;
    verbs!(FlunderStatus: Getter Updater NamedCreater Watcher);
    assert_eq!(
        rows::<FlunderStatus>(),
        [
            "POST POST namespaces/{namespace}/flunders/{name}/status",
            "GET GET namespaces/{namespace}/flunders/{name}/status",
            "PUT PUT namespaces/{namespace}/flunders/{name}/status",
            "PATCH PATCH namespaces/{namespace}/flunders/{name}/status",
            "GET WATCH watch/namespaces/{namespace}/flunders/{name}/status",
        ]
    );
    assert_eq!(FlunderStatus::INFO.subresource, Some("status"));
    assert_eq!(FlunderStatus::INFO.singular, "");
}

#[test]
fn c2_6_operation_ids() {
    let ids: Vec<_> = table::<Standard>().into_iter().map(|(_, _, id)| id).collect();
    assert_eq!(
        ids,
        [
            "listWardleExampleComV1NamespacedFlunder",
            "createWardleExampleComV1NamespacedFlunder",
            "deleteWardleExampleComV1CollectionNamespacedFlunder",
            "watchWardleExampleComV1NamespacedFlunderList",
            "readWardleExampleComV1NamespacedFlunder",
            "replaceWardleExampleComV1NamespacedFlunder",
            "patchWardleExampleComV1NamespacedFlunder",
            "deleteWardleExampleComV1NamespacedFlunder",
            "watchWardleExampleComV1NamespacedFlunder",
            "listWardleExampleComV1FlunderForAllNamespaces",
            "watchWardleExampleComV1FlunderListForAllNamespaces",
        ]
    );
}

#[test]
fn c2_6_4_a_group_of_kubernetes_loses_its_suffix() {
    #[derive(RestResource)]
    #[rest(group = "flowcontrol.apiserver.k8s.io", version = "v1beta3", resource = "flunders/status", object = Flunder, cluster)]
    struct Status;
    verbs!(Status: Getter);
    assert_eq!(table::<Status>()[0].2, "readFlowcontrolApiserverV1beta3FlunderStatus");
}

#[test]
fn c1_33_an_impl_more_is_a_route_more() {
    resource!(Without(): Getter);
    resource!(With(): Getter Lister);
    let (without, with) = (table::<Without>(), table::<With>());
    assert!(without.iter().all(|route| with.contains(route)));
    assert_eq!(with.len(), without.len() + 2);
    assert_eq!((Without::VERBS, With::VERBS), (&["get"][..], &["get", "list"][..]));
}

storage!(Store Index);
verbs!(Store: Getter Lister Creater Updater GracefulDeleter CollectionDeleter Watcher);
verbs!(Index: GetterWithOptions);

macro_rules! embedding {
    ($name:ident($($attribute:tt)*) { $($fields:tt)* }) => {
        embedding!(@ $name ($($attribute)*) { $($fields)* });
    };
    ($name:ident($($attribute:tt)*) ($($fields:tt)*)) => {
        embedding!(@ $name ($($attribute)*) ($($fields)*););
    };
    (@ $name:ident ($($attribute:tt)*) $($fields:tt)*) => {
        #[derive(RestResource)]
        #[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder, $($attribute)*)]
        struct $name $($fields)*
    };
}

#[test]
fn embed_gives_the_verbs_of_the_field() {
    embedding!(All() { #[rest(embed)] store: Store });
    assert_eq!(rows::<All>(), rows::<Standard>());
    embedding!(Some() { #[rest(embed(get, update))] store: Store });
    assert_eq!(Some::VERBS, ["get", "patch", "update"]);
    embedding!(Pinned(verbs(get, list)) { #[rest(embed)] store: Store });
    assert_eq!(Pinned::VERBS, ["get", "list"]);
    embedding!(Tuple()(
        #[rest(embed)]
        Store
    ));
    assert_eq!(rows::<Tuple>(), rows::<Standard>());
}

#[test]
fn c1_15_patch_needs_a_plain_getter_whatever_part_it_is_of() {
    embedding!(Across() { #[rest(embed(get))] store: Store });
    verbs!(Across: Updater);
    assert_eq!(Across::VERBS, ["get", "patch", "update"]);
    embedding!(Options() { #[rest(embed)] index: Index });
    verbs!(Options: Updater);
    assert_eq!(Options::VERBS, ["get", "update"]);
    // Sources first, then priorities: an own `Getter` beats an embedded `GetterWithOptions`.
    embedding!(OwnGetter() { #[rest(embed)] index: Index });
    verbs!(OwnGetter: Getter Updater);
    assert_eq!(OwnGetter::VERBS, ["get", "patch", "update"]);
    embedding!(OwnOptions() { #[rest(embed)] store: Store });
    verbs!(OwnOptions: GetterWithOptions);
    assert!(!OwnOptions::VERBS.contains(&"patch"));
}

#[test]
fn embed_two_fields_with_different_verbs() {
    embedding!(Both() { #[rest(embed(list, watch))] store: Store, #[rest(embed)] index: Index });
    assert_eq!(Both::VERBS, ["get", "list", "watch"]);
    embedding!(Shadowed() { #[rest(embed)] store: Store, #[rest(embed)] index: Index });
    verbs!(Shadowed: Getter);
    assert_eq!(Shadowed::VERBS, Standard::VERBS);
}

#[test]
fn delegate_is_a_real_impl() {
    embedding!(Delegating() { #[rest(delegate(get, list, create, update, delete, delete_collection, watch))] store: Store });
    const fn standard<S: rest_resource::StandardStorage>() {}
    standard::<Delegating>();
    assert_eq!(rows::<Delegating>(), rows::<Standard>());
    embedding!(Options() { #[rest(delegate(get_with_options))] index: Index });
    assert_eq!(rows::<Options>().len(), 2, "the subpath is the field's");
}

impl TryFrom<v2::Flunder> for Flunder {
    type Error = Status;
    fn try_from(_: v2::Flunder) -> Result<Self> {
        unimplemented!()
    }
}

impl From<Flunder> for v2::Flunder {
    fn from(_: Flunder) -> Self {
        unimplemented!()
    }
}

#[test]
fn each_version_has_a_table_of_its_own() {
    resource!(Versions(version(name = "v2", object = v2::Flunder, kind = "Flounder")): Getter);
    let [stored, served] = Versions::VERSIONS else { panic!("two versions") };
    assert_eq!((stored.version, stored.kind), ("v1", "Flunder"));
    assert_eq!((served.version, served.kind), ("v2", "Flounder"));
    assert!(stored.codec.is_stored() && !served.codec.is_stored());
    assert_eq!(served.routes[0].path, "/apis/wardle.example.com/v2/namespaces/{namespace}/flunders/{name}");
    assert_eq!(served.routes[0].operation_id.to_string(), "readWardleExampleComV2NamespacedFlounder");
    assert_eq!(RouteTable::of::<Versions>().len(), 2);
}

#[test]
fn c1_7_and_8_names() {
    resource!(Named(short_names("fl", "flu"), categories("all")): Getter);
    assert_eq!(Named::INFO.singular, "flunder");
    assert_eq!(Named::INFO.short_names, ["fl", "flu"]);
    assert_eq!(Named::INFO.categories, ["all"]);
    resource!(Singular(singular = "flundre"): Getter);
    assert_eq!(Singular::INFO.singular, "flundre");
}

#[test]
fn a_route_table_prints_aligned() {
    resource!(Printed(cluster): Getter Lister Watcher);
    assert_eq!(
        RouteTable::of::<Printed>().to_string(),
        "\
METHOD  ACTION    PATH                                              OPERATION
GET     LIST      /apis/wardle.example.com/v1/flunders              listWardleExampleComV1Flunder
GET     WATCHLIST /apis/wardle.example.com/v1/watch/flunders        watchWardleExampleComV1FlunderList
GET     GET       /apis/wardle.example.com/v1/flunders/{name}       readWardleExampleComV1Flunder
GET     WATCH     /apis/wardle.example.com/v1/watch/flunders/{name} watchWardleExampleComV1Flunder"
    );
}

/// The resource of a golden expansion, compiled: what its doc comments say is what its table has.
#[expect(unreachable_pub, reason = "the input of an expansion is a public item, as users write it")]
mod golden {
    use super::common::*;

    type Process = Flunder;

    include!("../../macros/tests/golden/pinned.in.rs");

    verbs!(Processes: Getter Lister);

    #[test]
    fn the_expansion_of_a_pinned_resource_shows_its_routes() {
        let expansion = include_str!("../../macros/tests/golden/pinned.out.rs");
        let (_, comment) = expansion.split_once("/**\n").unwrap();
        let (comment, _) = comment.split_once("*/").unwrap();
        let shown: Vec<Vec<&str>> = comment.lines().map(|line| line.split_whitespace().collect()).collect();
        let table = RouteTable::of::<Processes>();
        let real: Vec<Vec<&str>> = table.iter().map(|(method, path, id)| vec![method.as_str(), path, id]).collect();
        assert_eq!(shown, real);
    }
}
