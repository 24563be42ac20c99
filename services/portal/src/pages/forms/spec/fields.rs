//! Fields and groups that several forms share.

use domain::{Basis, HostKind, Membership, OrganisationKind, Reason, RevocationScope, Trait};

use super::{Field, FieldKind, Group, Text};

macro_rules! choices {
    ($words:ident) => {
        choices!($words, |_| true)
    };
    ($words:ident, $keep:expr) => {
        FieldKind::Choice(|w| {
            let keep: fn($words) -> bool = $keep;
            $words::ALL.iter().filter(|one| keep(**one)).map(|one| (one.word(), w.t(one.vi(), one.en()))).collect()
        })
    };
}

pub(super) use choices;

pub(super) const fn field(pointer: &'static str, label: Text, kind: FieldKind) -> Field {
    Field { pointer, label, hint: None, kind, required: true }
}

impl Field {
    pub(super) const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    pub(super) const fn hint(mut self, vi: &'static str, en: &'static str) -> Self {
        self.hint = Some((vi, en));
        self
    }
}

pub(super) const UNIT: Field = field("/unit", ("Đơn vị quyết định", "Deciding unit"), FieldKind::OwnUnit)
    .hint("Kết quả tính cho đơn vị này.", "The result counts for this unit.");
pub(super) const HOST: Field = field("/host_kind", ("Loại hình nơi làm việc", "Kind of host"), choices!(HostKind));
pub(super) const BASIS: Field = field("/basis", ("Hình thức", "How it came to be"), choices!(Basis));
pub(super) const PLACE: Field = field("/place", ("Mã địa bàn", "Code of the place"), FieldKind::Text)
    .optional()
    .hint("Mã đơn vị hành chính, nếu có.", "Code of the administrative unit, if any.");
pub(super) const EFFECTIVE: Field = field("/effective_on", ("Ngày có hiệu lực", "Effective on"), FieldKind::Day)
    .optional()
    .hint("Để trống nếu là ngày ký văn bản.", "Leave empty when it is the day the document was signed.");
pub(super) const REASON: Field = field("/reason", ("Lý do", "Reason"), choices!(Reason));
pub(super) const SCOPE: Field = field("/scope", ("Hiệu lực của việc hủy", "How far back"), choices!(RevocationScope));

pub(super) const LIFTS: Field = field(
    "/exception/lifts",
    ("Ngoại lệ đối với", "Exception from"),
    FieldKind::Choice(|w| vec![("too-few-members", w.t("số thành viên tối thiểu", "the minimum of members"))]),
)
.optional();

macro_rules! document_fields {
    ($name:ident, [$($before:expr)?], $required:literal, $number:literal, $symbol:literal, $issuer:literal, $date:literal, $line:literal) => {
        const $name: &[Field] = &[
            $($before,)?
            Field { required: $required, ..field($number, ("Số", "Number"), FieldKind::Text) },
            Field { required: $required, ..field($symbol, ("Ký hiệu", "Symbol"), FieldKind::Text) }
                .hint("Ví dụ: QĐ/QU.", "Such as QĐ/QU."),
            Field { required: $required, ..field($issuer, ("Cơ quan ban hành", "Issuer"), FieldKind::Text) },
            Field { required: $required, ..field($date, ("Ngày ký", "Signed on"), FieldKind::Day) },
            field($line, ("Dòng trong văn bản", "Line on the paper"), FieldKind::Count)
                .optional()
                .hint("Khi một văn bản quyết định nhiều việc.", "When one paper decides several things."),
        ];
    };
}

document_fields!(
    DOCUMENT_FIELDS,
    [],
    true,
    "/document/number",
    "/document/symbol",
    "/document/issuer",
    "/document/date",
    "/document/line"
);
document_fields!(
    MINUTES_FIELDS,
    [],
    false,
    "/document/number",
    "/document/symbol",
    "/document/issuer",
    "/document/date",
    "/document/line"
);
document_fields!(
    EXCEPTION_FIELDS,
    [LIFTS],
    false,
    "/exception/document/number",
    "/exception/document/symbol",
    "/exception/document/issuer",
    "/exception/document/date",
    "/exception/document/line"
);

pub(super) const DOCUMENT: Group = Group { title: ("Văn bản", "Document"), fields: DOCUMENT_FIELDS, folded: false };
pub(super) const MINUTES: Group =
    Group { title: ("Văn bản kèm theo, nếu có", "Document, if any"), fields: MINUTES_FIELDS, folded: true };
pub(super) const EXCEPTION: Group = Group {
    title: ("Ngoại lệ có văn bản cho phép", "Exception allowed by a document"),
    fields: EXCEPTION_FIELDS,
    folded: true,
};

