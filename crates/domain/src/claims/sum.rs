//! Parts and their whole: `Lê Chân 12, Hải An 7, tổng cộng 19`, `19 tổ chức, gồm: …`, `178 + 81 + 52 = 311`.

use std::ops::Range;

use super::{
    claim::{Count, Coverage, Part},
    mark::{Figure, Mark, Sentence},
    narrow::trait_of,
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    units::Share,
};

/// "Toàn thành phố" names a whole of which the text may print some parts only.
static TOTAL: Phrases<Coverage> = phrases![
    Coverage::All => "tổng", "tổng cộng", "tổng số", "cộng", "tổng chỉ tiêu", "cộng chung";
    Coverage::Some => "toàn thành phố", "toàn tỉnh", "cả thành phố", "cả tỉnh", "toàn đảng bộ", "tất cả"
];
static LISTS: Phrases<Coverage> = phrases![
    Coverage::All => "gồm", "bao gồm", "cụ thể", "chia ra", "phân bổ", "như sau", "gồm có";
    Coverage::Some => "trong đó", "trong số đó", "như", "điển hình", "tiêu biểu"
];
/// What they lead to is all of it.
static DIVIDES: Phrases<()> = phrases![() => "gồm", "bao gồm", "gồm có", "chia ra"];
/// A capital at the beginning of a sentence makes no name of them.
static NO_NAMES: Phrases<()> = phrases![() => "trong", "với", "có", "từ", "đã", "về", "theo", "nếu", "cả", "tổng", "riêng", "còn", "khoảng", "hơn", "gần"];
static AND: Phrases<()> = phrases![() => "và"];
/// A list with such words names some of the parts, or has a rest that is no part.
static REST: Phrases<()> = phrases![() => "còn lại", "khác", "vv", "nhiều nhất", "cao nhất", "lớn nhất", "dẫn đầu", "tiêu biểu", "điển hình", "đứng đầu"];
/// Two figures beside a third are often no list.
const PARTS_MIN: usize = 2;
/// Words between "tổng cộng" and its figure.
const TOTAL_WITHIN: usize = 8;

/// A sum of a sentence.
pub(super) struct Sum {
    pub(super) at: Range<usize>,
    /// The marks of its parts.
    pub(super) marks: Vec<usize>,
    pub(super) total: Count,
    pub(super) parts: Vec<Part>,
    pub(super) coverage: Coverage,
}

/// The sum of a sentence, if it makes one.
pub(super) fn sum(sentence: Sentence<'_>, marks: &[Mark], shares: &[Share]) -> Option<Sum> {
    let counts: Vec<(usize, &Count)> = marks
        .iter()
        .enumerate()
        .filter(|(mark, _)| !shares.iter().any(|share| share.mark == *mark))
        .filter_map(|(mark, found)| match &found.figure {
            Figure::Count(count) => Some((mark, count)),
            _ => None,
        })
        .collect();
    let listed = || listed(sentence, marks, &counts).or_else(|| divided(sentence, marks, &counts));
    // Whoever is a woman may be a worker as well: those make no sum.
    let once = |sum: &Sum| sum.marks.iter().all(|mark| trait_of(sentence, &marks[*mark]).is_none());
    added(sentence, marks, &counts).or_else(|| listed().filter(once).map(|sum| as_far_as_told(sentence, sum)))
}

/// "…, còn lại là các quận", "…", "v.v.": the parts are some of the whole.
fn as_far_as_told(sentence: Sentence<'_>, sum: Sum) -> Sum {
    let rest = &sentence.tokens[sum.at.start..];
    let list = rest.iter().position(|token| token.kind == Kind::Semicolon).map_or(rest, |end| &rest[..end]);
    let point = |token: &Token| token.kind == Kind::Stop;
    let left_out = list.iter().any(|token| point(token) && &sentence.text[token.span.clone()] == "…")
        || list.windows(2).any(|pair| pair.iter().all(point))
        || list.windows(3).any(|said| said[0].key == "v" && point(&said[1]) && said[2].key == "v");
    let coverage = if left_out || REST.within(list) { Coverage::Some } else { sum.coverage };
    Sum { coverage, ..sum }
}

