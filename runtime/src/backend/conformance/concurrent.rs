//! Cases of many writers at once.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use tokio::task::JoinSet;

use super::kit::{Kit, bytes};
use super::{Failure, Outcome, Subject};
use crate::backend::{Commit, Expect, Versioned};

const WRITERS: usize = 8;
const ROUNDS: usize = 15;
const KEYS: usize = 3;

/// Of those who create the same key at the same time one does, and the others are told of what it has written.
pub async fn concurrent_creates_have_one_winner(subject: &Subject) -> Outcome {
    let kit = Kit::new("concurrent_creates_have_one_winner", subject);
    for round in 0..10 {
        let key = format!("key-{round}");
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (kit, key) = (kit.with_first(writer), key.clone());
            writers.spawn(async move {
                let value = bytes(&writer.to_string());
                kit.commit(&key, Expect::Absent, Some(value.clone())).await.map(|commit| (value, commit))
            });
        }
        let (mut winners, mut told) = (Vec::new(), Vec::new());
        for (value, commit) in join(&kit, writers).await? {
            match commit {
                Commit::Done(revision) => winners.push(Versioned { value, revision }),
                Commit::Conflict(held) => told.push(held),
            }
        }
        kit.equal("how many of the writers created it", &winners.len(), &1)?;
        kit.equal("what the others are told", &told, &vec![winners.first().cloned(); WRITERS - 1])?;
        kit.holds(&key, winners.pop()).await?;
    }
    Ok(())
}

/// Writers count the same keys up, each from what the conflict has told it: every count is there once, each at a
/// revision of its own, and a watch tells them all.
pub async fn concurrent_writers_lose_nothing(subject: &Subject) -> Outcome {
    let kit = Kit::new("concurrent_writers_lose_nothing", subject);
    let start = kit.revision().await?;
    let mut watch = kit.follow("count/", start).await?;
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(count_up(kit.with_first(writer), writer));
    }
    let mut commits = BTreeMap::new();
    for mine in join(&kit, writers).await? {
        let rising = mine.windows(2).all(|pair| pair[0].0 < pair[1].0);
        kit.ensure(rising, || format!("the revisions of one writer do not rise: {mine:?}"))?;
        for (revision, key, count) in mine {
            let other = commits.insert(revision, (key, Some(bytes(&count.to_string()))));
            kit.ensure(other.is_none(), || format!("two commits are at revision {revision}"))?;
        }
    }
    let end = *commits.keys().next_back().unwrap_or(&start);
    let told = watch.until(end).await?;
    let told: BTreeMap<_, _> = told.into_iter().map(|(key, revision, value)| (revision, (key, value))).collect();
    kit.equal("the changes by their revisions", &told, &commits)?;

    let total = kit.listed("count/", None).await?.iter().map(|(_, held)| number(&held.value)).sum::<usize>();
    kit.equal("the sum of what they counted", &total, &(WRITERS * ROUNDS))?;
    let distinct: BTreeSet<_> = commits.into_values().collect();
    kit.equal("how many different counts there are", &distinct.len(), &(WRITERS * ROUNDS))
}

/// Counts up in turn; gives the commits in the order of their answers.
async fn count_up(kit: Kit, writer: usize) -> Result<Vec<(u64, String, usize)>, Failure> {
    let mut commits = Vec::new();
    for round in 0..ROUNDS {
        let key = format!("count/{}", (writer + round) % KEYS);
        let mut held = kit.good("get", kit.backend().get(&kit.key(&key))).await?;
        loop {
            let count = held.as_ref().map_or(0, |held| number(&held.value)) + 1;
            let expect = held.as_ref().map_or(Expect::Absent, |held| Expect::Revision(held.revision));
            match kit.commit(&key, expect, Some(bytes(&count.to_string()))).await? {
                Commit::Done(revision) => {
                    commits.push((revision, key, count));
                    break;
                }
                Commit::Conflict(now) => {
                    kit.ensure(now != held, || format!("a conflict with {expect:?} tells of the same: {now:?}"))?;
                    held = now;
                }
            }
        }
    }
    Ok(commits)
}

fn number(value: &Bytes) -> usize {
    std::str::from_utf8(value).ok().and_then(|value| value.parse().ok()).unwrap_or_default()
}

async fn join<T: 'static>(kit: &Kit, mut writers: JoinSet<Result<T, Failure>>) -> Result<Vec<T>, Failure> {
    let mut results = Vec::new();
    while let Some(result) = writers.join_next().await {
        results.push(result.map_err(|error| kit.failure(format!("a writer: {error}")))??);
    }
    Ok(results)
}
