//! One plain command of each kind, for tests to vary.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{FEDERATION, LE_CHAN, day};
use crate::{access::*, admission::*, batch::*, organisation::*, query::*, *};

pub(crate) const ORGANISATION: OrganisationId = OrganisationId(Uuid::from_u128(0x0a));
pub(crate) const ADMISSION: AdmissionId = AdmissionId(Uuid::from_u128(0x0b));
pub(crate) const BATCH: BatchId = BatchId(Uuid::from_u128(0x0c));
pub(crate) const QUERY: QueryId = QueryId(Uuid::from_u128(0x0d));
pub(crate) const ACCESS: AccessId = AccessId(Uuid::from_u128(0x0e));

pub(crate) fn paper_of(date: &str) -> Document {
    Document {
        number: "12".to_owned(),
        symbol: "QĐ/QU".to_owned(),
        issuer: "Quận ủy Lê Chân".to_owned(),
        date: day(date),
        line: None,
        sha256: None,
    }
}

/// By the paper of that day Lê Chân founds a grassroots cell of three in a private enterprise.
pub(crate) fn found(date: &str) -> FoundOrganisation {
    FoundOrganisation {
        late: false,
        unit: LE_CHAN,
        kind: OrganisationKind::PartyCellGrassroots,
        host_kind: HostKind::PrivateEnterprise,
        basis: Basis::New,
        members: 3,
        place: None,
        document: paper_of(date),
        effective_on: None,
        exception: None,
        on_behalf_of: None,
        distinct_from: None,
    }
}

/// By the paper of that day the federation of Lê Chân recognises a union of five in a private enterprise.
pub(crate) fn recognise(date: &str) -> RecogniseUnion {
    RecogniseUnion {
        late: false,
        unit: FEDERATION,
        kind: OrganisationKind::GrassrootsUnion,
        host_kind: HostKind::PrivateEnterprise,
        basis: Basis::New,
        members: 5,
        congress_on: None,
        place: None,
        document: paper_of(date),
        effective_on: None,
        exception: None,
        on_behalf_of: None,
        distinct_from: None,
    }
}

pub(crate) fn register(date: &str, origin: Origin) -> RegisterExisting {
    RegisterExisting {
        late: false,
        unit: LE_CHAN,
        kind: OrganisationKind::PartyCellGrassroots,
        host_kind: HostKind::PrivateEnterprise,
        origin,
        place: None,
        document: paper_of(date),
        effective_on: None,
        on_behalf_of: None,
        distinct_from: None,
    }
}

pub(crate) fn announce(held_on: &str) -> AnnounceFounding {
    AnnounceFounding { organisation: ORGANISATION, held_on: day(held_on), document: None, on_behalf_of: None }
}

/// Into a grassroots organisation of thirty.
pub(crate) fn change_type(date: &str) -> ChangeOrganisationType {
    ChangeOrganisationType {
        organisation: ORGANISATION,
        to: OrganisationKind::PartyOrganisationGrassroots,
        members: 30,
        document: paper_of(date),
        effective_on: None,
        exception: None,
        on_behalf_of: None,
        distinct_from: None,
    }
}

pub(crate) fn transfer(to: UnitId, date: &str) -> TransferOrganisation {
    TransferOrganisation {
        late: false,
        organisation: ORGANISATION,
        to,
        document: paper_of(date),
        effective_on: None,
        on_behalf_of: None,
        distinct_from: None,
    }
}

pub(crate) fn dissolve(date: &str) -> DissolveOrganisation {
    DissolveOrganisation {
        late: false,
        organisation: ORGANISATION,
        reason: DissolutionReason::HostEnded,
        document: paper_of(date),
        effective_on: None,
        on_behalf_of: None,
        distinct_from: None,
    }
}

pub(crate) fn revoke(scope: RevocationScope, date: &str) -> RevokeOrganisation {
    RevokeOrganisation {
        late: false,
        organisation: ORGANISATION,
        scope,
        document: paper_of(date),
        effective_on: None,
        on_behalf_of: None,
    }
}

pub(crate) fn correct(reason: Reason) -> CorrectOrganisation {
    CorrectOrganisation {
        late: false,
        organisation: ORGANISATION,
        reason,
        unit: None,
        effective_on: None,
        host_kind: None,
        place: None,
        kind: None,
        basis: None,
        dissolution: None,
        document: None,
        on_behalf_of: None,
    }
}

