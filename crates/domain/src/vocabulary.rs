//! The words that commands and events share: what kinds of things there are, and the paper a decision stands on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{LocalDate, Position, UnitId, closed_list::words, text::normalise};

/// A word that is not on the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of the known words")]
pub struct UnknownWord(pub String);

words! {
    /// What an organisation is (DOMAIN §2.1, §3). Which kinds count is said by each measure.
    OrganisationKind {
        PartyCellGrassroots = 1, "party_cell_grassroots", "chi bộ cơ sở", "grassroots Party cell";
        PartyCellSubordinate = 2, "party_cell_subordinate", "chi bộ trực thuộc", "subordinate Party cell";
        PartyOrganisationGrassroots = 3, "party_organisation_grassroots", "đảng bộ cơ sở", "grassroots Party organisation";
        PartySection = 4, "party_section", "đảng bộ bộ phận", "sectional Party organisation";
        PartyGroup = 5, "party_group", "tổ đảng", "Party group";
        GrassrootsUnion = 6, "grassroots_union", "công đoàn cơ sở", "grassroots trade union";
        OccupationalUnion = 7, "occupational_union", "nghiệp đoàn cơ sở", "occupational union";
        UnionSection = 8, "union_section", "công đoàn bộ phận", "trade union section";
        YouthBranch = 9, "youth_branch", "chi đoàn", "youth union branch";
        GrassrootsYouthUnion = 10, "grassroots_youth_union", "đoàn cơ sở", "grassroots youth union";
        YouthFederationBranch = 11, "youth_federation_branch", "chi hội Liên hiệp Thanh niên", "youth federation branch";
    }
}

impl OrganisationKind {
    /// Legal life begins with the superior's recognition, not with a founding decision (DOMAIN §3.3).
    pub const fn is_recognised(self) -> bool {
        matches!(self, Self::GrassrootsUnion | Self::OccupationalUnion | Self::UnionSection)
    }
}

words! {
    /// What a person is admitted to.
    Membership {
        Party = 1, "party", "đảng viên", "Party member";
        YouthUnion = 2, "youth_union", "đoàn viên", "youth union member";
        YouthFederation = 3, "youth_federation", "hội viên thanh niên", "youth federation member";
        TradeUnion = 4, "trade_union", "đoàn viên công đoàn", "trade union member";
    }
}

words! {
    /// Where the organisation or the member works; a partition. A programme names the kinds it covers.
    HostKind {
        PrivateEnterprise = 1, "private_enterprise", "doanh nghiệp ngoài nhà nước", "private enterprise";
        ForeignInvestedEnterprise = 2, "foreign_invested_enterprise", "doanh nghiệp có vốn đầu tư nước ngoài", "foreign-invested enterprise";
        Cooperative = 3, "cooperative", "hợp tác xã", "cooperative";
        NonPublicServiceUnit = 4, "non_public_service_unit", "đơn vị sự nghiệp ngoài công lập", "non-public service unit";
        StateEnterprise = 5, "state_enterprise", "doanh nghiệp nhà nước", "state enterprise";
        PublicServiceUnit = 6, "public_service_unit", "đơn vị sự nghiệp công lập", "public service unit";
        StateAgency = 7, "state_agency", "cơ quan nhà nước", "state agency";
        ResidentialArea = 8, "residential_area", "khu dân cư", "residential area";
    }
}

words! {
    /// How an organisation came to be; stored from the start. Gross counts `new` and `grouping` only.
    Basis {
        New = 1, "new", "thành lập mới", "new";
        Grouping = 2, "grouping", "thành lập trên cơ sở các tổ chức đã có", "grouping of existing organisations";
        Split = 3, "split", "chia tách", "split";
        Merger = 4, "merger", "sáp nhập, hợp nhất", "merger";
        Conversion = 5, "conversion", "chuyển đổi", "conversion";
    }
}

words! {
    /// Dimensions of an "of which". They overlap; what is absent is not stated, which is not 0.
    Trait {
        Women = 1, "women", "nữ", "women";
        EthnicMinority = 2, "ethnic_minority", "dân tộc thiểu số", "ethnic minority";
        Religious = 3, "religious", "có đạo", "of a religion";
        YouthUnionMember = 4, "youth_union_member", "đoàn viên thanh niên", "youth union members";
        PrivateBusinessOwner = 5, "private_business_owner", "chủ doanh nghiệp tư nhân", "private business owners";
        Worker = 6, "worker", "công nhân", "workers";
    }
}

