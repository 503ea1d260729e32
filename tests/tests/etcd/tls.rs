//! TLS, with certificates on both sides.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rest_resource::backend::etcd::{ConnectError, EtcdOptions};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;

use super::kit::{put, until, watch_now};

/// Writes an authority, and a certificate by it for each side.
fn write_certificates(folder: &Path) {
    let key = || KeyPair::generate().expect("a key");
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, key()).expect("a certificate");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    write("ca.pem", &ca.pem());
    for (name, usage) in
        [("server", ExtendedKeyUsagePurpose::ServerAuth), ("client", ExtendedKeyUsagePurpose::ClientAuth)]
    {
        let mut params = CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()]).expect("names");
        // etcd uses the certificate of the server as a client of itself too.
        params.extended_key_usages = vec![usage, ExtendedKeyUsagePurpose::ClientAuth];
        let key = key();
        let certificate = params.signed_by(&key, &ca).expect("a certificate");
        write(&format!("{name}.pem"), &certificate.pem());
        write(&format!("{name}.key"), &key.serialize_pem());
    }
}

/// Serves with TLS, to clients with a certificate only.
fn start() -> Option<EtcdServer> {
    EtcdServer::start_tls(|folder| {
        write_certificates(folder);
        let file = |name: &str| folder.join(name).display().to_string();
        let mut arguments = vec!["--client-cert-auth".to_owned()];
        for (argument, name) in
            [("--cert-file", "server.pem"), ("--key-file", "server.key"), ("--trusted-ca-file", "ca.pem")]
        {
            arguments.extend([argument.to_owned(), file(name)]);
        }
        arguments
    })
}

fn with_certificate(options: EtcdOptions, folder: &Path) -> EtcdOptions {
    options.client_certificate_files(folder.join("client.pem"), folder.join("client.key"))
}

#[tokio::test]
async fn both_sides_have_certificates() {
    let Some(server) = start() else { return };
    let options = server.options().ca_file(server.folder().join("ca.pem"));
    let etcd = soon(with_certificate(options, server.folder()).connect()).await.unwrap();
    let mut watch = watch_now(&etcd, "/registry/").await;
    let written = put(&etcd, "/registry/a", "x").await;
    assert_eq!(until(&mut watch, written).await, [("/registry/a".to_owned(), written)]);
}

#[tokio::test]
async fn a_side_without_the_right_certificate_is_refused() {
    let Some(server) = start() else { return };
    let folder = server.folder().join("other");
    std::fs::create_dir_all(&folder).unwrap();
    write_certificates(&folder);
    let ours = server.options().ca_file(server.folder().join("ca.pem"));
    let other = server.options().ca_file(folder.join("ca.pem"));
    for options in [ours.clone(), with_certificate(ours, &folder), with_certificate(other, server.folder())] {
        let error = soon(options.connect()).await.err().unwrap();
        assert!(matches!(error, ConnectError::Unreachable(_)), "{error}");
        assert!(!error.to_string().contains("PRIVATE"), "{error}");
    }
}

#[tokio::test]
async fn a_key_that_is_none_is_a_wrong_option() {
    let Some(server) = start() else { return };
    let options = server.options().ca_file(server.folder().join("ca.pem"));
    let options = options.client_certificate_files(server.folder().join("client.pem"), server.folder().join("ca.pem"));
    let error = soon(options.connect()).await.err().unwrap();
    assert!(matches!(error, ConnectError::Options(_)), "{error}");
}