pub(crate) fn admit(date: &str) -> AdmitMember {
    AdmitMember {
        late: false,
        unit: LE_CHAN,
        membership: Membership::Party,
        host_kind: HostKind::PrivateEnterprise,
        readmission: false,
        traits: BTreeMap::new(),
        place: None,
        document: paper_of(date),
        effective_on: None,
        on_behalf_of: None,
        distinct_from: None,
    }
}

pub(crate) fn ceremony(held_on: &str) -> HoldCeremony {
    HoldCeremony { late: false, admission: ADMISSION, held_on: day(held_on), document: None, on_behalf_of: None }
}

pub(crate) fn recognise_member(date: &str) -> RecogniseMember {
    RecogniseMember { late: false, admission: ADMISSION, document: paper_of(date), on_behalf_of: None }
}

pub(crate) fn revoke_admission(scope: RevocationScope, date: &str) -> RevokeAdmission {
    RevokeAdmission {
        late: false,
        admission: ADMISSION,
        scope,
        document: paper_of(date),
        effective_on: None,
        on_behalf_of: None,
    }
}

pub(crate) fn correct_admission(reason: Reason) -> CorrectAdmission {
    CorrectAdmission {
        late: false,
        admission: ADMISSION,
        reason,
        unit: None,
        effective_on: None,
        host_kind: None,
        place: None,
        membership: None,
        traits: None,
        ceremony: None,
        recognition: None,
        document: None,
        on_behalf_of: None,
    }
}

pub(crate) fn admit_batch(count: u32, date: &str) -> AdmitBatch {
    AdmitBatch {
        late: false,
        unit: LE_CHAN,
        membership: Membership::Party,
        host_kind: HostKind::PrivateEnterprise,
        count,
        of_which: OfWhich::new(),
        place: None,
        document: paper_of(date),
        effective_on: None,
        on_behalf_of: None,
        distinct_from: None,
    }
}

pub(crate) fn batch_ceremony(received: u32, held_on: &str) -> HoldBatchCeremony {
    HoldBatchCeremony {
        late: false,
        batch: BATCH,
        received,
        held_on: day(held_on),
        document: None,
        distinct_from: None,
        on_behalf_of: None,
    }
}

pub(crate) fn name_member(subject: u128) -> NameBatchMember {
    NameBatchMember { batch: BATCH, subject: SubjectId(Uuid::from_u128(subject)), on_behalf_of: None }
}

pub(crate) fn revoke_batch(scope: RevocationScope, date: &str) -> RevokeBatch {
    RevokeBatch { late: false, batch: BATCH, scope, document: paper_of(date), effective_on: None, on_behalf_of: None }
}

pub(crate) fn correct_batch(reason: Reason) -> CorrectBatch {
    CorrectBatch {
        late: false,
        batch: BATCH,
        reason,
        unit: None,
        effective_on: None,
        host_kind: None,
        place: None,
        membership: None,
        count: None,
        of_which: None,
        ceremony: None,
        document: None,
        on_behalf_of: None,
    }
}

/// The auditor asks Lê Chân about record 7.
pub(crate) fn raise() -> RaiseQuery {
    RaiseQuery { about: Position(7), owner: LE_CHAN, question: Question::FigureDoubtful }
}

pub(crate) fn answer(answer: Answer, corrected_at: Option<u64>) -> AnswerQuery {
    AnswerQuery { query: QUERY, answer, corrected_at: corrected_at.map(Position), on_behalf_of: None }
}

pub(crate) fn close() -> CloseQuery {
    CloseQuery { query: QUERY }
}

pub(crate) fn grant(office: UnitId, role: Role) -> GrantAccess {
    GrantAccess { token_sha256: "0f".repeat(32), subject: SubjectId(Uuid::from_u128(9)), office, role, until: None }
}

pub(crate) fn revoke_access() -> RevokeAccess {
    RevokeAccess { access: ACCESS }
}

/// The portal of the city prints three sentences of the review of 2022, on 30 December.
pub(crate) fn publish() -> publication::Publish {
    publication::Publish {
        outlet: "Cổng thông tin mẫu".to_owned(),
        title: "Kết quả năm 2022".to_owned(),
        printed: publication::Printed::On(day("2022-12-30")),
        place: Some("https://example.org/ket-qua".to_owned()),
        programme: None,
        period: None,
        sentences: vec![
            "Thành lập 47/42 tổ chức đảng, đạt 111,9% kế hoạch.".to_owned(),
            "Trong đó, Quận ủy Lê Chân đạt 4/3.".to_owned(),
        ],
        replaces: None,
        document: None,
    }
}
