//! What comes out on an error: the messages, and what the user's own code counts on, so that one mistake is one message.

use darling::Error;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DeriveInput, Path, Type, WhereClause};

use crate::expand::private;
use crate::input::salvage;

/// The errors, and impls without content.
pub(crate) fn fallback(input: &DeriveInput, errors: Error) -> TokenStream {
    let mut errors = errors.flatten().into_iter().map(|error| reworded(error).write_errors());
    // A length that fails makes the compiler silent about everything that depends on the type.
    let object = salvage::<Type>(input, "object")
        .map(ToTokens::into_token_stream)
        .or_else(|| errors.next().map(|error| quote!([(); { #error }])));
    let private = private(salvage::<Path>(input, "crate").as_ref());
    let ident = &input.ident;
    let (impl_generics, ty_generics, clause) = input.generics.split_for_impl();
    let bounds = |bound: TokenStream| {
        let mut clause =
            clause.cloned().unwrap_or(WhereClause { where_token: <_>::default(), predicates: <_>::default() });
        if !input.generics.params.is_empty() {
            clause.predicates.push(syn::parse_quote!(Self: #bound));
        }
        clause
    };
    let (storage, resource) =
        (bounds(quote!(::core::marker::Send + ::core::marker::Sync + 'static)), bounds(quote!(__rest::Storage)));
    quote! {
        #(#errors)*
        #[allow(unused_qualifications)]
        const _: () = {
            use #private as __rest;
            #[automatically_derived]
            impl #impl_generics __rest::Storage for #ident #ty_generics #storage {
                type Object = #object;
            }
            #[automatically_derived]
            impl #impl_generics __rest::RestResource for #ident #ty_generics #resource {
                const INFO: __rest::Info = __rest::Info {
                    group: "",
                    resource: "",
                    subresource: ::core::option::Option::None,
                    singular: "",
                    scope: __rest::Scope::Cluster,
                    short_names: &[],
                    categories: &[],
                    columns: &[],
                };
                const VERSIONS: &'static [__rest::Served] = &[];
            }
        };
    }
}

/// What darling calls a field is a key here; a field is one of the struct.
fn reworded(error: Error) -> Error {
    let text = error.to_string();
    for (words, ours) in [
        ("Unknown field: ", "unknown key "),
        ("Duplicate field ", "duplicate key "),
        ("Missing field ", "missing key "),
    ] {
        if let (Some(rest), Some(span)) = (text.strip_prefix(words), error.explicit_span()) {
            return Error::custom(format!("{ours}{rest}")).with_span(&span);
        }
    }
    error
}
