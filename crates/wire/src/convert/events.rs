//! The one table of stored events: name, version, arm of the `oneof`, fields. A changed event is a new row; a row never changes.

use domain::{Event, EventBody};

use super::{
    field::{Decoded, Encoded, Field, required},
    message::Message,
};
use crate::proto::record::v1::{self as wire, event::Body};

macro_rules! events {
    ($($name:literal, $version:literal, $event:ident { $($field:ident),* };)*) => {
        /// Name and version of every stored event, in the order of the table.
        pub const EVENT_TYPES: &[(&str, u32)] = &[$(($name, $version),)*];

        /// Its name in CloudEvents types, such as `organisation-founded`, and the version of it that is written.
        pub const fn event_type(body: &EventBody) -> (&'static str, u32) {
            match body { $(EventBody::$event { .. } => ($name, $version),)* }
        }

        fn write_body(body: &EventBody) -> Encoded<Body> {
            Ok(match body {
                $(EventBody::$event { $($field),* } => {
                    Body::$event(wire::$event { $($field: Field::write($field)?),* })
                })*
            })
        }

        fn read_body(body: Body) -> Decoded<EventBody> {
            Ok(match body {
                $(Body::$event(wire::$event { $($field),* }) => EventBody::$event {
                    $($field: Field::read(concat!(stringify!($event), ".", stringify!($field)), $field)?),*
                },)*
            })
        }
    };
}

events! {
    "ledger-opened", 1, LedgerOpened { name, zone, demonstration };

    "unit-created", 1, UnitCreated { unit, kind, name, code, display_order };
    "unit-renamed", 1, UnitRenamed { unit, name };
    "unit-code-assigned", 1, UnitCodeAssigned { unit, code };
    "unit-reclassified", 1, UnitReclassified { unit, kind };
    "unit-parent-set", 1, UnitParentSet { unit, edge, parent };
    "unit-ended", 1, UnitEnded { unit };

    "rule-set", 1, RuleSet { rule };

    "programme-established", 1, ProgrammeEstablished { programme, name_vi, name_en, issuer, host_kinds };
    "measure-defined", 1, MeasureDefined { programme, measure };

    "period-opened", 1, PeriodOpened { programme, period, first_day, last_day, principals, reports_required };

    "target-assigned", 1, TargetAssigned { target, value, due_on };
    "target-adjusted", 1, TargetAdjusted { target, value };
    "target-withdrawn", 1, TargetWithdrawn { target };
    "target-corrected", 1, TargetCorrected { target, before, after, reason };

    "organisation-founded", 1, OrganisationFounded { counted, members, exception };
    "organisation-registered", 1, OrganisationRegistered { counted };
    "union-recognised", 1, UnionRecognised { counted, congress_on, members, exception };
    "founding-announced", 1, FoundingAnnounced {};
    "organisation-type-changed", 1, OrganisationTypeChanged { before, after, members, exception };
    "organisation-transferred", 1, OrganisationTransferred { adds };
    "organisation-dissolved", 1, OrganisationDissolved { counted, reason };
    "organisation-corrected", 1, OrganisationCorrected { reason, takes, adds };
    "organisation-revoked", 1, OrganisationRevoked { scope, takes, adds };

    "member-admitted", 1, MemberAdmitted { counted };
    "ceremony-held", 1, CeremonyHeld { counted };
    "admission-corrected", 1, AdmissionCorrected { reason, takes, adds };
    "admission-revoked", 1, AdmissionRevoked { scope, takes, adds };

    "batch-admitted", 1, BatchAdmitted { counted };
    "batch-ceremony-held", 1, BatchCeremonyHeld { counted };
    "batch-member-named", 1, BatchMemberNamed { subject };
    "batch-corrected", 1, BatchCorrected { reason, takes, adds };
    "batch-revoked", 1, BatchRevoked { scope, takes, adds };

    "query-raised", 1, QueryRaised { about, owner, question };
    "query-answered", 1, QueryAnswered { answer, corrected_at };
    "query-closed", 1, QueryClosed {};

    "access-granted", 1, AccessGranted { access, token_sha256, subject, office, role, until };
    "access-revoked", 1, AccessRevoked { access };
}

impl Message for Event {
    type Wire = wire::Event;

    fn write_message(&self) -> Encoded<Self::Wire> {
        Ok(wire::Event { effective_on: self.effective_on.write()?, body: Some(write_body(&self.body)?) })
    }

    fn read_message(wire: Self::Wire) -> Decoded<Self> {
        Ok(Self {
            effective_on: Field::read("Event.effective_on", wire.effective_on)?,
            body: read_body(required("Event.body", wire.body)?)?,
        })
    }
}
