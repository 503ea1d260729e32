//! For each action of the table: which source serves it, if any.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{part_name, strings};
use crate::check::Resource;
use crate::verb::{Verb, Verbs};

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    List,
    Post,
    DeleteCollection,
    WatchList,
    Get,
    Put,
    Patch,
    Delete,
    Watch,
    Connect,
}

impl Action {
    /// The field of `Slots`.
    pub(crate) fn slot(self) -> TokenStream {
        let field = format_ident!(
            "{}",
            match self {
                Self::List => "list",
                Self::Post => "post",
                Self::DeleteCollection => "delete_collection",
                Self::WatchList => "watch_list",
                Self::Get => "get",
                Self::Put => "put",
                Self::Patch => "patch",
                Self::Delete => "delete",
                Self::Watch => "watch",
                Self::Connect => "connect",
            }
        );
        quote!(__SLOTS.#field)
    }

    /// The verbs of which one serves it.
    const fn verbs(self) -> &'static [Verb] {
        match self {
            Self::List => &[Verb::List],
            Self::Post => &[Verb::CreateNamed, Verb::Create],
            Self::DeleteCollection => &[Verb::DeleteCollection],
            Self::Get => &[Verb::GetWithOptions, Verb::Get],
            Self::Put => &[Verb::Update],
            Self::Delete => &[Verb::Delete],
            Self::WatchList | Self::Watch => &[Verb::Watch],
            Self::Connect => &[Verb::Connect],
            Self::Patch => &[Verb::Patch],
        }
    }

    /// Whether there may be routes: in pinned mode only for the verbs that are declared.
    pub(crate) fn is_declared(self, resource: &Resource<'_>) -> bool {
        let any = self.verbs().iter().any(|verb| declares(resource, *verb));
        any && (self != Self::WatchList || declares(resource, Verb::List))
    }

    /// The traits that it takes, for a reader.
    pub(crate) fn needs(self, resource: &Resource<'_>) -> String {
        match self {
            Self::WatchList => "`Lister` and `Watcher`".to_owned(),
            Self::Patch => "`Getter` and `Updater`".to_owned(),
            _ => {
                let verbs = self.verbs().iter().filter(|verb| declares(resource, **verb));
                verbs.map(|verb| format!("`{}`", verb.trait_name())).collect::<Vec<_>>().join(" or ")
            }
        }
    }
}

/// What the probes found of each source, and the slots of the actions.
pub(crate) fn expand(resource: &Resource<'_>) -> TokenStream {
    let ident = resource.ident;
    let parts = resource.parts.iter().enumerate().map(|(i, part)| {
        let (name, ty) = (part_name(i), part.ty);
        let only = part.only.map(|only| {
            let names = names(only);
            quote!(.only(#names))
        });
        quote!(const #name: __rest::Found = __rest::found!(#ident, #ty) #only;)
    });
    let names_of_parts = (0..resource.parts.len()).map(part_name);
    let declared = resource.verbs.map_or_else(
        || quote!(::core::option::Option::None),
        |verbs| {
            let names = names(verbs);
            quote!(::core::option::Option::Some(#names))
        },
    );
    quote! {
        const __OWN: __rest::Found = __rest::found!(#ident, #ident);
        #(#parts)*
        const __SOURCES: &[__rest::Found] = &[__OWN #(, #names_of_parts)*];
        const __SLOTS: __rest::Slots = __rest::Slots::of(__SOURCES, #declared);
    }
}

fn names(verbs: &Verbs) -> TokenStream {
    strings(verbs.list.iter().map(|named| named.verb.key()))
}

/// Whether the verb may have routes.
pub(crate) fn declares(resource: &Resource<'_>, verb: Verb) -> bool {
    resource.verbs.is_none_or(|verbs| verbs.has(verb))
}

/// Whether a source has a verb.
pub(crate) fn has(source: &Ident, verb: Verb) -> TokenStream {
    let field = format_ident!("{}", verb.key());
    quote!(#source.#field.is())
}
