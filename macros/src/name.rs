//! The names an attribute gives, each checked where it is written (contract 1.33, 2.1.2).

use darling::{Error, FromMeta};
use proc_macro2::Span;
use syn::{Expr, Lit, LitStr};

/// What is wrong with a name, and how to write it.
type Check = Result<(), String>;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident: $check:ident, $example:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(crate) struct $name(LitStr);

        impl $name {
            pub(crate) fn value(&self) -> String {
                self.0.value()
            }

            #[allow(dead_code, reason = "not every name is named in an error")]
            pub(crate) fn span(&self) -> Span {
                self.0.span()
            }
        }

        impl FromMeta for $name {
            fn from_value(value: &Lit) -> darling::Result<Self> {
                let Lit::Str(text) = value else { return Err(not_a_text($example).with_span(value)) };
                $check(&text.value()).map_err(|error| Error::custom(error).with_span(text))?;
                Ok(Self(text.clone()))
            }

            fn from_expr(expr: &Expr) -> darling::Result<Self> {
                match expr {
                    Expr::Lit(lit) => Self::from_value(&lit.lit),
                    Expr::Group(group) => Self::from_expr(&group.expr),
                    _ => Err(not_a_text($example).with_span(expr)),
                }
            }
        }
    )* };
}

names! {
    /// An API group; empty for the core group.
    Group: group, "wardle.example.com";
    /// A version.
    Version: version, "v1";
    /// A resource, or a resource and a subresource.
    ResourcePath: resource_path, "flunders";
    /// A Kind.
    Kind: kind, "Flunder";
    /// A singular name, a short name or a category.
    Word: word, "flunder";
    /// Any text.
    Text: text, "Reference";
    /// The path of a printer column.
    JsonPath: json_path, ".spec.reference";
}

fn not_a_text(example: &str) -> Error {
    Error::custom(format!("expected a string literal, for example \"{example}\""))
}

fn group(group: &str) -> Check {
    if group.is_empty() || (group.len() <= 253 && group.split('.').all(is_dns_1123_label)) {
        return Ok(());
    }
    Err(format!(
        "group `{group}` is not a DNS name: write lower-case letters, digits, `-` and `.`, for example \"wardle.example.com\", or leave it out for the core group"
    ))
}

fn version(version: &str) -> Check {
    if is_dns_1035_label(version) {
        return Ok(());
    }
    Err(format!(
        "version `{version}` is not a DNS label: write lower-case letters, digits and `-`, beginning with a letter, for example \"v1alpha1\""
    ))
}

fn resource_path(path: &str) -> Check {
    let lower = path.to_lowercase();
    if path != lower {
        return Err(format!("resource names must be lowercase only, not \"{path}\": write \"{lower}\""));
    }
    if path.split('/').count() > 2 {
        return Err(format!("only one or two segments are allowed (resource or resource/subresource), not \"{path}\""));
    }
    if let Some(segment) = path.split('/').find(|segment| !is_dns_1035_label(segment)) {
        return Err(format!(
            "`{segment}` is not a DNS label: write the plural in lower-case letters, digits and `-`, beginning with a letter, for example \"flunders\" or \"flunders/status\""
        ));
    }
    if path == "watch" || path.starts_with("watch/") {
        return Err("a resource cannot be called `watch`: below `/watch/` are the deprecated watches".to_owned());
    }
    Ok(())
}

pub(crate) fn kind(kind: &str) -> Check {
    let mut chars = kind.chars();
    if chars.next().is_some_and(|first| first.is_ascii_uppercase()) && chars.all(|c| c.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(format!(
        "kind `{kind}` is not in PascalCase: write letters and digits, beginning with a capital, for example \"Flunder\""
    ))
}

fn word(word: &str) -> Check {
    if is_dns_1035_label(word) {
        return Ok(());
    }
    Err(format!("`{word}` is not a DNS label: write lower-case letters, digits and `-`, beginning with a letter"))
}

#[expect(clippy::unnecessary_wraps, reason = "one of several checks")]
fn text(_text: &str) -> Check {
    Ok(())
}

fn json_path(path: &str) -> Check {
    if path.starts_with('.') {
        return Ok(());
    }
    Err(format!(
        "path `{path}` does not begin with a dot: write it as in `kubectl -o jsonpath`, for example \".spec.reference\""
    ))
}

/// RFC 1123, in lower case.
fn is_dns_1123_label(label: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !label.is_empty()
        && label.len() <= 63
        && label.chars().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// RFC 1035, in lower case: as RFC 1123, but beginning with a letter.
fn is_dns_1035_label(label: &str) -> bool {
    is_dns_1123_label(label) && label.starts_with(|first: char| first.is_ascii_lowercase())
}
