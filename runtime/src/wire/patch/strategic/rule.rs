//! What a schema does not say of its lists, said beside it.

/// How a field of a type merges, for types whose JSON schema does not say it: those of crates that are not one's own.
///
/// A schema of one's own says it itself, by `x-kubernetes-patch-strategy` and `x-kubernetes-patch-merge-key`, or by
/// `x-kubernetes-list-type` and `x-kubernetes-list-map-keys` (in schemars: `#[schemars(extend(...))]`). The types of
/// Kubernetes in `k8s-openapi` (`io.k8s.api...`) need no rules: theirs are built in.
///
/// ```
/// use rest_resource::wire::patch::strategic::{MergeRule, MergeSchema, StrategicMerge};
/// use serde_json::json;
///
/// // As Kubernetes has it for its own types: containers are told apart by name, ports by port, finalizers are a set.
/// const RULES: [MergeRule; 4] = [
///     MergeRule::keyed("com.example.PodSpec", "containers", "name"),
///     MergeRule::keyed("com.example.Container", "ports", "containerPort"),
///     MergeRule::set("com.example.PodSpec", "tolerated"),
///     MergeRule::replaced("com.example.PodSpec", "selector"),
/// ];
///
/// let schema = json!({
///     "$ref": "#/$defs/com.example.PodSpec",
///     "$defs": {
///         "com.example.PodSpec": {"properties": {
///             "containers": {"type": "array", "items": {"$ref": "#/$defs/com.example.Container"}},
///         }},
///         "com.example.Container": {"properties": {"ports": {"type": "array"}}},
///     },
/// });
/// let (patch, _) = StrategicMerge::parse(br#"{"containers": [{"name": "b"}]}"#).unwrap();
/// let old = json!({"containers": [{"name": "a"}]});
/// let plain = patch.apply(old.clone(), &MergeSchema::new(schema.clone())).unwrap();
/// assert_eq!(plain, json!({"containers": [{"name": "b"}]}));
/// let merged = patch.apply(old, &MergeSchema::new(schema).with_rules(RULES)).unwrap();
/// assert_eq!(merged, json!({"containers": [{"name": "b"}, {"name": "a"}]}));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeRule {
    type_name: &'static str,
    field: &'static str,
    strategy: Strategy<'static>,
    of_unions: bool,
}

/// How a field merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy<'a> {
    /// Objects by field, lists not at all.
    Plain,
    /// A list: by item. Items that are objects are told apart by the key.
    Merge(Option<&'a str>),
    /// Not at all.
    Replace,
}

impl MergeRule {
    /// The items of a list are merged, and told apart by the field `key`. `type_name` is what schemars calls the type:
    /// the last part of a reference to it.
    pub const fn keyed(type_name: &'static str, field: &'static str, key: &'static str) -> Self {
        Self { type_name, field, strategy: Strategy::Merge(Some(key)), of_unions: false }
    }

    /// The values of a list are merged, and each is there once.
    pub const fn set(type_name: &'static str, field: &'static str) -> Self {
        Self { type_name, field, strategy: Strategy::Merge(None), of_unions: false }
    }

    /// The field is replaced as a whole; for lists that is so anyway.
    pub const fn replaced(type_name: &'static str, field: &'static str) -> Self {
        Self { type_name, field, strategy: Strategy::Replace, of_unions: false }
    }

    /// The field is an object of which one alternative is set. It merges as any object; who makes a patch is told to name
    /// the fields that stay (`$retainKeys`), so that the other alternatives go.
    pub const fn union(type_name: &'static str, field: &'static str) -> Self {
        Self { type_name, field, strategy: Strategy::Plain, of_unions: true }
    }

    /// The same, for the items of a list of such objects.
    #[must_use]
    pub const fn of_unions(self) -> Self {
        Self { of_unions: true, ..self }
    }

    /// What the rule says, where it is about this field.
    pub(super) fn about(&self, type_name: &str, field: &str) -> Option<Strategy<'static>> {
        (self.type_name == type_name && self.field == field).then_some(self.strategy)
    }

    /// What the rule says: the strategy, and whether who makes a patch has to name the fields that stay.
    pub(super) fn says(&self) -> (Strategy<'static>, bool) {
        (self.strategy, self.of_unions)
    }

    /// The type and its field.
    pub(super) fn names(&self) -> (&'static str, &'static str) {
        (self.type_name, self.field)
    }
}