words! {
    /// What a unit is.
    UnitKind {
        City = 1, "city", "thành phố", "city";
        UrbanDistrict = 2, "urban_district", "quận", "urban district";
        RuralDistrict = 3, "rural_district", "huyện", "rural district";
        BusinessBloc = 4, "business_bloc", "Khối Doanh nghiệp", "business bloc";
        EconomicZone = 5, "economic_zone", "Khu kinh tế", "economic zone";
        LabourFederation = 6, "labour_federation", "liên đoàn lao động", "labour federation";
        IndustryUnion = 7, "industry_union", "công đoàn ngành", "industry union";
        YouthBody = 8, "youth_body", "đoàn thanh niên", "youth body";
        Commune = 9, "commune", "xã", "commune";
        Ward = 10, "ward", "phường", "ward";
        SpecialZone = 11, "special_zone", "đặc khu", "special zone";
        Grassroots = 12, "grassroots", "cơ sở", "grassroots unit";
    }
}

words! {
    /// The two kinds of edge to a parent. On a day a unit has at most one parent of each kind.
    Edge {
        /// Its own hierarchy: a labour federation, a youth union, a Party committee under its superior.
        Line = 1, "line", "hệ thống dọc", "own line";
        /// The Party committee that leads it.
        LedBy = 2, "led_by", "cấp ủy lãnh đạo", "led by";
    }
}

words! {
    /// How a unit comes after another (DOMAIN §4.3).
    SuccessionKind {
        /// The same body under another identity; always whole.
        Continues = 1, "continues", "tiếp tục", "continues as";
        MergedInto = 2, "merged_into", "nhập vào", "merged into";
        /// The successor is split off; always a part.
        SplitFrom = 3, "split_from", "tách ra thành", "split off as";
        /// Area, population or members pass; always a part.
        PartlyTransferred = 4, "partly_transferred", "chuyển một phần sang", "partly transferred to";
    }
}

words! {
    /// How much of something passes.
    Extent {
        Whole = 1, "whole", "toàn bộ", "whole";
        Part = 2, "part", "một phần", "part";
    }
}

words! {
    /// What of a unit passes in a partial transfer.
    Substance {
        Area = 1, "area", "diện tích", "area";
        Population = 2, "population", "dân số", "population";
        Members = 3, "members", "thành viên", "members";
    }
}

/// What of a unit passes, and how much of each.
pub type Passing = BTreeMap<Substance, Extent>;

words! {
    /// Why something recorded was wrong. Free text about a case is never stored.
    Reason {
        Typo = 1, "typo", "gõ nhầm", "typing error";
        WrongUnit = 2, "wrong_unit", "nhầm đơn vị", "wrong unit";
        WrongDate = 3, "wrong_date", "nhầm ngày", "wrong date";
        Duplicate = 4, "duplicate", "ghi trùng", "recorded twice";
        DidNotHappen = 5, "did_not_happen", "không có trên thực tế", "did not happen";
        /// Needs a document.
        Other = 6, "other", "lý do khác, có văn bản", "other, by a document";
    }
}

words! {
    /// Why an organisation ended (DOMAIN §3.1).
    DissolutionReason {
        TooFewMembers = 1, "too_few_members", "không đủ số lượng", "too few members";
        HostEnded = 2, "host_ended", "đơn vị chấm dứt hoạt động", "the host ended";
        Merged = 3, "merged", "sáp nhập, hợp nhất", "merged";
        Ineffective = 4, "ineffective", "hoạt động không hiệu quả", "ineffective";
        Other = 5, "other", "lý do khác", "other";
    }
}

words! {
    /// Why a closed period is opened again.
    ReopeningReason {
        LateReports = 1, "late_reports", "bổ sung báo cáo muộn", "late reports";
        WrongFigures = 2, "wrong_figures", "sửa số liệu sai", "wrong figures";
        Instruction = 3, "instruction", "theo chỉ đạo của cấp trên", "instruction from above";
    }
}

words! {
    /// How far a revocation reaches back.
    RevocationScope {
        /// As if it had never been: gross and net lose it on its own date.
        FromStart = 1, "from_start", "hủy từ đầu", "from the start";
        /// It was, and ends on the revocation's date: only net loses it, on that date.
        FromDate = 2, "from_date", "hủy từ ngày quyết định", "from a date";
    }
}

words! {
    /// Where an organisation that no founding here explains came from.
    Origin {
        BeforeLedger = 1, "before_ledger", "có trước sổ", "older than the ledger";
        ReceivedFromOutside = 2, "received_from_outside", "tiếp nhận từ nơi khác", "received from outside";
    }
}

