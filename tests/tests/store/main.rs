//! What a store promises whatever happens, on each backend.

mod crash;
mod disk;
mod encoded;
mod linearizable;
mod model;
mod slow;
