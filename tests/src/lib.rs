//! What the tests share: the examples, and a client that sees what clients see.

#![expect(clippy::missing_panics_doc, reason = "what tests share panics where a test fails")]

pub mod client;
pub mod deployments;
pub mod etcd;
pub mod kubectl;
pub mod leases;
pub mod linearizable;
pub mod mixed;
pub mod place;
pub mod pools;
pub mod process;
/// The example that has no store, as it is shipped.
#[allow(missing_docs, unreachable_pub, reason = "an example documents what a reader of it wants to know")]
#[path = "../../runtime/examples/processes/processes/mod.rs"]
pub mod processes;
pub mod relay;
pub mod script;
pub mod serving;
pub mod things;
/// The example, as it is shipped.
#[allow(missing_docs, unreachable_pub, reason = "an example documents what a reader of it wants to know")]
#[path = "../../runtime/examples/wardle/wardle/mod.rs"]
pub mod wardle;

pub use client::{Answer, Client};
pub use serving::Serving;
