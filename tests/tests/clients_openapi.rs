//! `schemathesis`, unmodified: the answers of `wardle` are what its OpenAPI document says.

use rest_resource::StoreOptions;
use rest_resource_tests::place::times;
use rest_resource_tests::script::Script;
use rest_resource_tests::{Serving, wardle};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_are_what_the_document_says() {
    let server = wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together");
    let serving = Serving::start(server).await;
    let examples = times("OPENAPI_EXAMPLES", 30);
    // The long run takes the values at the borders of the schemas too, which are thousands of requests.
    let phases = if examples > 30 { "coverage,fuzzing" } else { "fuzzing" };
    let arguments = ["--phases", phases, "--max-examples", &examples.to_string()];
    let Some(script) = Script::python("openapi.py", &arguments, serving.address) else { return };
    let (report, is_well) = script.report().await;
    assert!(is_well, "{report}");
    // What is always refused shows nothing.
    assert!(report.ends_with("\nnever succeeded:\n"), "{report}");
}
