//! Whether what clients saw at the same time could have happened one after another.
//!
//! The search is that of Wing and Gong, with the memory of Lowe: an operation may come next if no other one that is left
//! had ended before it began; a set of operations that led to a state is tried once.

use std::collections::HashSet;
use std::fmt::Debug;
use std::hash::Hash;

/// What a sequence of operations does, one at a time.
pub trait Model {
    /// What they work on.
    type State: Clone + Eq + Hash + Debug;
    /// What was asked, and what was answered.
    type Operation: Debug;

    /// The state before.
    fn begin(&self) -> Self::State;

    /// The state behind an operation; `None` if it would have been answered otherwise.
    fn step(&self, state: &Self::State, operation: &Self::Operation) -> Option<Self::State>;
}

/// An operation, and when it was under way by a clock that all share.
#[derive(Clone, Debug)]
pub struct Timed<O> {
    /// Before this it had no effect.
    pub invoked: u64,
    /// After this it has had its effect; `None` if its answer never came, and it may have none or have it later.
    pub returned: Option<u64>,
    /// What it was.
    pub operation: O,
}

/// No order explains the answers; how far the best one got.
#[derive(Debug, PartialEq, Eq)]
pub struct NotLinearizable<S> {
    /// The operations that could be put in an order, by their numbers in the history.
    pub order: Vec<usize>,
    /// The state behind them.
    pub state: S,
}

/// The most operations of a history.
pub const MOST: usize = 128;

/// Looks for an order; the error is the longest one that was found.
///
/// # Panics
/// If the history has more than [`MOST`] operations.
pub fn check<M: Model>(model: &M, history: &[Timed<M::Operation>]) -> Result<(), NotLinearizable<M::State>> {
    assert!(history.len() <= MOST, "a history of {} operations", history.len());
    let begin = model.begin();
    let longest = NotLinearizable { order: Vec::new(), state: begin.clone() };
    let mut search = Search { model, history, tried: HashSet::new(), order: Vec::new(), longest };
    if search.from(0, &begin) { Ok(()) } else { Err(search.longest) }
}

struct Search<'a, M: Model> {
    model: &'a M,
    history: &'a [Timed<M::Operation>],
    /// Operations that are done, one bit each, and the state that they led to.
    tried: HashSet<(u128, M::State)>,
    order: Vec<usize>,
    longest: NotLinearizable<M::State>,
}

