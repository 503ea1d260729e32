#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for Processes {
        type Object = Process;
    }
    const __OWN: __rest::Found = __rest::found!(Processes, Processes);
    const __SOURCES: &[__rest::Found] = &[__OWN];
    const __SLOTS: __rest::Slots = __rest::Slots::of(
        __SOURCES,
        ::core::option::Option::Some(&["get", "list"]),
    );
    /// GET     /apis/proc.example.com/v1/processes        listProcExampleComV1Process
    /// GET     /apis/proc.example.com/v1/processes/{name} readProcExampleComV1Process
    const __V1: &[&[__rest::Candidate]] = &[
        &[
            __SLOTS
                .list
                .at("/apis/proc.example.com/v1/processes", "listProcExampleComV1Process"),
        ],
        &[
            __SLOTS
                .get
                .at(
                    "/apis/proc.example.com/v1/processes/{name}",
                    "readProcExampleComV1Process",
                ),
        ],
    ];
    #[automatically_derived]
    impl __rest::RestResource for Processes {
        const INFO: __rest::Info = __rest::Info {
            group: "proc.example.com",
            resource: "processes",
            subresource: ::core::option::Option::None,
            singular: "process",
            scope: __rest::Scope::Cluster,
            short_names: &[__rest::Cow::Borrowed("ps")],
            categories: &[],
            columns: &[
                __rest::PrinterColumn::new("PID", ".spec.pid")
                    .integer()
                    .description("The process id."),
            ],
        };
        const VERSIONS: &'static [__rest::Served] = &[
            __rest::Served {
                version: "v1",
                kind: "Process",
                routes: &__rest::table::<{ __rest::count(__V1) }>(__V1),
                codec: __rest::stored::<Processes>(),
            },
        ];
        const HOOKS: __rest::Hooks = __rest::hooks(__SOURCES);
    }
    const _: () = {
        const fn __declared<T: __rest::Getter>() {}
        __declared::<Processes>()
    };
    const _: () = {
        const fn __declared<T: __rest::Lister>() {}
        __declared::<Processes>()
    };
    const _: () = __rest::require(
        !__OWN.create.is(),
        "`Processes` implements `Creater`, but `verbs(...)` does not declare `create`: add `create` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.create_named.is(),
        "`Processes` implements `NamedCreater`, but `verbs(...)` does not declare `create_named`: add `create_named` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.delete_collection.is(),
        "`Processes` implements `CollectionDeleter`, but `verbs(...)` does not declare `delete_collection`: add `delete_collection` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.get_with_options.is(),
        "`Processes` implements `GetterWithOptions`, but `verbs(...)` does not declare `get_with_options`: add `get_with_options` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.update.is(),
        "`Processes` implements `Updater`, but `verbs(...)` does not declare `update`: add `update` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.patch.beside(__OWN.get_with_options.or(__OWN.get)).is(),
        "`Processes` implements `Getter` and `Updater`, but `verbs(...)` does not declare `patch`: add `patch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.delete.is(),
        "`Processes` implements `GracefulDeleter`, but `verbs(...)` does not declare `delete`: add `delete` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.watch.is(),
        "`Processes` implements `Watcher`, but `verbs(...)` does not declare `watch`: add `watch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__OWN.connect.is(),
        "`Processes` implements `Connecter`, but `verbs(...)` does not declare `connect`: add `connect` to serve it, or remove the impl",
    );
};
