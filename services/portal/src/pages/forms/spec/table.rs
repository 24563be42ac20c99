//! The forms: what each command asks for.

use domain::{
    Answer, Basis, DissolutionReason, HostKind, Membership, OrganisationKind, Origin, Question, ReopeningReason,
};

use super::{FieldKind, FormSpec, fields::*, publications};

/// Every form, in the order in which people look for them.
pub(in crate::pages::forms) const FORMS: &[FormSpec] = &[
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
        command: "recognise-member",
        groups: &[group(("Công nhận đảng viên chính thức", "Recognition as official"), &[PROBATION]), DOCUMENT],
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
                    field("/dissolution/on", ("Ngày giải thể", "Dissolved on"), FieldKind::Day).optional(),
                    field("/dissolution", ("Không hề giải thể", "It was not dissolved"), FieldKind::DidNotHappen)
                        .optional(),
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
                    field("/ceremony/on", ("Ngày tổ chức lễ", "Ceremony held on"), FieldKind::Day).optional(),
                    field("/ceremony", ("Lễ không diễn ra", "No ceremony was held"), FieldKind::DidNotHappen)
                        .optional(),
                    field(
                        "/recognition",
                        ("Không hề công nhận chính thức", "It was not recognised as official"),
                        FieldKind::DidNotHappen,
                    )
                    .optional(),
                ],
            ),
            folded(TRAITS_RIGHT_TITLE, TRAITS),
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
            folded(
                ("Ngày tổ chức lễ ghi sai", "A ceremony recorded on a wrong day"),
                &[
                    field("/ceremony/recorded_on", ("Ngày đã ghi", "Recorded on"), FieldKind::Day).optional(),
                    field("/ceremony/right/on", ("Ngày đúng", "The right day"), FieldKind::Day).optional(),
                    field("/ceremony/right", ("Lễ không diễn ra", "No ceremony was held"), FieldKind::DidNotHappen)
                        .optional(),
                ],
            ),
            folded(OF_WHICH_RIGHT_TITLE, OF_WHICH),
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
        command: "submit-report",
        groups: &[group(
            ("Báo cáo kỳ", "Report"),
            &[
                PROGRAMME,
                PERIOD,
                field("/unit", ("Đơn vị báo cáo", "Reporting unit"), FieldKind::OwnUnit),
                UP_TO,
                field("/nil", ("Không phát sinh", "Nothing to report"), FieldKind::Tick)
                    .optional()
                    .hint("Chưa báo cáo khác với không phát sinh.", "Silence is not the same as nothing to report."),
            ],
        )],
    },
    FormSpec {
        command: "approve-report",
        groups: &[group(
            ("Duyệt báo cáo kỳ", "Report to approve"),
            &[
                PROGRAMME,
                PERIOD,
                field("/unit", ("Đơn vị báo cáo", "Reporting unit"), FieldKind::AnyUnit),
                field("/number", ("Lần báo cáo", "Number of the report"), FieldKind::Count),
            ],
        )],
    },
    FormSpec {
        command: "cut-off-period",
        groups: &[
            group(
                ("Chốt số liệu", "Cut-off"),
                &[PROGRAMME, PERIOD, field("/valid", ("Tính đến ngày", "Up to"), FieldKind::Day)],
            ),
            DOCUMENT,
        ],
    },
    FormSpec { command: "close-period", groups: &[group(("Khóa kỳ", "Closing"), &[PROGRAMME, PERIOD]), DOCUMENT] },
    FormSpec {
        command: "request-reopening",
        groups: &[
            group(
                ("Đề nghị mở lại", "Reopening"),
                &[PROGRAMME, PERIOD, field("/reason", ("Lý do", "Reason"), choices!(ReopeningReason)), UNTIL],
            ),
            DOCUMENT,
        ],
    },
    FormSpec {
        command: "reopen-period",
        groups: &[group(
            ("Mở lại kỳ", "Reopening"),
            &[
                PROGRAMME,
                PERIOD,
                field("/reason", ("Lý do của đề nghị", "Reason of the request"), choices!(ReopeningReason)),
                UNTIL,
            ],
        )],
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
    publications::PUBLISH,
    publications::WITHDRAW,
    FormSpec { command: "close-query", groups: &[group(("Đóng yêu cầu", "Close the query"), &[QUERY])] },
];
