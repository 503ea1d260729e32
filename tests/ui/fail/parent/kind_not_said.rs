#[path = "../../common.rs"]
mod common;
use common::*;
use k8s_openapi::api::autoscaling::v1::Scale;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders {
    #[rest(embed)]
    store: Store<Flunder>,
}

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders/scale", object = Scale, parent = Flunders)]
struct Scales {
    #[rest(embed)]
    store: ScaleStore<Flunder>,
}

fn main() {}
