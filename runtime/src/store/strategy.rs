//! What a type adds to the steps of a write (contract 5.1).

use crate::apply::FieldSet;
use crate::object::Object;
use crate::verb::Context;
use crate::wire::field::FieldError;
use crate::wire::names;
use crate::wire::status::Result;

/// The rules of a type: what a [`Store`](super::Store) calls when objects are written, in this order.
///
/// | create | update |
/// |---|---|
/// | [`default_object`](Self::default_object) | [`default_object`](Self::default_object) |
/// | [`prepare_for_create`](Self::prepare_for_create) | [`prepare_for_update`](Self::prepare_for_update) |
/// | [`validate`](Self::validate), and the metadata | [`validate_update`](Self::validate_update), and the metadata |
/// | [`warnings_on_create`](Self::warnings_on_create) | [`warnings_on_update`](Self::warnings_on_update) |
/// | [`canonicalize`](Self::canonicalize) | [`canonicalize`](Self::canonicalize) |
/// | [`admit`](Self::admit), then the admission of the server | the same |
///
/// Every method has a default, so that an impl says only what is special. An update runs again from the beginning
/// where a concurrent write came first; generated names make a create run again. `()` is the strategy of a store
/// that has none.
///
/// ```
/// use rest_resource::{Context, FieldError, Object, Strategy};
///
/// struct ShortNames;
///
/// impl<T: Object> Strategy<T> for ShortNames {
///     fn validate(&self, _cx: &Context, object: &T) -> Vec<FieldError> {
///         let name = object.meta().name.as_deref().unwrap_or_default();
///         if name.len() > 8 { vec![FieldError::too_long("metadata.name", 8)] } else { Vec::new() }
///     }
/// }
/// ```
pub trait Strategy<T: Object>: Send + Sync + 'static {
    /// Fills in what the client left out, on every write; also what the main endpoint and `/status` share.
    fn default_object(&self, object: &mut T) {
        let _ = object;
    }

    /// Changes a new object before it is validated. Its uid, timestamp, generation (1), name and namespace are set.
    fn prepare_for_create(&self, cx: &Context, object: &mut T) {
        let _ = (cx, object);
    }

    /// What is wrong with a new object: all of it, each on its field. It must be a question of the object alone; what
    /// has to be looked up is a matter of [`admit`](Self::admit). Its metadata are validated where this finds nothing.
    fn validate(&self, cx: &Context, object: &T) -> Vec<FieldError> {
        let _ = (cx, object);
        Vec::new()
    }

    /// What the client should be told of a new object that is valid (contract 4.4.2).
    fn warnings_on_create(&self, cx: &Context, object: &T) -> Vec<String> {
        let _ = (cx, object);
        Vec::new()
    }

    /// Brings a valid object into the form that is stored.
    fn canonicalize(&self, object: &mut T) {
        let _ = object;
    }

    /// Whether PUT on a name that does not exist creates the object (contract 4.9.3).
    fn allow_create_on_update(&self) -> bool {
        false
    }

    /// Whether PUT without a resource version replaces whatever is there (contract 4.9.5).
    fn allow_unconditional_update(&self) -> bool {
        false
    }

    /// Changes the new state of an object before it is validated; not called for `/status`. The generation is that of
    /// `old`; where it is left so, it is raised by one if anything but metadata and status differs (contract 5.4, 5.5).
    fn prepare_for_update(&self, cx: &Context, object: &mut T, old: &T) {
        let _ = (cx, object, old);
    }

    /// What is wrong with the new state of an object; by default what is wrong with it as a new object.
    fn validate_update(&self, cx: &Context, object: &T, old: &T) -> Vec<FieldError> {
        let _ = old;
        self.validate(cx, object)
    }

    /// What the client should be told of a change that is valid; by default the same as of a new object.
    fn warnings_on_update(&self, cx: &Context, object: &T, old: &T) -> Vec<String> {
        let _ = old;
        self.warnings_on_create(cx, object)
    }

    /// Whether an object may have this name; all that is wrong with it. By default names are DNS subdomains (RFC 1123),
    /// as those of most types are. `is_prefix` says that it is a `generateName`, to be completed.
    fn validate_name(&self, name: &str, is_prefix: bool) -> Result<(), Vec<String>> {
        validate_name(name, is_prefix)
    }

    /// A name that begins with `base`, which is `metadata.generateName` (contract 4.5.12).
    fn generate_name(&self, base: &str) -> String {
        generate_name(base)
    }

    /// How many seconds a deleted object has to end by itself; `None` removes it at once, as 0 does. `requested` is
    /// the client's `gracePeriodSeconds`, never negative (contract 4.10.11).
    fn check_graceful_delete(&self, cx: &Context, object: &T, requested: Option<i64>) -> Option<i64> {
        let _ = (cx, object, requested);
        None
    }

    /// What becomes of the dependents of a deleted object if the client does not say it. It has an effect only
    /// [with a garbage collector](super::StoreOptions::garbage_collection) (contract 4.10.10).
    fn default_garbage_collection_policy(&self, cx: &Context) -> GarbageCollectionPolicy {
        let _ = cx;
        GarbageCollectionPolicy::Background
    }

    /// The fields that [`prepare_for_create`](Self::prepare_for_create) and
    /// [`prepare_for_update`](Self::prepare_for_update) set to what they were, by version (such as `example.com/v1`):
    /// nobody comes to own them through the main endpoint (contract 1.28). The status is one of them by itself where it
    /// is a subresource, whose endpoint leaves alone everything else.
    ///
    /// ```
    /// use rest_resource::apply::{FieldPath, FieldSet};
    /// use rest_resource::{Context, Object, Strategy};
    ///
    /// struct KeepsLabels;
    ///
    /// impl<T: Object> Strategy<T> for KeepsLabels {
    ///     fn prepare_for_update(&self, _cx: &Context, object: &mut T, old: &T) {
    ///         object.meta_mut().labels.clone_from(&old.meta().labels);
    ///     }
    ///
    ///     fn reset_fields(&self, _api_version: &str) -> FieldSet {
    ///         FieldSet::from_iter([FieldPath::fields(["metadata", "labels"])])
    ///     }
    /// }
    /// ```
    fn reset_fields(&self, api_version: &str) -> FieldSet {
        let _ = api_version;
        FieldSet::new()
    }

    /// Whether a write may happen, asked after everything else; it may look things up. No `object` is a delete, no
    /// `old` is a create. [`Context::forbidden`] is the usual error.
    fn admit(&self, cx: &Context, object: Option<&T>, old: Option<&T>) -> impl Future<Output = Result<()>> + Send {
        let _ = (cx, object, old);
        std::future::ready(Ok(()))
    }
}

/// What becomes of the dependents of a deleted object (contract 4.10.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GarbageCollectionPolicy {
    /// The garbage collector deletes them afterwards.
    Background,
    /// They stay: the object gets the finalizer `orphan`.
    Orphan,
    /// The type has no dependents, whatever the client says.
    Unsupported,
}

impl<T: Object> Strategy<T> for () {}

/// The longest base of a generated name: five characters and it are a DNS label.
const MAX_BASE: usize = 58;

pub(super) fn validate_name(name: &str, is_prefix: bool) -> Result<(), Vec<String>> {
    match name.strip_suffix('-') {
        // The hyphen is followed by what is generated.
        Some(stem) if is_prefix => names::is_dns1123_subdomain(&format!("{stem}a")),
        _ => names::is_dns1123_subdomain(name),
    }
}

pub(super) fn generate_name(base: &str) -> String {
    /// No vowels and nothing that looks like one, so that no words come out.
    const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut end = base.len().min(MAX_BASE);
    while !base.is_char_boundary(end) {
        end -= 1;
    }
    let random = (0..5).map(|_| char::from(ALPHABET[fastrand::usize(..ALPHABET.len())]));
    base[..end].chars().chain(random).collect()
}
