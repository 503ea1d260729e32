//! Objects: what travels and what is stored, typed where user code looks at it and erased everywhere else.

mod any;
mod codec;
mod encoded;
mod encoded_list;
mod matches;
mod members;
mod refuse;
mod unstructured;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use any::AnyObject;
pub(crate) use codec::undecodable;
pub use codec::{Codec, CodecError, DecodedObject};
pub use encoded::{Encoded, EncodedEvent};
pub(crate) use encoded_list::Chunk;
pub use encoded_list::EncodedList;
pub use unstructured::Unstructured;

/// An API object: serialisable, with Kubernetes metadata.
///
/// Every `kube_core::Resource` type of a fixed Kind is one: the types of `#[derive(CustomResource)]` and those of
/// `k8s-openapi`. There is nothing to implement. [`Unstructured`] is one too, for resources known only at run time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an API object",
    label = "needs `kube::Resource<DynamicType = ()>`, `Serialize`, `Deserialize`, `JsonSchema` and `Clone`",
    note = "derive it: `#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]` on the spec, with `#[kube(...)]`"
)]
pub trait Object: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The metadata.
    fn meta(&self) -> &ObjectMeta;

    /// The metadata, to be changed.
    fn meta_mut(&mut self) -> &mut ObjectMeta;

    /// Group, version and Kind of the type; `None` where each object says its own.
    fn type_info() -> Option<TypeInfo>;

    /// The JSON schema of the type, for OpenAPI.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

/// Group, version, Kind and plural of an object type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeInfo {
    /// The API group, empty for the core group.
    pub group: String,
    /// The version, for example `v1beta1`.
    pub version: String,
    /// The Kind.
    pub kind: String,
    /// The plural resource, as the type names it.
    pub plural: String,
}

impl<K> Object for K
where
    K: kube_core::Resource<DynamicType = ()>
        + Clone
        + Serialize
        + DeserializeOwned
        + JsonSchema
        + Send
        + Sync
        + 'static,
{
    fn meta(&self) -> &ObjectMeta {
        kube_core::Resource::meta(self)
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        kube_core::Resource::meta_mut(self)
    }

    fn type_info() -> Option<TypeInfo> {
        Some(TypeInfo {
            group: K::group(&()).into_owned(),
            version: K::version(&()).into_owned(),
            kind: K::kind(&()).into_owned(),
            plural: K::plural(&()).into_owned(),
        })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<K>()
    }
}
