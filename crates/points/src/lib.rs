//! Places of the code at which a death or a pause could lose, double or interleave something, each with a name by which tests ask for either.
//!
//! Only test builds are `armed`. Without that feature passing a point is nothing.

#[cfg(feature = "armed")]
mod armed;

#[cfg(feature = "armed")]
pub use armed::{Fate, Points, VARIABLE};

macro_rules! points {
    ($($(#[doc = $what:literal])+ $point:ident = $name:literal,)+) => {
        /// Where a process may be asked to die or to pause.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Point {
            $($(#[doc = $what])+ $point,)+
        }

        impl Point {
            /// In the order in which one decision passes them.
            pub const ALL: &[Self] = &[$(Self::$point,)+];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$point => $name,)+
                }
            }
        }
    };
}

points! {
    /// A first token is in its file, on the disk; its grant is not recorded yet.
    TokenKept = "token-kept",
    /// A command is decided and written down, and not appended yet.
    Decided = "decided",
    /// A transaction of the journal on SQLite is committed; nobody is answered yet, and no reader knows of it.
    GroupCommitted = "group-committed",
    /// The journal has acknowledged an append; its caller is not answered yet.
    Appended = "appended",
    /// A key was found to be recorded already; the earlier receipt is not sent yet.
    RetryFound = "retry-found",
    /// Which record was seen last is written beside the file that says so, and not renamed yet.
    LastSeenBeside = "last-seen-beside",
    /// A follower has become the one that writes a view, and has written nothing yet.
    LeadTaken = "lead-taken",
    /// Records are read for a view, and the transaction that folds them has not begun.
    BatchRead = "batch-read",
    /// Rows and checkpoint of a view are written in a transaction that is not committed yet.
    RowsWritten = "rows-written",
    /// Rows and checkpoint of a view are committed; nobody is told yet, neither readers here nor those of its cells.
    RowsCommitted = "rows-committed",
    /// A follower is about to give up being the one that writes.
    LeadLeaving = "lead-leaving",
    /// One of several cells is told on NATS, the others and the position are not.
    CellTold = "cell-told",
    /// All cells of a round are told on NATS, the position that they are of is not.
    CellsTold = "cells-told",
    /// A portal has taken an update for a subscriber, and not sent it yet.
    UpdateTaken = "update-taken",
    /// A portal has handed an update to the subscriber's connection.
    UpdateSent = "update-sent",
    /// A view is built anew and compared with the one in use, which stands still; the pointer is not moved yet.
    RebuildCompared = "rebuild-compared",
    /// The pointer is moved to the view that was built anew; the old one is still there, and the lead is still the builder's.
    RebuildSwitched = "rebuild-switched",
    /// The record that seals a ledger is appended; the place does not know yet that it is sealed.
    SealAppended = "seal-appended",
    /// Some records have arrived in a copy, and more are to come.
    CopyPut = "copy-put",
    /// A copy is complete and compared; it is not handed over to yet.
    CopyProven = "copy-proven",
}

impl Point {
    /// Dies or pauses here, if a test asks for it.
    #[inline(always)]
    pub fn pass(self) {
        #[cfg(feature = "armed")]
        armed::pass(self);
    }
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
