//! The trail keeps the laws of views on both stores, and its pages and lists say what the ledger says.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod lists;
mod pages;
mod stores;

mod sqlite {
    views::view_laws!(super::stores::sqlite, || audit::TrailView);
}

mod postgres {
    views::view_laws!(super::stores::postgres, || audit::TrailView);
}
