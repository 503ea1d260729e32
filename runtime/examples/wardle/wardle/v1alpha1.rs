//! `wardle.example.com/v1alpha1`: one reference, and what it is a reference to.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::CustomResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::v1beta1;
pub use super::v1beta1::{FlunderStatus, ReferenceType};

/// What a flunder is about.
#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "wardle.example.com", version = "v1alpha1", kind = "Flunder", namespaced, status = "FlunderStatus")]
#[serde(rename_all = "camelCase")]
pub struct FlunderSpec {
    /// The name of another flunder, or of a fischer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What the reference names: a Flunder by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_type: Option<ReferenceType>,
}

/// Names that flunders may not have.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fischer {
    api_version: String,
    kind: String,
    #[serde(default)]
    pub metadata: ObjectMeta,
    /// The names, in any namespace.
    #[serde(default)]
    pub disallowed_flunders: Vec<String>,
}

impl k8s_openapi::Resource for Fischer {
    const API_VERSION: &'static str = "wardle.example.com/v1alpha1";
    const GROUP: &'static str = "wardle.example.com";
    const KIND: &'static str = "Fischer";
    const VERSION: &'static str = "v1alpha1";
    const URL_PATH_SEGMENT: &'static str = "fischers";
    type Scope = k8s_openapi::ClusterResourceScope;
}

impl k8s_openapi::Metadata for Fischer {
    type Ty = ObjectMeta;

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

impl From<Flunder> for v1beta1::Flunder {
    fn from(flunder: Flunder) -> Self {
        let FlunderSpec { reference, reference_type } = flunder.spec;
        let reference = reference.filter(|name| !name.is_empty());
        let reference_type = reference_type.or(reference.is_some().then_some(ReferenceType::Flunder));
        let (flunder_reference, fischer_reference) = match reference_type {
            Some(ReferenceType::Fischer) => (None, reference),
            _ => (reference, None),
        };
        let spec = v1beta1::FlunderSpec { flunder_reference, fischer_reference, reference_type };
        Self { metadata: flunder.metadata, spec, status: flunder.status }
    }
}

impl From<v1beta1::Flunder> for Flunder {
    fn from(flunder: v1beta1::Flunder) -> Self {
        let v1beta1::FlunderSpec { flunder_reference, fischer_reference, reference_type } = flunder.spec;
        let spec = FlunderSpec { reference: flunder_reference.or(fischer_reference), reference_type };
        Self { metadata: flunder.metadata, spec, status: flunder.status }
    }
}
