//! How the values of a refusal are said in each language.

use std::fmt;

use crate::{
    CommandRow, HostKind, Lang, LocalDate, Membership, OrganisationKind, Position, Reason, ReopeningReason, Role,
    SuccessionKind, Trait, vi::Legacy,
};

/// A value that is printed as the language prints it.
pub(super) trait Say {
    fn say(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A value and the language it is said in.
pub(super) struct Said<'a, T>(pub(super) Lang, pub(super) &'a T);

impl<T: Say> fmt::Display for Said<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.say(self.0, f)
    }
}

macro_rules! said_by_its_name {
    ($($word:ident)*) => {$(
        impl Say for $word {
            fn say(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match lang { Lang::Vi => self.vi(), Lang::En => self.en() })
            }
        }
    )*};
}

said_by_its_name! { HostKind Legacy Membership OrganisationKind Reason ReopeningReason Role SuccessionKind Trait }

impl Say for &'static CommandRow {
    fn say(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        })
    }
}

impl Say for LocalDate {
    fn say(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match lang {
            Lang::Vi => f.write_str(&self.printed_vi()),
            Lang::En => write!(f, "{self}"),
        }
    }
}

/// Until when something holds: the first day on which it no longer does.
impl Say for Option<LocalDate> {
    fn say(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, lang) {
            (Some(end), Lang::Vi) => write!(f, "đến hết ngày {}", Said(lang, &end.yesterday())),
            (Some(end), Lang::En) => write!(f, "until {}", Said(lang, &end.yesterday())),
            (None, Lang::Vi) => f.write_str("chưa ghi ngày thôi dùng"),
            (None, Lang::En) => f.write_str("with no end recorded"),
        }
    }
}

/// Who posts for a unit that has ended: the one that has all of it, or those above it.
impl Say for Option<String> {
    fn say(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, lang) {
            (Some(heir), Lang::Vi) => write!(f, "việc của đơn vị này nay do {heir} ghi"),
            (Some(heir), Lang::En) => write!(f, "{heir} posts for it now"),
            (None, Lang::Vi) => {
                f.write_str("không có một đơn vị kế thừa toàn bộ, nên việc của đơn vị này do cấp trên ghi")
            }
            (None, Lang::En) => f.write_str("no one unit has all of it, so its superiors post for it"),
        }
    }
}

macro_rules! said_in_threes {
    ($($number:ident)*) => {$(
        impl Say for $number {
            fn say(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let separator = match lang { Lang::Vi => '.', Lang::En => ',' };
                let digits = self.to_string();
                for (i, digit) in digits.chars().enumerate() {
                    if i > 0 && (digits.len() - i) % 3 == 0 {
                        write!(f, "{separator}")?;
                    }
                    write!(f, "{digit}")?;
                }
                Ok(())
            }
        }
    )*};
}

said_in_threes! { u32 u64 usize }

macro_rules! said_as_written {
    ($($plain:ty)*) => {$(
        impl Say for $plain {
            fn say(&self, _: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }
    )*};
}

said_as_written! {
    String &'static str Position crate::UnitId crate::OrganisationId crate::AdmissionId crate::BatchId crate::QueryId
    crate::AccessId crate::PublicationId crate::SubjectId crate::ProgrammeKey crate::MeasureKey crate::PeriodKey crate::Kind
}
