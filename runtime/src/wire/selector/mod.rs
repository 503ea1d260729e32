//! Selectors: which objects a list or a watch is about (contract 4.7.13, 4.7.14).

pub mod field;
pub mod label;
mod label_parser;

pub use field::{FieldOperator, FieldSelector, FieldTerm};
pub use label::LabelSelector;

use super::status::{Result, Status};

/// The most bytes of a selector. Go takes as much as a request line can have; a selector of this length names
/// a thousand objects, and the text of an error stays small enough to send.
const MAX_BYTES: usize = 64 * 1024;

fn check_length(text: &str) -> Result<()> {
    if text.len() > MAX_BYTES {
        return Err(Status::bad_request(format!(
            "invalid selector: it has {} bytes, at most {MAX_BYTES} are allowed",
            text.len()
        )));
    }
    Ok(())
}
