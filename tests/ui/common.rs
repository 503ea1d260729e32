//! Objects, and impls without content: what the cases have in common.

#![allow(dead_code, unreachable_pub, unused_macros, unused_imports, missing_docs)]

pub(crate) use rest_resource::*;

pub(crate) use v1::Flunder;

pub(crate) mod v1 {
    #[derive(kube::CustomResource, Clone, Debug, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
    #[kube(group = "wardle.example.com", version = "v1", kind = "Flunder", namespaced)]
    pub struct FlunderSpec {
        pub reference: Option<String>,
    }
}

pub(crate) mod v2 {
    #[derive(kube::CustomResource, Clone, Debug, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
    #[kube(group = "wardle.example.com", version = "v2", kind = "Flunder", namespaced)]
    pub struct FlunderSpec {
        pub reference: Option<String>,
    }
}

/// `storage!(Store)` is a storage of `Flunder` that is only embedded.
macro_rules! storage {
    ($($storage:ident)*) => { $(
        pub(crate) struct $storage;
        impl Storage for $storage {
            type Object = Flunder;
        }
    )* };
}

/// `verbs!(Flunders: Getter Lister)` implements these traits.
macro_rules! verbs {
    ($storage:ident: $($verb:ident)*) => { $(verbs!(@ $verb $storage);)* };
    (@ Getter $storage:ident) => {
        impl Getter for $storage {
            async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Self::Object> {
                unimplemented!()
            }
        }
    };
    (@ GetterWithOptions $storage:ident) => {
        impl GetterWithOptions for $storage {
            type Options = String;
            const SUBPATH: bool = true;
            async fn get_with_options(&self, _: &Context, _: &str, _: &String, _: Option<&str>) -> Result<Reply<Self::Object>> {
                unimplemented!()
            }
        }
    };
    (@ Lister $storage:ident) => {
        impl Lister for $storage {
            async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Self::Object>> {
                unimplemented!()
            }
        }
    };
    (@ Watcher $storage:ident) => {
        impl Watcher for $storage {
            async fn watch(&self, _: &Context, _: &ListOptions) -> Result<WatchStream<Self::Object>> {
                unimplemented!()
            }
        }
    };
    (@ Creater $storage:ident) => {
        impl Creater for $storage {
            async fn create(&self, _: &Context, _: Self::Object, _: &Admit<Self::Object>, _: &CreateOptions) -> Result<Self::Object> {
                unimplemented!()
            }
        }
    };
    (@ NamedCreater $storage:ident) => {
        impl NamedCreater for $storage {
            async fn create_named(&self, _: &Context, _: &str, _: Self::Object, _: &Admit<Self::Object>, _: &CreateOptions) -> Result<Self::Object> {
                unimplemented!()
            }
        }
    };
    (@ Updater $storage:ident) => {
        impl Updater for $storage {
            async fn update(&self, _: &Context, _: &str, _: &Change<Self::Object>, _: &UpdateOptions) -> Result<(Self::Object, Created)> {
                unimplemented!()
            }
        }
    };
    (@ GracefulDeleter $storage:ident) => {
        impl GracefulDeleter for $storage {
            async fn delete(&self, _: &Context, _: &str, _: &Admit<Self::Object>, _: &DeleteOptions) -> Result<(Deleted<Self::Object>, bool)> {
                unimplemented!()
            }
        }
    };
    (@ CollectionDeleter $storage:ident) => {
        impl CollectionDeleter for $storage {
            async fn delete_collection(&self, _: &Context, _: &Admit<Self::Object>, _: &DeleteOptions, _: &ListOptions) -> Result<List<Self::Object>> {
                unimplemented!()
            }
        }
    };
    (@ Connecter $storage:ident) => {
        impl Connecter for $storage {
            type Options = String;
            const METHODS: &'static [Method] = &[Method::Get, Method::Post];
            async fn connect(&self, _: &Context, _: &str, _: &String, _: ConnectRequest) -> Result<Response> {
                unimplemented!()
            }
        }
    };
}

pub(crate) use {storage, verbs};
