//! The files refer to each other and to nothing else.

use super::FILES;

/// Markup that comes from data, and what the policy of the page refuses.
const REFUSED: [&str; 9] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacent",
    "document.write",
    "eval(",
    " style=",
    "http://",
    "https://",
    "<script>",
];

#[test]
fn nothing_is_inline_and_nothing_leaves_the_machine() {
    for file in FILES.iter() {
        // The name of a format, and no request.
        let text = file.text.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        let found: Vec<&str> = REFUSED.into_iter().filter(|refused| text.contains(refused)).collect();
        assert!(found.is_empty(), "{} has {found:?}", file.path);
    }
}

#[test]
fn what_a_file_refers_to_is_there() {
    let mut references = 0;
    for file in FILES.iter() {
        for text in file.text.split('"') {
            let path = text.strip_prefix("./").map_or_else(|| text.to_owned(), |name| format!("/docs/{name}"));
            if path.starts_with("/docs/") {
                assert!(FILES.iter().any(|other| other.path == path), "{path} of {}", file.path);
                references += 1;
            }
        }
    }
    assert!(references > FILES.len(), "only {references}");
}
