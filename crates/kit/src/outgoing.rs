//! Asking other nodes over HTTP, with TLS where their address says so.

/// For a node at this address. Behind `https:` it has to show a certificate that this machine trusts: by an authority of the system, or by one of
/// those in the file or the folder that `SSL_CERT_FILE` and `SSL_CERT_DIR` name. Where neither holds any, such a client cannot be built.
pub fn to(address: &str) -> reqwest::ClientBuilder {
    if address.starts_with("https:") { client() } else { plain() }
}

/// For addresses without TLS. It needs no authority, and trusts none.
pub fn plain() -> reqwest::ClientBuilder {
    client().tls_certs_only([])
}

fn client() -> reqwest::ClientBuilder {
    // Whoever comes second finds the same provider there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "the one place")]
    reqwest::Client::builder()
}
