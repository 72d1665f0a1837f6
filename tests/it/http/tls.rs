//! The server as it speaks TLS itself, to a client that trusts its certificate alone.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use paidan::app::service::Service;
use paidan::web::{Options, Tls};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::client::{Asked, Server};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/http").join(name)
}

/// The certificate of `localhost` was made for tests alone, and its key is in nobody's use.
fn tls() -> Tls {
    Tls { certificates: file("localhost.pem"), key: file("localhost.key.pem") }
}

#[test]
fn a_server_with_a_certificate_is_asked_over_tls() {
    let options = Options { tls: Some(tls()), ..Options::default() };
    let server = Server::of(Service::in_memory(), options);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("localhost.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, Asked::open(server.address).stream);
    let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Whoever knows no TLS is not answered.
    let mut plain = Asked::open(server.address).stream;
    plain.write_all(request).unwrap();
    let mut bytes = Vec::new();
    let _ = plain.read_to_end(&mut bytes);
    assert!(!bytes.starts_with(b"HTTP/"));
}

#[test]
fn a_certificate_that_is_none_is_told() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-certificate");
    fs::create_dir_all(&folder).unwrap();
    let nothing = folder.join("nothing.pem");
    fs::write(&nothing, "nothing").unwrap();
    let options = Options {
        listen: ([127, 0, 0, 1], 0).into(),
        tls: Some(Tls { certificates: nothing, key: tls().key }),
        heeds_signals: false,
        ..Options::default()
    };
    let stop = paidan::web::Stop::default();
    let refused = paidan::web::serve(&options, Service::in_memory(), &stop, |_| ()).unwrap_err();
    assert!(refused.to_string().contains("nothing.pem"), "{refused}");
}
