//! A random history, against a list of all its states.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::kit::{Kit, versioned};
use super::{Failure, HISTORY, Outcome, Subject};
use crate::backend::{Commit, Error, Expect, Range, Versioned};

const NAMES: [&str; 7] = ["a", "a/1", "a/2", "a/20", "a/é", "ab", "b/1"];

type State = BTreeMap<String, Versioned>;

/// [`random_history`] of a random seed, which a failure names.
pub async fn random_histories_agree_with_a_model(subject: &Subject) -> Outcome {
    random_history(subject, fastrand::u64(..)).await
}

/// Random writes, good and bad; then every state in pages, and a watch from each revision, are as the model says.
/// The same seed writes the same history.
pub async fn random_history(subject: &Subject, seed: u64) -> Outcome {
    let kit = Kit::new("random_history", subject);
    let name_the_seed = |failure: Failure| kit.failure(format!("with the seed {seed}: {}", failure.what));
    let mut rng = Rng::with_seed(seed);
    let states = write(&kit, &mut rng).await.map_err(name_the_seed)?;
    read(&kit, &mut rng, &states, None).await.map_err(name_the_seed)?;
    // Some revision of the model, so that what is before it is gone and what is behind it is not.
    let from = rng.usize(states.len() / 2..states.len());
    kit.good("compact", kit.backend().compact(states[from].0)).await.map_err(name_the_seed)?;
    read(&kit, &mut rng, &states, Some(from)).await.map_err(name_the_seed)
}

/// Every state, by the revision since which it is.
async fn write(kit: &Kit, rng: &mut Rng) -> Result<Vec<(u64, State)>, Failure> {
    let mut states = vec![(kit.revision().await?, State::new())];
    // More than must be held, so that a backend that holds no more has to forget.
    let writes = rng.u64(1..HISTORY + HISTORY / 4);
    for number in 0..writes {
        let kit = kit.with_first(rng.usize(..kit.handles()));
        let name = NAMES[rng.usize(..NAMES.len())];
        let mut state = states.last().map(|(_, state)| state.clone()).unwrap_or_default();
        let held = state.get(name).cloned();
        let right = held.as_ref().map_or(Expect::Absent, |held| Expect::Revision(held.revision));
        let wrong = match (rng.u8(..3), &held) {
            (0, Some(_)) => Expect::Absent,
            _ => Expect::Revision(rng.u64(..=states[0].0 + 2 * number)),
        };
        let value = (held.is_none() || rng.u8(..3) > 0).then(|| format!("value {number}"));
        let data = value.as_deref().map(super::kit::bytes);
        if rng.u8(..4) == 0 && wrong != right {
            let commit = kit.commit(name, wrong, data).await?;
            kit.equal(&format!("commit of {name} with {wrong:?}"), &commit, &Commit::Conflict(held))?;
            continue;
        }
        let revision = kit.done(name, right, data).await?;
        match value {
            Some(value) => state.insert(name.to_owned(), versioned(&value, revision)),
            None => state.remove(name),
        };
        states.push((revision, state));
    }
    Ok(states)
}

/// Reads all states and their changes, of which those before number `from` must be compacted.
async fn read(kit: &Kit, rng: &mut Rng, states: &[(u64, State)], from: Option<usize>) -> Outcome {
    let last = states.len() - 1;
    for (number, (revision, state)) in states.iter().enumerate() {
        let kit = kit.with_first(rng.usize(..kit.handles()));
        let prefix = ["", "a", "a/", "b/"][rng.usize(..4)];
        // The state at a revision can be read if the changes behind it are held.
        let must_be_held = from.is_none_or(|from| number >= from) && (last - number) as u64 <= HISTORY;
        let must_be_gone = from.is_some_and(|from| number < from);
        let limit = rng.usize(..4);
        match pages(&kit, prefix, limit, *revision).await? {
            Ok(_) if must_be_gone => {
                return Err(kit.failure(format!("a range at {revision}: expected that it is compacted")));
            }
            Ok(listed) => {
                let expected: Vec<_> = below(state, prefix);
                kit.equal(&format!("{prefix:?} at {revision} in pages of {limit}"), &listed, &expected)?;
            }
            Err(error) if must_be_held => {
                return Err(kit.failure(format!("a range at {revision}, {} changes ago: {error}", last - number)));
            }
            Err(error) => {
                let oldest = kit.compacted("a range of old", Err::<(), _>(error))?;
                kit.ensure(oldest > *revision, || format!("{revision} is compacted, but the oldest is {oldest}"))?;
            }
        }
        let followed = kit.soon("watch", kit.backend().watch(&kit.key(prefix), *revision)).await?;
        match followed.map(|_| ()) {
            Ok(()) => follow(&kit, prefix, *revision, state, &states[last]).await?,
            Err(Error::Compacted { oldest }) if !must_be_held && oldest > *revision => {}
            Err(error) => return Err(kit.failure(format!("a watch behind {revision}: {error}"))),
        }
    }
    Ok(())
}

/// The changes behind a state make the last one of it.
async fn follow(kit: &Kit, prefix: &str, after: u64, state: &State, last: &(u64, State)) -> Outcome {
    let mut replayed: State = below(state, prefix).into_iter().collect();
    for (name, revision, value) in kit.follow(prefix, after).await?.until(last.0).await? {
        match value {
            Some(value) => replayed.insert(name, Versioned { value, revision }),
            None => replayed.remove(&name),
        };
    }
    let replayed: Vec<_> = replayed.into_iter().collect();
    kit.equal(
        &format!("the changes of {prefix:?} behind {after}, made to the state at it"),
        &replayed,
        &below(&last.1, prefix),
    )
}

fn below(state: &State, prefix: &str) -> Vec<(String, Versioned)> {
    state.iter().filter(|(name, _)| name.starts_with(prefix)).map(|(name, held)| (name.clone(), held.clone())).collect()
}

type Listed = Vec<(String, Versioned)>;

async fn pages(kit: &Kit, prefix: &str, limit: usize, at: u64) -> Result<Result<Listed, Error>, Failure> {
    let prefix = kit.key(prefix);
    let (mut listed, mut start) = (Vec::new(), None::<String>);
    loop {
        let range = Range { prefix: &prefix, start: start.as_deref(), limit, revision: Some(at) };
        let reply = match kit.soon("range", kit.backend().range(range)).await? {
            Ok(reply) => reply,
            Err(error) => return Ok(Err(error)),
        };
        kit.ensure(limit == 0 || reply.items.len() <= limit, || format!("a page of more than {limit}"))?;
        kit.ensure(!reply.more || !reply.items.is_empty(), || "an empty page says that there is more".to_owned())?;
        start = reply.items.last().map(|(key, _)| format!("{key}\0"));
        let more = reply.more;
        listed.extend(kit.names(reply));
        if !more {
            return Ok(Ok(listed));
        }
    }
}
