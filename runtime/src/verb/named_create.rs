//! POST with a name: create below an object, as eviction, binding and token do (contract 1.13).

use super::call::handler_part;
use super::{Admit, Context, Handler, PartOf, Reply, Storage, create};
use crate::wire::options::CreateOptions;
use crate::wire::status::Result;

/// Creates with the name of the path: POST (contract 1.13). A storage has this or `Creater`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `create_named`",
    label = "verb `create_named` needs `impl NamedCreater`",
    note = "write `impl NamedCreater for {Self}`, or remove `create_named` from the `#[rest(...)]` attribute"
)]
pub trait NamedCreater: Storage {
    /// Whether uid, timestamps and the like of the request are kept (contract 1.27).
    const PRESERVES_OBJECT_META: bool = false;

    /// Takes the object that is posted below the object `name`, and returns what came of it.
    fn create_named(
        &self,
        cx: &Context,
        name: &str,
        object: Self::Object,
        admit: &Admit<Self::Object>,
        options: &CreateOptions,
    ) -> impl Future<Output = Result<Self::Object>> + Send;

    /// As [`create_named`](Self::create_named); may answer with a `Status` or a stream instead.
    fn create_named_reply(
        &self,
        cx: &Context,
        name: &str,
        object: Self::Object,
        admit: &Admit<Self::Object>,
        options: &CreateOptions,
    ) -> impl Future<Output = Result<Reply<Self::Object>>> + Send {
        async { self.create_named(cx, name, object, admit, options).await.map(Reply::Object) }
    }
}

/// The handler of POST by a `NamedCreater`.
pub const fn create_named<S: Storage, P: NamedCreater + PartOf<S>>() -> Handler {
    |call| {
        create::named_core(call, P::PRESERVES_OBJECT_META, |storage, cx, name, object, admit, options| {
            Box::pin(async move {
                let (part, object) = (handler_part::<S, P>(storage)?, object.downcast()?);
                part.create_named_reply(cx, name, object, &Admit::from_any(admit), options).await.map(Reply::erased)
            })
        })
    }
}
