//! How many requests are answered at once (contract 7.5.1).
//!
//! A request for a resource takes a seat until its handler has ended, whether with an answer, by its deadline or because
//! the client went away. Long-running requests take none, nor do paths that never wait for a storage, such as discovery.

use std::sync::atomic::{AtomicUsize, Ordering};

use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};

use super::respond::text;
use crate::route::Method;
use crate::verb::{Response, UserInfo};

/// Who is answered in any case, so that an administrator can look at a server that is full.
const PRIVILEGED: &str = "system:masters";

/// The seats of a server. Reads and writes are apart, so that neither keeps the other out.
#[derive(Debug)]
pub(crate) struct InFlight {
    pub(super) read_only: Seats,
    pub(super) mutating: Seats,
}

/// As many seats as there may be requests of a kind.
#[derive(Debug)]
pub(super) struct Seats {
    /// 0 is no limit.
    limit: usize,
    taken: AtomicUsize,
}

/// The seat of one request, until it is dropped; `None` for one that needs no seat.
#[derive(Debug)]
pub(super) struct Seat<'a>(Option<&'a Seats>);

impl InFlight {
    pub(super) fn new(read_only: usize, mutating: usize) -> Self {
        let seats = |limit| Seats { limit, taken: AtomicUsize::new(0) };
        Self { read_only: seats(read_only), mutating: seats(mutating) }
    }

    /// Gives a request its seat; `None` where all are taken.
    pub(super) fn enter(&self, method: Method, user: &UserInfo) -> Option<Seat<'_>> {
        let seats = if method == Method::Get { &self.read_only } else { &self.mutating };
        if seats.take() {
            return Some(Seat(Some(seats)));
        }
        user.groups.iter().any(|group| group == PRIVILEGED).then_some(Seat(None))
    }
}

impl Seats {
    /// How many are taken now.
    #[cfg(feature = "metrics")]
    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// One more, if the limit allows it.
    fn take(&self) -> bool {
        let one_more = |taken| (self.limit == 0 || taken < self.limit).then_some(taken + 1);
        // It orders nothing else: the number is all that is shared.
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        if let Some(seats) = self.0 {
            seats.taken.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// A text and no `Status`: clients look at the code and the header alone (contract 4.12.5).
#[cold]
pub(super) fn too_many_requests() -> Response {
    let mut response = text(StatusCode::TOO_MANY_REQUESTS, "Too many requests, please try again later.\n");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c7_5_1_who_is_of_system_masters_passes_where_all_seats_are_taken() {
        let (seats, anybody) = (InFlight::new(1, 1), UserInfo::default());
        let master =
            UserInfo { groups: vec!["system:authenticated".to_owned(), PRIVILEGED.to_owned()], ..anybody.clone() };
        let first = seats.enter(Method::Get, &anybody).unwrap();
        assert!(seats.enter(Method::Get, &anybody).is_none());
        let passed = seats.enter(Method::Get, &master).unwrap();
        drop(passed);
        assert!(seats.enter(Method::Get, &anybody).is_none(), "the seat is still taken");
        drop(first);
        seats.enter(Method::Get, &anybody).unwrap();
    }

    #[test]
    fn c7_5_1_no_limit_is_no_limit() {
        let (seats, anybody) = (InFlight::new(0, 1), UserInfo::default());
        let taken: Vec<_> = (0..1000).map(|_| seats.enter(Method::Get, &anybody).unwrap()).collect();
        assert_eq!(taken.len(), 1000);
        let _write = seats.enter(Method::Post, &anybody).unwrap();
        assert!(seats.enter(Method::Patch, &anybody).is_none());
    }
}
