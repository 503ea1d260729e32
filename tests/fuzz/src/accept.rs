//! `Accept` and `Content-Type` (contract 4.2).

use http::{HeaderMap, HeaderValue};
use rest_resource::wire::media::{
    Endpoint, PatchType, accept_value, body_format, negotiate, negotiate_stream, patch_type, refuse_bodiless,
};

/// A header is refused, or what is chosen would be chosen again by the content type of the answer.
pub fn accept(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append("accept", value);
        }
    }
    let accept = accept_value(&headers);
    let accept = accept.as_deref();
    for endpoint in
        [Endpoint::Resource { table: true }, Endpoint::Resource { table: false }, Endpoint::Discovery, Endpoint::Plain]
    {
        match negotiate(accept, endpoint) {
            Ok(chosen) => {
                let answered = negotiate(Some(chosen.content_type()), endpoint).expect("an answer can be asked for");
                assert_eq!((answered.format, answered.content_type()), (chosen.format, chosen.content_type()));
            }
            Err(status) => assert_eq!(status.code(), 406),
        }
        if let Err(status) = negotiate_stream(accept, endpoint) {
            assert_eq!(status.code(), 406);
        }
    }
    let refused = [
        refuse_bodiless(accept).err(),
        body_format(accept).err(),
        patch_type(accept, &[PatchType::Json, PatchType::Apply]).err(),
    ];
    assert!(refused.into_iter().flatten().all(|status| status.code() == 415));
}
