//! What the examples promise beside the contract.

mod processes;
mod wardle;
