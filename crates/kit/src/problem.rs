//! The one door by which errors leave over HTTP: `application/problem+json` (RFC 9457) with a type that has a page.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Lang, Refusal, RefusalClass};
use serde::{Deserialize, Serialize};

/// An error as the caller sees it. `type` is `/problems/{slug}`, a page in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// `/problems/{slug}`; stable.
    pub r#type: String,
    /// HTTP status.
    pub status: u16,
    /// Short, in Vietnamese.
    pub title: String,
    /// What is wrong and what to do, in Vietnamese.
    pub detail: String,
    /// The same in English.
    pub detail_en: String,
    /// The places that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Position that the problem is about: the record already there, how far the view is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
    /// Seconds after which trying again makes sense; also in `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// One wrong place of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the request's body.
    pub pointer: String,
    pub detail: String,
}

/// A problem that is not a refusal of the domain: slug, status, the two titles, and what its page tells the reader to do.
#[derive(Clone, Copy, Debug)]
pub struct ProblemKind {
    pub slug: &'static str,
    pub status: u16,
    pub vi: &'static str,
    pub en: &'static str,
    pub remedy_vi: &'static str,
    pub remedy_en: &'static str,
}

macro_rules! problem_kinds {
    ($($name:ident = $slug:literal, $status:literal, $vi:literal, $en:literal, $remedy_vi:literal, $remedy_en:literal;)*) => {
        $(pub const $name: ProblemKind = ProblemKind {
            slug: $slug, status: $status, vi: $vi, en: $en, remedy_vi: $remedy_vi, remedy_en: $remedy_en,
        };)*
        /// All of them, for the pages.
        pub const PROBLEM_KINDS: &[ProblemKind] = &[$($name,)*];
    };
}

