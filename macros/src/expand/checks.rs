//! What only the compiler can check: a const that panics, or a bound that does not hold, at the user's own word.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::slots::{Action, declares, has};
use super::{own, respan};
use crate::check::Resource;
use crate::verb::{NamedVerb, Verb, Verbs};

/// All checks, in such a way that all that fail are reported at once.
pub(crate) fn expand(resource: &Resource<'_>) -> TokenStream {
    let (mut checks, mut bounds) = (Vec::new(), Vec::new());
    faults(resource, &mut checks);
    match resource.verbs {
        // Pinned, one of the two is not declared, and that is the error.
        Some(verbs) => pins(resource, verbs, &mut checks, &mut bounds),
        None => found(resource, &mut checks),
    }
    parts(resource, &mut checks, &mut bounds);
    parent(resource, &mut checks);
    // A panic ends a const, and so each check that may panic has its own; of bounds all that do not hold are told in one.
    let bounds = if bounds.is_empty() { TokenStream::new() } else { quote!(const _: () = { #(#bounds)* };) };
    quote!(#(#checks)* #bounds)
}

/// A compile error, if `ok` is not so.
fn refuse(span: Span, ok: &TokenStream, message: &str) -> TokenStream {
    quote_spanned!(span=> const _: () = __rest::require(#ok, #message);)
}

/// An action's slot.
fn slot(action: Action) -> TokenStream {
    let field = format_ident!("{}", action.slot());
    quote!(__FOUND.slots.#field)
}

/// A statement that is a compile error, if a type does not implement the trait of a verb.
fn require(verb: NamedVerb, ty: &TokenStream) -> TokenStream {
    let (name, ty) = (verb.verb.trait_ident(verb.span), respan(ty.clone(), verb.span));
    quote_spanned!(verb.span=> { const fn __declared<T: __rest::#name>() {} __declared::<#ty>() })
}

/// What no route table may have: nothing in it, or two routes with one method and path (contract 2.2.3).
fn faults(resource: &Resource<'_>, checks: &mut Vec<TokenStream>) {
    let ident = resource.ident;
    let span = |verb: Verb| resource.verbs.and_then(|verbs| verbs.find(verb)).unwrap_or_else(|| ident.span());
    let subresource = resource.subresource.is_some();
    if subresource {
        let find = |action: Action| action.is_declared(resource).then(|| slot(action));
        for (one, other, verb, message) in ONE_PATH {
            if let (Some(one), Some(other)) = (find(one), find(other)) {
                let message = format!("{message}: on a subresource `{ident}` can implement only one of them");
                checks.push(refuse(span(verb), &quote!(!(#one.is() && #other.is())), &message));
            }
        }
    }
    if resource.verbs.is_some() && Action::Connect.is_declared(resource) {
        let name = ident.to_string();
        checks.push(quote_spanned!(span(Verb::Connect)=> const _: () = __FOUND.connects(#name, #subresource);));
    }
}

/// On a subresource the path of the collection is the path of the object.
const ONE_PATH: [(Action, Action, Verb, &str); 3] = [
    (Action::List, Action::Get, Verb::List, "`Lister` and `Getter` both serve GET on one path"),
    (
        Action::DeleteCollection,
        Action::Delete,
        Verb::DeleteCollection,
        "`CollectionDeleter` and `GracefulDeleter` both serve DELETE on one path",
    ),
    (
        Action::WatchList,
        Action::Watch,
        Verb::Watch,
        "`Watcher`, and `Lister` with `Watcher`, both serve the watch path",
    ),
];

/// Not pinned: that there is a verb, and of some traits only one (contract 1.33). A const for each place where a mistake is
/// told, and no more: each costs the compiler as much as three probes.
fn found(resource: &Resource<'_>, checks: &mut Vec<TokenStream>) {
    let (span, name, subresource) = (resource.ident.span(), resource.ident.to_string(), resource.subresource.is_some());
    checks.push(quote_spanned!(span=> const _: () = __FOUND.check(#name, #subresource);));
    for (i, part) in resource.parts.iter().enumerate() {
        let (ty, source) = (part.ty, Literal::usize_unsuffixed(i + 1));
        let name = quote!(#ty).to_string().replace(' ', "");
        checks.push(quote_spanned!(part.word=> const _: () = __FOUND.one_of_each(#source, #name);));
    }
}

/// Pinned: what is declared is there, and what is there is declared.
fn pins(resource: &Resource<'_>, verbs: &Verbs, checks: &mut Vec<TokenStream>, bounds: &mut Vec<TokenStream>) {
    let ident = resource.ident;
    for named in &verbs.list {
        let (key, name) = (named.verb.key(), named.verb.trait_name());
        if resource.parts.is_empty() {
            bounds.push(require(*named, &quote!(#ident)));
        } else {
            let (found, missing) = if named.verb == Verb::Patch {
                (quote!(__FOUND.slots.patch.is()), "`Getter` and `Updater`".to_owned())
            } else {
                (any_source(resource, named.verb), format!("`{name}`"))
            };
            let message = format!(
                "verb `{key}` is declared, but neither `{ident}` nor what it embeds implements {missing}: write the impl, or remove `{key}`"
            );
            checks.push(refuse(named.span, &quote!(__FOUND.or_no_part(#found)), &message));
        }
    }
    for verb in Verb::ALL.into_iter().filter(|verb| !declares(resource, *verb)) {
        let key = verb.key();
        let own = own();
        let (there, found) = if verb == Verb::Patch {
            (quote!(#own.patch.beside(&#own.get_with_options.or(#own.get)).is()), "`Getter` and `Updater`".to_owned())
        } else {
            (has(&own, verb), format!("`{}`", verb.trait_name()))
        };
        let message = format!(
            "`{ident}` implements {found}, but `verbs(...)` does not declare `{key}`: add `{key}` to serve it, or remove the impl"
        );
        checks.push(refuse(verbs.word, &quote!(!#there), &message));
    }
}

/// A subresource lives where its parent does (contract 2.2.2).
fn parent(resource: &Resource<'_>, checks: &mut Vec<TokenStream>) {
    let Resource { parent: Some(parent), ident, plural, group, cluster, .. } = resource else { return };
    let span = parent.span();
    let name = quote!(#parent).to_string().replace(' ', "");
    let info = quote_spanned!(span=> <#parent as __rest::RestResource>::INFO);
    let message = format!(
        "`{name}` is not the resource `{plural}` of the group `{group}`, so `{ident}` cannot be its subresource: make `group` and `resource` the same, or name another `parent`"
    );
    checks.push(refuse(span, &quote!(#info.is_named(#group, #plural)), &message));
    let message = if *cluster {
        format!(
            "objects of `{name}` live in namespaces, and those of its subresource `{ident}` do too: remove `cluster`"
        )
    } else {
        format!(
            "objects of `{name}` live in no namespace, and those of its subresource `{ident}` do neither: add `cluster`"
        )
    };
    let scope = if *cluster { quote!(Cluster) } else { quote!(Namespaced) };
    checks.push(refuse(span, &quote!(#info.is_scoped(__rest::Scope::#scope)), &message));
    parent_kind(resource, parent, &name, checks);
}

/// Operations are named after the Kind of the parent, which is not that of a `Scale` (contract 2.6.3).
fn parent_kind(resource: &Resource<'_>, parent: &Type, name: &str, checks: &mut Vec<TokenStream>) {
    let Some(stored) = resource.versions.first() else { return };
    let kind = &stored.operation_kind;
    let span = resource.parent_kind.unwrap_or_else(|| parent.span());
    let message = format!(
        "the operations of `{}` are named after the Kind of `{name}`, which is not `{kind}`: say it by `parent_kind = \"...\"`",
        resource.ident
    );
    let versions = quote_spanned!(parent.span()=> <#parent as __rest::RestResource>::VERSIONS);
    checks.push(refuse(span, &quote!(__rest::is_of_kind(#versions, #kind)), &message));
}

/// Whether the storage itself or a part has a verb.
fn any_source(resource: &Resource<'_>, verb: Verb) -> TokenStream {
    let sources = std::iter::once(own()).chain((0..resource.parts.len()).map(super::part));
    let found = sources.map(|source| has(&source, verb));
    quote!(#(#found)||*)
}

/// Embedded fields: what is promoted by name is there, and no verb comes from two of them.
fn parts(resource: &Resource<'_>, checks: &mut Vec<TokenStream>, bounds: &mut Vec<TokenStream>) {
    for (i, part) in resource.parts.iter().enumerate() {
        let ty = part.ty;
        for named in part.only.iter().flat_map(|only| &only.list).filter(|named| named.verb != Verb::Patch) {
            bounds.push(require(*named, &quote!(#ty)));
        }
        // With the first one there is none before it.
        for family in FAMILIES.into_iter().filter(|_| i > 0) {
            let family: Vec<Verb> = family.iter().copied().filter(|verb| declares(resource, *verb)).collect();
            ambiguous(resource, i, &family, checks);
        }
    }
}

/// Verbs that answer the same requests.
const FAMILIES: [&[Verb]; 8] = [
    &[Verb::List],
    &[Verb::Create, Verb::CreateNamed],
    &[Verb::DeleteCollection],
    &[Verb::Get, Verb::GetWithOptions],
    &[Verb::Update],
    &[Verb::Delete],
    &[Verb::Watch],
    &[Verb::Connect],
];

/// Go would promote neither, silently.
fn ambiguous(resource: &Resource<'_>, index: usize, family: &[Verb], checks: &mut Vec<TokenStream>) {
    let any = |i: usize| {
        let source = super::part(i);
        family
            .iter()
            .filter(|verb| resource.parts[i].promotes(**verb))
            .map(|verb| has(&source, *verb))
            .reduce(|one, other| quote!(#one || #other))
    };
    let Some(this) = any(index) else { return };
    let Some(before) = (0..index).filter_map(any).reduce(|one, other| quote!(#one || #other)) else { return };
    let own = family.iter().map(|verb| has(&own(), *verb));
    let traits: Vec<String> = family.iter().map(|verb| format!("`{}`", verb.trait_name())).collect();
    let message = format!(
        "two embedded fields implement {}: write an impl for `{}` that calls the right one, or name the verbs of each field: `#[rest(embed(...))]`",
        traits.join(" or "),
        resource.ident
    );
    checks.push(refuse(resource.parts[index].word, &quote!(#(#own ||)* !((#before) && (#this))), &message));
}
