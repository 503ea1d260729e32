//! What compiles, and what is refused with which words. `TRYBUILD=overwrite` writes the words anew.
#![allow(clippy::duplicate_mod, reason = "each case has the kit to itself, as those that do not compile")]

/// What compiles is compiled here: without it, `trybuild` has nothing to run, and only checks the others, all at once.
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    unused_macros,
    clippy::pedantic,
    reason = "each uses a part of the kit"
)]
#[path = "../../tests/ui/pass"]
mod pass {
    #[path = "detection/automatic.rs"]
    pub(crate) mod automatic;
    #[path = "shape/newtype.rs"]
    pub(crate) mod newtype;
    #[path = "verbs/pinned.rs"]
    pub(crate) mod pinned;
    #[path = "embed/two_fields_with_own_impl.rs"]
    pub(crate) mod two_fields_with_own_impl;
}

#[test]
fn what_compiles_does_what_it_says() {
    pass::automatic::main();
    pass::newtype::main();
    pass::pinned::main();
    pass::two_fields_with_own_impl::main();
    let topics = std::fs::read_dir("../tests/ui/pass").expect("the cases").flatten();
    let cases = topics.flat_map(|topic| std::fs::read_dir(topic.path()).expect("a topic")).count();
    assert_eq!(cases, 4, "each is run above");
}

#[test]
fn what_is_refused_says_why() {
    trybuild::TestCases::new().compile_fail("../tests/ui/fail/*/*.rs");
}
