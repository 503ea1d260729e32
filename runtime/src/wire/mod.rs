//! What travels: statuses, media types, options, selectors, tables, patches, watch frames. Knows no storage.

pub mod field;
pub mod partial;
pub mod status;
pub mod table;
