//! One port for HTTP/1.1 and HTTP/2 by prior knowledge, told apart by the first bytes of a connection; gRPC comes by the latter.

use std::{pin::pin, time::Duration};

use axum::{
    Router,
    serve::{Listener, ListenerExt},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::debug;

/// Most calls at once on one connection of HTTP/2.
const CALLS_MAX: u32 = 128;

/// Most bytes of the headers of one call.
const CALL_HEADERS_MAX_BYTES: u32 = 16 * 1_024;

/// An HTTP/2 connection on which nothing comes is asked so often whether anybody is there, and given up when there is no answer.
const PING_EVERY: Duration = Duration::from_secs(20);
const PING_WAIT_MAX: Duration = Duration::from_secs(10);

/// Answers until `stop`, then lets those who are being answered finish, at most `drain`. Returns whether all did.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken, drain: Duration) -> bool {
    // Small messages of a stream leave at once.
    let mut listener = listener.tap_io(|io| drop(io.set_nodelay(true)));
    let service = TowerToHyperService::new(router.with_state::<()>(()));
    let connections = GracefulShutdown::new();
    let builder = builder();
    let mut stopping = pin!(stop.cancelled());
    loop {
        let io = tokio::select! {
            biased;
            () = &mut stopping => break,
            (io, _) = listener.accept() => io,
        };
        let connection = builder.serve_connection(TokioIo::new(io), service.clone()).into_owned();
        let served = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = served.await {
                debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    tokio::time::timeout(drain, connections.shutdown()).await.is_ok()
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(CALLS_MAX)
        .max_header_list_size(CALL_HEADERS_MAX_BYTES)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_WAIT_MAX);
    builder
}
