//! A small structure with the rules of DOMAIN §3.

use uuid::Uuid;

use super::day;
use crate::{rules::EligibilityRule, *};

macro_rules! units {
    ($($unit:ident $number:literal $name:literal $kind:ident $from:literal $(line $line:ident)? $(led_by $led_by:ident)? $(until $until:literal)?;)*) => {
        $(pub(crate) const $unit: UnitId = UnitId(Uuid::from_u128($number));)*

        pub(crate) fn name_of(unit: UnitId) -> &'static str {
            match unit { $($unit => $name,)* _ => "nobody" }
        }

        fn created() -> Vec<Event> {
            let mut events = Vec::new();
            let mut at = |on: &str, body| events.push(Event { effective_on: day(on), body });
            $({
                let (unit, name) = ($unit, $name.to_owned());
                at($from, EventBody::UnitCreated { unit, kind: UnitKind::$kind, name, code: None, display_order: $number });
                $(at($from, EventBody::UnitParentSet { unit, edge: Edge::Line, parent: Some($line) });)?
                $(at($from, EventBody::UnitParentSet { unit, edge: Edge::LedBy, parent: Some($led_by) });)?
                $(at($until, EventBody::UnitEnded { unit });)?
            })*
            events
        }
    };
}

units! {
    CITY 1 "Thành ủy" City "2000-01-01";
    LE_CHAN 2 "Lê Chân" UrbanDistrict "2000-01-01" line CITY;
    HONG_BANG 3 "Hồng Bàng" UrbanDistrict "2000-01-01" line CITY;
    WARD 4 "An Biên" Ward "2000-01-01" line LE_CHAN;
    FEDERATION 5 "LĐLĐ Lê Chân" LabourFederation "2000-01-01" led_by LE_CHAN;
    ENDED 6 "Khối cũ" BusinessBloc "2000-01-01" line CITY until "2022-07-01";
    TO_COME 7 "Đơn vị mới" EconomicZone "2023-02-01" line CITY;
}

/// No unit at all.
pub(crate) const NOBODY: UnitId = UnitId(Uuid::from_u128(0xdead));

pub(crate) fn reference() -> Reference {
    let opened =
        EventBody::LedgerOpened { name: "thu".to_owned(), zone: "Asia/Ho_Chi_Minh".to_owned(), demonstration: true };
    let minima = [
        (OrganisationKind::PartyCellGrassroots, 3, "2011-01-19"),
        (OrganisationKind::PartyOrganisationGrassroots, 30, "2011-01-19"),
        (OrganisationKind::GrassrootsUnion, 5, "2013-07-30"),
        (OrganisationKind::OccupationalUnion, 10, "2013-07-30"),
        (OrganisationKind::YouthBranch, 3, "2017-12-13"),
        // Not so in fact: here the rule changes within the year, so that the tests see which version binds.
        (OrganisationKind::YouthFederationBranch, 3, "2020-01-01"),
        (OrganisationKind::YouthFederationBranch, 5, "2022-07-01"),
    ];
    let rules = minima.map(|(kind, minimum, from)| EventBody::RuleSet {
        rule: EligibilityRule { kind, minimum, from: day(from), source: "Điều lệ".to_owned() },
    });
    let undated = std::iter::once(opened).chain(rules).map(|body| Event { effective_on: day("2022-01-01"), body });
    let mut reference = Reference::default();
    for (position, event) in (1..).map(Position).zip(undated.chain(created())) {
        reference.apply(position, &event);
    }
    reference
}
