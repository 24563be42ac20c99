//! A unit by its code or name on a day; where nobody has it then, on which days somebody had it.

use domain::{LocalDate, Position, Span, UnitId, structure::Unit, text::comparison_key};

use crate::cli::{
    client::Client,
    exit::Failure,
    structure,
    tally::{list, text},
    units::{self, Moment},
};

/// Most spans of days that are told.
const TOLD_MAX: usize = 5;

/// By id, or by the code or the whole name of the day of a moment.
pub(super) async fn find(client: &Client, wanted: &str, moment: &Moment) -> Result<UnitId, Failure> {
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    let asked = units::called(client, wanted, moment).await?;
    if list(&asked["committees"]).next().is_some() {
        return units::one(wanted, list(&asked["committees"]), "");
    }
    let (on, known) = (text(&asked["as_of"]["valid"]), asked["as_of"]["known_position"].as_u64());
    let reference = structure::reference(client, known.map(Position)).await?;
    let mut had: Vec<_> = reference.structure.units().flat_map(|unit| had_by(unit, wanted)).collect();
    had.sort();
    let nobody = format!("no unit has the code or name `{wanted}` on {on}");
    let Some(last) = had.last() else {
        return Err(Failure::usage(format!(
            "{nobody}, nor on another day as far as you may see; `socai show committees` lists them"
        )));
    };
    let told: Vec<_> = had[had.len().saturating_sub(TOLD_MAX)..].iter().map(Had::told).collect();
    let earlier = if had.len() > TOLD_MAX { "the last: " } else { "" };
    let write = format!("write --named-on {} to look it up on such a day", last.last_day());
    Err(Failure::usage(format!("{nobody}; {earlier}{}: {write}", told.join(", "))))
}

/// Who had a name or a code, on which days.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Had {
    from: LocalDate,
    /// First day without it.
    until: Option<LocalDate>,
    /// As the unit was called then.
    name: String,
}

impl Had {
    fn told(&self) -> String {
        let until = self.until.map_or_else(|| "on".to_owned(), |end| format!("until {}", end.yesterday()));
        format!("“{}” had it from {} {until}", self.name, self.from)
    }

    /// What has no end is looked up on its first day: the others may lie behind what is known.
    fn last_day(&self) -> LocalDate {
        self.until.map_or(self.from, LocalDate::yesterday)
    }
}

fn had_by(unit: &Unit, wanted: &str) -> Vec<Had> {
    let key = comparison_key(wanted);
    let names = unit.names.spans().filter(|span| comparison_key(span.value) == key).map(days);
    let codes = unit.codes.spans().filter(|span| span.value.as_deref() == Some(wanted)).map(days);
    let had = |(from, until): (LocalDate, Option<LocalDate>)| {
        let until = [until, unit.ended_on].into_iter().flatten().min();
        let name = unit.name_on(from).to_owned();
        until.is_none_or(|end| from < end).then_some(Had { from, until, name })
    };
    names.chain(codes).filter_map(had).collect()
}

fn days<T>(span: Span<'_, T>) -> (LocalDate, Option<LocalDate>) {
    (span.from, span.until)
}

#[cfg(test)]
mod tests {
    use domain::{Event, EventBody, Reference, UnitKind};

    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_unit_had_a_name_or_a_code_until_another_one_or_its_end() {
        let (unit, mut known) = (UnitId(uuid::Uuid::nil()), Reference::default());
        let mut take = |on: &str, body: EventBody| known.apply(Position(1), &Event { effective_on: day(on), body });
        let (name, code, kind) = ("Quận ủy Hồng Bàng".to_owned(), Some("303-DU".to_owned()), UnitKind::UrbanDistrict);
        take("2010-01-01", EventBody::UnitCreated { unit, kind, name, code, display_order: 1 });
        take("2020-02-01", EventBody::UnitRenamed { unit, name: "Đảng ủy phường Hồng Bàng".to_owned() });
        take("2025-07-01", EventBody::UnitEnded { unit });
        let had = |wanted: &str| {
            let units = known.structure.units().flat_map(|unit| had_by(unit, wanted));
            units.map(|had| (had.told(), had.last_day().to_string())).collect::<Vec<_>>()
        };
        let [code] = &had("303-DU")[..] else { panic!() };
        assert_eq!(code.0, "“Quận ủy Hồng Bàng” had it from 2010-01-01 until 2025-06-30");
        let [name] = &had("quận uỷ hồng bàng")[..] else { panic!() };
        assert_eq!((name.0.contains("until 2020-01-31"), &*name.1), (true, "2020-01-31"));
        assert_eq!(had("303"), []);
    }
}
