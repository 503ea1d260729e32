#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder, verbs(get, update, patch))]
pub struct Flunders {
    #[rest(embed)]
    store: Store<Flunder>,
    #[rest(embed(list))]
    index: Index,
}
