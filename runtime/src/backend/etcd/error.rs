//! What the errors of etcd mean.

use etcd_client::Error as ClientError;

use crate::backend::Error;

/// The gRPC codes that matter, as the client crate does not give their names.
const UNKNOWN: i32 = 2;
const INVALID_ARGUMENT: i32 = 3;
const DEADLINE_EXCEEDED: i32 = 4;
const PERMISSION_DENIED: i32 = 7;
const RESOURCE_EXHAUSTED: i32 = 8;
const OUT_OF_RANGE: i32 = 11;
const UNAVAILABLE: i32 = 14;
const UNAUTHENTICATED: i32 = 16;

/// What went wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The endpoint does not answer, or has lost its cluster: another one may know more.
    Endpoint(String),
    /// The revision is compacted.
    Compacted,
    /// The revision has not been reached.
    Future,
    /// etcd takes no request of this size.
    TooLarge(String),
    /// The answer is larger than this client reads.
    AnswerTooLarge,
    /// The token is not of the present users and roles; a new one may be.
    OldToken(String),
    /// The user may not, or is not known.
    Refused(String),
    /// There can be no connection as the options are, for example with a key that is none.
    Options(String),
    /// Anything else that etcd says.
    Other(String),
}

impl Failure {
    pub(super) fn of(error: &ClientError) -> Self {
        let status = match error {
            ClientError::GRpcStatus(status) => status,
            // Of requests it is a status too.
            ClientError::TransportError(error) => return Self::Options(chain(error)),
            ClientError::InvalidArgs(_) | ClientError::InvalidUri(_) => return Self::Options(error.to_string()),
            error => return Self::Endpoint(error.to_string()),
        };
        let says = |text: &str| status.message().contains(text);
        let message = || status.message().to_owned();
        match status.code() as i32 {
            OUT_OF_RANGE if says("has been compacted") => Self::Compacted,
            OUT_OF_RANGE if says("future revision") => Self::Future,
            OUT_OF_RANGE if says("length too large") => Self::AnswerTooLarge,
            INVALID_ARGUMENT if says("request is too large") => Self::TooLarge(message()),
            RESOURCE_EXHAUSTED if says("larger than max") => Self::TooLarge(message()),
            INVALID_ARGUMENT if says("revision of auth store is old") => Self::OldToken(message()),
            UNAUTHENTICATED => Self::OldToken(message()),
            PERMISSION_DENIED => Self::Refused(message()),
            INVALID_ARGUMENT if says("authentication failed") || says("user name is empty") => Self::Refused(message()),
            UNKNOWN | DEADLINE_EXCEEDED | UNAVAILABLE => Self::Endpoint(chain(status)),
            _ => Self::Other(message()),
        }
    }

    /// As an error of a backend. What needs a look at the store, the oldest or the current revision, is told by the
    /// caller.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::TooLarge(why) => Error::TooLarge(why),
            Self::Endpoint(why) | Self::OldToken(why) | Self::Refused(why) | Self::Options(why) | Self::Other(why) => {
                Error::Unavailable(format!("etcd: {why}"))
            }
            Self::Compacted => Error::Unavailable("etcd: the revision is compacted".to_owned()),
            Self::Future => Error::Unavailable("etcd: the revision is not reached".to_owned()),
            Self::AnswerTooLarge => Error::Unavailable("etcd: the answer is too large".to_owned()),
        }
    }
}

/// A transport says no more than "transport error"; the reason is behind it.
fn chain(status: &dyn std::error::Error) -> String {
    let mut text = String::new();
    let mut next = Some(status);
    while let Some(error) = next {
        let part = error.to_string();
        if !text.contains(&part) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&part);
        }
        next = error.source();
    }
    text
}
