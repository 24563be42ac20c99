//! The tally keeps the laws of views on both stores, its index is its rows, and a reader elsewhere sees the same.

mod index;
mod stores;

mod sqlite {
    views::view_laws!(super::stores::sqlite, tally::TallyView::default);
}

mod postgres {
    views::view_laws!(super::stores::postgres, tally::TallyView::default);
}
