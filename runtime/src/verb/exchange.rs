//! The request side of a call: what every handler reads in the same way.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderName, Method};
use http_body::Body as _;
use http_body_util::BodyExt;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value};

use super::Endpoint;
use super::call::Call;
use super::owners::{self, Seen};
use crate::apply::set_managed_fields;
use crate::object::AnyObject;
use crate::wire::decode::{self, Gvk, strict_problems, typemeta, undecodable};
use crate::wire::media::{self, BodyFormat, Negotiated};
use crate::wire::options::{DeleteOptions, FieldValidation};
use crate::wire::query::Query;
use crate::wire::status::{Result, Status};
use crate::wire::yaml;

/// The object of a body.
pub(super) struct Sent {
    pub(super) object: Box<dyn AnyObject>,
    /// The body without its managed fields: mostly what the object would be encoded to.
    pub(super) document: Value,
}

impl Sent {
    /// The namespace of the path is the object's (contract 4.5.8).
    pub(super) fn reconcile_namespace(&mut self, namespace: Option<&str>) -> Result<()> {
        let meta = self.object.meta_mut();
        reconcile_namespace(meta, namespace)?;
        if let (Some(metadata), Some(namespace)) = (members_of_metadata(&mut self.document), &meta.namespace) {
            metadata.entry("namespace").or_insert_with(|| namespace.as_str().into());
        }
        Ok(())
    }

    /// Takes what only the server sets (contract 4.5.10). The resource version stays: it is refused.
    pub(super) fn wipe_system_metadata(&mut self) {
        let meta = self.object.meta_mut();
        meta.creation_timestamp = None;
        meta.uid = None;
        meta.deletion_timestamp = None;
        meta.deletion_grace_period_seconds = None;
        meta.self_link = None;
        if let Some(metadata) = members_of_metadata(&mut self.document) {
            for name in ["creationTimestamp", "uid", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
                metadata.remove(name);
            }
        }
    }
}

fn members_of_metadata(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document.get_mut("metadata").and_then(Value::as_object_mut)
}

impl Endpoint {
    /// Group, version and Kind of the bodies that are taken.
    pub(super) fn gvk(&self) -> Gvk<'_> {
        Gvk { group: &self.object_group, version: &self.object_version, kind: &self.info.kind }
    }
}

