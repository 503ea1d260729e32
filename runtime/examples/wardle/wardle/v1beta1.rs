//! `wardle.example.com/v1beta1`: a reference of its own for each type. This version is stored.

use kube::CustomResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a flunder is about.
#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "wardle.example.com", version = "v1beta1", kind = "Flunder", namespaced, status = "FlunderStatus")]
#[serde(rename_all = "camelCase")]
pub struct FlunderSpec {
    /// The name of another flunder; the reference type must be Flunder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flunder_reference: Option<String>,
    /// The name of a fischer; the reference type must be Fischer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fischer_reference: Option<String>,
    /// Which of the two references is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_type: Option<ReferenceType>,
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum ReferenceType {
    /// A flunder of the same namespace.
    Flunder,
    /// A fischer.
    Fischer,
}

/// What has become of a flunder.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FlunderStatus {
    /// In a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The generation that the status is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}
