::core::compile_error! {
    "resource names must be lowercase only, not \"Flunders\": write \"flunders\""
}
#[allow(unused_qualifications)]
const _: () = {
    use ::rest_resource::__private as __rest;
    #[automatically_derived]
    impl __rest::Storage for Flunders {
        type Object = Flunder;
    }
    #[automatically_derived]
    impl __rest::RestResource for Flunders {
        const INFO: __rest::Info = __rest::Info {
            group: "",
            resource: "",
            subresource: ::core::option::Option::None,
            singular: "",
            scope: __rest::Scope::Cluster,
            short_names: &[],
            categories: &[],
            columns: &[],
        };
        const VERSIONS: &'static [__rest::Served] = &[];
    }
};
