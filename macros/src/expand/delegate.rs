//! Real impls that call a field: for a struct that must itself have the trait.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::respan;
use crate::check::{Delegate, Resource};
use crate::verb::{NamedVerb, Verb};

/// One impl for each verb of each field; PATCH has no trait of its own.
pub(crate) fn expand(resource: &Resource<'_>) -> TokenStream {
    let impls = resource.delegates.iter().flat_map(|delegate| {
        let verbs = delegate.verbs.list.iter().filter(|named| named.verb != Verb::Patch);
        verbs.map(move |named| forward(resource, delegate, *named))
    });
    quote!(#(#impls)*)
}

/// The impl of one verb. Its span is the verb's, where a trait that the field lacks is reported.
fn forward(resource: &Resource<'_>, delegate: &Delegate<'_>, named: NamedVerb) -> TokenStream {
    let (ident, member, ty, span) = (resource.ident, delegate.member, delegate.ty, named.span);
    let name = named.verb.trait_ident(span);
    let ty = respan(quote!(#ty), span);
    let source = quote_spanned!(span=> <#ty as __rest::#name>);
    let items = items(named, &source, &quote_spanned!(span=> &self.#member));
    quote_spanned! {span=>
        #[automatically_derived]
        impl __rest::#name for #ident {
            #items
        }
    }
}

/// The types, consts and methods of a verb's trait, by the impl of the `source`, called with `field`.
#[expect(clippy::too_many_lines, reason = "one arm for each trait, with the methods as the trait has them")]
fn items(NamedVerb { verb, span }: NamedVerb, source: &TokenStream, field: &TokenStream) -> TokenStream {
    let object = quote_spanned!(span=> <Self as __rest::Storage>::Object);
    let text = quote_spanned!(span=> &::core::primitive::str);
    let flag = quote_spanned!(span=> ::core::primitive::bool);
    match verb {
        Verb::List => quote_spanned! {span=>
            async fn list(
                &self,
                cx: &__rest::Context,
                options: &__rest::ListOptions,
            ) -> __rest::Result<__rest::List<#object>> {
                #source::list(#field, cx, options).await
            }
            async fn list_reply(
                &self,
                cx: &__rest::Context,
                options: &__rest::ListOptions,
            ) -> __rest::Result<__rest::ListReply<#object>> {
                #source::list_reply(#field, cx, options).await
            }
        },
        Verb::Create => quote_spanned! {span=>
            const PRESERVES_OBJECT_META: #flag = #source::PRESERVES_OBJECT_META;
            async fn create(
                &self,
                cx: &__rest::Context,
                object: #object,
                admit: &__rest::Admit<#object>,
                options: &__rest::CreateOptions,
            ) -> __rest::Result<#object> {
                #source::create(#field, cx, object, admit, options).await
            }
            async fn create_reply(
                &self,
                cx: &__rest::Context,
                object: #object,
                admit: &__rest::Admit<#object>,
                options: &__rest::CreateOptions,
            ) -> __rest::Result<__rest::Reply<#object>> {
                #source::create_reply(#field, cx, object, admit, options).await
            }
        },
        Verb::CreateNamed => quote_spanned! {span=>
            const PRESERVES_OBJECT_META: #flag = #source::PRESERVES_OBJECT_META;
            async fn create_named(
                &self,
                cx: &__rest::Context,
                name: #text,
                object: #object,
                admit: &__rest::Admit<#object>,
                options: &__rest::CreateOptions,
            ) -> __rest::Result<#object> {
                #source::create_named(#field, cx, name, object, admit, options).await
            }
            async fn create_named_reply(
                &self,
                cx: &__rest::Context,
                name: #text,
                object: #object,
                admit: &__rest::Admit<#object>,
                options: &__rest::CreateOptions,
            ) -> __rest::Result<__rest::Reply<#object>> {
                #source::create_named_reply(#field, cx, name, object, admit, options).await
            }
        },
        Verb::DeleteCollection => quote_spanned! {span=>
            async fn delete_collection(
                &self,
                cx: &__rest::Context,
                admit: &__rest::Admit<#object>,
                options: &__rest::DeleteOptions,
                list: &__rest::ListOptions,
            ) -> __rest::Result<__rest::List<#object>> {
                #source::delete_collection(#field, cx, admit, options, list).await
            }
            async fn delete_collection_reply(
                &self,
                cx: &__rest::Context,
                admit: &__rest::Admit<#object>,
                options: &__rest::DeleteOptions,
                list: &__rest::ListOptions,
            ) -> __rest::Result<__rest::ListReply<#object>> {
                #source::delete_collection_reply(#field, cx, admit, options, list).await
            }
        },
        Verb::Get => quote_spanned! {span=>
            async fn get(
                &self,
                cx: &__rest::Context,
                name: #text,
                options: &__rest::GetOptions,
            ) -> __rest::Result<#object> {
                #source::get(#field, cx, name, options).await
            }
            async fn get_reply(
                &self,
                cx: &__rest::Context,
                name: #text,
                options: &__rest::GetOptions,
            ) -> __rest::Result<__rest::Reply<#object>> {
                #source::get_reply(#field, cx, name, options).await
            }
        },
        Verb::GetWithOptions => quote_spanned! {span=>
            type Options = #source::Options;
            const SUBPATH: #flag = #source::SUBPATH;
            async fn get_with_options(
                &self,
                cx: &__rest::Context,
                name: #text,
                options: &Self::Options,
                subpath: ::core::option::Option<#text>,
            ) -> __rest::Result<__rest::Reply<#object>> {
                #source::get_with_options(#field, cx, name, options, subpath).await
            }
        },
        Verb::Update => quote_spanned! {span=>
            async fn update(
                &self,
                cx: &__rest::Context,
                name: #text,
                change: &__rest::Change<#object>,
                options: &__rest::UpdateOptions,
            ) -> __rest::Result<(#object, __rest::Created)> {
                #source::update(#field, cx, name, change, options).await
            }
            async fn update_reply(
                &self,
                cx: &__rest::Context,
                name: #text,
                change: &__rest::Change<#object>,
                options: &__rest::UpdateOptions,
            ) -> __rest::Result<(__rest::Reply<#object>, __rest::Created)> {
                #source::update_reply(#field, cx, name, change, options).await
            }
        },
        Verb::Delete => quote_spanned! {span=>
            const RETURNS_DELETED_OBJECT: #flag = #source::RETURNS_DELETED_OBJECT;
            async fn delete(
                &self,
                cx: &__rest::Context,
                name: #text,
                admit: &__rest::Admit<#object>,
                options: &__rest::DeleteOptions,
            ) -> __rest::Result<(__rest::Deleted<#object>, #flag)> {
                #source::delete(#field, cx, name, admit, options).await
            }
        },
        Verb::Watch => quote_spanned! {span=>
            async fn watch(
                &self,
                cx: &__rest::Context,
                options: &__rest::ListOptions,
            ) -> __rest::Result<__rest::WatchStream<#object>> {
                #source::watch(#field, cx, options).await
            }
        },
        Verb::Connect => quote_spanned! {span=>
            type Options = #source::Options;
            const METHODS: &'static [__rest::Method] = #source::METHODS;
            const SUBPATH: #flag = #source::SUBPATH;
            async fn connect(
                &self,
                cx: &__rest::Context,
                name: #text,
                options: &Self::Options,
                request: __rest::ConnectRequest,
            ) -> __rest::Result<__rest::Response> {
                #source::connect(#field, cx, name, options, request).await
            }
        },
        Verb::Patch => TokenStream::new(),
    }
}
