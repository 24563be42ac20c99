//! The one table of stored events: arm of the `oneof`, name and version, fields with their numbers. A changed event is a new row; a row never changes.

use domain::{Event, EventBody, LocalDate};

use super::{
    field::{At, Decoded, Encoded, Field},
    message::Message,
};
use crate::{
    DecodeError,
    codec::{Reader, Writer},
};

macro_rules! events {
    ($($arm:literal $event:ident = $name:literal, $version:literal { $($number:literal $field:ident),* };)*) => {
        /// Name and version of every stored event, in the order of the table.
        pub const EVENT_TYPES: &[(&str, u32)] = &[$(($name, $version),)*];

        /// Its name in CloudEvents types, such as `organisation-founded`, and the version of it that is written.
        pub const fn event_type(body: &EventBody) -> (&'static str, u32) {
            match body { $(EventBody::$event { .. } => ($name, $version),)* }
        }

        /// As [`event_type`], by the event's arm.
        pub(crate) const fn event_type_of_arm(arm: u32) -> Option<(&'static str, u32)> {
            match arm {
                $($arm => Some(($name, $version)),)*
                _ => None,
            }
        }

        fn write_body(body: &EventBody, to: &mut Writer) -> Encoded {
            match body {
                $(EventBody::$event { $($field),* } => to.message($arm, |_to| {
                    $(Field::write($field, $number, _to)?;)*
                    Ok(())
                }),)*
            }
        }

        fn read_body(arm: u32, from: &mut Reader<'_>) -> Decoded<EventBody> {
            match arm {
                $($arm => {
                    let mut _fields = BODY.required(from.message($arm, stringify!($event))?)?;
                    let body = EventBody::$event { $($field: Field::read(
                        At { number: $number, name: concat!(stringify!($event), ".", stringify!($field)) },
                        &mut _fields,
                    )?),* };
                    _fields.finish()?;
                    Ok(body)
                })*
                arm => Err(DecodeError::UnknownEvent { arm }),
            }
        }
    };
}