/// "188 tổ chức, gồm 174 tổ chức ở quận, huyện và 14 của công đoàn ngành": parts that follow each other with words, and no name.
fn divided(sentence: Sentence<'_>, marks: &[Mark], counts: &[(usize, &Count)]) -> Option<Sum> {
    let place = |i: usize| marks[counts[i].0].at.clone();
    let between = |i: usize| &sentence.tokens[place(i).end..place(i + 1).start];
    let whole =
        (0..counts.len().saturating_sub(PARTS_MIN)).find(|i| DIVIDES.ending(strip_colon(between(*i))).is_some())?;
    let next = |i: &usize| {
        let words = between(*i);
        let straight = AND.ending(words).is_some() || words.last().is_some_and(|token| token.kind == Kind::Comma);
        let plain = words.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Comma));
        straight && plain && !LISTS.within(words)
    };
    let last = (whole + 1..counts.len() - 1).take_while(next).last()? + 1;
    // A figure that is no part of the list, but may belong to it, makes it doubtful.
    let rest = &sentence.tokens[place(last).end..];
    let clause = rest.iter().position(|token| matches!(token.kind, Kind::Semicolon | Kind::Stop)).unwrap_or(rest.len());
    let closed = !rest[..clause].iter().any(|token| matches!(token.kind, Kind::Number | Kind::Percent));
    let only_counts = counts[last].0 - counts[whole].0 == last - whole;
    let parts = (whole + 1..=last).map(|i| Part { name: String::new(), count: counts[i].1.clone() }).collect();
    let marks = (whole + 1..=last).map(|i| counts[i].0).collect();
    let at = place(whole).start..place(last).end;
    (closed && only_counts).then(|| Sum { at, marks, total: counts[whole].1.clone(), parts, coverage: Coverage::All })
}

fn strip_colon(tokens: &[Token]) -> &[Token] {
    match tokens {
        [rest @ .., sign] if sign.kind == Kind::Colon => rest,
        _ => tokens,
    }
}

/// `a + b = c`.
fn added(sentence: Sentence<'_>, marks: &[Mark], counts: &[(usize, &Count)]) -> Option<Sum> {
    let sign = |pair: &[(usize, &Count)]| {
        let between = &sentence.tokens[marks[pair[0].0].at.end..marks[pair[1].0].at.start];
        let signs: Vec<Kind> = between.iter().map(|token| token.kind).filter(|kind| *kind != Kind::Word).collect();
        (signs.len() == 1 && between.len() <= 4).then(|| signs[0])
    };
    let equals = counts.windows(2).position(|pair| sign(pair) == Some(Kind::Equals))?;
    let first = counts[..=equals].windows(2).rposition(|pair| sign(pair) != Some(Kind::Plus)).map_or(0, |i| i + 1);
    let parts: Vec<Part> =
        counts[first..=equals].iter().map(|(_, count)| Part { name: String::new(), count: (*count).clone() }).collect();
    let (total, count) = counts[equals + 1];
    let at = marks[counts[first].0].at.start..marks[total].at.end;
    (parts.len() >= PARTS_MIN).then(|| Sum {
        at,
        marks: Vec::new(),
        total: count.clone(),
        parts,
        coverage: Coverage::All,
    })
}

/// Names with a figure each, and the whole before or after them.
fn listed(sentence: Sentence<'_>, marks: &[Mark], counts: &[(usize, &Count)]) -> Option<Sum> {
    let named: Vec<Option<String>> =
        counts.iter().map(|(mark, _)| name_before(sentence, marks[*mark].at.start)).collect();
    let (first, last) = longest_run(&named)?;
    let parts: Vec<Part> =
        (first..last).filter_map(|i| Some(Part { name: named[i].clone()?, count: counts[i].1.clone() })).collect();
    let begin = name_start(sentence, marks[counts[first].0].at.start);
    let total = |i: usize| total_before(sentence, marks[counts[i].0].at.start);
    let after = Some(last).filter(|last| *last < counts.len()).and_then(|last| Some((counts[last], total(last)?)));
    let before = first.checked_sub(1).and_then(|i| {
        let led = lead(&sentence.tokens[marks[counts[i].0].at.end..begin]);
        // Without "gồm" behind it, a whole that comes first need not have all its parts named.
        Some((counts[i], led.or_else(|| total(i).map(|_| Coverage::Some))?))
    });
    let (whole, coverage) = after.or(before)?;
    let places = [whole.0, counts[first].0, counts[last - 1].0].map(|mark| marks[mark].at.clone());
    let start = places.iter().map(|at| at.start).min()?.min(begin);
    let end = places.iter().map(|at| at.end).max()?;
    let marks = counts[first..last].iter().map(|(mark, _)| *mark).collect();
    Some(Sum { at: start..end, marks, total: whole.1.clone(), parts, coverage })
}

