#[path = "../../common.rs"]
mod common;
use common::*;

storage!(Store Other);
verbs!(Store: Getter Lister);
verbs!(Other: Getter);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders {
    #[rest(delegate(get))]
    one: Store,
    #[rest(delegate(get))]
    other: Other,
}

fn main() {}
