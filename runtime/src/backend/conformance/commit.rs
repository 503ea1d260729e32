//! Cases of writing one key.

use bytes::Bytes;

use super::kit::{Kit, bytes, versioned};
use super::{Outcome, Subject};
use crate::backend::{Commit, Expect};

/// Each commit has a revision of its own, later than all before it, and every handle sees it from then on.
pub async fn commits_raise_the_revision(subject: &Subject) -> Outcome {
    let kit = Kit::new("commits_raise_the_revision", subject);
    let mut last = kit.revision().await?;
    kit.ensure(last >= 1, || format!("the first revision: expected at least 1, found {last}"))?;
    for round in 0..20 {
        let kit = kit.with_first(round);
        let (key, value) = (format!("key-{}", round % 3), format!("value {round}"));
        let expect = match kit.good("get", kit.backend().get(&kit.key(&key))).await? {
            Some(held) => Expect::Revision(held.revision),
            None => Expect::Absent,
        };
        let revision = kit.done(&key, expect, Some(bytes(&value))).await?;
        kit.ensure(revision > last, || format!("a commit behind revision {last} is at revision {revision}"))?;
        last = revision;
        kit.holds(&key, Some(versioned(&value, revision))).await?;
        for handle in 0..kit.handles() {
            let current = kit.with_first(handle).revision().await?;
            kit.ensure(current >= last, || format!("current_revision after a commit at {last}: found {current}"))?;
        }
    }
    Ok(())
}

/// A commit happens if its key is as expected; else nothing does, and the answer is what the key is.
pub async fn commits_compare(subject: &Subject) -> Outcome {
    let kit = Kit::new("commits_compare", subject);
    let refused = async |key: &str, expect, value, held| {
        let commit = kit.commit(key, expect, value).await?;
        kit.equal(&format!("commit of {key} with {expect:?}"), &commit, &Commit::Conflict(held))
    };
    let (x, y) = (Some(bytes("x")), Some(bytes("y")));
    let start = kit.revision().await?;

    refused("a", Expect::Revision(start), x.clone(), None).await?;
    refused("a", Expect::Revision(start), None, None).await?;
    kit.holds("a", None).await?;

    let created = kit.create("a", "x").await?;
    let held = Some(versioned("x", created));
    refused("a", Expect::Absent, y.clone(), held.clone()).await?;
    refused("a", Expect::Absent, None, held.clone()).await?;
    refused("a", Expect::Revision(created - 1), y.clone(), held.clone()).await?;
    refused("a", Expect::Revision(created + 1), None, held.clone()).await?;
    kit.holds("a", held).await?;

    let updated = kit.update("a", created, "y").await?;
    let held = Some(versioned("y", updated));
    refused("a", Expect::Revision(created), x.clone(), held.clone()).await?;
    refused("a", Expect::Revision(created), None, held.clone()).await?;
    kit.holds("a", held).await?;

    let deleted = kit.delete("a", updated).await?;
    kit.holds("a", None).await?;
    refused("a", Expect::Revision(updated), y.clone(), None).await?;
    refused("a", Expect::Revision(deleted), y, None).await?;
    kit.holds("a", None).await?;

    let again = kit.create("a", "x").await?;
    refused("a", Expect::Revision(created), None, Some(versioned("x", again))).await?;
    kit.holds("a", Some(versioned("x", again))).await?;

    // A key that was expected to be absent, and is to be: nothing happens.
    kit.done("b", Expect::Absent, None).await?;
    let end = kit.create("c", "x").await?;
    let told = kit.follow("", start).await?.until(end).await?;
    let told: Vec<_> = told.iter().map(|(key, revision, _)| (key.as_str(), *revision)).collect();
    let expected = vec![("a", created), ("a", updated), ("a", deleted), ("a", again), ("c", end)];
    kit.equal("the changes, of which a refused commit is none", &told, &expected)
}

/// Values are bytes: none, any, and many of them; a write of the same value is a commit too.
pub async fn commits_write_any_value(subject: &Subject) -> Outcome {
    let kit = Kit::new("commits_write_any_value", subject);
    let values = [Bytes::new(), Bytes::from_static(&[0, 255, 0, 10]), vec![0xA5; 256 << 10].into()];
    let start = kit.revision().await?;
    let (mut expect, mut commits) = (Expect::Absent, Vec::new());
    for value in values.iter().flat_map(|value| [value, value]) {
        let revision = kit.done("é~", expect, Some(value.clone())).await?;
        for handle in 0..kit.handles() {
            let kit = kit.with_first(handle);
            let held = kit.good("get", kit.backend().get(&kit.key("é~"))).await?;
            let same = held.as_ref().is_some_and(|held| held.value == *value && held.revision == revision);
            kit.ensure(same, || {
                let found = held.map(|held| (held.revision, held.value.len()));
                format!("a value of {} bytes at {revision}: found {found:?} (revision, bytes)", value.len())
            })?;
        }
        expect = Expect::Revision(revision);
        commits.push((revision, Some(value.clone())));
    }
    let end = commits.last().map_or(start, |(revision, _)| *revision);
    let told = kit.follow("", start).await?.until(end).await?;
    let told: Vec<_> = told.into_iter().map(|(_, revision, value)| (revision, value)).collect();
    kit.ensure(told == commits, || {
        let short = |told: &[(u64, Option<Bytes>)]| -> Vec<_> {
            told.iter().map(|(revision, value)| (*revision, value.as_ref().map(Bytes::len))).collect()
        };
        format!("a watch (revision, bytes): expected {:?}, found {:?}", short(&commits), short(&told))
    })
}
