#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders;

impl Connecter for Flunders {
    type Options = String;
    const METHODS: &'static [Method] = &[];
    async fn connect(&self, _: &Context, _: &str, _: &String, _: ConnectRequest) -> Result<Response> {
        unimplemented!()
    }
}

fn main() {}
