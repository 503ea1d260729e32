//! What a backend must keep to, as cases that its author runs in a test.
//!
//! Each case is a function of its own; [`check`] runs them all, each on a backend that it has opened for it, and tells
//! every failure at once. Nothing is assumed but the contract of a backend as [its module](super) says it: revisions may begin
//! anywhere and rise by more than one, others may write other keys meanwhile (nobody else may compact), and a watch
//! may tell its changes in batches of any size. A backend must hold at least its last [`HISTORY`] changes here.
//!
//! A case has failed when what it waits for does not come in [`PATIENCE`]. It needs a tokio runtime with time enabled.
//!
//! ```
//! use std::sync::Arc;
//!
//! use rest_resource::backend::Memory;
//! use rest_resource::backend::conformance::{Failures, Subject, check, commits_compare};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Failures> {
//! // All of them; where several clients share the data, give them all.
//! check(async || {
//!     let memory = Memory::new();
//!     Subject::new(Arc::new(memory.clone())).with_handle(Arc::new(memory))
//! })
//! .await?;
//!
//! // One of them.
//! commits_compare(&Subject::new(Arc::new(Memory::new()))).await.expect("compare and swap");
//! # Ok(())
//! # }
//! ```

mod commit;
mod compact;
mod concurrent;
mod history;
mod kit;
mod range;
#[cfg(all(test, feature = "memory"))]
mod tests;
mod watch;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use commit::{commits_compare, commits_raise_the_revision, commits_write_any_value};
pub use compact::{compaction_forgets_what_is_before, compaction_is_told_to_watches, the_future_is_not_answered};
pub use concurrent::{concurrent_creates_have_one_winner, concurrent_writers_lose_nothing};
pub use history::{random_histories_agree_with_a_model, random_history};
pub use range::{pages_are_of_one_state, prefixes_end_where_they_end, reads_at_a_revision_give_what_was};
pub use watch::{
    a_watch_goes_on_from_any_revision, a_watch_that_is_not_read_stops_nobody, dropped_waits_lose_nothing,
    watches_progress_without_changes, watches_tell_every_change_once,
};

use super::{Backend, BoxFuture};

/// How many of its last changes a backend must hold in these cases.
pub const HISTORY: u64 = 200;

/// How long a case waits for an answer or a change before it has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What a case says.
pub type Outcome = Result<(), Failure>;

/// The handles on one backend, and where in it a case keeps its keys.
#[derive(Clone, Debug)]
pub struct Subject {
    handles: Vec<Arc<dyn Backend>>,
    root: String,
}

impl Subject {
    /// One handle. The keys of a case are below a name of its own, so that the backend need not be empty.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { handles: vec![backend], root: format!("/conformance-{:016x}", fastrand::u64(..)) }
    }

    /// Another handle on the same data, such as a second client of the same database. What one has written the others
    /// must read.
    #[must_use]
    pub fn with_handle(mut self, backend: Arc<dyn Backend>) -> Self {
        self.handles.push(backend);
        self
    }

    /// A handle by its number, counted round.
    fn handle(&self, number: usize) -> &Arc<dyn Backend> {
        &self.handles[number % self.handles.len()]
    }

    /// A key or a prefix of this case.
    fn key(&self, rest: &str) -> String {
        format!("{}/{rest}", self.root)
    }
}

/// What a backend got wrong.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// The case, which is a function of this module.
    pub case: &'static str,
    /// What was expected, and what was there.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.case, self.what)
    }
}

/// As it is displayed, since that is what `unwrap` and a failed test print.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}

/// What a backend got wrong in all cases; at least one.
#[derive(Clone, PartialEq, Eq)]
pub struct Failures(pub Vec<Failure>);

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} cases failed", self.0.len(), CASES.len())?;
        self.0.iter().try_for_each(|failure| write!(f, "\n- {failure}"))
    }
}

/// As it is displayed, since that is what `unwrap` and a failed test print.
impl fmt::Debug for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failures {}

/// One case, by its name.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The name of its function.
    pub name: &'static str,
    run: fn(&Subject) -> BoxFuture<'_, Outcome>,
}

impl Case {
    /// Runs it.
    pub async fn run(&self, subject: &Subject) -> Outcome {
        (self.run)(subject).await
    }
}

macro_rules! cases {
    ($($name:ident),* $(,)?) => { &[$(Case { name: stringify!($name), run: |subject| Box::pin($name(subject)) }),*] };
}

/// All cases, the simple ones first.
pub const CASES: &[Case] = cases![
    commits_raise_the_revision,
    commits_compare,
    commits_write_any_value,
    prefixes_end_where_they_end,
    reads_at_a_revision_give_what_was,
    pages_are_of_one_state,
    watches_tell_every_change_once,
    watches_progress_without_changes,
    a_watch_goes_on_from_any_revision,
    a_watch_that_is_not_read_stops_nobody,
    dropped_waits_lose_nothing,
    the_future_is_not_answered,
    compaction_forgets_what_is_before,
    compaction_is_told_to_watches,
    concurrent_creates_have_one_winner,
    concurrent_writers_lose_nothing,
    random_histories_agree_with_a_model,
];

/// Runs every case, one after another, each on what `open` gives.
pub async fn check(open: impl AsyncFn() -> Subject) -> Result<(), Failures> {
    let mut failures = Vec::new();
    for case in CASES {
        failures.extend(case.run(&open().await).await.err());
    }
    if failures.is_empty() { Ok(()) } else { Err(Failures(failures)) }
}
