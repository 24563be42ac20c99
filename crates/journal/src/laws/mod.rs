//! What every journal keeps, as tests. `journal_laws!` gives an adapter all of them or none.

mod append;
mod copied;
#[expect(clippy::unwrap_used, reason = "laws are tests: what is unexpected panics")]
mod executor;
mod follow;
mod model;
mod read;
mod support;
mod watched;

pub use append::*;
pub use copied::*;
pub use executor::*;
pub use follow::*;
pub use model::*;
pub use read::*;
pub use watched::*;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{CopyInto, SharedJournal};

/// Where a law finds its ledgers: an adapter with a folder, a server or a piece of memory of its own.
#[async_trait]
pub trait Place: Send + Sync {
    /// Opens the ledger of this name; the first time, it is empty. A law drops a handle before it opens the same ledger again.
    async fn open(&self, ledger: &str) -> SharedJournal;

    /// Opens a place of this name for a copy; `None` when it holds a ledger of its own.
    async fn open_copy(&self, ledger: &str) -> Option<Arc<dyn CopyInto>>;

    /// Ends whatever holds the ledgers, without warning, and brings it back. Every handle has been dropped.
    async fn crash(&self) {}
}

/// Runs every law in places that `$place` makes. `paused` runs on tokio's paused clock, for journals without IO of their own.
#[macro_export]
macro_rules! journal_laws {
    (paused $place:expr) => {
        $crate::journal_laws! { @all (start_paused = true) $place }
    };
    (real $place:expr) => {
        $crate::journal_laws! { @all (flavor = "multi_thread", worker_threads = 2) $place }
    };
    (@all $runtime:tt $place:expr) => {
        $crate::journal_laws! { @each $runtime $place;
            acknowledged_append_survives_reopen
            positions_are_contiguous_from_one
            conflict_names_both_positions
            losing_append_leaves_no_trace
            concurrent_appends_elect_one
            a_resend_with_the_same_expectation_adds_nothing
            a_body_over_the_limit_is_refused_and_leaves_no_trace
            appends_together_are_each_as_if_alone
            load_gives_one_stream_after_a_position_and_bounded
            read_after_is_exclusive_and_bounded
            a_filtered_read_gives_its_kinds_in_position_order
            bytes_round_trip_exactly
            follow_passes_from_past_to_present
            slow_follower_skips_nothing
            followers_that_wait_keep_nobody_from_reading
            a_filtered_follower_learns_how_far_it_has_seen
            a_copied_ledger_keeps_positions_and_bytes
            a_ledger_of_its_own_is_no_place_for_a_copy_and_another_s_copy_is_noticed
            a_sealed_ledger_takes_nothing_more_and_its_finished_copy_goes_on
            a_seal_among_many_appends_ends_them_and_loses_none
            a_finished_copy_takes_nothing_more_from_a_source
            a_copy_is_never_longer_than_what_is_copied
            random_histories_agree_with_a_list
            same_command_is_recorded_once
            a_lost_acknowledgement_is_found_again
            racing_executors_elect_one
            a_stale_precondition_is_told_at_once
            the_same_paper_under_another_key_is_noticed
            commands_together_are_each_as_if_alone
            what_others_record_is_known_to_a_process_that_writes_nearly_everything
            a_ledger_is_known_again_by_its_last_record
            a_ledger_that_lacks_what_was_there_is_noticed
        }
    };
    (@each $runtime:tt $place:expr; $($law:ident)*) => { $($crate::journal_laws! { @one $runtime $place; $law })* };
    (@one ($($runtime:tt)*) $place:expr; $law:ident) => {
        #[tokio::test($($runtime)*)]
        async fn $law() {
            let place = $place;
            $crate::laws::$law(&place).await;
        }
    };
}
