#[allow(unused_qualifications)]
const _: () = {
    use crate::rest::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for Pods {
        type Object = Pod;
        const SOURCES: &'static [__rest::Found] = &__FOUND.sources;
    }
    #[automatically_derived]
    impl __rest::Embeds<Store<Pod>> for Pods {
        fn part(&self) -> &Store<Pod> {
            &self.store
        }
    }
    #[automatically_derived]
    impl __rest::Getter for Pods {
        async fn get(
            &self,
            cx: &__rest::Context,
            name: &::core::primitive::str,
            options: &__rest::GetOptions,
        ) -> __rest::Result<<Self as __rest::Storage>::Object> {
            <Store<Pod> as __rest::Getter>::get(&self.store, cx, name, options).await
        }
        async fn get_reply(
            &self,
            cx: &__rest::Context,
            name: &::core::primitive::str,
            options: &__rest::GetOptions,
        ) -> __rest::Result<__rest::Reply<<Self as __rest::Storage>::Object>> {
            <Store<Pod> as __rest::Getter>::get_reply(&self.store, cx, name, options)
                .await
        }
    }
    #[automatically_derived]
    impl __rest::Lister for Pods {
        async fn list(
            &self,
            cx: &__rest::Context,
            options: &__rest::ListOptions,
        ) -> __rest::Result<__rest::List<<Self as __rest::Storage>::Object>> {
            <Store<Pod> as __rest::Lister>::list(&self.store, cx, options).await
        }
        async fn list_reply(
            &self,
            cx: &__rest::Context,
            options: &__rest::ListOptions,
        ) -> __rest::Result<__rest::ListReply<<Self as __rest::Storage>::Object>> {
            <Store<Pod> as __rest::Lister>::list_reply(&self.store, cx, options).await
        }
    }
    static __FOUND: __rest::Detected<2> = __rest::Detected::of(
        [__rest::found!(Pods, Pods), __rest::found!(Pods, Store < Pod >).only(&[])],
        ::core::option::Option::Some(&[__rest::Verb::Get, __rest::Verb::List]),
    );
    #[automatically_derived]
    impl __rest::RestResource for Pods {
        const INFO: __rest::Info = __rest::Info {
            group: "",
            resource: "pods",
            subresource: ::core::option::Option::None,
            singular: "pod",
            scope: __rest::Scope::Namespaced,
            short_names: &[],
            categories: &[],
            columns: &[],
        };
        /**
 GET     /api/v1/namespaces/{namespace}/pods        listCoreV1NamespacedPod
 GET     /api/v1/namespaces/{namespace}/pods/{name} readCoreV1NamespacedPod
 GET     /api/v1/pods                               listCoreV1PodForAllNamespaces
*/
        const VERSIONS: &'static [__rest::Served] = &[
            __rest::Served {
                version: "v1",
                kind: "Pod",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, true) },
                >(
                    &__FOUND.slots,
                    &__rest::Places {
                        collection: "/api/v1/namespaces/{namespace}/pods",
                        item: "/api/v1/namespaces/{namespace}/pods/{name}",
                        below: "/api/v1/namespaces/{namespace}/pods/{name}/{path}",
                        watch: "/api/v1/watch/namespaces/{namespace}/pods",
                        watch_item: "/api/v1/watch/namespaces/{namespace}/pods/{name}",
                        everywhere: "/api/v1/pods",
                        watch_everywhere: "/api/v1/watch/pods",
                        namespaced: true,
                        operation: ("CoreV1", "Pod"),
                    },
                ),
                codec: __rest::stored::<Pods>(),
            },
        ];
    }
    const _: () = __rest::require(
        !__FOUND.sources[0].create.is(),
        "`Pods` implements `Creater`, but `verbs(...)` does not declare `create`: add `create` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].create_named.is(),
        "`Pods` implements `NamedCreater`, but `verbs(...)` does not declare `create_named`: add `create_named` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].delete_collection.is(),
        "`Pods` implements `CollectionDeleter`, but `verbs(...)` does not declare `delete_collection`: add `delete_collection` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].get_with_options.is(),
        "`Pods` implements `GetterWithOptions`, but `verbs(...)` does not declare `get_with_options`: add `get_with_options` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].update.is(),
        "`Pods` implements `Updater`, but `verbs(...)` does not declare `update`: add `update` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND
            .sources[0]
            .patch
            .beside(&__FOUND.sources[0].get_with_options.or(__FOUND.sources[0].get))
            .is(),
        "`Pods` implements `Getter` and `Updater`, but `verbs(...)` does not declare `patch`: add `patch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].delete.is(),
        "`Pods` implements `GracefulDeleter`, but `verbs(...)` does not declare `delete`: add `delete` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].watch.is(),
        "`Pods` implements `Watcher`, but `verbs(...)` does not declare `watch`: add `watch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].connect.is(),
        "`Pods` implements `Connecter`, but `verbs(...)` does not declare `connect`: add `connect` to serve it, or remove the impl",
    );
    const _: () = {
        {
            const fn __declared<T: __rest::Getter>() {}
            __declared::<Pods>()
        }
        {
            const fn __declared<T: __rest::Lister>() {}
            __declared::<Pods>()
        }
    };
};
