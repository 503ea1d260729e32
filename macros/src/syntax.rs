//! Types and paths that an attribute gives, with errors that say what is expected.

use darling::ast::MetaNameValueInvalidExpr;
use darling::{Error, FromMeta};
use syn::{Meta, Path, Type};

/// A type, for example `v1beta1::Flunder`.
#[derive(Clone, Debug)]
pub(crate) struct TypeName(pub(crate) Type);

/// The path of a crate, for example `rest_resource`.
#[derive(Clone, Debug)]
pub(crate) struct CratePath(pub(crate) Path);

impl FromMeta for TypeName {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        Type::from_meta(item).map(Self).map_err(|_| expected("a type", "Flunder", item))
    }

    fn from_invalid_expr(value: &MetaNameValueInvalidExpr) -> darling::Result<Self> {
        Type::from_invalid_expr(value).map(Self)
    }
}

impl FromMeta for CratePath {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        Path::from_meta(item).map(Self).map_err(|_| expected("a path", "rest_resource", item))
    }
}

fn expected(what: &str, example: &str, item: &Meta) -> Error {
    let key = item.path().get_ident().map(ToString::to_string).unwrap_or_default();
    let error = Error::custom(format!("expected {what}: `{key} = {example}`"));
    match item {
        Meta::NameValue(pair) => error.with_span(&pair.value),
        Meta::Path(_) | Meta::List(_) => error.with_span(item),
    }
}
