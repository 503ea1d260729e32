//! What was written: the attributes, as far as each can be understood on its own.

use darling::ast::NestedMeta;
use darling::error::Accumulator;
use darling::util::Flag;
use darling::{Error, FromAttributes, FromMeta};
use proc_macro2::Span;
use quote::ToTokens;
use syn::parse::Parse;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Ident, Index, Member, Meta, Type};

use crate::name::{Group, JsonPath, Kind, ResourcePath, Text, Version, Word};
use crate::syntax::{CratePath, TypeName};
use crate::verb::Verbs;

/// The struct and its attributes.
pub(crate) struct Input<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) keys: Keys,
    pub(crate) fields: Vec<Field<'a>>,
}

/// The keys of `#[rest(...)]` at the struct.
#[derive(Debug, FromAttributes)]
#[darling(attributes(rest))]
pub(crate) struct Keys {
    pub(crate) group: Option<Group>,
    #[darling(multiple, rename = "version")]
    pub(crate) versions: Vec<VersionKey>,
    pub(crate) resource: Option<ResourcePath>,
    pub(crate) object: Option<TypeName>,
    pub(crate) kind: Option<Kind>,
    pub(crate) parent: Option<TypeName>,
    pub(crate) parent_kind: Option<Kind>,
    #[darling(default)]
    pub(crate) cluster: Flag,
    pub(crate) singular: Option<Word>,
    #[darling(default)]
    pub(crate) short_names: Words,
    #[darling(default)]
    pub(crate) categories: Words,
    #[darling(multiple, rename = "column")]
    pub(crate) columns: Vec<Column>,
    pub(crate) verbs: Option<Verbs>,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<CratePath>,
}

/// `version = "v1"` is the version that is stored, `version(...)` another one that is served.
#[derive(Debug)]
pub(crate) enum VersionKey {
    Stored(Version),
    Served(Box<ServedVersion>),
}

/// `version(name = "v1beta1", object = v1beta1::Flunder)`.
#[derive(Debug, FromMeta)]
pub(crate) struct ServedVersion {
    pub(crate) name: Version,
    pub(crate) object: TypeName,
    pub(crate) kind: Option<Kind>,
}

/// `column(name = "Reference", json_path = ".spec.reference")`.
#[derive(Debug, FromMeta)]
pub(crate) struct Column {
    pub(crate) name: Text,
    pub(crate) json_path: JsonPath,
    #[darling(default, rename = "type")]
    pub(crate) values: ColumnType,
    pub(crate) priority: Option<i32>,
    pub(crate) format: Option<Text>,
    pub(crate) description: Option<Text>,
}

/// The types of columns that Kubernetes knows.
#[derive(Clone, Copy, Debug, Default, FromMeta)]
pub(crate) enum ColumnType {
    Integer,
    Number,
    Boolean,
    #[default]
    String,
    Date,
}

/// `short_names("fl", "flu")`.
#[derive(Debug, Default)]
pub(crate) struct Words(pub Vec<Word>);

/// A field with a `rest` attribute.
pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    pub(crate) ty: &'a Type,
    pub(crate) keys: FieldKeys,
}

/// The keys of `#[rest(...)]` at a field.
#[derive(Debug, FromAttributes)]
#[darling(attributes(rest))]
pub(crate) struct FieldKeys {
    pub(crate) embed: Option<Embed>,
    pub(crate) delegate: Option<Verbs>,
}

/// `embed`, or `embed(get, update)`.
#[derive(Debug)]
pub(crate) struct Embed {
    pub(crate) word: Span,
    pub(crate) only: Option<Verbs>,
}

impl<'a> Input<'a> {
    /// Every mistake of every attribute at once.
    pub(crate) fn parse(input: &'a DeriveInput) -> darling::Result<Self> {
        let mut errors = Error::accumulator();
        let attribute =
            input.attrs.iter().find(|attribute| is_rest(attribute)).map(|attribute| attribute.path().span());
        errors.handle_in(|| shape(input));
        let keys = attribute.and_then(|attribute| match Keys::from_attributes(&input.attrs) {
            Ok(keys) => {
                let is_stored = keys.versions.iter().any(|key| matches!(key, VersionKey::Stored(_)));
                let are_there = [is_stored, keys.resource.is_some(), keys.object.is_some()];
                missing(are_there, attribute, "", &mut errors);
                Some(keys)
            }
            Err(error) => {
                missing(written(input), attribute, &error.to_string(), &mut errors);
                errors.push(error);
                None
            }
        });
        let fields = match &input.data {
            Data::Struct(data) => data
                .fields
                .iter()
                .enumerate()
                .filter_map(|(i, field)| errors.handle_in(|| Field::parse(i, field)))
                .flatten()
                .collect(),
            Data::Enum(_) | Data::Union(_) => Vec::new(),
        };
        if attribute.is_none() {
            errors.push(Error::custom(NO_ATTRIBUTE).with_span(&input.ident));
        }
        errors.finish()?;
        match keys {
            Some(keys) => Ok(Self { ident: &input.ident, keys, fields }),
            None => Err(Error::custom(NO_ATTRIBUTE).with_span(&input.ident)),
        }
    }
}

