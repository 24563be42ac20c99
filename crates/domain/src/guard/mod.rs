//! Checks that several use cases share: papers and text, days, units and who may post for them, numbers, eligibility.

mod administering;
mod corrections;
mod days;
mod eligibility;
mod lists;
mod numbers;
mod papers;
mod periods;
mod plans;
mod posting;
mod records;
mod units;

pub(crate) use administering::*;
pub(crate) use corrections::*;
pub(crate) use days::*;
pub(crate) use eligibility::*;
pub(crate) use lists::*;
pub(crate) use numbers::*;
pub(crate) use papers::*;
pub(crate) use periods::*;
pub(crate) use plans::*;
pub(crate) use posting::*;
pub(crate) use records::*;
pub(crate) use units::*;
