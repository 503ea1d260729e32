//! The capabilities of storages, one trait at a time, and what a client sees of each.

mod capabilities;
mod connect;
mod delegates;
mod kinds;
mod life;
mod reads;
mod watches;
mod writes;
