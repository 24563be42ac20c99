//! Which unit a text names: "Quận ủy Lê Chân", "quận Lê Chân" and "Lê Chân" are one, however the tone is written.

use std::ops::Range;

use super::{
    ledger::UnitFigures,
    phrases::{Phrases, phrases},
    token::{Kind, Token, tokens},
    unit::is_beside_many,
};

/// What an area is; a name may be that of a district and of a ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Area {
    UrbanDistrict,
    RuralDistrict,
    Town,
    City,
    Ward,
    Commune,
    Township,
    SpecialZone,
    Province,
}

/// Words before a name: a body, which says nothing of the area, or the area, or both in one.
static NOUNS: Phrases<Option<Area>> = phrases![
    None => "đảng bộ", "đảng ủy", "công đoàn", "liên đoàn lao động", "LĐLĐ", "đoàn", "đoàn thanh niên", "đoàn TNCS", "ủy ban";
    Some(Area::UrbanDistrict) => "quận", "quận ủy", "quận đoàn";
    Some(Area::RuralDistrict) => "huyện", "huyện ủy", "huyện đoàn";
    Some(Area::Town) => "thị xã", "thị ủy", "thị đoàn";
    Some(Area::City) => "thành phố", "TP", "thành ủy", "thành đoàn";
    Some(Area::Province) => "tỉnh", "tỉnh ủy", "tỉnh đoàn";
    Some(Area::SpecialZone) => "đặc khu";
    Some(Area::Ward) => "phường";
    Some(Area::Commune) => "xã";
    Some(Area::Township) => "thị trấn"
];
/// Whose body it is. A union or a youth body admits no Party member, and is not the Party committee of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Party,
    Union,
    Youth,
}

static LINES: Phrases<Line> = phrases![
    Line::Party => "quận ủy", "huyện ủy", "thị ủy", "thành ủy", "tỉnh ủy", "đảng ủy", "đảng bộ";
    Line::Union => "công đoàn", "công đoàn ngành", "liên đoàn lao động", "LĐLĐ";
    Line::Youth => "quận đoàn", "huyện đoàn", "thị đoàn", "thành đoàn", "tỉnh đoàn", "đoàn", "đoàn thanh niên", "đoàn TNCS"
];
/// Names whose end texts leave out: "Khu kinh tế" is "Khu kinh tế Hải Phòng".
static SHORTENED: Phrases<()> = phrases![() => "khu kinh tế", "khối doanh nghiệp", "khối các cơ quan", "khối cơ quan"];

static AND: Phrases<()> = phrases![() => "và"];

/// The units that bear a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named<'a> {
    One(&'a UnitFigures),
    Several(Vec<&'a str>),
    Nobody,
}

/// A name without the nouns before it, as the keys of its words.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    area: Option<Area>,
    line: Option<Line>,
    words: Vec<String>,
    shortened: bool,
}

/// Looks for the unit of a name among those that have figures: the very name first, then the same without its nouns, where the areas do not contradict each other.
pub(super) fn named<'a>(units: &'a [UnitFigures], said: &str) -> Named<'a> {
    let whole = by_whole_name(units, said);
    if whole != Named::Nobody {
        return whole;
    }
    let said = Name::of(said);
    let of = |fits: fn(&Name, &Name) -> bool| {
        units
            .iter()
            .filter(|unit| {
                let name = Name::of(&unit.name);
                said.area_fits(&name) && said.line_fits(&name) && fits(&said, &name)
            })
            .collect()
    };
    let same: Vec<_> = of(|said, unit| said.words == unit.words);
    chosen(if same.is_empty() { of(|said, unit| said.shortened && unit.words.starts_with(&said.words)) } else { same })
}

/// The units whose name is the very same.
pub(super) fn by_whole_name<'a>(units: &'a [UnitFigures], said: &str) -> Named<'a> {
    let key = |text: &str| tokens(text).iter().map(|token| word(text, token)).collect::<Vec<_>>();
    let said = key(said);
    chosen(units.iter().filter(|unit| key(&unit.name) == said).collect())
}

/// Whether two names are of one place: "Thành ủy Hải Phòng", "TP. Hải Phòng", "Hải Phòng".
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (Name::of(one), Name::of(other));
    one.words == other.words && one.area_fits(&other)
}

/// The area that the nouns of a name tell.
pub(super) fn area_of(name: &str) -> Option<Area> {
    Name::of(name).area
}

/// "Toàn tỉnh" is no city's whole, and "toàn thành phố" no province's.
pub(super) fn is_of_other_rank(whole: &str, said: &str) -> bool {
    let said = tokens(said);
    let says = |area: Area| (0..said.len()).any(|i| NOUNS.at(&said[i..]).is_some_and(|(noun, _)| noun == Some(area)));
    match Name::of(whole).area {
        Some(Area::City) => says(Area::Province),
        Some(Area::Province) => says(Area::City),
        _ => false,
    }
}

