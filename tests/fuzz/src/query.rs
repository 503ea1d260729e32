//! Queries, and the options in them (contract 0.17, 4.4).

use std::fmt::Write;

use rest_resource::wire::options::{
    CreateOptions, DeleteOptions, GetOptions, ListOptions, PatchOptions, UpdateOptions,
};
use rest_resource::wire::query::Query;

use super::parts::text;

/// Any text is a query, and is the same when every byte of it is escaped. Options are read from it or refused as 400 or 422.
pub fn query(data: &[u8]) {
    let text = text(data);
    let query = Query::parse(text);
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut escaped, byte| {
            let _ = write!(escaped, "%{byte:02X}");
            escaped
        })
    };
    let escaped: Vec<String> = query.iter().map(|(key, value)| format!("{}={}", escape(key), escape(value))).collect();
    let escaped = escaped.join("&");
    assert_eq!(Query::parse(&escaped), query);
    for (key, value) in query.iter() {
        assert!(query.has(key) && query.get_all(key).any(|other| other == value));
    }
    let codes = [
        CreateOptions::from_query(&query).err(),
        DeleteOptions::from_query(&query).err(),
        GetOptions::from_query(&query).err(),
        PatchOptions::from_query(&query, true).err(),
        PatchOptions::from_query(&query, false).err(),
        UpdateOptions::from_query(&query).err(),
    ];
    assert!(codes.into_iter().flatten().all(|status| [400, 422].contains(&status.code())));
    match ListOptions::from_query(&query) {
        Ok(options) => {
            let refused = [options.validate_list().err(), options.validate_watch().err()];
            assert!(refused.into_iter().flatten().all(|status| [400, 422].contains(&status.code())));
        }
        Err(status) => assert!([400, 422].contains(&status.code())),
    }
}
