//! What needs no etcd: how messages become batches, and what the log holds.

mod assembler;
mod log;
