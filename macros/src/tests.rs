//! Golden expansions: what the derive makes, for a reader. `EXPECTORATE=overwrite` writes them anew.

use syn::DeriveInput;

/// Compares the expansion of the struct in `golden/NAME.in.rs` with `golden/NAME.out.rs`.
fn golden(name: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let source = std::fs::read_to_string(format!("{folder}/{name}.in.rs")).unwrap();
    let input: DeriveInput = syn::parse_str(&source).unwrap();
    let file: syn::File = syn::parse2(crate::derive(&input)).unwrap();
    expectorate::assert_contents(format!("{folder}/{name}.out.rs"), &prettyplease::unparse(&file));
}

#[test]
fn pinned() {
    golden("pinned");
}

#[test]
fn automatic() {
    golden("automatic");
}

#[test]
fn embedded() {
    golden("embedded");
}

#[test]
fn delegated() {
    golden("delegated");
}

#[test]
fn subresource() {
    golden("subresource");
}

#[test]
fn refused() {
    golden("refused");
}
