//! A fact as a plain row, for the unsealed tail: whole numbers, texts and bytes that any SQL store keeps.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Fact, Facts, PartitionYear,
    columns::{Partition, SEGMENT_FACTS},
};
use crate::{
    Basis, Countable, Countee, HostKind, LocalDate, Membership, OfWhich, OrganisationKind, Position, Trait, UnitId,
    What,
};

/// One fact and its number. All numbers are those of the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactRow {
    /// Year of the fact's day.
    pub partition: i64,
    /// From 0 within the partition, in (position, index in the record) order.
    pub number: i64,
    pub position: i64,
    /// `kind/uuid`.
    pub stream: String,
    /// Days since 1970-01-01.
    pub effective_on: i64,
    /// 16 bytes.
    pub unit: Vec<u8>,
    /// Signed.
    pub n: i64,
    pub what: i64,
    /// `OrganisationKind`, or 0 when a membership counts.
    pub organisation_kind: i64,
    /// `Membership`, or 0 when an organisation counts.
    pub membership: i64,
    pub host_kind: i64,
    pub basis: i64,
    /// `women:8,worker:3`, in the order of [`Trait`]; empty when nothing is stated.
    pub of_which: String,
    pub place: Option<String>,
}

/// A row that says something no fact can say, or not what comes next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {number} of partition {partition} is not a fact that can follow: {what}")]
pub struct RowError {
    pub partition: i64,
    pub number: i64,
    pub what: &'static str,
}

impl Facts {
    /// Facts of a year from number `from` on, as rows.
    pub fn rows_from(&self, year: PartitionYear, from: u64) -> impl Iterator<Item = FactRow> + '_ {
        (from..).zip(self.iter_from(year, from)).map(move |(number, fact)| FactRow::of(year, number, &fact))
    }

    /// The rows that no sealed segment holds yet.
    pub fn tail(&self, year: PartitionYear) -> impl Iterator<Item = FactRow> + '_ {
        self.rows_from(year, self.sealed_segments(year) * SEGMENT_FACTS as u64)
    }

    /// Sealed segments of a year: they are numbered from 0 to this, exclusive.
    pub fn sealed_segments(&self, year: PartitionYear) -> u64 {
        self.partitions.get(&year).map_or(0, |partition| partition.sealed() as u64)
    }

    /// Takes a row back.
    ///
    /// # Errors
    /// When its numbers are no words, or its number is not the next of its partition.
    pub fn push_row(&mut self, row: &FactRow) -> Result<(), RowError> {
        let wrong = |what| RowError { partition: row.partition, number: row.number, what };
        let fact = row.fact().ok_or_else(|| wrong("a number is out of range"))?;
        if i64::from(fact.effective_on.year()) != row.partition {
            return Err(wrong("its day is of another year"));
        }
        let next = self.len(fact.effective_on.year());
        if u64::try_from(row.number) != Ok(next) {
            return Err(wrong("it is not the next"));
        }
        if self.partitions.get(&fact.effective_on.year()).and_then(Partition::last_position) > Some(fact.position) {
            return Err(wrong("its position is before that of the last one"));
        }
        self.push(&fact);
        Ok(())
    }
}

impl FactRow {
    #[expect(clippy::cast_possible_wrap, reason = "2^63 records and facts do not exist")]
    fn of(year: PartitionYear, number: u64, fact: &Fact) -> Self {
        let (organisation_kind, membership) = match fact.countable.of {
            Countee::Organisation(kind) => (kind.number(), 0),
            Countee::Member(membership) => (0, membership.number()),
        };
        Self {
            partition: year.into(),
            number: number as i64,
            position: fact.position.0 as i64,
            stream: fact.stream.to_string(),
            effective_on: fact.effective_on.to_days().into(),
            unit: fact.unit.0.as_bytes().to_vec(),
            n: fact.n,
            what: fact.countable.what.number().into(),
            organisation_kind: organisation_kind.into(),
            membership: membership.into(),
            host_kind: fact.countable.host_kind.number().into(),
            basis: fact.countable.basis.number().into(),
            of_which: written(&fact.of_which),
            place: fact.place.clone(),
        }
    }

    fn fact(&self) -> Option<Fact> {
        let narrow = |n: i64| i32::try_from(n).ok();
        let of = if self.membership == 0 {
            Countee::Organisation(OrganisationKind::from_number(narrow(self.organisation_kind)?)?)
        } else {
            Countee::Member(Membership::from_number(narrow(self.membership)?)?)
        };
        Some(Fact {
            position: Position(u64::try_from(self.position).ok()?),
            stream: self.stream.parse().ok()?,
            effective_on: LocalDate::from_days(narrow(self.effective_on)?)?,
            unit: UnitId(Uuid::from_slice(&self.unit).ok()?),
            countable: Countable {
                what: What::from_number(narrow(self.what)?)?,
                of,
                host_kind: HostKind::from_number(narrow(self.host_kind)?)?,
                basis: Basis::from_number(narrow(self.basis)?)?,
            },
            n: self.n,
            of_which: read(&self.of_which)?,
            place: self.place.clone(),
        })
    }
}

fn written(of_which: &OfWhich) -> String {
    of_which.iter().map(|(of, n)| format!("{of}:{n}")).collect::<Vec<_>>().join(",")
}

fn read(text: &str) -> Option<OfWhich> {
    let pair = |pair: &str| -> Option<(Trait, u32)> {
        let (of, n) = pair.split_once(':')?;
        Some((of.parse().ok()?, n.parse().ok()?))
    };
    text.split(',').filter(|part| !part.is_empty()).map(pair).collect()
}
