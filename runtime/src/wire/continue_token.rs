//! The continue token of a list: where the next page begins, and in which snapshot (contract 4.7.4, 4.7.8, 4.7.9).

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};

use super::status::{Result, Status};

const VERSION: &str = "meta.k8s.io/v1";

/// Unpadded and URL-safe. Go takes any trailing bits.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Where a list goes on. It is opaque to clients, but has the form of Go's, so that either server understands it.
///
/// ```
/// use rest_resource::wire::continue_token::ContinueToken;
///
/// let token = ContinueToken::encode("default/a\0", 7);
/// let decoded = ContinueToken::decode(&token).unwrap();
/// assert_eq!((decoded.start.as_str(), decoded.resource_version), ("default/a\0", 7));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContinueToken {
    /// The resource version of the snapshot, never 0. Negative: whatever is most recent (contract 4.7.9).
    pub resource_version: i64,
    /// The first key of the next page, relative to the prefix of the list, without a leading `/`. It has no empty
    /// segment, no `.` and no `..`, so that a prefix put before it is not left.
    pub start: String,
}

#[derive(Serialize)]
struct Encoded<'a> {
    v: &'a str,
    rv: i64,
    start: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Decoded {
    v: String,
    rv: i64,
    start: String,
}

impl ContinueToken {
    /// The token for a page that begins at `start`, a key relative to the prefix: the last key of this page and a
    /// NUL. `resource_version` is that of the list, or -1 for "from here on, in the most recent state".
    pub fn encode(start: &str, resource_version: i64) -> String {
        let json = serde_json::to_vec(&Encoded { v: VERSION, rv: resource_version, start });
        // Strings and an integer always have a JSON.
        BASE64.encode(json.unwrap_or_default())
    }

    /// Reads what a client sent back; anything that no server made is 400.
    pub fn decode(token: &str) -> Result<Self> {
        let data = BASE64.decode(token).map_err(|_| {
            let is_url_safe = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
            let at = token.bytes().position(|b| !is_url_safe(&b)).unwrap_or(token.len().saturating_sub(1));
            invalid(format_args!(": illegal base64 data at input byte {at}"))
        })?;
        let Decoded { v, rv, start } =
            serde_json::from_slice(&data).map_err(|error| invalid(format_args!(": {error}")))?;
        if v != VERSION {
            return Err(invalid(format_args!(": server does not recognize this encoded version {v}")));
        }
        if rv == 0 {
            return Err(invalid(format_args!(": incorrect encoded start resourceVersion (version {VERSION})")));
        }
        if start.is_empty() {
            return Err(invalid(format_args!(": encoded start key empty (version {VERSION})")));
        }
        let relative = start.strip_prefix('/').unwrap_or(&start);
        if !is_clean(relative) {
            return Err(invalid(format_args!(": {start}")));
        }
        Ok(Self { resource_version: rv, start: relative.to_owned() })
    }
}

/// Whether cleaning the path would leave it as it is: no way out of the prefix (contract 4.7.8).
fn is_clean(relative: &str) -> bool {
    relative.is_empty() || relative.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

fn invalid(why: std::fmt::Arguments<'_>) -> Status {
    Status::bad_request(format!("invalid continue token: continue key is not valid{why}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(json: &str) -> String {
        let error = ContinueToken::decode(&BASE64.encode(json)).unwrap_err();
        assert_eq!((error.code(), error.reason()), (400, "BadRequest"));
        error.message().to_owned()
    }

    #[test]
    fn c4_7_4_the_token_has_the_form_of_go() {
        let token = ContinueToken::encode("default/a\0", 7);
        assert_eq!(
            String::from_utf8(BASE64.decode(&token).unwrap()).unwrap(),
            r#"{"v":"meta.k8s.io/v1","rv":7,"start":"default/a\u0000"}"#
        );
        assert!(!token.contains(['=', '+', '/']));
    }

    #[test]
    fn c4_7_8_bad_tokens_are_400() {
        let error = |token| ContinueToken::decode(token).unwrap_err().message().to_owned();
        assert_eq!(
            error("ab!d"),
            "invalid continue token: continue key is not valid: illegal base64 data at input byte 2"
        );
        assert_eq!(
            error("abcde"),
            "invalid continue token: continue key is not valid: illegal base64 data at input byte 4"
        );
        assert_eq!(
            error("YQ=="),
            "invalid continue token: continue key is not valid: illegal base64 data at input byte 2"
        );
        assert!(error("").starts_with("invalid continue token: continue key is not valid: "));
        assert!(message("{").starts_with("invalid continue token: continue key is not valid: "));
        assert_eq!(
            message(r#"{"v":"v2","rv":1,"start":"a"}"#),
            "invalid continue token: continue key is not valid: server does not recognize this encoded version v2"
        );
        assert_eq!(
            message(r#"{"v":"meta.k8s.io/v1","start":"a"}"#),
            "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)"
        );
        assert_eq!(
            message(r#"{"v":"meta.k8s.io/v1","rv":1}"#),
            "invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)"
        );
    }

    #[test]
    fn c4_7_8_a_token_does_not_leave_its_prefix() {
        for start in ["../a", "a/../../b", "a//b", "./a", "a/.", "a/", "//a"] {
            assert_eq!(
                message(&format!(r#"{{"v":"meta.k8s.io/v1","rv":1,"start":"{start}"}}"#)),
                format!("invalid continue token: continue key is not valid: {start}")
            );
        }
        let decoded = ContinueToken::decode(&ContinueToken::encode("/a/..b\0", 1)).unwrap();
        assert_eq!(decoded.start, "a/..b\0");
    }

    #[test]
    fn c4_7_9_minus_one_goes_on_at_the_most_recent() {
        assert_eq!(ContinueToken::decode(&ContinueToken::encode("a\0", -1)).unwrap().resource_version, -1);
    }

    proptest! {
        #[test]
        fn c4_7_8_no_token_panics(token in any::<String>(), json in any::<String>()) {
            let _ = ContinueToken::decode(&token);
            let _ = ContinueToken::decode(&BASE64.encode(json));
        }

        #[test]
        fn c4_7_4_tokens_come_back(start in "[^/.][^/]{0,9}(/[^/.][^/]{0,9}){0,2}", rv in prop_oneof![Just(-1), 1..i64::MAX]) {
            let decoded = ContinueToken::decode(&ContinueToken::encode(&start, rv)).unwrap();
            prop_assert_eq!(decoded, ContinueToken { resource_version: rv, start });
        }
    }
}
