//! Cases of states that are no longer held, or not yet.

use super::kit::{Kit, versioned};
use super::{Outcome, Subject};
use crate::backend::Range;

/// A state that has not been reached is said to be so, with the revision that has.
pub async fn the_future_is_not_answered(subject: &Subject) -> Outcome {
    let kit = Kit::new("the_future_is_not_answered", subject);
    let last = kit.create("a", "x").await?;
    // Far enough that no commit of others reaches it.
    let to_come = last + 1_000_000_000;
    let (backend, prefix) = (kit.backend(), kit.key(""));
    let range = Range { prefix: &prefix, revision: Some(to_come), ..Range::default() };
    let answer = kit.soon("range", backend.range(range)).await?;
    let range = kit.future("a range at a revision to come", answer)?;
    let answer = kit.soon("watch", backend.watch(&prefix, to_come)).await?.map(|_| "a watch");
    let watch = kit.future("a watch behind a revision to come", answer)?;
    let compact = kit.future("a compaction to come", kit.soon("compact", backend.compact(to_come)).await?)?;
    for current in [range, watch, compact] {
        kit.ensure((last..to_come).contains(&current), || {
            format!("the current revision in the error: expected at least {last}, found {current}")
        })?;
    }
    kit.holds("a", Some(versioned("x", last))).await
}

/// What is before a compaction is no longer answered, and is told with the oldest state that is; that state and all
/// later ones are as they were.
pub async fn compaction_forgets_what_is_before(subject: &Subject) -> Outcome {
    let kit = Kit::new("compaction_forgets_what_is_before", subject);
    let start = kit.revision().await?;
    let gone = kit.create("gone", "x").await?;
    let first = kit.create("kept", "1").await?;
    let deleted = kit.delete("gone", gone).await?;
    let second = kit.update("kept", first, "2").await?;
    let third = kit.update("kept", second, "3").await?;
    let kept = |value, revision| vec![("kept".to_owned(), versioned(value, revision))];

    // Twice is as good as once, and going back does nothing.
    for revision in [second, second, first] {
        kit.good("compact", kit.backend().compact(revision)).await?;
    }
    let prefix = kit.key("");
    for handle in 0..kit.handles() {
        let kit = kit.with_first(handle);
        for before in [start, gone, first, deleted] {
            let range = Range { prefix: &prefix, revision: Some(before), ..Range::default() };
            let answer = kit.soon("range", kit.backend().range(range)).await?;
            let oldest = kit.compacted(&format!("a range at {before}, compacted at {second}"), answer)?;
            kit.equal("the oldest revision in the error", &oldest, &second)?;
        }
        // The change at `deleted` is before the state that is held; who has not seen it has missed it.
        for before in [start, gone, first] {
            let answer = kit.soon("watch", kit.backend().watch(&prefix, before)).await?.map(|_| "a watch");
            let oldest = kit.compacted(&format!("a watch behind {before}, compacted at {second}"), answer)?;
            kit.equal("the oldest revision in the error", &oldest, &second)?;
        }
        kit.equal("the oldest state", &kit.listed("", Some(second)).await?, &kept("2", second))?;
        kit.equal("the state after it", &kit.listed("", Some(third)).await?, &kept("3", third))?;
        kit.equal("the most recent state", &kit.listed("", None).await?, &kept("3", third))?;
        let told = kit.follow("", second).await?.until(third).await?;
        kit.equal("the changes behind it", &told.len(), &1)?;
    }
    kit.holds("gone", None).await?;

    let current = kit.revision().await?;
    kit.good("compact at the current revision", kit.backend().compact(current)).await?;
    kit.equal("the state at a compaction of all", &kit.listed("", Some(current)).await?, &kept("3", third))?;
    kit.create("gone", "again").await?;
    let last = kit.update("kept", third, "4").await?;
    kit.equal("the changes after it", &kit.follow("", current).await?.until(last).await?.len(), &2)
}

/// A watch that has not told what is compacted either has it still or ends; it never goes on without.
pub async fn compaction_is_told_to_watches(subject: &Subject) -> Outcome {
    let kit = Kit::new("compaction_is_told_to_watches", subject);
    let mut watch = kit.follow("w/", kit.revision().await?).await?;
    let mut expected = Vec::new();
    for number in 0..10 {
        expected.push(kit.create(&format!("w/{number}"), "x").await?);
    }
    let end = kit.create("other", "x").await?;
    kit.good("compact", kit.backend().compact(end)).await?;
    let mut told = Vec::new();
    while watch.told() < end {
        match watch.answer().await? {
            Ok(changes) => told.extend(changes.into_iter().map(|(_, revision, _)| revision)),
            Err(error) => {
                kit.compacted("the end of a watch that has missed changes", Err::<(), _>(error))?;
                return kit.ensure(expected.starts_with(&told), || {
                    format!("the changes before the end: expected the first ones of {expected:?}, found {told:?}")
                });
            }
        }
    }
    kit.equal("the changes of a watch that goes on", &told, &expected)
}