/// The longest run of figures that have a name each, if it is long enough to be a list.
fn longest_run(named: &[Option<String>]) -> Option<(usize, usize)> {
    let mut best = (0, 0);
    let mut start = 0;
    for i in 0..=named.len() {
        if named.get(i).is_none_or(Option::is_none) {
            if i - start > best.1 - best.0 {
                best = (start, i);
            }
            start = i + 1;
        }
    }
    (best.1 - best.0 >= PARTS_MIN).then_some(best)
}

/// How a list is led in: "gồm", "trong đó", or only a colon.
fn lead(between: &[Token]) -> Option<Coverage> {
    let said = (0..between.len()).find_map(|i| LISTS.at(&between[i..]).map(|(coverage, _)| coverage));
    said.or_else(|| between.iter().any(|token| token.kind == Kind::Colon).then_some(Coverage::All))
}

/// Whether words for a whole lead to the figure, and how much of it they promise.
fn total_before(sentence: Sentence<'_>, at: usize) -> Option<Coverage> {
    let start = segment_start(sentence.tokens, at).max(at.saturating_sub(TOTAL_WITHIN));
    (start..at).find_map(|i| TOTAL.at(&sentence.tokens[i..at]).map(|(coverage, _)| coverage))
}

/// The name in front of a figure: capitalised, in the same segment of the list, and no word for the whole.
fn name_before(sentence: Sentence<'_>, at: usize) -> Option<String> {
    let start = name_start(sentence, at);
    let words: Vec<&Token> = sentence.tokens[start..at].iter().filter(|token| token.kind == Kind::Word).collect();
    let capitals = words.iter().filter(|word| word.capital).count();
    // The capital that begins a sentence makes no name.
    let begins = start == 0 && capitals == 1 && (words.len() > 1 || NO_NAMES.at(&sentence.tokens[..at]).is_some());
    let named = start < at && capitals > 0 && !begins && words.len() <= 6 && !TOTAL.within(&sentence.tokens[start..at]);
    named.then(|| {
        let last = sentence.tokens[start..at].iter().rposition(|token| token.capital).unwrap_or(0);
        // "Đông Hải 1: 5" keeps what belongs to the name; "Hải An có 7" loses the verb.
        sentence.slice(start..start + last + 1).split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

/// Where the name in front of a figure begins: behind the last sign of the list, or behind "và".
fn name_start(sentence: Sentence<'_>, at: usize) -> usize {
    let mut end = at;
    // "Lê Chân: 12", "Lê Chân (12)", "Lê Chân - 12".
    if end > 0 && matches!(sentence.tokens[end - 1].kind, Kind::Colon | Kind::Open | Kind::Dash | Kind::Equals) {
        end -= 1;
    }
    let start = segment_start(sentence.tokens, end);
    (start..end)
        .filter_map(|i| {
            LISTS
                .at(&sentence.tokens[i..])
                .map(|(_, length)| i + length)
                .or_else(|| AND.at(&sentence.tokens[i..]).map(|_| i + 1))
        })
        .max()
        .map_or(start, |after| after.min(end))
}

fn segment_start(tokens: &[Token], at: usize) -> usize {
    let divides = |token: &Token| !matches!(token.kind, Kind::Word);
    tokens[..at].iter().rposition(divides).map_or(0, |i| i + 1)
}
