//! What a problem says to a program, in the words of somebody who fills in a form: a form has a field, a tick or its own key for each of these.

use domain::Lang;

use super::Words;

/// What stands in a sentence for programs, and what for clerks. Longer ones come first.
const VI: &[(&str, &str)] = &[
    ("gửi lại với distinct_from là số của bản ghi đó", "đánh dấu ô “đây là việc khác” ở cuối biểu mẫu rồi ghi lại"),
    (
        "bỏ trống distinct_from; chỉ ghi số bản ghi mà sổ đã báo là cùng văn bản",
        "mở lại biểu mẫu; chỉ đánh dấu “đây là việc khác” cho bản ghi mà sổ đã báo là cùng văn bản",
    ),
    ("xác nhận ghi muộn (late: true)", "đánh dấu ô “Ghi muộn” ở cuối biểu mẫu"),
    ("ghi rõ đơn vị đó ở on_behalf_of", "chọn đơn vị đó trong biểu mẫu"),
    ("ghi đúng đơn vị đó ở on_behalf_of, hoặc bỏ trống khi là đơn vị của mình", "mở lại biểu mẫu từ hồ sơ đó"),
    ("on_behalf_of là", "Biểu mẫu ghi thay cho"),
    ("bằng lệnh cut-off-period", "bằng biểu mẫu “Chốt số liệu”"),
    ("Khóa này đã dùng để mở một hồ sơ", "Biểu mẫu này đã mở một hồ sơ"),
    ("gửi việc mới với khóa mới", "ghi tiếp ở đây, đó sẽ là một hồ sơ khác"),
    ("Idempotency-Key này đã ghi một nội dung khác ở vị trí", "Biểu mẫu này đã ghi một nội dung khác ở vị trí"),
    ("gửi nội dung mới với khoá mới", "nội dung đang điền, nếu ghi tiếp, sẽ là một bản ghi khác"),
    (
        "Idempotency-Key này đã được đơn vị khác dùng; gửi nội dung này với khoá mới",
        "Biểu mẫu này đã dùng rồi; ghi lại là được",
    ),
    ("Idempotency-Key đã dùng cho nội dung khác", "Biểu mẫu này đã ghi nội dung khác"),
    (
        "Tạo khóa mới cho nội dung mới; giữ khóa cũ chỉ khi gửi lại đúng nội dung cũ",
        "Xem bản ghi mà biểu mẫu đã tạo; nội dung đang điền, nếu ghi tiếp, sẽ là một bản ghi khác",
    ),
    ("Thiếu hoặc sai Idempotency-Key", "Biểu mẫu đã cũ"),
    (
        "Gửi tiêu đề Idempotency-Key là một UUID; mỗi lệnh một khóa, gửi lại thì giữ nguyên khóa",
        "Mở lại biểu mẫu rồi điền lại",
    ),
    (
        "Sửa nội dung theo lược đồ tại /docs: đúng tên trường, đúng kiểu, ngày viết YYYY-MM-DD; chỗ sai nằm trong errors",
        "Sửa các mục được nêu trên biểu mẫu: số viết bằng chữ số, ngày viết ngày/tháng/năm như 28/08/2025",
    ),
    ("Nội dung gửi không đọc được", "Có mục chưa đúng"),
    ("gửi lại đúng nội dung với cùng Idempotency-Key, sẽ không bị ghi hai lần", "bấm ghi lại, sẽ không bị ghi hai lần"),
    (
        "Gửi lại đúng nội dung với đúng khóa cũ: nếu đã ghi, sẽ nhận lại biên nhận cũ",
        "Bấm ghi lại, sẽ không bị ghi hai lần",
    ),
    (" với cùng Idempotency-Key", ""),
    (" với đúng khóa cũ", ""),
    (" với cùng khóa", ""),
];

