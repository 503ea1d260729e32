//! Create (contract 4.5.10-4.5.14, 5.2, 5.7).

use super::*;
use crate::store::Strategy;
use crate::wire::field::FieldError;

#[tokio::test]
async fn c5_2_system_metadata_is_set() {
    let store = store();
    let mut sent = thing("a");
    sent.metadata.uid = Some("mine".to_owned());
    sent.metadata.generation = Some(7);
    sent.metadata.deletion_grace_period_seconds = Some(1);
    let created = create(&store, sent).await.unwrap();
    let meta = &created.metadata;
    assert_eq!(meta.namespace.as_deref(), Some("ns"));
    assert_eq!((meta.generation, meta.deletion_grace_period_seconds), (Some(1), None));
    assert_eq!(uuid::Uuid::parse_str(meta.uid.as_deref().unwrap()).unwrap().get_version_num(), 4);
    assert!(meta.creation_timestamp.is_some());
    assert_eq!(revision(&created), 2);
    assert_eq!(get_json(&store, "a").await, serde_json::to_value(&created).unwrap());
}

#[tokio::test]
async fn c4_5_10_a_resource_version_is_400() {
    let mut sent = thing("a");
    sent.metadata.resource_version = Some("1".to_owned());
    let message = "resourceVersion should not be set on objects to be created";
    assert_status(create(&store(), sent).await, 400, "BadRequest", message);
}

#[tokio::test]
async fn c4_5_8_the_namespace_is_that_of_the_request() {
    let mut sent = thing("a");
    sent.metadata.namespace = Some("other".to_owned());
    let message = "the namespace of the provided object does not match the namespace sent on the request";
    assert_status(create(&store(), sent).await, 400, "BadRequest", message);
}

#[tokio::test]
async fn c4_5_11_an_existing_name_is_409() {
    let store = store();
    let mut first = thing("a");
    first.metadata.finalizers = Some(vec!["x/y".to_owned()]);
    create(&store, first).await.unwrap();
    let message = "things.test.example.com \"a\" already exists";
    assert_status(create(&store, thing("a")).await, 409, "AlreadyExists", message);

    delete(&store, "a").await.unwrap();
    let message = "object is being deleted: things.test.example.com \"a\" already exists";
    assert_status(create(&store, thing("a")).await, 409, "AlreadyExists", message);
}

#[tokio::test]
async fn c4_5_12_names_are_generated() {
    let store = store();
    let mut sent = thing("");
    sent.metadata.name = None;
    sent.metadata.generate_name = Some("x".repeat(70));
    let name = create(&store, sent).await.unwrap().metadata.name.unwrap();
    assert_eq!((name.len(), &name[..58]), (63, "x".repeat(58).as_str()));
    assert!(name[58..].chars().all(|c| "bcdfghjklmnpqrstvwxz2456789".contains(c)));
}

#[tokio::test]
async fn c4_5_12_eight_names_are_tried() {
    struct Taken(std::sync::Mutex<Vec<&'static str>>);
    impl Strategy<Thing> for Taken {
        fn generate_name(&self, _base: &str) -> String {
            self.0.lock().unwrap().pop().unwrap_or("taken").to_owned()
        }
    }
    let generated = || {
        let mut thing = thing("");
        thing.metadata.name = None;
        thing.metadata.generate_name = Some("t-".to_owned());
        thing
    };
    let mut names = vec!["taken"; 7];
    names.insert(0, "free");
    let store = store().strategy(Taken(std::sync::Mutex::new(names)));
    create(&store, thing("taken")).await.unwrap();
    assert_eq!(create(&store, generated()).await.unwrap().metadata.name.as_deref(), Some("free"));

    let message = "things.test.example.com \"taken\" already exists, the server was not able to generate a unique name for the object";
    let status = assert_status(create(&store, generated()).await, 409, "AlreadyExists", message);
    assert_eq!(status.details().unwrap().retry_after_seconds, 1);
    let taken = Thing {
        metadata: kube::core::ObjectMeta { name: Some("taken".to_owned()), ..generated().metadata },
        ..thing("taken")
    };
    assert_status(create(&store, taken).await, 409, "AlreadyExists", message);
}

#[tokio::test]
async fn c4_5_13_a_name_is_required() {
    let mut sent = thing("");
    sent.metadata.name = None;
    let message =
        "Thing.test.example.com \"\" is invalid: metadata.name: Required value: name or generateName is required";
    let status = assert_status(create(&store(), sent).await, 422, "Invalid", message);
    let cause = &status.details().unwrap().causes[0];
    assert_eq!((cause.reason.as_ref(), cause.field.as_str()), ("FieldValueRequired", "metadata.name"));
}

#[tokio::test]
async fn c4_5_14_the_status_is_dropped_where_it_is_a_subresource() {
    let store = store();
    let mut sent = thing("a");
    sent.status = Some(ThingStatus { ready: true });
    assert!(create(&store, sent.clone()).await.unwrap().status.is_some());
    let _status = store.status();
    sent.metadata.name = Some("b".to_owned());
    assert!(create(&store, sent).await.unwrap().status.is_none());
    assert_eq!(get_json(&store, "b").await.get("status"), None);
}

#[tokio::test]
async fn c5_7_all_that_is_wrong_with_metadata_is_told() {
    let mut sent = labelled("A_", "-");
    let meta = &mut sent.metadata;
    meta.annotations = Some(BTreeMap::from([("a/b/c".to_owned(), "x".repeat(256 * 1024))]));
    meta.finalizers = Some(vec!["orphan".to_owned(), "foregroundDeletion".to_owned(), String::new()]);
    let owner = |kind: &str| k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference {
        api_version: "v1".to_owned(),
        kind: kind.to_owned(),
        name: "n".to_owned(),
        uid: "u".to_owned(),
        controller: Some(true),
        ..Default::default()
    };
    meta.owner_references = Some(vec![owner("Event"), owner("")]);
    let status = create(&store(), sent).await.unwrap_err();
    assert_eq!((status.code(), status.reason()), (422, "Invalid"));
    let fields: Vec<_> = status.details().unwrap().causes.iter().map(|cause| cause.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "metadata.name",
            "metadata.labels",
            "metadata.annotations",
            "metadata.annotations",
            "metadata.ownerReferences",
            "metadata.ownerReferences.kind",
            "metadata.ownerReferences",
            "metadata.finalizers",
            "metadata.finalizers",
            "metadata.finalizers",
        ]
    );
    assert!(status.message().contains("metadata.annotations: Too long: may not be more than 262144 bytes"));
}

