//! What custom resources have, as resources of Rust have it (contract 9).

mod scale;
mod scale_discovery;
mod scale_owners;
