//! The rows of the table of refusals that concern codes and who comes after whom; see `table.rs` for what a row is.

/// Hands the rows given, and these after them, to the next macro of the list.
macro_rules! with_lineage {
    ([$next:ident $($rest:ident)*] $($rows:tt)*) => { $next! { [$($rest)*]
        $($rows)*

        /// Of another unit, on a day on which both would have it; `until` is its first day without it.
        CodeTaken { code: String, unit: UnitId, name: String, on: LocalDate, until: Option<LocalDate>, pointer: String }
        "code-taken" Refused at Some(pointer);
        vi "Mã đang là của đơn vị khác" | "Từ ngày {on} mã {code} là của {name}, {until}" | "kết thúc hoặc đổi mã một trong hai đơn vị trước, trong cùng lần gửi cũng được, hoặc kiểm tra lại mã và ngày";
        en "The code is another unit's" | "From {on} on the code {code} is that of {name}, {until}" | "end or recode one of the two first, in the same command if you like, or check the code and the day";

        /// From its end on an office posts nothing; `heir` has all of it by now.
        OfficeEnded { office: UnitId, name: String, ended_on: LocalDate, heir: Option<String> }
        "office-ended" Forbidden at None;
        vi "Đơn vị của tài khoản đã kết thúc" | "{name} đã kết thúc từ ngày {ended_on}, {heir}" | "dùng tài khoản của đơn vị nay ghi thay, việc cũ vẫn ghi cho đơn vị cũ; chưa có tài khoản thì đề nghị quản trị cấp";
        en "The office of this account has ended" | "{name} ended on {ended_on}; {heir}" | "use an account of the unit that posts for it now, where old matter is still posted for the old unit; if you have none, ask the administrator for access";

        /// `of`, `extent` and `how` do not go together.
        SuccessionUnfit { how: SuccessionKind, pointer: String }
        "succession-unfit" Refused at Some(pointer);
        vi "Cách kế thừa không khớp" | "Với “{how}” phần ghi ở ô này không khớp" | "“tiếp tục” là toàn bộ; “tách ra” và “chuyển một phần” là một phần; chỉ “chuyển một phần” ghi rõ diện tích, dân số hay thành viên; toàn bộ cả ba thì ghi là “nhập vào” toàn bộ";
        en "The succession does not fit together" | "With “{how}” this field does not fit" | "what continues is whole; what is split off or partly transferred is a part; only a partial transfer says of what; all of all three is “merged into”, whole";

        UnitSucceedsItself { unit: UnitId, name: String, pointer: String }
        "unit-succeeds-itself" Refused at Some(pointer);
        vi "Đơn vị kế thừa chính nó" | "{name} không thể kế thừa chính mình" | "chọn đơn vị khác; đổi tên, đổi mã hay đổi loại thì dùng bước riêng";
        en "A unit that succeeds itself" | "{name} cannot come after itself" | "choose another unit; a new name, code or kind is a step of its own";

        /// What passes wholly leaves nothing behind.
        UnitGoesOn { unit: UnitId, name: String, on: LocalDate, pointer: String }
        "unit-goes-on" Refused at Some(pointer);
        vi "Đơn vị không kết thúc vào ngày đó" | "{name} được kế thừa toàn bộ từ ngày {on} nhưng không kết thúc đúng ngày đó" | "kết thúc đơn vị từ chính ngày đó ở bước trước, hoặc ghi là một phần";
        en "The unit does not end on that day" | "{name} passes wholly on {on} but does not end on that very day" | "end it from that day by a step before this one, or say that a part passes";

        SuccessionDoubled { unit: UnitId, name: String, successor: UnitId, successor_name: String, on: LocalDate, pointer: String }
        "succession-doubled" Conflict at Some(pointer);
        vi "Quan hệ kế thừa đã ghi" | "Việc {name} sang {successor_name} từ ngày {on} đã ghi" | "bỏ bước trùng";
        en "The succession is recorded" | "That {name} passes to {successor_name} on {on} is recorded" | "leave out the repeated step";

        /// `other` has something on that day of what passes wholly, or all of it.
        SuccessionOverlaps { unit: UnitId, name: String, other: UnitId, other_name: String, on: LocalDate, pointer: String }
        "succession-overlaps" Conflict at Some(pointer);
        vi "Kế thừa chồng lên nhau" | "Từ ngày {on} {name} cũng sang {other_name}, nên không thể sang toàn bộ một nơi" | "ghi mỗi nơi một phần, hoặc bỏ bước sai";
        en "The successions overlap" | "On {on} {name} also passes to {other_name}, so it cannot pass wholly to one place" | "record a part for each, or leave out the wrong step";

        /// Nothing says that `successor` has anything of `unit`.
        SuccessionMissing { unit: UnitId, name: String, successor: UnitId, successor_name: String, pointer: String }
        "succession-missing" Refused at Some(pointer);
        vi "Chưa ghi quan hệ kế thừa" | "Chưa ghi việc {successor_name} kế thừa {name}" | "ghi việc kế thừa ở bước trước, rồi ghi tỷ trọng";
        en "The succession is not recorded" | "Nothing says that {successor_name} comes after {name}" | "record the succession by a step before, then its weight";

        /// Along edges of one day.
        SuccessionCircle { unit: UnitId, name: String, successor: UnitId, successor_name: String, on: LocalDate, pointer: String }
        "succession-circle" Refused at Some(pointer);
        vi "Kế thừa thành vòng" | "Trong ngày {on} {successor_name} đã sang {name}, nên không thể nhận lại từ đó" | "kiểm tra lại chiều của bước này; nếu trả lại vào ngày khác thì ghi ngày đó";
        en "The successions form a circle" | "On {on} {successor_name} already passes to {name} and cannot receive from it" | "check the direction of this step; what comes back on another day is recorded on that day";
    } };
}

pub(super) use with_lineage;
