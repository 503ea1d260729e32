//! For each action of the table: which source serves it, if any.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

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
    pub(crate) const fn slot(self) -> &'static str {
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

/// What the probes found of each source, and what follows for the actions.
pub(crate) fn expand(resource: &Resource<'_>) -> TokenStream {
    let ident = resource.ident;
    let parts = resource.parts.iter().map(|part| {
        let ty = part.ty;
        let only = part.only.map(|only| {
            let names = names(only);
            quote!(.only(#names))
        });
        quote!(__rest::found!(#ident, #ty) #only)
    });
    // Their verbs are impls of the storage itself; what else they can do counts as theirs.
    let (delegates, _) = resource.delegates_by_type();
    let delegates: Vec<_> = delegates
        .into_iter()
        .map(|delegate| {
            let ty = delegate.ty;
            quote!(__rest::found!(#ident, #ty).only(&[]))
        })
        .collect();
    let declared = resource.verbs.map_or_else(
        || quote!(::core::option::Option::None),
        |verbs| {
            let names = names(verbs);
            quote!(::core::option::Option::Some(#names))
        },
    );
    let count = Literal::usize_unsuffixed(1 + resource.parts.len() + delegates.len());
    quote! {
        static __FOUND: __rest::Detected<#count> =
            __rest::Detected::of([__rest::found!(#ident, #ident) #(, #parts)* #(, #delegates)*], #declared);
    }
}

fn names(verbs: &Verbs) -> TokenStream {
    let names = verbs.list.iter().map(|named| format_ident!("{}", format!("{:?}", named.verb)));
    quote!(&[#(__rest::Verb::#names),*])
}

/// Whether the verb may have routes.
pub(crate) fn declares(resource: &Resource<'_>, verb: Verb) -> bool {
    resource.verbs.is_none_or(|verbs| verbs.has(verb))
}

/// Whether a source has a verb.
pub(crate) fn has(source: &TokenStream, verb: Verb) -> TokenStream {
    let field = format_ident!("{}", verb.key());
    quote!(#source.#field.is())
}
