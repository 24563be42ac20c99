//! The rows of the table of refusals that concern what somebody may reach, and what a command says of other records; see `table.rs` for what a row is.

/// Hands the rows given, and these after them, to the next macro of the list.
macro_rules! with_access {
    ([$next:ident $($rest:ident)*] $($rows:tt)*) => { $next! { [$($rest)*]
        $($rows)*

        /// The whole ledger is not a matter of a unit that stands under others.
        RootAdministratorOnly { office: UnitId, name: String, command: &'static CommandRow }
        "root-administrator-only" Forbidden at None;
        vi "Việc của cả sổ" | "Lệnh “{command}” là việc của cả sổ, còn {name} là đơn vị trực thuộc" | "đề nghị quản trị của đơn vị cao nhất thực hiện";
        en "A matter of the whole ledger" | "The command “{command}” concerns the whole ledger, and {name} stands under another unit" | "ask an administrator of the unit at the top";

        /// An administrator's own unit and those under it.
        OfficeNotUnderYours { office: UnitId, name: String, pointer: String }
        "office-not-under-yours" Forbidden at Some(pointer);
        vi "Không phải đơn vị bạn quản trị" | "Tài khoản này không quản trị quyền truy cập của {name}" | "chỉ cấp và thu hồi quyền của đơn vị mình và đơn vị trực thuộc; việc khác đề nghị quản trị cấp trên";
        en "Not a unit that you administer" | "This account does not administer access of {name}" | "grant and revoke for your own unit and those under it; ask an administrator above both for anything else";

        /// Whoever holds a token holds it for good, also after its revocation.
        TokenGrantedAlready
        "token-granted-already" Conflict at Some("/token_sha256");
        vi "Mã đã được cấp" | "Mã truy cập có giá trị SHA-256 này đã được cấp một lần" | "tạo mã mới cho mỗi lần cấp (socai token new)";
        en "The token is granted already" | "A token with this SHA-256 has been granted before" | "make a new token for every grant (socai token new)";

        /// An auditor's own office and those under it.
        OutsideYourAudit { unit: UnitId, name: String, pointer: String }
        "outside-your-audit" Forbidden at Some(pointer);
        vi "Ngoài phạm vi kiểm tra của bạn" | "Tài khoản này không kiểm tra {name}" | "chỉ nêu và đóng yêu cầu làm rõ của đơn vị mình và đơn vị trực thuộc; việc khác đề nghị kiểm tra cấp trên";
        en "Outside your audit" | "This account does not audit {name}" | "raise and close queries of your own office and those under it; ask an auditor above both for anything else";

        /// Neither credited, nor the poster, nor who has the case by now.
        OwnerNotConcerned { about: Position, unit: UnitId, name: String }
        "owner-not-concerned" Refused at Some("/owner");
        vi "Bản ghi không liên quan đơn vị này" | "Bản ghi {about} không liên quan {name}" | "chọn đơn vị được tính, đơn vị đã ghi, hoặc đơn vị kế thừa";
        en "The record does not concern this unit" | "Record {about} does not concern {name}" | "choose the unit that is credited, the office that posted it, or one that came after it";

        /// The caller may post for both, but the command is about one of them.
        OnBehalfOfAnother { named: UnitId, named_name: String, unit: UnitId, name: String }
        "on-behalf-of-another" Refused at Some("/on_behalf_of");
        vi "Ghi thay không khớp đơn vị" | "on_behalf_of là {named_name}, nhưng việc này của {name}" | "ghi đúng đơn vị đó ở on_behalf_of, hoặc bỏ trống khi là đơn vị của mình";
        en "Posted for another unit" | "on_behalf_of names {named_name}, but this is about {name}" | "name that unit in on_behalf_of, or leave it out when it is your own";

        /// Whatever stands there, it is not of the same paper.
        DistinctFromAnother { distinct_from: Position }
        "distinct-from-another" Refused at Some("/distinct_from");
        vi "Không phải bản ghi của cùng văn bản" | "Bản ghi {distinct_from} không phải của văn bản này" | "bỏ trống distinct_from; chỉ ghi số bản ghi mà sổ đã báo là cùng văn bản";
        en "Not a record of the same paper" | "Record {distinct_from} is not of this paper" | "leave distinct_from out; give only the record that the ledger said is of the same paper";
    } };
}

pub(super) use with_access;