problem_kinds! {
    INVALID_BODY = "invalid-body", 400, "Nội dung gửi không đọc được", "The body cannot be read",
        "Sửa nội dung theo lược đồ tại /docs: đúng tên trường, đúng kiểu, ngày viết YYYY-MM-DD; chỗ sai nằm trong errors.",
        "Change the body to the schema at /docs: names, types, days as YYYY-MM-DD; errors says where it is wrong.";
    INVALID_KEY = "invalid-idempotency-key", 400, "Thiếu hoặc sai Idempotency-Key", "Idempotency-Key is missing or wrong",
        "Gửi tiêu đề Idempotency-Key là một UUID; mỗi lệnh một khóa, gửi lại thì giữ nguyên khóa.",
        "Send the header Idempotency-Key with a UUID; one key for one command, the same key when it is sent again.";
    INVALID_QUERY = "invalid-query", 400, "Tham số không hợp lệ", "A query parameter is wrong",
        "Sửa tham số được nêu tên; các tham số dùng được có tại /docs.",
        "Change the parameter that is named; the parameters in use are at /docs.";
    UNAUTHENTICATED = "unauthenticated", 401, "Chưa đăng nhập", "Not signed in",
        "Đăng nhập lại tại /sign-in, hoặc gửi Authorization: Bearer với mã còn hiệu lực.",
        "Sign in again at /sign-in, or send Authorization: Bearer with a valid token.";
    FORBIDDEN = "forbidden", 403, "Không có quyền", "Not allowed",
        "Dùng mã của đơn vị và vai trò được phép, hoặc đề nghị đơn vị cấp trên.",
        "Use a token of an office and role that may, or ask the superior office.";
    NOT_FOUND = "not-found", 404, "Không tìm thấy", "Not found",
        "Kiểm tra lại địa chỉ hoặc mã; có thể dữ liệu thuộc đơn vị khác.",
        "Check the address or id; it may belong to another office.";
    UNKNOWN_COMMAND = "unknown-command", 404, "Không có lệnh này", "There is no such command",
        "Chọn một lệnh trong danh sách tại /docs.",
        "Choose a command from the list at /docs.";
    METHOD_NOT_ALLOWED = "method-not-allowed", 405, "Phương thức không dùng được ở đây", "The method cannot be used here",
        "Dùng phương thức ghi tại /docs.",
        "Use the method given at /docs.";
    CONFLICT = "conflict", 409, "Bị người khác ghi trước", "Somebody else was first",
        "Xem lại dữ liệu hiện có rồi gửi lại với cùng khóa.",
        "Look at what is there now, then send it again with the same key.";
    STALE = "stale", 412, "Dữ liệu đã thay đổi", "It has changed since you looked",
        "Tải lại, xem thay đổi, rồi gửi lại với vị trí mới.",
        "Load it again, look at what changed, and send it with the new position.";
    POSITION_UNKNOWN = "position-unknown", 412, "Sổ chưa có vị trí này", "The ledger has no such position yet",
        "Dùng vị trí không lớn hơn tip mà máy chủ trả về.",
        "Use a position not beyond the tip that the server gives.";
    TOO_LARGE = "too-large", 413, "Nội dung quá lớn", "The body is too large",
        "Chia nhỏ nội dung rồi gửi từng phần.",
        "Split it and send the parts.";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415, "Kiểu nội dung không dùng được", "The media type cannot be used",
        "Gửi application/json, hoặc application/x-ndjson cho nhiều lệnh.",
        "Send application/json, or application/x-ndjson for many commands.";
    KEY_REUSED = "idempotency-key-reused", 422, "Idempotency-Key đã dùng cho nội dung khác", "The key was used for another body",
        "Tạo khóa mới cho nội dung mới; giữ khóa cũ chỉ khi gửi lại đúng nội dung cũ.",
        "Make a new key for a new body; keep a key only to send the same body again.";
    TOO_MANY = "too-many-requests", 429, "Quá nhiều yêu cầu", "Too many requests",
        "Chờ số giây ghi trong Retry-After rồi gửi lại.",
        "Wait as many seconds as Retry-After says, then send it again.";
    OUTCOME_UNKNOWN = "outcome-unknown", 503, "Chưa biết đã ghi hay chưa", "It is not known whether it was recorded",
        "Gửi lại đúng nội dung với đúng khóa cũ: nếu đã ghi, sẽ nhận lại biên nhận cũ.",
        "Send the same body with the same key: if it was recorded, the same receipt comes back.";
    UNAVAILABLE = "unavailable", 503, "Tạm thời chưa phục vụ được", "Temporarily unavailable",
        "Chờ ít phút rồi thử lại; chưa có gì được ghi.",
        "Wait a moment and try again; nothing was recorded.";
    CLOCK_AHEAD = "clock-ahead", 503, "Đồng hồ máy chủ không đáng tin", "The server's clock is not believed",
        "Người quản trị: chỉnh đồng hồ của máy; nếu đồng hồ đúng mà sổ đã nghỉ hơn 31 ngày, khởi động với --clock-confirmed NGÀY. Sau đó gửi lại với đúng khóa cũ; chưa có gì được ghi.",
        "Administrator: set the machine's clock; if it is right and the ledger has rested for more than 31 days, start with --clock-confirmed DAY. Then send the same command with the same key; nothing was recorded.";
    LEDGER_DOUBTED = "ledger-doubted", 503, "Đang kiểm tra lại sổ", "The ledger is being looked at again",
        "Gửi lại sau ít giây với đúng khóa cũ; chưa có gì được ghi. Máy chủ vừa khởi động lại có thể chậm hơn một lúc; nếu quá nửa phút vẫn vậy, báo ngay cho người quản trị: có thể đã mất bản ghi, hoặc sổ đã bị thay.",
        "Send the same command with the same key in a few seconds; nothing was recorded. A server that has just started may be behind for a moment; if it goes on for half a minute, tell the administrator at once: records may be gone, or the ledger may have been replaced.";
    LEDGER_UNREADABLE = "ledger-unreadable", 503, "Có bản ghi không đọc được", "A record cannot be read",
        "Báo cho người quản trị: phiên bản này không đọc được một bản ghi, nên không ghi tiếp; cần phiên bản mới hơn. Số liệu đến trước bản ghi đó vẫn xem được. Gửi lại sau với đúng khóa cũ; chưa có gì được ghi.",
        "Tell the administrator: this version cannot read a record, so it records nothing behind it; it takes a newer version. Figures up to that record can be seen. Send the same command with the same key later; nothing was recorded.";
    LEDGER_MOVED = "ledger-moved", 409, "Sổ đã chuyển đi", "The ledger has moved",
        "Sổ ở đây đã khóa và được ghi tiếp ở nơi nêu trong thông báo: đổi địa chỉ rồi gửi lại ở đó với đúng khóa cũ. Ở đây vẫn xem được.",
        "The ledger was sealed here and goes on where the message says: change the address, and send the command there with the same key. What is here can still be read.";
    COPY_UNFINISHED = "copy-unfinished", 503, "Sổ đang được chuyển tới", "The ledger is still being copied here",
        "Bản sao chưa xong: cho tới lúc đó gửi lệnh ở sổ cũ, hoặc chờ rồi gửi lại với đúng khóa cũ.",
        "The copy is not finished: until then send commands to the ledger that is copied, or wait and send them again with the same key.";
    VIEW_BEHIND = "view-behind", 503, "Số liệu chưa cập nhật tới vị trí yêu cầu", "The view has not reached the position",
        "Chờ số giây ghi trong Retry-After rồi hỏi lại.",
        "Wait as many seconds as Retry-After says, then ask again.";
    VIEW_STOPPED = "view-stopped", 503, "Bảng tổng hợp đã dừng", "A view has stopped",
        "Báo cho người quản trị: /readyz nêu vị trí và lý do. Nếu dữ liệu thuộc một sổ khác, như sau khi phục hồi bản sao, chạy socai rebuild; nếu có bản ghi không đọc được, cần phiên bản mới hơn. Sau đó hỏi lại.",
        "Tell the administrator: /readyz names the position and why. If the rows are of another ledger, as after a backup was restored, run socai rebuild; if a record cannot be read, it takes a newer version. Then ask again.";
    RECORD_UNREADABLE = "record-unreadable", 500, "Bản ghi này không đọc được", "This record cannot be read",
        "Hỏi lại cũng không đọc được. Báo cho người quản trị vị trí được nêu: cần phiên bản mới hơn, hoặc một bản sao lành của sổ. Những gì đứng trước vị trí đó vẫn đọc được.",
        "Asking again does not help. Tell the administrator the position that is named: it takes a newer version, or a sound copy of the ledger. What comes before that position can be read.";
    INTERNAL = "internal", 500, "Lỗi của máy chủ", "The server failed",
        "Thử lại; nếu vẫn lỗi, báo quản trị kèm mã X-Request-Id.",
        "Try again; if it fails again, tell the administrator the X-Request-Id.";
}

