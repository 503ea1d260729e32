//! The derive of rest-resource.

mod check;
mod expand;
mod fallback;
mod input;
mod name;
mod syntax;
#[cfg(test)]
mod tests;
mod verb;

use proc_macro::TokenStream;
use syn::DeriveInput;

/// Finds out which verb traits a storage implements, and generates its routes.
///
/// The traits are found by the compiler, wherever their impls are; the routes are const data (`RestResource`). What the
/// attribute may say:
///
/// ```text
/// #[rest(
///     group = "wardle.example.com",             // without it, the core group, below /api
///     version = "v1alpha1",                     // required
///     resource = "flunders",                    // required; "flunders/status" is a subresource
///     object = Flunder,                         // required; the type, in the version that is stored
///     kind = "Flunder",                         // by default the last word of the type
///     parent_kind = "Flunder",                  // on a subresource whose objects are of another Kind than its parent's
///     parent = Flunders,                        // on a subresource: its parent's scope, names and Kind are compared with its own
///     cluster,                                  // objects live in no namespace; a subresource repeats what its parent says
///     singular = "flunder",                     // by default the Kind in lower case
///     short_names("fl"),
///     categories("all"),
///     version(name = "v1beta1", object = v1beta1::Flunder, kind = "Flunder"),   // served too, by `TryFrom` both ways
///     column(name = "Reference", json_path = ".spec.reference", type = "string", priority = 0, format = "", description = ""),
///     verbs(get, list),                         // exactly these: a missing or an additional impl is an error
///     crate = rest_resource,                    // where the runtime is, if it has another name
/// )]
/// ```
///
/// and at a field that is a storage too:
///
/// ```text
/// #[rest(embed)]                // all its verbs, as far as the struct has no impl of its own
/// #[rest(embed(get, update))]   // these verbs
/// #[rest(delegate(get, list))]  // real impls of these traits, which call the field
/// ```
///
/// The verbs are `list`, `create`, `create_named`, `delete_collection`, `get`, `get_with_options`, `update`, `patch`,
/// `delete`, `watch` and `connect`.
#[proc_macro_derive(RestResource, attributes(rest))]
pub fn rest_resource(input: TokenStream) -> TokenStream {
    derive(&syn::parse_macro_input!(input as DeriveInput)).into()
}

fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let expansion =
        input::Input::parse(input).and_then(|written| check::check(&written).map(|valid| expand::expand(&valid)));
    expansion.unwrap_or_else(|errors| fallback::fallback(input, errors))
}
