//! `Storage` and `Embeds`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Member;
use syn::spanned::Spanned;

use super::part;
use crate::check::{Delegate, Resource};

/// The storage, and each embedded field as a part of it.
pub(crate) fn expand(resource: &Resource<'_>) -> TokenStream {
    let ident = resource.ident;
    let object = resource.versions.first().map(|version| version.object);
    let destroy = destroy(resource);
    let parts = resource.parts.iter().map(|part| {
        let (member, ty) = (part.member, part.ty);
        quote_spanned! {ty.span()=>
            #[automatically_derived]
            impl __rest::Embeds<#ty> for #ident {
                fn part(&self) -> &#ty {
                    &self.#member
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl __rest::Storage for #ident {
            type Object = #object;
            #destroy
        }
        #(#parts)*
    }
}

/// The fields that are storages are destroyed with their struct.
fn destroy(resource: &Resource<'_>) -> Option<TokenStream> {
    let mut calls = Vec::new();
    for i in 0..resource.parts.len() {
        let part = part(i);
        calls.push(quote!((self, #part.destroyer), (self, #part.storage)));
    }
    let mut fields: Vec<&Member> = resource.parts.iter().map(|part| part.member).collect();
    for Delegate { member, ty, .. } in &resource.delegates {
        if !fields.contains(member) {
            fields.push(member);
            let probe = quote!(__rest::Probe::<#ty>);
            calls.push(quote!((&self.#member, #probe::DESTROYER), (&self.#member, #probe::STORAGE)));
        }
    }
    (!calls.is_empty()).then(|| {
        quote! {
            fn destroy(&self) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
                __rest::destroy(&[#(#calls),*])
            }
        }
    })
}
