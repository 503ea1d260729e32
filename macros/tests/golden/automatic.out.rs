#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for Flunders {
        type Object = v1alpha1::Flunder;
    }
    const __FOUND: &__rest::Detected<1> = &__rest::Detected::of(
        [__rest::found!(Flunders, Flunders)],
        ::core::option::Option::None,
    );
    /// GET     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders               listWardleExampleComV1alpha1NamespacedFlunder if `Lister`
    /// POST    /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders               createWardleExampleComV1alpha1NamespacedFlunder if `NamedCreater` or `Creater`
    /// DELETE  /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders               deleteWardleExampleComV1alpha1CollectionNamespacedFlunder if `CollectionDeleter`
    /// GET     /apis/wardle.example.com/v1alpha1/watch/namespaces/{namespace}/flunders         watchWardleExampleComV1alpha1NamespacedFlunderList if `Lister` and `Watcher`
    /// GET     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        readWardleExampleComV1alpha1NamespacedFlunder if `GetterWithOptions` or `Getter`
    /// GET     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} readWardleExampleComV1alpha1NamespacedFlunderWithPath if `GetterWithOptions` or `Getter`, `SUBPATH`
    /// PUT     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        replaceWardleExampleComV1alpha1NamespacedFlunder if `Updater`
    /// PATCH   /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        patchWardleExampleComV1alpha1NamespacedFlunder if `Getter` and `Updater`
    /// DELETE  /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        deleteWardleExampleComV1alpha1NamespacedFlunder if `GracefulDeleter`
    /// GET     /apis/wardle.example.com/v1alpha1/watch/namespaces/{namespace}/flunders/{name}  watchWardleExampleComV1alpha1NamespacedFlunder if `Watcher`
    /// GET     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1alpha1GetNamespacedFlunder if `Connecter`, `METHODS` has `Get`
    /// POST    /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1alpha1PostNamespacedFlunder if `Connecter`, `METHODS` has `Post`
    /// PUT     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1alpha1PutNamespacedFlunder if `Connecter`, `METHODS` has `Put`
    /// PATCH   /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1alpha1PatchNamespacedFlunder if `Connecter`, `METHODS` has `Patch`
    /// DELETE  /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1alpha1DeleteNamespacedFlunder if `Connecter`, `METHODS` has `Delete`
    /// HEAD    /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1alpha1HeadNamespacedFlunder if `Connecter`, `METHODS` has `Head`
    /// OPTIONS /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1alpha1OptionsNamespacedFlunder if `Connecter`, `METHODS` has `Options`
    /// GET     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1alpha1GetNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Get`, `SUBPATH`
    /// POST    /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1alpha1PostNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Post`, `SUBPATH`
    /// PUT     /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1alpha1PutNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Put`, `SUBPATH`
    /// PATCH   /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1alpha1PatchNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Patch`, `SUBPATH`
    /// DELETE  /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1alpha1DeleteNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Delete`, `SUBPATH`
    /// HEAD    /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1alpha1HeadNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Head`, `SUBPATH`
    /// OPTIONS /apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1alpha1OptionsNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Options`, `SUBPATH`
    /// GET     /apis/wardle.example.com/v1alpha1/flunders                                      listWardleExampleComV1alpha1FlunderForAllNamespaces if `Lister`
    /// GET     /apis/wardle.example.com/v1alpha1/watch/flunders                                watchWardleExampleComV1alpha1FlunderListForAllNamespaces if `Lister` and `Watcher`
    const __V1ALPHA1: &__rest::Places = &__rest::Places {
        collection: "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders",
        item: "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}",
        below: "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}/{path}",
        watch: "/apis/wardle.example.com/v1alpha1/watch/namespaces/{namespace}/flunders",
        watch_item: "/apis/wardle.example.com/v1alpha1/watch/namespaces/{namespace}/flunders/{name}",
        everywhere: "/apis/wardle.example.com/v1alpha1/flunders",
        watch_everywhere: "/apis/wardle.example.com/v1alpha1/watch/flunders",
        namespaced: true,
        operation: ("WardleExampleComV1alpha1", "Flunder"),
    };
    /// GET     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders               listWardleExampleComV1beta1NamespacedFlunder if `Lister`
    /// POST    /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders               createWardleExampleComV1beta1NamespacedFlunder if `NamedCreater` or `Creater`
    /// DELETE  /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders               deleteWardleExampleComV1beta1CollectionNamespacedFlunder if `CollectionDeleter`
    /// GET     /apis/wardle.example.com/v1beta1/watch/namespaces/{namespace}/flunders         watchWardleExampleComV1beta1NamespacedFlunderList if `Lister` and `Watcher`
    /// GET     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        readWardleExampleComV1beta1NamespacedFlunder if `GetterWithOptions` or `Getter`
    /// GET     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} readWardleExampleComV1beta1NamespacedFlunderWithPath if `GetterWithOptions` or `Getter`, `SUBPATH`
    /// PUT     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        replaceWardleExampleComV1beta1NamespacedFlunder if `Updater`
    /// PATCH   /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        patchWardleExampleComV1beta1NamespacedFlunder if `Getter` and `Updater`
    /// DELETE  /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        deleteWardleExampleComV1beta1NamespacedFlunder if `GracefulDeleter`
    /// GET     /apis/wardle.example.com/v1beta1/watch/namespaces/{namespace}/flunders/{name}  watchWardleExampleComV1beta1NamespacedFlunder if `Watcher`
    /// GET     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1beta1GetNamespacedFlunder if `Connecter`, `METHODS` has `Get`
    /// POST    /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1beta1PostNamespacedFlunder if `Connecter`, `METHODS` has `Post`
    /// PUT     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1beta1PutNamespacedFlunder if `Connecter`, `METHODS` has `Put`
    /// PATCH   /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1beta1PatchNamespacedFlunder if `Connecter`, `METHODS` has `Patch`
    /// DELETE  /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1beta1DeleteNamespacedFlunder if `Connecter`, `METHODS` has `Delete`
    /// HEAD    /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1beta1HeadNamespacedFlunder if `Connecter`, `METHODS` has `Head`
    /// OPTIONS /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}        connectWardleExampleComV1beta1OptionsNamespacedFlunder if `Connecter`, `METHODS` has `Options`
    /// GET     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1beta1GetNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Get`, `SUBPATH`
    /// POST    /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1beta1PostNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Post`, `SUBPATH`
    /// PUT     /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1beta1PutNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Put`, `SUBPATH`
    /// PATCH   /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1beta1PatchNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Patch`, `SUBPATH`
    /// DELETE  /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1beta1DeleteNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Delete`, `SUBPATH`
    /// HEAD    /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1beta1HeadNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Head`, `SUBPATH`
    /// OPTIONS /apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path} connectWardleExampleComV1beta1OptionsNamespacedFlunderWithPath if `Connecter`, `METHODS` has `Options`, `SUBPATH`
    /// GET     /apis/wardle.example.com/v1beta1/flunders                                      listWardleExampleComV1beta1FlunderForAllNamespaces if `Lister`
    /// GET     /apis/wardle.example.com/v1beta1/watch/flunders                                watchWardleExampleComV1beta1FlunderListForAllNamespaces if `Lister` and `Watcher`
    const __V1BETA1: &__rest::Places = &__rest::Places {
        collection: "/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders",
        item: "/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}",
        below: "/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}/{path}",
        watch: "/apis/wardle.example.com/v1beta1/watch/namespaces/{namespace}/flunders",
        watch_item: "/apis/wardle.example.com/v1beta1/watch/namespaces/{namespace}/flunders/{name}",
        everywhere: "/apis/wardle.example.com/v1beta1/flunders",
        watch_everywhere: "/apis/wardle.example.com/v1beta1/watch/flunders",
        namespaced: true,
        operation: ("WardleExampleComV1beta1", "Flunder"),
    };
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
        const VERSIONS: &'static [__rest::Served] = &[
            __rest::Served {
                version: "v1alpha1",
                kind: "Flunder",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, __V1ALPHA1) },
                >(&__FOUND.slots, __V1ALPHA1),
                codec: __rest::stored::<Flunders>(),
            },
            __rest::Served {
                version: "v1beta1",
                kind: "Flunder",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, __V1BETA1) },
                >(&__FOUND.slots, __V1BETA1),
                codec: <v1beta1::Flunder as __rest::VersionOf<
                    <Flunders as __rest::Storage>::Object,
                >>::CODEC,
            },
        ];
        const HOOKS: __rest::Hooks = __FOUND.hooks;
    }
    const _: () = {
        __rest::require(
            __FOUND.serves(),
            "`Flunders` implements no REST verb: write an impl of `Getter`, `Lister`, `Creater`, `Watcher`, `Connecter` or another verb trait",
        );
        __FOUND
            .connects(
                false,
                "the `Connecter` of `Flunders` takes no method: name some in `METHODS`",
                "the `Connecter` of `Flunders` takes a method that another verb serves on the same path: leave it out of `METHODS`, or connect on a subresource",
            );
    };
    const _: () = __rest::one_of_each(
        &__FOUND.sources[0],
        "`Flunders` implements `Getter` and `GetterWithOptions`, which answer the same requests: remove one of them",
        "`Flunders` implements `Creater` and `NamedCreater`, which answer the same requests: remove one of them",
        "`Flunders` implements `Getter` and `GetterWithOptions`, which answer the same requests: remove one of them\n`Flunders` implements `Creater` and `NamedCreater`, which answer the same requests: remove one of them",
    );
};
