//! The rows of `table.rs` that concern periods: opening, reporting, cutting off, closing and reopening them.

/// Hands the rows given, and these after them, to the next macro of the list.
macro_rules! with_periods {
    ([$next:ident $($rest:ident)*] $($rows:tt)*) => { $next! { [$($rest)*]
        $($rows)*

        PeriodOpenAlready { period: PeriodKey }
        "period-open-already" Conflict at Some("/period");
        vi "Kỳ báo cáo đã mở" | "Kỳ {period} đã mở" | "không cần mở lại";
        en "The period is open" | "The period {period} is open" | "there is no need to open it again";

        PeriodUnknown { period: PeriodKey }
        "period-unknown" Refused at Some("/period");
        vi "Không có kỳ báo cáo này" | "Chương trình không có kỳ {period}" | "chọn kỳ trong danh sách, hoặc mở kỳ trước";
        en "No such period" | "The programme has no period {period}" | "choose one from the list, or open it first";

        PeriodDaysUnfit { first_day: LocalDate, last_day: LocalDate }
        "period-days-unfit" Refused at Some("/last_day");
        vi "Ngày của kỳ không hợp lệ" | "Kỳ từ {first_day} đến {last_day} không theo thứ tự hoặc dài quá mười năm" | "kiểm tra lại ngày đầu và ngày cuối của kỳ";
        en "The period's days do not fit" | "A period from {first_day} to {last_day} is backwards or longer than ten years" | "check its first and last day";

        PeriodOverlaps { period: PeriodKey, first_day: LocalDate, last_day: LocalDate }
        "period-overlaps" Refused at Some("/first_day");
        vi "Kỳ chồng lên kỳ khác" | "Kỳ {period} của chương trình đã gồm các ngày từ {first_day} đến {last_day}" | "chọn ngày không chồng lên kỳ đó";
        en "The period overlaps another" | "The programme's period {period} covers {first_day} to {last_day}" | "choose days that do not overlap it";

        PeriodNotOver { period: PeriodKey, last_day: LocalDate }
        "period-not-over" Refused at Some("/period");
        vi "Kỳ chưa hết" | "Kỳ {period} đến hết ngày {last_day} mới khóa được" | "chốt số liệu bằng lệnh cut-off-period, hoặc đợi hết kỳ";
        en "The period is not over" | "The period {period} ends on {last_day} and is closed after it" | "cut the figures off with cut-off-period, or wait until it is over";

        PeriodClosedAlready { period: PeriodKey, number: u32 }
        "period-closed-already" Conflict at Some("/period");
        vi "Kỳ đã khóa" | "Kỳ {period} đã khóa, lần {number}" | "muốn khóa lần nữa thì mở lại kỳ trước";
        en "The period is closed" | "The period {period} is closed, by closing {number}" | "reopen it before it is closed again";

        PeriodNotClosed { period: PeriodKey }
        "period-not-closed" Refused at Some("/period");
        vi "Kỳ không bị khóa" | "Kỳ {period} đang mở" | "không cần mở lại";
        en "The period is not closed" | "The period {period} is open" | "there is no need to reopen it";

        /// The figure counts only in what is known since the closing.
        PeriodClosed { period: PeriodKey, number: u32, on: LocalDate }
        "period-closed" Refused at Some("/late");
        vi "Kỳ đã khóa sổ" | "Ngày {on} thuộc kỳ {period} đã khóa lần {number}, số này không vào báo cáo đã chốt" | "nếu vẫn ghi thì xác nhận ghi muộn (late: true), hoặc đề nghị mở lại kỳ";
        en "The period is closed" | "The day {on} is in the period {period}, which closing {number} has closed, so this will not be in what was reported" | "to record it all the same say late: true, or ask for a reopening";

        ReopeningDayUnfit { until: LocalDate, today: LocalDate }
        "reopening-day-unfit" Refused at Some("/until");
        vi "Hạn mở lại không hợp lệ" | "Hạn {until} đã qua hoặc quá 366 ngày kể từ {today}" | "chọn hạn từ hôm nay, không quá 366 ngày";
        en "The reopening's last day does not fit" | "The last day {until} has passed, or is more than 366 days after {today}" | "choose one from today, at most 366 days ahead";

        ReopeningNotRequested { period: PeriodKey }
        "reopening-not-requested" Refused at Some("/period");
        vi "Chưa có đề nghị mở lại" | "Chưa ai đề nghị mở lại kỳ {period}" | "một người đề nghị bằng lệnh request-reopening, người khác duyệt";
        en "No reopening was asked for" | "Nobody has asked to reopen the period {period}" | "one person asks with request-reopening, another allows it";

        ReopeningDiffers { until: LocalDate, reason: ReopeningReason }
        "reopening-differs" Conflict at None;
        vi "Đề nghị mở lại khác" | "Đề nghị mở lại là đến ngày {until}, lý do: {reason}" | "xem lại đề nghị, ghi đúng hạn và lý do của đề nghị";
        en "The request says otherwise" | "The reopening was asked for until {until}, reason {reason}" | "look at the request, and say its last day and its reason";

        SamePerson
        "same-person" Forbidden at None;
        vi "Phải là hai người khác nhau" | "Người duyệt mở lại kỳ trùng với người đề nghị" | "đề nghị người khác duyệt";
        en "Two different people are needed" | "Whoever allows a reopening is not the one who asked for it" | "ask somebody else to allow it";

        ReportDayUnfit { up_to: LocalDate, first: LocalDate, last: LocalDate }
        "report-day-unfit" Refused at Some("/up_to");
        vi "Ngày của báo cáo không hợp lệ" | "Báo cáo đến ngày {up_to}, phải từ {first} đến {last}" | "chọn ngày trong kỳ, không sau hôm nay, không trước báo cáo đã nộp";
        en "The report's day does not fit" | "A report up to {up_to} has to reach a day from {first} to {last}" | "choose a day of the period, not to come, and not before an earlier report's";

        ReportMissing { name: String }
        "report-missing" Refused at Some("/unit");
        vi "Chưa có báo cáo" | "{name} chưa nộp báo cáo kỳ này" | "đợi đơn vị nộp báo cáo rồi duyệt";
        en "There is no report" | "{name} has submitted no report on this period" | "approve it once the unit has submitted it";

        ReportDiffers { name: String, number: u32 }
        "report-differs" Conflict at Some("/number");
        vi "Báo cáo đã khác" | "Báo cáo mới nhất của {name} là lần {number}" | "xem lại báo cáo mới nhất rồi duyệt";
        en "The report is another by now" | "The latest report of {name} is its number {number}" | "look at it, and approve that";

        ReportApprovedAlready { name: String }
        "report-approved-already" Conflict at Some("/unit");
        vi "Báo cáo đã duyệt" | "Báo cáo của {name} đã duyệt" | "không cần duyệt lại";
        en "The report is approved" | "The report of {name} is approved" | "there is no need to approve it again";

        OwnReport { unit: UnitId, name: String }
        "own-report" Forbidden at Some("/unit");
        vi "Không tự duyệt báo cáo của mình" | "{name} không tự duyệt báo cáo của mình" | "đề nghị cấp trên duyệt";
        en "A unit does not approve its own report" | "{name} does not approve its own report" | "ask a superior to approve it";

        CutOffDayUnfit { valid: LocalDate, first: LocalDate, last: LocalDate }
        "cut-off-day-unfit" Refused at Some("/valid");
        vi "Ngày chốt không hợp lệ" | "Ngày chốt {valid} phải từ {first} đến {last}" | "chọn ngày trong kỳ, không sau hôm nay";
        en "The cut-off's day does not fit" | "The cut-off's day {valid} has to be from {first} to {last}" | "choose a day of the period that is not to come";

        TargetNotDecidedFrom { from: LocalDate }
        "target-not-decided-from" Refused at Some("/from");
        vi "Không có chỉ tiêu nào bắt đầu từ ngày này" | "Không có lần giao hay điều chỉnh nào của chỉ tiêu này bắt đầu từ {from}" | "ghi đúng ngày bắt đầu của giá trị sai (ngày đầu kỳ nếu là lần giao đầu), hoặc bỏ trường này để đính chính giá trị sau cùng; chỉ tiêu đã rút nhầm thì giao lại";
        en "No target begins on this day" | "No assignment or adjustment of this target begins on {from}" | "write the day from which the wrong value holds (the period's first for what was assigned), or leave the field out to correct the last value; a target withdrawn by mistake is assigned again";

        /// More than any unit could be asked for.
        TargetOutOfRange { n: u32, max: u32, pointer: String }
        "target-out-of-range" Refused at Some(pointer);
        vi "Chỉ tiêu quá lớn" | "Chỉ tiêu {n} lớn hơn {max}" | "kiểm tra lại số trong văn bản giao";
        en "The target is too large" | "The target {n} is more than {max}" | "check the number in the paper that assigns it";
    } };
}

pub(super) use with_periods;
