//! The other forms in which a client may ask for a response (contract 4.2.8, 3.2.1).

use crate::wire::partial::MetaVersion;

/// A form other than the object itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transform {
    /// `Table`: what `kubectl get` prints.
    Table(MetaVersion),
    /// `PartialObjectMetadata`: an object without all but its metadata.
    PartialObjectMetadata(MetaVersion),
    /// `PartialObjectMetadataList`: a list of such objects.
    PartialObjectMetadataList(MetaVersion),
    /// `APIGroupDiscoveryList`: every resource of every group in one document.
    AggregatedDiscovery(DiscoveryVersion),
}

/// A version of the group `apidiscovery.k8s.io`; both carry the same document (contract 3.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiscoveryVersion {
    /// `v2`.
    V2,
    /// `v2beta1`, which clients before 1.30 ask for.
    V2Beta1,
}

impl DiscoveryVersion {
    /// The `apiVersion` of the response.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::V2 => "apidiscovery.k8s.io/v2",
            Self::V2Beta1 => "apidiscovery.k8s.io/v2beta1",
        }
    }
}

impl Transform {
    /// The transform that the parameters `g`, `v` and `as` of an Accept clause name, if there is one.
    pub(super) fn named(group: &str, version: &str, kind: &str) -> Option<Self> {
        match (group, version) {
            ("meta.k8s.io", "v1") => Self::of_meta(MetaVersion::V1, kind),
            ("meta.k8s.io", "v1beta1") => Self::of_meta(MetaVersion::V1beta1, kind),
            ("apidiscovery.k8s.io", "v2") => Self::of_discovery(DiscoveryVersion::V2, kind),
            ("apidiscovery.k8s.io", "v2beta1") => Self::of_discovery(DiscoveryVersion::V2Beta1, kind),
            _ => None,
        }
    }

    fn of_meta(version: MetaVersion, kind: &str) -> Option<Self> {
        match kind {
            "Table" => Some(Self::Table(version)),
            "PartialObjectMetadata" => Some(Self::PartialObjectMetadata(version)),
            "PartialObjectMetadataList" => Some(Self::PartialObjectMetadataList(version)),
            _ => None,
        }
    }

    fn of_discovery(version: DiscoveryVersion, kind: &str) -> Option<Self> {
        (kind == "APIGroupDiscoveryList").then_some(Self::AggregatedDiscovery(version))
    }
}
