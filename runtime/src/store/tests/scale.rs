//! Which paths a scale may have, and what it makes of objects.

use k8s_openapi::api::autoscaling::v1::{Scale, ScaleSpec};

use std::sync::Mutex;

use super::*;
use crate::object::{AnyObject, Unstructured};
use crate::store::{ScalePaths, ScaleStore};
use crate::verb::{AnyChange, BoxFuture, Creates, Held};

#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "test.example.com", version = "v1", kind = "Herd", namespaced, status = "HerdStatus")]
pub(super) struct HerdSpec {
    pub animals: Animals,
    pub name: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
pub(super) struct Animals {
    /// 64 bits, of which a scale knows 32.
    pub cows: i64,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
pub(super) struct HerdStatus {
    pub cows: Option<i64>,
    pub selector: Option<String>,
}

fn paths(spec: &str, status: &str, selector: Option<&str>) -> ScalePaths {
    let paths = ScalePaths::new(spec, status);
    match selector {
        Some(selector) => paths.with_selector(selector),
        None => paths,
    }
}

fn herds() -> Store<Herd> {
    Store::new(&StoreOptions::memory())
}

fn scaled(store: &Store<Herd>) -> ScaleStore<Herd> {
    store.scale(ScalePaths::new(".spec.animals.cows", ".status.cows")).unwrap()
}

fn of_herds(name: &str) -> (Context, Scale) {
    let info = ResourceInfo::new("test.example.com", "v1", "herds", "Scale", Scope::Namespaced);
    let mut scale = Scale { spec: Some(ScaleSpec { replicas: Some(3) }), ..Scale::default() };
    scale.metadata.name = Some(name.to_owned());
    (Context::new(Arc::new(info)).with_namespace("ns"), scale)
}

#[test]
fn c9_4_2_bad_paths_are_refused() {
    let (spec, status) = (".spec.animals.cows", ".status.cows");
    let names = "must be names of fields, with a dot before each, and no lists";
    for (paths, error) in [
        (paths("spec.animals.cows", status, None), "spec replicas path \"spec.animals.cows\" must begin with a dot"),
        (paths("", status, None), "spec replicas path \"\" must begin with a dot"),
        (paths(".status.cows", status, None), "spec replicas path \".status.cows\" must be below .spec"),
        (paths(".spec", status, None), "spec replicas path \".spec\" must be below .spec"),
        (paths(".spec..cows", status, None), &format!("spec replicas path \".spec..cows\" {names}")),
        (paths(".spec.tags[0]", status, None), &format!("spec replicas path \".spec.tags[0]\" {names}")),
        (paths(spec, ".spec.animals.cows", None), "status replicas path \".spec.animals.cows\" must be below .status"),
        (
            paths(spec, status, Some(".metadata.name")),
            "label selector path \".metadata.name\" must be below .spec or .status",
        ),
        (
            paths(".spec.cows", status, None),
            "spec replicas path \".spec.cows\" is not that of an integer in the schema of Herd",
        ),
        (
            paths(".spec.name", status, None),
            "spec replicas path \".spec.name\" is not that of an integer in the schema of Herd",
        ),
        (
            paths(".spec.animals.cows.x", status, None),
            "spec replicas path \".spec.animals.cows.x\" is not that of an integer in the schema of Herd",
        ),
        (
            paths(spec, ".status.bulls", None),
            "status replicas path \".status.bulls\" is not that of an integer in the schema of Herd",
        ),
        (
            paths(spec, status, Some(".spec.animals")),
            "label selector path \".spec.animals\" is not that of a string in the schema of Herd",
        ),
        (
            ScalePaths::new(spec, status).with_replicas_in("test.example.com/v2", "cows"),
            "spec replicas path \"cows\" must begin with a dot",
        ),
    ] {
        assert_eq!(herds().scale(paths).unwrap_err().to_string(), format!("the {error}"));
    }
    herds().scale(paths(spec, status, Some(".spec.name"))).unwrap();
    herds().scale(paths(spec, status, Some(".status.selector"))).unwrap();
    assert!(herds().scale(ScalePaths::default()).is_err());
}

/// What is known only at run time says nothing of its fields.
#[tokio::test]
async fn c9_4_2_what_has_no_type_can_be_scaled() {
    let (cx, scale) = of_herds("a");
    let store = Store::<Unstructured>::for_resource(&StoreOptions::memory(), cx.resource());
    let scaled = store.scale(ScalePaths::default()).unwrap();
    let herd = json!({
        "apiVersion": "test.example.com/v1", "kind": "Herd", "metadata": {"name": "a"}, "spec": {"x": 1},
    });
    let herd: Unstructured = serde_json::from_value(herd).unwrap();
    store.create(&cx, herd, &Admit::all(), &CreateOptions::default()).await.unwrap();
    let written = scaled.update(&cx, "a", &Change::replace(scale), &UpdateOptions::default()).await.unwrap().0;
    assert_eq!(written.spec.unwrap().replicas, Some(3));
    let stored = store.get(&cx, "a", &GetOptions::default()).await.unwrap();
    assert_eq!(stored.data["spec"], json!({"x": 1, "replicas": 3}));
}

#[tokio::test]
async fn c9_4_2_values_that_no_scale_can_have_are_told() {
    let (cx, _) = of_herds("a");
    let store = herds();
    let mut herd = Herd::new("a", HerdSpec { animals: Animals { cows: 1 << 40 }, ..HerdSpec::default() });
    store.create(&cx, herd.clone(), &Admit::all(), &CreateOptions::default()).await.unwrap();
    let message = "Internal error occurred: the field \".spec.animals.cows\" is not a 32-bit integer: 1099511627776";
    assert_status(scaled(&store).get(&cx, "a", &GetOptions::default()).await, 500, "InternalError", message);

    herd = store.get(&cx, "a", &GetOptions::default()).await.unwrap();
    herd.spec.animals.cows = 2;
    store.update(&cx, "a", &Change::replace(herd), &UpdateOptions::default()).await.unwrap();
    let scale = scaled(&store).get(&cx, "a", &GetOptions::default()).await.unwrap();
    assert_eq!((scale.spec.unwrap().replicas, scale.status.unwrap().replicas), (Some(2), 0));
}

/// A program that writes the scale that it has read knows no owners, and takes nothing from them.
#[tokio::test]
async fn c4_9_23_a_scale_that_is_written_as_it_was_read_has_its_owners() {
    let (cx, _) = of_herds("a");
    let store = herds();
    let owner = json!({
        "manager": "alice", "operation": "Update", "apiVersion": "test.example.com/v1", "time": "2030-01-01T00:00:00Z",
        "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {"f:animals": {"f:cows": {}}, "f:name": {}}},
    });
    let mut herd = Herd::new("a", HerdSpec::default());
    herd.metadata.managed_fields = serde_json::from_value(json!([owner])).unwrap();
    let created = store.create(&cx, herd, &Admit::all(), &CreateOptions::default()).await.unwrap();

    let mut scale = scaled(&store).get(&cx, "a", &GetOptions::default()).await.unwrap();
    assert_eq!(scale.metadata.managed_fields, None);
    scaled(&store).update(&cx, "a", &Change::replace(scale.clone()), &UpdateOptions::default()).await.unwrap();
    let stored = store.get(&cx, "a", &GetOptions::default()).await.unwrap();
    assert_eq!(stored.metadata, created.metadata);

    scale.spec = Some(ScaleSpec { replicas: Some(4) });
    scaled(&store).update(&cx, "a", &Change::replace(scale), &UpdateOptions::default()).await.unwrap();
    let stored = store.get(&cx, "a", &GetOptions::default()).await.unwrap();
    let fields = stored.metadata.managed_fields.unwrap().remove(0).fields_v1.unwrap().0;
    assert_eq!(fields, json!({"f:spec": {"f:name": {}}}));
}

/// The change is applied anew to what a concurrent write has made of the object.
#[tokio::test]
async fn c9_4_2_concurrent_writes_of_the_object_are_kept() {
    let (cx, scale) = of_herds("a");
    let store = herds();
    let herd = Herd::new("a", HerdSpec { name: Some("before".to_owned()), ..HerdSpec::default() });
    store.create(&cx, herd, &Admit::all(), &CreateOptions::default()).await.unwrap();
    let racing = Racing { store: store.clone(), scale, name: Mutex::new(Some("meanwhile".to_owned())) };
    let change = Change::from_any(Arc::new(racing), crate::Preconditions::default(), Creates::No, Admit::all());
    scaled(&store).update(&cx, "a", &change, &UpdateOptions::default()).await.unwrap();
    let stored = store.get(&cx, "a", &GetOptions::default()).await.unwrap();
    assert_eq!((stored.spec.animals.cows, stored.spec.name.as_deref()), (3, Some("meanwhile")));
    assert_eq!(stored.metadata.generation, Some(3));
}

/// Scales, and the first time renames the herd before that is written.
struct Racing {
    store: Store<Herd>,
    scale: Scale,
    name: Mutex<Option<String>>,
}

impl AnyChange for Racing {
    fn apply<'a>(&'a self, _: Option<Held<'a>>) -> BoxFuture<'a, Result<Box<dyn AnyObject>>> {
        Box::pin(async move {
            let name = self.name.lock().unwrap().take();
            if name.is_some() {
                let (cx, _) = of_herds("a");
                let mut herd = self.store.get(&cx, "a", &GetOptions::default()).await?;
                herd.spec.name = name;
                self.store.update(&cx, "a", &Change::replace(herd), &UpdateOptions::default()).await?;
            }
            Ok(Box::new(self.scale.clone()) as _)
        })
    }
}