/// The unit that the words before a figure name last, as the ledger names it, with or without its nouns; several where they are named together.
/// `begins` asks that it stands at the beginning. What is called like the whole is not meant by that name alone.
pub(super) fn named_in<'a>(
    units: &'a [UnitFigures],
    whole: Option<&str>,
    lead: &str,
    begins: bool,
) -> Option<Named<'a>> {
    let tokens = tokens(lead);
    let keys: Vec<String> = tokens.iter().map(|token| word(lead, token)).collect();
    let whole = whole.map(|whole| Name::of(whole).words);
    let mut names: Vec<(Vec<String>, &UnitFigures)> = units.iter().flat_map(spellings).collect();
    names.retain(|(name, _)| whole.as_ref() != Some(name));
    let longest_at = |i: usize| {
        let begins = names.iter().filter(|(name, _)| keys[i..].starts_with(name));
        let (name, unit) = begins.max_by_key(|(name, _)| name.len())?;
        // "May Lê Chân" is another name, and "Đông Hải 1" is not "Đông Hải 10", nor "Khu kinh tế Đình Vũ" the "Khu kinh tế Hải Phòng".
        let inside = i > 0 && tokens[i - 1].title && NOUNS.ending(&tokens[..i]).is_none();
        let goes_on = tokens.get(i + name.len()).is_some_and(|next| next.title) && SHORTENED.at(&tokens[i..]).is_some();
        (!inside && !goes_on).then_some((i..i + name.len(), *unit))
    };
    let mut found: Vec<(Range<usize>, &UnitFigures)> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let at = longest_at(i);
        i = at.as_ref().map_or(i + 1, |(at, _)| at.end);
        found.extend(at);
    }
    let (at, unit) = found.pop()?;
    let with = found.last().filter(|(before, _)| are_joined(&tokens[before.end..at.start])).map(|(_, other)| *other);
    if is_beside_many(&tokens, at.start) {
        return None;
    }
    // "Huyện Lê Chân" is not "Quận ủy Lê Chân".
    let mut start = at.start;
    while let Some((_, length)) = NOUNS.ending(&tokens[..start]) {
        start -= length;
    }
    if begins && start > 0 {
        return None;
    }
    match with {
        Some(other) if other.name != unit.name => Some(Named::Nobody),
        _ => Some(named(units, lead.get(tokens[start].span.start..tokens[at.end - 1].span.end)?)),
    }
}

/// Only "và", commas and nouns stand between the two names.
fn are_joined(between: &[Token]) -> bool {
    let mut rest = between;
    while let Some(token) = rest.first() {
        let length = match token.kind {
            Kind::Comma => 1,
            _ => {
                NOUNS.at(rest).map(|(_, length)| length).or_else(|| AND.at(rest).map(|(_, length)| length)).unwrap_or(0)
            }
        };
        if length == 0 {
            return false;
        }
        rest = &rest[length..];
    }
    !between.is_empty()
}

/// A name in full, without its nouns, and without the end that texts leave out; one word alone names nobody.
fn spellings(unit: &UnitFigures) -> Vec<(Vec<String>, &UnitFigures)> {
    let whole: Vec<String> = tokens(&unit.name).iter().map(|token| word(&unit.name, token)).collect();
    let bare = Name::of(&unit.name).words;
    let own = tokens(&unit.name);
    let shortened = SHORTENED.at(&own[whole.len() - bare.len()..]).map(|(_, length)| bare[..length].to_vec());
    let names = [Some(whole), Some(bare), shortened];
    names.into_iter().flatten().filter(|name| name.len() > 1).map(|name| (name, unit)).collect()
}

fn chosen(found: Vec<&UnitFigures>) -> Named<'_> {
    match found[..] {
        [] => Named::Nobody,
        [one] => Named::One(one),
        _ => Named::Several(found.iter().map(|unit| unit.name.as_str()).collect()),
    }
}

impl Name {
    fn of(text: &str) -> Self {
        let tokens = tokens(text);
        let (mut rest, mut area) = (&tokens[..], None);
        // "Liên đoàn Lao động quận Lê Chân" has two; a name that is a noun itself keeps it.
        while let Some((noun, length)) = NOUNS.at(rest).filter(|(_, length)| *length < rest.len()) {
            area = area.or(noun);
            rest = &rest[length..];
            // "TP. Hải Phòng".
            if let [point, name @ ..] = rest
                && point.kind == Kind::Stop
                && !name.is_empty()
            {
                rest = name;
            }
        }
        let words = rest.iter().map(|token| word(text, token)).collect();
        let line = LINES.at(&tokens).map(|(line, _)| line);
        Self { area, line, words, shortened: SHORTENED.at(rest).is_some() }
    }

    /// A Party committee may be named for what the bodies under its lead do.
    fn line_fits(&self, unit: &Self) -> bool {
        let own = self.line.filter(|line| *line != Line::Party);
        own.is_none() || unit.line.is_none() || own == unit.line
    }

    fn area_fits(&self, other: &Self) -> bool {
        self.area.is_none() || other.area.is_none() || self.area == other.area
    }
}

/// Numbers have no key: "Đông Hải 1" is not "Đông Hải 2".
fn word(text: &str, token: &Token) -> String {
    if token.key.is_empty() { text[token.span.clone()].to_owned() } else { token.key.clone() }
}
