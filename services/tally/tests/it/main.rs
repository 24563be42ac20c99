//! The tally keeps the laws of views on both stores, its index is its rows, and a reader elsewhere sees the same.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod index;
mod stores;
mod telling;
mod versions;

mod sqlite {
    views::view_laws!(super::stores::sqlite, tally::TallyView::default);
}

mod postgres {
    views::view_laws!(super::stores::postgres, tally::TallyView::default);
}
