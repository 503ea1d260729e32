#[path = "../../common.rs"]
mod common;
use common::*;

storage!(Store Other);
verbs!(Store: Getter Lister);
verbs!(Other: GetterWithOptions);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders {
    #[rest(embed)]
    one: Store,
    #[rest(embed)]
    other: Other,
}

verbs!(Flunders: Getter);

pub(crate) fn main() {
    assert_eq!(Flunders::VERBS, ["get", "list"]);
}
