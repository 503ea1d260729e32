use serde_json::{Value, json};

use super::fixture::{core, get, send, server};

const HOST: &[(&str, &str)] = &[("host", "api.example.com:443")];

#[tokio::test]
async fn c3_1_1_api_versions_of_the_core_group() {
    let answer = get(&core(), "/api", HOST).await;
    let expected = json!({
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [{ "clientCIDR": "0.0.0.0/0", "serverAddress": "api.example.com:443" }],
    });
    assert_eq!((answer.code.as_u16(), answer.json()), (200, expected));
    assert_eq!(answer.header("content-type"), "application/json");
    let answer = get(&server(), "/api", HOST).await;
    assert_eq!((answer.code.as_u16(), &*answer.body), (404, "404 page not found\n"));
}

#[tokio::test]
async fn c3_1_2_api_group_list() {
    let addresses = json!([{ "clientCIDR": "0.0.0.0/0", "serverAddress": "api.example.com:443" }]);
    let (beta, alpha) = ("wardle.example.com/v1beta1", "wardle.example.com/v1alpha1");
    let expected = json!({ "kind": "APIGroupList", "groups": [
        {
            "name": "first.example.com",
            "versions": [{ "groupVersion": "first.example.com/v1", "version": "v1" }],
            "preferredVersion": { "groupVersion": "first.example.com/v1", "version": "v1" },
            "serverAddressByClientCIDRs": addresses,
        },
        {
            "name": "wardle.example.com",
            "versions": [
                { "groupVersion": beta, "version": "v1beta1" },
                { "groupVersion": alpha, "version": "v1alpha1" },
            ],
            "preferredVersion": { "groupVersion": beta, "version": "v1beta1" },
            "serverAddressByClientCIDRs": addresses,
        },
    ] });
    assert_eq!(get(&server(), "/apis", HOST).await.json(), expected);
    assert_eq!(get(&core(), "/apis", HOST).await.json(), json!({ "kind": "APIGroupList", "groups": [] }));
}

#[tokio::test]
async fn c3_1_3_api_group() {
    let version = json!({ "groupVersion": "first.example.com/v1", "version": "v1" });
    let expected = json!({
        "kind": "APIGroup",
        "apiVersion": "v1",
        "name": "first.example.com",
        "versions": [version],
        "preferredVersion": version,
    });
    assert_eq!(get(&server(), "/apis/first.example.com", HOST).await.json(), expected);
}

#[tokio::test]
async fn c3_1_4_api_resource_list() {
    let all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    let expected = json!({
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": "wardle.example.com/v1alpha1",
        "resources": [
            {
                "name": "fischers", "singularName": "fischer", "namespaced": false, "kind": "Fischer", "verbs": all,
                "storageVersionHash": "YS5qRiSxzNM=",
            },
            {
                "name": "flunders", "singularName": "flunder", "namespaced": true, "kind": "Flunder", "verbs": all,
                "shortNames": ["fl"], "categories": ["all", "wardle"], "storageVersionHash": "UHqNx5H3K7A=",
            },
            // HEAD is not a verb (contract 2.7.2).
            {
                "name": "flunders/proxy", "singularName": "", "namespaced": true, "kind": "Flunder",
                "verbs": ["create", "get"],
            },
            {
                "name": "flunders/scale", "singularName": "", "namespaced": true, "kind": "Scale",
                "group": "autoscaling", "version": "v1", "verbs": ["get", "patch", "update"],
            },
            {
                "name": "flunders/status", "singularName": "", "namespaced": true, "kind": "Flunder",
                "verbs": ["get", "patch", "update"],
            },
        ],
    });
    assert_eq!(get(&server(), "/apis/wardle.example.com/v1alpha1", &[]).await.json(), expected);

    let list = get(&core(), "/api/v1", &[]).await.json();
    assert_eq!(list["groupVersion"], "v1");
    assert_eq!(list.get("apiVersion"), None);
    assert_eq!(list["resources"][0]["name"], "configmaps");
}

