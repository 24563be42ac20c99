//! Closed lists of words.

/// Declares a closed list of words: snake_case in JSON, a stable number on the wire, a Vietnamese and an English name for people.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal, $word:literal, $vi:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] #[cfg_attr(feature = "schema", schema(rename = $word))] $variant = $number,)*
        }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// The word as it stands in JSON.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// The number on the wire; 0 is never used. Once given, a number never changes.
            pub const fn number(self) -> i32 {
                match self { $($name::$variant => $number,)* }
            }

            pub const fn from_number(number: i32) -> Option<Self> {
                match number { $($number => Some($name::$variant),)* _ => None }
            }

            pub const fn vi(self) -> &'static str {
                match self { $($name::$variant => $vi,)* }
            }

            pub const fn en(self) -> &'static str {
                match self { $($name::$variant => $en,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;
            fn from_str(text: &str) -> Result<Self, $crate::UnknownWord> {
                Self::ALL.iter().copied().find(|w| w.word() == text).ok_or_else(|| $crate::UnknownWord(text.to_owned()))
            }
        }
    };
}

pub(crate) use words;
