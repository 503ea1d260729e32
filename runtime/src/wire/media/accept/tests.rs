//! What a client gets for the header it sends.

use http::HeaderValue;
use proptest::prelude::*;

use super::*;
use crate::wire::partial::MetaVersion;

const RESOURCE: Endpoint = Endpoint::Resource { table: true };
const KUBECTL: &str =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
const DISCOVERY: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

fn get(accept: &str, endpoint: Endpoint) -> Negotiated {
    negotiate(Some(accept), endpoint).unwrap_or_else(|status| panic!("{accept}: {status}"))
}

fn format(accept: &str) -> Format {
    get(accept, RESOURCE).format
}

fn transform(accept: &str, endpoint: Endpoint) -> Option<Transform> {
    get(accept, endpoint).transform
}

#[test]
fn c4_2_1_json_comes_first() {
    for accept in ["", "*/*", "*", "application/*", "application/json", "application/json, */*", "text/html,*/*;q=0.8"]
    {
        assert_eq!(get(accept, RESOURCE), Negotiated::default(), "{accept}");
    }
    assert_eq!(negotiate(None, RESOURCE).unwrap(), Negotiated::default());
}

#[test]
fn c4_2_2_the_highest_quality_wins() {
    assert_eq!(format("application/json;q=0.5, application/yaml"), Format::Yaml);
    assert_eq!(format("*/*;q=0.9, application/yaml;q=0.8"), Format::Json);
    assert_eq!(format("*/*, application/yaml"), Format::Yaml);
    assert_eq!(format("application/yaml, application/json"), Format::Yaml);
    assert_eq!(format("Application/YAML"), Format::Yaml);
    assert_eq!(format("application/vnd.kubernetes.protobuf, application/json"), Format::Json);
}

#[test]
fn c4_2_2_quality_zero_refuses() {
    assert_eq!(format("application/json;q=0, */*"), Format::Yaml);
    assert_eq!(format("application/*;q=0, application/yaml"), Format::Yaml);
    assert_eq!(format("*/*;q=0, application/json"), Format::Json);
    assert_eq!(negotiate(Some("*/*;q=0"), RESOURCE).unwrap_err().code(), 406);
}

#[test]
fn c4_2_3_a_parameter_that_is_not_allowed_skips_the_clause() {
    assert_eq!(format("application/json;as=Nothing, application/yaml;q=0.1"), Format::Yaml);
    assert_eq!(format("application/json;stream=other, application/yaml"), Format::Yaml);
    assert_eq!(format("*/*;sv=v2, application/yaml"), Format::Yaml);
    assert_eq!(negotiate(Some("application/yaml;stream=watch"), RESOURCE).unwrap_err().code(), 406);
    assert_eq!(negotiate(Some("application/json;sv=v1"), Endpoint::Plain).unwrap_err().code(), 406);

    let all = get("application/json; sv=v1; export=1; profile=x; charset=utf-8; pretty=1; stream=watch", RESOURCE);
    assert_eq!(all, Negotiated { pretty: true, stream: true, ..Negotiated::default() });
}

#[test]
fn c4_2_4_no_match_names_what_is_served() {
    let status = negotiate(Some("application/json;as=Nothing;g=g;v=v"), RESOURCE).unwrap_err();
    assert_eq!((status.code(), status.reason()), (406, "NotAcceptable"));
    assert_eq!(status.message(), "only the following media types are accepted: application/json, application/yaml");
}

#[test]
fn c4_2_5_no_type_at_all_is_refused_by_the_route() {
    for accept in ["text/html", "application/cbor", ",", "x"] {
        let status = negotiate(Some(accept), RESOURCE).unwrap_err();
        assert_eq!((status.code(), status.reason()), (406, "NotAcceptable"));
        let message = "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml";
        assert_eq!(status.message(), message);
    }
}

#[test]
fn c4_2_5_no_type_at_all_and_no_body_is_415() {
    for accept in ["text/html", "application/cbor", ",", "x"] {
        let status = refuse_bodiless(Some(accept)).unwrap_err();
        assert_eq!((status.code(), status.reason()), (415, "UnsupportedMediaType"));
        let message = "415: Unsupported Media Type\n\nAvailable representations: application/json, application/yaml";
        assert_eq!(status.message(), message);
    }
    for accept in [None, Some(""), Some("*/*"), Some("text/html, application/yaml;as=Nothing;g=g;v=v")] {
        assert!(refuse_bodiless(accept).is_ok(), "{accept:?}");
    }
}

