//! Random histories against a map with revisions: what a server answers, lists and tells its watches is what was
//! written.

mod history;
mod state;

use std::rc::Rc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rest_resource_tests::place::{Place, times};

use self::history::{History, Op};
use self::state::Selector;

fn op() -> impl Strategy<Value = Op> {
    let (name, value, app) = (|| 0..5_u8, || 0..3_u64, || 0..3_u8);
    let stale = || prop::bool::weighted(0.2);
    let other = any::<bool>;
    prop_oneof![
        8 => (name(), value(), app()).prop_map(|(name, value, app)| Op::Create { name, value, app }),
        10 => (name(), value(), app(), stale())
            .prop_map(|(name, value, app, stale)| Op::Put { name, value, app, stale }),
        6 => (name(), value(), prop::option::of(stale()))
            .prop_map(|(name, value, stale)| Op::Patch { name, value, stale }),
        5 => (name(), prop::option::of(stale())).prop_map(|(name, stale)| Op::Delete { name, stale }),
        4 => (selector(), 1..4_usize, prop::option::of(any::<u8>()), other())
            .prop_map(|(selector, limit, at, other)| Op::FirstPage { selector, limit, at, other }),
        6 => other().prop_map(|other| Op::NextPage { other }),
        3 => (selector(), other()).prop_map(|(selector, other)| Op::List { selector, other }),
        4 => (selector(), any::<u8>(), other()).prop_map(|(selector, after, other)| Op::Watch { selector, after, other }),
        1 => (0..6_u64).prop_map(|keep| Op::Compact { keep }),
    ]
}

fn selector() -> impl Strategy<Value = Selector> {
    prop_oneof![Just(Selector::All), Just(Selector::App), Just(Selector::NotApp), (0..5_u8).prop_map(Selector::Name)]
}

fn agrees(place: &Place, cases: u32) {
    let runtime = Rc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"));
    let cases = times("PROPTEST_CASES", cases);
    // A step of a failed case may be an event that is waited for in vain.
    let config = Config { cases, max_shrink_time: 60_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let histories = (proptest::collection::vec(op(), 1..40), prop_oneof![Just(3_usize), Just(64)]);
    runner
        .run(&histories, |(ops, held)| {
            runtime.block_on(async {
                let mut history = History::new(place.open().await, held).await;
                for op in &ops {
                    history.step(op).await;
                }
                history.end().await;
            });
            Ok(())
        })
        .unwrap();
}

#[test]
fn c4_8_22_histories_agree_with_a_model() {
    agrees(&Place::Memory, 64);
}

#[test]
fn c4_8_22_histories_in_a_file_agree_with_a_model() {
    agrees(&Place::redb(), 32);
}

#[test]
fn c4_8_22_histories_of_two_servers_on_etcd_agree_with_a_model() {
    if let Some(place) = Place::etcd() {
        agrees(&place, 24);
    }
}
