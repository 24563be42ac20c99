//! What is appended: an event of some 400 bytes, as a type for stores that encode themselves and as bytes for those that do not.

use serde::{Deserialize, Serialize};

/// A founding as an office posts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founded {
    pub name: String,
    pub kind: String,
    pub host: String,
    pub parent: String,
    pub decided_by: String,
    pub document: String,
    pub decided_on: String,
    pub effective_on: String,
    pub members: u32,
    pub basis: String,
}

/// The event that every append appends.
pub fn founded() -> Founded {
    Founded {
        name: "Chi bộ cơ sở Công ty cổ phần Thương mại Dịch vụ Hải An 0042".to_owned(),
        kind: "grassroots-cell".to_owned(),
        host: "private-enterprise".to_owned(),
        parent: "018f0000-0000-7000-8000-000000000001".to_owned(),
        decided_by: "018f0000-0000-7000-8000-000000000002".to_owned(),
        document: "128-QĐ/QU".to_owned(),
        decided_on: "2022-05-19".to_owned(),
        effective_on: "2022-06-01".to_owned(),
        members: 5,
        basis: "new".to_owned(),
    }
}

/// The same as JSON.
pub fn bytes(event: &Founded) -> Vec<u8> {
    serde_json::to_vec(event).expect("an event is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_some_400_bytes() {
        assert!((380..=420).contains(&bytes(&founded()).len()), "{}", bytes(&founded()).len());
    }
}
