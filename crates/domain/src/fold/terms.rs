//! What a version of a rule makes of the shapes of a partition, found once for what many of them share.

use super::{
    Stated,
    columns::Partition,
    scan::{Count, Sum},
    select::Rule,
};
use crate::{Trait, UnitId};

pub(super) struct Terms<'a> {
    partition: &'a Partition,
    shown: &'a [Trait],
    /// By code of the countable.
    signs: Vec<i64>,
    /// By code of the "of which": where in `shown` the traits stand that it states, and their numbers.
    stated: Vec<Vec<(usize, i64)>>,
}

/// What one unit adds up to.
#[derive(Clone, Copy, Debug, Default)]
struct OfUnit {
    n: i64,
    /// The number of the last fact that counted, if one did.
    last: Option<u32>,
}

/// The sign of every countable of a partition, by its code.
pub(super) fn signs(rule: &Rule<'_>, version: usize, partition: &Partition) -> Vec<i64> {
    partition.shapes.countables().iter().map(|countable| rule.sign(version, *countable)).collect()
}

impl<'a> Terms<'a> {
    pub(super) fn new(rule: &Rule<'a>, version: usize, partition: &'a Partition) -> Self {
        let shown = rule.shown(rule.versions()[version]);
        let place = |of: &Trait| shown.iter().position(|wanted| wanted == of);
        let of_code =
            partition.shapes.all_of_which().iter().map(|of_which| {
                of_which.iter().filter_map(|(of, count)| Some((place(of)?, i64::from(*count)))).collect()
            });
        Self { partition, shown, signs: signs(rule, version, partition), stated: of_code.collect() }
    }

    /// The sums of the shapes of one epoch by unit.
    pub(super) fn sums(&self, counts: &[Count]) -> Vec<(UnitId, Sum)> {
        let shapes = &self.partition.shapes;
        let mut of_units = vec![OfUnit::default(); shapes.units().len()];
        let mut stated: Vec<Option<Stated>> = vec![None; of_units.len() * self.shown.len()];
        for ((shape, shared), count) in shapes.all().iter().zip(shapes.shared()).zip(counts) {
            let sign = self.signs[shared.countable as usize];
            if count.facts == 0 || sign == 0 {
                continue;
            }
            let (unit, n, facts) = (shared.unit as usize, sign * shape.n, i64::from(count.facts));
            of_units[unit].n += n * facts;
            of_units[unit].last = of_units[unit].last.max(Some(count.last));
            for (place, number) in &self.stated[shape.of_which as usize] {
                let stated = stated[unit * self.shown.len() + place].get_or_insert_default();
                stated.n += n.signum() * facts * number;
                stated.stated += n * facts;
            }
        }
        let sum = |(unit, of): (usize, &OfUnit)| {
            let stated = &stated[unit * self.shown.len()..][..self.shown.len()];
            let of_which = self.shown.iter().zip(stated).filter_map(|(of, stated)| Some((*of, (*stated)?)));
            // Looked up once a unit: each lies somewhere else in memory. Of two facts the later has no earlier position.
            let position = self.partition.position(of.last? as usize);
            Some((shapes.units()[unit], Sum { n: of.n, of_which: of_which.collect(), position }))
        };
        of_units.iter().enumerate().filter_map(sum).collect()
    }
}
