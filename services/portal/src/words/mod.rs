//! How numbers, days and statuses are said to people: Vietnamese first, English second (DESIGN §7, "In Vietnamese").

mod commands;
mod events;
mod findings;
mod on_forms;

use domain::{Document, Lang, LocalDate, TargetValue, Timestamp, vi};
use http::HeaderMap;

pub(crate) use commands::{capitalised, command_words, kind_words};
pub(crate) use events::{counted_note, event_details, more_or_less};
pub(crate) use findings::{claim_about, finding_detail, finding_word, unread_why};
pub(crate) use on_forms::{no_day, no_number, on_a_form};

/// The cookie that remembers the language.
pub(crate) const LANG_COOKIE: &str = "socai_lang";

/// A language and how it prints. Copied into every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words(pub(crate) Lang);

impl Words {
    /// What `?lang=` asks for, else what the cookie remembers, else Vietnamese.
    pub(crate) fn of(asked: Option<&str>, headers: &HeaderMap) -> Self {
        let remembered = kit::http::cookie(headers, LANG_COOKIE);
        let english = asked.or(remembered.as_deref()) == Some("en");
        Self(if english { Lang::En } else { Lang::Vi })
    }

    pub(crate) fn t<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.0 {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        self.t("vi", "en")
    }

    /// `1.071` or `1,071`.
    pub(crate) fn count(&self, n: impl TryInto<i64>) -> String {
        let n = n.try_into().unwrap_or(i64::MAX);
        let printed = vi::count(n.unsigned_abs());
        let printed = if self.0 == Lang::En { printed.replace('.', ",") } else { printed };
        if n < 0 { format!("−{printed}") } else { printed }
    }

    /// `+4` or `−1`.
    pub(crate) fn difference(&self, n: i64) -> String {
        let printed = vi::difference(n);
        if self.0 == Lang::En { printed.replace('.', ",") } else { printed }
    }

    /// `123,4 %` or `123.4 %`; takes the text with a Vietnamese comma.
    pub(crate) fn percent(&self, printed: &str) -> String {
        match self.0 {
            Lang::Vi => format!("{printed} %"),
            // Thousands lose their point before the comma becomes one.
            Lang::En => format!("{} %", printed.replace('.', "").replace(',', ".")),
        }
    }

    /// `03/01/2023` or `2023-01-03`.
    pub(crate) fn day(&self, day: LocalDate) -> String {
        match self.0 {
            Lang::Vi => day.printed_vi(),
            Lang::En => day.to_string(),
        }
    }

    /// Local time: `13:00 03/01/2023`.
    pub(crate) fn instant(&self, at: Timestamp) -> String {
        format!("{} {}", at.local_time_printed(), self.day(at.local_date()))
    }

    /// `7`, `từ 7 trở lên`, `190–200`.
    pub(crate) fn target(&self, value: TargetValue) -> String {
        match value {
            TargetValue::Exactly(n) => self.count(n),
            TargetValue::AtLeast(n) => format!("≥ {}", self.count(n)),
            TargetValue::Between(range) => format!("{}–{}", self.count(range.from), self.count(range.to)),
        }
    }

    /// `12-QĐ/QU ngày 03/01/2023, Quận ủy Lê Chân`.
    pub(crate) fn document(&self, document: &Document) -> String {
        let line = match (document.line, self.0) {
            (None, _) => String::new(),
            (Some(line), Lang::Vi) => format!(", dòng {line}"),
            (Some(line), Lang::En) => format!(", line {line}"),
        };
        let of = self.t("ngày", "of");
        format!("{}-{} {of} {}, {}{line}", document.number, document.symbol, self.day(document.date), document.issuer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VI: Words = Words(Lang::Vi);
    const EN: Words = Words(Lang::En);

    #[test]
    fn numbers_are_printed_as_each_language_prints_them() {
        assert_eq!((VI.count(1_071), EN.count(1_071)), ("1.071".into(), "1,071".into()));
        assert_eq!((VI.percent("123,4"), EN.percent("123,4")), ("123,4 %".into(), "123.4 %".into()));
        assert_eq!(VI.count(-3), "−3");
        assert_eq!(VI.target(TargetValue::Between(domain::Range { from: 190, to: 200 })), "190–200");
    }

    #[test]
    fn the_address_decides_the_language_before_the_cookie() {
        let english = HeaderMap::from_iter([(http::header::COOKIE, "socai_lang=en".parse().unwrap())]);
        assert_eq!(Words::of(None, &english), EN);
        assert_eq!(Words::of(Some("vi"), &english), VI);
        assert_eq!(Words::of(None, &HeaderMap::new()), VI);
    }
}
