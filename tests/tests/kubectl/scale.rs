//! kubectl and the subresource `scale`: what a person types, and what it prints.

use rest_resource_tests::kubectl::Kubectl;
use rest_resource_tests::pools;

/// A server with a pool `a` of two workers.
fn pools() -> Option<Kubectl> {
    let kubectl = Kubectl::serve(pools::server())?;
    let pool = "apiVersion: pool.example.com/v1\nkind: Pool\nmetadata:\n  name: a\nspec:\n  replicas: 2\n  image: x\n";
    kubectl.ok_with(&["create", "-f", "-"], pool);
    Some(kubectl)
}

fn spec(kubectl: &Kubectl) -> String {
    kubectl.ok(&["get", "pool", "a", "-o", "jsonpath={.spec}"])
}

#[test]
fn a_pool_is_scaled() {
    let Some(kubectl) = pools() else { return };
    assert_eq!(kubectl.ok(&["scale", "pool", "a", "--replicas=3"]), "pool.pool.example.com/a scaled\n");
    assert_eq!(spec(&kubectl), r#"{"image":"x","replicas":3}"#);
    assert_eq!(kubectl.ok(&["get", "pool", "a", "-o", "jsonpath={.metadata.generation}"]), "2");
    kubectl.ok(&["scale", "pools.v1beta1.pool.example.com", "a", "--replicas=4"]);
    assert_eq!(spec(&kubectl), r#"{"image":"x","replicas":4}"#);
    kubectl.ok(&["scale", "pool", "a", "--replicas=5", "--dry-run=server"]);
    assert_eq!(spec(&kubectl), r#"{"image":"x","replicas":4}"#);
}

/// With a precondition kubectl reads the scale and puts it; without, it patches.
#[test]
fn a_pool_is_scaled_from_what_it_is_known_to_be() {
    let Some(kubectl) = pools() else { return };
    let told = kubectl.fails_with(&["scale", "pool", "a", "--current-replicas=9", "--replicas=3"], "");
    assert!(told.contains("Expected replicas to be 9, was 2"), "{told}");
    assert_eq!(spec(&kubectl), r#"{"image":"x","replicas":2}"#);
    kubectl.ok(&["scale", "pool", "a", "--current-replicas=2", "--replicas=3"]);
    assert_eq!(spec(&kubectl), r#"{"image":"x","replicas":3}"#);
    kubectl.ok(&["scale", "pool", "a", "--current-replicas=3", "--replicas=0"]);
    assert_eq!(spec(&kubectl), r#"{"image":"x","replicas":0}"#);
    kubectl.ok(&["scale", "pool", "a", "--replicas=1"]);
    assert_eq!(spec(&kubectl), r#"{"image":"x","replicas":1}"#);
}

#[test]
fn a_scale_is_shown() {
    let Some(kubectl) = pools() else { return };
    let status = r#"{"status": {"replicas": 1}}"#;
    kubectl.ok(&["patch", "pool", "a", "--subresource=status", "--type=merge", "-p", status]);
    let table = kubectl.ok(&["get", "pool", "a", "--subresource=scale"]);
    let cells: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(cells[0], ["NAME", "DESIRED", "AVAILABLE", "AGE"]);
    assert_eq!(cells[1][..3], ["a", "2", "1"]);
    let kind = ["get", "pool", "a", "--subresource=scale", "-o", "jsonpath={.apiVersion} {.kind} {.spec} {.status}"];
    assert_eq!(kubectl.ok(&kind), r#"autoscaling/v1 Scale {"replicas":2} {"replicas":1}"#);
}

#[test]
fn a_scale_is_patched() {
    let Some(kubectl) = pools() else { return };
    let patch = ["patch", "pool", "a", "--subresource=scale", "-p"];
    for (kind, replicas) in [("merge", 3), ("strategic", 4)] {
        let body = format!(r#"{{"spec": {{"replicas": {replicas}}}}}"#);
        let arguments = [&patch[..], &[body.as_str(), "--type", kind]].concat();
        assert_eq!(kubectl.ok(&arguments), "scale.autoscaling/a patched\n");
        assert_eq!(spec(&kubectl), format!(r#"{{"image":"x","replicas":{replicas}}}"#));
    }
    let body = r#"[{"op": "replace", "path": "/spec/replicas", "value": 5}]"#;
    kubectl.ok(&[&patch[..], &[body, "--type=json"]].concat());
    assert_eq!(spec(&kubectl), r#"{"image":"x","replicas":5}"#);
    let told = kubectl.fails_with(&[&patch[..], &[r#"{"spec": {"replicas": -1}}"#, "--type=merge"]].concat(), "");
    assert!(told.contains("spec.replicas: Invalid value: -1: must be greater than or equal to 0"), "{told}");
}

/// Who scales owns the replicas, so that a manifest that says them is in conflict with an autoscaler.
#[test]
fn who_applied_the_replicas_is_told_of_who_scaled() {
    let Some(kubectl) = pools() else { return };
    kubectl.ok(&["scale", "pool", "a", "--replicas=3"]);
    let pool = "apiVersion: pool.example.com/v1\nkind: Pool\nmetadata:\n  name: a\nspec:\n  replicas: 2\n";
    let told = kubectl.fails_with(&["apply", "--server-side", "-f", "-"], pool);
    assert!(told.contains("with subresource \"scale\" using pool.example.com/v1: .spec.replicas"), "{told}");
}
