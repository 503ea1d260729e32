#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder, cluster)]
struct Flunders;

verbs!(Flunders: Getter);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "fischers/status", object = Flunder, parent = Flunders)]
struct Statuses;

verbs!(Statuses: Getter);

fn main() {}
