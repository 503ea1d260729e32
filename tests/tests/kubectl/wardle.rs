//! kubectl on `wardle`, unmodified: what a person types, and what it prints.

use rest_resource::StoreOptions;
use rest_resource_tests::kubectl::Kubectl;
use rest_resource_tests::wardle;
use serde_json::Value;

fn wardle() -> Option<Kubectl> {
    Kubectl::serve(wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together"))
}

fn manifest(name: &str, spec: &str) -> String {
    format!(
        r#"{{"apiVersion":"wardle.example.com/v1beta1","kind":"Flunder","metadata":{{"name":"{name}","labels":{{"app":"{name}"}}}},"spec":{spec}}}"#
    )
}

fn create(kubectl: &Kubectl, name: &str) {
    kubectl.ok_with(&["create", "-f", "-"], &manifest(name, "{}"));
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("kubectl prints JSON")
}

#[test]
fn discovery_names_versions_resources_and_verbs() {
    let Some(kubectl) = wardle() else { return };
    let resources = kubectl.ok(&["api-resources", "-o", "wide", "--no-headers"]);
    let row = resources.lines().find(|line| line.starts_with("flunders")).expect("flunders are listed");
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(
        cells,
        [
            "flunders",
            "fl",
            "wardle.example.com/v1beta1",
            "true",
            "Flunder",
            "create,delete,deletecollection,get,list,patch,update,watch",
            "all"
        ]
    );
    assert!(resources.lines().any(|line| line.starts_with("fischers") && line.contains("false")), "{resources}");
    assert_eq!(kubectl.ok(&["api-versions"]), "wardle.example.com/v1alpha1\nwardle.example.com/v1beta1\n");
    let listed = ["api-resources", "-o", "name", "--api-group=wardle.example.com"];
    for (flags, names) in [
        (&["--namespaced=false"][..], "fischers.wardle.example.com\n"),
        (&["--categories=all"], "flunders.wardle.example.com\n"),
        (&["--verbs=watch,deletecollection"], "fischers.wardle.example.com\nflunders.wardle.example.com\n"),
    ] {
        assert_eq!(kubectl.ok(&[&listed, flags].concat()), names);
    }
    assert!(kubectl.ok(&["version"]).contains("Server Version: v1."));
}

#[test]
fn explain_describes_the_preferred_version() {
    let Some(kubectl) = wardle() else { return };
    let text = kubectl.ok(&["explain", "flunders.spec"]);
    assert!(text.contains("KIND:       Flunder"), "{text}");
    assert!(text.contains("VERSION:    v1beta1"), "{text}");
    assert!(text.contains("flunderReference\t<string>"), "{text}");
    assert!(text.contains("The name of a fischer; the reference type must be Fischer."), "{text}");
    assert!(text.contains("enum: Flunder, Fischer"), "{text}");
    let all = kubectl.ok(&["explain", "flunders", "--recursive"]);
    assert!(all.contains("creationTimestamp") && all.contains("observedGeneration"), "{all}");
    let fischers = kubectl.ok(&["explain", "fischers.disallowedFlunders"]);
    assert!(fischers.contains("FIELD: disallowedFlunders <[]string>"), "{fischers}");
    let old = kubectl.ok(&["explain", "flunders.spec", "--api-version", "wardle.example.com/v1alpha1"]);
    assert!(old.contains("reference\t<string>"), "{old}");
}

#[test]
fn create_and_get_in_every_output_format() {
    let Some(kubectl) = wardle() else { return };
    assert_eq!(
        kubectl
            .ok_with(&["create", "-f", "-"], &manifest("a", r#"{"flunderReference":"b","referenceType":"Flunder"}"#)),
        "flunder.wardle.example.com/a created\n"
    );
    let table = kubectl.ok(&["get", "flunders"]);
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["NAME", "REFERENCE", "TYPE", "AGE"]);
    assert_eq!(rows[1][..2], ["a", "Flunder"]);
    let labelled = kubectl.ok(&["get", "fl", "a", "--show-labels"]);
    assert!(labelled.contains("LABELS") && labelled.contains("app=a"), "{labelled}");
    let columns = kubectl.ok(&["get", "fl", "--label-columns=app,tier", "--no-headers"]);
    assert_eq!(columns.split_whitespace().last(), Some("a"), "{columns}");
    let kinds = kubectl.ok(&["get", "flunders,fischers", "--no-headers"]);
    assert!(kinds.starts_with("flunder.wardle.example.com/a "), "{kinds}");
    assert_eq!(kubectl.ok(&["get", "all", "-o", "name"]), "flunder.wardle.example.com/a\n");
    assert_eq!(kubectl.ok(&["get", "flunders", "-o", "name"]), "flunder.wardle.example.com/a\n");
    assert_eq!(json(&kubectl.ok(&["get", "flunder", "a", "-o", "json"]))["spec"]["flunderReference"], "b");
    assert!(kubectl.ok(&["get", "flunder", "a", "-o", "yaml"]).contains("flunderReference: b"));
    assert_eq!(kubectl.ok(&["get", "flunder", "a", "-o", "jsonpath={.spec.flunderReference}"]), "b");
    assert_eq!(kubectl.ok(&["get", "flunders", "-o", "custom-columns=N:.metadata.name", "--no-headers"]), "a\n");
    assert_eq!(kubectl.ok(&["get", "flunders", "-o", "go-template={{len .items}}"]), "1");
    assert!(kubectl.ok(&["get", "flunders", "-o", "wide"]).contains("Flunder"));
    for (format, text) in [
        ("jsonpath-file", "{.metadata.name}"),
        ("go-template-file", "{{.metadata.name}}"),
        ("custom-columns-file", "a\nmetadata.name"),
    ] {
        let file = kubectl.file(format, text);
        assert_eq!(kubectl.ok(&["get", "flunder", "a", "-o", &format!("{format}={file}")]).lines().last(), Some("a"));
    }
    assert_eq!(kubectl.ok(&["get", "flunder", "none", "--ignore-not-found"]), "");
    let old = kubectl.ok(&["get", "flunders.v1alpha1.wardle.example.com", "a", "-o", "json"]);
    assert_eq!(json(&old)["spec"]["reference"], "b");
    assert!(kubectl.ok(&["describe", "flunder", "a"]).contains("Flunder Reference:  b"));
}

#[test]
fn get_across_namespaces_in_chunks_sorted_and_selected() {
    let Some(kubectl) = wardle() else { return };
    for (namespace, name) in [("one", "a"), ("one", "b"), ("two", "c"), ("two", "d"), ("two", "e")] {
        kubectl.ok_with(&["create", "-n", namespace, "-f", "-"], &manifest(name, "{}"));
    }
    let all = kubectl.ok(&["get", "flunders", "-A", "--chunk-size=2", "--no-headers"]);
    let names: Vec<Vec<&str>> = all.lines().map(|line| line.split_whitespace().take(2).collect()).collect();
    assert_eq!(names, [["one", "a"], ["one", "b"], ["two", "c"], ["two", "d"], ["two", "e"]]);
    kubectl.ok(&["label", "-n", "two", "flunder", "d", "app=0", "--overwrite"]);
    let sorted =
        ["get", "flunders", "-A", "--sort-by=.metadata.labels.app", "-o", "jsonpath={.items[*].metadata.name}"];
    assert_eq!(kubectl.ok(&sorted), "d a b c e");
    // A table is sorted by the objects that it has in its rows.
    let table = kubectl.ok(&["get", "flunders", "-A", "--sort-by=.metadata.labels.app", "--no-headers"]);
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().take(2).collect()).collect();
    assert_eq!(rows, [["two", "d"], ["one", "a"], ["one", "b"], ["two", "c"], ["two", "e"]]);
    let selected = kubectl.ok(&["get", "flunders", "-A", "-l", "app in (a,e)", "-o", "name"]);
    assert_eq!(selected, "flunder.wardle.example.com/a\nflunder.wardle.example.com/e\n");
    let field = kubectl.ok(&["get", "flunders", "-A", "--field-selector", "metadata.name=c", "-o", "name"]);
    assert_eq!(field, "flunder.wardle.example.com/c\n");
}

#[test]
fn get_watch_prints_changes_as_they_happen() {
    let Some(kubectl) = wardle() else { return };
    create(&kubectl, "a");
    let mut watch = kubectl.start(&["get", "flunders", "-w", "-o", "name"]);
    assert_eq!(watch.line(), "flunder.wardle.example.com/a");
    create(&kubectl, "b");
    assert_eq!(watch.line(), "flunder.wardle.example.com/b");
    let mut table = kubectl.start(&["get", "flunders", "-w", "--output-watch-events"]);
    assert!(table.line().starts_with("EVENT"));
    assert!(table.line().starts_with("ADDED      a"));
    assert!(table.line().starts_with("ADDED      b"));
    kubectl.ok(&["label", "flunder", "a", "tier=front"]);
    assert!(table.line().starts_with("MODIFIED   a"));
    kubectl.ok(&["delete", "flunder", "a"]);
    assert!(table.line().starts_with("DELETED    a"));
}

#[test]
fn apply_creates_changes_and_leaves_alone() {
    let Some(kubectl) = wardle() else { return };
    let apply = |spec: &str| kubectl.ok_with(&["apply", "-f", "-"], &manifest("a", spec));
    assert_eq!(apply("{}"), "flunder.wardle.example.com/a created\n");
    assert_eq!(apply("{}"), "flunder.wardle.example.com/a unchanged\n");
    let changed = apply(r#"{"flunderReference":"b","referenceType":"Flunder"}"#);
    assert_eq!(changed, "flunder.wardle.example.com/a configured\n");
    assert_eq!(kubectl.ok(&["get", "flunder", "a", "-o", "jsonpath={.spec.flunderReference}"]), "b");
    assert_eq!(apply("{}"), "flunder.wardle.example.com/a configured\n");
    assert_eq!(kubectl.ok(&["get", "flunder", "a", "-o", "jsonpath={.spec}"]), "{}");
}

#[test]
fn label_annotate_patch_replace_and_edit_change_the_object() {
    let Some(kubectl) = wardle() else { return };
    create(&kubectl, "a");
    kubectl.ok(&["label", "flunder", "a", "tier=front"]);
    let kept = kubectl.fails_with(&["label", "flunder", "a", "tier=back"], "");
    assert!(kept.contains("--overwrite is false"), "{kept}");
    kubectl.ok(&["label", "flunders", "--all", "app-"]);
    assert_eq!(kubectl.ok(&["label", "flunder", "a", "--list"]), "tier=front\n");
    kubectl.ok(&["annotate", "flunder", "a", "note=hello"]);
    let merge = r#"{"spec":{"flunderReference":"b","referenceType":"Flunder"}}"#;
    kubectl.ok(&["patch", "flunder", "a", "--type=merge", "-p", merge]);
    let operations = r#"[{"op":"replace","path":"/spec/flunderReference","value":"c"}]"#;
    kubectl.ok(&["patch", "flunder", "a", "--type=json", "-p", operations]);
    let mut object = json(&kubectl.ok(&["get", "flunder", "a", "-o", "json"]));
    assert_eq!(object["metadata"]["labels"]["tier"], "front");
    assert_eq!(object["metadata"]["annotations"]["note"], "hello");
    assert_eq!(object["spec"]["flunderReference"], "c");
    object["spec"]["flunderReference"] = "d".into();
    let stale = object.to_string();
    kubectl.ok_with(&["replace", "-f", "-"], &stale);
    let conflict = kubectl.fails_with(&["replace", "-f", "-"], &stale);
    assert!(
        conflict.contains("the object has been modified; please apply your changes to the latest version"),
        "{conflict}"
    );
    let uid = ["get", "flunder", "a", "-o", "jsonpath={.metadata.uid}"];
    let before = kubectl.ok(&uid);
    kubectl.ok_with(&["replace", "--force", "-f", "-"], &stale);
    assert_ne!(kubectl.ok(&uid), before);
    let edited = kubectl.run_with(&["edit", "flunder", "a"], "", &[("KUBE_EDITOR", "sed -i s/hello/goodbye/")]);
    assert!(edited.ok, "{}", edited.stderr);
    assert_eq!(kubectl.ok(&["get", "flunder", "a", "-o", "jsonpath={.metadata.annotations.note}"]), "goodbye");
    let status = r#"{"status":{"phase":"Ready"}}"#;
    kubectl.ok(&["patch", "flunder", "a", "--subresource=status", "--type=merge", "-p", status]);
    assert_eq!(kubectl.ok(&["get", "flunder", "a", "-o", "jsonpath={.status.phase}"]), "Ready");
    // Without a type it is a strategic merge patch.
    kubectl.ok(&["patch", "flunder", "a", "-p", r#"{"metadata":{"finalizers":["example.com/a"]}}"#]);
    kubectl.ok(&["patch", "flunder", "a", "-p", r#"{"metadata":{"finalizers":["example.com/b"]}}"#]);
    let finalizers = ["get", "flunder", "a", "-o", "jsonpath={.metadata.finalizers}"];
    assert_eq!(kubectl.ok(&finalizers), r#"["example.com/b","example.com/a"]"#);
}

#[test]
fn mistakes_are_told_as_kubernetes_tells_them() {
    let Some(kubectl) = wardle() else { return };
    let unknown = kubectl.fails_with(&["create", "-f", "-"], &manifest("a", r#"{"foo":1}"#));
    assert!(unknown.contains("strict decoding error: unknown field \"spec.foo\""), "{unknown}");
    let warned = kubectl.run_with(&["create", "--validate=warn", "-f", "-"], &manifest("a", r#"{"foo":1}"#), &[]);
    assert!(warned.ok && warned.stderr.contains("unknown field \"spec.foo\""), "{warned:?}");
    let ignored = ["create", "--validate=ignore", "-f", "-"];
    let ignored = kubectl.run_with(&ignored, &manifest("unknown", r#"{"foo":1}"#), &[]);
    assert!(ignored.ok && ignored.stderr.is_empty(), "{ignored:?}");
    assert_eq!(kubectl.ok(&["get", "flunder", "unknown", "-o", "jsonpath={.spec}"]), "{}");
    let exists = kubectl.fails_with(&["create", "-f", "-"], &manifest("a", "{}"));
    assert!(exists.contains("(AlreadyExists)") && exists.contains("\"a\" already exists"), "{exists}");
    let invalid = kubectl.fails_with(&["create", "-f", "-"], &manifest("b", r#"{"flunderReference":"x"}"#));
    assert!(invalid.contains("spec.flunderReference: Invalid value: \"x\""), "{invalid}");
    let fischer = r#"{"apiVersion":"wardle.example.com/v1alpha1","kind":"Fischer","metadata":{"name":"f"},"disallowedFlunders":["bad"]}"#;
    kubectl.ok_with(&["create", "-f", "-"], fischer);
    let banned = kubectl.fails_with(&["create", "-f", "-"], &manifest("bad", "{}"));
    assert!(
        banned.contains("flunders.wardle.example.com \"bad\" is forbidden: this name may not be used, please change the resource name"),
        "{banned}"
    );
    let kind = kubectl.fails_with(&["get", "nothing"], "");
    assert!(kind.contains("the server doesn't have a resource type \"nothing\""), "{kind}");
    // There are no events here. What tells of them beside an object does without.
    let events = kubectl.fails_with(&["events"], "");
    assert!(events.contains("the server could not find the requested resource (get events)"), "{events}");
    assert!(kubectl.ok(&["describe", "flunder", "a"]).contains("Events:  <none>"));
    let patch = r#"{"metadata":{"resourceVersion":"1"}}"#;
    let conflict = kubectl.fails_with(&["patch", "flunder", "a", "--type=merge", "-p", patch], "");
    assert!(conflict.contains("the object has been modified"), "{conflict}");
}

#[test]
fn c4_2_16_a_large_list_arrives_compressed_and_prints_the_same() {
    let Some(kubectl) = wardle() else { return };
    let text = "all work and no play ".repeat(400);
    let annotations = format!(r#""metadata":{{"annotations":{{"text":"{text}"}},"#);
    let flunder = |number| manifest(&format!("f{number}"), "{}").replace(r#""metadata":{"#, &annotations);
    let flunders: Vec<String> = (10..50).map(flunder).collect();
    kubectl.ok_with(&["create", "-f", "-"], &flunders.join("\n"));
    let path = "/apis/wardle.example.com/v1beta1/namespaces/default/flunders";
    let all = kubectl.run(&["get", "--raw", path, "-v=8"]);
    assert_eq!(json(&all.stdout)["items"].as_array().map(Vec::len), Some(40));
    // Go unpacks it by itself, and takes away the header that says so and the length, which any other list has.
    assert!(all.stderr.contains("Vary: Accept-Encoding") && !all.stderr.contains("Content-Length:"), "{}", all.stderr);
    let one = kubectl.run(&["get", "--raw", &format!("{path}?limit=1"), "-v=8"]);
    assert!(one.stderr.contains("Content-Length:"), "{}", one.stderr);
    assert_eq!(kubectl.ok(&["get", "flunders", "-o", "name"]).lines().count(), 40);
    let list = json(&kubectl.ok(&["get", "flunders", "-o", "json"]));
    assert_eq!(list["items"][39]["metadata"]["annotations"]["text"], text);
}