impl Problem {
    /// A problem of this kind with what to do in both languages.
    pub fn new(kind: ProblemKind, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            r#type: format!("/problems/{}", kind.slug),
            status: kind.status,
            title: kind.vi.to_owned(),
            detail: vi.into(),
            detail_en: en.into(),
            errors: Vec::new(),
            position: None,
            retry_after: None,
        }
    }

    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
        self
    }

    #[must_use]
    pub fn position(mut self, position: domain::Position) -> Self {
        self.position = Some(position.0);
        self
    }

    /// Rounded up to whole seconds, at least one.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after.as_secs() + u64::from(after.subsec_nanos() > 0 || after.is_zero()));
        self
    }

    /// The slug in `type`.
    pub fn slug(&self) -> &str {
        self.r#type.strip_prefix("/problems/").unwrap_or(&self.r#type)
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let status = match refusal.class() {
            RefusalClass::Forbidden => 403,
            RefusalClass::Conflict => 409,
            RefusalClass::Refused => 422,
        };
        let detail = refusal.text(Lang::Vi);
        let errors =
            refusal.pointer().map(|pointer| FieldError { pointer, detail: detail.clone() }).into_iter().collect();
        Self {
            r#type: format!("/problems/{}", refusal.slug()),
            status,
            title: refusal.title(Lang::Vi).to_owned(),
            detail,
            detail_en: refusal.text(Lang::En),
            errors,
            position: refusal.position().map(|position| position.0),
            retry_after: None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")], body)
                .into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