const NO_ATTRIBUTE: &str = "a resource needs its names: `#[rest(group = \"wardle.example.com\", version = \"v1\", resource = \"flunders\", object = Flunder)]`";

/// The required keys, each with an example.
const REQUIRED: [(&str, &str); 3] = [("version", "\"v1\""), ("resource", "\"flunders\""), ("object", "Flunder")];

/// Which of the required keys are there, with whatever value.
fn written(input: &DeriveInput) -> [bool; 3] {
    REQUIRED.map(|(key, _)| {
        items(input).any(|item| match &item {
            NestedMeta::Meta(Meta::List(_)) | NestedMeta::Lit(_) => false,
            NestedMeta::Meta(meta) => meta.path().is_ident(key),
            NestedMeta::NameValueInvalidExpr(pair) => pair.path.is_ident(key),
        })
    })
}

/// Reports the required keys that are not there, except those that a mistyped key was meant to be.
fn missing(are_there: [bool; 3], attribute: Span, mistakes: &str, errors: &mut Accumulator) {
    for ((key, example), is_there) in REQUIRED.into_iter().zip(are_there) {
        if !is_there && !mistakes.contains(&format!("Did you mean `{key}`?")) {
            errors.push(Error::custom(format!("`{key}` is missing: add `{key} = {example}`")).with_span(&attribute));
        }
    }
}

fn is_rest(attribute: &Attribute) -> bool {
    attribute.path().is_ident("rest")
}

/// What the attributes at the struct say, as far as it can be read at all.
fn items(input: &DeriveInput) -> impl Iterator<Item = NestedMeta> {
    let lists =
        input.attrs.iter().filter(|attribute| is_rest(attribute)).filter_map(|attribute| match &attribute.meta {
            Meta::List(list) => NestedMeta::parse_meta_list(list.tokens.clone()).ok(),
            Meta::Path(_) | Meta::NameValue(_) => None,
        });
    lists.flatten()
}

/// The value of a key of a struct whose attributes have mistakes.
pub(crate) fn salvage<T: Parse>(input: &DeriveInput, key: &str) -> Option<T> {
    items(input).find_map(|item| {
        let value = match item {
            NestedMeta::Meta(Meta::NameValue(pair)) if pair.path.is_ident(key) => pair.value.into_token_stream(),
            NestedMeta::NameValueInvalidExpr(pair) if pair.path.is_ident(key) => pair.value,
            _ => return None,
        };
        syn::parse2(value).ok()
    })
}

/// A storage is a struct without parameters: in generic code, which impls there are is decided too early.
fn shape(input: &DeriveInput) -> darling::Result<()> {
    let name = &input.ident;
    let mut errors = Error::accumulator();
    match &input.data {
        Data::Struct(_) => {}
        Data::Enum(data) => errors.push(
            Error::custom(format!(
                "a storage is a struct, but `{name}` is an enum: write one struct for each resource"
            ))
            .with_span(&data.enum_token),
        ),
        Data::Union(data) => errors.push(
            Error::custom(format!("a storage is a struct, but `{name}` is a union")).with_span(&data.union_token),
        ),
    }
    if let Some(parameter) = input.generics.params.first() {
        errors.push(Error::custom(format!("`#[derive(RestResource)]` needs a concrete type, but `{name}` is generic: which verbs it has may differ from instance to instance; derive it for one instance, embedded in a struct of its own: `struct Flunders {{ #[rest(embed)] store: {name}<Flunder> }}`")).with_span(parameter));
    }
    errors.finish()
}

impl<'a> Field<'a> {
    fn parse(index: usize, field: &'a syn::Field) -> darling::Result<Option<Self>> {
        if !field.attrs.iter().any(is_rest) {
            return Ok(None);
        }
        let keys = FieldKeys::from_attributes(&field.attrs)?;
        let member = match &field.ident {
            Some(ident) => Member::Named(ident.clone()),
            None => Member::Unnamed(Index::from(index)),
        };
        Ok(Some(Self { member, ty: &field.ty, keys }))
    }
}

impl FromMeta for VersionKey {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        match item {
            Meta::List(_) => Box::from_meta(item).map(Self::Served),
            Meta::Path(_) | Meta::NameValue(_) => Version::from_meta(item).map(Self::Stored),
        }
    }
}

impl FromMeta for Embed {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        let only = match item {
            Meta::Path(_) => None,
            Meta::List(_) | Meta::NameValue(_) => Some(Verbs::from_meta(item)?),
        };
        Ok(Self { word: item.path().span(), only })
    }
}

impl FromMeta for Words {
    fn from_list(items: &[NestedMeta]) -> darling::Result<Self> {
        let mut errors = Error::accumulator();
        let mut words: Vec<Word> = Vec::new();
        for item in items {
            let Some(word) = errors.handle_in(|| Word::from_nested_meta(item)) else { continue };
            if words.iter().any(|other| other.value() == word.value()) {
                errors.push(Error::custom(format!("`{}` is named twice", word.value())).with_span(item));
            } else {
                words.push(word);
            }
        }
        errors.finish_with(Self(words))
    }
}
