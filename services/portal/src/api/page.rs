//! Paging: how many, after which, and a refusal of more than the limit.

use kit::Problem;
use utoipa::openapi::{
    OpenApi, RefOr,
    path::Operation,
    schema::{ObjectBuilder, Type},
};

use super::wrong_parameter;
use crate::Config;

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

/// Puts the range into every `limit` of the document, which the types of parameters do not tell.
pub(super) fn describe_limits(document: &mut OpenApi) {
    let max = Config::default().page_max;
    let schema = || {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(max))
            .default(Some(DEFAULT.into()))
    };
    let reads = document.paths.paths.values_mut().filter_map(|item| item.get.as_mut());
    let parameters = reads.flat_map(|read: &mut Operation| read.parameters.iter_mut().flatten());
    let written = parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    });
    for limit in written.filter(|parameter| parameter.name == "limit") {
        limit.schema = Some(schema().into());
        limit.description.get_or_insert_with(|| format!("1 to {max} on a page; {DEFAULT} unless given"));
    }
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
