//! Who is measured, where, and with how many connections.

/// Where a store keeps its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
    /// A nats-server that syncs later.
    Buffered,
    /// A nats-server that syncs before each acknowledgement.
    SyncAlways,
}

/// One store, measured by a binary of its package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    /// With the version that its package's Cargo.lock has.
    pub(crate) version: &'static str,
    pub(crate) binary: &'static str,
    pub(crate) backend: Backend,
    /// Connections for 1, 8 and 64 callers: those that were best for 8 and 64 of 1 to 64 that were tried, but for esrs and the Python
    /// recorder on PostgreSQL, which have the same untried; eventsourced has a fixed ten.
    pub(crate) pools: [u32; 3],
}

impl Measured {
    pub(crate) fn is_ours(&self) -> bool {
        self.binary == "ours"
    }

    pub(crate) fn pool(&self, callers: usize) -> u32 {
        match callers {
            1 => self.pools[0],
            2..=8 => self.pools[1],
            _ => self.pools[2],
        }
    }
}

const fn ours(backend: Backend) -> Measured {
    Measured { name: "socai", version: "this tree", binary: "ours", backend, pools: [1; 3] }
}

const fn peer(name: &'static str, version: &'static str, backend: Backend, pools: [u32; 3]) -> Measured {
    Measured { name, version, binary: "peers-crates", backend, pools }
}

const fn mire(name: &'static str, backend: Backend, pools: [u32; 3]) -> Measured {
    Measured { name, version: "0.4.0", binary: "peers-mire", backend, pools }
}

/// In Python, and therefore slow; its recorders are what many measure themselves against.
const fn python(name: &'static str, backend: Backend, pools: [u32; 3]) -> Measured {
    Measured { name, version: "9.5.6", binary: "eventsourcing_peer.py", backend, pools }
}

/// What is compared with each other: one of ours at its head, and peers of the same durability.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) stores: &'static [Measured],
}

pub(crate) const GROUPS: &[Group] = &[
    Group {
        name: "sqlite",
        what: "on SQLite, WAL, synchronous = full",
        stores: &[
            ours(Backend::Sqlite),
            peer("sqlite-es", "0.5.0", Backend::Sqlite, [1, 1, 1]),
            peer("eventcore-sqlite", "2.1.0", Backend::Sqlite, [1, 1, 1]),
            peer("evento-sqlite", "1.8.0", Backend::Sqlite, [1, 1, 1]),
            mire("mire-sqlite", Backend::Sqlite, [1, 1, 1]),
            python("eventsourcing-sqlite", Backend::Sqlite, [1, 8, 64]),
        ],
    },
    Group {
        name: "postgres",
        what: "on PostgreSQL, fsync and synchronous_commit on; ours on SQLite",
        stores: &[
            ours(Backend::Sqlite),
            peer("postgres-es", "0.5.0", Backend::Postgres, [1, 8, 32]),
            peer("eventcore-postgres", "2.1.0", Backend::Postgres, [1, 8, 32]),
            peer("evento-postgres", "1.8.0", Backend::Postgres, [1, 8, 32]),
            peer("esrs", "0.18.0", Backend::Postgres, [1, 8, 32]),
            peer("eventsourced-postgres", "0.14.2", Backend::Postgres, [10, 10, 10]),
            python("eventsourcing-postgres", Backend::Postgres, [1, 8, 8]),
        ],
    },
    Group {
        name: "jetstream",
        what: "on JetStream, buffered",
        stores: &[ours(Backend::Buffered), peer("esrc", "0.1.0", Backend::Buffered, [1; 3])],
    },
    Group {
        name: "jetstream-fsync",
        what: "on JetStream, sync_interval: always",
        stores: &[ours(Backend::SyncAlways), peer("esrc", "0.1.0", Backend::SyncAlways, [1; 3])],
    },
];
