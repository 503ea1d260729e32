//! `RestResource`: names, versions, capabilities.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::table;
use crate::check::{Resource, Served};
use crate::input::{Column, ColumnType};
use crate::name::Text;

/// The impl. The trait computes the actions and the verbs from the routes, so that discovery cannot disagree with them.
pub(crate) fn expand(resource: &Resource<'_>) -> TokenStream {
    let ident = resource.ident;
    let info = info(resource);
    let routes = resource.versions.iter().map(|version| table::routes(resource, version));
    let served = resource.versions.iter().enumerate().map(|(i, version)| served(resource, version, i == 0));
    quote! {
        #[automatically_derived]
        impl __rest::RestResource for #ident {
            const INFO: __rest::Info = #info;
            #(#[doc = #routes])*
            const VERSIONS: &'static [__rest::Served] = &[#(#served),*];
        }
    }
}

fn served(resource: &Resource<'_>, version: &Served<'_>, stored: bool) -> TokenStream {
    let ident = resource.ident;
    let (name, kind, object) = (&version.version, &version.kind, version.object);
    let (places, everywhere) = (table::places(resource, version), table::has_everywhere(resource));
    let codec = if stored {
        quote!(__rest::stored::<#ident>())
    } else {
        quote!(<#object as __rest::VersionOf<<#ident as __rest::Storage>::Object>>::CODEC)
    };
    quote! {
        __rest::Served {
            version: #name,
            kind: #kind,
            routes: &__rest::table::<{ __rest::count(&__FOUND.slots, #everywhere) }>(&__FOUND.slots, &#places),
            codec: #codec,
        }
    }
}

fn info(resource: &Resource<'_>) -> TokenStream {
    let Resource { group, plural, singular, short_names, categories, .. } = resource;
    let subresource = resource.subresource.as_ref().map_or_else(
        || quote!(::core::option::Option::None),
        |subresource| quote!(::core::option::Option::Some(#subresource)),
    );
    let scope = format_ident!("{}", if resource.cluster { "Cluster" } else { "Namespaced" });
    let columns = resource.columns.iter().map(column);
    quote! {
        __rest::Info {
            group: #group,
            resource: #plural,
            subresource: #subresource,
            singular: #singular,
            scope: __rest::Scope::#scope,
            short_names: &[#(__rest::Cow::Borrowed(#short_names)),*],
            categories: &[#(__rest::Cow::Borrowed(#categories)),*],
            columns: &[#(#columns),*],
        }
    }
}

fn column(column: &Column) -> TokenStream {
    let (name, path) = (column.name.value(), column.json_path.value());
    let column_type = format_ident!(
        "{}",
        match column.values {
            ColumnType::Integer => "integer",
            ColumnType::Number => "number",
            ColumnType::Boolean => "boolean",
            ColumnType::String => "string",
            ColumnType::Date => "date",
        }
    );
    let priority = column.priority.map(|priority| quote!(.priority(#priority)));
    let format = column.format.as_ref().map(Text::value).map(|format| quote!(.format(#format)));
    let description = column.description.as_ref().map(Text::value).map(|text| quote!(.description(#text)));
    quote!(__rest::PrinterColumn::new(#name, #path).#column_type() #priority #format #description)
}
