//! What a server does beside the contract.

mod docs;
mod life;
mod unstructured;
