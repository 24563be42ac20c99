//! A proxy before a server, which does to connections what networks do.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::{AbortHandle, JoinSet},
};

const CHUNK_BYTES: usize = 16 * 1024;

/// What happens to the bytes on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// They arrive.
    Clear,
    /// Each piece arrives so much later, both ways.
    Slow(Duration),
    /// None arrives until the weather changes; then all of them do.
    Still,
    /// What the server gets arrives, what it answers does not: acknowledgements are lost.
    Deaf,
    /// Half of the next piece arrives, and then the connection is cut.
    Halved,
    /// Nobody gets a connection.
    Away,
}

/// Listens on a port of its own and hands on to one server. Dropping it cuts all connections.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: AbortHandle,
}

struct Shared {
    weather: watch::Sender<Weather>,
    /// Counts the cuts; a connection ends when it sees another one.
    cuts: watch::Sender<u64>,
}

impl Proxy {
    /// Before `server`, such as `127.0.0.1:4222`, which need not run yet.
    pub async fn before(server: &str) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let shared = Arc::new(Shared { weather: watch::Sender::new(Weather::Clear), cuts: watch::Sender::new(0) });
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(accept(listener, server.to_owned(), shared.clone())).abort_handle();
        Ok(Self { address, shared, accepting })
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on, for connections that are there and for new ones. A connection that lost bytes is cut.
    pub fn set(&self, weather: Weather) {
        let before = self.shared.weather.send_replace(weather);
        if before == Weather::Deaf || weather == Weather::Away {
            self.cut();
        }
    }

    /// Cuts every connection, in the middle of whatever it carries.
    pub fn cut(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, server: String, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else { continue };
                if *shared.weather.borrow() != Weather::Away {
                    connections.spawn(connect(client, server.clone(), shared.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Hands on both ways until one side ends, or the connection is cut.
async fn connect(client: TcpStream, server: String, shared: Arc<Shared>) -> io::Result<()> {
    let mut cuts = shared.cuts.subscribe();
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        _ = cuts.changed() => Ok(()),
        ended = hand_on(from_client, to_server, false, shared.weather.subscribe()) => ended,
        ended = hand_on(from_server, to_client, true, shared.weather.subscribe()) => ended,
    }
}

async fn hand_on(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    are_answers: bool,
    mut weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let length = from.read(&mut chunk).await?;
        if length == 0 {
            return Ok(());
        }
        let ended = |_| io::ErrorKind::ConnectionAborted;
        let now = *weather.wait_for(|&weather| weather != Weather::Still).await.map_err(ended)?;
        match now {
            Weather::Deaf if are_answers => continue,
            Weather::Halved => return to.write_all(&chunk[..length / 2]).await,
            Weather::Slow(by) => tokio::time::sleep(by).await,
            Weather::Clear | Weather::Still | Weather::Deaf | Weather::Away => {}
        }
        to.write_all(&chunk[..length]).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers what it is sent.
    async fn echo() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = client.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        address.to_string()
    }

    async fn asked(connection: &mut TcpStream, word: &[u8]) -> io::Result<Vec<u8>> {
        connection.write_all(word).await?;
        let mut answer = vec![0; word.len()];
        connection.read_exact(&mut answer).await?;
        Ok(answer)
    }

    #[tokio::test]
    async fn what_is_clear_arrives_and_what_is_cut_ends() {
        let proxy = Proxy::before(&echo().await).await.unwrap();
        let mut connection = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(asked(&mut connection, b"word").await.unwrap(), b"word");
        proxy.set(Weather::Slow(Duration::from_millis(5)));
        assert_eq!(asked(&mut connection, b"later").await.unwrap(), b"later");
        proxy.cut();
        assert!(asked(&mut connection, b"word").await.is_err());
    }

    #[tokio::test]
    async fn what_is_still_arrives_when_the_weather_changes() {
        let proxy = Proxy::before(&echo().await).await.unwrap();
        let mut connection = TcpStream::connect(proxy.address()).await.unwrap();
        proxy.set(Weather::Still);
        let answer = tokio::time::timeout(Duration::from_millis(100), asked(&mut connection, b"word")).await;
        assert!(answer.is_err(), "{answer:?}");
        proxy.set(Weather::Clear);
        let mut late = [0; 4];
        connection.read_exact(&mut late).await.unwrap();
        assert_eq!(&late, b"word");
    }

    #[tokio::test]
    async fn a_deaf_connection_loses_answers_and_is_cut_afterwards() {
        let proxy = Proxy::before(&echo().await).await.unwrap();
        let mut connection = TcpStream::connect(proxy.address()).await.unwrap();
        proxy.set(Weather::Deaf);
        let answer = tokio::time::timeout(Duration::from_millis(100), asked(&mut connection, b"word")).await;
        assert!(answer.is_err(), "{answer:?}");
        proxy.set(Weather::Clear);
        assert!(connection.read_u8().await.is_err());
    }

    #[tokio::test]
    async fn half_of_a_piece_arrives_and_nobody_gets_a_connection_to_who_is_away() {
        let proxy = Proxy::before(&echo().await).await.unwrap();
        let mut connection = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(asked(&mut connection, b"word").await.unwrap(), b"word");
        proxy.set(Weather::Halved);
        connection.write_all(b"word").await.unwrap();
        let mut rest = Vec::new();
        // It ends, or breaks: both are a cut.
        drop(connection.read_to_end(&mut rest).await);
        assert!(rest.len() <= 2, "{rest:?}");
        proxy.set(Weather::Away);
        let mut refused = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(asked(&mut refused, b"word").await.is_err());
    }
}
