//! What a client sends: the header `Content-Type` (contract 4.2.6, 4.2.7).

use super::{JSON, YAML};
use crate::wire::status::{Result, Status};

/// How a request body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BodyFormat {
    /// `application/json`, and no header at all.
    #[default]
    Json,
    /// `application/yaml`.
    Yaml,
}

/// What a PATCH body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PatchType {
    /// A list of operations, RFC 6902.
    Json,
    /// A merge patch, RFC 7386.
    Merge,
    /// A merge patch that knows how lists of the type merge.
    StrategicMerge,
    /// A server-side apply; JSON or YAML.
    Apply,
}

impl PatchType {
    /// The media type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "application/json-patch+json",
            Self::Merge => "application/merge-patch+json",
            Self::StrategicMerge => "application/strategic-merge-patch+json",
            Self::Apply => "application/apply-patch+yaml",
        }
    }
}

/// The format of a request body; parameters such as the charset are not read.
///
/// The error is 415 that names the formats read (contract 4.2.6).
pub fn body_format(content_type: Option<&str>) -> Result<BodyFormat> {
    match essence(content_type) {
        essence if essence.is_empty() && content_type.is_none_or(str::is_empty) => Ok(BodyFormat::Json),
        essence if essence.eq_ignore_ascii_case(JSON) => Ok(BodyFormat::Json),
        essence if essence.eq_ignore_ascii_case(YAML) => Ok(BodyFormat::Yaml),
        _ => Err(Status::unsupported_media_type(&[JSON, YAML])),
    }
}

/// The type of a patch, which has to be one of `supported`.
///
/// The error is 415 that names the supported ones in their order (contract 4.2.7).
pub fn patch_type(content_type: Option<&str>, supported: &[PatchType]) -> Result<PatchType> {
    let essence = essence(content_type);
    let found = supported.iter().find(|patch| essence.eq_ignore_ascii_case(patch.as_str()));
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = supported.iter().map(|patch| patch.as_str()).collect();
        Status::unsupported_media_type(&names)
    })
}

/// The media type without its parameters.
fn essence(content_type: Option<&str>) -> &str {
    content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_2_6_body_formats() {
        let cases = [
            (None, BodyFormat::Json),
            (Some(""), BodyFormat::Json),
            (Some("application/json"), BodyFormat::Json),
            (Some("application/json; charset=utf-8"), BodyFormat::Json),
            (Some("Application/YAML;x"), BodyFormat::Yaml),
        ];
        for (header, format) in cases {
            assert_eq!(body_format(header).unwrap(), format, "{header:?}");
        }
    }

    #[test]
    fn c4_2_6_formats_that_no_body_has() {
        for header in ["text/plain", ";", "json", "application/vnd.kubernetes.protobuf"] {
            let status = body_format(Some(header)).unwrap_err();
            assert_eq!((status.code(), status.reason()), (415, "UnsupportedMediaType"));
            let message = "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml";
            assert_eq!(status.message(), message);
        }
    }

    #[test]
    fn c4_2_7_patch_types() {
        let all = [PatchType::Json, PatchType::Merge, PatchType::StrategicMerge, PatchType::Apply];
        for patch in all {
            assert_eq!(patch_type(Some(&format!("{} ; charset=utf-8", patch.as_str())), &all).unwrap(), patch);
        }
        for header in [None, Some(""), Some("application/json"), Some("application/strategic-merge-patch+json")] {
            let status = patch_type(header, &[PatchType::Merge, PatchType::Apply]).unwrap_err();
            assert_eq!(status.code(), 415);
            let message = "the body of the request was in an unknown format - accepted media types include: application/merge-patch+json, application/apply-patch+yaml";
            assert_eq!(status.message(), message);
        }
    }
}
