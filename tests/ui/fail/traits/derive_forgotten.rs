#[path = "../../common.rs"]
mod common;
use common::*;

struct Flunders;

fn routes() -> RouteTable {
    RouteTable::of::<Flunders>()
}

fn main() {}