pub(super) const ORGANISATION: Field = field("/organisation", ("Tổ chức", "Organisation"), FieldKind::Subject);
pub(super) const ADMISSION: Field = field("/admission", ("Lần kết nạp", "Admission"), FieldKind::Subject);
pub(super) const PROBATION: Field = ADMISSION.hint(
    "Có hiệu lực từ ngày hết 12 tháng dự bị, tính từ ngày làm lễ, kể cả khi văn bản ký muộn hơn; ngày này tự tính.",
    "It takes effect on the day the twelve months of probation ended, from the ceremony on, also when signed later; the day is computed.",
);
pub(super) const BATCH: Field = field("/batch", ("Đợt kết nạp", "Batch"), FieldKind::Subject);
pub(super) const PUBLICATION: Field = field("/publication", ("Bài đăng", "Publication"), FieldKind::Subject);
pub(super) const QUERY: Field = field("/query", ("Yêu cầu", "Query"), FieldKind::Subject);
pub(super) const HELD_ON: Field = field("/held_on", ("Ngày tổ chức", "Held on"), FieldKind::Day);

pub(super) const fn group(title: Text, fields: &'static [Field]) -> Group {
    Group { title, fields, folded: false }
}

pub(super) const fn folded(title: Text, fields: &'static [Field]) -> Group {
    Group { title, fields, folded: true }
}

macro_rules! stated {
    ($($pointer:literal $trait:ident),*) => {
        &[$(field($pointer, (Trait::$trait.vi(), Trait::$trait.en()), FieldKind::Stated).optional()),*]
    };
}
macro_rules! counted {
    ($($pointer:literal $trait:ident),*) => {
        &[$(field($pointer, (Trait::$trait.vi(), Trait::$trait.en()), FieldKind::Count).optional()),*]
    };
}

pub(super) const TRAITS: &[Field] = stated!(
    "/traits/women" Women, "/traits/ethnic_minority" EthnicMinority, "/traits/religious" Religious,
    "/traits/youth_union_member" YouthUnionMember, "/traits/private_business_owner" PrivateBusinessOwner,
    "/traits/worker" Worker
);
pub(super) const OF_WHICH: &[Field] = counted!(
    "/of_which/women" Women, "/of_which/ethnic_minority" EthnicMinority, "/of_which/religious" Religious,
    "/of_which/youth_union_member" YouthUnionMember, "/of_which/private_business_owner" PrivateBusinessOwner,
    "/of_which/worker" Worker
);
pub(super) const TRAITS_TITLE: Text = ("Đặc điểm đã nêu; để trống là chưa nêu", "What is stated; empty is not stated");
pub(super) const OF_WHICH_TITLE: Text =
    ("Trong đó; để trống là chưa nêu, khác với 0", "Of which; empty is not stated, which is not 0");
pub(super) const RIGHT_TITLE: Text = (
    "Đang ghi như dưới đây: sửa chỗ sai, chỗ đúng để nguyên",
    "As it stands: change what is wrong, leave what is right",
);
pub(super) const TRAITS_RIGHT_TITLE: Text = (
    "Đặc điểm đang ghi: sửa chỗ sai, chỗ đúng để nguyên; để trống là chưa nêu",
    "What is stated: change what is wrong, leave what is right; empty is not stated",
);
pub(super) const OF_WHICH_RIGHT_TITLE: Text = (
    "Trong đó đang ghi: sửa chỗ sai, chỗ đúng để nguyên; để trống là chưa nêu, khác với 0",
    "Of which, as it stands: change what is wrong, leave what is right; empty is not stated, which is not 0",
);

pub(super) const FOUNDED_KIND: Field =
    field("/kind", ("Loại tổ chức", "Kind"), choices!(OrganisationKind, |kind| !kind.is_recognised()));
pub(super) const UNION_KIND: Field =
    field("/kind", ("Loại công đoàn", "Kind of union"), choices!(OrganisationKind, OrganisationKind::is_recognised));
pub(super) const ANY_KIND: Field = field("/kind", ("Loại tổ chức", "Kind"), choices!(OrganisationKind));
pub(super) const MEMBERSHIP: Field = field("/membership", ("Kết nạp vào", "Admitted as"), choices!(Membership));

pub(super) const TARGET_KEY: Group = group(
    ("Chỉ tiêu", "Target"),
    &[
        PROGRAMME,
        field("/measure", ("Nội dung", "Measure"), FieldKind::Measure),
        PERIOD,
        field("/holder", ("Đơn vị nhận", "Holder"), FieldKind::AnyUnit),
        field("/assigner", ("Đơn vị giao", "Assigner"), FieldKind::OwnUnit),
    ],
);
pub(super) const PROGRAMME: Field = field("/programme", ("Chương trình", "Programme"), FieldKind::Programme);
pub(super) const PERIOD: Field = field("/period", ("Kỳ", "Period"), FieldKind::Period);
pub(super) const UP_TO: Field = field("/up_to", ("Báo cáo đến ngày", "Reported up to"), FieldKind::Day);
pub(super) const UNTIL: Field = field("/until", ("Mở lại đến hết ngày", "Reopened until"), FieldKind::Day);
pub(super) const VALUE: Field = field("/value", ("Mức giao", "Value"), FieldKind::Target);
pub(super) const DUE: Field = field("/due_on", ("Hạn", "Due"), FieldKind::Day)
    .optional()
    .hint("Để trống nếu là ngày cuối kỳ.", "Leave empty for the period's last day.");
