#[derive(RestResource)]
#[rest(version = "v1", resource = "pods", object = Pod, verbs(get, list), crate = crate::rest)]
pub struct Pods {
    #[rest(delegate(get, list))]
    store: Store<Pod>,
}
