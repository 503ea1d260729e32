#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    use __rest::Absent as _;
    #[automatically_derived]
    impl __rest::Storage for Processes {
        type Object = Process;
        const SOURCES: &'static [__rest::Found] = &__FOUND.sources;
    }
    static __FOUND: __rest::Detected<1> = __rest::Detected::of(
        [__rest::found!(Processes, Processes)],
        ::core::option::Option::Some(&[__rest::Verb::Get, __rest::Verb::List]),
    );
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
        /**
 GET     /apis/proc.example.com/v1/processes        listProcExampleComV1Process
 GET     /apis/proc.example.com/v1/processes/{name} readProcExampleComV1Process
*/
        const VERSIONS: &'static [__rest::Served] = &[
            __rest::Served {
                version: "v1",
                kind: "Process",
                routes: &__rest::table::<
                    { __rest::count(&__FOUND.slots, false) },
                >(
                    &__FOUND.slots,
                    &__rest::Places {
                        collection: "/apis/proc.example.com/v1/processes",
                        item: "/apis/proc.example.com/v1/processes/{name}",
                        below: "/apis/proc.example.com/v1/processes/{name}/{path}",
                        watch: "/apis/proc.example.com/v1/watch/processes",
                        watch_item: "/apis/proc.example.com/v1/watch/processes/{name}",
                        everywhere: "",
                        watch_everywhere: "",
                        namespaced: false,
                        operation: ("ProcExampleComV1", "Process"),
                    },
                ),
                codec: __rest::stored::<Processes>(),
            },
        ];
    }
    const _: () = __rest::require(
        !__FOUND.sources[0].create.is(),
        "`Processes` implements `Creater`, but `verbs(...)` does not declare `create`: add `create` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].create_named.is(),
        "`Processes` implements `NamedCreater`, but `verbs(...)` does not declare `create_named`: add `create_named` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].delete_collection.is(),
        "`Processes` implements `CollectionDeleter`, but `verbs(...)` does not declare `delete_collection`: add `delete_collection` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].get_with_options.is(),
        "`Processes` implements `GetterWithOptions`, but `verbs(...)` does not declare `get_with_options`: add `get_with_options` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].update.is(),
        "`Processes` implements `Updater`, but `verbs(...)` does not declare `update`: add `update` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND
            .sources[0]
            .patch
            .beside(&__FOUND.sources[0].get_with_options.or(__FOUND.sources[0].get))
            .is(),
        "`Processes` implements `Getter` and `Updater`, but `verbs(...)` does not declare `patch`: add `patch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].delete.is(),
        "`Processes` implements `GracefulDeleter`, but `verbs(...)` does not declare `delete`: add `delete` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].watch.is(),
        "`Processes` implements `Watcher`, but `verbs(...)` does not declare `watch`: add `watch` to serve it, or remove the impl",
    );
    const _: () = __rest::require(
        !__FOUND.sources[0].connect.is(),
        "`Processes` implements `Connecter`, but `verbs(...)` does not declare `connect`: add `connect` to serve it, or remove the impl",
    );
    const _: () = {
        {
            const fn __declared<T: __rest::Getter>() {}
            __declared::<Processes>()
        }
        {
            const fn __declared<T: __rest::Lister>() {}
            __declared::<Processes>()
        }
    };
};
