//! Which fields each form has. A form is data: groups of fields, each with the JSON Pointer of what it fills in.

use domain::{
    Answer, Basis, DissolutionReason, HostKind, Membership, OrganisationKind, Origin, Question, Reason,
    RevocationScope, Trait,
};

use crate::words::Words;

/// The form of one command.
pub(super) struct FormSpec {
    pub(super) command: &'static str,
    pub(super) groups: &'static [Group],
}

pub(super) struct Group {
    pub(super) title: Text,
    pub(super) fields: &'static [Field],
    /// Shown closed: most do not need it.
    pub(super) folded: bool,
}

/// Vietnamese and English.
pub(super) type Text = (&'static str, &'static str);

pub(super) struct Field {
    /// Into the command's body.
    pub(super) pointer: &'static str,
    pub(super) label: Text,
    pub(super) hint: Option<Text>,
    pub(super) kind: FieldKind,
    pub(super) required: bool,
}

pub(super) enum FieldKind {
    /// A unit that the visitor may post for.
    OwnUnit,
    /// Any unit that exists today.
    AnyUnit,
    Choice(fn(Words) -> Vec<Choice>),
    Count,
    Text,
    Day,
    /// `true` when ticked, else left out.
    Tick,
    /// `true`, `false` or not stated.
    Stated,
    /// An id that came with the address, and is shown.
    Subject,
    Position,
    Programme,
    Measure,
    Period,
    /// Three inputs: `.shape`, `.n`, `.to`.
    Target,
}

/// A word and its name.
pub(super) type Choice = (&'static str, &'static str);

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

const fn field(pointer: &'static str, label: Text, kind: FieldKind) -> Field {
    Field { pointer, label, hint: None, kind, required: true }
}

impl Field {
    const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    const fn hint(mut self, vi: &'static str, en: &'static str) -> Self {
        self.hint = Some((vi, en));
        self
    }
}

const UNIT: Field = field("/unit", ("Đơn vị quyết định", "Deciding unit"), FieldKind::OwnUnit)
    .hint("Kết quả tính cho đơn vị này.", "The result counts for this unit.");
const HOST: Field = field("/host_kind", ("Loại hình nơi làm việc", "Kind of host"), choices!(HostKind));
const BASIS: Field = field("/basis", ("Hình thức", "How it came to be"), choices!(Basis));
const PLACE: Field = field("/place", ("Mã địa bàn", "Code of the place"), FieldKind::Text)
    .optional()
    .hint("Mã đơn vị hành chính, nếu có.", "Code of the administrative unit, if any.");
const EFFECTIVE: Field = field("/effective_on", ("Ngày có hiệu lực", "Effective on"), FieldKind::Day)
    .optional()
    .hint("Để trống nếu là ngày ký văn bản.", "Leave empty when it is the day the document was signed.");
const REASON: Field = field("/reason", ("Lý do", "Reason"), choices!(Reason));
const SCOPE: Field = field("/scope", ("Hiệu lực của việc hủy", "How far back"), choices!(RevocationScope));

