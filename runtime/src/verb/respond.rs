//! The response side of a call: an object or a list, in the version, the form and the format that the client wants.

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;

use super::call::Call;
use super::endpoint::Endpoint;
use super::reply::{ListReply, Reply};
use super::response::{Response, ResponseBody, set_retry_after};
#[cfg(feature = "websocket")]
use super::websocket::{Framing, Handshake};
use crate::object::{AnyObject, Encoded, EncodedList, undecodable};
use crate::wire::encode::{ListWriter, encode, pretty_wanted};
use crate::wire::media::{Format, MetaVersion, Negotiated, Transform};
use crate::wire::partial::{partial_object_metadata, partial_object_metadata_list};
use crate::wire::status::{Result, Status};
use crate::wire::table::{IncludeObject, Row, Table, TableOptions};

type AnyReply = Reply<Box<dyn AnyObject>>;

impl Call {
    /// The response of a verb that answers with one object.
    pub(super) fn response(&self, media: Negotiated, reply: AnyReply, code: StatusCode) -> Result<Response> {
        let json = match reply {
            Reply::Object(object) => self.endpoint.codec.encode(&*object)?.into(),
            Reply::Encoded(encoded) => self.endpoint.in_version(&encoded)?,
            Reply::Status(status) => {
                let code =
                    StatusCode::from_u16(status.code()).ok().filter(|own| *own != StatusCode::OK).unwrap_or(code);
                let mut response = self.write(media, status.to_json().into(), code)?;
                set_retry_after(&mut response, &status);
                return Ok(response);
            }
            Reply::Stream(stream) => {
                let content_type = match stream.content_type {
                    unknown if unknown.is_empty() => HeaderValue::from_static("application/octet-stream"),
                    known => HeaderValue::try_from(known).map_err(Status::internal_error)?,
                };
                #[cfg(feature = "websocket")]
                if let Some(handshake) = Handshake::of(&self.parts, &self.cx)? {
                    let lifetime = self.endpoint.lifetime.clone();
                    return Ok(handshake.send(Framing::Binary, content_type, lifetime, stream.stream));
                }
                let mut response = Response::new(ResponseBody::stream(stream.stream));
                *response.status_mut() = code;
                response.headers_mut().insert(CONTENT_TYPE, content_type);
                return Ok(response);
            }
        };
        let json = match media.transform {
            None => json,
            Some(transform) => self.transformed(&json, transform)?.into(),
        };
        self.write(media, json, code)
    }

    /// The response of a verb that answers with a list.
    pub(super) fn list_response(&self, media: Negotiated, reply: ListReply<Box<dyn AnyObject>>) -> Result<Response> {
        let list = self.list_in_version(reply)?;
        let json = match media.transform {
            Some(Transform::Table(version)) => {
                let objects = list.iter().map(|object| parse(object.json())).collect::<Result<Vec<_>>>()?;
                self.table(&objects, list.metadata, version)?.into()
            }
            None if media.format == Format::Json && !self.pretty(media) => {
                let head = self.around(&list.metadata, |list| list.head());
                let body = ResponseBody::joined(head, list, LIST_END);
                return Ok(with_content_type(body, media.content_type(), StatusCode::OK));
            }
            transform => {
                let items: Vec<Bytes> = list.iter().map(Encoded::into_json).collect();
                let list = self.around(&list.metadata, |list| list.write(items.iter()));
                match transform {
                    None => list,
                    Some(transform) => self.transformed(&list, transform)?.into(),
                }
            }
        };
        self.write(media, json, StatusCode::OK)
    }

    /// The objects of a list, encoded in the version of the request.
    fn list_in_version(&self, reply: ListReply<Box<dyn AnyObject>>) -> Result<EncodedList> {
        let codec = &self.endpoint.codec;
        let mut list = EncodedList::default();
        match reply {
            ListReply::Encoded(stored) if codec.is_stored() => return Ok(stored),
            ListReply::Encoded(stored) => {
                for object in stored.iter() {
                    list.push(Encoded::new(self.endpoint.in_version(&object)?));
                }
                list.metadata = stored.metadata;
            }
            ListReply::Typed(typed) => {
                for object in typed.items {
                    list.push(Encoded::new(codec.encode(&*object)?.into()));
                }
                list.metadata = typed.metadata;
            }
        }
        Ok(list)
    }