events! {
    10 LedgerOpened = "ledger-opened", 1 { 1 name, 2 zone, 3 demonstration };
    11 LedgerSealed = "ledger-sealed", 1 { 1 successor };

    20 UnitCreated = "unit-created", 1 { 1 unit, 2 kind, 3 name, 4 code, 5 display_order };
    21 UnitRenamed = "unit-renamed", 1 { 1 unit, 2 name };
    22 UnitCodeAssigned = "unit-code-assigned", 1 { 1 unit, 2 code };
    23 UnitReclassified = "unit-reclassified", 1 { 1 unit, 2 kind };
    24 UnitParentSet = "unit-parent-set", 1 { 1 unit, 2 edge, 3 parent };
    25 UnitEnded = "unit-ended", 1 { 1 unit };
    26 UnitSucceeded = "unit-succeeded", 1 { 1 unit, 2 successor, 3 how, 4 extent, 5 of };
    27 SuccessorWeighed = "successor-weighed", 1 { 1 unit, 2 successor, 3 key, 4 weight };

    30 RuleSet = "rule-set", 1 { 1 rule };

    40 ProgrammeEstablished = "programme-established", 1 { 1 programme, 2 name_vi, 3 name_en, 4 issuer, 5 host_kinds };
    41 MeasureDefined = "measure-defined", 1 { 1 programme, 2 measure };

    50 PeriodOpened = "period-opened", 1 { 1 programme, 2 period, 3 first_day, 4 last_day, 5 principals, 6 reports_required };

    51 ReportSubmitted = "report-submitted", 1 { 1 programme, 2 period, 3 unit, 4 up_to, 5 nil };
    52 ReportApproved = "report-approved", 1 { 1 programme, 2 period, 3 unit };
    53 PeriodCutOff = "period-cut-off", 1 { 1 programme, 2 period, 3 number, 4 valid };
    54 PeriodClosed = "period-closed", 1 { 1 programme, 2 period, 3 number };
    55 ReopeningRequested = "reopening-requested", 1 { 1 programme, 2 period, 3 reason, 4 until, 5 by };
    56 PeriodReopened = "period-reopened", 1 { 1 programme, 2 period, 3 until };

    60 TargetAssigned = "target-assigned", 1 { 1 target, 2 value, 3 due_on };
    61 TargetAdjusted = "target-adjusted", 1 { 1 target, 2 value };
    62 TargetWithdrawn = "target-withdrawn", 1 { 1 target };
    63 TargetCorrected = "target-corrected", 1 { 1 target, 2 before, 3 after, 4 reason };

    70 OrganisationFounded = "organisation-founded", 1 { 1 counted, 2 members, 3 exception };
    71 OrganisationRegistered = "organisation-registered", 1 { 1 counted };
    72 UnionRecognised = "union-recognised", 1 { 1 counted, 2 congress_on, 3 members, 4 exception };
    73 FoundingAnnounced = "founding-announced", 1 {};
    74 OrganisationTypeChanged = "organisation-type-changed", 1 { 1 before, 2 after, 3 members, 4 exception };
    75 OrganisationTransferred = "organisation-transferred", 1 { 1 adds };
    76 OrganisationDissolved = "organisation-dissolved", 1 { 1 counted, 2 reason };
    77 OrganisationCorrected = "organisation-corrected", 1 { 1 reason, 2 takes, 3 adds };
    78 OrganisationRevoked = "organisation-revoked", 1 { 1 scope, 2 takes, 3 adds };

    90 MemberAdmitted = "member-admitted", 1 { 1 counted };
    91 CeremonyHeld = "ceremony-held", 1 { 1 counted };
    92 AdmissionCorrected = "admission-corrected", 1 { 1 reason, 2 takes, 3 adds };
    93 AdmissionRevoked = "admission-revoked", 1 { 1 scope, 2 takes, 3 adds };
    94 MemberRecognised = "member-recognised", 1 { 1 counted, 2 decided_on };

    110 BatchAdmitted = "batch-admitted", 1 { 1 counted };
    111 BatchCeremonyHeld = "batch-ceremony-held", 1 { 1 counted };
    112 BatchMemberNamed = "batch-member-named", 1 { 1 subject };
    113 BatchCorrected = "batch-corrected", 1 { 1 reason, 2 takes, 3 adds };
    114 BatchRevoked = "batch-revoked", 1 { 1 scope, 2 takes, 3 adds };

    130 QueryRaised = "query-raised", 1 { 1 about, 2 owner, 3 question };
    131 QueryAnswered = "query-answered", 1 { 1 answer, 2 corrected_at };
    132 QueryClosed = "query-closed", 1 {};

    140 AccessGranted = "access-granted", 1 { 1 access, 2 token_sha256, 3 subject, 4 office, 5 role, 6 until };
    141 AccessRevoked = "access-revoked", 1 { 1 access };
}

const EFFECTIVE_ON: At = At { number: 1, name: "Event.effective_on" };
const BODY: At = At { number: 0, name: "Event.body" };

/// Day and arm of an event, without what it says.
pub(crate) fn read_head(from: &mut Reader<'_>) -> Decoded<(LocalDate, u32)> {
    let effective_on = Field::read(EFFECTIVE_ON, from)?;
    Ok((effective_on, BODY.required(from.next_number()?)?))
}

impl Message for Event {
    const NAME: &'static str = "Event";

    fn write_fields(&self, to: &mut Writer) -> Encoded {
        self.effective_on.write(EFFECTIVE_ON.number, to)?;
        write_body(&self.body, to)
    }

    fn read_fields(from: &mut Reader<'_>) -> Decoded<Self> {
        let (effective_on, arm) = read_head(from)?;
        Ok(Self { effective_on, body: read_body(arm, from)? })
    }
}
