//! Each number of a text stands in a claim, or is told as not read.

use std::ops::Range;

use proptest::prelude::*;

use super::fair::{check, city};
use crate::claims::*;

/// Bytes of every figure that a claim prints.
fn figures(claim: &Claim) -> Vec<Range<usize>> {
    let percent = |percent: &Option<Percent>| percent.iter().map(|percent| percent.span.clone()).collect::<Vec<_>>();
    match &claim.statement {
        Statement::Ratio { actual, plan, percent: of } => {
            [vec![actual.span.clone(), plan.span.clone()], percent(of)].concat()
        }
        Statement::Percent(of) => vec![of.span.clone()],
        Statement::Count { count, of_which, .. } => {
            [Some(count), of_which.as_ref()].into_iter().flatten().map(|count| count.span.clone()).collect()
        }
        Statement::Sum { total, parts, .. } => {
            parts.iter().map(|part| part.count.span.clone()).chain([total.span.clone()]).collect()
        }
        Statement::Units(units) => [&units.met, &units.exceeded, &units.missed, &units.exact]
            .into_iter()
            .flatten()
            .flat_map(|out_of| {
                let n = out_of.n.iter().map(|n| n.span.clone()).collect::<Vec<_>>();
                [vec![out_of.k.span.clone()], n, percent(&out_of.percent)].concat()
            })
            .collect(),
    }
}

proptest! {
    #![proptest_config(crate::properties::config())]

    #[test]
    fn each_number_stands_in_a_claim_or_is_told(words in prop::collection::vec(prop::sample::select(vec![
        "47", "449", "12", "1.071", "2,4", "47/42", "16/16", "111,9%", "thành lập", "kết nạp", "tổ chức đảng", "đảng viên", "đảng bộ", "hoàn thành", "vượt",
        "trong đó", "trong đó có", "gồm", "nữ", "công nhân", "tăng", "so với", "bình quân", "mỗi", "kế hoạch", "chỉ tiêu", "thực hiện", "và", ",", ";", ":", "(", ")",
        "Lê Chân", "Quận ủy", "Khu kinh tế", "tổng cộng", "lần", "chi bộ", "doanh nghiệp", "các quận", "gần", "từ", "đến", "+", "=",
    ]), 1..25)) {
        let text = words.join(" ");
        let reading = read(&text);
        let spans: Vec<_> = reading.claims.iter().flat_map(figures).chain(reading.unread.iter().map(|unread| unread.span.clone())).collect();
        let mut at = 0;
        for word in &words {
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                prop_assert!(spans.iter().any(|span| span.contains(&at)), "{text:?} at {at} {word:?}: {reading:#?}");
            }
            at += word.len() + 1;
        }
        judge(reading.claims, Some(&city()));
    }
}

#[test]
fn a_heading_with_a_figure_alone_says_what_was_done() {
    for (text, claim) in [
        ("Kết nạp đảng viên: 449.", "449: equal"),
        ("Kết nạp đảng viên: 448", "448: differs total printed 448, in the ledger 449 (-1)"),
        ("Kết nạp đảng viên được 449.", "449: equal"),
        ("Thành lập tổ chức đảng: 46; có nhiều kết quả.", "46: differs total printed 46, in the ledger 47 (-1)"),
        ("Phát triển đoàn viên, hội viên thanh niên: 1.071.", "1.071: equal"),
        ("Thành lập chi bộ: 34.", "34: not in the data"),
    ] {
        check(text, &[claim], &[]);
    }
    check("Kết nạp đảng viên: 45 đợt.", &[], &["45"]);
    check("Tỷ lệ đảng viên: 12.", &[], &["12"]);
}
