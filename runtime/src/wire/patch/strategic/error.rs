//! Why a strategic merge patch cannot be applied, and what the client is told (contract 4.9.17).

use super::directives::SET_ORDER;
use crate::wire::patch::budget::Failed;
use crate::wire::status::Status;

pub(super) type Result<T> = std::result::Result<T, Error>;

#[derive(Debug)]
pub(super) enum Error {
    /// What is patched is no object.
    Document,
    /// A `$deleteFromPrimitiveList` that is none.
    PrimitiveList,
    /// A `$setElementOrder` that is none.
    ElementOrder,
    /// A `$retainKeys` that is no list of names.
    RetainKeys,
    /// The patch has a field that its `$retainKeys` does not name.
    NotRetained,
    /// Lists in a list that is merged.
    ListOfLists,
    /// Too much work.
    TooMuch,
    /// `$patch` is none that there is.
    Directive,
    /// An item has no such key.
    NoKey(String),
    /// The items of this field are objects, and nobody has said how they are told apart.
    NoMergeKey(String),
    /// Objects and others in one list that is merged.
    MixedItems,
    /// `$setElementOrder` and the list of the patch contradict each other.
    OtherOrder,
}

impl From<Failed> for Error {
    fn from(_: Failed) -> Self {
        Self::TooMuch
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Document => Self::bad_request("invalid JSON document"),
            Error::PrimitiveList => bad_format("primitive list"),
            Error::ElementOrder => bad_format("setElementOrder list"),
            Error::RetainKeys => bad_format("retainKeys"),
            Error::NotRetained => Self::unprocessable("patch content doesn't match retainKeys list"),
            Error::ListOfLists => Self::unprocessable("lists of lists are not supported"),
            Error::TooMuch => Failed.into(),
            Error::Directive => Self::unknown_error("unknown patch type: $patch is replace, delete or merge"),
            Error::NoKey(key) => {
                Self::unknown_error(format!("an item of a list does not contain declared merge key: {key}"))
            }
            Error::NoMergeKey(field) => {
                Self::unknown_error(format!("cannot merge lists without merge key for {field}"))
            }
            Error::MixedItems => Self::unknown_error("list element types are not identical"),
            Error::OtherOrder => Self::unknown_error(format!("The order in patch list doesn't match {SET_ORDER} list")),
        }
    }
}

fn bad_format(what: &str) -> Status {
    Status::bad_request(format!("invalid patch format of {what}"))
}
