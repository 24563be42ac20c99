//! How the work of reading grows with a text that never ends a sentence.

use crate::claims::{phrases::work, read};

/// Looked-up phrases for so many repetitions.
fn looked(shape: &str, times: usize) -> u64 {
    let text = shape.repeat(times);
    work::of(|| {
        read(&text);
    })
}

#[test]
fn a_text_without_a_full_stop_takes_no_more_than_its_length_says() {
    for (shape, tokens) in [("Lê Chân 4/3, ", 6), ("12 + ", 2), ("Hà Nội kết nạp 36 đảng viên, ", 8)] {
        // Whole sentences, as what never ends is cut.
        let times = 3_000 / tokens;
        let (once, twice) = (looked(shape, times), looked(shape, 2 * times));
        assert!(twice <= once * 21 / 10, "{shape}: {once} for {times}, {twice} for twice as many");
    }
}
