//! Paging: how many, after which, and a refusal of more than the limit.

use kit::Problem;

use super::wrong_parameter;

/// What a page holds when no limit is asked for.
const DEFAULT: usize = 100;

/// Between 1 and `max`.
pub(crate) fn limit_of(asked: Option<usize>, max: usize) -> Result<usize, Problem> {
    let limit = asked.unwrap_or_else(|| DEFAULT.min(max));
    if (1..=max).contains(&limit) {
        return Ok(limit);
    }
    Err(wrong_parameter("limit", &format!("cần một số từ 1 đến {max}"), &format!("give a number from 1 to {max}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_limit_and_more_is_refused() {
        assert_eq!(limit_of(None, 1_000), Ok(100));
        assert_eq!(limit_of(Some(1_000), 1_000), Ok(1_000));
        for wrong in [0, 1_001] {
            assert_eq!(limit_of(Some(wrong), 1_000).unwrap_err().slug(), "invalid-query");
        }
    }
}
