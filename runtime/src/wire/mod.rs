//! What travels: statuses, media types, options, selectors, tables, patches, watch frames. Knows no storage.

pub mod continue_token;
pub mod decode;
pub mod duration;
pub mod encode;
pub mod field;
pub mod frame;
pub mod media;
pub mod names;
pub mod options;
pub mod partial;
pub mod patch;
pub mod query;
pub mod selector;
pub mod status;
pub(crate) mod strconv;
pub mod table;
pub mod warning;
pub mod yaml;
