//! The forms of what was printed.

use super::{Field, FieldKind, FormSpec, fields::*};

pub(super) const PUBLISH: FormSpec = FormSpec {
        command: "publish",
        groups: &[
            group(
                ("Bài đăng", "Publication"),
                &[
                    field("/outlet", ("Nơi đăng", "Outlet"), FieldKind::Text)
                        .hint("Tên báo, trang tin hoặc báo cáo; không ghi tên người.", "The newspaper, page or report; never a person."),
                    field("/title", ("Tên bài", "Title"), FieldKind::Text)
                        .hint("Đúng như đã in.", "Exactly as printed."),
                    field("/printed/on", ("Ngày đăng", "Printed on"), FieldKind::Day),
                    field("/place", ("Địa chỉ hoặc số, trang", "Address, or number and page"), FieldKind::Text).optional(),
                    Field { required: false, ..PROGRAMME },
                    Field { required: false, ..PERIOD },
                ],
            ),
            group(
                ("Các câu có số liệu", "The sentences with figures"),
                &[field("/sentences", ("Mỗi dòng một câu", "A sentence a line"), FieldKind::Lines).hint(
                    "Chép đúng như đã in, chỉ những câu có số liệu, không chép cả bài. Câu nhắc tên người thì chỉ chép phần có số.",
                    "Copy them exactly as printed, only those with figures, not the whole article. Leave out names of persons.",
                )],
            ),
            folded(
                ("Thay một bản trước", "It replaces an earlier edition"),
                &[field("/replaces", ("Mã bài đăng được thay", "Id of the replaced publication"), FieldKind::Text).optional()],
            ),
            MINUTES,
        ],
    };

pub(super) const WITHDRAW: FormSpec = FormSpec {
    command: "withdraw-publication",
    groups: &[group(("Rút số liệu đã đăng", "Withdraw what was recorded"), &[PUBLICATION, REASON]), MINUTES],
};
