//! The verbs that attributes name, and where each is found.

use darling::ast::NestedMeta;
use darling::{Error, FromMeta};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Ident, Meta};

/// A verb, by the method that a storage implements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    List,
    Create,
    CreateNamed,
    DeleteCollection,
    Get,
    GetWithOptions,
    Update,
    Patch,
    Delete,
    Watch,
    Connect,
}

impl Verb {
    pub(crate) const ALL: [Self; 11] = [
        Self::List,
        Self::Create,
        Self::CreateNamed,
        Self::DeleteCollection,
        Self::Get,
        Self::GetWithOptions,
        Self::Update,
        Self::Patch,
        Self::Delete,
        Self::Watch,
        Self::Connect,
    ];

    /// As attributes write it, and the trait.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::List => ("list", "Lister"),
            Self::Create => ("create", "Creater"),
            Self::CreateNamed => ("create_named", "NamedCreater"),
            Self::DeleteCollection => ("delete_collection", "CollectionDeleter"),
            Self::Get => ("get", "Getter"),
            Self::GetWithOptions => ("get_with_options", "GetterWithOptions"),
            Self::Update => ("update", "Updater"),
            Self::Patch => ("patch", "Patcher"),
            Self::Delete => ("delete", "GracefulDeleter"),
            Self::Watch => ("watch", "Watcher"),
            Self::Connect => ("connect", "Connecter"),
        }
    }

    pub(crate) const fn key(self) -> &'static str {
        self.names().0
    }

    pub(crate) const fn trait_name(self) -> &'static str {
        self.names().1
    }

    pub(crate) fn trait_ident(self, span: Span) -> Ident {
        Ident::new(self.trait_name(), span)
    }
}

/// A verb where an attribute names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedVerb {
    pub(crate) verb: Verb,
    pub(crate) span: Span,
}

/// A list of verbs, each once: `verbs(get, list)`.
#[derive(Clone, Debug)]
pub(crate) struct Verbs {
    /// The word before the list.
    pub(crate) word: Span,
    pub(crate) list: Vec<NamedVerb>,
}

impl Verbs {
    pub(crate) fn has(&self, verb: Verb) -> bool {
        self.find(verb).is_some()
    }

    /// Where the verb is named.
    pub(crate) fn find(&self, verb: Verb) -> Option<Span> {
        self.list.iter().find(|named| named.verb == verb).map(|named| named.span)
    }
}

impl FromMeta for Verbs {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        let word = item.path().span();
        let Meta::List(list) = item else {
            return Err(Error::custom(format!("expected verbs: `{}(get, list)`", word_of(item))).with_span(item));
        };
        let items = NestedMeta::parse_meta_list(list.tokens.clone())?;
        let mut errors = Error::accumulator();
        let mut verbs = Self { word, list: Vec::new() };
        for item in &items {
            let Some(named) = errors.handle_in(|| named(item)) else { continue };
            if verbs.has(named.verb) {
                errors.push(Error::custom(format!("verb `{}` is named twice", named.verb.key())).with_span(item));
            } else {
                verbs.list.push(named);
            }
        }
        if items.is_empty() {
            errors.push(
                Error::custom(format!("name at least one verb: `{}(get, list)`", word_of(item))).with_span(&word),
            );
        }
        errors.finish_with(verbs)
    }
}

fn word_of(item: &Meta) -> String {
    item.path().get_ident().map(ToString::to_string).unwrap_or_default()
}

fn named(item: &NestedMeta) -> darling::Result<NamedVerb> {
    let NestedMeta::Meta(Meta::Path(path)) = item else {
        return Err(Error::custom("expected the name of a verb, for example `get`").with_span(item));
    };
    let name = path.get_ident().map(ToString::to_string).unwrap_or_default();
    if let Some(verb) = Verb::ALL.into_iter().find(|verb| verb.key() == name) {
        return Ok(NamedVerb { verb, span: path.span() });
    }
    let keys = Verb::ALL.map(Verb::key);
    let error = Error::unknown_value_with_alts(&name, &keys).to_string();
    let hint = error
        .find("Did you mean")
        .map_or_else(|| format!("The verbs are {}.", keys.join(", ")), |at| error[at..].to_owned());
    Err(Error::custom(format!("unknown verb `{name}`. {hint}")).with_span(path))
}
