#[path = "../../common.rs"]
mod common;
use common::*;

storage!(Store);
verbs!(Store: Getter Lister Updater);

#[derive(RestResource)]
#[rest(
    group = "wardle.example.com",
    version = "v1",
    resource = "flunders",
    object = Flunder,
    verbs(get, patch)
)]
struct Flunders {
    #[rest(embed)]
    store: Store,
}

pub(crate) fn main() {
    assert_eq!(Flunders::VERBS, ["get", "patch"]);
}
