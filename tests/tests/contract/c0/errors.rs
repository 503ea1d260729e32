//! `Status` and its causes (contract 0.1-0.10).

use http::StatusCode;
use rest_resource::{
    Context, DeleteOptions, Deleted, FieldError, GetOptions, Getter, GracefulDeleter, GroupKind, GroupResource, Reply,
    RestResource, Result, Status,
};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use serde_json::{Value, json};

use crate::probe::{PROBES, Probe, answer_to, config_map, serve, with_core};

#[tokio::test]
async fn c0_1_a_failure_has_these_fields_and_no_others() {
    let answer = Client::wardle().get(&format!("{FLUNDERS}/a")).await;
    assert_eq!(
        answer.text,
        concat!(
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","#,
            r#""message":"flunders.wardle.example.com \"a\" not found","reason":"NotFound","#,
            r#""details":{"name":"a","group":"wardle.example.com","kind":"flunders"},"code":404}"#,
            "\n"
        )
    );
}

#[tokio::test]
async fn c0_1_a_success_has_these_fields_and_no_others() {
    let client = Client::wardle();
    let uid = client.flunder("a").await["metadata"]["uid"].clone();
    let status = client.delete(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    assert_eq!(
        status,
        json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
            "details": {"name": "a", "group": "wardle.example.com", "kind": "flunders", "uid": uid},
        })
    );
}

#[tokio::test]
async fn c0_2_details_and_causes() {
    let mut body = flunder("a");
    body["spec"] = json!({"flunderReference": "b"});
    let status = Client::wardle().post(FLUNDERS, &body).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        status["details"],
        json!({
            "name": "a", "group": "wardle.example.com", "kind": "Flunder",
            "causes": [{
                "reason": "FieldValueInvalid",
                "message": "Invalid value: \"b\": cannot be set if referenceType is not Flunder",
                "field": "spec.flunderReference",
            }],
        })
    );
}

#[tokio::test]
async fn c0_2_details_of_a_failure_to_be_tried_again() {
    let status = answer_to(Status::too_many_requests("busy", 7)).await.expect(StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(status["details"], json!({"retryAfterSeconds": 7}));
}

#[tokio::test]
async fn c0_3_details_name_the_resource_and_only_invalid_the_kind() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let kind = |status: &Value| status["details"]["kind"].clone();
    let item = format!("{FLUNDERS}/a");
    assert_eq!(kind(&client.get(&format!("{FLUNDERS}/b")).await.expect(StatusCode::NOT_FOUND)), "flunders");
    assert_eq!(kind(&client.post(FLUNDERS, &flunder("a")).await.expect(StatusCode::CONFLICT)), "flunders");
    let mut stale = created.clone();
    stale["metadata"]["resourceVersion"] = "1".into();
    stale["metadata"]["labels"] = json!({"a": "b"});
    let first = client.merge_patch(&item, &json!({"metadata": {"labels": {"c": "d"}}})).await;
    first.expect(StatusCode::OK);
    stale["metadata"]["resourceVersion"] = created["metadata"]["resourceVersion"].clone();
    assert_eq!(kind(&client.put(&item, &stale).await.expect(StatusCode::CONFLICT)), "flunders");
    let banned = json!({"metadata": {"name": "bans"}, "disallowedFlunders": ["eel"]});
    client.post(FISCHERS, &banned).await.expect(StatusCode::CREATED);
    assert_eq!(kind(&client.post(FLUNDERS, &flunder("eel")).await.expect(StatusCode::FORBIDDEN)), "flunders");
    let nameless = json!({"metadata": {}, "spec": {}});
    assert_eq!(kind(&client.post(FLUNDERS, &nameless).await.expect(StatusCode::UNPROCESSABLE_ENTITY)), "Flunder");
}

#[tokio::test]
async fn c0_4_resources_are_qualified_outside_the_core_group() {
    let client = with_core();
    config_map(&client, "a").await;
    let again = json!({"metadata": {"name": "a"}});
    let maps = "/api/v1/namespaces/default/configmaps";
    client.post(maps, &again).await.expect_status(409, "AlreadyExists", "configmaps \"a\" already exists");
    client.flunder("a").await;
    let message = "flunders.wardle.example.com \"a\" already exists";
    client.post(FLUNDERS, &flunder("a")).await.expect_status(409, "AlreadyExists", message);
}

#[tokio::test]
async fn c0_4_kinds_are_qualified_outside_the_core_group() {
    let client = with_core();
    let nameless = json!({"metadata": {}, "spec": {}});
    let error = "\"\" is invalid: metadata.name: Required value: name or generateName is required";
    let maps = client.post("/api/v1/namespaces/default/configmaps", &json!({"metadata": {}})).await;
    maps.expect_status(422, "Invalid", &format!("ConfigMap {error}"));
    let flunders = client.post(FLUNDERS, &nameless).await;
    flunders.expect_status(422, "Invalid", &format!("Flunder.wardle.example.com {error}"));
}

