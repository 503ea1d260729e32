//! Content negotiation: what a client accepts and what it sends (contract 4.2).

pub mod accept;
mod clause;
pub mod content_type;
pub mod transform;

pub use super::partial::MetaVersion;
pub use accept::{Endpoint, Negotiated, accept_value, negotiate, negotiate_stream, refuse_bodiless};
#[cfg(feature = "docs")]
pub(crate) use clause::names_html;
pub use content_type::{BodyFormat, PatchType, body_format, patch_type};
pub use transform::{DiscoveryVersion, Transform};

/// The media type of JSON.
pub const JSON: &str = "application/json";
/// The media type of YAML.
pub const YAML: &str = "application/yaml";
/// The media type of a stream of watch events as the errors name it; the response itself says [`JSON`] (contract 4.8.1).
pub const JSON_WATCH: &str = "application/json;stream=watch";

/// How a response is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// `application/json`.
    #[default]
    Json,
    /// `application/yaml`.
    Yaml,
}

impl Format {
    /// Every format, the preferred one first (contract 4.2.1).
    pub const ALL: [Self; 2] = [Self::Json, Self::Yaml];

    /// The media type, as the header `Content-Type` carries it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => JSON,
            Self::Yaml => YAML,
        }
    }
}
