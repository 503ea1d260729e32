//! YAML beside JSON: what a client sends becomes JSON before anything else looks at it, what it receives is made from
//! JSON (contract 4.2.1, 4.2.6).
//!
//! Reading follows YAML 1.2: `yes` and `0644` are strings. Writing quotes whatever YAML 1.1 reads as something else,
//! since that is what the clients of Kubernetes read.

mod read;
mod write;

pub use read::{to_json, to_json_value};
pub use write::from_json_value;

#[cfg(test)]
mod tests;
