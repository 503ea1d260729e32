//! Owners that stand more than once (contract 4.4.9).

use http::{Method, StatusCode};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FLUNDERS, flunder};
use serde_json::{Value, json};

use super::{MERGE, warnings};

/// Owners of which the second stands twice, and another one has the same uid and another name.
fn owners() -> Value {
    let owner = |name: &str, uid: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": uid});
    json!([owner("a", "1"), owner("b", "2"), owner("b", "2"), owner("c", "2"), owner("b", "2")])
}

#[tokio::test]
async fn c4_4_9_an_owner_is_kept_once() {
    let client = Client::wardle();
    let expected = json!([owners()[0], owners()[1], owners()[3]]);
    let warning = |when: &str| {
        format!(
            "299 - \".metadata.ownerReferences contains duplicate entries{when}; API server dedups owner references in \
             1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: \
             2, 2\""
        )
    };
    let mut body = flunder("a");
    body["metadata"]["ownerReferences"] = owners();
    let created = client.post(FLUNDERS, &body).await;
    assert_eq!(warnings(&created), [warning("")]);
    let mut created = created.expect(StatusCode::CREATED);
    assert_eq!(created["metadata"]["ownerReferences"], expected);

    let one = format!("{FLUNDERS}/a");
    created["metadata"]["ownerReferences"] = owners();
    let updated = client.put(&one, &created).await;
    assert_eq!(warnings(&updated), [warning("")]);
    assert_eq!(updated.json["metadata"]["ownerReferences"], expected);

    let patch = json!({"metadata": {"ownerReferences": owners()}}).to_string();
    let patched = client.send(Method::PATCH, &one, &[MERGE], patch).await;
    assert_eq!(warnings(&patched), [warning(" after mutating admission happens")]);
    assert_eq!(patched.expect(StatusCode::OK)["metadata"]["ownerReferences"], expected);
}
