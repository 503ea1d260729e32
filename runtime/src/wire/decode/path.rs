//! Where in a document the reader stands, and the places it has something to say about.

use std::cell::RefCell;
use std::fmt;

use crate::wire::strconv;

/// The most problems one document reports, as the strict decoder of Kubernetes does.
const MAX_PROBLEMS: usize = 100;

/// The most bytes of a client's own words that are repeated in one text.
const MAX_BYTES: usize = 1024;

/// A place in a JSON document: a list on the stack, so that nothing is allocated until a place is reported.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    /// The document itself.
    Root,
    /// A field of an object.
    Field { parent: &'a Path<'a>, name: &'a str },
    /// An item of an array.
    Item { parent: &'a Path<'a>, index: usize },
}

impl Path<'_> {
    fn parent(&self) -> Option<&Self> {
        match self {
            Self::Root => None,
            Self::Field { parent, .. } | Self::Item { parent, .. } => Some(parent),
        }
    }

    pub(crate) fn is_root(&self) -> bool {
        matches!(self, Self::Root)
    }

    /// Whether it is the document's own `apiVersion` or `kind`.
    pub(crate) fn is_type_meta(&self) -> bool {
        matches!(self, Self::Field { parent: Self::Root, name: "apiVersion" | "kind" })
    }

    /// As messages print it: `spec.items[0].x`, cut after 1 KiB.
    pub(crate) fn render(&self) -> String {
        let mut steps: Vec<&Self> = std::iter::successors(Some(self), |path| path.parent()).collect();
        let mut text = String::new();
        while let Some(step) = steps.pop()
            && text.len() <= MAX_BYTES
        {
            match step {
                Self::Root => {}
                Self::Field { name, .. } => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(clip(name));
                }
                Self::Item { index, .. } => text.extend(["[", index.to_string().as_str(), "]"]),
            }
        }
        clip_owned(text)
    }
}

/// The paths of one kind of problem in a document.
///
/// It holds at most 100, of at most 1 KiB each, so that a small body cannot make a large answer. Paths are made
/// one when they are taken out: to compare each with all others as it comes would cost time on hostile input.
#[derive(Debug, Default)]
pub(crate) struct Problems(RefCell<Vec<String>>);

impl Problems {
    pub(crate) fn report(&self, path: &Path<'_>) {
        let mut paths = self.0.borrow_mut();
        if paths.len() < MAX_PROBLEMS {
            paths.push(path.render());
        }
    }

    /// Each path once, in the order found.
    pub(crate) fn into_paths(self) -> Vec<String> {
        let mut unique: Vec<String> = Vec::new();
        for path in self.0.into_inner() {
            if !unique.contains(&path) {
                unique.push(path);
            }
        }
        unique
    }
}

/// The beginning of a text that a client wrote, short enough to be repeated to it.
pub(crate) fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BYTES)]
}

/// As [`clip`], and says so where something was cut.
pub(crate) fn clip_owned(mut text: String) -> String {
    if text.len() > MAX_BYTES {
        text.truncate(text.floor_char_boundary(MAX_BYTES));
        text.push_str("...");
    }
    text
}

/// A text in double quotes, with what does not print escaped as Go's `%q` does. A warning with a raw control
/// character would be dropped (contract 4.4.6).
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&strconv::quote(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_4_2_paths_print_as_go_does() {
        let spec = Path::Field { parent: &Path::Root, name: "spec" };
        let items = Path::Field { parent: &spec, name: "items" };
        let item = Path::Item { parent: &items, index: 0 };
        assert_eq!(Path::Field { parent: &item, name: "x" }.render(), "spec.items[0].x");
        assert_eq!(Path::Item { parent: &Path::Root, index: 7 }.render(), "[7]");
    }

    #[test]
    fn c4_4_2_long_paths_are_cut() {
        let name = "ä".repeat(4096);
        let text = Path::Field { parent: &Path::Field { parent: &Path::Root, name: &name }, name: "x" }.render();
        assert!(text.starts_with("ää") && text.ends_with("..."), "{text}");
        assert!(text.len() <= MAX_BYTES + 3);
    }

    #[test]
    fn c4_4_2_names_are_quoted_as_go_does() {
        assert_eq!(Quoted("a\"\\b\n\u{1}\u{7f}\u{85}\u{200b}ä").to_string(), r#""a\"\\b\n\x01\x7f\u0085\u200bä""#);
    }
}
