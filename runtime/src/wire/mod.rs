//! What travels: statuses, media types, options, selectors, tables, patches, watch frames. Knows no storage.

pub mod field;
pub mod status;
