//! The derive of rest-resource.
