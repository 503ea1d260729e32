//! What compiles, and what is refused with which words. `TRYBUILD=overwrite` writes the words anew.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*/*.rs");
    cases.compile_fail("ui/fail/*/*.rs");
}