#[tokio::test]
async fn c5_1_the_hooks_run_in_order() {
    struct Hooks;
    fn mark(thing: &mut Thing, mark: &str) {
        thing.spec.colour.get_or_insert_default().push_str(mark);
    }
    impl Strategy<Thing> for Hooks {
        fn default_object(&self, thing: &mut Thing) {
            mark(thing, "d");
        }
        fn prepare_for_create(&self, _cx: &Context, thing: &mut Thing) {
            assert!(thing.metadata.uid.is_some());
            mark(thing, "p");
        }
        fn validate(&self, _cx: &Context, thing: &Thing) -> Vec<FieldError> {
            let bad = thing.spec.size < 0;
            bad.then(|| FieldError::invalid("spec.size", thing.spec.size, "must not be negative")).into_iter().collect()
        }
        fn warnings_on_create(&self, _cx: &Context, _thing: &Thing) -> Vec<String> {
            vec!["careful".to_owned()]
        }
        fn canonicalize(&self, thing: &mut Thing) {
            mark(thing, "c");
        }
        async fn admit(&self, cx: &Context, new: Option<&Thing>, old: Option<&Thing>) -> Result<()> {
            assert!(old.is_none());
            let new = new.unwrap();
            assert_eq!(new.spec.colour.as_deref(), Some("dpc"));
            if new.spec.size > 9 { Err(cx.forbidden("a", "too large")) } else { Ok(()) }
        }
    }
    let store = store().strategy(Hooks);
    let cx = cx();
    let sized = |size| Thing::new("a", ThingSpec { size, colour: None });
    let create = |thing| async { store.create(&cx, thing, &Admit::all(), &CreateOptions::default()).await };
    let message = "Thing.test.example.com \"a\" is invalid: spec.size: Invalid value: -1: must not be negative";
    assert_status(create(sized(-1)).await, 422, "Invalid", message);
    assert_eq!(cx.warnings().header_values().len(), 0);
    assert_status(create(sized(10)).await, 403, "Forbidden", "things.test.example.com \"a\" is forbidden: too large");
    assert_eq!(create(sized(1)).await.unwrap().spec.colour.as_deref(), Some("dpc"));
    assert_eq!(cx.warnings().header_values().len(), 1);
}

#[tokio::test]
async fn c4_4_8_a_dry_run_stores_nothing() {
    let store = store();
    create(&store, thing("b")).await.unwrap();
    let options = CreateOptions { dry_run: true, ..CreateOptions::default() };
    let created = store.create(&cx(), thing("a"), &Admit::all(), &options).await.unwrap();
    assert_eq!(created.metadata.resource_version, None);
    assert!(created.metadata.uid.is_some());
    assert_eq!(get(&store, "a").await.unwrap_err().code(), 404);
    assert_eq!(store.create(&cx(), thing("b"), &Admit::all(), &options).await.unwrap_err().code(), 409);
    assert_eq!(revision(&create(&store, thing("a")).await.unwrap()), 3);
}

#[tokio::test]
async fn c5_14_keys_need_a_name_and_a_namespace() {
    let store = store();
    assert_status(get(&store, "").await, 400, "BadRequest", "Name parameter required.");
    let message = "Name parameter invalid: \"a/b\": may not contain '/'";
    assert_status(get(&store, "a/b").await, 400, "BadRequest", message);
    let result = store.get(&anywhere(), "a", &GetOptions::default()).await;
    assert_status(result, 400, "BadRequest", "Namespace parameter required.");
}
