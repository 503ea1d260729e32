//! Cases of reading keys in order.

use std::collections::BTreeMap;

use super::kit::{Kit, versioned};
use super::{Outcome, Subject};
use crate::backend::{Range, Versioned};

/// A range and a watch have the keys that begin with their prefix, in the order of their bytes, and no others.
pub async fn prefixes_end_where_they_end(subject: &Subject) -> Outcome {
    let kit = Kit::new("prefixes_end_where_they_end", subject);
    let start = kit.revision().await?;
    // '0' follows '/', '.' precedes it; the last ones are the greatest characters of one and of four bytes.
    let names =
        ["a", "a.b", "a/", "a/1", "a/10", "a/2", "a/b/c", "a/é", "a0", "ab", "ab/1", "b", "b\u{7f}", "b\u{10ffff}"];
    let mut held = BTreeMap::new();
    for name in names.iter().rev() {
        held.insert((*name).to_owned(), versioned(name, kit.create(name, name).await?));
    }
    let end = kit.revision().await?;
    for prefix in ["", "a", "a/", "a/1", "ab", "ab/", "b\u{7f}", "b\u{10ffff}", "c"] {
        let expected: Vec<_> = held.iter().filter(|(name, _)| name.starts_with(prefix)).collect();
        let listed = kit.listed(prefix, None).await?;
        kit.equal(
            &format!("the range of {prefix:?}"),
            &listed.iter().map(|(name, held)| (name, held)).collect(),
            &expected,
        )?;
        let mut told: Vec<_> =
            kit.follow(prefix, start).await?.until(end).await?.into_iter().map(|(name, ..)| name).collect();
        told.sort();
        let expected: Vec<_> = expected.iter().map(|(name, _)| (*name).clone()).collect();
        kit.equal(&format!("the watch of {prefix:?}"), &told, &expected)?;
    }
    // Every key begins with nothing.
    let first = kit.key("a/1");
    let reply = kit.range(Range { prefix: "", start: Some(&first), limit: 1, revision: None }).await?;
    kit.equal("the range of all keys", &reply.items.first().map(|(key, _)| &**key), &Some(first.as_str()))
}

/// A read at a revision gives the keys and values of then: also what is changed or deleted since, not what came later.
pub async fn reads_at_a_revision_give_what_was(subject: &Subject) -> Outcome {
    let kit = Kit::new("reads_at_a_revision_give_what_was", subject);
    let mut state = BTreeMap::<String, Versioned>::new();
    let mut states = vec![(kit.revision().await?, state.clone())];
    let mut seen = BTreeMap::new();
    for (step, (name, keep)) in
        [("a", true), ("b", true), ("a", true), ("a", false), ("c", true), ("a", true), ("b", false)]
            .into_iter()
            .enumerate()
    {
        let value = format!("value {step}");
        let revision = match (seen.remove(name), keep) {
            (None, _) => kit.create(name, &value).await?,
            (Some(revision), true) => kit.update(name, revision, &value).await?,
            (Some(revision), false) => kit.delete(name, revision).await?,
        };
        if keep {
            seen.insert(name, revision);
            state.insert(name.to_owned(), versioned(&value, revision));
        } else {
            state.remove(name);
        }
        states.push((revision, state.clone()));
    }
    for (number, (revision, state)) in states.iter().enumerate() {
        let kit = kit.with_first(number);
        let expected: Vec<_> = state.clone().into_iter().collect();
        kit.equal(&format!("the state at {revision}"), &kit.listed("", Some(*revision)).await?, &expected)?;
    }
    let prefix = kit.key("");
    let asked = states[0].0;
    let reply = kit.range(Range { prefix: &prefix, revision: Some(asked), ..Range::default() }).await?;
    kit.equal("the revision of a reply is the one that was asked for", &reply.revision, &asked)?;
    let last = states[states.len() - 1].0;
    let reply = kit.range(Range { prefix: &prefix, ..Range::default() }).await?;
    kit.ensure(reply.revision >= last, || {
        format!("the revision of a recent range: expected at least {last}, found {}", reply.revision)
    })
}

/// Pages at the revision of the first one are one state, whatever is written between them; a limit says whether it
/// has cut something off, and all are counted whatever the limit.
pub async fn pages_are_of_one_state(subject: &Subject) -> Outcome {
    let kit = Kit::new("pages_are_of_one_state", subject);
    let mut expected = Vec::new();
    for number in 0..10 {
        let (name, value) = (format!("p/{number}"), format!("value {number}"));
        expected.push((name.clone(), versioned(&value, kit.create(&name, &value).await?)));
    }
    kit.create("p", "not below p/").await?;
    kit.create("p0", "not below p/").await?;
    let prefix = kit.key("p/");
    for limit in [1, 3, 5, 10, 11, 0] {
        let (mut pages, mut start, mut revision) = (Vec::new(), None::<String>, None);
        loop {
            let reply = kit.range(Range { prefix: &prefix, start: start.as_deref(), limit, revision }).await?;
            let kind = format!("a page of at most {limit} behind {}", pages.len());
            kit.equal(&format!("{kind}: its revision"), &reply.revision, &revision.unwrap_or(reply.revision))?;
            revision = Some(reply.revision);
            let left = expected.len() - pages.len();
            let most = if limit == 0 { left } else { limit.min(left) };
            kit.equal(&format!("{kind}: its keys"), &reply.items.len(), &most)?;
            kit.equal(&format!("{kind}: whether there is more"), &reply.more, &(most < left))?;
            let rest = Range { prefix: &prefix, start: start.as_deref(), limit, revision };
            kit.equal(&format!("{kind}: how many there are"), &kit.count(rest).await?, &left)?;
            start = reply.items.last().map(|(key, _)| format!("{key}\0"));
            let more = reply.more;
            pages.extend(kit.names(reply));
            if !more {
                break;
            }
            // What comes and goes between the pages is not in this state.
            let name = format!("p/{}x", 9 - pages.len() % 9);
            let created = kit.create(&name, "later").await?;
            let whole = Range { prefix: &prefix, start: None, limit, revision };
            kit.equal(&format!("{kind}: how many there were"), &kit.count(whole).await?, &expected.len())?;
            if limit == 1 {
                kit.delete(&name, created).await?;
            } else {
                let updated = kit.update(&name, created, "later still").await?;
                kit.delete(&name, updated).await?;
            }
        }
        kit.equal(&format!("all pages of at most {limit}"), &pages, &expected)?;
    }
    let last = kit.key("p/9");
    let reply = kit.range(Range { prefix: &prefix, start: Some(&last), limit: 1, revision: None }).await?;
    kit.equal("a page that begins at the last key", &(reply.items.len(), reply.more), &(1, false))
}
