//! kubectl, unmodified: what a person types, and what it prints.

mod apply;
mod delete;
mod processes;
mod scale;
mod strategic;
mod wardle;
