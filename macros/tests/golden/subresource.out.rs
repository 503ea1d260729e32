#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for PodExec {
        type Object = PodExecOptions;
    }
    const __FOUND: &__rest::Detected<1> = &__rest::Detected::of(
        [__rest::found!(PodExec, PodExec)],
        ::core::option::Option::Some(&[__rest::Verb::Connect]),
    );
    /// GET     /api/v1/namespaces/{namespace}/pods/{name}/exec        connectCoreV1GetNamespacedPodExec if `METHODS` has `Get`
    /// POST    /api/v1/namespaces/{namespace}/pods/{name}/exec        connectCoreV1PostNamespacedPodExec if `METHODS` has `Post`
    /// PUT     /api/v1/namespaces/{namespace}/pods/{name}/exec        connectCoreV1PutNamespacedPodExec if `METHODS` has `Put`
    /// PATCH   /api/v1/namespaces/{namespace}/pods/{name}/exec        connectCoreV1PatchNamespacedPodExec if `METHODS` has `Patch`
    /// DELETE  /api/v1/namespaces/{namespace}/pods/{name}/exec        connectCoreV1DeleteNamespacedPodExec if `METHODS` has `Delete`
    /// HEAD    /api/v1/namespaces/{namespace}/pods/{name}/exec        connectCoreV1HeadNamespacedPodExec if `METHODS` has `Head`
    /// OPTIONS /api/v1/namespaces/{namespace}/pods/{name}/exec        connectCoreV1OptionsNamespacedPodExec if `METHODS` has `Options`
    /// GET     /api/v1/namespaces/{namespace}/pods/{name}/exec/{path} connectCoreV1GetNamespacedPodExecWithPath if `METHODS` has `Get`, `SUBPATH`
    /// POST    /api/v1/namespaces/{namespace}/pods/{name}/exec/{path} connectCoreV1PostNamespacedPodExecWithPath if `METHODS` has `Post`, `SUBPATH`
    /// PUT     /api/v1/namespaces/{namespace}/pods/{name}/exec/{path} connectCoreV1PutNamespacedPodExecWithPath if `METHODS` has `Put`, `SUBPATH`
    /// PATCH   /api/v1/namespaces/{namespace}/pods/{name}/exec/{path} connectCoreV1PatchNamespacedPodExecWithPath if `METHODS` has `Patch`, `SUBPATH`
    /// DELETE  /api/v1/namespaces/{namespace}/pods/{name}/exec/{path} connectCoreV1DeleteNamespacedPodExecWithPath if `METHODS` has `Delete`, `SUBPATH`
    /// HEAD    /api/v1/namespaces/{namespace}/pods/{name}/exec/{path} connectCoreV1HeadNamespacedPodExecWithPath if `METHODS` has `Head`, `SUBPATH`
    /// OPTIONS /api/v1/namespaces/{namespace}/pods/{name}/exec/{path} connectCoreV1OptionsNamespacedPodExecWithPath if `METHODS` has `Options`, `SUBPATH`
    const __V1: &__rest::Places = &__rest::Places {
        collection: "/api/v1/namespaces/{namespace}/pods/{name}/exec",
        item: "/api/v1/namespaces/{namespace}/pods/{name}/exec",
        below: "/api/v1/namespaces/{namespace}/pods/{name}/exec/{path}",
        watch: "/api/v1/watch/namespaces/{namespace}/pods/{name}/exec",
        watch_item: "/api/v1/watch/namespaces/{namespace}/pods/{name}/exec",
        everywhere: "",
        watch_everywhere: "",
        namespaced: true,
        operation: ("CoreV1", "PodExec"),
    };
    #[automatically_derived]
    impl __rest::RestResource for PodExec {
        const INFO: __rest::Info = __rest::Info {
            group: "",
            resource: "pods",
            subresource: ::core::option::Option::Some("exec"),
            singular: "",
            scope: __rest::Scope::Namespaced,
            short_names: &[],
            categories: &[],
            columns: &[],
        };
        const VERSIONS: &'static [__rest::Served] = &[
            __rest::Served {
                version: "v1",
                kind: "PodExecOptions",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, __V1) },
                >(&__FOUND.slots, __V1),
                codec: __rest::stored::<PodExec>(),
            },
        ];
        const HOOKS: __rest::Hooks = __FOUND.hooks;
    }
    const _: () = {
        __FOUND
            .connects(
                true,
                "the `Connecter` of `PodExec` takes no method: name some in `METHODS`",
                "the `Connecter` of `PodExec` takes a method that another verb serves on the same path: leave it out of `METHODS`, or connect on a subresource",
            );
    };
    const _: () = {
        const fn __declared<T: __rest::Connecter>() {}
        __declared::<PodExec>()
    };
    const _: () = __rest::require(
        !__FOUND.sources[0].list.is(),
        "`PodExec` implements `Lister`, but `verbs(...)` does not declare `list`: add `list` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].create.is(),
        "`PodExec` implements `Creater`, but `verbs(...)` does not declare `create`: add `create` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].create_named.is(),
        "`PodExec` implements `NamedCreater`, but `verbs(...)` does not declare `create_named`: add `create_named` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].delete_collection.is(),
        "`PodExec` implements `CollectionDeleter`, but `verbs(...)` does not declare `delete_collection`: add `delete_collection` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].get.is(),
        "`PodExec` implements `Getter`, but `verbs(...)` does not declare `get`: add `get` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].get_with_options.is(),
        "`PodExec` implements `GetterWithOptions`, but `verbs(...)` does not declare `get_with_options`: add `get_with_options` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].update.is(),
        "`PodExec` implements `Updater`, but `verbs(...)` does not declare `update`: add `update` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND
            .sources[0]
            .patch
            .beside(&__FOUND.sources[0].get_with_options.or(__FOUND.sources[0].get))
            .is(),
        "`PodExec` implements `Getter` and `Updater`, but `verbs(...)` does not declare `patch`: add `patch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].delete.is(),
        "`PodExec` implements `GracefulDeleter`, but `verbs(...)` does not declare `delete`: add `delete` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].watch.is(),
        "`PodExec` implements `Watcher`, but `verbs(...)` does not declare `watch`: add `watch` to serve it, or remove the impl",
    );
};
