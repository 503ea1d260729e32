//! Managed fields as their type say the same as those in the document.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{manager, object};
use crate::apply::managers::{decode, encode_entries};
use crate::apply::{Live, set_managed_fields};

/// Who does it, whether by an apply, and the spec.
type Step = (&'static str, bool, Value);

/// Few values, so that many changes are of what somebody owns already.
fn step() -> impl Strategy<Value = Step> {
    let field = |name: &'static str, value: BoxedStrategy<Value>| {
        proptest::option::weighted(0.8, value.prop_map(move |value| (name, value)))
    };
    let number = || (0..3).prop_map(Value::from).boxed();
    let spec = (
        field("size", number()),
        field("color", prop_oneof![Just(json!("x")), Just(json!("y"))].boxed()),
        field("labels", number().prop_map(|n| json!({"a": n.to_string(), "b": "1"})).boxed()),
        field("items", number().prop_map(|n| json!([{"name": "a", "image": n.to_string()}])).boxed()),
    );
    let spec = spec.prop_map(|(size, color, labels, items)| {
        let fields = [size, color, labels, items].into_iter().flatten();
        fields.map(|(name, value)| (name.to_owned(), value)).collect()
    });
    let who = prop_oneof![3 => Just("alice"), 1 => Just("bob")];
    (who, proptest::bool::weighted(0.2), spec.prop_map(Value::Object))
}

proptest! {
    #[test]
    fn the_entries_are_those_of_the_document(steps in vec(step(), 1..12), sends in any::<bool>()) {
        let manager = manager();
        let mut document: Option<Value> = None;
        for (second, (who, apply, spec)) in steps.into_iter().enumerate() {
            let now = format!("2030-01-01T00:00:{second:02}Z");
            let mut live = document.clone();
            let live_managers = live.as_mut().map(|live| set_managed_fields(live, Value::Null)).unwrap_or_default();
            let entries = encode_entries(&decode(&live_managers).unwrap()).unwrap_or_default();
            let typed = live.as_ref().map(|object| Live { object, entries: &entries });
            let new = object(spec);
            let (whole, given) = if apply {
                let whole = manager.apply(document.as_ref(), &new, who, true, &now).unwrap();
                (whole, manager.apply_entries(typed, &new, who, true, &now).unwrap().1)
            } else {
                let sent = sends.then_some(&entries[..]).filter(|_| document.is_some());
                let mut sends_all = new.clone();
                if sent.is_some() {
                    set_managed_fields(&mut sends_all, live_managers.clone());
                }
                let whole = manager.update(document.as_ref(), sends_all, who, &now);
                (whole, manager.update_entries(typed, &new, sent, who, &now))
            };
            let given = given.map_or(Value::Null, |entries| serde_json::to_value(entries).unwrap());
            prop_assert_eq!(&whole["metadata"]["managedFields"], &given);
            document = Some(whole);
        }
    }
}
