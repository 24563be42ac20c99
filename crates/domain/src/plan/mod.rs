//! Targets: assigned, adjusted, withdrawn, corrected.

mod adjust_target;
mod assign_target;
mod correct_target;
mod holders;
#[cfg(test)]
mod samples;
mod scope;
mod target;
mod withdraw_target;

pub use adjust_target::*;
pub use assign_target::*;
pub use correct_target::*;
pub use holders::*;
pub use target::*;
pub use withdraw_target::*;

macro_rules! target_key {
    ($($command:ident)*) => {$(
        impl $command {
            /// The key of the target's stream.
            pub fn target(&self) -> crate::TargetKey {
                crate::TargetKey {
                    programme: self.programme.clone(),
                    measure: self.measure.clone(),
                    period: self.period.clone(),
                    holder: self.holder,
                    assigner: self.assigner,
                }
            }
        }
    )*};
}

target_key! { AssignTarget AdjustTarget WithdrawTarget CorrectTarget }
