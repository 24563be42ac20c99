//! One port for HTTP/1.1 and HTTP/2 by prior knowledge, told apart by the first bytes of a connection; gRPC comes by the latter.

use std::{
    pin::pin,
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{Router, serve::Listener};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::{Problem, problem::UNAVAILABLE};

/// What a server allows.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most connections at once; over it they are answered 503 and closed.
    pub connections_max: usize,
    /// A connection on which nothing at all comes is given up after so long.
    pub silence: Duration,
    /// How long a stop waits for those who are being answered.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections_max: 8_192, silence: Duration::from_secs(10), drain: Duration::from_secs(8) }
    }
}

/// Most of them that are refused at the same time; beyond it they are closed without a word.
const REFUSALS_MAX: usize = 256;
/// How long one that is refused is listened to, so that it reads its answer before its connection ends.
const REFUSAL_WAIT_MAX: Duration = Duration::from_secs(1);

/// Most calls at once on one connection of HTTP/2.
const CALLS_MAX: u32 = 128;

/// Most bytes of the headers of one call.
const CALL_HEADERS_MAX_BYTES: u32 = 16 * 1_024;

/// An HTTP/2 connection on which nothing comes is asked so often whether anybody is there, and given up when there is no answer.
const PING_EVERY: Duration = Duration::from_secs(20);
const PING_WAIT_MAX: Duration = Duration::from_secs(10);

/// How long the head of a request may take, the next one's of a connection as well; longer than proxies keep connections that nobody uses.
const REQUEST_WAIT_MAX: Duration = Duration::from_secs(330);

/// Answers until `stop`, then lets those who are being answered finish, for a while. Returns whether all did.
pub async fn serve(mut listener: TcpListener, router: Router, stop: CancellationToken, limits: Limits) -> bool {
    let service = TowerToHyperService::new(router.with_state::<()>(()));
    let (places, refusals) = (Arc::new(Semaphore::new(limits.connections_max)), Arc::new(Semaphore::new(REFUSALS_MAX)));
    let connections = GracefulShutdown::new();
    let builder = builder();
    let mut stopping = pin!(stop.cancelled());
    loop {
        let io = tokio::select! {
            biased;
            () = &mut stopping => break,
            (io, _) = Listener::accept(&mut listener) => io,
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            if let Ok(refusal) = refusals.clone().try_acquire_owned() {
                tokio::spawn(async move {
                    let _refused = tokio::time::timeout(REFUSAL_WAIT_MAX, refuse(io)).await;
                    drop(refusal);
                });
            }
            continue;
        };
        // Small messages of a stream leave at once.
        drop(io.set_nodelay(true));
        let (builder, service, watcher, stop) = (builder.clone(), service.clone(), connections.watcher(), stop.clone());
        tokio::spawn(async move {
            // Whoever says nothing holds a place for a while only.
            let mut first = [0];
            let spoke = tokio::time::timeout(limits.silence, io.peek(&mut first));
            if !matches!(stop.run_until_cancelled(spoke).await, Some(Ok(Ok(1)))) {
                return;
            }
            let connection = builder.serve_connection(TokioIo::new(io), service).into_owned();
            if let Err(error) = watcher.watch(connection).await {
                debug!(%error, "a connection broke");
            }
            drop(place);
        });
    }
    drop(listener);
    tokio::time::timeout(limits.drain, connections.shutdown()).await.is_ok()
}

/// What is answered to one connection too many, whatever it asks.
static TOO_MANY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let problem = Problem::new(
        UNAVAILABLE,
        "Đang có quá nhiều kết nối; gửi lại sau giây lát với cùng Idempotency-Key.",
        "There are too many connections; send it again in a moment with the same Idempotency-Key.",
    )
    .retry_after(Duration::from_secs(1));
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let head = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\nconnection: close\r\n";
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
});

async fn refuse(mut io: TcpStream) -> std::io::Result<()> {
    metrics::counter!("socai_connections_refused_total").increment(1);
    io.write_all(&TOO_MANY).await?;
    io.shutdown().await?;
    // Closed with something unread, it would take the answer back.
    let mut unread = [0; 1_024];
    while io.read(&mut unread).await? > 0 {}
    Ok(())
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(REQUEST_WAIT_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(CALLS_MAX)
        .max_header_list_size(CALL_HEADERS_MAX_BYTES)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_WAIT_MAX);
    builder
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;

    async fn asked(address: std::net::SocketAddr) -> (TcpStream, String) {
        let mut io = TcpStream::connect(address).await.unwrap();
        io.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = vec![0; 4_096];
        let read = io.read(&mut answer).await.unwrap();
        answer.truncate(read);
        (io, String::from_utf8(answer).unwrap())
    }

    #[tokio::test]
    async fn one_connection_too_many_is_told_so_and_there_is_room_when_another_ends() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let limits = Limits { connections_max: 1, ..Limits::default() };
        let router = Router::new().route("/", get(async || "here"));
        let serving = tokio::spawn(serve(listener, router, stop.clone(), limits));
        let (first, answer) = asked(address).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let (_, refused) = asked(address).await;
        assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
        assert!(refused.contains("retry-after: 1") && refused.contains("/problems/unavailable"), "{refused}");
        drop(first);
        let again = async {
            while !asked(address).await.1.starts_with("HTTP/1.1 200") {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), again).await.unwrap();
        stop.cancel();
        assert!(serving.await.unwrap());
    }

    #[tokio::test]
    async fn whoever_says_nothing_gives_the_place_back() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let limits = Limits { connections_max: 1, silence: Duration::from_millis(50), ..Limits::default() };
        let router = Router::new().route("/", get(async || "here"));
        let serving = tokio::spawn(serve(listener, router, stop.clone(), limits));
        let mut silent = TcpStream::connect(address).await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(10), silent.read(&mut [0])).await;
        assert_eq!(ended.unwrap().unwrap(), 0);
        assert!(asked(address).await.1.starts_with("HTTP/1.1 200"));
        stop.cancel();
        assert!(serving.await.unwrap());
    }
}
