//! The one table of commands: name, struct, stream, and who may send it. HTTP routes, OpenAPI, forms and the CLI all come from it.

use serde::Deserializer;

use crate::{
    CommandId, Document, Kind, PeriodKey, Position, ProgrammeKey, Role, StreamId, UnitId, access::*, admission::*,
    batch::*, ledger::*, organisation::*, period::*, plan::*, programme::*, publication::*, query::*, rules::*,
    structure::*,
};

macro_rules! commands {
    ($($variant:ident, $name:literal, $kind:ident, [$($role:ident)*], $vi:literal, $en:literal;)*) => {
        /// What is asked of the ledger.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Command { $($variant($variant),)* }

        /// Every command, in the order of the table.
        pub const COMMANDS: &[CommandRow] = &[$(CommandRow {
            name: $name, kind: Kind::$kind, roles: &[$(Role::$role),*], vi: $vi, en: $en,
        },)*];

        impl Command {
            /// Its name in paths, such as `found-organisation`.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)* }
            }

            /// Reads the named command; `None` when there is no such command. Unknown fields are refused.
            pub fn read<'de, D: Deserializer<'de>>(name: &str, data: D) -> Option<Result<Self, D::Error>> {
                match name {
                    $($name => Some(serde::Deserialize::deserialize(data).map(Self::$variant)),)*
                    _ => None,
                }
            }

            /// Its body as JSON, as it would be posted.
            pub fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$variant(command) => serde::Serialize::serialize(command, serializer),)* }
            }
        }

        $(impl From<$variant> for Command {
            fn from(command: $variant) -> Self {
                Self::$variant(command)
            }
        })*

        /// The schema of every command, by name.
        #[cfg(feature = "schema")]
        pub fn command_schemas() -> Vec<(&'static str, utoipa::openapi::RefOr<utoipa::openapi::Schema>, Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>)> {
            use utoipa::{PartialSchema, ToSchema};
            vec![$({
                let mut parts = Vec::new();
                <$variant as ToSchema>::schemas(&mut parts);
                ($name, <$variant as PartialSchema>::schema(), parts)
            },)*]
        }
    };
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandRow {
    pub name: &'static str,
    /// Kind of the stream it is recorded on.
    pub kind: Kind,
    pub roles: &'static [Role],
    pub vi: &'static str,
    pub en: &'static str,
}

impl CommandRow {
    /// Whether it is about the ledger as a whole. An administrator sends it from a unit that nothing is above.
    pub const fn concerns_the_ledger(&self) -> bool {
        matches!(self.kind, Kind::Ledger | Kind::Structure | Kind::Rules | Kind::Programme | Kind::Period)
    }
}

