//! What becomes of the rows of `table.rs`: the enum, its pages, pointers and sentences.

macro_rules! refusals {
    ([] $(
        $(#[$doc:meta])*
        $variant:ident $({ $($field:ident : $type:ty),* $(,)? })?
        $slug:literal $class:ident at $pointer:expr;
        vi $title_vi:literal | $wrong_vi:literal | $remedy_vi:literal;
        en $title_en:literal | $wrong_en:literal | $remedy_en:literal;
    )*) => {
        /// Each has a stable slug, a page in `docs/problems/`, and a sentence in both languages that says what to do.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($(#[$doc])* $variant $({ $($field: $type),* })?,)*
        }

        impl Refusal {
            /// Every kind of refusal, in the order of the table; the pages in `docs/problems/` are made from it.
            pub const SLUGS: &[RefusalPage] = &[$(RefusalPage {
                slug: $slug, class: RefusalClass::$class,
                title_vi: $title_vi, title_en: $title_en, remedy_vi: $remedy_vi, remedy_en: $remedy_en,
            },)*];

            /// What its page says.
            pub const fn page(&self) -> RefusalPage {
                match self {
                    $(Self::$variant $({ $($field: _),* })? => RefusalPage {
                        slug: $slug, class: RefusalClass::$class,
                        title_vi: $title_vi, title_en: $title_en, remedy_vi: $remedy_vi, remedy_en: $remedy_en,
                    },)*
                }
            }

            /// JSON Pointer of the offending field within the command's body, where one field is to blame.
            #[allow(unused_variables, reason = "most rows point at a fixed field")]
            pub fn pointer(&self) -> Option<String> {
                let pointer: Option<&str> = match self {
                    $(Self::$variant $({ $($field),* })? => $pointer,)*
                };
                pointer.map(str::to_owned)
            }

            /// What is wrong, with the numbers, days and names of this case.
            #[allow(unused_variables, reason = "not every field is said")]
            pub(super) fn wrong(&self, lang: Lang) -> String {
                match self {
                    $(Self::$variant $({ $($field),* })? => {
                        $($(let $field = Said(lang, $field);)*)?
                        match lang { Lang::Vi => format!($wrong_vi), Lang::En => format!($wrong_en) }
                    })*
                }
            }
        }
    };
}

pub(super) use refusals;
