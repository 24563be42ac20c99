//! APPEND. The port that every journal keeps, its laws, and its adapters.

mod copy;
mod deviations;
pub mod eventually;
pub mod executor;
#[cfg(feature = "laws")]
pub mod laws;
pub mod live;
pub mod memory;
pub mod nats;
mod open;
mod port;
pub mod sqlite;
mod tail;
mod watchdog;

pub use copy::{Copier, CopyError, CopyInto, Proof, SourceEnd};
pub use deviations::Deviations;
pub use executor::{ExecuteError, Executor, ExecutorConfig, Recorded, Submission};
pub use live::{
    ClockAhead, Grant, Instants, LedgerClock, Listed, Live, NotNow, Noted, Now, Progress, Publications, Reservation,
};
pub use open::{OpenError, Options, check_url, open, open_copy};
pub use port::*;
pub use watchdog::{Keep, Seen, Watchdog};
