//! What a client may send as YAML and what it gets back.

use std::fmt::Write;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn read(yaml: &str) -> Value {
    to_json_value(yaml.as_bytes()).unwrap_or_else(|error| panic!("{yaml}: {error}"))
}

fn refused(yaml: &str) -> String {
    match to_json_value(yaml.as_bytes()) {
        Ok(value) => panic!("{} became {value}", yaml.chars().take(80).collect::<String>()),
        Err(error) => error,
    }
}

#[test]
fn c4_2_6_a_document_becomes_json() {
    let yaml =
        "---\n# a comment\napiVersion: v1\nmetadata: {name: a, labels: }\nspec:\n- 1\n- -2.5\n- true\n- |\n  text\n";
    let json =
        json!({"apiVersion": "v1", "metadata": {"name": "a", "labels": null}, "spec": [1, -2.5, true, "text\n"]});
    assert_eq!(read(yaml), json);
    assert_eq!(read(""), Value::Null);
}

#[test]
fn c4_2_6_json_is_yaml() {
    // An escaped surrogate pair and a long key are JSON, though not what a YAML reader takes.
    let long = "k".repeat(2000);
    let json = format!("\t{{\"a\":\"\\ud83d\\ude00\",\"{long}\":[1,{{}}]}}\n");
    assert_eq!(read(&json), json!({"a": "😀", long: [1, {}]}));
    assert!(matches!(to_json(json.as_bytes()), Ok(std::borrow::Cow::Borrowed(_))));
}

#[test]
fn c4_2_6_exactly_one_document() {
    assert!(refused("a: 1\n---\nb: 2\n").contains("more than one document"));
    assert_eq!(read("---\na: 1\n...\n"), json!({"a": 1}));
}

#[test]
fn c4_2_6_scalar_keys_become_strings() {
    assert_eq!(
        read("{1: a, true: b, 1.0: c, -0x1f: d, 1e300: e}"),
        json!({"1": "c", "true": "b", "-31": "d", "1e300": "e"})
    );
    for yaml in ["? [a]\n: b", "? {a: b}\n: c", "~: a", "? \n: a"] {
        assert!(refused(yaml).contains("expected a key that is a string, a number or a boolean"), "{yaml}");
    }
}

