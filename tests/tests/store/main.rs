//! What a store promises whatever happens, on each backend.

mod linearizable;
mod model;
