#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders<T>(T);

impl<T: Send + Sync + 'static> Getter for Flunders<T> {
    async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Flunder> {
        unimplemented!()
    }
}

fn main() {}
