#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders<'a>(&'a str);

fn main() {}