#[test]
fn c0_14_numbers_keep_their_value() {
    let yaml = "[9223372036854775807, 18446744073709551615, -9223372036854775808, 1.0, 0.1, 1e21, 1e-7, -0.0, 0x10]";
    let json = "[9223372036854775807,18446744073709551615,-9223372036854775808,1,0.1,1e21,1e-7,-0,16]";
    assert_eq!(to_json(yaml.as_bytes()).unwrap(), json.as_bytes());
    assert_eq!(to_json(b"a: 99999999999999999999").unwrap(), br#"{"a":99999999999999999999}"#.as_slice());
}

#[test]
fn c4_2_6_what_yaml_1_1_reads_otherwise_stays_a_string() {
    for text in ["2026-07-24T12:00:00Z", "2026-07-24", "yes", "off", "0644", "1_000", "12:30"] {
        assert_eq!(read(&format!("a: {text}")), json!({"a": text}));
    }
}

#[test]
fn c4_4_3_duplicate_keys_are_kept_for_the_strict_decoder() {
    assert_eq!(to_json(b"b: 1\na: 2\nb: 3\n").unwrap(), br#"{"b":1,"a":2,"b":3}"#.as_slice());
    assert_eq!(read("b: 1\nb: 3\n"), json!({"b": 3}));
}

#[test]
fn c4_2_6_what_json_does_not_have_is_refused() {
    for number in [".nan", ".inf", "-.inf"] {
        assert!(refused(&format!("a: {number}")).contains("JSON has no number"));
    }
    for yaml in ["a: !own 1", "a: !own [1]", "!own a: 1"] {
        assert!(refused(yaml).contains("tags are not supported"), "{yaml}");
    }
    assert!(refused("a: &a {b: 1}\nc: {<<: *a}").contains("merge keys"));
    assert!(to_json(b"a: \xff").unwrap_err().contains("UTF-8"));
    for yaml in ["a: *b", "a: [", "\ta: 1", "a: 1\n b: 2", "{\"a\":", "a: &a *a"] {
        refused(yaml);
    }
}

#[test]
fn c4_2_6_nesting_is_limited() {
    assert!(refused(&"- ".repeat(1000)).contains("recursion limit"));
    assert!(refused(&format!("{}{}", "[".repeat(500), "]".repeat(500))).contains("recursion limit"));
    assert!(refused("a: &a [*a]").contains("recursion limit"));
    // Deep enough to keep the parser busy for hours, if it got there.
    assert!(refused(&format!("a: {}", "[{".repeat(1 << 20))).contains("flow collections"));
    assert!(refused(&"[?".repeat(1 << 20)).contains("flow collections"));
}

#[test]
fn c4_2_6_alias_bombs_are_refused() {
    let mut laughs = "a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n".to_owned();
    for level in 1..10 {
        let aliases = format!("*a{},", level - 1).repeat(9);
        writeln!(laughs, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    assert!(refused(&laughs).contains("aliases expand"));

    // Few jumps over much text, which the parser's own limit lets pass.
    let items = format!("a: &a [{}]\n", "1,".repeat(5000));
    assert!(refused(&format!("{items}b: [{}]", "*a,".repeat(5000))).contains("aliases expand"));
    let text = format!("a: &a {}\n", "x".repeat(100_000));
    assert!(refused(&format!("{text}b: [{}]", "*a,".repeat(5000))).contains("aliases expand"));

    let aliases = "a: &a {cpu: 1}\nb: *a\nc: [*a, *a]";
    assert_eq!(read(aliases), json!({"a": {"cpu": 1}, "b": {"cpu": 1}, "c": [{"cpu": 1}, {"cpu": 1}]}));
}

#[test]
fn c4_2_1_a_response_reads_as_kubernetes_writes_it() {
    let value = json!({
        "apiVersion": "v1",
        "data": {"script": "#!/bin/sh\n\necho \"hi\"\n", "end": "a\nb", "odd": "a\n\n"},
        "kind": "ConfigMap",
        "items": [{"a": 1, "b": [true, null]}, [[], {}], "nginx:1.25", "a: b", "two words"],
        "metadata": {"creationTimestamp": "2026-07-24T12:00:00Z", "finalizers": [], "labels": {}},
    });
    let yaml = r#"apiVersion: v1
data:
  end: |-
    a
    b
  odd: "a\n\n"
  script: |
    #!/bin/sh

    echo "hi"
items:
- a: 1
  b:
  - true
  - null
- - []
  - {}
- nginx:1.25
- "a: b"
- two words
kind: ConfigMap
metadata:
  creationTimestamp: "2026-07-24T12:00:00Z"
  finalizers: []
  labels: {}
"#;
    assert_eq!(from_json_value(&value), yaml);
    assert_eq!(read(yaml), value);
    assert_eq!(from_json_value(&json!(1.5)), "1.5\n");
}

#[test]
fn c4_2_1_what_yaml_1_1_reads_otherwise_is_quoted() {
    for text in [
        "yes", "No", "ON", "off", "y", "N", "null", "~", "true", "0644", "1_000", "12:30", "0x1f", "1e3", "=", "<<",
        "", "- a", "a:", "a #b", "a ", "\u{85}", "\u{feff}",
    ] {
        let yaml = from_json_value(&json!({ text: text }));
        assert!(yaml.starts_with('"') && yaml.ends_with("\"\n"), "{yaml}");
        if text != "<<" {
            assert_eq!(read(&yaml), json!({ text: text }));
        }
    }
}

fn values() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        "[ a:#\\-\\n\\t'\"&*!|>%@`{}\\[\\],?\u{85}\u{2028}\u{feff}]{0,12}",
        "[a-c \\n]{0,8}",
        "(a|b ){90}",
    ];
    let text = text.prop_filter("merge keys are refused", |text| text != "<<");
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        let entries = prop::collection::btree_map(text.clone(), inner.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            entries.prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn c4_2_1_what_is_written_reads_back(value in values()) {
        let yaml = from_json_value(&value);
        prop_assert_eq!(to_json_value(yaml.as_bytes()), Ok(value), "{}", yaml);
    }

    #[test]
    fn c4_2_6_no_document_panics(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = to_json_value(&bytes);
    }

    #[test]
    fn c4_2_6_no_text_panics(text in "([-?:,\\[\\]{}#&*!|>'\"%@ \\na0.<~]|&a |\\*a|!!int |---\\n|: |- |\\? ){0,40}") {
        if let Ok(json) = to_json(text.as_bytes()) {
            prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&json).is_ok());
        }
    }
}
