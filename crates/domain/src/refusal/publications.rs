//! The rows of `table.rs` that concern what was printed.

/// Hands the rows given, and these after them, to the next macro of the list.
macro_rules! with_publications {
    ([$next:ident $($rest:ident)*] $($rows:tt)*) => { $next! { [$($rest)*]
        $($rows)*

        PublicationRecorded { publication: crate::PublicationId }
        "publication-recorded" Conflict at Some("/title");
        vi "Bài đăng này đã ghi" | "Bài cùng nơi đăng, cùng ngày, cùng tên đã ghi là {publication}" | "xem bản đã ghi; nếu ghi sai thì rút bản đó rồi ghi lại, nếu là bản in khác thì ghi đúng tên hoặc ngày của bản đó";
        en "The publication is recorded" | "One of the same outlet, day and title is recorded as {publication}" | "look at it; withdraw it and record it again if it is wrong, or give the title or day of the other edition";

        PublicationUnknown { publication: crate::PublicationId }
        "publication-unknown" Refused at Some("/publication");
        vi "Không có bài đăng này" | "Sổ không có bài đăng {publication}, hoặc đã rút" | "kiểm tra lại mã bài đăng trong danh sách";
        en "No such publication" | "The ledger has no publication {publication}, or it was withdrawn" | "check its id in the list";

        /// Known by an index over all streams.
        ReplacedUnknown { publication: crate::PublicationId }
        "replaced-unknown" Refused at Some("/replaces");
        vi "Không có bản được thay" | "Sổ không có bài đăng {publication}" | "chọn bản đã ghi mà bản này thay, hoặc để trống";
        en "The replaced edition is not there" | "The ledger has no publication {publication}" | "name the recorded edition that this one replaces, or leave it out";

        ReplacesItself
        "replaces-itself" Refused at Some("/replaces");
        vi "Bản in thay chính nó" | "Một bản in không thể thay chính nó" | "chọn bản trước đó, hoặc để trống";
        en "An edition that replaces itself" | "An edition cannot replace itself" | "name the earlier one, or leave it out";

        PrintedInFuture { printed_on: LocalDate, today: LocalDate, pointer: &'static str }
        "printed-in-future" Refused at Some(pointer);
        vi "Lúc đăng chưa đến" | "Lúc đăng, ngày {printed_on}, ở sau lúc này, ngày {today}" | "kiểm tra lại lúc đăng";
        en "It is printed in the future" | "The time of printing, on {printed_on}, is later than now, on {today}" | "check when it was printed";

        /// `max` is bytes of UTF-8: what is printed is kept byte for byte.
        PrintedTextUnfit { max: usize, pointer: String }
        "printed-text-unfit" Refused at Some(pointer);
        vi "Câu đã in không ghi được" | "Câu phải có chữ, nhiều nhất {max} byte, không có ký tự điều khiển" | "chia câu dài, hoặc bỏ ký tự lạ";
        en "The printed text cannot be kept" | "It needs 1 to {max} bytes that print, without control characters" | "divide a long one, or remove the odd characters";

        PrintedTextsTooLong { bytes: usize, max: usize }
        "printed-texts-too-long" Refused at Some("/sentences");
        vi "Các câu đã in dài quá" | "Các câu có {bytes} byte, nhiều nhất là {max}" | "chỉ ghi những câu có số liệu";
        en "The printed sentences are too long" | "They have {bytes} bytes together, and may have {max}" | "give only those that print figures";

        SentenceWithoutFigure { pointer: String }
        "sentence-without-figure" Refused at Some(pointer);
        vi "Câu không có số liệu" | "Câu này không có chữ số nào" | "chỉ ghi những câu có số liệu, bỏ phần còn lại của bài";
        en "A sentence without a figure" | "There is no digit in this sentence" | "give only the sentences that print figures, and leave out the rest of the article";

        NoClaimRead
        "no-claim-read" Refused at Some("/sentences");
        vi "Không đọc được số liệu nào để đối chiếu" | "Không câu nào nêu số liệu mà sổ đọc được" | "ghi câu nêu số đã thành lập hoặc kết nạp, tỷ lệ so với kế hoạch, hoặc số đơn vị hoàn thành";
        en "No claim can be read" | "None of the sentences makes a claim that can be read" | "give sentences that say how many were founded or admitted, a percentage of the plan, or how many units met it";

        /// The name itself is not repeated.
        NamesAPerson { pointer: String }
        "names-a-person" Refused at Some(pointer);
        vi "Câu nhắc đến một người" | "Câu này có vẻ nhắc đến một người" | "sổ không ghi tên người: chỉ ghi phần câu có số liệu";
        en "It names a person" | "This seems to name a person" | "no person's name goes into the ledger: give only the part with the figures";

        PublicationPeriodUnfit { pointer: &'static str }
        "publication-period-unfit" Refused at Some(pointer);
        vi "Thiếu chương trình hoặc kỳ" | "Chương trình và kỳ phải đi cùng nhau" | "ghi cả hai, hoặc để trống cả hai";
        en "Programme or period is missing" | "Programme and period go together" | "give both, or neither";
    } };
}

pub(super) use with_publications;
