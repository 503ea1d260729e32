//! Which of the formats and forms that an endpoint has a client wants (contract 4.2.1-4.2.5, 4.2.8).

use std::borrow::Cow;

use http::HeaderMap;
use http::header::ACCEPT;

use super::clause::{Clause, clauses};
use super::transform::{DiscoveryVersion, Transform};
use super::{Format, JSON, JSON_WATCH, YAML};
use crate::wire::status::{Result, Status};

/// What an endpoint offers besides its object in JSON and YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// An endpoint of a resource: metadata alone, and a `Table` if the resource has a convertor (contract 4.2.8).
    Resource {
        /// Whether the resource can be written as a `Table`.
        table: bool,
    },
    /// `/apis` and `/api`: aggregated discovery, wherever it stands among the clauses (contract 3.2.1).
    Discovery,
    /// Nothing: a clause that asks for another form is skipped (contract 3.1.6).
    Plain,
}

/// What a client gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Negotiated {
    /// How the response is written.
    pub format: Format,
    /// The form it has, if it is not the object itself.
    pub transform: Option<Transform>,
    /// Whether the clause says `pretty=1`. The query and the user agent may ask for it too (contract 4.2.15).
    pub pretty: bool,
    /// Whether the clause says `stream=watch`.
    pub stream: bool,
}

impl Negotiated {
    /// The `Content-Type` of the response: aggregated discovery names its form, tables do not (contract 3.2.2, 4.2.9).
    pub fn content_type(&self) -> &'static str {
        let Some(Transform::AggregatedDiscovery(version)) = self.transform else {
            return self.format.media_type();
        };
        match (self.format, version) {
            (Format::Json, DiscoveryVersion::V2) => {
                "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
            }
            (Format::Json, DiscoveryVersion::V2Beta1) => {
                "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList"
            }
            (Format::Yaml, DiscoveryVersion::V2) => {
                "application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
            }
            (Format::Yaml, DiscoveryVersion::V2Beta1) => {
                "application/yaml;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList"
            }
        }
    }
}

/// The value of the header `Accept`: several of them are one list (RFC 9110, section 5.3).
///
/// Bytes that are no UTF-8 are replaced, so that only their own clause is lost.
pub fn accept_value(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let mut values = headers.get_all(ACCEPT).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let first = values.next()?;
    Some(values.fold(first, |joined, value| Cow::Owned(format!("{joined},{value}"))))
}

/// Chooses format and form of a response; no header is JSON.
///
/// The error is 406: of contract 4.2.5 if no media type matches, of 4.2.4 if only the parameters do not.
pub fn negotiate(accept: Option<&str>, endpoint: Endpoint) -> Result<Negotiated> {
    if is_plain_json(accept) {
        return Ok(Negotiated::default());
    }
    let clauses = clauses(accept.unwrap_or_default());
    choose(&clauses, &Format::ALL, endpoint).ok_or_else(|| not_acceptable(&clauses, &[JSON, YAML], &[JSON, YAML]))
}

/// Chooses the form of the events of a watch; they travel as JSON only.
///
/// The error is 406 that names the streams served (contract 4.8.18), or that of contract 4.2.5.
pub fn negotiate_stream(accept: Option<&str>, endpoint: Endpoint) -> Result<Negotiated> {
    if is_plain_json(accept) {
        return Ok(Negotiated::default());
    }
    let clauses = clauses(accept.unwrap_or_default());
    choose(&clauses, &[Format::Json], endpoint)
        .ok_or_else(|| not_acceptable(&clauses, &[JSON_WATCH], &[JSON, YAML, JSON_WATCH]))
}

/// The headers of most requests, answered without looking closer.
fn is_plain_json(accept: Option<&str>) -> bool {
    matches!(accept, None | Some("" | "*/*" | JSON | "application/json, */*"))
}

