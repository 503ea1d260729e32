#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(
    group = "Wardle",
    version = "1",
    resource = "Flunders",
    object = Flunder,
    kind = "flunder",
    clutser,
    verbs(get, lits),
)]
struct Flunders;

verbs!(Flunders: Getter);

fn main() {}
