#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for Flunders {
        type Object = Flunder;
        fn destroy(
            &self,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
            __rest::destroy(
                &[
                    (self, __PART0.destroyer),
                    (self, __PART0.storage),
                    (self, __PART1.destroyer),
                    (self, __PART1.storage),
                ],
            )
        }
    }
    #[automatically_derived]
    impl __rest::Embeds<Store<Flunder>> for Flunders {
        fn part(&self) -> &Store<Flunder> {
            &self.store
        }
    }
    #[automatically_derived]
    impl __rest::Embeds<Index> for Flunders {
        fn part(&self) -> &Index {
            &self.index
        }
    }
    const __OWN: __rest::Found = __rest::found!(Flunders, Flunders);
    const __PART0: __rest::Found = __rest::found!(Flunders, Store < Flunder >);
    const __PART1: __rest::Found = __rest::found!(Flunders, Index).only(&["list"]);
    const __SOURCES: &[__rest::Found] = &[__OWN, __PART0, __PART1];
    const __SLOTS: __rest::Slots = __rest::Slots::of(
        __SOURCES,
        ::core::option::Option::Some(&["get", "update", "patch"]),
    );
    /// GET     /apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name} readWardleExampleComV1NamespacedFlunder
    /// PUT     /apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name} replaceWardleExampleComV1NamespacedFlunder
    /// PATCH   /apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name} patchWardleExampleComV1NamespacedFlunder
    const __V1: &[&[__rest::Candidate]] = &[
        &[
            __SLOTS
                .get
                .at(
                    "/apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name}",
                    "readWardleExampleComV1NamespacedFlunder",
                ),
        ],
        &[
            __SLOTS
                .put
                .at(
                    "/apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name}",
                    "replaceWardleExampleComV1NamespacedFlunder",
                ),
        ],
        &[
            __SLOTS
                .patch
                .at(
                    "/apis/wardle.example.com/v1/namespaces/{namespace}/flunders/{name}",
                    "patchWardleExampleComV1NamespacedFlunder",
                ),
        ],
    ];
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
                version: "v1",
                kind: "Flunder",
                routes: &__rest::table::<{ __rest::count(__V1) }>(__V1),
                codec: __rest::stored::<Flunders>(),
            },
        ];
        const HOOKS: __rest::Hooks = __rest::hooks(__SOURCES);
    }
    const _: () = __rest::require(
        (__OWN.get.is() || __PART0.get.is() || __PART1.get.is()) || !__PART0.is_part
            || !__PART1.is_part,
        "verb `get` is declared, but neither `Flunders` nor what it embeds implements `Getter`: write the impl, or remove `get`",
    );
    const _: () = __rest::require(
        (__OWN.update.is() || __PART0.update.is() || __PART1.update.is())
            || !__PART0.is_part || !__PART1.is_part,
        "verb `update` is declared, but neither `Flunders` nor what it embeds implements `Updater`: write the impl, or remove `update`",
    );
    const _: () = __rest::require(
        (__SLOTS.patch.is()) || !__PART0.is_part || !__PART1.is_part,
        "verb `patch` is declared, but neither `Flunders` nor what it embeds implements `Getter` and `Updater`: write the impl, or remove `patch`",
    );
    const _: () = __rest::require(
        !__OWN.list.is(),
        "`Flunders` implements `Lister`, but `verbs(...)` does not declare `list`: add `list` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.create.is(),
        "`Flunders` implements `Creater`, but `verbs(...)` does not declare `create`: add `create` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.create_named.is(),
        "`Flunders` implements `NamedCreater`, but `verbs(...)` does not declare `create_named`: add `create_named` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.delete_collection.is(),
        "`Flunders` implements `CollectionDeleter`, but `verbs(...)` does not declare `delete_collection`: add `delete_collection` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.get_with_options.is(),
        "`Flunders` implements `GetterWithOptions`, but `verbs(...)` does not declare `get_with_options`: add `get_with_options` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.delete.is(),
        "`Flunders` implements `GracefulDeleter`, but `verbs(...)` does not declare `delete`: add `delete` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.watch.is(),
        "`Flunders` implements `Watcher`, but `verbs(...)` does not declare `watch`: add `watch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.connect.is(),
        "`Flunders` implements `Connecter`, but `verbs(...)` does not declare `connect`: add `connect` to serve it, or remove the impl",
    );
    const _: () = {
        const fn __declared<T: __rest::Lister>() {}
        __declared::<Index>()
    };
};
