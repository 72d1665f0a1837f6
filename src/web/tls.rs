//! TLS on accepted connections: TLS 1.2 and 1.3 by rustls over ring. Without the feature `tls`,
//! asking for it is refused, so that nobody believes himself covered who is not.

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::options::Tls;
use crate::app::Failure;

/// A connection, covered or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Turns connections into covered ones; [`None`] leaves them as they are.
#[derive(Clone)]
pub(crate) struct Cover {
    #[cfg(feature = "tls")]
    acceptor: Option<tokio_rustls::TlsAcceptor>,
}

#[cfg(not(feature = "tls"))]
impl Cover {
    /// What `tls` asks for.
    ///
    /// # Errors
    /// [`Failure::Wish`] when it asks for anything: this program cannot.
    pub(crate) fn new(tls: Option<&Tls>) -> Result<Cover, Failure> {
        match tls {
            None => Ok(Cover {}),
            Some(_) => Err(Failure::wish(
                "本程序未编入 TLS：请以 --features tls 编译，或置于代理之后",
                "this program was built without TLS: build it with --features tls, or put it \
                 behind a proxy",
            )),
        }
    }

    /// The connection as it is.
    pub(crate) async fn over(&self, stream: TcpStream) -> Option<Box<dyn Stream>> {
        Some(Box::new(stream))
    }
}

#[cfg(feature = "tls")]
impl Cover {
    /// What `tls` asks for.
    ///
    /// # Errors
    /// [`Failure::Wish`] when certificate and key cannot be used.
    pub(crate) fn new(tls: Option<&Tls>) -> Result<Cover, Failure> {
        let acceptor = tls.map(acceptor).transpose()?;
        Ok(Cover { acceptor })
    }

    /// The connection, covered; nothing when whoever called knows no TLS.
    pub(crate) async fn over(&self, stream: TcpStream) -> Option<Box<dyn Stream>> {
        match &self.acceptor {
            None => Some(Box::new(stream)),
            Some(acceptor) => match acceptor.accept(stream).await {
                Ok(covered) => Some(Box::new(covered)),
                Err(_) => None,
            },
        }
    }
}

#[cfg(feature = "tls")]
fn acceptor(tls: &Tls) -> Result<tokio_rustls::TlsAcceptor, Failure> {
    use std::sync::Arc;

    use rustls::ServerConfig;
    use rustls::crypto::ring;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let unusable = |path: &std::path::Path, error: &dyn std::fmt::Display| {
        let path = path.display();
        Failure::wish(
            format!("{path} 不能用于 TLS：{error}"),
            format!("{path} cannot be used for TLS: {error}"),
        )
    };
    let path = &tls.certificates;
    let certificates = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let certificates: Vec<_> = certificates.map_err(|error| unusable(path, &error))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key);
    let key = key.map_err(|error| unusable(&tls.key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows the usual versions")
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| unusable(path, &error))?;
    Ok(tokio_rustls::TlsAcceptor::from(Arc::new(config)))
}
