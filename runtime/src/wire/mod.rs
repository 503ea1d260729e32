//! What travels: statuses, media types, options, selectors, tables, patches, watch frames. Knows no storage.

pub mod continue_token;
pub mod duration;
pub mod field;
pub mod names;
pub mod options;
pub mod partial;
pub mod query;
pub mod selector;
pub mod status;
mod strconv;
pub mod table;
