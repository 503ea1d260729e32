#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(
    group = "wardle.example.com",
    version = "v1",
    resource = "flunders",
    object = Flunder,
    column(name = "Size", json_path = "spec.size"),
)]
struct Flunders;

verbs!(Flunders: Getter);

fn main() {}
