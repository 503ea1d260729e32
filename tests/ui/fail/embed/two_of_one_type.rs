#[path = "../../common.rs"]
mod common;
use common::*;

storage!(Store);
verbs!(Store: Getter Lister);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders {
    #[rest(embed)]
    one: Store,
    #[rest(embed)]
    other: Store,
}

fn main() {}