#[tokio::test]
async fn c0_5_every_kind_of_error_has_its_code_reason_and_message() {
    let resource = GroupResource::new("test.example.com", "probes");
    let kind = GroupKind::new("test.example.com", "Probe");
    let one = [FieldError::required("spec.a", "say it")];
    let two = [FieldError::required("spec.a", "say it"), FieldError::forbidden("spec.b", "not here")];
    let unique = "probes.test.example.com \"a\" already exists, the server was not able to generate a unique name \
                  for the object";
    let accepted = "the body of the request was in an unknown format - accepted media types include: a/b, c/d";
    let rows = [
        (Status::not_found(&resource, "a"), 404, "NotFound", "probes.test.example.com \"a\" not found"),
        (Status::already_exists(&resource, "a"), 409, "AlreadyExists", "probes.test.example.com \"a\" already exists"),
        (Status::generate_name_exhausted(&resource, "a"), 409, "AlreadyExists", unique),
        (
            Status::conflict(&resource, "a", "too late"),
            409,
            "Conflict",
            "Operation cannot be fulfilled on probes.test.example.com \"a\": too late",
        ),
        (
            Status::invalid(&kind, "a", &one),
            422,
            "Invalid",
            "Probe.test.example.com \"a\" is invalid: spec.a: Required value: say it",
        ),
        (
            Status::invalid(&kind, "a", &two),
            422,
            "Invalid",
            "Probe.test.example.com \"a\" is invalid: [spec.a: Required value: say it, spec.b: Forbidden: not here]",
        ),
        (Status::bad_request("what?"), 400, "BadRequest", "what?"),
        (Status::unauthorized("Unauthorized"), 401, "Unauthorized", "Unauthorized"),
        (Status::forbidden(&resource, "a", "no"), 403, "Forbidden", "probes.test.example.com \"a\" is forbidden: no"),
        (Status::forbidden(&resource, "", "no"), 403, "Forbidden", "probes.test.example.com is forbidden: no"),
        (
            Status::method_not_supported(&resource, "watch"),
            405,
            "MethodNotAllowed",
            "watch is not supported on resources of kind \"probes.test.example.com\"",
        ),
        (Status::expired("too old"), 410, "Expired", "too old"),
        (
            Status::request_entity_too_large("limit is 3"),
            413,
            "RequestEntityTooLarge",
            "Request entity too large: limit is 3",
        ),
        (Status::unsupported_media_type(&["a/b", "c/d"]), 415, "UnsupportedMediaType", accepted),
        (
            Status::only_accepted(&["a/b", "c/d"]),
            406,
            "NotAcceptable",
            "only the following media types are accepted: a/b, c/d",
        ),
        (Status::too_many_requests("busy", 1), 429, "TooManyRequests", "busy"),
        (Status::internal_error("disk full"), 500, "InternalError", "Internal error occurred: disk full"),
        (Status::storage_read_error("damaged"), 500, "StorageReadError", "damaged"),
        (Status::service_unavailable("not yet"), 503, "ServiceUnavailable", "not yet"),
        (Status::timeout("too slow", 0), 504, "Timeout", "Timeout: too slow"),
    ];
    for (status, code, reason, message) in rows {
        answer_to(status).await.expect_status(code, reason, message);
    }
}

