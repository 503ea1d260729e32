#[path = "../../common.rs"]
mod common;
use common::*;

impl TryFrom<v2::Flunder> for Flunder {
    type Error = Status;
    fn try_from(_: v2::Flunder) -> Result<Self> {
        unimplemented!()
    }
}

#[derive(RestResource)]
#[rest(
    group = "wardle.example.com",
    version = "v1",
    resource = "flunders",
    object = Flunder,
    version(name = "v2", object = v2::Flunder),
)]
struct Flunders;

verbs!(Flunders: Getter);

fn main() {}
