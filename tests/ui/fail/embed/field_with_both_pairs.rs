#[path = "../../common.rs"]
mod common;
use common::*;

storage!(Store);
verbs!(Store: Getter GetterWithOptions Creater NamedCreater);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders {
    #[rest(embed)]
    store: Store,
}

fn main() {}
