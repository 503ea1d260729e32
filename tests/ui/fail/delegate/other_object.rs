#[path = "../../common.rs"]
mod common;
use common::*;

storage!(Store);
verbs!(Store: Getter Lister);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = v2::Flunder)]
struct Flunders {
    #[rest(delegate(get))]
    store: Store,
}

fn main() {}
