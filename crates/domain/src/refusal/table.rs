//! The one table of refusals: variant, slug, class, field, and for each language title | what is wrong | what to do. `{field}` as the language prints it.

use crate::{
    AccessId, AdmissionId, BatchId, CommandRow, HostKind, Lang, LocalDate, MeasureKey, Membership, OrganisationId,
    OrganisationKind, PeriodKey, Position, ProgrammeKey, QueryId, Reason, RefusalClass, RefusalPage, ReopeningReason,
    Role, SubjectId, SuccessionKind, Trait, UnitId,
    refusal::{access::with_access, lineage::with_lineage, periods::with_periods, probation::with_probation},
    refusal::{publications::with_publications, refusals, say::Said, texts::with_texts},
};

with_publications! { [with_texts with_probation with_periods with_lineage with_access refusals]
    // Who may.
    /// The table of commands says no.
    RoleMayNot { role: Role, command: &'static CommandRow }
    "role-may-not" Forbidden at None;
    vi "Vai trò không được làm việc này" | "Vai trò “{role}” không được dùng lệnh “{command}”" | "dùng tài khoản có vai trò phù hợp, hoặc đề nghị quản trị cấp quyền";
    en "The role may not do this" | "The role “{role}” may not send the command “{command}”" | "use an account with a fitting role, or ask the administrator for access";

    /// Neither the caller's office nor what wholly became it, nor a unit under it that it names in `on_behalf_of`.
    NotYourUnit { unit: UnitId, name: String, pointer: String }
    "not-your-unit" Forbidden at Some(pointer);
    vi "Không phải đơn vị của bạn" | "Tài khoản này không được ghi cho {name}" | "ghi cho đơn vị của mình hoặc đơn vị cũ mà mình kế thừa toàn bộ; với đơn vị trực thuộc thì ghi rõ đơn vị đó ở on_behalf_of; đơn vị cũ đã chia ra thì đề nghị cấp trên của nó ghi";
    en "Not your unit" | "This account may not post for {name}" | "post for your own unit, or for an old one that is wholly yours by now; for a unit under yours name it in on_behalf_of; for an old one that was divided ask a superior of it";

    /// A superior or a reviewer does not change figures of a unit that can do so itself.
    OwnerCorrects { unit: UnitId, name: String }
    "owner-corrects" Forbidden at None;
    vi "Chỉ đơn vị chủ quản được sửa số liệu" | "Số liệu này của {name}, cấp trên không sửa thay" | "đề nghị đơn vị đó tự đính chính, hoặc nêu yêu cầu làm rõ";
    en "Only the owning unit changes its figures" | "This figure belongs to {name}, a superior does not change it" | "ask that unit to correct it, or raise a query";

    /// A change that takes from one unit and gives to another needs an office at or above both.
    CommonSuperiorOnly { from: UnitId, from_name: String, to: UnitId, to_name: String, pointer: String }
    "common-superior-only" Forbidden at Some(pointer);
    vi "Cần cấp trên chung của hai đơn vị" | "Việc này chuyển số liệu từ {from_name} sang {to_name}" | "đề nghị cấp trên chung của hai đơn vị ghi";
    en "Needs the common superior of both units" | "This moves a figure from {from_name} to {to_name}" | "ask the common superior of both units to post it";

    // The ledger and its units.
    LedgerNotOpen
    "ledger-not-open" Refused at None;
    vi "Sổ chưa mở" | "Sổ chưa có bản ghi mở sổ" | "mở sổ trước khi ghi việc khác";
    en "The ledger is not open" | "The ledger has no opening record" | "open the ledger before anything else is posted";

    /// The command is recorded on a stream of another kind.
    WrongStream { command: &'static CommandRow }
    "wrong-stream" Refused at None;
    vi "Sai dòng hồ sơ" | "Lệnh “{command}” không thuộc loại hồ sơ này" | "gửi lại lệnh qua đúng địa chỉ của nó";
    en "Wrong kind of stream" | "The command “{command}” does not belong on this kind of stream" | "send it again to its own address";

    /// A command that begins a stream met one that has begun.
    StreamBegun
    "stream-begun" Conflict at None;
    vi "Hồ sơ này đã có" | "Khóa này đã dùng để mở một hồ sơ" | "xem bản ghi đã có, hoặc gửi việc mới với khóa mới";
    en "This stream has begun" | "This key has begun a stream already" | "look at the record that is there, or send new matter under a new key";

    UnitUnknown { unit: UnitId, pointer: String }
    "unit-unknown" Refused at Some(pointer);
    vi "Không có đơn vị này" | "Không có đơn vị nào mang mã {unit}" | "chọn đơn vị trong danh sách";
    en "No such unit" | "There is no unit {unit}" | "choose a unit from the list";

    /// `ended_on` is the first day without it.
    UnitEnded { unit: UnitId, name: String, ended_on: LocalDate, pointer: String }
    "unit-ended" Refused at Some(pointer);
    vi "Đơn vị đã kết thúc" | "{name} đã kết thúc từ ngày {ended_on}" | "chọn đơn vị kế thừa, hoặc kiểm tra lại ngày hiệu lực";
    en "The unit has ended" | "{name} ended on {ended_on}" | "choose its successor, or check the effective day";

    UnitNotYet { unit: UnitId, name: String, on: LocalDate, pointer: String }
    "unit-not-yet" Refused at Some(pointer);
    vi "Đơn vị chưa có vào ngày đó" | "{name} chưa có vào ngày {on}" | "kiểm tra lại ngày hiệu lực, hoặc chọn đơn vị có vào ngày đó";
    en "The unit does not exist yet on that day" | "{name} did not exist on {on}" | "check the effective day, or choose a unit that existed then";

    // Papers, text and days.
    DocumentIncomplete { pointer: String }
    "document-incomplete" Refused at Some(pointer);
    vi "Văn bản thiếu thông tin" | "Văn bản thiếu số, ký hiệu hoặc cơ quan ban hành" | "điền ô còn trống theo đúng văn bản";
    en "The document is incomplete" | "The document lacks its number, symbol or issuer" | "fill in the empty field as the paper has it";

    DocumentInFuture { date: LocalDate, today: LocalDate, pointer: String }
    "document-in-future" Refused at Some(pointer);
    vi "Văn bản đề ngày chưa tới" | "Văn bản đề ngày {date}, sau ngày của sổ là {today}" | "kiểm tra lại ngày ký; ngày hiệu lực thì có thể muộn hơn";
    en "The document is dated in the future" | "The document is dated {date}, after the ledger's own day {today}" | "check the day of signing; the effective day may be later";

    DocumentLineZero { pointer: String }
    "document-line-zero" Refused at Some(pointer);
    vi "Số dòng trên văn bản không hợp lệ" | "Số dòng trên văn bản phải từ 1" | "ghi số thứ tự của dòng, hoặc để trống";
    en "The line on the paper is not valid" | "Lines on a paper are numbered from 1" | "give the line's number, or leave it out";

    Sha256Malformed { pointer: String }
    "sha256-malformed" Refused at Some(pointer);
    vi "Mã SHA-256 không đúng dạng" | "SHA-256 phải gồm đúng 64 chữ số thập lục phân viết thường" | "tính lại mã của tệp, hoặc để trống";
    en "The SHA-256 is malformed" | "A SHA-256 is exactly 64 lowercase hexadecimal digits" | "compute it again, or leave it out";

    /// Further from the paper, or from the ledger's own day, than a term of five years.
    EffectiveDateImplausible { effective_on: LocalDate, from: LocalDate, to: LocalDate, pointer: String }
    "effective-date-implausible" Refused at Some(pointer);
    vi "Ngày hiệu lực không hợp lý" | "Ngày hiệu lực {effective_on} nằm ngoài khoảng từ {from} đến {to}" | "kiểm tra lại năm của ngày hiệu lực và của văn bản";
    en "The effective day is implausible" | "The effective day {effective_on} lies outside {from} to {to}" | "check the year of the effective day and of the document";

    HeldInFuture { held_on: LocalDate, today: LocalDate, pointer: String }
    "held-in-future" Refused at Some(pointer);
    vi "Ngày tổ chức chưa tới" | "Ngày tổ chức {held_on} sau ngày của sổ là {today}" | "ghi sau khi đã tổ chức, hoặc kiểm tra lại ngày";
    en "Held in the future" | "The day {held_on} is after the ledger's own day {today}" | "post it once it has been held, or check the day";

    LooksRecordedAlready { position: Position }
    "looks-recorded-already" Conflict at Some("/document");
    vi "Văn bản này dường như đã ghi" | "Cùng văn bản này đã có ở bản ghi số {position}" | "xem bản ghi đó; không xem được thì bản ghi thuộc đơn vị khác, hãy hỏi cấp trên chung; nếu là việc khác, gửi lại với distinct_from là số của bản ghi đó";
    en "This paper looks recorded already" | "The same paper stands in record {position}" | "look at that record; one that you cannot see belongs to another office, so ask an office above both; if this is another matter, send it again with distinct_from set to its position";

    // Rules that a document may lift.
    TooFewMembers { kind: OrganisationKind, have: u32, need: u32, pointer: String }
    "too-few-members" Refused at Some(pointer);
    vi "Không đủ số lượng thành viên" | "Theo quy định, {kind} cần ít nhất {need} thành viên, ở đây ghi {have}" | "kiểm tra lại số lượng, hoặc ghi kèm văn bản cho phép ngoại lệ";
    en "Too few members" | "By the rules a {kind} needs at least {need} members, here are {have}" | "check the number, or add the document that allows an exception";

    /// Only a refusal by a legal rule can be lifted.
    ExceptionLiftsNothing { lifts: String }
    "exception-lifts-nothing" Refused at Some("/exception/lifts");
    vi "Ngoại lệ không có tác dụng" | "Ngoại lệ “{lifts}” không gỡ được lý do từ chối nào ở đây" | "bỏ phần ngoại lệ, hoặc ghi too-few-members khi không đủ số lượng theo quy định";
    en "The exception lifts nothing" | "The exception “{lifts}” lifts no refusal here" | "leave the exception out, or name too-few-members when the rule on numbers is not met";

    // Kinds and numbers.
    KindIsRecognised { kind: OrganisationKind, pointer: String }
    "kind-is-recognised" Refused at Some(pointer);
    vi "Tổ chức này do cấp trên công nhận" | "{kind} được cấp trên công nhận, không phải quyết định thành lập" | "dùng lệnh công nhận công đoàn";
    en "This kind is recognised, not founded" | "A {kind} is recognised by its superior, not founded by decision" | "use the command that recognises a union";

    KindIsFounded { kind: OrganisationKind, pointer: String }
    "kind-is-founded" Refused at Some(pointer);
    vi "Tổ chức này do quyết định thành lập" | "{kind} có quyết định thành lập, không phải công nhận" | "dùng lệnh quyết định thành lập tổ chức";
    en "This kind is founded, not recognised" | "A {kind} is founded by decision, not recognised" | "use the command that founds an organisation";

    CountOutOfRange { count: u32, max: u32, pointer: String }
    "count-out-of-range" Refused at Some(pointer);
    vi "Số lượng ngoài khoảng cho phép" | "Số lượng {count} nằm ngoài khoảng từ 1 đến {max}" | "kiểm tra lại số; một đợt kết nạp đông hơn thì chia thành nhiều đợt theo văn bản";
    en "The number is out of range" | "The number {count} lies outside 1 to {max}" | "check it; a larger batch of members is split as the papers do";

    OfWhichTooLarge { of: Trait, part: u32, whole: u32, pointer: String }
    "of-which-too-large" Refused at Some(pointer);
    vi "Phần “trong đó” lớn hơn tổng" | "Trong đó {of} ghi {part}, lớn hơn tổng {whole}" | "sửa số “trong đó” hoặc sửa tổng";
    en "An “of which” exceeds the whole" | "Of which {of} says {part}, more than the whole {whole}" | "correct the part or the whole";

    // Streams that are not there, have ended, or have had it already.
    OrganisationUnknown { organisation: OrganisationId }
    "organisation-unknown" Refused at Some("/organisation");
    vi "Không có tổ chức này" | "Sổ không có tổ chức {organisation}" | "chọn tổ chức trong danh sách, hoặc đăng ký tổ chức đã có";
    en "No such organisation" | "The ledger has no organisation {organisation}" | "choose one from the list, or register an existing one";

    AdmissionUnknown { admission: AdmissionId }
    "admission-unknown" Refused at Some("/admission");
    vi "Không có hồ sơ kết nạp này" | "Sổ không có hồ sơ kết nạp {admission}" | "ghi quyết định kết nạp trước, hoặc kiểm tra lại mã";
    en "No such admission" | "The ledger has no admission {admission}" | "post the admission decision first, or check the id";

    BatchUnknown { batch: BatchId }
    "batch-unknown" Refused at Some("/batch");
    vi "Không có đợt kết nạp này" | "Sổ không có đợt kết nạp {batch}" | "ghi quyết định của đợt trước, hoặc kiểm tra lại mã";
    en "No such batch" | "The ledger has no batch {batch}" | "post the batch's decision first, or check the id";

    QueryUnknown { query: QueryId }
    "query-unknown" Refused at Some("/query");
    vi "Không có yêu cầu làm rõ này" | "Sổ không có yêu cầu làm rõ {query}" | "kiểm tra lại mã của yêu cầu";
    en "No such query" | "The ledger has no query {query}" | "check the query's id";

    AccessUnknown { access: AccessId }
    "access-unknown" Refused at Some("/access");
    vi "Không có quyền truy cập này" | "Sổ không có quyền truy cập {access}" | "kiểm tra lại mã của quyền truy cập";
    en "No such grant" | "The ledger has no grant of access {access}" | "check the grant's id";

    RecordUnknown { position: Position, tip: Position, pointer: String }
    "record-unknown" Refused at Some(pointer);
    vi "Không có bản ghi này" | "Không có bản ghi số {position}, bản ghi cuối là số {tip}" | "kiểm tra lại số bản ghi";
    en "No such record" | "There is no record {position}, the last is {tip}" | "check the record's number";

    OrganisationDissolved { dissolved_on: LocalDate }
    "organisation-dissolved" Refused at Some("/organisation");
    vi "Tổ chức đã giải thể" | "Tổ chức này đã giải thể ngày {dissolved_on}" | "kiểm tra lại đã chọn đúng tổ chức chưa";
    en "The organisation is dissolved" | "This organisation was dissolved on {dissolved_on}" | "check that it is the right organisation";

    /// `on` is the day from which the revocation holds.
    AlreadyRevoked { on: LocalDate }
    "already-revoked" Refused at None;
    vi "Quyết định đã bị hủy" | "Quyết định này đã bị hủy từ ngày {on}" | "kiểm tra lại đã chọn đúng hồ sơ chưa; việc mới thì ghi quyết định mới";
    en "The decision is revoked" | "This decision was revoked as of {on}" | "check that it is the right one; post new matter as a new decision";

    /// A correction found that it should not stand in the ledger at all.
    TakenBack
    "taken-back" Refused at None;
    vi "Bản ghi đã rút lại" | "Bản ghi này đã được đính chính là ghi trùng hoặc không có trên thực tế" | "nếu có thật, hãy ghi lại như việc mới";
    en "The record is taken back" | "This record was corrected as recorded twice or not having happened" | "if it did happen, post it anew";

    AlreadyAnnounced { on: LocalDate }
    "already-announced" Refused at Some("/held_on");
    vi "Đã công bố" | "Quyết định này đã công bố ngày {on}" | "không cần ghi lại";
    en "Announced already" | "This decision was announced on {on}" | "there is no need to post it again";

    /// An organisation that came from elsewhere has no founding decision here.
    NothingToAnnounce
    "nothing-to-announce" Refused at Some("/organisation");
    vi "Không có quyết định để công bố" | "Tổ chức này được đăng ký là đã có, sổ không có quyết định thành lập" | "chỉ công bố tổ chức được thành lập hoặc công nhận trong sổ";
    en "Nothing to announce" | "This organisation was registered as existing, no founding decision is in the ledger" | "announce only what was founded or recognised here";

    CeremonyAlreadyHeld { on: LocalDate }
    "ceremony-already-held" Refused at Some("/held_on");
    vi "Lễ kết nạp đã tổ chức" | "Lễ kết nạp của hồ sơ này đã ghi ngày {on}" | "không cần ghi lại";
    en "The ceremony was held" | "The ceremony of this admission is recorded on {on}" | "there is no need to post it again";

    // Order in time.
    HeldBeforeDecision { held_on: LocalDate, decided_on: LocalDate, pointer: String }
    "held-before-decision" Refused at Some(pointer);
    vi "Ngày tổ chức trước ngày quyết định" | "Ngày tổ chức {held_on} trước ngày quyết định có hiệu lực {decided_on}" | "kiểm tra lại ngày tổ chức, hoặc đính chính ngày quyết định";
    en "Held before the decision" | "The day {held_on} is before the decision took effect on {decided_on}" | "check the day, or correct the decision's day";

    /// `last_on` is the day of the last thing recorded of it.
    BeforeItsTime { on: LocalDate, last_on: LocalDate, pointer: String }
    "before-its-time" Refused at Some(pointer);
    vi "Ngày hiệu lực quá sớm" | "Ngày hiệu lực {on} trước việc đã ghi ngày {last_on} của chính hồ sơ này" | "kiểm tra lại ngày hiệu lực";
    en "The effective day is too early" | "The effective day {on} is before what was recorded of the same matter on {last_on}" | "check the effective day";

    /// A corrected day would come after something that followed it.
    AfterWhatFollowed { on: LocalDate, followed_on: LocalDate }
    "after-what-followed" Refused at Some("/effective_on");
    vi "Ngày hiệu lực quá muộn" | "Ngày hiệu lực {on} sau việc kế tiếp đã ghi ngày {followed_on}" | "kiểm tra lại ngày hiệu lực, hoặc đính chính việc kế tiếp trước";
    en "The effective day is too late" | "The effective day {on} is after what followed it on {followed_on}" | "check the effective day, or correct what followed first";

    NothingToCorrect { pointer: String }
    "nothing-to-correct" Refused at Some(pointer);
    vi "Không có gì để đính chính" | "Sổ chưa ghi việc này của hồ sơ, hoặc chưa ghi vào ngày đó" | "kiểm tra lại ngày đã ghi; việc chưa ghi thì ghi như việc mới";
    en "Nothing to correct" | "The ledger holds no such thing of this matter, or not on that day" | "check the day as it is recorded; post what is not recorded as new";

    CongressAfterRecognition { congress_on: LocalDate, effective_on: LocalDate }
    "congress-after-recognition" Refused at Some("/congress_on");
    vi "Đại hội sau ngày công nhận" | "Đại hội ngày {congress_on} sau ngày công nhận {effective_on}" | "kiểm tra lại ngày đại hội";
    en "The congress is after the recognition" | "The congress on {congress_on} is after the recognition on {effective_on}" | "check the day of the congress";

    // The ledger, structure, rules, programmes and periods.
    LedgerOpenAlready { name: String }
    "ledger-open-already" Conflict at None;
    vi "Sổ đã mở" | "Sổ “{name}” đã mở" | "không cần mở lại; sổ khác thì dùng nơi lưu khác";
    en "The ledger is open" | "The ledger “{name}” is open" | "there is no need to open it again; another ledger needs another journal";

    LedgerNameUnfit
    "ledger-name-unfit" Refused at Some("/name");
    vi "Tên sổ không dùng được" | "Tên sổ gồm 1 đến 63 ký tự a-z, 0-9 và dấu gạch nối, không bắt đầu hay kết thúc bằng gạch nối" | "đặt tên khác, chẳng hạn haiphong";
    en "The ledger's name cannot be used" | "A ledger's name is 1 to 63 of a-z, 0-9 and hyphens, without a hyphen at either end" | "choose another, such as haiphong";

    ListLengthUnfit { length: usize, min: u32, max: usize, pointer: String }
    "list-length-unfit" Refused at Some(pointer);
    vi "Số dòng ngoài khoảng cho phép" | "Danh sách có {length} dòng, cần từ {min} đến {max}" | "thêm hoặc bớt dòng, nếu nhiều hơn thì chia thành nhiều lần gửi";
    en "The list is too short or too long" | "The list has {length} entries, it takes {min} to {max}" | "add or remove some; if there are more, send them in parts";

    ListedTwice { pointer: String }
    "listed-twice" Refused at Some(pointer);
    vi "Danh sách có mục trùng" | "Một mục có mặt hai lần trong danh sách" | "bỏ mục trùng";
    en "Something is listed twice" | "The list names something twice" | "leave out the repeated entry";

    UnitExistsAlready { unit: UnitId, name: String, pointer: String }
    "unit-exists-already" Refused at Some(pointer);
    vi "Đơn vị đã có" | "Mã {unit} đã là của {name}" | "dùng mã mới cho đơn vị mới, hoặc sửa đơn vị đã có";
    en "The unit exists already" | "The id {unit} is that of {name}" | "use a new id for a new unit, or change the one that exists";

    /// `last` is the day of the last change of the same thing.
    FromTooEarly { from: LocalDate, last: LocalDate, pointer: String }
    "from-too-early" Refused at Some(pointer);
    vi "Ngày bắt đầu quá sớm" | "Ngày bắt đầu {from} không sau thay đổi trước đó từ ngày {last}" | "chọn ngày sau ngày đó, hoặc kiểm tra lại thứ tự thay đổi";
    en "The first day is too early" | "The first day {from} does not follow the last change of {last}" | "choose a later day, or check the order of the changes";

    UnitUnderItself { unit: UnitId, name: String, on: LocalDate, pointer: String }
    "unit-under-itself" Refused at Some(pointer);
    vi "Đơn vị nằm dưới chính nó" | "Như vậy từ ngày {on} {name} sẽ nằm dưới chính mình" | "chọn đơn vị cấp trên khác";
    en "A unit under itself" | "From {on} on {name} would stand under itself" | "choose another superior unit";

    UnitHasChildren { unit: UnitId, name: String, child: UnitId, child_name: String, on: LocalDate, pointer: String }
    "unit-has-children" Refused at Some(pointer);
    vi "Đơn vị còn đơn vị trực thuộc" | "Từ ngày {on} {child_name} vẫn trực thuộc {name}" | "chuyển hoặc kết thúc các đơn vị trực thuộc trước, trong cùng lần gửi cũng được";
    en "The unit still has units under it" | "From {on} on {child_name} still stands under {name}" | "move or end the units under it first, in the same command if you like";

    ProgrammeEstablishedAlready { programme: ProgrammeKey }
    "programme-established-already" Conflict at Some("/programme");
    vi "Chương trình đã có" | "Chương trình {programme} đã được lập" | "dùng khóa khác, hoặc định nghĩa thêm chỉ tiêu cho chương trình đó";
    en "The programme exists" | "The programme {programme} is established" | "use another key, or define further measures of it";

    ProgrammeUnknown { programme: ProgrammeKey }
    "programme-unknown" Refused at Some("/programme");
    vi "Không có chương trình này" | "Không có chương trình {programme}" | "chọn chương trình trong danh sách, hoặc lập chương trình trước";
    en "No such programme" | "There is no programme {programme}" | "choose one from the list, or establish it first";

    MeasureUnknown { measure: MeasureKey, programme: ProgrammeKey, pointer: String }
    "measure-unknown" Refused at Some(pointer);
    vi "Chương trình không có chỉ tiêu này" | "Chương trình {programme} không có chỉ tiêu {measure}" | "chọn chỉ tiêu của đúng chương trình";
    en "No such measure of the programme" | "The programme {programme} has no measure {measure}" | "choose a measure of this programme";

    /// What it counts and by which date do not fit together.
    MeasureUnfit { pointer: String }
    "measure-unfit" Refused at Some(pointer);
    vi "Định nghĩa chỉ tiêu không hợp lệ" | "Chỉ tiêu đếm tổ chức thì theo founded hoặc recognised (loại do cấp trên công nhận) và có loại tổ chức; đếm người thì theo admitted, received hoặc made_official và có loại thành viên; theo received và made_official chỉ đếm số mới (gross), made_official chỉ đếm đảng viên; “trong đó” chỉ dùng khi đếm người, mọi phiên bản đều đếm số mới" | "sửa định nghĩa cho khớp";
    en "The measure does not fit together" | "A measure of organisations counts by founded, or by recognised for kinds that are recognised, and lists kinds; a measure of members counts by admitted, received or made_official and lists memberships; by received and by made_official it is gross, by made_official of Party members only; “of which” is of members, where every version is gross" | "make the definition fit";

    HostKindOutsideProgramme { host_kind: HostKind, programme: ProgrammeKey, pointer: String }
    "host-kind-outside-programme" Refused at Some(pointer);
    vi "Loại hình ngoài phạm vi chương trình" | "Chương trình {programme} không gồm loại hình {host_kind}" | "bỏ loại hình đó khỏi chỉ tiêu, hoặc kiểm tra lại chương trình";
    en "Host kind outside the programme" | "The programme {programme} does not cover the host kind {host_kind}" | "leave it out of the measure, or check the programme";

    // Targets.
    TargetZero { pointer: String }
    "target-zero" Refused at Some(pointer);
    vi "Không giao chỉ tiêu bằng 0" | "Chỉ tiêu phải từ 1 trở lên" | "để trống nếu không giao chỉ tiêu, hoặc rút chỉ tiêu đã giao";
    en "A target of 0" | "A target is 1 or more" | "leave it empty where no target is given, or withdraw the one that was";

    TargetRangeEmpty { from: u32, to: u32 }
    "target-range-empty" Refused at Some("/value/between");
    vi "Khoảng chỉ tiêu không hợp lệ" | "Khoảng từ {from} đến {to} không tăng" | "ghi số nhỏ trước và số lớn sau, nếu hai số bằng nhau thì giao đúng một số";
    en "The range is empty" | "The range from {from} to {to} does not rise" | "write the smaller number first; for one number give it exactly";

    AssignerNotAbove { assigner: UnitId, assigner_name: String, holder: UnitId, holder_name: String }
    "assigner-not-above" Refused at Some("/assigner");
    vi "Đơn vị giao không phải cấp trên" | "{assigner_name} không phải cấp trên của {holder_name} trong kỳ này" | "chọn đúng đơn vị giao hoặc đơn vị nhận chỉ tiêu";
    en "The assigner is not above the holder" | "{assigner_name} does not stand above {holder_name} in this period" | "choose the right assigner or holder";

    NestedTarget { holder: UnitId, holder_name: String, other: UnitId, other_name: String }
    "nested-target" Refused at Some("/holder");
    vi "Chỉ tiêu lồng nhau" | "{other_name} đã nhận chỉ tiêu này của cùng đơn vị giao và cùng hệ thống dọc với {holder_name}, kết quả sẽ bị tính hai lần" | "giao cho một trong hai; chỉ tiêu giao tiếp xuống dưới là của đơn vị giao khác";
    en "Nested targets" | "{other_name} holds this target from the same assigner in one line with {holder_name}, results would count twice" | "give it to one of the two; a target handed further down has another assigner";

    TargetAssignedAlready
    "target-assigned-already" Conflict at Some("/holder");
    vi "Chỉ tiêu đã giao" | "Chỉ tiêu này của kỳ đã được giao" | "dùng lệnh điều chỉnh chỉ tiêu, hoặc đính chính nếu đã ghi nhầm";
    en "The target is assigned" | "This target of the period is assigned" | "adjust it, or correct it if it was recorded wrongly";

    TargetUnknown
    "target-unknown" Refused at Some("/holder");
    vi "Chưa có chỉ tiêu này" | "Chỉ tiêu này chưa được giao, hoặc đã rút" | "giao chỉ tiêu trước, hoặc kiểm tra lại đơn vị, chỉ tiêu và kỳ";
    en "No such target" | "This target was not assigned, or is withdrawn" | "assign it first, or check unit, measure and period";

    AfterPeriod { on: LocalDate, last_day: LocalDate, pointer: String }
    "after-period" Refused at Some(pointer);
    vi "Ngày sau khi hết kỳ" | "Ngày {on} sau ngày cuối kỳ {last_day}" | "kiểm tra lại ngày và kỳ; hết kỳ thì chỉ đính chính điều đã ghi nhầm";
    en "After the period's end" | "The day {on} is after the period's last day {last_day}" | "check day and period; after its end only what was recorded wrongly is corrected";

    DueOutsidePeriod { due_on: LocalDate, first_day: LocalDate, last_day: LocalDate }
    "due-outside-period" Refused at Some("/due_on");
    vi "Hạn nằm ngoài kỳ" | "Hạn {due_on} nằm ngoài kỳ từ {first_day} đến {last_day}" | "chọn hạn trong kỳ, hoặc để trống";
    en "Due outside the period" | "The due day {due_on} lies outside {first_day} to {last_day}" | "choose a day in the period, or leave it out";

    // Batches.
    MoreReceivedThanAdmitted { received: u32, already: u32, admitted: u32 }
    "more-received-than-admitted" Refused at Some("/received");
    vi "Số làm lễ vượt số kết nạp" | "Đợt có {admitted} người, đã làm lễ cho {already}, không thể thêm {received}" | "kiểm tra lại số người dự lễ";
    en "More received than admitted" | "The batch has {admitted}, {already} were received before, {received} more do not fit" | "check how many were received";

    MoreNamedThanAdmitted { admitted: u32 }
    "more-named-than-admitted" Refused at Some("/subject");
    vi "Đã ghi đủ người trong đợt" | "Đợt có {admitted} người và đã ghi đủ {admitted} mã" | "kiểm tra lại số của đợt; nếu sai thì đính chính trước";
    en "All of the batch are named" | "The batch has {admitted} and all {admitted} are named" | "check the batch's number; if it is wrong, correct it first";

    SubjectNamedAlready { subject: SubjectId }
    "subject-named-already" Refused at Some("/subject");
    vi "Người này đã ghi" | "Mã {subject} đã ghi trong đợt này" | "kiểm tra lại mã người";
    en "Named already" | "The subject {subject} is named in this batch" | "check the subject";

    BatchTooSmall { count: u32, received: u32, named: u32 }
    "batch-too-small" Refused at Some("/count");
    vi "Số của đợt nhỏ hơn phần đã ghi" | "Số {count} nhỏ hơn {received} người đã làm lễ hoặc {named} mã đã ghi" | "kiểm tra lại số đúng của đợt";
    en "The batch is smaller than what is recorded of it" | "The number {count} is below {received} received or {named} named" | "check the right number of the batch";

    // Corrections, queries, access.
    NothingChanges
    "nothing-changes" Refused at None;
    vi "Không có gì thay đổi" | "Mọi giá trị gửi lên đều đúng như đã ghi" | "chỉ gửi khi có giá trị khác";
    en "Nothing changes" | "Every value sent is what is recorded" | "send it only when a value differs";

    ReasonNeedsDocument { reason: Reason }
    "reason-needs-document" Refused at Some("/document");
    vi "Lý do này cần văn bản" | "Lý do “{reason}” phải có văn bản kèm theo" | "ghi văn bản, hoặc chọn lý do khác";
    en "This reason needs a document" | "The reason “{reason}” needs a document" | "add the document, or choose another reason";

    QueryClosed
    "query-closed" Refused at Some("/query");
    vi "Yêu cầu làm rõ đã đóng" | "Yêu cầu làm rõ này đã đóng" | "nếu còn vướng mắc, nêu yêu cầu mới";
    en "The query is closed" | "This query is closed" | "if something is still unclear, raise a new one";

    /// `corrected` names the record of the correction; any other answer names none.
    CorrectedAtUnfit
    "corrected-at-unfit" Refused at Some("/corrected_at");
    vi "Số bản ghi đính chính không phù hợp" | "Trả lời “đã đính chính” phải kèm số một bản ghi sau bản ghi được hỏi, thuộc cùng vụ việc, đã đính chính, hủy bỏ, điều chỉnh hoặc rút; trả lời khác thì không kèm" | "ghi số bản ghi đính chính của chính vụ việc đó, hoặc để trống";
    en "The record of the correction does not fit" | "The answer “corrected” names a record after the one asked about, of the same case, that corrects, revokes, adjusts or takes back; any other answer names none" | "give the number of the correcting record of that case, or leave it out";

    UntilPassed { until: LocalDate, today: LocalDate }
    "until-passed" Refused at Some("/until");
    vi "Hạn đã qua" | "Ngày cuối {until} trước ngày của sổ là {today}" | "chọn ngày cuối từ hôm nay trở đi, hoặc để trống";
    en "The last day has passed" | "The last day {until} is before the ledger's own day {today}" | "choose a day from today on, or leave it out";

    AccessAlreadyRevoked
    "access-already-revoked" Refused at Some("/access");
    vi "Quyền đã thu hồi" | "Quyền truy cập này đã bị thu hồi" | "không cần làm gì thêm";
    en "The grant is revoked" | "This grant of access is revoked" | "nothing more is needed";
}
