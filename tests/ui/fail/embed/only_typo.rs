#[path = "../../common.rs"]
mod common;
use common::*;

storage!(Store);
verbs!(Store: Getter Lister);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders {
    #[rest(embed(gte))]
    store: Store,
}

fn main() {}
