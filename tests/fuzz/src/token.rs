//! Continue tokens (contract 4.7.8).

use rest_resource::wire::continue_token::ContinueToken;

use super::parts::text;

/// A token is read again from what it means, and never leaves its prefix. Bytes that are no token are taken for a key,
/// whose token is then read.
pub fn continue_token(data: &[u8]) {
    let text = text(data);
    for token in [text.to_owned(), ContinueToken::encode(text, 7), ContinueToken::encode(text, -1)] {
        match ContinueToken::decode(&token) {
            Ok(decoded) => {
                assert!(decoded.resource_version != 0);
                assert!(
                    decoded.start.is_empty()
                        || decoded.start.split('/').all(|segment| !["", ".", ".."].contains(&segment))
                );
                // A key of `/` alone is the beginning, and no key to go on from.
                if !decoded.start.is_empty() {
                    let encoded = ContinueToken::encode(&decoded.start, decoded.resource_version);
                    assert_eq!(ContinueToken::decode(&encoded).expect("what is encoded is a token"), decoded);
                }
            }
            Err(status) => assert_eq!(status.code(), 400),
        }
    }
}
