//! The law of copying: a copy has the same positions and the same bytes.

use domain::{Kind, Position};

use super::{
    Place,
    support::{append, everything, grow, must, stream},
};
use crate::{CopyError, copy};

pub async fn a_copied_ledger_keeps_positions_and_bytes(place: &dyn Place) {
    let original = place.open("original").await;
    let structure = stream(Kind::Structure, "hp");
    let mut last = append(&*original, structure, None, "genesis").await;
    for n in 0..40 {
        append(&*original, stream(Kind::Organisation, &n.to_string()), None, n).await;
        last = append(&*original, structure, Some(last), n).await;
    }
    let copied = place.open("copy").await;
    assert_eq!(must("copy", copy(&*original, &*copied).await), Position(81));
    assert_eq!(everything(&*copied).await, everything(&*original).await);

    // It resumes where it stopped, and does nothing when nothing came.
    grow(&*original, structure, Some(last), 5).await;
    for _ in 0..2 {
        assert_eq!(must("copy", copy(&*original, &*copied).await), Position(86));
        assert_eq!(everything(&*copied).await, everything(&*original).await);
    }

    // A ledger of its own is no place for a copy.
    let taken = place.open("taken").await;
    append(&*taken, stream(Kind::Query, "its own"), None, "x").await;
    let refused = copy(&*original, &*taken).await;
    assert!(
        matches!(refused, Err(CopyError::Append(_) | CopyError::Displaced { .. } | CopyError::Differs { .. })),
        "{refused:?}"
    );
}
