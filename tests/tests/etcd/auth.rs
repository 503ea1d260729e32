//! Users and passwords.

use etcd_client::{Client, Permission, PermissionType};
use rest_resource::backend::etcd::ConnectError;
use rest_resource::backend::{Backend, Error, Range};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;

use super::kit::{put, until, watch_now};

/// An etcd with the users `root` and `server`, which may only use `/registry/`.
async fn start() -> Option<EtcdServer> {
    let server = EtcdServer::start()?;
    let mut admin = Client::connect([server.url()], None).await.expect("etcd answers");
    admin.role_add("registry").await.expect("a role");
    let registry = Permission::new(PermissionType::Readwrite, "/registry/").with_prefix();
    admin.role_grant_permission("registry", registry).await.expect("a permission");
    for (user, role) in [("root", "root"), ("server", "registry")] {
        if role == "root" {
            admin.role_add("root").await.expect("a role");
        }
        admin.user_add(user, format!("secret-of-{user}"), None).await.expect("a user");
        admin.user_grant_role(user, role).await.expect("a role of a user");
    }
    admin.auth_enable().await.expect("authentication");
    Some(server)
}

#[tokio::test]
async fn a_user_with_a_password() {
    let Some(server) = start().await else { return };
    let options = server.options().user("root", "secret-of-root");
    let printed = format!("{options:?}");
    assert!(printed.contains("root") && !printed.contains("secret"), "{printed}");
    let etcd = soon(options.connect()).await.unwrap();
    assert!(!format!("{etcd:?}").contains("secret"));
    let mut watch = watch_now(&etcd, "/registry/").await;
    let written = put(&etcd, "/registry/a", "x").await;
    assert_eq!(until(&mut watch, written).await, [("/registry/a".to_owned(), written)]);
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let Some(server) = start().await else { return };
    for options in [server.options().user("root", "wrong-secret"), server.options().user("nobody", "wrong-secret")] {
        let error = soon(options.connect()).await.err().unwrap();
        assert!(matches!(&error, ConnectError::Refused(why) if why.contains("authentication failed")), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let error = soon(server.options().connect()).await.err().unwrap();
    assert!(matches!(error, ConnectError::Refused(_)), "{error}");
}

#[tokio::test]
async fn a_user_may_use_a_part_of_the_keys() {
    let Some(server) = start().await else { return };
    let options = server.options().user("server", "secret-of-server");
    let error = soon(options.clone().connect()).await.err().unwrap();
    assert!(matches!(&error, ConnectError::Refused(why) if why.contains("permission denied")), "{error}");

    let etcd = soon(options.keys("/registry/").connect()).await.unwrap();
    put(&etcd, "/registry/a", "x").await;
    assert_eq!(soon(etcd.get("/registry/a")).await.unwrap().unwrap().value, "x");
    let error = soon(etcd.range(Range { prefix: "/other/", ..Range::default() })).await.unwrap_err();
    assert_eq!(error, Error::Unavailable("etcd: etcdserver: permission denied".to_owned()));
}

/// A token of before the users changed is exchanged for a new one.
#[tokio::test]
async fn users_change_meanwhile() {
    let Some(server) = start().await else { return };
    let etcd = soon(server.options().user("root", "secret-of-root").connect()).await.unwrap();
    let mut watch = watch_now(&etcd, "/registry/").await;
    let options = etcd_client::ConnectOptions::new().with_user("root", "secret-of-root");
    let mut admin = Client::connect([server.url()], Some(options)).await.unwrap();
    admin.user_add("another", "secret", None).await.unwrap();
    // One request finds it out.
    while soon(etcd.current_revision()).await.is_err() {}
    let written = put(&etcd, "/registry/a", "x").await;
    assert_eq!(until(&mut watch, written).await, [("/registry/a".to_owned(), written)]);
}
