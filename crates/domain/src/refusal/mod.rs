//! Why a command is not recorded, in domain words. Refusals are answers, not failures. A new one is one row in `table.rs` or beside it.

mod access;
mod lineage;
mod periods;
mod probation;
mod publications;
mod rows;
mod say;
mod table;
mod texts;

use rows::refusals;

pub use table::Refusal;

use crate::Position;

/// Vietnamese first, English second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    Vi,
    En,
}

/// What kind of answer a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalClass {
    /// The caller may not do this: 403.
    Forbidden,
    /// It stands in the way of something already recorded: 409.
    Conflict,
    /// The domain says no: 422.
    Refused,
}

/// What a page in `docs/problems/` says of one kind of refusal. `remedy` is what the clerk can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusalPage {
    pub slug: &'static str,
    pub class: RefusalClass,
    pub title_vi: &'static str,
    pub title_en: &'static str,
    pub remedy_vi: &'static str,
    pub remedy_en: &'static str,
}

impl Refusal {
    /// What is wrong and what to do, as one sentence for the clerk.
    pub fn text(&self, lang: Lang) -> String {
        let page = self.page();
        let remedy = match lang {
            Lang::Vi => page.remedy_vi,
            Lang::En => page.remedy_en,
        };
        let wrong = self.wrong(lang);
        let mut letters = wrong.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase).collect::<String>();
        format!("{first}{}: {remedy}.", letters.as_str())
    }

    /// Stable type of the problem, in kebab-case; the name of its page.
    pub fn slug(&self) -> &'static str {
        self.page().slug
    }

    pub fn class(&self) -> RefusalClass {
        self.page().class
    }

    /// Heading of its page.
    pub fn title(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.page().title_vi,
            Lang::En => self.page().title_en,
        }
    }

    /// The record that it stands in the way of, where there is one.
    pub const fn position(&self) -> Option<Position> {
        match self {
            Self::LooksRecordedAlready { position } => Some(*position),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{LocalDate, OrganisationKind, Trait};

    #[test]
    fn every_slug_is_kebab_case_and_stands_once() {
        let slugs: BTreeSet<_> = Refusal::SLUGS.iter().map(|page| page.slug).collect();
        assert_eq!(slugs.len(), Refusal::SLUGS.len());
        assert!(
            slugs.iter().all(|slug| slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
    }

    #[test]
    fn a_sentence_says_what_is_wrong_with_its_numbers_and_what_to_do() {
        let kind = OrganisationKind::PartyCellGrassroots;
        let refusal = Refusal::TooFewMembers { kind, have: 2, need: 3, pointer: "/members".to_owned() };
        assert_eq!(
            refusal.text(Lang::Vi),
            "Theo quy định, chi bộ cơ sở cần ít nhất 3 thành viên, ở đây ghi 2: \
             kiểm tra lại số lượng, hoặc ghi kèm văn bản cho phép ngoại lệ."
        );
        assert_eq!(
            refusal.text(Lang::En),
            "By the rules a grassroots Party cell needs at least 3 members, here are 2: \
             check the number, or add the document that allows an exception."
        );
        assert_eq!(refusal.pointer().as_deref(), Some("/members"));
        let recognised = Refusal::KindIsRecognised { kind: OrganisationKind::GrassrootsUnion, pointer: "/kind".into() };
        assert!(recognised.text(Lang::Vi).starts_with("Công đoàn cơ sở được cấp trên công nhận"));
    }

    #[test]
    fn what_to_do_is_said_as_it_stands_and_has_no_gap_to_be_filled() {
        for page in Refusal::SLUGS {
            for text in [page.remedy_vi, page.remedy_en] {
                assert!(!text.contains(['{', '}']), "{}: {text}", page.slug);
            }
        }
    }

    #[test]
    fn days_and_numbers_are_printed_as_each_language_prints_them() {
        let day = |d| LocalDate::new(2023, 1, d).unwrap();
        let future = Refusal::DocumentInFuture { date: day(4), today: day(3), pointer: "/document/date".to_owned() };
        assert!(future.text(Lang::Vi).contains("04/01/2023") && future.text(Lang::Vi).contains("03/01/2023"));
        assert!(future.text(Lang::En).contains("2023-01-04") && future.text(Lang::En).contains("2023-01-03"));
        let many =
            Refusal::OfWhichTooLarge { of: Trait::Women, part: 1_071, whole: 444, pointer: "/of_which/women".into() };
        assert!(many.text(Lang::Vi).contains("1.071") && many.text(Lang::En).contains("1,071"));
        assert!(many.text(Lang::Vi).contains("nữ") && many.text(Lang::En).contains("women"));
    }
}
