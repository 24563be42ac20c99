//! Whether the words that lead to a figure are understood. A reader that does not know a word cannot know that it makes no difference; so what
//! such words lead to is never held against the whole.

use std::ops::Range;

use super::{
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    topic::topic_at,
};

/// Words that change nothing in what a figure is of: what is done and by how much, how it is told, when, and the whole that does it.
static PLAIN: Phrases<()> = phrases![() =>
    "kết nạp", "thành lập", "thành lập mới", "phát triển", "ra mắt", "vận động", "công nhận", "bồi dưỡng", "đã", "đang", "được", "có", "là", "và",
    "hoặc", "với", "của", "các", "những", "cho", "trong", "tại", "ở", "từ", "đến", "tới", "theo", "về", "vào", "ra", "nên", "thì", "mà", "cũng",
    "đều", "còn", "chỉ", "mới", "thêm", "nữa", "tổng", "tổng số", "tổng cộng", "cộng", "cộng lại", "số", "con số", "khoảng", "gần", "hơn", "trên",
    "dưới", "ít nhất", "tối thiểu", "nhiều", "riêng", "cùng", "sau", "trước", "khi", "nay", "đến nay", "qua", "vừa", "hết", "cuối", "đầu", "cả",
    "toàn", "suốt", "năm", "tháng", "quý", "ngày", "kỳ", "này", "đó", "nhờ", "do", "để", "nhằm", "vì", "bởi", "ngoài", "bằng", "như", "lên", "so",
    "tính", "ước", "hiện", "thực hiện", "thực tế", "đạt", "đạt được", "hoàn thành", "vượt", "vượt mức", "tỷ lệ", "tỉ lệ", "kết quả", "chỉ tiêu",
    "kế hoạch", "mục tiêu", "giao", "đề ra", "phấn đấu", "đăng ký", "dự kiến", "sẽ", "nhiệm vụ", "công tác", "hoạt động", "nghị quyết", "chỉ thị",
    "đề án", "chương trình", "hướng dẫn", "kết luận", "quyết định", "báo cáo", "cho biết", "thông báo", "hội nghị", "tổng kết", "sơ kết", "đánh giá",
    "công bố", "triển khai", "chỉ đạo", "lãnh đạo", "tập trung", "quan tâm", "tăng cường", "đẩy mạnh", "tích cực", "chủ động", "phối hợp",
    "quyết liệt", "tuyên truyền", "khảo sát", "rà soát", "xây dựng", "củng cố", "nâng cao", "chất lượng", "hiệu quả", "thành phố", "TP", "tỉnh",
    "đảng bộ", "đảng ủy", "quận ủy", "huyện ủy", "thị ủy", "thành ủy", "tỉnh ủy", "thường trực", "ban thường vụ", "ban chấp hành", "ban tổ chức", "ban dân vận", "ban chỉ đạo", "ban tuyên giáo",
    "văn phòng", "cấp", "cấp ủy", "ngành", "chính quyền", "đơn vị", "địa phương", "quận", "huyện", "thị xã", "phường", "xã", "cơ sở", "trực thuộc",
    "địa bàn", "doanh nghiệp", "nhà nước", "ngoài nhà nước", "khu vực", "tổ chức", "đảng", "công đoàn", "đoàn", "hội", "thanh niên",
    "liên đoàn lao động", "đoàn viên", "hội viên", "quần chúng", "ưu tú", "đồng chí", "người", "việc", "sự", "công", "cùng với", "bên cạnh",
    "đồng thời", "như vậy", "cụ thể", "nổi bật", "đặc biệt", "đáng chú ý", "thuộc", "lần", "thứ", "điều", "mỗi", "một", "hai", "ba", "bốn",
    "năm qua", "thông qua", "góp phần", "trung ương", "cả nước", "theo đó", "yêu cầu", "trung bình", "bình quân", "hằng", "hàng", "tăng", "giảm",
    "thiếu", "chưa", "không", "bị", "phải", "cần", "ngay", "luôn", "hội đồng", "kết", "đợt", "dịp", "sáng", "chiều", "mùng", "nhiệm kỳ", "giai đoạn",
    "khóa", "đại hội"
];
/// Behind which a number is a name: "chi bộ số 3", "phường 5".
static NUMBERED: Phrases<()> = phrases![() => "số", "phường", "xã", "quận", "khu", "tổ", "khối", "cụm", "lớp", "khóa"];
static NUMBERS_OF: Phrases<()> = phrases![() => "tổng số", "con số", "trong số", "trên tổng số"];
/// One of many, unless it is what is founded.
static ONE_OF_MANY: Phrases<()> =
    phrases![() => "chi bộ", "chi đoàn", "chi hội", "đoàn cơ sở", "đảng bộ cơ sở", "công đoàn cơ sở"];

/// What is done with them: behind it they are what is founded.
static FOUNDS: Phrases<()> = phrases![() => "thành lập", "ra mắt", "phát triển", "vận động", "số", "về", "là", "được"];

/// The first words since the last sign before the token at `at` that are not understood; those of `unit` name somebody who is asked for elsewhere.
pub(super) fn not_understood(tokens: &[Token], at: usize, unit: Option<&Range<usize>>) -> Option<Range<usize>> {
    let start = clause_start(tokens, at);
    let mut i = start;
    while i < at {
        if let Some(unit) = unit.filter(|unit| unit.contains(&i)) {
            i = unit.end;
            continue;
        }
        let rest = &tokens[i..at];
        if let Some((_, length)) = ONE_OF_MANY.at(rest).filter(|_| !FOUNDS.within(&tokens[start..i])) {
            return Some(i..i + length);
        }
        let known = PLAIN.at(rest).map(|(_, length)| length).max(topic_at(rest).map(|(_, length)| length));
        match (known, tokens[i].kind) {
            (Some(length), _) => i += length,
            (None, Kind::Word) => return Some(i..end_of_unknown(tokens, i, at)),
            (None, Kind::Number) if is_name(&tokens[..i]) => return Some(i - 1..i + 1),
            (None, _) => i += 1,
        }
    }
    None
}

fn end_of_unknown(tokens: &[Token], i: usize, at: usize) -> usize {
    let known = |i: usize| {
        tokens[i].kind != Kind::Word || PLAIN.at(&tokens[i..at]).is_some() || topic_at(&tokens[i..at]).is_some()
    };
    (i + 1..at).find(|i| known(*i)).unwrap_or(at)
}

fn is_name(before: &[Token]) -> bool {
    NUMBERED.ending(before).is_some() && NUMBERS_OF.ending(before).is_none()
}

/// Behind the last sign before a token, those inside a figure left out.
pub(super) fn clause_start(tokens: &[Token], at: usize) -> usize {
    let divides = |token: &Token| !matches!(token.kind, Kind::Word | Kind::Number | Kind::Percent | Kind::Slash);
    tokens[..at].iter().rposition(divides).map_or(0, |i| i + 1)
}