words! {
    /// What somebody may do (see `role_may`).
    Role {
        Office = 1, "office", "cán bộ nhập liệu", "office clerk";
        Supervisor = 2, "supervisor", "cấp trên giao chỉ tiêu", "supervisor";
        Auditor = 3, "auditor", "kiểm tra", "auditor";
        Viewer = 4, "viewer", "người xem", "viewer";
        Admin = 5, "admin", "quản trị", "administrator";
    }
}

words! {
    /// What a reviewer asks about a record.
    Question {
        FigureDoubtful = 1, "figure_doubtful", "số liệu cần xem lại", "the figure is doubtful";
        DateDoubtful = 2, "date_doubtful", "ngày cần xem lại", "the date is doubtful";
        UnitDoubtful = 3, "unit_doubtful", "đơn vị cần xem lại", "the unit is doubtful";
        DocumentDoubtful = 4, "document_doubtful", "văn bản cần xem lại", "the document is doubtful";
        PossibleDuplicate = 5, "possible_duplicate", "có thể ghi trùng", "possibly recorded twice";
    }
}

words! {
    /// What the owner answers.
    Answer {
        Confirmed = 1, "confirmed", "đúng như đã ghi", "confirmed as recorded";
        Corrected = 2, "corrected", "đã đính chính", "corrected";
        WillCorrect = 3, "will_correct", "sẽ đính chính", "will be corrected";
    }
}

/// "Of which" counts by dimension. Each is ≤ the whole; they overlap and are never summed; absent is not stated.
pub type OfWhich = BTreeMap<Trait, u32>;

/// Most persons that one batch may admit.
pub const BATCH_MAX: u32 = 10_000;

/// The paper that a decision stands on. All text is NFC, without control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// `12` of `12-QĐ/QU`. 1 to 20 characters.
    pub number: String,
    /// `QĐ/QU` of `12-QĐ/QU`. 1 to 40 characters.
    pub symbol: String,
    /// The body that issued it, never a person. 1 to 200 characters.
    pub issuer: String,
    /// The day it was signed.
    pub date: LocalDate,
    /// The line on the paper, from 1, when it decides several things of one kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// SHA-256 of the paper's file, as 64 lowercase hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl Document {
    /// As it is stored: text in NFC, trimmed.
    #[must_use]
    pub fn normalised(&self) -> Self {
        Self {
            number: normalise(&self.number).into_owned(),
            symbol: normalise(&self.symbol).into_owned(),
            issuer: normalise(&self.issuer).into_owned(),
            date: self.date,
            line: self.line,
            sha256: self.sha256.clone(),
        }
    }
}

/// A document that lifts one refusal by a legal rule; recorded and flagged. Structural refusals cannot be lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The refusal it lifts, by its slug, such as `too-few-members`.
    pub lifts: String,
    pub document: Document,
}

/// The right day of something that followed a decision, or that there was no such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RightDay {
    /// It was this day.
    On(LocalDate),
    /// It should not have been recorded.
    DidNotHappen,
}

/// What is right of something whose day follows from another: only that it never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NeverWas {
    /// It should not have been recorded.
    DidNotHappen,
}

/// A value of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TargetValue {
    /// 1 to 1,000,000.
    #[cfg_attr(feature = "schema", schema(value_type = TargetCount))]
    Exactly(u32),
    /// Counts as n; the qualifier is printed.
    #[cfg_attr(feature = "schema", schema(value_type = TargetCount))]
    AtLeast(u32),
    /// Below `from` missed, within exact, above `to` exceeded.
    Between(Range),
}

/// 1 to 1,000,000: no target is 0.
#[cfg(feature = "schema")]
#[derive(utoipa::ToSchema)]
#[schema(minimum = 1, maximum = 1_000_000)]
#[expect(dead_code, reason = "described only: the number itself is read")]
struct TargetCount(u32);

/// Both ends belong to it; `from` < `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Range {
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 1_000_000))]
    pub from: u32,
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 1_000_000))]
    pub to: u32,
}

impl TargetValue {
    /// The number from which the target is reached.
    pub const fn floor(self) -> u32 {
        match self {
            Self::Exactly(n) | Self::AtLeast(n) => n,
            Self::Between(range) => range.from,
        }
    }

    /// The number above which the target is exceeded.
    pub const fn ceiling(self) -> u32 {
        match self {
            Self::Exactly(n) | Self::AtLeast(n) => n,
            Self::Between(range) => range.to,
        }
    }
}

/// Who decided: one opaque person, at an office, in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Actor {
    pub subject: crate::SubjectId,
    pub office: UnitId,
    pub role: Role,
}

/// Position of another record that the caller has seen and says is a different matter.
pub type DistinctFrom = Option<Position>;
