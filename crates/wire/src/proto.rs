//! Types generated from `proto/`: what other processes speak, and the second opinion on our own bytes. Nothing here is written into a ledger.

/// Every file of `proto/`, as a serialised `google.protobuf.FileDescriptorSet`.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// What is stored.
pub mod record {
    #[allow(clippy::pedantic, clippy::large_enum_variant, reason = "generated")]
    pub mod v1 {
        include!(concat!(env!("OUT_DIR"), "/socai.record.v1.rs"));
    }
}

/// What follows a ledger.
pub mod ledger {
    #[allow(clippy::pedantic, clippy::large_enum_variant, reason = "generated")]
    pub mod v1 {
        include!(concat!(env!("OUT_DIR"), "/socai.ledger.v1.rs"));
    }
}

/// What is counted.
pub mod tally {
    #[allow(clippy::pedantic, clippy::large_enum_variant, reason = "generated")]
    pub mod v1 {
        include!(concat!(env!("OUT_DIR"), "/socai.tally.v1.rs"));
    }
}