macro_rules! document_fields {
    ($name:ident, $required:literal, $number:literal, $symbol:literal, $issuer:literal, $date:literal, $line:literal) => {
        const $name: &[Field] = &[
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
    true,
    "/document/number",
    "/document/symbol",
    "/document/issuer",
    "/document/date",
    "/document/line"
);
document_fields!(
    MINUTES_FIELDS,
    false,
    "/document/number",
    "/document/symbol",
    "/document/issuer",
    "/document/date",
    "/document/line"
);
document_fields!(
    EXCEPTION_DOCUMENT,
    false,
    "/exception/document/number",
    "/exception/document/symbol",
    "/exception/document/issuer",
    "/exception/document/date",
    "/exception/document/line"
);

const DOCUMENT: Group = Group { title: ("Văn bản", "Document"), fields: DOCUMENT_FIELDS, folded: false };
const MINUTES: Group =
    Group { title: ("Văn bản kèm theo, nếu có", "Document, if any"), fields: MINUTES_FIELDS, folded: true };
const LIFTS: &[Field] = &[field(
    "/exception/lifts",
    ("Ngoại lệ đối với", "Exception from"),
    FieldKind::Choice(|w| vec![("too-few-members", w.t("số thành viên tối thiểu", "the minimum of members"))]),
)
.optional()];
const EXCEPTION: Group =
    Group {
        title: ("Ngoại lệ có văn bản cho phép", "Exception allowed by a document"), fields: LIFTS, folded: true
    };
const EXCEPTION_PAPER: Group = Group {
    title: ("Văn bản cho phép ngoại lệ", "Document of the exception"),
    fields: EXCEPTION_DOCUMENT,
    folded: true,
};

const ORGANISATION: Field = field("/organisation", ("Tổ chức", "Organisation"), FieldKind::Subject);
const ADMISSION: Field = field("/admission", ("Lần kết nạp", "Admission"), FieldKind::Subject);
const BATCH: Field = field("/batch", ("Đợt kết nạp", "Batch"), FieldKind::Subject);
const QUERY: Field = field("/query", ("Yêu cầu", "Query"), FieldKind::Subject);
const HELD_ON: Field = field("/held_on", ("Ngày tổ chức", "Held on"), FieldKind::Day);

const fn group(title: Text, fields: &'static [Field]) -> Group {
    Group { title, fields, folded: false }
}

const fn folded(title: Text, fields: &'static [Field]) -> Group {
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

const TRAITS: &[Field] = stated!(
    "/traits/women" Women, "/traits/ethnic_minority" EthnicMinority, "/traits/religious" Religious,
    "/traits/youth_union_member" YouthUnionMember, "/traits/private_business_owner" PrivateBusinessOwner,
    "/traits/worker" Worker
);
const OF_WHICH: &[Field] = counted!(
    "/of_which/women" Women, "/of_which/ethnic_minority" EthnicMinority, "/of_which/religious" Religious,
    "/of_which/youth_union_member" YouthUnionMember, "/of_which/private_business_owner" PrivateBusinessOwner,
    "/of_which/worker" Worker
);
const TRAITS_TITLE: Text = ("Đặc điểm đã nêu; để trống là chưa nêu", "What is stated; empty is not stated");
const OF_WHICH_TITLE: Text =
    ("Trong đó; để trống là chưa nêu, khác với 0", "Of which; empty is not stated, which is not 0");
const RIGHT_TITLE: Text = ("Điền lại cho đúng; chỗ không sai để trống", "The right values; leave empty what was right");

const FOUNDED_KIND: Field =
    field("/kind", ("Loại tổ chức", "Kind"), choices!(OrganisationKind, |kind| !kind.is_recognised()));
const UNION_KIND: Field =
    field("/kind", ("Loại công đoàn", "Kind of union"), choices!(OrganisationKind, OrganisationKind::is_recognised));
const ANY_KIND: Field = field("/kind", ("Loại tổ chức", "Kind"), choices!(OrganisationKind));
const MEMBERSHIP: Field = field("/membership", ("Kết nạp vào", "Admitted as"), choices!(Membership));

const TARGET_KEY: Group = group(
    ("Chỉ tiêu", "Target"),
    &[
        field("/programme", ("Chương trình", "Programme"), FieldKind::Programme),
        field("/measure", ("Nội dung", "Measure"), FieldKind::Measure),
        field("/period", ("Kỳ", "Period"), FieldKind::Period),
        field("/holder", ("Đơn vị nhận", "Holder"), FieldKind::AnyUnit),
        field("/assigner", ("Đơn vị giao", "Assigner"), FieldKind::OwnUnit),
    ],
);
const VALUE: Field = field("/value", ("Mức giao", "Value"), FieldKind::Target);
const DUE: Field = field("/due_on", ("Hạn", "Due"), FieldKind::Day)
    .optional()
    .hint("Để trống nếu là ngày cuối kỳ.", "Leave empty for the period's last day.");

/// Every form, in the order in which people look for them.
pub(super) const FORMS: &[FormSpec] = &[
    FormSpec {
        command: "found-organisation",
        groups: &[
            group(
                ("Tổ chức được thành lập", "What is founded"),
                &[
                    UNIT,
                    FOUNDED_KIND,
                    HOST,
                    BASIS,
                    field("/members", ("Số thành viên", "Members"), FieldKind::Count)
                        .hint("Đảng viên chính thức, hoặc đoàn viên, hội viên.", "Official members."),
                    PLACE,
                ],
            ),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
            EXCEPTION,
            EXCEPTION_PAPER,
        ],
    },
    FormSpec {
        command: "recognise-union",
        groups: &[
            group(
                ("Công đoàn được công nhận", "The union recognised"),
                &[
                    UNIT,
                    UNION_KIND,
                    HOST,
                    BASIS,
                    field("/members", ("Số đoàn viên", "Members"), FieldKind::Count),
                    field("/congress_on", ("Ngày đại hội thành lập", "Founding congress"), FieldKind::Day).optional(),
                    PLACE,
                ],
            ),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
            EXCEPTION,
            EXCEPTION_PAPER,
        ],
    },
    FormSpec {
        command: "admit-member",
        groups: &[
            group(
                ("Quyết định kết nạp một người", "One person admitted"),
                &[
                    UNIT,
                    MEMBERSHIP,
                    HOST,
                    field("/readmission", ("Kết nạp lại", "Readmission"), FieldKind::Tick).optional(),
                    PLACE,
                ],
            ),
            group(TRAITS_TITLE, TRAITS),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "admit-batch",
        groups: &[
            group(
                ("Quyết định kết nạp nhiều người", "Several persons admitted"),
                &[
                    UNIT,
                    MEMBERSHIP,
                    HOST,
                    field("/count", ("Số người", "How many"), FieldKind::Count)
                        .hint("Từ 1 đến 10.000.", "1 to 10,000."),
                    PLACE,
                ],
            ),
            group(OF_WHICH_TITLE, OF_WHICH),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "hold-ceremony", groups: &[group(("Lễ kết nạp", "Ceremony"), &[ADMISSION, HELD_ON]), MINUTES]
    },
    FormSpec {
        command: "hold-batch-ceremony",
        groups: &[
            group(
                ("Lễ kết nạp", "Ceremony"),
                &[
                    BATCH,
                    field("/received", ("Số người được kết nạp tại lễ", "How many were received"), FieldKind::Count),
                    HELD_ON,
                ],
            ),
            MINUTES,
        ],
    },
    FormSpec {
        command: "announce-founding",
        groups: &[group(("Lễ công bố", "Announcement"), &[ORGANISATION, HELD_ON]), MINUTES],
    },
    FormSpec {
        command: "change-organisation-type",
        groups: &[
            group(
                ("Loại hình mới", "The new kind"),
                &[
                    ORGANISATION,
                    field("/to", ("Chuyển thành", "Becomes"), choices!(OrganisationKind)),
                    field("/members", ("Số thành viên", "Members"), FieldKind::Count),
                ],
            ),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
            EXCEPTION,
            EXCEPTION_PAPER,
        ],
    },
    FormSpec {
        command: "transfer-organisation",
        groups: &[
            group(
                ("Chuyển giao", "Transfer"),
                &[ORGANISATION, field("/to", ("Đơn vị tiếp nhận", "To"), FieldKind::AnyUnit)],
            ),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "dissolve-organisation",
        groups: &[
            group(
                ("Giải thể", "Dissolution"),
                &[ORGANISATION, field("/reason", ("Lý do", "Reason"), choices!(DissolutionReason))],
            ),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "correct-organisation",
        groups: &[
            group(("Đính chính", "Correction"), &[ORGANISATION, REASON]),
            group(
                RIGHT_TITLE,
                &[
                    field("/unit", ("Đơn vị", "Unit"), FieldKind::AnyUnit).optional(),
                    field("/effective_on", ("Ngày có hiệu lực", "Effective on"), FieldKind::Day).optional(),
                    field("/kind", ("Loại tổ chức", "Kind"), choices!(OrganisationKind)).optional(),
                    field("/host_kind", ("Loại hình nơi làm việc", "Kind of host"), choices!(HostKind)).optional(),
                    field("/basis", ("Hình thức", "How it came to be"), choices!(Basis)).optional(),
                    PLACE,
                ],
            ),
            MINUTES,
        ],
    },
    FormSpec {
        command: "correct-admission",
        groups: &[
            group(("Đính chính", "Correction"), &[ADMISSION, REASON]),
            group(
                RIGHT_TITLE,
                &[
                    field("/unit", ("Đơn vị", "Unit"), FieldKind::AnyUnit).optional(),
                    field("/effective_on", ("Ngày có hiệu lực", "Effective on"), FieldKind::Day).optional(),
                    field("/membership", ("Kết nạp vào", "Admitted as"), choices!(Membership)).optional(),
                    field("/host_kind", ("Loại hình nơi làm việc", "Kind of host"), choices!(HostKind)).optional(),
                    PLACE,
                ],
            ),
            folded(TRAITS_TITLE, TRAITS),
            MINUTES,
        ],
    },
    FormSpec {
        command: "correct-batch",
        groups: &[
            group(("Đính chính", "Correction"), &[BATCH, REASON]),
            group(
                RIGHT_TITLE,
                &[
                    field("/count", ("Số người", "How many"), FieldKind::Count).optional(),
                    field("/unit", ("Đơn vị", "Unit"), FieldKind::AnyUnit).optional(),
                    field("/effective_on", ("Ngày có hiệu lực", "Effective on"), FieldKind::Day).optional(),
                    field("/membership", ("Kết nạp vào", "Admitted as"), choices!(Membership)).optional(),
                    field("/host_kind", ("Loại hình nơi làm việc", "Kind of host"), choices!(HostKind)).optional(),
                    PLACE,
                ],
            ),
            folded(OF_WHICH_TITLE, OF_WHICH),
            MINUTES,
        ],
    },
    FormSpec {
        command: "revoke-organisation",
        groups: &[
            group(("Hủy quyết định", "Revocation"), &[ORGANISATION, SCOPE]),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "revoke-admission",
        groups: &[
            group(("Hủy quyết định", "Revocation"), &[ADMISSION, SCOPE]),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "revoke-batch",
        groups: &[
            group(("Hủy quyết định", "Revocation"), &[BATCH, SCOPE]),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "register-existing",
        groups: &[
            group(
                ("Tổ chức đã có", "The organisation"),
                &[
                    field("/unit", ("Đơn vị quản lý", "Unit"), FieldKind::OwnUnit),
                    ANY_KIND,
                    HOST,
                    field("/origin", ("Nguồn gốc", "Origin"), choices!(Origin)),
                    PLACE,
                ],
            ),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "assign-target",
        groups: &[TARGET_KEY, group(("Mức và hạn", "Value and due day"), &[VALUE, DUE]), DOCUMENT],
    },
    FormSpec {
        command: "adjust-target",
        groups: &[
            TARGET_KEY,
            group(("Mức mới", "New value"), &[VALUE]),
            DOCUMENT,
            folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE]),
        ],
    },
    FormSpec {
        command: "withdraw-target",
        groups: &[TARGET_KEY, DOCUMENT, folded(("Ngày hiệu lực khác", "Another effective date"), &[EFFECTIVE])],
    },
    FormSpec {
        command: "correct-target",
        groups: &[TARGET_KEY, group(("Mức đúng", "The right value"), &[VALUE, REASON]), DOCUMENT],
    },
    FormSpec {
        command: "raise-query",
        groups: &[group(
            ("Yêu cầu làm rõ", "Query"),
            &[
                field("/about", ("Về bản ghi ở vị trí", "About the record at position"), FieldKind::Position),
                field("/owner", ("Đơn vị trả lời", "To be answered by"), FieldKind::AnyUnit),
                field("/question", ("Nội dung", "Question"), choices!(Question)),
            ],
        )],
    },
    FormSpec {
        command: "answer-query",
        groups: &[group(
            ("Trả lời", "Answer"),
            &[
                QUERY,
                field("/answer", ("Trả lời", "Answer"), choices!(Answer)),
                field(
                    "/corrected_at",
                    ("Vị trí bản ghi đính chính", "Position of the correction"),
                    FieldKind::Position,
                )
                .optional(),
            ],
        )],
    },
    FormSpec { command: "close-query", groups: &[group(("Đóng yêu cầu", "Close the query"), &[QUERY])] },
];

pub(super) fn spec(command: &str) -> Option<&'static FormSpec> {
    FORMS.iter().find(|form| form.command == command)
}

impl FormSpec {
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.groups.iter().flat_map(|group| group.fields)
    }
}

impl Field {
    /// Name of its input: the pointer with points, such as `document.number`.
    pub(super) fn name(&self) -> String {
        self.pointer.trim_start_matches('/').replace('/', ".")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_form_is_of_a_command_and_names_each_field_once() {
        for form in FORMS {
            assert!(domain::COMMANDS.iter().any(|row| row.name == form.command), "{}", form.command);
            let names: Vec<_> = form.fields().map(Field::name).collect();
            let once: BTreeSet<_> = names.iter().collect();
            assert_eq!(once.len(), names.len(), "{}", form.command);
        }
    }

    #[test]
    fn what_offices_supervisors_and_auditors_may_post_has_a_form() {
        let without: Vec<_> = domain::COMMANDS
            .iter()
            .filter(|row| !row.roles.contains(&domain::Role::Admin))
            .map(|row| row.name)
            .filter(|name| spec(name).is_none())
            .collect();
        assert_eq!(without, ["name-batch-member"]);
    }
}
