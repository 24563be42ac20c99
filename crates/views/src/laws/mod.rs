//! The laws of views, run for a view on a store: all or none. What they read is synthetic; `ledger` makes it.

mod batches;
mod follower;
mod ledger;
mod owners;
mod readers;
mod rebuild;
mod support;

pub use batches::{batches_do_not_matter, redelivery_changes_nothing, rows_and_checkpoint_commit_together};
pub use follower::{
    a_replaced_ledger_is_noticed, follower_crosses_from_past_to_present, unknown_event_names_its_position,
};
pub use ledger::record;
pub use owners::{
    a_paused_owner_that_wakes_up_cannot_write, a_silent_owner_is_replaced,
    an_owner_notices_its_successor_while_nothing_is_recorded, one_that_is_slow_to_load_takes_over_from_a_busy_owner,
    the_next_owner_takes_over, two_followers_never_interleave,
};
pub use readers::{a_reader_knows_rows_of_another_ledger, a_reader_waits_for_the_tables_and_changes_nothing};
pub use rebuild::{
    a_rebuild_reports_and_replaces_damaged_rows, a_rebuild_under_a_running_follower_loses_nothing,
    a_stopped_follower_goes_on_after_a_rebuild, rebuild_gives_equal_rows,
};
pub use support::{Opened, Tables, journal_of};

/// Runs every law for the view that `$view` makes on the store that `$open` gives: `async fn() -> Opened`, `fn() -> impl View`.
#[macro_export]
macro_rules! view_laws {
    ($open:expr, $view:expr) => {
        $crate::view_laws! { @each $open, $view;
            batches_do_not_matter
            redelivery_changes_nothing
            rows_and_checkpoint_commit_together
            a_paused_owner_that_wakes_up_cannot_write
            two_followers_never_interleave
            the_next_owner_takes_over
            a_silent_owner_is_replaced
            an_owner_notices_its_successor_while_nothing_is_recorded
            one_that_is_slow_to_load_takes_over_from_a_busy_owner
            follower_crosses_from_past_to_present
            unknown_event_names_its_position
            a_replaced_ledger_is_noticed
            a_reader_waits_for_the_tables_and_changes_nothing
            a_reader_knows_rows_of_another_ledger
            rebuild_gives_equal_rows
            a_rebuild_reports_and_replaces_damaged_rows
            a_rebuild_under_a_running_follower_loses_nothing
            a_stopped_follower_goes_on_after_a_rebuild
        }
    };
    (@each $open:expr, $view:expr; $($law:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $law() {
            $crate::laws::$law($open().await, $view).await;
        }
    )*};
}
