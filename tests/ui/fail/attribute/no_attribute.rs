#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
struct Flunders;

verbs!(Flunders: Getter);

fn main() {}
