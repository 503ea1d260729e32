//! Managed fields as clients send them (contract 4.9.23, 4.9.27).

use rest_resource::apply::{FieldSet, validate_managed_fields};

use super::parts::document;

/// A set is read again from what it writes. Entries are readable or told to be not, and it is only their sets that count.
pub fn managed_fields(data: &[u8]) {
    let Some(value) = document(data) else { return };
    if let Ok(set) = FieldSet::from_value(&value) {
        assert_eq!(FieldSet::from_value(&set.to_value()).as_ref(), Ok(&set));
        let text = document(set.to_json().as_bytes()).expect("a set is written as JSON");
        assert_eq!(FieldSet::from_value(&text).as_ref(), Ok(&set));
        let paths = set.paths();
        assert_eq!(paths.len(), set.len());
        assert!(paths.iter().all(|path| set.contains(path)));
        assert_eq!(FieldSet::from_iter(paths), set);
    }
    let readable = validate_managed_fields(&value);
    for entry in value.as_array().into_iter().flatten() {
        let fields = &entry["fieldsV1"];
        assert!(readable.is_err() || fields.is_null() || FieldSet::from_value(fields).is_ok());
    }
}
