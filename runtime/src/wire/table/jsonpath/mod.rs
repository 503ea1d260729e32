//! `JSONPath` as printer columns write it (contract 9.4.3).

mod parse;

use serde_json::Value;

use parse::Parser;

/// A compiled path in the `JSONPath` dialect of Kubernetes.
///
/// | Syntax | Selects |
/// |---|---|
/// | `.spec.reference` | fields; `\` takes the next character as it is: `.metadata.labels.example\.com/a` |
/// | `['reference']` | a field by its quoted name |
/// | `[0]`, `[-1]` | an item of a list, from its start or its end |
/// | `[*]`, `.*` | every item of a list, every value of an object |
/// | `[?(@.type=="Ready")]` | the items of a list that compare `==` or `!=` |
/// | `[?(@.type)]` | the items of a list that have a field |
///
/// It starts with `.`, which alone is the object itself. A comparison with a missing field selects nothing. Recursive
/// descent (`..`), slices and unions are refused.
///
/// ```
/// use rest_resource::wire::table::JsonPath;
/// use serde_json::json;
///
/// let path = JsonPath::parse(".conditions[?(@.type=='Ready')].status")?;
/// let object = json!({"conditions": [{"type": "Ready", "status": "True"}]});
/// assert_eq!(path.first(&object), Some(&json!("True")));
/// # Ok::<_, String>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct JsonPath {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Child(Child),
    Wildcard,
    Filter(Filter),
}

/// A step to at most one value; a filter's operands have no other, so nothing nests.
#[derive(Clone, Debug, PartialEq)]
enum Child {
    Field(String),
    Index(i64),
}

#[derive(Clone, Debug, PartialEq)]
struct Filter {
    left: Operand,
    /// The operator and the right side; without one the left side must exist.
    comparison: Option<(Operator, Operand)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Equal,
    NotEqual,
}

#[derive(Clone, Debug, PartialEq)]
enum Operand {
    Path(Vec<Child>),
    Literal(Value),
}

impl JsonPath {
    /// Compiles a path. The error says what is wrong with it and where.
    pub fn parse(path: &str) -> Result<Self, String> {
        if !path.starts_with('.') {
            return Err("must start with '.'".to_owned());
        }
        let mut steps = Vec::new();
        let mut parser = Parser { rest: if path == "." { "" } else { path } };
        // Blanks at the end are cut off here only, since an escaped one belongs to a name.
        while !parser.rest.trim_start().is_empty() {
            steps.push(parser.step()?);
        }
        Ok(Self { steps })
    }

    /// The path of fields by their plain names.
    pub(super) fn fields<const N: usize>(names: [&str; N]) -> Self {
        Self { steps: names.map(|name| Step::Child(Child::Field(name.to_owned()))).into() }
    }

    /// The first selected value, which is the one that a cell shows.
    pub fn first<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.all(value).into_iter().next()
    }

    /// Every selected value, in the order of the document.
    pub fn all<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        self.steps.iter().fold(vec![value], |values, step| step.select(values))
    }
}

impl Step {
    fn select<'v>(&self, values: Vec<&'v Value>) -> Vec<&'v Value> {
        let values = values.into_iter();
        match self {
            Self::Child(child) => values.filter_map(|value| child.of(value)).collect(),
            Self::Wildcard => values.flat_map(children).collect(),
            Self::Filter(filter) => values.flat_map(items).filter(|item| filter.matches(item)).collect(),
        }
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn children(value: &Value) -> impl Iterator<Item = &Value> {
    items(value).iter().chain(value.as_object().into_iter().flat_map(|object| object.values()))
}

impl Child {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Self::Field(name) => value.as_object()?.get(name),
            Self::Index(index) => {
                let items = value.as_array()?;
                let from = if *index < 0 { items.len() } else { 0 };
                items.get(from.checked_add_signed(isize::try_from(*index).ok()?)?)
            }
        }
    }
}

impl Filter {
    fn matches(&self, item: &Value) -> bool {
        let Some(left) = self.left.of(item) else { return false };
        let Some((operator, right)) = &self.comparison else { return true };
        right.of(item).is_some_and(|right| equal(left, right) == (*operator == Operator::Equal))
    }
}

impl Operand {
    fn of<'v>(&'v self, item: &'v Value) -> Option<&'v Value> {
        match self {
            Self::Path(path) => path.iter().try_fold(item, |value, child| child.of(value)),
            Self::Literal(literal) => Some(literal),
        }
    }
}

