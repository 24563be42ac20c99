//! What each event is called: the one table behind the trail, `docs/words.md` and the API's page.

use crate::EventBody;

/// The name of a kind of event, as people use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventWord {
    /// Stable, for machines.
    pub word: &'static str,
    pub vi: &'static str,
    pub en: &'static str,
}

impl EventWord {
    /// The entry of a stored word.
    pub fn of(word: &str) -> Option<Self> {
        EVENT_WORDS.iter().copied().find(|called| called.word == word)
    }
}

macro_rules! event_words {
    ($($variant:ident = $word:literal, $vi:literal, $en:literal;)*) => {
        /// Every kind of event, in the order of the aggregates.
        pub const EVENT_WORDS: &[EventWord] = &[$(EventWord { word: $word, vi: $vi, en: $en },)*];

        impl EventBody {
            /// What this event is called.
            pub const fn called(&self) -> EventWord {
                match self {
                    $(Self::$variant { .. } => EventWord { word: $word, vi: $vi, en: $en },)*
                }
            }
        }
    };
}

event_words! {
    LedgerOpened = "ledger_opened", "mở sổ", "ledger opened";
    LedgerSealed = "ledger_sealed", "khóa sổ để chuyển đi", "ledger sealed";
    UnitCreated = "unit_created", "lập đơn vị", "unit created";
    UnitRenamed = "unit_renamed", "đổi tên đơn vị", "unit renamed";
    UnitCodeAssigned = "unit_code_assigned", "cấp mã đơn vị", "unit code assigned";
    UnitReclassified = "unit_reclassified", "đổi loại đơn vị", "unit reclassified";
    UnitParentSet = "unit_parent_set", "xác định đơn vị cấp trên", "superior unit set";
    UnitEnded = "unit_ended", "kết thúc đơn vị", "unit ended";
    UnitSucceeded = "unit_succeeded", "xác định đơn vị kế thừa", "successor unit set";
    SuccessorWeighed = "successor_weighed", "ghi tỷ trọng của đơn vị kế thừa", "successor weighed";
    RuleSet = "rule_set", "đặt điều kiện thành lập", "eligibility rule set";
    ProgrammeEstablished = "programme_established", "lập chương trình", "programme established";
    MeasureDefined = "measure_defined", "quy định chỉ tiêu thống kê", "measure defined";
    PeriodOpened = "period_opened", "mở kỳ", "period opened";
    ReportSubmitted = "report_submitted", "nộp báo cáo kỳ", "report submitted";
    ReportApproved = "report_approved", "duyệt báo cáo kỳ", "report approved";
    PeriodCutOff = "period_cut_off", "chốt số liệu", "figures cut off";
    PeriodClosed = "period_closed", "khóa kỳ", "period closed";
    ReopeningRequested = "reopening_requested", "đề nghị mở lại kỳ", "reopening requested";
    PeriodReopened = "period_reopened", "mở lại kỳ", "period reopened";
    TargetAssigned = "target_assigned", "giao chỉ tiêu", "target assigned";
    TargetAdjusted = "target_adjusted", "điều chỉnh chỉ tiêu", "target adjusted";
    TargetWithdrawn = "target_withdrawn", "rút chỉ tiêu", "target withdrawn";
    TargetCorrected = "target_corrected", "đính chính chỉ tiêu", "target corrected";
    OrganisationFounded = "organisation_founded", "thành lập tổ chức", "organisation founded";
    OrganisationRegistered = "organisation_registered", "ghi nhận tổ chức đã có", "existing organisation registered";
    UnionRecognised = "union_recognised", "công nhận công đoàn", "union recognised";
    FoundingAnnounced = "founding_announced", "công bố quyết định thành lập", "founding announced";
    OrganisationTypeChanged = "organisation_type_changed", "chuyển loại hình tổ chức", "organisation type changed";
    OrganisationTransferred = "organisation_transferred", "chuyển giao tổ chức", "organisation transferred";
    OrganisationDissolved = "organisation_dissolved", "giải thể tổ chức", "organisation dissolved";
    OrganisationCorrected = "organisation_corrected", "đính chính về tổ chức", "organisation corrected";
    OrganisationRevoked = "organisation_revoked", "hủy quyết định về tổ chức", "organisation decision revoked";
    MemberAdmitted = "member_admitted", "kết nạp", "member admitted";
    CeremonyHeld = "ceremony_held", "tổ chức lễ kết nạp", "ceremony held";
    AdmissionCorrected = "admission_corrected", "đính chính về kết nạp", "admission corrected";
    AdmissionRevoked = "admission_revoked", "hủy quyết định kết nạp", "admission decision revoked";
    MemberRecognised = "member_recognised", "công nhận đảng viên chính thức", "member recognised as official";
    BatchAdmitted = "batch_admitted", "kết nạp một đợt", "batch admitted";
    BatchCeremonyHeld = "batch_ceremony_held", "tổ chức lễ kết nạp của đợt", "batch ceremony held";
    BatchMemberNamed = "batch_member_named", "gắn người vào đợt kết nạp", "batch member named";
    BatchCorrected = "batch_corrected", "đính chính về đợt kết nạp", "batch corrected";
    BatchRevoked = "batch_revoked", "hủy quyết định về đợt kết nạp", "batch decision revoked";
    QueryRaised = "query_raised", "nêu câu hỏi", "query raised";
    QueryAnswered = "query_answered", "trả lời câu hỏi", "query answered";
    QueryClosed = "query_closed", "khép câu hỏi", "query closed";
    AccessGranted = "access_granted", "cấp quyền truy cập", "access granted";
    AccessRevoked = "access_revoked", "thu hồi quyền truy cập", "access revoked";
}
