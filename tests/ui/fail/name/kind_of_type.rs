#[path = "../../common.rs"]
mod common;
use common::*;

#[allow(non_camel_case_types)]
type flunder = Flunder;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = flunder)]
struct Flunders;

verbs!(Flunders: Getter);

fn main() {}