/// Whether two values are the same; a whole number equals the float of its value.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if left.is_f64() != right.is_f64() => {
            left.as_f64().partial_cmp(&right.as_f64()).is_some_and(std::cmp::Ordering::is_eq)
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object() -> Value {
        json!({
            "metadata": {"labels": {"example.com/a": "label", "b]c": "odd"}},
            "spec": {"a": {"b": 1}, "list": [{"n": 1}, {"n": 2.0}, {"n": 3, "deep": {"m": 3}}], "empty": []},
            "status": {"conditions": [
                {"type": "Synced", "status": "False"},
                {"type": "Ready", "status": "True"},
                {"status": "Unknown"},
            ]},
        })
    }

    #[test]
    fn c9_4_3_paths_select_values() {
        for (path, expected) in [
            (".spec.a.b", json!([1])),
            (".spec['a']['b']", json!([1])),
            (".spec.['a'].b ", json!([1])),
            (".spec[\"a\"]", json!([{"b": 1}])),
            (r".metadata.labels.example\.com/a", json!(["label"])),
            (r".metadata.labels['example\.com/a']", json!(["label"])),
            (".metadata.labels['example.com/a']", json!(["label"])),
            (".metadata.labels['b]c']", json!(["odd"])),
            (".spec.list[0].n", json!([1])),
            (".spec.list[-1].n", json!([3])),
            (".spec.list[-4]", json!([])),
            (".spec.list[3]", json!([])),
            (".spec.list[9223372036854775807]", json!([])),
            (".spec.list[-9223372036854775808]", json!([])),
            (".spec.list[*].n", json!([1, 2.0, 3])),
            (".spec.a.*", json!([1])),
            (".spec.missing.deeper[0]", json!([])),
            (".spec.list.n", json!([])),
            (".spec.a[0]", json!([])),
            (r#".status.conditions[?(@.type=="Ready")].status"#, json!(["True"])),
            (".status.conditions[?( @.type == 'Ready' )].status", json!(["True"])),
            (".status.conditions[?('Ready'==@['type'])].status", json!(["True"])),
            (".status.conditions[?(@.type!='Ready')].status", json!(["False"])),
            (".status.conditions[?(@.type)].status", json!(["False", "True"])),
            (".status.conditions[?(@.type=='No')].status", json!([])),
            (".spec.list[?(@.n==2)].n", json!([2.0])),
            (".spec.list[?(@.n!=2)].n", json!([1, 3])),
            (".spec.list[?(@.n==@.deep.m)].n", json!([3])),
            (".spec.a[?(@.b==1)]", json!([])),
        ] {
            let found = JsonPath::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(json!(found.all(&object())), expected, "{path}");
            assert_eq!(found.first(&object()), expected.get(0), "{path}");
        }
        assert_eq!(JsonPath::parse(".").unwrap().first(&object()), Some(&object()));
    }

    #[test]
    fn c9_4_3_bad_paths_are_refused() {
        for (path, error) in [
            ("", "must start with '.'"),
            ("spec", "must start with '.'"),
            ("{.spec}", "must start with '.'"),
            (".spec.", "expected the name of a field at the end"),
            (".spec{", "expected [ before \"{\""),
            (".spec..a", "recursive descent (..) is not supported"),
            (".a[", "expected *, the index of an item, or the quoted name of a field at the end"),
            (".a[0:2]", "expected *, the index of an item, or the quoted name of a field before \"]\""),
            (".a['b", "ends too early"),
            (".a['b','c']", "expected ] before \",'c']\""),
            (r".a\", "ends too early"),
            (".a[?(@.b==)]", "expected @, a quoted text, a number, true or false before \")]\""),
            (".a[?(@.b<1)]", "expected )] before \"<1)]\""),
            (".a[?(1)]", "expected == or != before \")]\""),
            (".a[?(@.b[*]==1)]", "expected *, the index of an item, or the quoted name of a field before \"]==1)]\""),
            (".a[?(@[?(@.b)])]", "expected *, the index of an item, or the quoted name of a field before \"])]\""),
        ] {
            assert_eq!(JsonPath::parse(path), Err(error.to_owned()), "{path}");
        }
    }

    proptest! {
        #[test]
        fn c9_4_3_no_path_panics(
            path in r#"(\.(a|b|\*|\\\.|é)|\[(0|-1|\*|'a'|"b")\]|\[\?\(@(\.a|\[0\])?( ?(==|!=) ?(1|'x'|true|@\.b))?\)\]|[^a]){0,8}"#,
        ) {
            let value = json!({"a": [{"a": [1, {"b": 2}], "b": "x"}, null], "b": {"a": true}, "é": [[]]});
            if let Ok(path) = JsonPath::parse(&format!(".{path}")) {
                prop_assert_eq!(path.first(&value), path.all(&value).first().copied());
            }
        }

        #[test]
        fn c9_4_3_escaped_names_select_their_field(name in ".{1,16}") {
            let escaped: String = name.chars().flat_map(|next| ['\\', next]).collect();
            let value = json!({name: 1});
            for path in [format!(".{escaped}"), format!(".['{escaped}']")] {
                let path = JsonPath::parse(&path);
                prop_assert_eq!(path.unwrap().first(&value), Some(&json!(1)));
            }
        }
    }
}
