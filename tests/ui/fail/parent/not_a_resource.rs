#[path = "../../common.rs"]
mod common;
use common::*;

struct Flunders;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders/status", object = Flunder, parent = Flunders)]
struct Statuses;

verbs!(Statuses: Getter);

fn main() {}
