#[path = "../../common.rs"]
mod common;
use common::*;

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders;

impl Getter for Flunders {
    async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Flunder> {
        let shared = std::rc::Rc::new(());
        std::future::ready(()).await;
        drop(shared);
        unimplemented!()
    }
}

fn main() {}
