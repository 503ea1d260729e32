//! What reads bytes from clients, as targets for a fuzzer: functions of any bytes that panic where something is wrong.
//!
//! `cargo fuzz` runs them by the programs in `targets/`, on any compiler, as `.ci/long` does:
//!
//! ```text
//! cargo fuzz run --fuzz-dir tests/fuzz --target-dir target/fuzz --sanitizer none --features libfuzzer request
//! ```
//!
//! The test `fuzz` of the workspace includes this file, and runs them on the corpus and on what a few mutations make of
//! it. What the fuzzer finds goes to the corpus, under a name.

#![forbid(unsafe_code)]

mod accept;
mod apply;
mod body;
mod managed_fields;
mod parts;
mod patch;
mod query;
mod request;
mod selector;
mod token;
/// The example, as it is shipped.
#[allow(missing_docs, unreachable_pub, dead_code, reason = "an example documents what a reader of it wants to know")]
#[path = "../../../runtime/examples/wardle/wardle/mod.rs"]
mod wardle;

pub use accept::accept;
pub use apply::apply;
pub use body::{json_body, yaml_body};
pub use managed_fields::managed_fields;
pub use patch::{json_patch, merge_patch, strategic_merge};
pub use query::query;
pub use request::{path, request};
pub use selector::{field_selector, label_selector};
pub use token::continue_token;
