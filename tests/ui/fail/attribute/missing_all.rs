#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(cluster)]
struct Flunders;

verbs!(Flunders: Getter);

fn main() {}