#[tokio::test]
async fn c3_1_5_a_trailing_slash_answers_the_same() {
    let server = server();
    for path in ["/apis", "/apis/first.example.com", "/apis/first.example.com/v1", "/openapi/v3", "/openapi/v2"] {
        let (plain, slash) = (get(&server, path, &[]).await, get(&server, &format!("{path}/"), &[]).await);
        assert_eq!((plain.code.as_u16(), &plain.body), (200, &slash.body), "{path}");
    }
}

#[tokio::test]
async fn c3_1_6_a_clause_with_another_form_is_skipped() {
    let server = server();
    let table = "application/json;as=Table;g=meta.k8s.io;v=v1,application/json";
    for accept in [table, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"] {
        let answer = get(&server, "/apis/first.example.com/v1", &[("accept", accept)]).await;
        assert_eq!(
            (answer.header("content-type"), answer.json()["kind"].as_str()),
            ("application/json", Some("APIResourceList"))
        );
    }
    let yaml = get(&server, "/apis/first.example.com", &[("accept", "application/yaml")]).await;
    assert_eq!(yaml.header("content-type"), "application/yaml");
    assert!(yaml.body.starts_with("apiVersion: v1\nkind: APIGroup\n"), "{}", yaml.body);
    let none = get(&server, "/apis", &[("accept", "text/html")]).await;
    assert_eq!((none.code.as_u16(), none.json()["reason"].as_str()), (406, Some("NotAcceptable")));
}

#[tokio::test]
async fn c3_1_7_unknown_groups_and_versions_are_not_found() {
    let server = server();
    for path in [
        "/apis/other.example.com",
        "/apis/first.example.com/v2",
        "/api/v1",
        "/apis//v1",
        "/openapi",
        "/openapi/v4",
        "/openapi/v3/apis",
        "/openapi/v3/apis/first.example.com",
        "/openapi/v3/apis/first.example.com/v2",
        "/openapi/v3/api/v1",
        "/openapi/v3/x",
    ] {
        let answer = get(&server, path, &[]).await;
        assert_eq!((answer.code.as_u16(), &*answer.body), (404, "404 page not found\n"), "{path}");
    }
}

#[tokio::test]
async fn c2_2_6_documents_can_only_be_read() {
    let server = server();
    for (method, path) in [("POST", "/apis"), ("DELETE", "/apis/first.example.com/v1"), ("PUT", "/openapi/v3")] {
        let answer = send(&server, method, path, &[]).await;
        assert_eq!(answer.code.as_u16(), 405, "{method} {path}");
        assert_eq!(answer.header("allow"), "GET");
        assert_eq!(answer.json()["reason"], "MethodNotAllowed");
    }
}

#[tokio::test]
async fn c4_2_15_discovery_is_indented_for_a_person() {
    let server = server();
    let compact = get(&server, "/apis/first.example.com", &[]).await.body;
    assert!(compact.ends_with("}\n") && compact.lines().count() == 1);
    let pretty = get(&server, "/apis/first.example.com", &[("user-agent", "curl/8")]).await.body;
    assert!(pretty.lines().count() > 10);
    assert_eq!(serde_json::from_str::<Value>(&pretty).unwrap(), serde_json::from_str::<Value>(&compact).unwrap());
    assert_eq!(get(&server, "/apis/first.example.com?pretty=true", &[]).await.body, pretty);
}

#[tokio::test]
async fn c3_2_13_discovery_follows_what_is_installed() {
    let server = server();
    let before = get(&server, "/apis/first.example.com/v1", &[]).await;
    assert_eq!(before.code.as_u16(), 200);
    server.remove("first.example.com", "ones").await.unwrap();
    assert_eq!(get(&server, "/apis/first.example.com/v1", &[]).await.code.as_u16(), 404);
    assert_eq!(get(&server, "/openapi/v3", &[]).await.json()["paths"].as_object().unwrap().len(), 2);
}
