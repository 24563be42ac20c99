//! Of whom a text speaks at a figure beside which nobody is named: of the unit that a heading, the beginning of the sentence or an earlier
//! sentence named, until another unit or the whole is.

use std::ops::Range;

use super::{
    context::clause_start,
    mark::Sentence,
    nameless::{Noun, nameless_at, taken_up},
    narrow::{counted_units_at, part_at, part_start},
    phrases::{Phrases, phrases},
    subject::{actor_at, place_at, subject_at},
    token::{Kind, Token},
    topic::topic_at,
    unit::{heading_at, is_aside, is_itself, is_known, named_at, with_those_beside},
    whole::{everybody_at, whole_at},
};

/// A unit of which a text speaks.
#[derive(Clone, Debug)]
pub(super) struct Spoken {
    /// As printed.
    pub(super) said: String,
    /// Nobody else can be meant: its own sentence goes on, or its noun takes it up again.
    pub(super) surely: bool,
}

/// Of whom a text speaks.
#[derive(Clone, Debug, Default)]
pub(super) struct Speaks {
    /// The unit that was named last.
    pub(super) unit: Option<Spoken>,
    /// Somebody without a name, who was told of after it.
    pub(super) nameless: Option<String>,
}

static PLACES: Phrases<()> = phrases![() => "tại", "ở", "riêng", "trên địa bàn", "địa bàn", "của"];
/// What they name is some of what was told.
static EXAMPLES: Phrases<bool> = phrases![
    true => "trong đó", "trong số đó", "như", "gồm", "tiêu biểu", "điển hình", "theo", "cùng với", "bên cạnh";
    false => "như sau", "như vậy", "theo đó"
];
static IS: Phrases<()> = phrases![() => "là"];
static BEFORE_NAMES: Phrases<()> = phrases![() => "tại", "ở", "riêng", "theo", "còn", "với", "trong", "khi", "và", "của", "từ", "về", "như", "cùng", "nhờ", "do"];
/// They begin a clause whose subject follows it.
static AHEAD: Phrases<()> =
    phrases![() => "với", "nhờ", "bằng", "có", "sau khi", "ngoài", "không chỉ", "cùng với", "bên cạnh", "được"];
static DONE: Phrases<()> =
    phrases![() => "vượt", "đạt", "thành lập", "kết nạp", "phát triển", "hoàn thành", "vận động"];
/// Tokens of a sentence with which it begins, such as a dash before "trong đó".
const BEGINNING: usize = 3;

/// Tokens of a topic before a name.
const TOPIC_WITHIN: usize = 5;
/// Tokens of the nouns before a name.
const NOUN_WITHIN: usize = 5;

/// Where a sentence turns to somebody.
struct Turn {
    at: Range<usize>,
    to: To,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    Whole,
    /// "Các đơn vị": all, or those of the unit of which it speaks.
    Everybody,
    Unit {
        /// It begins a clause, or is a place: what follows is of it.
        begins: bool,
        /// Behind "trong đó", "như".
        example: bool,
        /// Straight before its figure.
        listed: bool,
    },
    Nameless(Noun),
}

