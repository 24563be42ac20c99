//! Which facts a measure counts, and with which sign: what happened × by which date, host kind, basis, and the version that binds the case.

use crate::{
    Basis, Countable, Countee, HostKind, LocalDate, Trait, What,
    programme::{Flow, MeasureDefinition},
};

/// The versions of one measure, within the host kinds that its programme covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule<'a> {
    /// Ascending by first day.
    versions: Vec<&'a MeasureDefinition>,
    covered: &'a [HostKind],
}

impl<'a> Rule<'a> {
    /// `versions` are ascending by first day.
    pub(super) fn new(versions: Vec<&'a MeasureDefinition>, covered: &'a [HostKind]) -> Self {
        Self { versions, covered }
    }

    pub(super) fn versions(&self) -> &[&'a MeasureDefinition] {
        &self.versions
    }

    /// The number of the version in force on a day. A stock holds what is older than the measure, by its first version.
    pub(super) fn version_on(&self, day: LocalDate) -> Option<usize> {
        let stock = self.versions.first().is_some_and(|first| first.flow == Flow::Stock);
        let begun = self.versions.partition_point(|version| version.from <= day);
        begun.checked_sub(1).or_else(|| stock.then_some(0))
    }

    /// What one of `countable` adds under a version: 1, −1, or 0 when it is not counted.
    pub(super) fn sign(&self, version: usize, countable: Countable) -> i64 {
        let version = self.versions[version];
        if self.in_scope(version, countable) { sign(version, countable) } else { 0 }
    }

    /// Kind and host kind are those that the version names; a host kind that the programme does not cover gives no fact.
    pub(super) fn in_scope(&self, version: &MeasureDefinition, countable: Countable) -> bool {
        let named = match countable.of {
            Countee::Organisation(kind) => version.organisation_kinds.contains(&kind),
            Countee::Member(membership) => version.memberships.contains(&membership),
        };
        named && version.host_kinds.contains(&countable.host_kind) && self.covered.contains(&countable.host_kind)
    }

    /// The dimensions that a version shows: none where a version of the rule is net or a stock, which ledgers may hold from before that was refused.
    /// An end does not say what it takes, and of a difference the parts may be more than the whole.
    pub(super) fn shown(&self, version: &'a MeasureDefinition) -> &'a [Trait] {
        let gross = self.versions.iter().all(|version| version.flow == Flow::Gross);
        if gross { &version.of_which } else { &[] }
    }

    pub(super) fn has_stock(&self) -> bool {
        self.versions.iter().any(|version| version.flow == Flow::Stock)
    }

    /// Whether the day that chooses the version can be another than the fact's own, so that the fact's stream has to be asked.
    /// A ceremony is never the case's own day; an end is not either, nor are two versions that count by different happenings.
    pub(super) fn needs_cases(&self) -> bool {
        let by = |version: &&MeasureDefinition| version.by;
        let several = self.versions.len() > 1;
        let differ = self.versions.windows(2).any(|pair| pair[0].by != pair[1].by);
        let ends = self.versions.iter().any(|version| version.flow != Flow::Gross);
        self.versions.iter().any(|version| by(version) == What::Received) || several && (differ || ends)
    }
}

fn sign(version: &MeasureDefinition, countable: Countable) -> i64 {
    match version.flow {
        Flow::Gross => i64::from(countable.what == version.by && is_new(countable.basis)),
        Flow::Net => comings_and_goings(version.by, countable.what),
        Flow::Stock if countable.what == What::Registered => 1,
        Flow::Stock => comings_and_goings(version.by, countable.what),
    }
}

/// New ones and groupings count as founded; a split, a merger and a conversion only move what there is.
fn is_new(basis: Basis) -> bool {
    matches!(basis, Basis::New | Basis::Grouping)
}

/// A merger of A and B into C is two ends and one beginning; a split is one beginning; a transfer an end and a beginning elsewhere.
fn comings_and_goings(by: What, what: What) -> i64 {
    match what {
        What::ReceivedFromOutside | What::TransferredIn | What::Readmitted => 1,
        What::Dissolved | What::TransferredOut | What::RevokedFromDate => -1,
        What::Founded | What::Recognised | What::Admitted | What::Received | What::MadeOfficial => {
            i64::from(what == by)
        }
        What::Registered => 0,
    }
}
