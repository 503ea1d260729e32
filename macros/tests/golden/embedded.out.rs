#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for Flunders {
        type Object = Flunder;
        const SOURCES: &'static [__rest::Found] = &__FOUND.sources;
    }
    #[automatically_derived]
    impl __rest::Embeds<Store<Flunder>> for Flunders {
        fn part(&self) -> &Store<Flunder> {
            __rest::embedded::<Self, Store<Flunder>>(&self.store)
        }
    }
    #[automatically_derived]
    impl __rest::Embeds<Index> for Flunders {
        fn part(&self) -> &Index {
            __rest::embedded::<Self, Index>(&self.index)
        }
    }
    static __FOUND: __rest::Detected<3> = __rest::Detected::of(
        [
            __rest::found!(Flunders, Flunders),
            __rest::found!(Flunders, Store < Flunder >),
            __rest::found!(Flunders, Index).only(&[__rest::Verb::List]),
        ],
        ::core::option::Option::Some(
            &[__rest::Verb::Get, __rest::Verb::Update, __rest::Verb::Patch],
        ),
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
 GET     /apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name} readWardleExampleComV1NamespacedFlunder
 PUT     /apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name} replaceWardleExampleComV1NamespacedFlunder
 PATCH   /apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name} patchWardleExampleComV1NamespacedFlunder
*/
        const VERSIONS: &'static [__rest::Served] = &[
            __rest::Served {
                version: "v1",
                kind: "Flunder",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, true) },
                >(
                    &__FOUND.slots,
                    &__rest::Places {
                        collection: "/apis/wardle.example.com/v1/namespaces/{namespace}/flunders",
                        item: "/apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name}",
                        below: "/apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name}/{path}",
                        watch: "/apis/wardle.example.com/v1/watch/namespaces/{namespace}/flunders",
                        watch_item: "/apis/wardle.example.com/v1/watch/namespaces/{namespace}/flunders/{name}",
                        everywhere: "/apis/wardle.example.com/v1/flunders",
                        watch_everywhere: "/apis/wardle.example.com/v1/watch/flunders",
                        namespaced: true,
                        operation: ("WardleExampleComV1", "Flunder"),
                    },
                ),
                codec: __rest::stored::<Flunders>(),
            },
        ];
    }
    const _: () = __rest::require(
        __FOUND
            .or_no_part(
                __FOUND.sources[0].get.is() || __FOUND.sources[1].get.is()
                    || __FOUND.sources[2].get.is(),
            ),
        "verb `get` is declared, but neither `Flunders` nor what it embeds implements `Getter`: write the impl, or remove `get`",
    );
    const _: () = __rest::require(
        __FOUND
            .or_no_part(
                __FOUND.sources[0].update.is() || __FOUND.sources[1].update.is()
                    || __FOUND.sources[2].update.is(),
            ),
        "verb `update` is declared, but neither `Flunders` nor what it embeds implements `Updater`: write the impl, or remove `update`",
    );
    const _: () = __rest::require(
        __FOUND.or_no_part(__FOUND.slots.patch.is()),
        "verb `patch` is declared, but neither `Flunders` nor what it embeds implements `Getter` and `Updater`: write the impl, or remove `patch`",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].list.is(),
        "`Flunders` implements `Lister`, but `verbs(...)` does not declare `list`: add `list` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].create.is(),
        "`Flunders` implements `Creater`, but `verbs(...)` does not declare `create`: add `create` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].create_named.is(),
        "`Flunders` implements `NamedCreater`, but `verbs(...)` does not declare `create_named`: add `create_named` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].delete_collection.is(),
        "`Flunders` implements `CollectionDeleter`, but `verbs(...)` does not declare `delete_collection`: add `delete_collection` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].get_with_options.is(),
        "`Flunders` implements `GetterWithOptions`, but `verbs(...)` does not declare `get_with_options`: add `get_with_options` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].delete.is(),
        "`Flunders` implements `GracefulDeleter`, but `verbs(...)` does not declare `delete`: add `delete` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].watch.is(),
        "`Flunders` implements `Watcher`, but `verbs(...)` does not declare `watch`: add `watch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].connect.is(),
        "`Flunders` implements `Connecter`, but `verbs(...)` does not declare `connect`: add `connect` to serve it, or remove the impl",
    );
    const _: () = {
        {
            const fn __declared<T: __rest::Lister>() {}
            __declared::<Index>()
        }
    };
};
