//! kubectl deletes and waits, on `wardle`: what a person types, and what it prints.

use rest_resource::StoreOptions;
use rest_resource_tests::deployments::{self, deployment};
use rest_resource_tests::kubectl::Kubectl;
use rest_resource_tests::wardle;

fn serve(options: &StoreOptions) -> Option<Kubectl> {
    Kubectl::serve(wardle::server(options).prepare().expect("wardle fits together"))
}

fn wardle() -> Option<Kubectl> {
    serve(&StoreOptions::memory())
}

fn create(kubectl: &Kubectl, name: &str) {
    let manifest = format!(
        r#"{{"apiVersion":"wardle.example.com/v1beta1","kind":"Flunder","metadata":{{"name":"{name}","labels":{{"app":"{name}"}}}},"spec":{{}}}}"#
    );
    kubectl.ok_with(&["create", "-f", "-"], &manifest);
}

/// Replaces the finalizers, given as JSON.
fn set_finalizers(kubectl: &Kubectl, finalizers: &str) {
    let patch = format!(r#"{{"metadata":{{"finalizers":{finalizers}}}}}"#);
    kubectl.ok(&["patch", "flunder", "a", "--type=merge", "-p", &patch]);
}

fn names(kubectl: &Kubectl) -> String {
    kubectl.ok(&["get", "flunders", "-o", "jsonpath={.items[*].metadata.name}"])
}

const GONE: &str = "flunder.wardle.example.com \"a\" deleted\n";
const FINALIZERS: &[&str] = &["get", "flunder", "a", "-o", "jsonpath={.metadata.finalizers}"];
/// Until it is marked as deleted, with something in the way.
const MARKED: &[&str] = &["wait", "flunder/a", "--for=jsonpath={.metadata.deletionTimestamp}", "--timeout=20s"];

#[test]
fn delete_by_name_selector_and_all() {
    let Some(kubectl) = wardle() else { return };
    for name in ["a", "b", "c", "d"] {
        create(&kubectl, name);
    }
    assert_eq!(kubectl.ok(&["delete", "flunder", "a"]), GONE);
    assert!(kubectl.ok(&["delete", "flunder", "b", "--dry-run=server"]).contains("(server dry run)"));
    assert_eq!(names(&kubectl), "b c d");
    assert!(kubectl.ok(&["delete", "flunders", "-l", "app=b"]).contains("\"b\" deleted"));
    assert_eq!(names(&kubectl), "c d");
    assert_eq!(kubectl.ok(&["delete", "flunders", "--all"]).lines().count(), 2);
    assert_eq!(names(&kubectl), "");
    let missing = kubectl.fails_with(&["delete", "flunder", "a"], "");
    assert_eq!(missing, "Error from server (NotFound): flunders.wardle.example.com \"a\" not found\n");
    assert_eq!(kubectl.ok(&["delete", "flunder", "a", "--ignore-not-found"]), "");
}

#[test]
fn delete_now_in_time_and_by_force() {
    let Some(kubectl) = wardle() else { return };
    for flags in [&["--now"][..], &["--grace-period=5"], &["--grace-period=0", "--force"], &["--wait=false"]] {
        create(&kubectl, "a");
        let printed = kubectl.ok(&[&["delete", "flunder", "a"], flags].concat());
        assert_eq!(
            printed,
            if flags.contains(&"--force") { GONE.replace("deleted", "force deleted") } else { GONE.into() }
        );
        assert_eq!(names(&kubectl), "");
    }
}

#[test]
fn delete_waits_for_finalizers() {
    let Some(kubectl) = wardle() else { return };
    create(&kubectl, "a");
    set_finalizers(&kubectl, r#"["example.com/a"]"#);
    let late = kubectl.fails_with(&["delete", "flunder", "a", "--timeout=1s"], "");
    assert!(late.contains("timed out waiting for the condition on flunders/a"), "{late}");
    kubectl.ok(MARKED);
    let mut deletion = kubectl.start(&["delete", "flunder", "a"]);
    assert_eq!(deletion.line(), GONE.trim_end());
    set_finalizers(&kubectl, "null");
    assert!(deletion.ends_well());
    assert_eq!(names(&kubectl), "");
}

/// Without a garbage collector nobody would take the finalizers away that its policies need.
#[test]
fn delete_cascades_by_the_garbage_collector_that_there_is() {
    for (collector, cascade, finalizers) in [
        (true, "orphan", r#"["orphan"]"#),
        (true, "foreground", r#"["foregroundDeletion"]"#),
        (true, "background", ""),
        (false, "orphan", ""),
        (false, "foreground", ""),
        (false, "background", ""),
    ] {
        let Some(kubectl) = serve(&StoreOptions::memory().garbage_collection(collector)) else { return };
        create(&kubectl, "a");
        let printed = kubectl.ok(&["delete", "flunder", "a", "--wait=false", &format!("--cascade={cascade}")]);
        assert_eq!(printed, GONE, "{cascade}");
        if finalizers.is_empty() {
            assert_eq!(names(&kubectl), "", "{cascade}");
        } else {
            kubectl.ok(MARKED);
            assert_eq!(kubectl.ok(FINALIZERS), finalizers, "{cascade}");
            set_finalizers(&kubectl, "null");
            assert_eq!(names(&kubectl), "", "{cascade}");
        }
    }
}

#[test]
fn wait_sees_fields_creation_and_deletion() {
    let Some(kubectl) = wardle() else { return };
    let waiting = kubectl.start(&["wait", "flunder/a", "--for=create", "--timeout=20s"]);
    create(&kubectl, "a");
    assert!(waiting.ends_well());
    let status = r#"{"status":{"phase":"Ready"}}"#;
    kubectl.ok(&["patch", "flunder", "a", "--subresource=status", "--type=merge", "-p", status]);
    kubectl.ok(&["wait", "flunder/a", "--for=jsonpath={.status.phase}=Ready", "--timeout=20s"]);
    // Whether it sees the object go or finds it gone, it ends well.
    let waiting = kubectl.start(&["wait", "flunder/a", "--for=delete", "--timeout=20s"]);
    kubectl.ok(&["delete", "flunder", "a"]);
    assert!(waiting.ends_well());
}

/// Flunders have no conditions; deployments have.
#[test]
fn wait_sees_conditions() {
    let Some(kubectl) = Kubectl::serve(deployments::server()) else { return };
    kubectl.ok_with(&["create", "-f", "-"], &deployment("a").to_string());
    let set = |status: &str| {
        let patch = format!(r#"{{"status":{{"conditions":[{{"type":"Available","status":"{status}"}}]}}}}"#);
        kubectl.ok(&["patch", "deployment", "a", "--type=merge", "-p", &patch]);
    };
    let available = ["wait", "deployment/a", "--for=condition=Available"];
    set("False");
    kubectl.ok(&[&available[..2], &["--for=condition=Available=False", "--timeout=20s"]].concat());
    let late = kubectl.fails_with(&[&available[..], &["--timeout=1s"]].concat(), "");
    assert!(late.contains("timed out waiting for the condition on deployments/a"), "{late}");
    let mut waiting = kubectl.start(&[&available[..], &["--timeout=20s"]].concat());
    set("True");
    assert_eq!(waiting.line(), "deployment.apps/a condition met");
    assert!(waiting.ends_well());
}
