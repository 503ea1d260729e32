//! kubectl and strategic merge patches, on deployments: it makes such patches for the types that it knows.

use rest_resource_tests::deployments::{self, deployment};
use rest_resource_tests::kubectl::Kubectl;
use serde_json::{Value, json};

/// A deployment that was applied by the client.
fn with_deployment() -> Option<Kubectl> {
    let kubectl = Kubectl::serve(deployments::server())?;
    kubectl.ok_with(&["apply", "-f", "-"], &deployment("a").to_string());
    Some(kubectl)
}

const IMAGES: &[&str] =
    &["get", "deployment", "a", "-o", "jsonpath={range .spec.template.spec.containers[*]}{.name}={.image} {end}"];

#[test]
fn patch_merges_containers_by_name() {
    let Some(kubectl) = with_deployment() else { return };
    let patch = |containers: Value| json!({"spec": {"template": {"spec": {"containers": containers}}}}).to_string();
    let image = patch(json!([{"name": "log", "image": "log:2"}]));
    let patched = kubectl.ok(&["patch", "deployment", "a", "--type=strategic", "-p", &image]);
    assert_eq!(patched, "deployment.apps/a patched\n");
    assert_eq!(kubectl.ok(IMAGES), "web=web:1 log=log:2 ");
    // It is what kubectl does without a type.
    let delete = patch(json!([{"name": "web", "$patch": "delete"}]));
    kubectl.ok(&["patch", "deployment", "a", "-p", &delete]);
    assert_eq!(kubectl.ok(IMAGES), "log=log:2 ");
    let unchanged = kubectl.ok(&["patch", "deployment", "a", "-p", &delete]);
    assert_eq!(unchanged, "deployment.apps/a patched (no change)\n");
}

#[test]
fn set_image_changes_one_container() {
    let Some(kubectl) = with_deployment() else { return };
    kubectl.ok(&["set", "image", "deployment/a", "web=web:3"]);
    assert_eq!(kubectl.ok(IMAGES), "web=web:3 log=log:1 ");
    kubectl.ok(&["set", "env", "deployment/a", "-c", "web", "A-", "B=2"]);
    let env = "jsonpath={.spec.template.spec.containers[0].env[*].name}";
    assert_eq!(kubectl.ok(&["get", "deployment", "a", "-o", env]), "B");
}

/// What others have added stays, what has gone from the file goes, and the order is that of the file.
#[test]
fn apply_by_the_client_merges() {
    let Some(kubectl) = with_deployment() else { return };
    // What was set beside the file is cleared with the strategy that it belongs to.
    let sidecar = r#"{"spec":{"strategy":{"rollingUpdate":{"maxUnavailable":2}},"template":{"spec":{"containers":[{"name":"sidecar","image":"s:1"}]}}}}"#;
    kubectl.ok(&["patch", "deployment", "a", "-p", sidecar]);
    let mut next = deployment("a");
    next["spec"]["strategy"] = json!({"type": "Recreate"});
    let web = &deployment("a")["spec"]["template"]["spec"]["containers"][0];
    next["spec"]["template"]["spec"]["containers"] = json!([{"name": "new", "image": "new:1"}, web]);
    let applied = kubectl.ok_with(&["apply", "-f", "-"], &next.to_string());
    assert_eq!(applied, "deployment.apps/a configured\n");
    let images = kubectl.ok(IMAGES);
    let mut names: Vec<&str> = images.split_whitespace().collect();
    let place = |name: &str| names.iter().position(|own| own.starts_with(name));
    assert!(place("new=") < place("web="), "{images}");
    names.sort_unstable();
    assert_eq!(names, ["new=new:1", "sidecar=s:1", "web=web:1"]);
    let strategy = kubectl.ok(&["get", "deployment", "a", "-o", "jsonpath={.spec.strategy}"]);
    assert_eq!(strategy, r#"{"type":"Recreate"}"#);
    // Once more, and nothing is written.
    let version = ["get", "deployment", "a", "-o", "jsonpath={.metadata.resourceVersion}"];
    let before = kubectl.ok(&version);
    kubectl.ok_with(&["apply", "-f", "-"], &next.to_string());
    assert_eq!(kubectl.ok(&version), before);
}

#[test]
fn edit_label_and_annotate() {
    let Some(kubectl) = with_deployment() else { return };
    let edited = kubectl.run_with(&["edit", "deployment", "a"], "", &[("KUBE_EDITOR", "sed -i s/web:1/web:9/")]);
    assert!(edited.ok, "{}", edited.stderr);
    assert!(kubectl.ok(IMAGES).starts_with("web=web:"), "{}", kubectl.ok(IMAGES));
    assert!(kubectl.ok(IMAGES).contains("web=web:9"), "{}", kubectl.ok(IMAGES));
    kubectl.ok(&["label", "deployment", "a", "tier=front"]);
    kubectl.ok(&["annotate", "deployment", "a", "note=hello"]);
    let labels = "jsonpath={.metadata.labels.app}-{.metadata.labels.tier}-{.metadata.annotations.note}";
    assert_eq!(kubectl.ok(&["get", "deployment", "a", "-o", labels]), "a-front-hello");
    kubectl.ok(&["label", "deployment", "a", "tier-"]);
    assert_eq!(kubectl.ok(&["get", "deployment", "a", "-o", "jsonpath={.metadata.labels}"]), r#"{"app":"a"}"#);
}

/// kubectl knows from the OpenAPI documents that the server merges this list, and says what is to go.
#[test]
fn what_has_gone_from_the_file_goes_from_merged_lists() {
    let Some(kubectl) = with_deployment() else { return };
    let apply = |finalizers: Value| {
        let mut object = deployment("a");
        object["metadata"]["finalizers"] = finalizers;
        kubectl.ok_with(&["apply", "-f", "-"], &object.to_string());
        kubectl.ok(&["get", "deployment", "a", "-o", "jsonpath={.metadata.finalizers[*]}"])
    };
    assert_eq!(apply(json!(["example.com/a", "example.com/b"])), "example.com/a example.com/b");
    let others = r#"{"metadata":{"finalizers":["example.com/others"]}}"#;
    kubectl.ok(&["patch", "deployment", "a", "-p", others]);
    let left = apply(json!(["example.com/b"]));
    let mut left: Vec<&str> = left.split(' ').collect();
    left.sort_unstable();
    assert_eq!(left, ["example.com/b", "example.com/others"]);
}

#[test]
fn explain_describes_a_type_of_kubernetes() {
    let Some(kubectl) = Kubectl::serve(deployments::server()) else { return };
    let all = kubectl.ok(&["explain", "deployments", "--recursive"]);
    for line in ["GROUP:      apps", "KIND:       Deployment", "  template\t<PodTemplateSpec> -required-"] {
        assert!(all.contains(line), "{line}: {all}");
    }
    assert!(all.contains("      containers\t<[]Container> -required-"), "{all}");
    assert!(all.contains("          valueFrom\t<EnvVarSource>"), "{all}");
    let one = kubectl.ok(&["explain", "deployments.spec.template.spec.containers.env.valueFrom"]);
    assert!(
        one.contains("FIELD: valueFrom <EnvVarSource>") && one.contains("secretKeyRef\t<SecretKeySelector>"),
        "{one}"
    );
}
