//! Cases of watching.

use super::kit::{Kit, Told, bytes};
use super::{Failure, HISTORY, Outcome, Subject};

/// Some changes below `w/`, with others between them that a watch of it must not tell of. Gives the former.
async fn changes(kit: &Kit, rounds: usize) -> Result<Vec<Told>, Failure> {
    let mut expected = Vec::new();
    let name = |round: usize| format!("w/{}", round % 4);
    for round in 0..rounds {
        let kit = kit.with_first(round);
        let (name, text) = (name(round), format!("value {round}"));
        let created = kit.create(&name, &text).await?;
        expected.push((name.clone(), created, Some(bytes(&text))));
        let aside = kit.create("wx", "not below w/").await?;
        let text = text + " again";
        let updated = kit.update(&name, created, &text).await?;
        expected.push((name.clone(), updated, Some(bytes(&text))));
        kit.delete("wx", aside).await?;
        expected.push((name.clone(), kit.delete(&name, updated).await?, None));
    }
    Ok(expected)
}

/// Every watch tells every change of its prefix once, in the order of the revisions, with its value: what was before
/// it began, and what comes later.
pub async fn watches_tell_every_change_once(subject: &Subject) -> Outcome {
    let kit = Kit::new("watches_tell_every_change_once", subject);
    let start = kit.revision().await?;
    let mut early = Vec::new();
    for handle in 0..kit.handles().max(2) {
        early.push(kit.with_first(handle).follow("w/", start).await?);
    }
    let mut expected = changes(&kit, 4).await?;
    let mut late = kit.follow("w/", start).await?;
    expected.extend(changes(&kit, 4).await?);
    let end = kit.revision().await?;
    for watch in &mut early {
        kit.equal("a watch from before the changes", &watch.until(end).await?, &expected)?;
    }
    kit.equal("a watch that began among the changes", &late.until(end).await?, &expected)?;

    let last = kit.create("w/last", "x").await?;
    let only = vec![("w/last".to_owned(), last, Some(bytes("x")))];
    for watch in early.iter_mut().chain([&mut late]) {
        kit.equal("a watch that waits for the next change", &watch.until(last).await?, &only)?;
    }
    Ok(())
}

/// A watch says how far it has come also where nothing of its prefix changes.
pub async fn watches_progress_without_changes(subject: &Subject) -> Outcome {
    let kit = Kit::new("watches_progress_without_changes", subject);
    let mut watch = kit.follow("w/", kit.revision().await?).await?;
    for round in 0..3 {
        let revision = kit.with_first(round).create(&format!("other/{round}"), "x").await?;
        kit.equal("the changes of another prefix", &watch.until(revision).await?, &Vec::new())?;
    }
    let revision = kit.create("w/1", "x").await?;
    let expected = vec![("w/1".to_owned(), revision, Some(bytes("x")))];
    kit.equal("the change after them", &watch.until(revision).await?, &expected)
}

/// A watch may begin behind any revision that is held, and tells what is later: also behind one at which a key of
/// another prefix was written.
pub async fn a_watch_goes_on_from_any_revision(subject: &Subject) -> Outcome {
    let kit = Kit::new("a_watch_goes_on_from_any_revision", subject);
    let start = kit.revision().await?;
    let expected = changes(&kit, 5).await?;
    let end = kit.revision().await?;
    for after in start..=end {
        let rest: Vec<_> = expected.iter().filter(|(_, revision, _)| *revision > after).cloned().collect();
        kit.equal(&format!("a watch behind {after}"), &kit.follow("w/", after).await?.until(end).await?, &rest)?;
    }
    // Left and taken up again wherever a batch has ended.
    let (mut told, mut after) = (Vec::new(), start);
    while after < end {
        let mut watch = kit.follow("w/", after).await?;
        told.extend(watch.until(after + 1).await?);
        after = watch.told();
    }
    kit.equal("a watch that is taken up again and again", &told, &expected)
}

/// A watch that nobody reads makes no writer wait, and has everything when it is read.
pub async fn a_watch_that_is_not_read_stops_nobody(subject: &Subject) -> Outcome {
    let kit = Kit::new("a_watch_that_is_not_read_stops_nobody", subject);
    let mut watch = kit.follow("w/", kit.revision().await?).await?;
    let (mut expected, mut seen) = (Vec::new(), kit.create("w/1", "x").await?);
    expected.push(("w/1".to_owned(), seen, Some(bytes("x"))));
    while expected.len() as u64 + 1 < HISTORY {
        let value = format!("{} {}", expected.len(), "x".repeat(8 << 10));
        seen = kit.update("w/1", seen, &value).await?;
        expected.push(("w/1".to_owned(), seen, Some(bytes(&value))));
    }
    let told = watch.until(seen).await?;
    let (is, due) = (told.iter().map(|told| told.1), expected.iter().map(|told| told.1));
    kit.equal("the revisions that it tells", &is.collect::<Vec<_>>(), &due.collect())?;
    kit.ensure(told == expected, || "the values that it tells are not those that were written".to_owned())
}

/// Whenever the wait for the next changes is dropped, nothing is lost and nothing told twice.
pub async fn dropped_waits_lose_nothing(subject: &Subject) -> Outcome {
    let kit = Kit::new("dropped_waits_lose_nothing", subject);
    let mut watch = kit.follow("w/", kit.revision().await?).await?;
    let mut told = watch.glance().await?;
    let (mut expected, mut end) = (Vec::new(), 0);
    for round in 0..30 {
        let name = format!("w/{round}");
        // Once before, during and after each write; in a different state of the watch each time.
        told.extend(watch.glance().await?);
        let created = kit.create(&name, &name).await?;
        for _ in 0..round % 4 {
            told.extend(watch.glance().await?);
            tokio::task::yield_now().await;
        }
        let aside = kit.create(&format!("other/{round}"), "x").await?;
        told.extend(watch.glance().await?);
        expected.push((name.clone(), created, Some(bytes(&name))));
        end = aside;
    }
    told.extend(watch.until(end).await?);
    kit.equal("the changes", &told, &expected)
}
