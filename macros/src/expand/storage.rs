//! `Storage` and `Embeds`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Member;
use syn::spanned::Spanned;

use crate::check::{Delegate, Part, Resource};

/// The storage, and each field that is a source of verbs or capabilities as a part of it.
pub(crate) fn expand(resource: &Resource<'_>) -> TokenStream {
    let ident = resource.ident;
    let object = resource.versions.first().map(|version| version.object);
    let (first, others) = resource.delegates_by_type();
    let embedded = resource.parts.iter().map(|Part { member, ty, .. }| {
        let part = quote_spanned!(ty.span()=> __rest::embedded::<Self, #ty>(&self.#member));
        (*ty, part)
    });
    // Of these the compiler checks the types where real impls call them.
    let delegates = first.iter().map(|Delegate { member, ty, .. }| (*ty, quote_spanned!(ty.span()=> &self.#member)));
    let fields: Vec<_> = embedded.chain(delegates).collect();
    let delegates = self::delegates(&others);
    let parts = fields.into_iter().map(|(ty, part)| {
        quote_spanned! {ty.span()=>
            #[automatically_derived]
            impl __rest::Embeds<#ty> for #ident {
                fn part(&self) -> &#ty {
                    #part
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl __rest::Storage for #ident {
            type Object = #object;
            const SOURCES: &'static [__rest::Found] = &__FOUND.sources;
            #delegates
        }
        #(#parts)*
    }
}

/// The fields that are no source and are destroyed with their struct all the same.
fn delegates(others: &[&Delegate<'_>]) -> Option<TokenStream> {
    let mut members: Vec<&Member> = Vec::new();
    let mut fields = Vec::new();
    for Delegate { member, ty, .. } in others {
        if !members.contains(member) {
            members.push(member);
            let probe = quote!(__rest::Probe::<#ty>);
            fields.push(quote!((|storage| &storage.#member, #probe::DESTROYER, #probe::STORAGE)));
        }
    }
    (!fields.is_empty()).then(|| quote!(const DELEGATES: &'static [__rest::Field<Self>] = &[#(#fields),*];))
}
