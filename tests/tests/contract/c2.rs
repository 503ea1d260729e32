//! What is installed: routes, errors, and what discovery says of it.

mod deprecated;
mod install;
mod routes;
mod verbs;