const EN: &[(&str, &str)] = &[
    (
        "send it again with distinct_from set to its position",
        "tick “this is a different matter” at the end of the form and record it",
    ),
    (
        "leave distinct_from out; give only the record that the ledger said is of the same paper",
        "open the form again; tick “this is a different matter” only for the record that the ledger said is of the same paper",
    ),
    ("say late: true", "tick “It is late” at the end of the form"),
    ("name it in on_behalf_of", "choose it in the form"),
    ("name that unit in on_behalf_of, or leave it out when it is your own", "open the form again from that case"),
    ("on_behalf_of names", "The form posts for"),
    ("with cut-off-period", "with the form “Cut off a period”"),
    ("This key has begun a stream already", "This form has begun a case already"),
    ("send new matter under a new key", "go on here, which will be another case"),
    ("This Idempotency-Key recorded another body at position", "This form recorded something else at position"),
    ("send the new one under a new key", "what is filled in now, if you go on, will be another record"),
    (
        "This Idempotency-Key was used by another office; send this body under a new key",
        "This form was used before; record it again",
    ),
    ("The key was used for another body", "This form recorded something else"),
    (
        "Make a new key for a new body; keep a key only to send the same body again",
        "Look at what the form recorded; what is filled in now, if you go on, will be another record",
    ),
    ("Idempotency-Key is missing or wrong", "The form is too old"),
    (
        "Send the header Idempotency-Key with a UUID; one key for one command, the same key when it is sent again",
        "Open the form again and fill it in once more",
    ),
    (
        "Change the body to the schema at /docs: names, types, days as YYYY-MM-DD; errors says where it is wrong",
        "Change what the form names: numbers in digits, days as day/month/year such as 28/08/2025",
    ),
    ("The body cannot be read", "Something is wrong"),
    (
        "send the same body with the same Idempotency-Key, it will not be recorded twice",
        "press “record” again, it will not be recorded twice",
    ),
    (
        "Send the same body with the same key: if it was recorded, the same receipt comes back",
        "Press “record” again, it will not be recorded twice",
    ),
    (" with the same Idempotency-Key", ""),
    (" with the same key", ""),
];

/// The same for whoever fills in a form; unchanged where it says nothing that only programs know.
pub(crate) fn on_a_form(lang: Lang, text: &str) -> String {
    let phrases = match lang {
        Lang::Vi => VI,
        Lang::En => EN,
    };
    phrases.iter().fold(text.to_owned(), |text, (program, clerk)| text.replace(program, clerk))
}

/// Of a day that cannot be read.
pub(crate) fn no_day(w: Words) -> &'static str {
    w.t(
        "Không phải một ngày có thật; viết ngày/tháng/năm (dd/mm/yyyy), như 28/08/2025, từ năm 1900 đến năm 2199.",
        "This is no day that exists; write day/month/year (dd/mm/yyyy), such as 28/08/2025, from 1900 to 2199.",
    )
}

/// Of a number that cannot be read.
pub(crate) fn no_number(w: Words) -> &'static str {
    w.t(
        "Ở đây cần một số nguyên viết bằng chữ số, như 15 hoặc 1.071.",
        "A whole number in digits belongs here, such as 15 or 1.071.",
    )
}

#[cfg(test)]
mod tests {
    use crate::problems::problem_types;

    use super::*;

    /// What a clerk has never seen.
    const TECHNICAL: &[&str] = &[
        "distinct_from",
        "on_behalf_of",
        "late: true",
        "Idempotency",
        "cut-off-period",
        "YYYY",
        "errors",
        "khóa cũ",
        "same key",
    ];

    /// Asked of programs alone.
    const NOT_ON_FORMS: &[&str] = &["unauthenticated", "unsupported-media-type"];

    #[test]
    fn no_problem_of_a_form_names_what_only_programs_know() {
        for problem in problem_types().filter(|problem| !NOT_ON_FORMS.contains(&problem.slug)) {
            for lang in [Lang::Vi, Lang::En] {
                for text in [problem.title(lang), problem.remedy(lang)] {
                    let said = on_a_form(lang, text);
                    let named: Vec<_> = TECHNICAL.iter().filter(|word| said.contains(**word)).collect();
                    assert!(named.is_empty(), "{}: {named:?} in {said}", problem.slug);
                }
            }
        }
    }

    #[test]
    fn every_phrase_stands_in_some_sentence() {
        let execution = include_str!("../../../../crates/kit/src/execution.rs");
        let refusals = ["table", "access", "periods"].map(|name| {
            std::fs::read_to_string(format!("{}/../../crates/domain/src/refusal/{name}.rs", env!("CARGO_MANIFEST_DIR")))
                .unwrap()
        });
        let kinds = include_str!("../../../../crates/kit/src/problem.rs");
        let all = refusals.join("\n") + execution + kinds;
        let mut left: Vec<&str> = [VI, EN].into_iter().flatten().map(|(program, _)| *program).collect();
        left.retain(|phrase| !all.contains(phrase));
        assert_eq!(left, [""; 0]);
    }
}
