//! kubectl applies, prunes and compares, on `wardle`: what a person types, and what it prints.

use rest_resource::StoreOptions;
use rest_resource_tests::kubectl::Kubectl;
use rest_resource_tests::wardle;
use serde_json::Value;

fn wardle() -> Option<Kubectl> {
    Kubectl::serve(wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together"))
}

fn manifest(reference: &str) -> String {
    format!(
        "apiVersion: wardle.example.com/v1beta1\nkind: Flunder\nmetadata:\n  name: a\n  labels:\n    app: a\nspec:\n  flunderReference: {reference}\n  referenceType: Flunder\n"
    )
}

const APPLY: &[&str] = &["apply", "--server-side", "-f", "-"];
const REFERENCE: &[&str] = &["get", "flunder", "a", "-o", "jsonpath={.spec.flunderReference}"];

/// `manager operation subresource` of each entry, sorted.
fn managers(kubectl: &Kubectl) -> Vec<String> {
    let json = kubectl.ok(&["get", "flunder", "a", "-o", "json", "--show-managed-fields"]);
    let object: Value = serde_json::from_str(&json).expect("kubectl prints JSON");
    let entries = object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
    let name = |entry: &Value| {
        let parts = ["manager", "operation", "subresource"].map(|name| entry[name].as_str().unwrap_or_default());
        parts.join(" ").trim_end().to_owned()
    };
    let mut managers: Vec<String> = entries.iter().map(name).collect();
    managers.sort();
    managers
}

#[test]
fn apply_creates_changes_and_leaves_alone() {
    let Some(kubectl) = wardle() else { return };
    assert_eq!(kubectl.ok_with(APPLY, &manifest("b")), "flunder.wardle.example.com/a serverside-applied\n");
    let version = ["get", "flunder", "a", "-o", "jsonpath={.metadata.resourceVersion}"];
    let before = kubectl.ok(&version);
    kubectl.ok_with(APPLY, &manifest("b"));
    assert_eq!(kubectl.ok(&version), before);
    kubectl.ok_with(APPLY, &manifest("c"));
    assert_eq!(kubectl.ok(REFERENCE), "c");
    assert_eq!(managers(&kubectl), ["kubectl Apply"]);
}

#[test]
fn managed_fields_are_shown_to_who_asks() {
    let Some(kubectl) = wardle() else { return };
    kubectl.ok_with(APPLY, &manifest("b"));
    assert!(!kubectl.ok(&["get", "flunder", "a", "-o", "yaml"]).contains("managedFields"));
    let shown = kubectl.ok(&["get", "flunder", "a", "-o", "yaml", "--show-managed-fields"]);
    assert!(shown.contains("managedFields") && shown.contains("f:flunderReference: {}"), "{shown}");
}

#[test]
fn conflicts_are_told_and_forced() {
    let Some(kubectl) = wardle() else { return };
    kubectl.ok_with(APPLY, &manifest("b"));
    let other = [APPLY, &["--field-manager=other"]].concat();
    let told = kubectl.fails_with(&other, &manifest("c"));
    let conflict = "Apply failed with 1 conflict: conflict with \"kubectl\": .spec.flunderReference";
    assert!(told.contains(conflict) && told.contains("--force-conflicts"), "{told}");
    assert_eq!(kubectl.ok(REFERENCE), "b");
    kubectl.ok_with(&[&other[..], &["--force-conflicts"]].concat(), &manifest("c"));
    assert_eq!(kubectl.ok(REFERENCE), "c");
    assert_eq!(managers(&kubectl), ["kubectl Apply", "other Apply"]);
}

#[test]
fn an_edit_is_in_the_way_of_an_apply() {
    let Some(kubectl) = wardle() else { return };
    kubectl.ok_with(APPLY, &manifest("b"));
    let edited = kubectl.run_with(
        &["edit", "flunder", "a"],
        "",
        &[("KUBE_EDITOR", "sed -i s/flunderReference:.*/flunderReference:\\ c/")],
    );
    assert!(edited.ok, "{}", edited.stderr);
    let told = kubectl.fails_with(APPLY, &manifest("d"));
    assert!(
        told.contains("conflict with \"kubectl-edit\" using wardle.example.com/v1beta1: .spec.flunderReference"),
        "{told}"
    );
}

#[test]
fn diff_shows_what_an_apply_would_change() {
    for flags in [&["-f", "-"][..], &["--server-side", "-f", "-"]] {
        let Some(kubectl) = wardle() else { return };
        let diff = [&["diff"], flags].concat();
        let printed = kubectl.run_with(&diff, &manifest("b"), &[]);
        assert!(!printed.ok && printed.stderr.is_empty(), "{printed:?}");
        assert!(printed.stdout.contains("+  flunderReference: b\n"), "{printed:?}");
        assert_eq!(kubectl.ok(&["get", "flunders", "-o", "name"]), "");
        kubectl.ok_with(&[&["apply"], flags].concat(), &manifest("b"));
        assert_eq!(kubectl.ok_with(&diff, &manifest("b")), "");
        let printed = kubectl.run_with(&diff, &manifest("c"), &[]);
        assert!(!printed.ok && printed.stderr.is_empty(), "{printed:?}");
        assert!(printed.stdout.contains("-  flunderReference: b\n+  flunderReference: c\n"), "{printed:?}");
        assert_eq!(kubectl.ok(REFERENCE), "b");
    }
}

/// By itself kubectl looks for kinds of Kubernetes alone; others have to be named.
#[test]
fn apply_prunes_what_has_gone_from_the_file() {
    let Some(kubectl) = wardle() else { return };
    let part = "part-of: x\n    app";
    let file = |names: &[&str]| {
        let named = |name: &&str| manifest("b").replace("name: a", &format!("name: {name}")).replace("app", part);
        names.iter().map(named).collect::<Vec<_>>().join("---\n")
    };
    kubectl.ok_with(&["apply", "-f", "-"], &file(&["a", "b"]));
    kubectl.ok_with(&["create", "-f", "-"], &file(&["created"]));
    kubectl.ok_with(&["apply", "-f", "-"], &manifest("b").replace("name: a", "name: other"));
    let kind = "--prune-allowlist=wardle.example.com/v1beta1/Flunder";
    let prune = ["apply", "-f", "-", "--prune", "-l", "part-of=x", kind];
    let printed = kubectl.ok_with(&prune, &file(&["a"]));
    let lines = ["flunder.wardle.example.com/a unchanged", "flunder.wardle.example.com/b pruned"];
    assert_eq!(printed.lines().collect::<Vec<_>>(), lines);
    let left = kubectl.ok(&["get", "flunders", "-o", "jsonpath={.items[*].metadata.name}"]);
    assert_eq!(left, "a created other");
}

/// What was applied from the client becomes what is applied by the server, and what is applied no more goes.
#[test]
fn what_was_applied_from_the_client_migrates() {
    let Some(kubectl) = wardle() else { return };
    kubectl.ok_with(&["apply", "-f", "-"], &manifest("b"));
    assert_eq!(managers(&kubectl), ["kubectl-client-side-apply Update"]);
    let without_labels = manifest("c").replace("  labels:\n    app: a\n", "");
    kubectl.ok_with(APPLY, &without_labels);
    // The annotation is of a manager of its own, which kubectl makes.
    assert_eq!(managers(&kubectl), ["kubectl Apply", "kubectl-last-applied Apply"]);
    assert_eq!(kubectl.ok(REFERENCE), "c");
    assert_eq!(kubectl.ok(&["get", "flunder", "a", "-o", "jsonpath={.metadata.labels}"]), "");
    assert_eq!(kubectl.ok_with(&["apply", "-f", "-"], &manifest("c")), "flunder.wardle.example.com/a configured\n");
}

#[test]
fn the_status_is_applied_by_its_subresource() {
    let Some(kubectl) = wardle() else { return };
    kubectl.ok_with(APPLY, &manifest("b"));
    let status =
        "apiVersion: wardle.example.com/v1beta1\nkind: Flunder\nmetadata:\n  name: a\nstatus:\n  phase: Ready\n";
    let arguments = [APPLY, &["--subresource=status", "--field-manager=controller"]].concat();
    kubectl.ok_with(&arguments, status);
    assert_eq!(kubectl.ok(&["get", "flunder", "a", "-o", "jsonpath={.status.phase}"]), "Ready");
    assert_eq!(managers(&kubectl), ["controller Apply status", "kubectl Apply"]);
}

#[test]
fn a_field_that_the_type_does_not_have_is_refused() {
    let Some(kubectl) = wardle() else { return };
    let told = kubectl.fails_with(APPLY, &manifest("b").replace("spec:", "spec:\n  foo: 1"));
    assert!(told.contains(".spec.foo: field not declared in schema"), "{told}");
}