commands! {
    OpenLedger,              "open-ledger",              Ledger,       [Admin],             "mở sổ",                              "open the ledger";
    SealLedger,              "seal-ledger",              Ledger,       [Admin],             "khóa sổ để chuyển đi",               "seal the ledger";
    ChangeStructure,         "change-structure",         Structure,    [Admin],             "thay đổi cơ cấu đơn vị",             "change the structure";
    SetRules,                "set-rules",                Rules,        [Admin],             "đặt quy định điều kiện",             "set eligibility rules";
    EstablishProgramme,      "establish-programme",      Programme,    [Admin],             "lập chương trình theo nghị quyết",   "establish a programme";
    DefineMeasure,           "define-measure",           Programme,    [Admin],             "định nghĩa chỉ tiêu",                "define a measure";
    OpenPeriod,              "open-period",              Period,       [Admin],             "mở kỳ báo cáo",                      "open a period";
    SubmitReport,            "submit-report",            Period,       [Office],            "nộp báo cáo kỳ",                     "submit a report";
    ApproveReport,           "approve-report",           Period,       [Supervisor],        "duyệt báo cáo kỳ",                   "approve a report";
    CutOffPeriod,            "cut-off-period",           Period,       [Supervisor],        "chốt số liệu",                       "cut off a period";
    ClosePeriod,             "close-period",             Period,       [Supervisor],        "khóa kỳ báo cáo",                    "close a period";
    RequestReopening,        "request-reopening",        Period,       [Supervisor],        "đề nghị mở lại kỳ",                  "request a reopening";
    ReopenPeriod,            "reopen-period",            Period,       [Supervisor],        "mở lại kỳ báo cáo",                  "reopen a period";
    AssignTarget,            "assign-target",            Target,       [Supervisor],        "giao chỉ tiêu",                      "assign a target";
    AdjustTarget,            "adjust-target",            Target,       [Supervisor],        "điều chỉnh chỉ tiêu",                "adjust a target";
    WithdrawTarget,          "withdraw-target",          Target,       [Supervisor],        "rút chỉ tiêu",                       "withdraw a target";
    CorrectTarget,           "correct-target",           Target,       [Supervisor],        "đính chính chỉ tiêu",                "correct a target";
    FoundOrganisation,       "found-organisation",       Organisation, [Office],            "quyết định thành lập tổ chức",       "found an organisation";
    RecogniseUnion,          "recognise-union",          Organisation, [Office],            "công nhận công đoàn",                "recognise a union";
    RegisterExisting,        "register-existing",        Organisation, [Office],            "đăng ký tổ chức đã có",              "register an existing organisation";
    AnnounceFounding,        "announce-founding",        Organisation, [Office],            "công bố quyết định thành lập",       "announce a founding";
    ChangeOrganisationType,  "change-organisation-type", Organisation, [Office],            "chuyển loại hình tổ chức",           "change an organisation's type";
    TransferOrganisation,    "transfer-organisation",    Organisation, [Office Supervisor], "chuyển giao tổ chức",                "transfer an organisation";
    DissolveOrganisation,    "dissolve-organisation",    Organisation, [Office],            "giải thể tổ chức",                   "dissolve an organisation";
    RevokeOrganisation,      "revoke-organisation",      Organisation, [Office],            "hủy quyết định thành lập",           "revoke a founding decision";
    CorrectOrganisation,     "correct-organisation",     Organisation, [Office Supervisor], "đính chính tổ chức",                 "correct an organisation's record";
    AdmitMember,             "admit-member",             Admission,    [Office],            "quyết định kết nạp",                 "admit a member";
    HoldCeremony,            "hold-ceremony",            Admission,    [Office],            "lễ kết nạp",                         "hold an admission ceremony";
    RecogniseMember,         "recognise-member",         Admission,    [Office],            "công nhận đảng viên chính thức",     "recognise a member as official";
    RevokeAdmission,         "revoke-admission",         Admission,    [Office],            "hủy quyết định kết nạp",             "revoke an admission";
    CorrectAdmission,        "correct-admission",        Admission,    [Office Supervisor], "đính chính kết nạp",                 "correct an admission's record";
    AdmitBatch,              "admit-batch",              Batch,        [Office],            "quyết định kết nạp nhiều người",     "admit a batch of members";
    HoldBatchCeremony,       "hold-batch-ceremony",      Batch,        [Office],            "lễ kết nạp nhiều người",             "hold a ceremony for a batch";
    NameBatchMember,         "name-batch-member",        Batch,        [Office],            "ghi mã người trong đợt",             "name a member of a batch";
    RevokeBatch,             "revoke-batch",             Batch,        [Office],            "hủy quyết định kết nạp của đợt",     "revoke a batch";
    CorrectBatch,            "correct-batch",            Batch,        [Office Supervisor], "đính chính đợt kết nạp",             "correct a batch's record";
    RaiseQuery,              "raise-query",              Query,        [Auditor],           "nêu yêu cầu làm rõ",                 "raise a query";
    AnswerQuery,             "answer-query",             Query,        [Office],            "trả lời yêu cầu làm rõ",             "answer a query";
    CloseQuery,              "close-query",              Query,        [Auditor],           "đóng yêu cầu làm rõ",                "close a query";
    GrantAccess,             "grant-access",             Access,       [Admin],             "cấp quyền truy cập",                 "grant access";
    RevokeAccess,            "revoke-access",            Access,       [Admin],             "thu hồi quyền truy cập",             "revoke access";
    Publish,                 "publish",                  Publication,  [Supervisor Admin],  "ghi số liệu đã đăng",                "record what was printed";
    WithdrawPublication,     "withdraw-publication",     Publication,  [Supervisor Admin],  "rút số liệu đã đăng",                "withdraw what was recorded as printed";
}

