//! Whether what was written is allowed: rules that look at more than one key.

use darling::Error;
use darling::error::Accumulator;
use proc_macro2::Span;
use syn::{Ident, Member, Path, Type};

use crate::input::{Column, Field, Input, ServedVersion, VersionKey};
use crate::name::{self, Version};
use crate::verb::{Verb, Verbs};

/// A resource that can be expanded.
pub(crate) struct Resource<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) krate: Option<&'a Path>,
    pub(crate) group: String,
    pub(crate) plural: String,
    pub(crate) subresource: Option<String>,
    /// The storage whose subresource it is, if the attribute names it.
    pub(crate) parent: Option<&'a Type>,
    /// Where the attribute says the Kind of that storage, if it does.
    pub(crate) parent_kind: Option<Span>,
    pub(crate) cluster: bool,
    pub(crate) singular: String,
    pub(crate) short_names: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) columns: &'a [Column],
    /// The first one is stored.
    pub(crate) versions: Vec<Served<'a>>,
    pub(crate) verbs: Option<&'a Verbs>,
    pub(crate) parts: Vec<Part<'a>>,
    pub(crate) delegates: Vec<Delegate<'a>>,
}

/// A version and the type it is served as.
pub(crate) struct Served<'a> {
    pub(crate) version: String,
    pub(crate) kind: String,
    /// The Kind that operation ids name (contract 2.6.3).
    pub(crate) operation_kind: String,
    pub(crate) object: &'a Type,
}

/// An embedded field.
pub(crate) struct Part<'a> {
    pub(crate) member: &'a Member,
    pub(crate) ty: &'a Type,
    pub(crate) word: Span,
    pub(crate) only: Option<&'a Verbs>,
}

/// A field that real impls call.
pub(crate) struct Delegate<'a> {
    pub(crate) member: &'a Member,
    pub(crate) ty: &'a Type,
    pub(crate) verbs: &'a Verbs,
}

impl<'a> Resource<'a> {
    /// The fields that real impls call, split: of each type that is not embedded the first one, whose capabilities count as
    /// those of an embedded field do, and the others.
    pub(crate) fn delegates_by_type(&self) -> (Vec<&Delegate<'a>>, Vec<&Delegate<'a>>) {
        let (mut first, mut others) = (Vec::<&Delegate<'a>>::new(), Vec::<&Delegate<'a>>::new());
        let is_embedded = |delegate: &&Delegate<'a>| self.parts.iter().any(|part| part.member == delegate.member);
        for delegate in self.delegates.iter().filter(|delegate| !is_embedded(delegate)) {
            let known = self.parts.iter().map(|part| part.ty).chain(first.iter().map(|delegate| delegate.ty));
            if { known }.any(|ty| ty == delegate.ty) { &mut others } else { &mut first }.push(delegate);
        }
        (first, others)
    }
}

impl Part<'_> {
    /// Whether the field's impl of a verb is used. PATCH follows from the verbs that it consists of (contract 1.15).
    pub(crate) fn promotes(&self, verb: Verb) -> bool {
        let verb = if verb == Verb::Patch { Verb::Update } else { verb };
        self.only.is_none_or(|only| only.has(verb))
    }
}

/// All mistakes at once.
pub(crate) fn check<'a>(input: &'a Input<'_>) -> darling::Result<Resource<'a>> {
    let mut errors = Error::accumulator();
    let keys = &input.keys;
    let mut stored = Vec::new();
    let mut served = Vec::new();
    for key in &keys.versions {
        match key {
            VersionKey::Stored(version) => stored.push(version),
            VersionKey::Served(version) => served.push(&**version),
        }
    }
    for again in stored.iter().skip(1) {
        errors.push(
            Error::custom("`version = \"...\"` is the version that is stored, and there is only one: write the others as `version(name = \"...\", object = ...)`")
                .with_span(&again.span()),
        );
    }
    version_names(stored.first().copied(), &served, &mut errors);
    verbs(keys.verbs.as_ref(), &mut errors);
    let (parts, delegates) = fields(&input.fields, &mut errors);

    let path = keys.resource.as_ref().map(name::ResourcePath::value).unwrap_or_default();
    let (resource, subresource) = match path.split_once('/') {
        Some((resource, subresource)) => (resource.to_owned(), Some(subresource.to_owned())),
        None => (path, None),
    };
    match (&subresource, &keys.singular, &keys.parent_kind) {
        (Some(_), Some(singular), _) => errors
            .push(Error::custom("a subresource has no singular name: remove `singular`").with_span(&singular.span())),
        (None, _, Some(kind)) => errors.push(
            Error::custom(
                "`parent_kind` is for subresources: remove it, or write `resource = \"parents/subresource\"`",
            )
            .with_span(&kind.span()),
        ),
        _ => {}
    }

    if let (None, Some(parent)) = (&subresource, &keys.parent) {
        errors.push(
            Error::custom("`parent` is for subresources: remove it, or write `resource = \"parents/subresource\"`")
                .with_span(&parent.0),
        );
    }

    let mut versions = Vec::new();
    let parent_kind = keys.parent_kind.as_ref().map(name::Kind::value);
    let mut serve = |version: Option<&Version>, kind: Option<&name::Kind>, object: &'a Type| {
        let Some(kind) = errors.handle_in(|| kind.map_or_else(|| kind_of(object), |kind| Ok(kind.value()))) else {
            return;
        };
        versions.push(Served {
            version: version.map(Version::value).unwrap_or_default(),
            operation_kind: parent_kind.clone().unwrap_or_else(|| kind.clone()),
            kind,
            object,
        });
    };
    if let Some(object) = &keys.object {
        serve(stored.first().copied(), keys.kind.as_ref(), &object.0);
    }
    for version in &served {
        serve(Some(&version.name), version.kind.as_ref(), &version.object.0);
    }

    let singular = match (&keys.singular, &subresource, versions.first()) {
        (Some(singular), ..) => singular.value(),
        (None, None, Some(version)) => version.kind.to_lowercase(),
        _ => String::new(),
    };
    errors.finish_with(Resource {
        ident: input.ident,
        krate: keys.krate.as_ref().map(|krate| &krate.0),
        group: keys.group.as_ref().map(name::Group::value).unwrap_or_default(),
        plural: resource,
        subresource,
        parent: keys.parent.as_ref().map(|parent| &parent.0),
        parent_kind: keys.parent_kind.as_ref().map(name::Kind::span),
        cluster: keys.cluster.is_present(),
        singular,
        short_names: keys.short_names.0.iter().map(name::Word::value).collect(),
        categories: keys.categories.0.iter().map(name::Word::value).collect(),
        columns: &keys.columns,
        versions,
        verbs: keys.verbs.as_ref(),
        parts,
        delegates,
    })
}

