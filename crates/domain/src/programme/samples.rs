//! A small city and its programme, for tests.

use super::{EstablishProgramme, Flow, MeasureDefinition};
use crate::{
    HostKind, Membership, OrganisationKind, Trait, UnitId, UnitKind, What,
    scenario::{Given, day, document, given, unit},
    structure::{ChangeStructure, CreateUnit, StructureChange},
};

/// A unit from 2010 on, under a parent in its own line.
pub(crate) fn create(n: u128, name: &str, line: Option<UnitId>) -> CreateUnit {
    CreateUnit {
        unit: unit(n),
        kind: UnitKind::UrbanDistrict,
        name: name.to_owned(),
        code: None,
        from: day("2010-01-01"),
        line,
        led_by: None,
        display_order: u32::try_from(n).unwrap(),
    }
}

/// The city's Party committee (1) over two districts (2, 3) and a ward (21) under the first; the city's youth union (4), led by 1,
/// over the youth body (5) of district 2; unit 9 stands alone.
pub(crate) fn city() -> Given {
    let led = |led_by, create| CreateUnit { led_by: Some(unit(led_by)), ..create };
    let units = [
        create(1, "Thành ủy Hải Phòng", None),
        create(2, "Quận ủy Lê Chân", Some(unit(1))),
        create(3, "Huyện ủy Kiến Thụy", Some(unit(1))),
        create(21, "Đảng ủy phường An Biên", Some(unit(2))),
        led(1, create(4, "Thành đoàn Hải Phòng", None)),
        led(2, create(5, "Quận đoàn Lê Chân", Some(unit(4)))),
        create(9, "Đảng ủy nơi khác", None),
    ];
    let changes = units.into_iter().map(StructureChange::CreateUnit).collect();
    given().then(&ChangeStructure { document: document("2010-01-01"), changes })
}

/// A measure of organisations.
pub(crate) fn organisations(key: &str, by: What, kinds: &[OrganisationKind]) -> MeasureDefinition {
    MeasureDefinition {
        measure: key.parse().unwrap(),
        name_vi: "Thành lập tổ chức".to_owned(),
        name_en: "Organisations founded".to_owned(),
        noun_vi: "tổ chức".to_owned(),
        from: day("2009-11-10"),
        by,
        flow: Flow::Gross,
        organisation_kinds: kinds.to_vec(),
        memberships: vec![],
        host_kinds: vec![HostKind::PrivateEnterprise],
        of_which: vec![],
    }
}

/// A measure of members.
pub(crate) fn members(key: &str) -> MeasureDefinition {
    MeasureDefinition {
        memberships: vec![Membership::Party],
        of_which: vec![Trait::PrivateBusinessOwner],
        noun_vi: "đảng viên".to_owned(),
        ..organisations(key, What::Admitted, &[])
    }
}

/// The resolution, with three measures that are not in alphabetical order.
pub(crate) fn nq28() -> EstablishProgramme {
    EstablishProgramme {
        programme: "nq28".parse().unwrap(),
        name_vi: "Nghị quyết 28-NQ/TU".to_owned(),
        name_en: "Resolution 28-NQ/TU".to_owned(),
        issuer: unit(1),
        host_kinds: vec![HostKind::PrivateEnterprise, HostKind::Cooperative],
        measures: vec![
            organisations("union_org", What::Recognised, &[OrganisationKind::GrassrootsUnion]),
            members("party_member"),
            organisations("party_org", What::Founded, &[OrganisationKind::PartyCellGrassroots]),
        ],
        document: document("2009-11-10"),
    }
}
