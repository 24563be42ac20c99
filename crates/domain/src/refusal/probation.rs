//! The rows of the table of refusals that concern probation and recognition; see `table.rs` for what a row is.

/// Hands the rows given, and these after them, to the next macro of the list.
macro_rules! with_probation {
    ([$next:ident $($rest:ident)*] $($rows:tt)*) => { $next! { [$($rest)*]
        $($rows)*

        NoProbation { membership: Membership }
        "no-probation" Refused at Some("/admission");
        vi "Không có thời gian dự bị" | "Kết nạp {membership} không có thời gian dự bị, nên không có việc công nhận chính thức" | "chỉ công nhận chính thức đối với đảng viên";
        en "There is no probation" | "A {membership} has no probation, and so is not recognised as official" | "only Party members are recognised as official";

        /// The day on which somebody joined the Party is that of the ceremony.
        CeremonyMissing
        "ceremony-missing" Refused at Some("/admission");
        vi "Chưa ghi lễ kết nạp" | "Thời gian dự bị tính từ ngày tổ chức lễ kết nạp, mà hồ sơ này chưa ghi lễ" | "ghi lễ kết nạp trước (hold-ceremony), rồi ghi công nhận";
        en "The ceremony is not recorded" | "Probation counts from the day of the admission ceremony, and none is recorded of this admission" | "record the ceremony first (hold-ceremony), then the recognition";

        ProbationNotOver { ended_on: LocalDate, decided_on: LocalDate, pointer: String }
        "probation-not-over" Refused at Some(pointer);
        vi "Chưa hết thời gian dự bị" | "Thời gian dự bị hết ngày {ended_on}, sau ngày {decided_on} của văn bản công nhận" | "kiểm tra lại ngày của lễ kết nạp và của văn bản công nhận";
        en "The probation was not over" | "The probation ends on {ended_on}, after the day {decided_on} of the document that recognises" | "check the days of the ceremony and of the document";

        RecognisedAlready { on: LocalDate }
        "recognised-already" Refused at Some("/admission");
        vi "Đã công nhận chính thức" | "Hồ sơ này đã ghi công nhận chính thức từ ngày {on}" | "không cần ghi lại; ghi sai thì dùng lệnh đính chính";
        en "Recognised already" | "This admission is recorded as recognised from {on}" | "there is no need to post it again; correct what is wrong";
    } };
}

pub(super) use with_probation;