fn not_acceptable(clauses: &[Clause<'_>], served: &[&str], produced: &[&str]) -> Status {
    if names_a_format(clauses) {
        Status::only_accepted(served)
    } else {
        Status::not_acceptable(format!("406: Not Acceptable\n\nAvailable representations: {}", produced.join(", ")))
    }
}

/// 415: what a write without a body is told instead of 406, if no media type matches (contract 4.2.5).
///
/// Without a body and without an acceptable answer there is nothing to choose a representation by, and upstream's
/// router blames the request.
pub fn refuse_bodiless(accept: Option<&str>) -> Result<()> {
    if is_plain_json(accept) || names_a_format(&clauses(accept.unwrap_or_default())) {
        return Ok(());
    }
    let message = format!("415: Unsupported Media Type\n\nAvailable representations: {JSON}, {YAML}");
    Err(Status::unsupported_media_type(&[]).with_message(message))
}

/// Whether a clause covers one of the formats, whatever its parameters ask for.
fn names_a_format(clauses: &[Clause<'_>]) -> bool {
    clauses.iter().any(|clause| Format::ALL.into_iter().any(|format| clause.covers(format)))
}

fn choose(clauses: &[Clause<'_>], formats: &[Format], endpoint: Endpoint) -> Option<Negotiated> {
    let first = |allowed: &dyn Fn(&Negotiated) -> bool| {
        clauses.iter().find_map(|clause| {
            let wanted = formats.iter().filter(|format| clause.covers(**format) && !refused(clauses, **format));
            wanted.filter_map(|format| read(clause, *format, endpoint)).find(allowed)
        })
    };
    match endpoint {
        Endpoint::Discovery => first(&|found| found.transform.is_some()).or_else(|| first(&|_| true)),
        Endpoint::Resource { .. } | Endpoint::Plain => first(&|_| true),
    }
}

/// Whether the clauses that cover the format most closely say `q=0` (RFC 9110, section 12.4.2), so that
/// `application/json;q=0, */*` is not answered with JSON.
fn refused(clauses: &[Clause<'_>], format: Format) -> bool {
    let covering = || clauses.iter().filter(|clause| clause.covers(format));
    let closest = covering().map(Clause::specificity).max();
    covering().filter(|clause| Some(clause.specificity()) == closest).all(|clause| clause.quality <= 0.0)
}

/// What a clause asks of a format; nothing if a parameter is not allowed there (contract 4.2.3).
fn read(clause: &Clause<'_>, format: Format, endpoint: Endpoint) -> Option<Negotiated> {
    if clause.quality <= 0.0 {
        return None;
    }
    let (mut group, mut version, mut kind) = (None, None, None);
    let mut found = Negotiated { format, ..Negotiated::default() };
    for (name, value) in clause.parameters() {
        if name.eq_ignore_ascii_case("g") {
            group = Some(value);
        } else if name.eq_ignore_ascii_case("v") {
            version = Some(value);
        } else if name.eq_ignore_ascii_case("as") {
            kind = Some(value);
        } else if name.eq_ignore_ascii_case("stream") && !value.is_empty() {
            if value != "watch" || format != Format::Json {
                return None;
            }
            found.stream = true;
        } else if name.eq_ignore_ascii_case("sv") && !value.is_empty() {
            if value != "v1" || !matches!(endpoint, Endpoint::Resource { .. }) {
                return None;
            }
        } else if name.eq_ignore_ascii_case("pretty") {
            found.pretty = value == "1";
        }
    }
    if group.is_some() || version.is_some() || kind.is_some() {
        let named =
            Transform::named(&group.unwrap_or_default(), &version.unwrap_or_default(), &kind.unwrap_or_default())?;
        found.transform = Some(named).filter(|transform| endpoint.offers(*transform));
        found.transform?;
    }
    Some(found)
}

impl Endpoint {
    fn offers(self, transform: Transform) -> bool {
        match (self, transform) {
            (Self::Resource { table }, Transform::Table(_)) => table,
            (Self::Resource { .. }, Transform::PartialObjectMetadata(_) | Transform::PartialObjectMetadataList(_))
            | (Self::Discovery, Transform::AggregatedDiscovery(_)) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
