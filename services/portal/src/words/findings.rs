//! What was found of a claim, in words.

use domain::claims::{Claim, Level, WhyUnread};
use domain::claims::{Difference, FigureOf, Finding, Impossible, Statement};

use super::Words;

/// The outcome, in a word or two.
pub(crate) fn finding_word(w: Words, finding: &Finding) -> &'static str {
    w.t(finding.vi(), finding.word())
}

/// More than the word says, in one line; empty when there is no more.
pub(crate) fn finding_detail(w: Words, finding: &Finding) -> String {
    if w.code() == "en" {
        return finding.detail();
    }
    let rules = |rules: &[domain::percent::PercentRule]| {
        rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(" hoặc ")
    };
    match finding {
        Finding::Equal { rules: by } => rules(by),
        Finding::RoundingDiffers { rules: by, half_up } => {
            format!("chỉ theo {}; làm tròn thông thường ra {half_up}", rules(by))
        }
        Finding::Differs { differences } => differences.iter().map(difference).collect::<Vec<_>>().join("; "),
        Finding::CannotFollow { why } => impossible(why),
        Finding::Ambiguous { units } => units.join(" hoặc "),
        Finding::NotInData { unit: Some(unit) } => format!("không có đơn vị “{unit}”"),
        Finding::Holds
        | Finding::WholeOnly
        | Finding::Consistent
        | Finding::NotInData { unit: None }
        | Finding::Unchecked => String::new(),
    }
}

fn difference(difference: &Difference) -> String {
    let Difference { figure, printed, ledger, by } = difference;
    let by = by.map(|by| format!(" ({})", domain::vi::difference(by))).unwrap_or_default();
    format!("{} in {printed}, trong sổ {ledger}{by}", figure_word(*figure))
}

const fn figure_word(figure: FigureOf) -> &'static str {
    match figure {
        FigureOf::Actual => "thực hiện",
        FigureOf::Plan => "kế hoạch",
        FigureOf::Total => "tổng số",
        FigureOf::Percent => "tỷ lệ",
        FigureOf::WithPlan => "đơn vị có chỉ tiêu",
        FigureOf::Met => "hoàn thành",
        FigureOf::Exceeded => "vượt",
        FigureOf::Missed => "chưa hoàn thành",
        FigureOf::Exact => "bằng chỉ tiêu",
        FigureOf::OfWhich => "trong đó",
    }
}

fn impossible(why: &Impossible) -> String {
    match why {
        Impossible::Percent { actual, plan, printed, exact } => {
            format!("{actual}/{plan} là {exact} %, không cách làm tròn nào ra {printed} %")
        }
        Impossible::PlanOfZero => "không có tỷ lệ của kế hoạch 0".to_owned(),
        Impossible::PartAboveWhole { part, whole } => format!("phần {part} lớn hơn tổng {whole}"),
        Impossible::Denominators(a, b) => format!("cùng những đơn vị ấy lúc tính là {a}, lúc là {b}"),
        Impossible::Balance { met, missed, n } => {
            format!("{met} hoàn thành và {missed} chưa hoàn thành là hơn {n}")
        }
        Impossible::NoRoom { actual, plan } => {
            format!("{actual}/{plan} không đủ chỗ: từng đơn vị có bao nhiêu cũng không cộng thành số ấy")
        }
        Impossible::Sum { sum, headline, by } => {
            format!("các phần cộng lại là {sum}, số chung ghi {headline} ({})", domain::vi::difference(*by))
        }
    }
}

/// What a claim is about: the measure, the unit, the time, as far as words name them.
pub(crate) fn claim_about(w: Words, claim: &Claim, measure: impl Fn(&str) -> Option<String>) -> String {
    let of_measures = matches!(&claim.statement, Statement::Units(units) if units.level == Level::Measures);
    let topic = claim.topic.map(|topic| measure(topic.key()).unwrap_or_else(|| topic.key().to_owned()));
    let measures = of_measures.then(|| w.t("các chỉ tiêu", "the measures").to_owned());
    let part = claim.period.part.then(|| w.t("một phần của năm", "part of a year").to_owned());
    let several = claim.period.several.then(|| w.t("nhiều năm", "several years").to_owned());
    let until = claim.period.until.map(|until| format!("{} {}", w.t("đến", "up to"), until.printed_vi()));
    let year = claim.period.year.map(|year| year.to_string());
    let narrowed = claim.narrowed.as_ref().map(|narrowed| format!("“{}”", narrowed.said));
    [topic, measures, claim.unit.clone(), narrowed, year, part, several, until]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Why a figure is not read.
pub(crate) fn unread_why(w: Words, why: WhyUnread) -> String {
    if w.code() == "en" {
        return why.to_string();
    }
    match why {
        WhyUnread::Figure(_) => "con số không đọc được chắc chắn",
        WhyUnread::NotUnicode(found) => return format!("chữ có vẻ là {}, không phải Unicode", found.vi()),
        WhyUnread::SpacedThousands => "khoảng trắng đứng ở chỗ có thể là nhóm nghìn",
        WhyUnread::NoNumber => "dấu % không có số đứng trước",
        WhyUnread::PercentRange => "một khoảng tỷ lệ",
        WhyUnread::ThreeParts => "nhiều hơn hai số cách bởi dấu gạch, không phải ngày",
        WhyUnread::Share => "phần của các đơn vị mà câu không nói gì để kiểm tra",
        WhyUnread::Fraction => "phân số không có chữ nào gắn với kết quả",
        WhyUnread::PercentOfOther => "tỷ lệ của điều khác kế hoạch, hoặc không rõ của gì",
        WhyUnread::Number => "con số không có chữ nào gắn với kết quả",
        WhyUnread::NoTotal => "mức chênh lệch, số lần hoặc bình quân, không phải tổng số",
        WhyUnread::InWords => "nói bằng chữ, không có con số",
    }
    .to_owned()
}
