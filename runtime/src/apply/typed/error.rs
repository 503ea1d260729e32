//! What is wrong with a value, field by field, in the words of upstream (contract 4.9.20).

use std::fmt;

use crate::apply::path::PathElement;

/// The most errors that are told of one object.
const MAX_ERRORS: usize = 32;

/// What is wrong with an object; never empty where it is returned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::apply) struct TypedErrors(Vec<String>);

impl TypedErrors {
    pub(super) fn push(&mut self, trail: &Trail<'_>, text: &str) {
        if self.0.len() < MAX_ERRORS {
            let mut path = String::new();
            trail.print(&mut path);
            self.0.push(if path.is_empty() { text.to_owned() } else { format!("{path}: {text}") });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for TypedErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = &self.0[..] {
            return f.write_str(only);
        }
        f.write_str("errors:")?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

/// Where a walk is. It costs nothing until it is printed.
pub(super) struct Trail<'a> {
    pub(super) parent: Option<&'a Trail<'a>>,
    pub(super) step: Step<'a>,
}

pub(super) enum Step<'a> {
    Root,
    Field(&'a str),
    Index(usize),
    Item(&'a PathElement),
}

impl Trail<'_> {
    fn print(&self, out: &mut String) {
        if let Some(parent) = self.parent {
            parent.print(out);
        }
        let step = match self.step {
            Step::Root => return,
            Step::Field(name) => format!(".{name}"),
            Step::Index(index) => format!("[{index}]"),
            Step::Item(element) => element.to_string(),
        };
        out.push_str(&step);
    }
}
