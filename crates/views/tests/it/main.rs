//! The laws of views on both stores, and what only a server that goes away can show.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod first_start;
mod outage;
mod stores;

use views::laws::Tables;

mod sqlite {
    views::view_laws!(super::stores::sqlite, || super::Tables);
}

mod postgres {
    views::view_laws!(super::stores::postgres, || super::Tables);
}
