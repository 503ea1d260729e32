#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for PodExec {
        type Object = PodExecOptions;
        const SOURCES: &'static [__rest::Found] = &__FOUND.sources;
    }
    static __FOUND: __rest::Detected<1> = __rest::Detected::of(
        [__rest::found!(PodExec, PodExec)],
        ::core::option::Option::Some(&[__rest::Verb::Connect]),
    );
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
        /**
 CONNECT /api/v1/namespaces/{namespace}/pods/{name}/exec        connectCoreV1{Method}NamespacedPodExec for each method in `METHODS`
 CONNECT /api/v1/namespaces/{namespace}/pods/{name}/exec/{path} connectCoreV1{Method}NamespacedPodExecWithPath for each method in `METHODS` if `SUBPATH`
*/
        const VERSIONS: &'static [__rest::Served] = &[
            __rest::Served {
                version: "v1",
                kind: "PodExecOptions",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, false) },
                >(
                    &__FOUND.slots,
                    &__rest::Places {
                        collection: "/api/v1/namespaces/{namespace}/pods/{name}/exec",
                        item: "/api/v1/namespaces/{namespace}/pods/{name}/exec",
                        below: "/api/v1/namespaces/{namespace}/pods/{name}/exec/{path}",
                        watch: "/api/v1/watch/namespaces/{namespace}/pods/{name}/exec",
                        watch_item: "/api/v1/watch/namespaces/{namespace}/pods/{name}/exec",
                        everywhere: "",
                        watch_everywhere: "",
                        namespaced: true,
                        operation: ("CoreV1", "PodExec"),
                    },
                ),
                codec: __rest::stored::<PodExec>(),
            },
        ];
    }
    const _: () = __FOUND.connects("PodExec", true);
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
    const _: () = {
        {
            const fn __declared<T: __rest::Connecter>() {}
            __declared::<PodExec>()
        }
    };
};
