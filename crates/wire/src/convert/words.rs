//! Words as numbers. The lists are the domain's; a number that is not on them is refused, 0 with it.

use domain::{
    Answer, Basis, DissolutionReason, Edge, Extent, HostKind, Kind, Membership, OrganisationKind, Question, Reason,
    ReopeningReason, RevocationScope, Role, Substance, SuccessionKind, Trait, UnitKind, What, programme::Flow,
};

use super::{
    field::{At, Decoded, Encoded, Field},
    scalars::varints,
};
use crate::codec::{Reader, Writer};

/// Declares words, required, optional and repeated.
macro_rules! words {
    ($($word:ident: $number:expr, $from_number:expr;)*) => {$(
        varints! {
            $word { |word| u64::from($number(word).unsigned_abs()), |at, n| word(at, n, $from_number) }
        }

        impl Field for Vec<$word> {
            fn write(&self, number: u32, to: &mut Writer) -> Encoded {
                to.packed(number, self.iter().map(|word| u64::from($number(*word).unsigned_abs())));
                Ok(())
            }

            fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self> {
                from.packed(at.number)?.into_iter().map(|n| word(at, n, $from_number)).collect()
            }
        }
    )*};
}

fn word<T>(at: At, n: u64, from_number: impl FnOnce(i32) -> Option<T>) -> Decoded<T> {
    i32::try_from(n).ok().and_then(from_number).ok_or_else(|| at.invalid("is not a word that this version knows"))
}

words! {
    Answer: Answer::number, Answer::from_number;
    Basis: Basis::number, Basis::from_number;
    DissolutionReason: DissolutionReason::number, DissolutionReason::from_number;
    Edge: Edge::number, Edge::from_number;
    Extent: Extent::number, Extent::from_number;
    Flow: flow_number, flow_from_number;
    HostKind: HostKind::number, HostKind::from_number;
    Kind: kind_number, kind_from_number;
    Membership: Membership::number, Membership::from_number;
    OrganisationKind: OrganisationKind::number, OrganisationKind::from_number;
    Question: Question::number, Question::from_number;
    Reason: Reason::number, Reason::from_number;
    ReopeningReason: ReopeningReason::number, ReopeningReason::from_number;
    RevocationScope: RevocationScope::number, RevocationScope::from_number;
    Role: Role::number, Role::from_number;
    Substance: Substance::number, Substance::from_number;
    SuccessionKind: SuccessionKind::number, SuccessionKind::from_number;
    Trait: Trait::number, Trait::from_number;
    UnitKind: UnitKind::number, UnitKind::from_number;
    What: What::number, What::from_number;
}

/// The number of a kind of stream on the wire. Once given, it never changes.
pub const fn kind_number(kind: Kind) -> i32 {
    match kind {
        Kind::Ledger => 1,
        Kind::Structure => 2,
        Kind::Rules => 3,
        Kind::Programme => 4,
        Kind::Period => 5,
        Kind::Target => 6,
        Kind::Organisation => 7,
        Kind::Admission => 8,
        Kind::Batch => 9,
        Kind::Query => 10,
        Kind::Access => 11,
        Kind::Publication => 12,
    }
}

/// The kind of stream of a number; `None` for one that this version does not know, and for 0.
pub fn kind_from_number(number: i32) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind_number(*kind) == number)
}

/// Once given, a number never changes.
const fn flow_number(flow: Flow) -> i32 {
    match flow {
        Flow::Gross => 1,
        Flow::Net => 2,
        Flow::Stock => 3,
    }
}

const fn flow_from_number(number: i32) -> Option<Flow> {
    match number {
        1 => Some(Flow::Gross),
        2 => Some(Flow::Net),
        3 => Some(Flow::Stock),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use prost::Message;
    use prost_types::FileDescriptorSet;

    use super::*;

    /// Every enum of `record.v1`: name without its prefix, in lower case, to number.
    fn stored_words() -> BTreeMap<String, BTreeMap<String, i32>> {
        let files = FileDescriptorSet::decode(crate::proto::FILE_DESCRIPTOR_SET).unwrap().file;
        let enums = files.into_iter().filter(|f| f.package() == "socai.record.v1").flat_map(|f| f.enum_type);
        let lower = |e: prost_types::EnumDescriptorProto| {
            let words = e.value.iter().map(|v| (v.name().to_lowercase(), v.number()));
            // All values share a prefix, which `unspecified`, of number 0, shows.
            let prefix = words.clone().find(|(_, n)| *n == 0).unwrap().0.replace("unspecified", "");
            let words = words.map(|(name, n)| (name.strip_prefix(&prefix).unwrap().to_owned(), n)).collect();
            (e.name().to_owned(), words)
        };
        enums.map(lower).collect()
    }

    fn words<T: Copy>(all: &[T], word: impl Fn(T) -> String, number: impl Fn(T) -> i32) -> BTreeMap<String, i32> {
        let unspecified = [("unspecified".to_owned(), 0)];
        all.iter().map(|w| (word(*w), number(*w))).chain(unspecified).collect()
    }

    fn json_word<T: serde::Serialize>(word: T) -> String {
        serde_json::to_value(word).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn stored_words_and_numbers_are_the_domains() {
        macro_rules! of_domain {
            ($($word:ident)*) => { [$((stringify!($word).to_owned(), words($word::ALL, json_word, $word::number)),)*] };
        }
        let mut of_domain = BTreeMap::from(of_domain! {
            Answer Basis DissolutionReason Edge Extent HostKind Membership OrganisationKind Question Reason ReopeningReason
            RevocationScope Role Substance SuccessionKind Trait UnitKind
        });
        of_domain.insert("What".into(), words(&What::ALL, json_word, What::number));
        of_domain.insert("StreamKind".into(), words(&Kind::ALL, json_word, kind_number));
        of_domain.insert("Flow".into(), words(&[Flow::Gross, Flow::Net, Flow::Stock], json_word, flow_number));
        assert_eq!(stored_words(), of_domain);
    }

    #[test]
    fn zero_is_no_word() {
        let at = At { number: 1, name: "Countable.what" };
        let refused: Decoded<What> = Field::read(at, &mut Reader::new("Countable", &[]));
        assert_eq!(refused, Err(at.invalid("is not a word that this version knows")));
    }
}
