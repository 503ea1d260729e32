#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder, categories("All"))]
struct Flunders;

verbs!(Flunders: Getter);

fn main() {}