impl<M: Model> Search<'_, M> {
    fn from(&mut self, done: u128, state: &M::State) -> bool {
        if self.order.len() > self.longest.order.len() {
            self.longest = NotLinearizable { order: self.order.clone(), state: state.clone() };
        }
        let left = |number: usize| done & (1 << number) == 0;
        let ends = self.history.iter().enumerate().filter(|(number, _)| left(*number));
        // What was never answered need not be explained.
        let Some(first_end) = ends.filter_map(|(_, timed)| timed.returned).min() else { return true };
        for (number, timed) in self.history.iter().enumerate() {
            if !left(number) || timed.invoked > first_end {
                continue;
            }
            let Some(next) = self.model.step(state, &timed.operation) else { continue };
            let done = done | 1 << number;
            if !self.tried.insert((done, next.clone())) {
                continue;
            }
            self.order.push(number);
            if self.from(done, &next) {
                return true;
            }
            self.order.pop();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{Model, NotLinearizable, Timed, check};

    /// One number.
    struct Register;

    #[derive(Clone, Debug)]
    enum Op {
        Read(u8),
        Write(u8),
        /// From, to, and whether it was done.
        Swap(u8, u8, bool),
    }
    use Op::{Read, Swap, Write};

    impl Model for Register {
        type State = u8;
        type Operation = Op;

        fn begin(&self) -> u8 {
            0
        }

        fn step(&self, state: &u8, operation: &Op) -> Option<u8> {
            match *operation {
                Read(seen) => (seen == *state).then_some(*state),
                Write(new) => Some(new),
                Swap(from, to, done) => (done == (from == *state)).then_some(if done { to } else { *state }),
            }
        }
    }

    fn timed(invoked: u64, returned: u64, operation: Op) -> Timed<Op> {
        Timed { invoked, returned: Some(returned), operation }
    }

    fn is_fine(history: &[Timed<Op>]) -> bool {
        check(&Register, history).is_ok()
    }

    #[test]
    fn what_is_one_after_another_has_one_order() {
        assert!(is_fine(&[]));
        assert!(is_fine(&[timed(1, 2, Write(1)), timed(3, 4, Read(1)), timed(5, 6, Write(2)), timed(7, 8, Read(2))]));
        assert!(!is_fine(&[timed(1, 2, Write(1)), timed(3, 4, Read(2))]));
    }

    #[test]
    fn what_is_at_once_may_be_in_any_order() {
        for seen in [0, 1] {
            assert!(is_fine(&[timed(1, 4, Write(1)), timed(2, 3, Read(seen))]));
        }
        // Two readers of two writers agree on an order.
        let writes = [timed(1, 10, Write(1)), timed(1, 10, Write(2))];
        let reads = |first, second| [timed(2, 3, Read(first)), timed(4, 5, Read(second))];
        assert!(is_fine(&[&writes[..], &reads(1, 2)].concat()));
        assert!(is_fine(&[&writes[..], &reads(2, 1)].concat()));
        assert!(!is_fine(&[&writes[..], &reads(1, 2), &[timed(6, 7, Read(1))]].concat()));
        assert!(!is_fine(&[&writes[..], &reads(1, 0)].concat()));
    }

    #[test]
    fn a_stale_read_is_found() {
        let error = check(&Register, &[timed(1, 2, Write(1)), timed(3, 4, Write(2)), timed(5, 6, Read(1))]);
        assert_eq!(error, Err(NotLinearizable { order: vec![0, 1], state: 2 }));
        // It was begun before the write had ended.
        assert!(is_fine(&[timed(1, 2, Write(1)), timed(3, 6, Write(2)), timed(5, 7, Read(1))]));
        // Another one had seen the write before.
        assert!(!is_fine(&[timed(1, 2, Write(1)), timed(3, 9, Write(2)), timed(4, 5, Read(2)), timed(6, 7, Read(1)),]));
    }

    #[test]
    fn a_lost_update_is_found() {
        let both = [timed(1, 4, Swap(0, 1, true)), timed(2, 3, Swap(0, 2, true))];
        assert!(!is_fine(&both));
        assert!(is_fine(&[both[0].clone(), timed(2, 3, Swap(0, 2, false))]));
        // Nobody has changed what it was refused for.
        assert!(!is_fine(&[timed(1, 2, Swap(0, 1, false))]));
    }

    #[test]
    fn what_was_not_answered_may_have_been_done_or_not() {
        let unanswered = |operation| Timed { invoked: 1, returned: None, operation };
        for seen in [0, 1] {
            assert!(is_fine(&[unanswered(Write(1)), timed(5, 6, Read(seen))]));
        }
        assert!(is_fine(&[unanswered(Write(1)), timed(5, 6, Read(0)), timed(7, 8, Read(1))]));
        assert!(!is_fine(&[unanswered(Write(1)), timed(5, 6, Read(1)), timed(7, 8, Read(0))]));
        // It had not begun then.
        assert!(!is_fine(&[timed(1, 2, Read(1)), Timed { invoked: 3, returned: None, operation: Write(1) }]));
    }

    #[test]
    fn many_at_once_are_searched_in_time() {
        // Without its memory the search would look at 16! orders.
        let mut history: Vec<_> = (0..16).map(|_| timed(1, 100, Write(1))).collect();
        history.push(timed(101, 102, Read(2)));
        assert!(!is_fine(&history));
    }
}
