//! A controller of `kube`, unmodified, that keeps the status of flunders: what most users will write against a server.

use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use kube::runtime::controller::{Action, Controller};
use kube::runtime::finalizer::{Error, Event, finalizer};
use kube::runtime::reflector::ObjectRef;
use kube::runtime::wait::{Condition, await_condition, conditions};
use kube::runtime::watcher;
use kube::{Api, Client, Config, ResourceExt};
use rest_resource::StoreOptions;
use rest_resource_tests::serving::soon;
use rest_resource_tests::wardle::v1alpha1::Fischer;
use rest_resource_tests::wardle::v1beta1::{Flunder, FlunderSpec};
use rest_resource_tests::{Serving, wardle};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

const FINALIZER: &str = "wardle.example.com/controller";

/// The status says the generation that was seen, and how many names are not allowed. What is deleted is put on record
/// as a name that is not allowed any more.
async fn reconcile(flunder: Arc<Flunder>, client: Arc<Client>) -> Result<Action, Error<kube::Error>> {
    let flunders = Api::<Flunder>::default_namespaced((*client).clone());
    let fischers = Api::<Fischer>::all((*client).clone());
    finalizer(&flunders, FINALIZER, flunder, |event| async {
        let apply = PatchParams::apply("controller");
        match event {
            Event::Apply(flunder) => {
                let banned = fischers.get("f").await?.disallowed_flunders.len();
                let status = json!({
                    "apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder",
                    "status": {"phase": banned.to_string(), "observedGeneration": flunder.metadata.generation},
                });
                flunders.patch_status(&flunder.name_any(), &apply, &Patch::Apply(status)).await?;
            }
            Event::Cleanup(flunder) => {
                fischers.patch("f", &apply, &Patch::Merge(banned(&[&flunder.name_any()]))).await?;
            }
        }
        Ok(Action::await_change())
    })
    .await
}

fn banned(names: &[&str]) -> Value {
    json!({"disallowedFlunders": names})
}

/// Whether the controller has seen this generation, while so many names were not allowed.
fn is_seen(generation: i64, banned: &'static str) -> impl Condition<Flunder> {
    move |flunder: Option<&Flunder>| {
        let status = flunder.and_then(|flunder| flunder.status.as_ref());
        status.is_some_and(|status| {
            status.observed_generation == Some(generation) && status.phase.as_deref() == Some(banned)
        })
    }
}

/// Plays the life of a flunder under a controller that watches in this way.
async fn life(config: watcher::Config) {
    let server = wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together");
    let serving = Serving::start(server).await;
    let url = format!("http://{}", serving.address).parse().expect("a URL");
    let client = Client::try_from(Config::new(url)).expect("a client");
    let flunders = Api::<Flunder>::default_namespaced(client.clone());
    let fischers = Api::<Fischer>::all(client.clone());
    let fischer = json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": "Fischer", "metadata": {"name": "f"}});
    let fischer: Fischer = serde_json::from_value(fischer).expect("a fischer");
    let fischer = fischers.create(&PostParams::default(), &fischer).await.expect("it is created");

    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, mut told) = mpsc::unbounded_channel();
    let controller = Controller::new(flunders.clone(), config.clone())
        .watches(fischers.clone(), config, move |fischer| {
            // Nobody listens at the end of a test.
            let _ = tell.send(fischer.resource_version());
            [ObjectRef::<Flunder>::new("a").within("default")]
        })
        .graceful_shutdown_on(stopped.map(|_| ()))
        .run(reconcile, |_, _, _| Action::requeue(Duration::from_millis(10)), Arc::new(client));
    let controller = tokio::spawn(controller.for_each(|_| std::future::ready(())));
    let becomes = async |condition| {
        soon(await_condition(flunders.clone(), "a", condition)).await.expect("the wait ends");
    };

    let spec = FlunderSpec::default();
    let created = flunders.create(&PostParams::default(), &Flunder::new("a", spec)).await.expect("it is created");
    becomes(is_seen(1, "0")).await;
    let spec = Patch::Merge(json!({"spec": {"flunderReference": "b", "referenceType": "Flunder"}}));
    flunders.patch("a", &PatchParams::default(), &spec).await.expect("it is patched");
    becomes(is_seen(2, "0")).await;
    // What it watches besides concerns the flunder too.
    let names = Patch::Merge(banned(&["x", "y"]));
    let patched = fischers.patch("f", &PatchParams::default(), &names).await.expect("it is patched");
    while soon(told.recv()).await.expect("the controller watches") != patched.resource_version() {}
    becomes(is_seen(2, "2")).await;

    flunders.delete("a", &DeleteParams::default()).await.expect("it is marked");
    let uid = created.uid().expect("a uid");
    let gone = conditions::is_deleted(&uid);
    soon(await_condition(flunders.clone(), "a", gone)).await.expect("the wait ends");
    let cleaned = fischers.get("f").await.expect("it is there");
    assert_eq!(cleaned.disallowed_flunders, ["a"]);
    assert_eq!(cleaned.uid(), fischer.uid());

    stop.send(()).expect("the controller runs");
    soon(controller).await.expect("the controller does not panic");
    serving.stopped().await;
}

#[tokio::test]
async fn a_controller_that_lists_and_watches() {
    life(watcher::Config::default()).await;
}

#[tokio::test]
async fn a_controller_that_streams_its_list() {
    life(watcher::Config::default().streaming_lists()).await;
}