#[test]
fn c4_2_8_tables_and_metadata() {
    let table = Some(Transform::Table(MetaVersion::V1));
    assert_eq!(transform(KUBECTL, RESOURCE), table);
    assert_eq!(transform("*/*;AS=\"Table\" ; g=meta.k8s.io; v=\"v1\"", RESOURCE), table);
    assert_eq!(get("application/yaml;as=Table;v=v1;g=meta.k8s.io", RESOURCE).format, Format::Yaml);
    let metadata = Some(Transform::PartialObjectMetadata(MetaVersion::V1beta1));
    assert_eq!(transform("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1", RESOURCE), metadata);
    let list = Some(Transform::PartialObjectMetadataList(MetaVersion::V1));
    assert_eq!(transform("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", RESOURCE), list);
}

#[test]
fn c4_2_8_without_a_convertor_the_table_is_skipped() {
    assert_eq!(get(KUBECTL, Endpoint::Resource { table: false }), Negotiated::default());
    assert_eq!(get(KUBECTL, Endpoint::Plain), Negotiated::default());
    for parameters in ["as=Table", "as=Table;g=meta.k8s.io", "as=Table;g=meta.k8s.io;v=v2", "as=;g=;v=", "as=table"] {
        let accept = format!("application/json;{parameters}");
        assert_eq!(negotiate(Some(&accept), RESOURCE).unwrap_err().code(), 406, "{accept}");
    }
}

#[test]
fn c3_1_6_plain_endpoints_fall_through_to_plain_json() {
    assert_eq!(get(DISCOVERY, Endpoint::Plain), Negotiated::default());
    assert_eq!(get(DISCOVERY, RESOURCE), Negotiated::default());
}

#[test]
fn c3_2_1_aggregated_discovery_in_any_order() {
    let v2 = Some(Transform::AggregatedDiscovery(DiscoveryVersion::V2));
    assert_eq!(transform(DISCOVERY, Endpoint::Discovery), v2);
    let accept =
        "application/json, application/json;as=APIGroupDiscoveryList;v=v2;profile=nopeer;g=apidiscovery.k8s.io";
    assert_eq!(transform(accept, Endpoint::Discovery), v2);
    assert_eq!(get("application/yaml", Endpoint::Discovery).format, Format::Yaml);
    assert_eq!(get(KUBECTL, Endpoint::Discovery), Negotiated::default());
}

#[test]
fn c3_2_2_the_content_type_says_what_discovery_is() {
    let content_type = |accept| get(accept, Endpoint::Discovery).content_type();
    assert_eq!(content_type(DISCOVERY), "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    for accept in [
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
        "application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        "application/yaml;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
        "application/yaml",
    ] {
        assert_eq!(content_type(accept), accept);
    }
    assert_eq!(get(KUBECTL, RESOURCE).content_type(), "application/json");
}

#[test]
fn c4_8_18_a_watch_is_json_only() {
    let status = negotiate_stream(Some("application/yaml"), RESOURCE).unwrap_err();
    assert_eq!((status.code(), status.reason()), (406, "NotAcceptable"));
    assert_eq!(status.message(), "only the following media types are accepted: application/json;stream=watch");

    for accept in ["application/json;stream=watch", "application/yaml, application/json", "*/*", ""] {
        assert_eq!(negotiate_stream(Some(accept), RESOURCE).unwrap().format, Format::Json, "{accept}");
    }
    let table = Some(Transform::Table(MetaVersion::V1));
    assert_eq!(negotiate_stream(Some(KUBECTL), RESOURCE).unwrap().transform, table);
    let status = negotiate_stream(Some("text/plain"), RESOURCE).unwrap_err();
    assert!(status.message().ends_with(": application/json, application/yaml, application/json;stream=watch"));
}

#[test]
fn c4_2_2_several_headers_are_one_list() {
    let mut headers = HeaderMap::new();
    assert_eq!(accept_value(&headers), None);
    headers.append(ACCEPT, HeaderValue::from_static("text/html"));
    assert_eq!(accept_value(&headers).unwrap(), "text/html");
    headers.append(ACCEPT, HeaderValue::from_bytes(b"\xff/x, application/yaml").unwrap());
    assert_eq!(format(&accept_value(&headers).unwrap()), Format::Yaml);
}

proptest! {
    #[test]
    fn c4_2_2_no_header_panics(accept in "\\PC*") {
        let _ = negotiate(Some(&accept), Endpoint::Discovery);
    }

    #[test]
    fn c4_2_2_what_is_chosen_was_accepted(
        accept in "((application|\\*)/(json|yaml|\\*)(;(q=[01](\\.[0-9])?|as=Table|v=v1|g=meta.k8s.io|x=\"[;,\\\\]*\"?))*[, ]*){0,5}"
    ) {
        for endpoint in [RESOURCE, Endpoint::Discovery, Endpoint::Plain] {
            if let Ok(chosen) = negotiate(Some(&accept), endpoint) {
                let name = if chosen.format == Format::Json { "json" } else { "yaml" };
                prop_assert!(accept.is_empty() || accept.contains(name) || accept.contains('*'));
                prop_assert!(chosen.transform.is_none() || accept.contains("as=Table"));
            }
        }
    }
}
