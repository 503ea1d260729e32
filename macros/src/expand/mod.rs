//! What comes out: one anonymous const with everything in it, so that nothing leaks into the user's module.

mod checks;
mod delegate;
mod info;
mod operation;
mod slots;
mod storage;
mod table;

use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Path;

use crate::check::Resource;

/// The path of what generated code may name.
pub(crate) fn private(krate: Option<&Path>) -> TokenStream {
    let krate = krate.map_or_else(|| quote!(::rest_resource), ToTokens::into_token_stream);
    quote!(#krate::__private)
}

/// The whole expansion.
pub(crate) fn expand(resource: &Resource<'_>) -> TokenStream {
    let private = private(resource.krate);
    let storage = storage::expand(resource);
    let delegates = delegate::expand(resource);
    let slots = slots::expand(resource);
    let resource_impl = info::expand(resource);
    let checks = checks::expand(resource);
    quote! {
        // Code that has the span of the user's words counts as the user's own.
        #[allow(unused_qualifications)]
        const _: () = {
            use #private as __rest;
            use __rest::Absent as _;
            #storage
            #delegates
            #slots
            #resource_impl
            #checks
        };
    }
}

/// What the probes found of the storage itself.
fn own() -> TokenStream {
    source(0)
}

/// What the probes found of an embedded field.
fn part(index: usize) -> TokenStream {
    source(index + 1)
}

fn source(index: usize) -> TokenStream {
    let index = Literal::usize_unsuffixed(index);
    quote!(__FOUND.sources[#index])
}

/// The tokens, at another place in the source, so that errors about them are reported there.
fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| {
            let at = span.resolved_at(token.span());
            let mut token = match token {
                TokenTree::Group(group) => {
                    TokenTree::Group(Group::new(group.delimiter(), respan(group.stream(), span)))
                }
                other => other,
            };
            token.set_span(at);
            token
        })
        .collect()
}