impl Command {
    pub fn row(&self) -> &'static CommandRow {
        // Every variant stands in the table that made it.
        COMMANDS.iter().find(|row| row.name == self.name()).unwrap_or(&COMMANDS[0])
    }

    /// The stream it is recorded on: a pure function of name, body and key, so that a retry meets itself.
    pub fn stream(&self, key: CommandId) -> StreamId {
        let of_key = |natural: &str| StreamId::of_key(self.row().kind, natural);
        let target = |c: crate::TargetKey| of_key(&c.to_string());
        match self {
            Self::OpenLedger(_) | Self::SealLedger(_) => of_key("ledger"),
            Self::ChangeStructure(_) => of_key("structure"),
            Self::SetRules(_) => of_key("rules"),
            Self::EstablishProgramme(c) => of_key(c.programme.as_str()),
            Self::DefineMeasure(c) => of_key(c.programme.as_str()),
            Self::OpenPeriod(c) => of_key(&format!("{}/{}", c.programme, c.period)),
            Self::SubmitReport(c) => of_key(&report_key(&c.programme, &c.period, c.unit)),
            Self::ApproveReport(c) => of_key(&report_key(&c.programme, &c.period, c.unit)),
            Self::CutOffPeriod(c) => of_key(&format!("{}/{}", c.programme, c.period)),
            Self::ClosePeriod(c) => of_key(&format!("{}/{}", c.programme, c.period)),
            Self::RequestReopening(c) => of_key(&format!("{}/{}", c.programme, c.period)),
            Self::ReopenPeriod(c) => of_key(&format!("{}/{}", c.programme, c.period)),
            Self::AssignTarget(c) => target(c.target()),
            Self::AdjustTarget(c) => target(c.target()),
            Self::WithdrawTarget(c) => target(c.target()),
            Self::CorrectTarget(c) => target(c.target()),
            Self::FoundOrganisation(_)
            | Self::RecogniseUnion(_)
            | Self::RegisterExisting(_)
            | Self::AdmitMember(_)
            | Self::AdmitBatch(_)
            | Self::RaiseQuery(_) => self.own_stream(key),
            // Two grants of one token meet.
            Self::GrantAccess(c) => of_key(&c.token_sha256),
            Self::AnnounceFounding(c) => StreamId::new(Kind::Organisation, c.organisation.0),
            Self::ChangeOrganisationType(c) => StreamId::new(Kind::Organisation, c.organisation.0),
            Self::TransferOrganisation(c) => StreamId::new(Kind::Organisation, c.organisation.0),
            Self::DissolveOrganisation(c) => StreamId::new(Kind::Organisation, c.organisation.0),
            Self::RevokeOrganisation(c) => StreamId::new(Kind::Organisation, c.organisation.0),
            Self::CorrectOrganisation(c) => StreamId::new(Kind::Organisation, c.organisation.0),
            Self::HoldCeremony(c) => StreamId::new(Kind::Admission, c.admission.0),
            Self::RecogniseMember(c) => StreamId::new(Kind::Admission, c.admission.0),
            Self::RevokeAdmission(c) => StreamId::new(Kind::Admission, c.admission.0),
            Self::CorrectAdmission(c) => StreamId::new(Kind::Admission, c.admission.0),
            Self::HoldBatchCeremony(c) => StreamId::new(Kind::Batch, c.batch.0),
            Self::NameBatchMember(c) => StreamId::new(Kind::Batch, c.batch.0),
            Self::RevokeBatch(c) => StreamId::new(Kind::Batch, c.batch.0),
            Self::CorrectBatch(c) => StreamId::new(Kind::Batch, c.batch.0),
            Self::AnswerQuery(c) => StreamId::new(Kind::Query, c.query.0),
            Self::CloseQuery(c) => StreamId::new(Kind::Query, c.query.0),
            Self::RevokeAccess(c) => StreamId::new(Kind::Access, c.access.0),
            Self::Publish(c) => StreamId::new(Kind::Publication, c.publication().0),
            Self::WithdrawPublication(c) => StreamId::new(Kind::Publication, c.publication.0),
        }
    }

    /// A stream that this command begins has the command's own id: whatever comes under the same key meets it. Keys made now sort behind
    /// older ones, and so do the streams: an index over them grows at its end.
    fn own_stream(&self, key: CommandId) -> StreamId {
        StreamId::new(self.row().kind, key.0)
    }

    /// Whether it begins its stream under an id of its own, so that nothing needs to be read before it.
    pub const fn begins_stream(&self) -> bool {
        matches!(
            self,
            Self::FoundOrganisation(_)
                | Self::RecogniseUnion(_)
                | Self::RegisterExisting(_)
                | Self::AdmitMember(_)
                | Self::AdmitBatch(_)
                | Self::RaiseQuery(_)
        )
    }

    /// The paper it stands on, if it names one.
    pub const fn document(&self) -> Option<&Document> {
        match self {
            Self::ChangeStructure(c) => Some(&c.document),
            Self::SetRules(c) => Some(&c.document),
            Self::EstablishProgramme(c) => Some(&c.document),
            Self::DefineMeasure(c) => Some(&c.document),
            Self::OpenPeriod(c) => Some(&c.document),
            Self::CutOffPeriod(c) => Some(&c.document),
            Self::ClosePeriod(c) => Some(&c.document),
            Self::RequestReopening(c) => Some(&c.document),
            Self::AssignTarget(c) => Some(&c.document),
            Self::AdjustTarget(c) => Some(&c.document),
            Self::WithdrawTarget(c) => Some(&c.document),
            Self::CorrectTarget(c) => Some(&c.document),
            Self::FoundOrganisation(c) => Some(&c.document),
            Self::RecogniseUnion(c) => Some(&c.document),
            Self::RegisterExisting(c) => Some(&c.document),
            Self::AnnounceFounding(c) => c.document.as_ref(),
            Self::ChangeOrganisationType(c) => Some(&c.document),
            Self::TransferOrganisation(c) => Some(&c.document),
            Self::DissolveOrganisation(c) => Some(&c.document),
            Self::RevokeOrganisation(c) => Some(&c.document),
            Self::CorrectOrganisation(c) => c.document.as_ref(),
            Self::AdmitMember(c) => Some(&c.document),
            Self::HoldCeremony(c) => c.document.as_ref(),
            Self::RecogniseMember(c) => Some(&c.document),
            Self::RevokeAdmission(c) => Some(&c.document),
            Self::CorrectAdmission(c) => c.document.as_ref(),
            Self::AdmitBatch(c) => Some(&c.document),
            Self::HoldBatchCeremony(c) => c.document.as_ref(),
            Self::RevokeBatch(c) => Some(&c.document),
            Self::CorrectBatch(c) => c.document.as_ref(),
            Self::Publish(c) => c.document.as_ref(),
            Self::WithdrawPublication(c) => c.document.as_ref(),
            Self::OpenLedger(_)
            | Self::SealLedger(_)
            | Self::SubmitReport(_)
            | Self::ApproveReport(_)
            | Self::ReopenPeriod(_)
            | Self::NameBatchMember(_)
            | Self::RaiseQuery(_)
            | Self::AnswerQuery(_)
            | Self::CloseQuery(_)
            | Self::GrantAccess(_)
            | Self::RevokeAccess(_) => None,
        }
    }

    /// The same paper as the record stores it: text in NFC, trimmed.
    pub fn recorded_document(&self) -> Option<Document> {
        self.document().map(Document::normalised)
    }

    /// Position of a record of the same paper that the caller has seen.
    pub const fn distinct_from(&self) -> Option<Position> {
        match self {
            Self::AssignTarget(c) => c.distinct_from,
            Self::FoundOrganisation(c) => c.distinct_from,
            Self::RecogniseUnion(c) => c.distinct_from,
            Self::RegisterExisting(c) => c.distinct_from,
            Self::ChangeOrganisationType(c) => c.distinct_from,
            Self::TransferOrganisation(c) => c.distinct_from,
            Self::DissolveOrganisation(c) => c.distinct_from,
            Self::AdmitMember(c) => c.distinct_from,
            Self::AdmitBatch(c) => c.distinct_from,
            Self::HoldBatchCeremony(c) => c.distinct_from,
            _ => None,
        }
    }

    /// The caller knows that it concerns a closed period.
    pub const fn late(&self) -> bool {
        match self {
            Self::FoundOrganisation(c) => c.late,
            Self::RecogniseUnion(c) => c.late,
            Self::RegisterExisting(c) => c.late,
            Self::TransferOrganisation(c) => c.late,
            Self::DissolveOrganisation(c) => c.late,
            Self::RevokeOrganisation(c) => c.late,
            Self::CorrectOrganisation(c) => c.late,
            Self::AdmitMember(c) => c.late,
            Self::HoldCeremony(c) => c.late,
            Self::RecogniseMember(c) => c.late,
            Self::RevokeAdmission(c) => c.late,
            Self::CorrectAdmission(c) => c.late,
            Self::AdmitBatch(c) => c.late,
            Self::HoldBatchCeremony(c) => c.late,
            Self::RevokeBatch(c) => c.late,
            Self::CorrectBatch(c) => c.late,
            _ => false,
        }
    }

    /// The unit it posts for, when that is not the caller's own office.
    pub const fn on_behalf_of(&self) -> Option<UnitId> {
        match self {
            Self::SubmitReport(c) => c.on_behalf_of,
            Self::FoundOrganisation(c) => c.on_behalf_of,
            Self::RecogniseUnion(c) => c.on_behalf_of,
            Self::RegisterExisting(c) => c.on_behalf_of,
            Self::AnnounceFounding(c) => c.on_behalf_of,
            Self::ChangeOrganisationType(c) => c.on_behalf_of,
            Self::TransferOrganisation(c) => c.on_behalf_of,
            Self::DissolveOrganisation(c) => c.on_behalf_of,
            Self::RevokeOrganisation(c) => c.on_behalf_of,
            Self::CorrectOrganisation(c) => c.on_behalf_of,
            Self::AdmitMember(c) => c.on_behalf_of,
            Self::HoldCeremony(c) => c.on_behalf_of,
            Self::RecogniseMember(c) => c.on_behalf_of,
            Self::RevokeAdmission(c) => c.on_behalf_of,
            Self::CorrectAdmission(c) => c.on_behalf_of,
            Self::AdmitBatch(c) => c.on_behalf_of,
            Self::HoldBatchCeremony(c) => c.on_behalf_of,
            Self::NameBatchMember(c) => c.on_behalf_of,
            Self::RevokeBatch(c) => c.on_behalf_of,
            Self::CorrectBatch(c) => c.on_behalf_of,
            Self::AnswerQuery(c) => c.on_behalf_of,
            _ => None,
        }
    }
}

/// The reports of a unit on a period are a stream of their own, so that units do not wait for each other.
fn report_key(programme: &ProgrammeKey, period: &PeriodKey, unit: UnitId) -> String {
    format!("{programme}/{period}/{unit}")
}