#[tokio::test]
async fn c0_5_an_internal_error_has_one_cause_with_a_message_only() {
    let status = answer_to(Status::internal_error("disk full")).await.expect(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(status["details"], json!({"causes": [{"message": "disk full"}]}));
}

#[tokio::test]
async fn c0_5_a_generated_name_that_is_taken_can_be_tried_again() {
    let status = Status::generate_name_exhausted(&GroupResource::new("", "pods"), "a");
    let status = answer_to(status).await.expect(StatusCode::CONFLICT);
    assert_eq!(status["details"]["retryAfterSeconds"], 1);
}

#[tokio::test]
async fn c0_7_seconds_to_wait_are_a_header_too() {
    let answer = answer_to(Status::too_many_requests("busy", 7)).await;
    assert_eq!(answer.header("retry-after"), "7");
    let answer = answer_to(Status::timeout("too slow", 0)).await;
    assert!(!answer.headers.contains_key("retry-after"));
}

/// Answers with a `Status` instead of an object.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Busy;

fn busy() -> Status {
    Status::too_many_requests("busy", 7)
}

impl GracefulDeleter for Busy {
    async fn delete(
        &self,
        _: &Context,
        _: &str,
        _: &rest_resource::Admit<Probe>,
        _: &DeleteOptions,
    ) -> Result<(Deleted<Probe>, bool)> {
        std::future::ready(Ok((Deleted::Status(busy()), false))).await
    }
}

impl Getter for Busy {
    async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Probe> {
        std::future::ready(Err(busy())).await
    }

    async fn get_reply(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Reply<Probe>> {
        std::future::ready(Ok(Reply::Status(busy()))).await
    }
}

#[tokio::test]
async fn c0_7_so_are_those_of_a_status_instead_of_an_object() {
    let client = serve(Busy);
    for method in [http::Method::DELETE, http::Method::GET] {
        let answer = client.send(method, &format!("{PROBES}/a"), &[], "").await;
        assert_eq!(answer.header("retry-after"), "7");
        answer.expect_status(429, "TooManyRequests", "busy");
    }
}

/// Deletes without a word.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Silent;

impl GracefulDeleter for Silent {
    async fn delete(
        &self,
        _: &Context,
        _: &str,
        _: &rest_resource::Admit<Probe>,
        _: &DeleteOptions,
    ) -> Result<(Deleted<Probe>, bool)> {
        let status = Status::success().with_code(StatusCode::NO_CONTENT);
        std::future::ready(Ok((Deleted::Status(status), true))).await
    }
}

impl Getter for Silent {
    async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Probe> {
        std::future::ready(Err(Status::success().with_code(StatusCode::NO_CONTENT))).await
    }
}

#[tokio::test]
async fn c0_7_a_status_of_no_content_has_no_body() {
    let client = serve(Silent);
    for method in [http::Method::DELETE, http::Method::GET] {
        let answer = client.send(method, &format!("{PROBES}/a"), &[], "").await;
        assert_eq!((answer.code, &*answer.text), (StatusCode::NO_CONTENT, ""));
    }
}

#[tokio::test]
async fn c0_8_c0_9_each_type_of_field_error() {
    let kind = GroupKind::new("test.example.com", "Probe");
    let rows = [
        (FieldError::not_found("a", "x"), "FieldValueNotFound", "Not found: \"x\""),
        (FieldError::required("a", "why"), "FieldValueRequired", "Required value: why"),
        (FieldError::duplicate("a", "x"), "FieldValueDuplicate", "Duplicate value: \"x\""),
        (FieldError::invalid("a", 1, "why"), "FieldValueInvalid", "Invalid value: 1: why"),
        (FieldError::type_invalid("a", true, "why"), "FieldValueTypeInvalid", "Invalid value: true: why"),
        (
            FieldError::not_supported("a", "x", &["A", "B"]),
            "FieldValueNotSupported",
            "Unsupported value: \"x\": supported values: \"A\", \"B\"",
        ),
        (FieldError::forbidden("a", "why"), "FieldValueForbidden", "Forbidden: why"),
        (FieldError::too_long("a", 3), "FieldValueTooLong", "Too long: may not be more than 3 bytes"),
        (FieldError::too_short("a", 3), "FieldValueTooShort", "Too short: must be at least 3 characters long"),
        (FieldError::too_many("a", 4, 3), "FieldValueTooMany", "Too many: 4: must have at most 3 items"),
        (FieldError::too_few("a", 2, 3), "FieldValueTooFew", "Too few: 2: must have at least 3 items"),
        (FieldError::internal("a", "why"), "InternalError", "Internal error: why"),
    ];
    for (error, reason, message) in rows {
        let answer = answer_to(Status::invalid(&kind, "n", &[error])).await;
        let message_of_all = format!("Probe.test.example.com \"n\" is invalid: a: {message}");
        let status = answer.expect_status(422, "Invalid", &message_of_all);
        assert_eq!(status["details"]["causes"], json!([{"reason": reason, "message": message, "field": "a"}]));
    }
}

#[tokio::test]
async fn c0_9_values_are_printed_as_compact_json() {
    let kind = GroupKind::new("test.example.com", "Probe");
    for (value, printed) in [
        (json!("a\"b"), "\"a\\\"b\""),
        (json!(-7), "-7"),
        (json!(0.5), "0.5"),
        (json!({"a": [1, null]}), "{\"a\":[1,null]}"),
    ] {
        let status = answer_to(Status::invalid(&kind, "n", &[FieldError::invalid("a", value, "why")])).await;
        assert_eq!(status.json["details"]["causes"][0]["message"], format!("Invalid value: {printed}: why"));
    }
}

#[tokio::test]
async fn c0_9_errors_are_joined_and_duplicates_left_out() {
    let kind = GroupKind::new("test.example.com", "Probe");
    let (one, two) = (FieldError::required("a", "say it"), FieldError::duplicate("b", 1));
    let answer = answer_to(Status::invalid(&kind, "n", &[one.clone(), two, one])).await;
    let message = "Probe.test.example.com \"n\" is invalid: [a: Required value: say it, b: Duplicate value: 1]";
    answer.expect_status(422, "Invalid", message);
}

#[tokio::test]
async fn c0_10_unsupported_values_come_with_the_supported_ones() {
    let answer = Client::wardle().post(&format!("{FLUNDERS}?fieldValidation=Often"), &flunder("a")).await;
    let message = "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Often\": \
                   supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"";
    answer.expect_status(422, "Invalid", message);
}