/// Whom a sentence names, in order, and of whom those before it spoke.
pub(super) struct Scope<'a> {
    sentence: Sentence<'a>,
    turns: Vec<Turn>,
    carried: Speaks,
    /// Of whom it speaks behind each turn.
    spoken: Vec<Speaks>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(sentence: Sentence<'a>, carried: Speaks) -> Self {
        let turns = turns(sentence.tokens);
        let mut scope = Self { sentence, turns, carried, spoken: Vec::new() };
        scope.spoken = scope.after(scope.turns.iter());
        scope
    }

    /// Of whom it speaks at a token, by what stands before it.
    pub(super) fn at(&self, at: usize) -> Speaks {
        let before = self.turns.partition_point(|turn| turn.at.end <= at);
        // Of an earlier sentence it is doubtful whether it is still meant, unless a word takes it up.
        let own = self.turns[..before].iter().any(|turn| matches!(turn.to, To::Unit { .. } | To::Nameless(_)));
        let speaks = before.checked_sub(1).map_or(&self.carried, |last| &self.spoken[last]).clone();
        if own { speaks } else { speaks.in_doubt() }
    }

    /// "Với 5 tổ chức đảng, Thủy Nguyên vượt", "Vượt 41,7% chỉ tiêu, Hải An dẫn đầu": who is told behind a clause that is of nobody yet.
    pub(super) fn ahead(&self, at: usize) -> Option<Spoken> {
        let tokens = self.sentence.tokens;
        let next = self.turns.iter().find(|turn| turn.at.start > at)?;
        let To::Unit { listed: false, .. } = next.to else { return None };
        let end = next.at.end + part_behind(&tokens[next.at.end..]);
        let joined = tokens[next.at.start - 1].kind == Kind::Comma && part_start(tokens, next.at.start) <= at;
        let clause = &tokens[clause_start(tokens, at)..];
        // What counts something of its own says nothing of what was counted before it.
        let counts = tokens[next.at.end..end].iter().any(|token| token.kind == Kind::Number);
        let leads = AHEAD.at(clause).is_some() || (DONE.at(clause).is_some() && !counts);
        (joined && leads).then(|| Spoken { said: self.said(&next.at), surely: false })
    }

    /// As printed, in one line.
    fn said(&self, at: &Range<usize>) -> String {
        self.sentence.slice(at.clone()).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Of whom the next sentence may speak. What was an example is left with the sentence.
    pub(super) fn carried_on(&self) -> Speaks {
        let whole = self.turns.iter().position(|turn| turn.to == To::Whole).unwrap_or(self.turns.len());
        let units = self.turns.iter().filter(|turn| matches!(turn.to, To::Unit { .. })).count();
        let lasts = |i: usize, to: To| match to {
            // In a list each is left with its figure.
            To::Unit { listed: true, .. } => units == 1 && i < whole,
            To::Unit { example, .. } => !example,
            _ => true,
        };
        let lasting = self.turns.iter().enumerate().filter(|(i, turn)| lasts(*i, turn.to)).map(|(_, turn)| turn);
        self.after(lasting).pop().unwrap_or_else(|| self.carried.clone())
    }

    pub(super) fn names_whole(&self) -> bool {
        self.turns.iter().any(|turn| turn.to == To::Whole)
    }

    /// A unit that speaks of itself, as "toàn huyện", is the one that was named before.
    pub(super) fn itself(&self, unit: &Range<usize>) -> Option<Spoken> {
        let words = &self.sentence.tokens[unit.clone()];
        let (noun, _) = is_itself(words).then(|| nameless_at(words, 1))??;
        let before = self.at(unit.start).unit?;
        Some(Spoken {
            said: taken_up(noun, self.sentence.slice(unit.start + 1..unit.end), &before.said)?,
            surely: true,
        })
    }

    /// Of whom it speaks behind each of some turns; where they named several units it may be any of them.
    fn after<'t>(&self, turns: impl Iterator<Item = &'t Turn>) -> Vec<Speaks> {
        let mut units = 0;
        let turned = |speaks: &mut Speaks, turn: &Turn| {
            *speaks = match turn.to {
                To::Whole => Speaks::default(),
                To::Everybody => std::mem::take(speaks).in_doubt(),
                To::Unit { begins, example, .. } => {
                    let surely = begins && !example && units == 0;
                    Speaks { unit: Some(Spoken { said: self.said(&turn.at), surely }), nameless: None }
                }
                To::Nameless(noun) => std::mem::take(speaks).with_nameless(noun, self.said(&turn.at)),
            };
            units = match turn.to {
                To::Whole => 0,
                To::Unit { .. } => units + 1,
                _ => units,
            };
            Some(speaks.clone())
        };
        turns.scan(self.carried.clone(), turned).collect()
    }
}

impl Speaks {
    fn in_doubt(self) -> Self {
        Self { unit: self.unit.map(|unit| Spoken { surely: false, ..unit }), ..self }
    }

