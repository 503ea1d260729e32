#[path = "../../common.rs"]
mod common;
use common::*;

// Before the struct, in another module, and by a blanket impl of another crate: the compiler finds them all.
verbs!(Flunders: Getter);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders;

mod other {
    use super::Flunders;
    use super::common::*;

    verbs!(Flunders: Updater);
}

pub(crate) fn main() {
    assert_eq!(Flunders::VERBS, ["get", "patch", "update"]);
}
