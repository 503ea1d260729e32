//! Shapes that everything on the wire shares: `Status`, metadata, lists, values and queries.

mod decode;
mod errors;
mod values;