    /// What stands around the items of a list.
    fn around<T>(&self, metadata: &ListMeta, write: impl FnOnce(ListWriter<'_>) -> T) -> T {
        let info = &self.endpoint.info;
        write(ListWriter {
            kind: &format!("{}List", info.kind),
            api_version: &info.api_version(),
            resource_version: metadata.resource_version.as_deref().unwrap_or_default(),
            continue_token: metadata.continue_.as_deref(),
            remaining_item_count: metadata.remaining_item_count.and_then(|count| u64::try_from(count).ok()),
        })
    }

    /// Another form of one object or of a whole list (contract 4.2.8).
    fn transformed(&self, json: &[u8], transform: Transform) -> Result<Vec<u8>> {
        let value = parse(json)?;
        let value = match transform {
            Transform::Table(version) => return self.table(&[value], ListMeta::default(), version),
            Transform::PartialObjectMetadata(version) => partial_object_metadata(&value, version)?,
            Transform::PartialObjectMetadataList(version) => partial_object_metadata_list(&value, version)?,
            Transform::AggregatedDiscovery(_) => value,
        };
        serde_json::to_vec(&value).map_err(Status::internal_error)
    }

    fn table(&self, objects: &[Value], metadata: ListMeta, version: MetaVersion) -> Result<Vec<u8>> {
        let table = self.endpoint.table_of(objects, metadata, self.table_options(version)?)?;
        serde_json::to_vec(&table).map_err(Status::internal_error)
    }

    /// How the client wants its tables (contract 4.2.12).
    pub(super) fn table_options(&self, version: MetaVersion) -> Result<TableOptions> {
        let include_object = IncludeObject::parse(self.query().get("includeObject").unwrap_or_default())?;
        Ok(TableOptions { version, include_object, ..TableOptions::default() })
    }

    /// Whether JSON is indented (contract 4.2.15).
    fn pretty(&self, media: Negotiated) -> bool {
        media.pretty || pretty_wanted(self.query().get("pretty"), self.header(&USER_AGENT))
    }

    fn write(&self, media: Negotiated, json: Bytes, code: StatusCode) -> Result<Response> {
        let body = encode(json, media.format, self.pretty(media))?;
        Ok(with_content_type(ResponseBody::pair(body.chunks), body.content_type, code))
    }
}

impl Endpoint {
    /// The stored bytes, in the version of the request.
    pub(super) fn in_version(&self, encoded: &Encoded) -> Result<Bytes> {
        if self.codec.is_stored() {
            return Ok(encoded.json().clone());
        }
        self.codec.convert(encoded.json()).map(Bytes::from)
    }

    /// A table by the storage's own convertor, or else by its printer columns (contract 4.2.13).
    pub(super) fn table_of(&self, objects: &[Value], mut metadata: ListMeta, options: TableOptions) -> Result<Table> {
        if let [only] = objects
            && metadata.resource_version.is_none()
        {
            metadata.resource_version =
                only.pointer("/metadata/resourceVersion").and_then(Value::as_str).map(ToOwned::to_owned);
        }
        let Some((columns, cells)) = self.hooks.table else {
            return self.columns.table(objects, metadata, &options, Timestamp::now());
        };
        let row = |object: &Value| {
            let decoded = self.codec.decode(object).map_err(|e| e.into_status(undecodable))?;
            Ok(Row {
                cells: cells(&*self.storage, &*decoded.object)?,
                object: options.include_object.of(object, options.version)?,
            })
        };
        Ok(Table {
            version: options.version,
            metadata,
            column_definitions: if options.no_headers { None } else { Some(columns(&*self.storage)?) },
            rows: objects.iter().map(row).collect::<Result<_>>()?,
        })
    }
}

/// The line end is part of what is sent (contract 4.2.16).
const LIST_END: &[u8] = b"]}\n";

fn with_content_type(body: ResponseBody, content_type: &'static str, code: StatusCode) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

pub(super) fn parse(json: &[u8]) -> Result<Value> {
    serde_json::from_slice(json).map_err(Status::internal_error)
}
