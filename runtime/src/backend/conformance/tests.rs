//! The cases find what is wrong: each defect is put into a backend that is right without it.

use super::*;
use crate::backend::{Batch, Commit, Expect, Memory, Range, RangeReply, Result, Versioned, Watch, Write};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    None,
    RevisionLags,
    WritesUnseen,
    ConflictTellsNothing,
    ComparesTooEarly,
    TurnsEmptyIntoDeleted,
    PrefixEndsInside,
    ReadsOnlyTheNewest,
    NeverMore,
    CountsWhatIsNow,
    ChangesAreLost,
    ChangesAreTwice,
    DropLoses,
    NoProgress,
    WatchesOnlyTheFuture,
    FutureIsWaitedFor,
    NeverCompacts,
    ForgetsTooMuch,
}

#[derive(Clone, Debug)]
struct Broken {
    memory: Memory,
    defect: Defect,
}

struct BrokenWatch {
    watch: Box<dyn Watch>,
    defect: Defect,
    last: Option<crate::backend::Change>,
}

impl Backend for Broken {
    fn current_revision(&self) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let revision = self.memory.current_revision().await?;
            Ok(if self.defect == Defect::RevisionLags { revision.max(2) - 1 } else { revision })
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Versioned>>> {
        self.memory.get(key)
    }

    fn range<'a>(&'a self, mut range: Range<'a>) -> BoxFuture<'a, Result<RangeReply>> {
        Box::pin(async move {
            match self.defect {
                Defect::PrefixEndsInside => range.prefix = range.prefix.trim_end_matches('/'),
                Defect::ReadsOnlyTheNewest => range.revision = None,
                _ => {}
            }
            let reply = self.memory.range(range).await?;
            Ok(RangeReply { more: reply.more && self.defect != Defect::NeverMore, ..reply })
        })
    }

    fn count<'a>(&'a self, mut range: Range<'a>) -> BoxFuture<'a, Result<usize>> {
        if self.defect == Defect::CountsWhatIsNow {
            range.revision = None;
        }
        self.memory.count(range)
    }

    fn commit(&self, mut write: Write) -> BoxFuture<'_, Result<Commit>> {
        Box::pin(async move {
            let held = self.memory.get(&write.key).await?;
            let right = held.as_ref().map_or(Expect::Absent, |held| Expect::Revision(held.revision));
            match self.defect {
                Defect::WritesUnseen => write.expect = right,
                Defect::ComparesTooEarly if write.expect == right => {
                    tokio::task::yield_now().await;
                    let held = self.memory.get(&write.key).await?;
                    write.expect = held.map_or(Expect::Absent, |held| Expect::Revision(held.revision));
                }
                Defect::TurnsEmptyIntoDeleted => write.value = write.value.filter(|value| !value.is_empty()),
                _ => {}
            }
            let commit = self.memory.commit(write).await?;
            let told = self.defect != Defect::ConflictTellsNothing;
            Ok(if told || matches!(commit, Commit::Done(_)) { commit } else { Commit::Conflict(None) })
        })
    }

    fn watch<'a>(&'a self, prefix: &'a str, after: u64) -> BoxFuture<'a, Result<Box<dyn Watch>>> {
        Box::pin(async move {
            let current = self.memory.current_revision().await?;
            let after = match self.defect {
                Defect::WatchesOnlyTheFuture => current,
                Defect::FutureIsWaitedFor => after.min(current),
                _ => after,
            };
            let watch = self.memory.watch(prefix, after).await?;
            Ok(Box::new(BrokenWatch { watch, defect: self.defect, last: None }) as Box<dyn Watch>)
        })
    }

    fn compact(&self, revision: u64) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let current = self.memory.current_revision().await?;
            match self.defect {
                Defect::NeverCompacts if revision <= current => Ok(()),
                Defect::ForgetsTooMuch if revision <= current => self.memory.compact(current).await,
                _ => self.memory.compact(revision).await,
            }
        })
    }
}

impl Watch for BrokenWatch {
    fn next(&mut self) -> BoxFuture<'_, Result<Batch>> {
        Box::pin(async move {
            let mut batch = self.watch.next().await?;
            match self.defect {
                Defect::ChangesAreLost => batch.changes.truncate(2),
                Defect::ChangesAreTwice => {
                    let last = batch.changes.last().cloned();
                    batch.changes.splice(0..0, self.last.take());
                    self.last = last;
                }
                Defect::DropLoses => tokio::task::yield_now().await,
                Defect::NoProgress => {
                    while batch.changes.is_empty() {
                        batch = self.watch.next().await?;
                    }
                }
                _ => {}
            }
            Ok(batch)
        })
    }
}

/// Which cases fail, on a clock that does not wait.
async fn failures(defect: Defect) -> Vec<&'static str> {
    let open = async || Subject::new(Arc::new(Broken { memory: Memory::new(), defect }));
    let failures = check(open).await.err().map_or(Vec::new(), |failures| failures.0);
    failures.into_iter().map(|failure| failure.case).collect()
}

#[tokio::test(start_paused = true)]
async fn each_defect_is_found_by_its_case() {
    assert_eq!(failures(Defect::None).await, Vec::<&str>::new());
    for (defect, case) in [
        (Defect::RevisionLags, "commits_raise_the_revision"),
        (Defect::WritesUnseen, "commits_compare"),
        (Defect::ConflictTellsNothing, "commits_compare"),
        (Defect::ComparesTooEarly, "concurrent_creates_have_one_winner"),
        (Defect::ComparesTooEarly, "concurrent_writers_lose_nothing"),
        (Defect::TurnsEmptyIntoDeleted, "commits_write_any_value"),
        (Defect::PrefixEndsInside, "prefixes_end_where_they_end"),
        (Defect::ReadsOnlyTheNewest, "reads_at_a_revision_give_what_was"),
        (Defect::ReadsOnlyTheNewest, "pages_are_of_one_state"),
        (Defect::NeverMore, "pages_are_of_one_state"),
        (Defect::CountsWhatIsNow, "pages_are_of_one_state"),
        (Defect::ChangesAreLost, "watches_tell_every_change_once"),
        (Defect::ChangesAreLost, "a_watch_that_is_not_read_stops_nobody"),
        (Defect::ChangesAreTwice, "watches_tell_every_change_once"),
        (Defect::DropLoses, "dropped_waits_lose_nothing"),
        (Defect::NoProgress, "watches_progress_without_changes"),
        (Defect::WatchesOnlyTheFuture, "a_watch_goes_on_from_any_revision"),
        (Defect::FutureIsWaitedFor, "the_future_is_not_answered"),
        (Defect::NeverCompacts, "compaction_forgets_what_is_before"),
        (Defect::NeverCompacts, "random_history"),
        (Defect::ForgetsTooMuch, "compaction_forgets_what_is_before"),
    ] {
        let found = failures(defect).await;
        assert!(found.contains(&case), "{defect:?} is to be found by {case}, failed: {found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_the_case_and_what_was_expected() {
    let open = async || Subject::new(Arc::new(Broken { memory: Memory::new(), defect: Defect::TurnsEmptyIntoDeleted }));
    let failures = check(open).await.unwrap_err().to_string();
    let expected =
        "1 of 17 cases failed\n- commits_write_any_value: a value of 0 bytes at 1: found None (revision, bytes)";
    assert_eq!(failures, expected);
}