    /// Any noun may take up the unit that was named before; one for its area does so surely.
    fn with_nameless(self, noun: Noun, words: String) -> Self {
        let unit = self.unit.as_ref();
        match unit.and_then(|unit| Some((taken_up(noun, &words, &unit.said)?, unit.surely))) {
            Some((said, surely)) => {
                let surely = surely && matches!(noun, Noun::Of(_));
                Self { unit: Some(Spoken { said, surely }), nameless: None }
            }
            None => Self { nameless: Some(words), ..self },
        }
    }
}

fn turns(tokens: &[Token]) -> Vec<Turn> {
    let (mut found, mut i, mut example) = (Vec::new(), 0, false);
    while i < tokens.len() {
        if tokens[i].kind == Kind::Semicolon {
            example = false;
        }
        if let Some((is_example, _)) = EXAMPLES.at(&tokens[i..]) {
            example |= is_example && i >= BEGINNING;
        }
        let turn = turn_at(tokens, i, example);
        i = turn.as_ref().map_or(i + 1, |turn| turn.at.end);
        found.extend(turn);
    }
    found
}

fn turn_at(tokens: &[Token], i: usize, example: bool) -> Option<Turn> {
    if let Some(length) = counted_units_at(tokens, i) {
        return Some(Turn { at: i..i + length, to: To::Nameless(Noun::Other) });
    }
    if tokens[i].kind != Kind::Word {
        return None;
    }
    if let Some(unit) = unit_at(tokens, i) {
        let unit = with_those_beside(tokens, 0, unit);
        let begins = unit.start == 0
            || tokens[unit.start - 1].kind != Kind::Word
            || PLACES.ending(&tokens[..unit.start]).is_some();
        let listed =
            tokens.get(unit.end).is_some_and(|next| matches!(next.kind, Kind::Number | Kind::Colon | Kind::Open));
        return Some(Turn { at: unit, to: To::Unit { begins, example, listed } });
    }
    let said = |to: To, length: usize| Turn { at: i..i + length, to };
    whole_at(tokens, i)
        .map(|length| said(To::Whole, length))
        .or_else(|| nameless_at(tokens, i).map(|(noun, length)| said(To::Nameless(noun), length)))
        .or_else(|| part_at(tokens, i).map(|length| said(To::Nameless(Noun::Other), length)))
        .or_else(|| everybody_at(tokens, i).map(|length| said(To::Everybody, length)))
}

/// Tokens up to the next semicolon.
fn part_behind(tokens: &[Token]) -> usize {
    tokens.iter().take_while(|token| token.kind != Kind::Semicolon).count()
}

/// "Tổ chức đảng Lê Chân", "cao nhất là Lê Chân": a bare name belongs to the words before it.
fn leads_to_name(before: &[Token]) -> bool {
    let topic = |i: usize| topic_at(&before[i..]).is_some_and(|(_, length)| i + length == before.len());
    PLACES.ending(before).is_some()
        || IS.ending(before).is_some()
        || (before.len().saturating_sub(TOPIC_WITHIN)..before.len()).any(topic)
}

/// A unit that begins at a token: by its noun and name, or by a name that does something or is a heading.
fn unit_at(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    // "Đảng ủy Khu kinh tế" is a body of a name that is known, and not "Đảng ủy Khu".
    let known = (i + 1..tokens.len().min(i + NOUN_WITHIN)).filter(|name| is_known(&tokens[*name..]));
    let named = std::iter::once(i).chain(known).filter_map(|name| named_at(tokens, name));
    let named = named.filter(|unit| unit.start == i && !is_itself(&tokens[unit.clone()])).max_by_key(|unit| unit.end);
    // The capital that begins a sentence makes no name: "Tại Thủy Nguyên".
    let leads = BEFORE_NAMES.at(&tokens[i..]).is_some();
    let place = || place_at(tokens, i).filter(|_| leads_to_name(&tokens[..i]));
    let subject = || subject_at(tokens, i).or_else(|| actor_at(tokens, i));
    let bare = || subject().or_else(|| heading_at(tokens, i)).or_else(place).filter(|_| !leads);
    named.or_else(bare).filter(|unit| !is_aside(tokens, unit))
}
