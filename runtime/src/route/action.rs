//! What a route does: the rows of the action table (contract 2.2). Each verb's file has its own as a const.

use std::fmt;

/// A row of the action table: what the installer, discovery and `OpenAPI` need to know of a verb.
#[derive(Debug)]
pub struct Action {
    /// The action, for example `LIST`; in lower case the `x-kubernetes-action` of `OpenAPI` (contract 2.6.5).
    pub name: &'static str,
    /// The verb in discovery, for example `list`; empty where the HTTP method decides (contract 2.7.2).
    pub verb: &'static str,
    /// The first word of the operation id, for example `read` (contract 2.6.1).
    pub operation: &'static str,
    /// The query parameters (contract 2.4).
    pub parameters: Parameters,
    /// Whether the request body is an object of the resource, and not options or a patch.
    pub takes_object: bool,
    /// The documented success codes (contract 2.5.5).
    pub codes: &'static [u16],
    /// Whether the answer is a list of objects.
    pub gives_list: bool,
    /// Whether the route is there only for old clients.
    pub deprecated: bool,
}

/// Which query parameters an action documents (contract 2.4.1-2.4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// Only `pretty`.
    Get,
    /// The list options.
    List,
    /// `dryRun`, `fieldManager`, `fieldValidation`.
    Write,
    /// As `Write`, and `force`.
    Patch,
    /// The delete options.
    Delete,
    /// The list options without watch, and the delete options.
    DeleteCollection,
    /// The storage's own options.
    Connect,
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Action {}

/// An HTTP method, as const data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
    /// HEAD
    Head,
    /// OPTIONS
    Options,
}

impl Method {
    /// Every method, in the order in which `Allow` names them.
    pub const ALL: [Self; 7] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Head, Self::Options];

    /// As HTTP writes it, for example `GET`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
        }
    }

    /// The discovery verb that a CONNECT route of this method lists (contract 2.7.2).
    pub const fn connect_verb(self) -> Option<&'static str> {
        match self {
            Self::Get => Some("get"),
            Self::Post => Some("create"),
            Self::Put => Some("update"),
            Self::Patch => Some("patch"),
            Self::Delete => Some("delete"),
            Self::Head | Self::Options => None,
        }
    }

    /// The method of a request; `None` for one that no route can have.
    pub fn of(method: &http::Method) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == method.as_str())
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
