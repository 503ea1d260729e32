#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for Flunders {
        type Object = v1alpha1::Flunder;
        const SOURCES: &'static [__rest::Found] = &__FOUND.sources;
    }
    static __FOUND: __rest::Detected<1> = __rest::Detected::of(
        [__rest::found!(Flunders, Flunders)],
        ::core::option::Option::None,
    );
    #[automatically_derived]
    impl __rest::RestResource for Flunders {
        const INFO: __rest::Info = __rest::Info {
            group: "wardle.example.com",
            resource: "flunders",
            subresource: ::core::option::Option::None,
            singular: "flunder",
            scope: __rest::Scope::Namespaced,
            short_names: &[],
            categories: &[],
            columns: &[],
        };
        /**
 GET     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders               listWardleExampleComV1alpha1NamespacedFlunder if `Lister`
 POST    /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders               createWardleExampleComV1alpha1NamespacedFlunder if `NamedCreater` or `Creater`
 DELETE  /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders               deleteWardleExampleComV1alpha1CollectionNamespacedFlunder if `CollectionDeleter`
 GET     /apis/wardle.example.com/v1alpha1/watch/namespaces/{namespace}/flunders         watchWardleExampleComV1alpha1NamespacedFlunderList if `Lister` and `Watcher`
 GET     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        readWardleExampleComV1alpha1NamespacedFlunder if `GetterWithOptions` or `Getter`
 GET     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} readWardleExampleComV1alpha1NamespacedFlunderWithPath if `GetterWithOptions` or `Getter`, `SUBPATH`
 PUT     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        replaceWardleExampleComV1alpha1NamespacedFlunder if `Updater`
 PATCH   /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        patchWardleExampleComV1alpha1NamespacedFlunder if `Getter` and `Updater`
 DELETE  /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        deleteWardleExampleComV1alpha1NamespacedFlunder if `GracefulDeleter`
 GET     /apis/wardle.example.com/v1alpha1/watch/namespaces/{namespace}/flunders/{name}  watchWardleExampleComV1alpha1NamespacedFlunder if `Watcher`
 CONNECT /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1alpha1{Method}NamespacedFlunder for each method in `METHODS` if `Connecter`
 CONNECT /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1alpha1{Method}NamespacedFlunderWithPath for each method in `METHODS` if `Connecter`, `SUBPATH`
 GET     /apis/wardle.example.com/v1alpha1/flunders                                      listWardleExampleComV1alpha1FlunderForAllNamespaces if `Lister`
 GET     /apis/wardle.example.com/v1alpha1/watch/flunders                                watchWardleExampleComV1alpha1FlunderListForAllNamespaces if `Lister` and `Watcher`
*/
        /**
 GET     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders               listWardleExampleComV1beta1NamespacedFlunder if `Lister`
 POST    /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders               createWardleExampleComV1beta1NamespacedFlunder if `NamedCreater` or `Creater`
 DELETE  /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders               deleteWardleExampleComV1beta1CollectionNamespacedFlunder if `CollectionDeleter`
 GET     /apis/wardle.example.com/v1beta1/watch/namespaces/{namespace}/flunders         watchWardleExampleComV1beta1NamespacedFlunderList if `Lister` and `Watcher`
 GET     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        readWardleExampleComV1beta1NamespacedFlunder if `GetterWithOptions` or `Getter`
 GET     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} readWardleExampleComV1beta1NamespacedFlunderWithPath if `GetterWithOptions` or `Getter`, `SUBPATH`
 PUT     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        replaceWardleExampleComV1beta1NamespacedFlunder if `Updater`
 PATCH   /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        patchWardleExampleComV1beta1NamespacedFlunder if `Getter` and `Updater`
 DELETE  /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        deleteWardleExampleComV1beta1NamespacedFlunder if `GracefulDeleter`
 GET     /apis/wardle.example.com/v1beta1/watch/namespaces/{namespace}/flunders/{name}  watchWardleExampleComV1beta1NamespacedFlunder if `Watcher`
 CONNECT /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1beta1{Method}NamespacedFlunder for each method in `METHODS` if `Connecter`
 CONNECT /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1beta1{Method}NamespacedFlunderWithPath for each method in `METHODS` if `Connecter`, `SUBPATH`
 GET     /apis/wardle.example.com/v1beta1/flunders                                      listWardleExampleComV1beta1FlunderForAllNamespaces if `Lister`
 GET     /apis/wardle.example.com/v1beta1/watch/flunders                                watchWardleExampleComV1beta1FlunderListForAllNamespaces if `Lister` and `Watcher`
*/
        const VERSIONS: &'static [__rest::Served] = &[
            __rest::Served {
                version: "v1alpha1",
                kind: "Flunder",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, true) },
                >(
                    &__FOUND.slots,
                    &__rest::Places {
                        collection: "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders",
                        item: "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}",
                        below: "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path}",
                        watch: "/apis/wardle.example.com/v1alpha1/watch/namespaces/{namespace}/flunders",
                        watch_item: "/apis/wardle.example.com/v1alpha1/watch/namespaces/{namespace}/flunders/{name}",
                        everywhere: "/apis/wardle.example.com/v1alpha1/flunders",
                        watch_everywhere: "/apis/wardle.example.com/v1alpha1/watch/flunders",
                        namespaced: true,
                        operation: ("WardleExampleComV1alpha1", "Flunder"),
                    },
                ),
                codec: __rest::stored::<Flunders>(),
            },
            __rest::Served {
                version: "v1beta1",
                kind: "Flunder",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, true) },
                >(
                    &__FOUND.slots,
                    &__rest::Places {
                        collection: "/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders",
                        item: "/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}",
                        below: "/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path}",
                        watch: "/apis/wardle.example.com/v1beta1/watch/namespaces/{namespace}/flunders",
                        watch_item: "/apis/wardle.example.com/v1beta1/watch/namespaces/{namespace}/flunders/{name}",
                        everywhere: "/apis/wardle.example.com/v1beta1/flunders",
                        watch_everywhere: "/apis/wardle.example.com/v1beta1/watch/flunders",
                        namespaced: true,
                        operation: ("WardleExampleComV1beta1", "Flunder"),
                    },
                ),
                codec: <v1beta1::Flunder as __rest::VersionOf<
                    <Flunders as __rest::Storage>::Object,
                >>::CODEC,
            },
        ];
    }
    const _: () = __FOUND.check("Flunders", false);
};