/// The Kind of an object is the last word of its type.
fn kind_of(object: &Type) -> darling::Result<String> {
    let Type::Path(path) = object else {
        return Err(Error::custom("the Kind is not known: add `kind = \"Flunder\"`").with_span(object));
    };
    let kind = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    match name::kind(&kind) {
        Ok(()) => Ok(kind),
        Err(_) => Err(Error::custom(format!("`{kind}` is not a Kind: add `kind = \"Flunder\"`")).with_span(object)),
    }
}

/// Each version is served once.
fn version_names(stored: Option<&Version>, served: &[&ServedVersion], errors: &mut Accumulator) {
    let mut seen: Vec<String> = stored.map(Version::value).into_iter().collect();
    for version in served {
        let name = version.name.value();
        if seen.contains(&name) {
            errors.push(
                Error::custom(format!("version `{name}` is served twice: remove one of them"))
                    .with_span(&version.name.span()),
            );
        }
        seen.push(name);
    }
}

/// The verbs that cannot stand together (contract 1.33).
fn verbs(verbs: Option<&Verbs>, errors: &mut Accumulator) {
    let Some(verbs) = verbs else { return };
    for (one, other) in [(Verb::Get, Verb::GetWithOptions), (Verb::Create, Verb::CreateNamed)] {
        if !verbs.has(one) {
            continue;
        }
        for named in verbs.list.iter().filter(|named| named.verb == other) {
            errors.push(
                Error::custom(format!(
                    "`{}` and `{}` answer the same requests: a storage has one of them",
                    one.key(),
                    other.key()
                ))
                .with_span(&named.span),
            );
        }
    }
}

fn fields<'a>(fields: &'a [Field<'_>], errors: &mut Accumulator) -> (Vec<Part<'a>>, Vec<Delegate<'a>>) {
    let (mut parts, mut delegates) = (Vec::<Part<'a>>::new(), Vec::<Delegate<'a>>::new());
    for Field { member, ty, keys } in fields {
        if let Some(embed) = &keys.embed {
            if parts.iter().any(|part| part.ty == *ty) {
                errors.push(Error::custom("two embedded fields have the same type: keep one `#[rest(embed)]`, and call the other from impls of your own").with_span(&embed.word));
            }
            patch_without_update(embed.only.as_ref(), errors);
            parts.push(Part { member, ty, word: embed.word, only: embed.only.as_ref() });
        }
        if let Some(verbs) = &keys.delegate {
            patch_without_update(Some(verbs), errors);
            for named in &verbs.list {
                if delegates.iter().any(|other| other.verbs.has(named.verb)) {
                    errors.push(
                        Error::custom(format!("`{}` is delegated to two fields: keep one", named.verb.key()))
                            .with_span(&named.span),
                    );
                }
            }
            delegates.push(Delegate { member, ty, verbs });
        }
    }
    (parts, delegates)
}

/// There is nothing to promote or to forward for PATCH itself: it is `get` and `update`.
fn patch_without_update(verbs: Option<&Verbs>, errors: &mut Accumulator) {
    let Some(verbs) = verbs.filter(|verbs| !verbs.has(Verb::Update)) else { return };
    for named in verbs.list.iter().filter(|named| named.verb == Verb::Patch) {
        errors.push(Error::custom("`patch` comes from `get` and `update`: name `update` too").with_span(&named.span));
    }
}
