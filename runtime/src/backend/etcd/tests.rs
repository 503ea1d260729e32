//! What needs no etcd: how messages become batches, what the log holds, and who shares a question.

mod assembler;
mod freshness;
mod log;