impl Call {
    /// The query parameters.
    pub(super) fn query(&self) -> Query<'_> {
        Query::parse(self.parts.uri.query().unwrap_or_default())
    }

    /// A header that is text.
    pub(super) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The header `Content-Type`; one that is not text is no type that anybody reads, and not the same as none.
    pub(super) fn content_type(&self) -> Option<&str> {
        self.parts.headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?"))
    }

    /// Chooses the form of the response (contract 4.2).
    pub(super) fn negotiate(&self) -> Result<Negotiated> {
        let accept = media::accept_value(&self.parts.headers);
        if !self.has_body() && [Method::POST, Method::PUT, Method::PATCH].contains(&self.parts.method) {
            media::refuse_bodiless(accept.as_deref())?;
        }
        media::negotiate(accept.as_deref(), media::Endpoint::Resource { table: true })
    }

    /// Chooses the form of a watch (contract 4.8.18).
    pub(super) fn negotiate_stream(&self) -> Result<Negotiated> {
        let accept = media::accept_value(&self.parts.headers);
        media::negotiate_stream(accept.as_deref(), media::Endpoint::Resource { table: true })
    }

    /// Whether the client sends a body, as far as its headers tell.
    pub(super) fn has_body(&self) -> bool {
        !self.body.is_end_stream()
    }

    /// The format of the request body (contract 4.2.6).
    pub(super) fn body_format(&self) -> Result<BodyFormat> {
        media::body_format(self.content_type())
    }

    /// Reads the body, up to the server's limit (contract 4.3.1).
    pub(super) async fn read_body(&mut self) -> Result<Bytes> {
        let limit = self.limits.max_body_bytes;
        let too_large = || Status::request_entity_too_large(format_args!("limit is {limit}"));
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|error| Status::bad_request(format!("the body could not be read: {error}")))?;
            let Ok(data) = frame.into_data() else { continue };
            if limit > 0 && first.len() + all.len() + data.len() > limit {
                return Err(too_large());
            }
            // One frame, the common case, is taken as it is.
            if first.is_empty() && all.is_empty() {
                first = data;
            } else {
                if all.is_empty() {
                    all.extend_from_slice(&std::mem::take(&mut first));
                }
                all.extend_from_slice(&data);
            }
        }
        Ok(if all.is_empty() { first } else { all.freeze() })
    }

    /// The object of a body, in the storage's type (contract 4.5.4-4.5.7). What the type does not know is a warning or
    /// an error, as the client asks (contract 4.4).
    pub(super) fn decode_object(&self, body: &[u8], format: BodyFormat, validation: FieldValidation) -> Result<Sent> {
        let gvk = self.endpoint.gvk();
        let body = as_json(body, format).map_err(|error| typemeta::not_json(gvk, error, body))?;
        let parsed = decode::json::parse(&body).map_err(|error| typemeta::not_json(gvk, error, &body))?;
        let mut document = self.checked(parsed.value, &body)?;
        let decoded = self.endpoint.codec.decode(&document);
        let decoded = decoded.map_err(|error| error.into_status(|error| undecodable(gvk, error)))?;
        let warnings = strict_problems(validation, gvk, &parsed.duplicates, &decoded.unknown_fields)?;
        let mut object = decoded.object;
        for warning in warnings.into_iter().chain(owners::once(object.meta_mut(), Seen::InTheBody)) {
            self.cx.warn(warning);
        }
        set_managed_fields(&mut document, Value::Null);
        Ok(Sent { object, document })
    }

    /// Checks apiVersion and kind; a storage may take other versions than the endpoint's (contract 1.6).
    fn checked(&self, mut value: Value, body: &[u8]) -> Result<Value> {
        let gvk = self.endpoint.gvk();
        if let (Some(accepts), Some(api_version)) =
            (self.endpoint.hooks.accepts_group_version, value.get("apiVersion").and_then(Value::as_str))
        {
            let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
            if accepts(&*self.endpoint.storage, group, version) {
                value["apiVersion"] = Value::String(gvk.api_version());
            }
        }
        if self.endpoint.unstructured && value.get("kind").is_none() {
            return Err(typemeta::missing_kind(gvk, body));
        }
        typemeta::check(value, gvk, body)
    }

    /// The options of a delete: those of the body, or of the query where there is no body (contract 4.10.1).
    pub(super) async fn delete_options(&mut self) -> Result<DeleteOptions> {
        let body = self.read_body().await?;
        if body.is_empty() {
            return DeleteOptions::from_query(&self.query());
        }
        let undecodable = |error: &dyn std::fmt::Display| {
            Status::bad_request(format!("DeleteOptions in the body cannot be read: {error}"))
        };
        let body = as_json(&body, self.body_format()?).map_err(|error| undecodable(&error))?;
        let value = decode::json::parse(&body).map_err(|error| undecodable(&error))?.value;
        DeleteOptions::from_json(&value, &self.endpoint.info.api_version())
    }
}

/// A body as JSON; duplicate keys stay, for the strict decoder.
fn as_json(body: &[u8], format: BodyFormat) -> std::result::Result<Cow<'_, [u8]>, String> {
    match format {
        BodyFormat::Json => Ok(Cow::Borrowed(body)),
        BodyFormat::Yaml => yaml::to_json(body),
    }
}

/// The namespace of a request is the object's; at cluster scope there is none (contract 4.5.8).
pub(super) fn reconcile_namespace(meta: &mut ObjectMeta, namespace: Option<&str>) -> Result<()> {
    match (namespace, meta.namespace.as_deref()) {
        (None, _) => meta.namespace = None,
        (Some(namespace), None | Some("")) => meta.namespace = Some(namespace.to_owned()),
        (Some(namespace), Some(own)) if own == namespace => {}
        _ => return Err(other_namespace()),
    }
    Ok(())
}

pub(super) fn other_namespace() -> Status {
    Status::bad_request("the namespace of the provided object does not match the namespace sent on the request")
}
