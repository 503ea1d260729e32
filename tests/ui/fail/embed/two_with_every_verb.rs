#[path = "../../common.rs"]
mod common;
use common::*;

storage!(Store Other);
verbs!(Store: Lister Creater CollectionDeleter Updater GracefulDeleter Watcher);
verbs!(Other: Lister NamedCreater CollectionDeleter Updater GracefulDeleter Watcher);

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "flunders", object = Flunder)]
struct Flunders {
    #[rest(embed)]
    one: Store,
    #[rest(embed)]
    other: Other,
}

fn main() {}
