//! The OpenAPI documents as others take them, unmodified: a validator, a generator of clients, and `schemathesis`, which
//! finds that the answers are what the documents say.

use http::StatusCode;
use rest_resource_tests::deployments::{DEPLOYMENTS, deployment};
use rest_resource_tests::leases::LEASES;
use rest_resource_tests::place::times;
use rest_resource_tests::pools::{POOLS, pool};
use rest_resource_tests::script::Script;
use rest_resource_tests::{Client, Serving, mixed};
use serde_json::json;

/// The paths of all documents.
const DOCUMENTS: [&str; 8] = [
    "/openapi/v2",
    "/openapi/v3/api/v1",
    "/openapi/v3/apis/apps/v1",
    "/openapi/v3/apis/coordination.k8s.io/v1",
    "/openapi/v3/apis/pool.example.com/v1",
    "/openapi/v3/apis/pool.example.com/v1beta1",
    "/openapi/v3/apis/wardle.example.com/v1alpha1",
    "/openapi/v3/apis/wardle.example.com/v1beta1",
];

#[tokio::test]
async fn every_document_is_valid() {
    let serving = Serving::start(mixed::server()).await;
    let Some(mut script) = Script::python("validate.py", &[], serving.address) else { return };
    script.says(&DOCUMENTS).await;
    script.ends().await;
}

#[tokio::test]
#[ignore = "takes its time, and Java: .ci/long runs it, and says by OPENAPI_GENERATOR where the generator is"]
async fn clients_are_generated() {
    let client = Client::new(mixed::server());
    client.flunder("flunder").await;
    let lease = json!({"metadata": {"name": "lease"}, "spec": {"renewTime": "2026-01-02T03:04:05.000006Z"}});
    let map = json!({"metadata": {"name": "map"}, "data": {"a": "b"}, "binaryData": {"c": "ZA=="}});
    let maps = "/api/v1/namespaces/default/configmaps";
    let pool = pool("pool", &json!({"replicas": 2}));
    let mut deployment = deployment("deployment");
    // The older format has no word for a number or a text, and generators take it for a text.
    deployment["spec"]["strategy"]["rollingUpdate"]["maxSurge"] = json!("25%");
    for (path, object) in [(LEASES, &lease), (maps, &map), (POOLS, &pool), (DEPLOYMENTS, &deployment)] {
        client.post(path, object).await.expect(StatusCode::CREATED);
    }
    let serving = Serving::start(client.server.clone()).await;
    let Some(script) = Script::python("generated.py", &[], serving.address) else { return };
    let (report, is_well) = script.report().await;
    let lists = [
        "list_apps_v1_deployment_for_all_namespaces deployment",
        "list_coordination_v1_lease_for_all_namespaces lease",
        "list_core_v1_config_map_for_all_namespaces map",
        "list_pool_example_com_v1_pool_for_all_namespaces pool",
        "list_pool_example_com_v1beta1_pool_for_all_namespaces pool",
        "list_wardle_example_com_v1alpha1_flunder_for_all_namespaces flunder",
        "list_wardle_example_com_v1beta1_flunder_for_all_namespaces flunder",
    ];
    let mut expected = vec![DOCUMENTS[0]];
    expected.extend(lists);
    for (path, of_version) in DOCUMENTS[1..].iter().zip([2, 0, 1, 3, 4, 5, 6]) {
        expected.extend([path, lists[of_version]]);
    }
    assert_eq!(report.lines().collect::<Vec<_>>(), expected, "{report}");
    assert!(is_well);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_are_what_the_documents_of_kubernetes_types_say() {
    answers_conform(&DOCUMENTS[1..4]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_are_what_the_documents_of_custom_types_say() {
    answers_conform(&DOCUMENTS[4..]).await;
}

async fn answers_conform(documents: &[&str]) {
    let serving = Serving::start(mixed::server()).await;
    let examples = times("OPENAPI_EXAMPLES", 5);
    // The long run takes the values at the borders of the schemas too, which are thousands of requests.
    let phases = if examples > 30 { "coverage,fuzzing" } else { "fuzzing" };
    let options = ["--phases", phases, "--max-examples", &examples.to_string()];
    let Some(script) = Script::python("openapi.py", &[documents, &options].concat(), serving.address) else { return };
    let (report, is_well) = script.report().await;
    assert!(is_well, "{report}");
    // What is always refused shows nothing.
    assert!(report.ends_with("\nnever succeeded:\n"), "{report}");
}
