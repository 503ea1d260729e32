// What the refusal of a generic struct advises.
#[path = "../../common.rs"]
mod common;
use common::*;

struct Store<T>(std::marker::PhantomData<T>);

impl<T: Object> Storage for Store<T> {
    type Object = T;
}

impl<T: Object> Getter for Store<T> {
    async fn get(&self, cx: &Context, name: &str, _: &GetOptions) -> Result<T> {
        std::future::ready(Err(cx.not_found(name))).await
    }
}

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders {
    #[rest(embed)]
    store: Store<Flunder>,
}

pub(crate) fn main() {
    assert_eq!(Flunders::VERBS, ["get"]);
}
