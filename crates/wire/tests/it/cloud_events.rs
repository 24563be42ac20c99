//! A foreign reader gets one CloudEvent a record.

use domain::{Event, Record};
use wire::{ce_headers, ce_headers_from_body, ce_type, encode};

use crate::samples;

fn sample(name: &str) -> Record {
    samples::records().into_iter().find(|(found, _)| *found == name).unwrap().1
}

fn printed(ledger: &str, record: &Record) -> String {
    ce_headers(ledger, record).iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
}

#[test]
fn a_founding_is_one_cloud_event() {
    expect_test::expect![[r#"
        ce-specversion: 1.0
        ce-id: 018f0000-0000-7000-8000-0000000000c0
        ce-type: vn.socai.organisation-founded.v1
        ce-source: /socai/haiphong/organisation/018f0000-0000-7000-8000-000000000001
        ce-sequence: 00000000000000000003
        ce-recordedtime: 2022-03-02T01:02:03.456789Z
        ce-datacontenttype: application/protobuf
        ce-time: 2022-03-01T00:00:00+07:00
        ce-correlationid: 018f0000-0000-7000-8000-0000000000c1
        ce-causationid: 018f0000-0000-7000-8000-0000000000c2
    "#]]
    .assert_eq(&printed("haiphong", &sample("organisation-founded")));
}

#[test]
fn what_a_record_lacks_is_left_out() {
    let bare = Record { correlation: None, causation: None, ..sample("organisation-founded") };
    let names: Vec<_> = ce_headers("haiphong", &bare).into_iter().map(|(name, _)| name).collect();
    assert!(!names.contains(&"ce-correlationid") && !names.contains(&"ce-causationid"), "{names:?}");
}

#[test]
fn every_record_has_ascii_attributes_each_once_and_the_same_from_its_body() {
    for (name, record) in samples::records() {
        let headers = ce_headers("Hải Phòng", &record);
        assert!(headers.iter().all(|(_, value)| value.is_ascii() && !value.is_empty()), "{headers:?}");
        let names: std::collections::BTreeSet<_> = headers.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), headers.len(), "{name}");
        assert_eq!(ce_type(&record), format!("vn.socai.{name}.v1"));
        let body = encode(&record).unwrap();
        assert_eq!(ce_headers_from_body("Hải Phòng", &body), Ok(headers));
    }
}

#[test]
fn a_ledger_s_name_is_percent_encoded_in_the_source() {
    let record = sample("query-closed");
    let headers = ce_headers("Hải Phòng", &record);
    let source = &headers.iter().find(|(name, _)| *name == "ce-source").unwrap().1;
    assert_eq!(source, &format!("/socai/H%E1%BA%A3i%20Ph%C3%B2ng/{}", record.stream));
}

#[test]
fn several_kinds_of_event_on_the_structure_are_a_changed_structure() {
    let event = |name: &str| sample(name).events.remove(0);
    let with = |events: Vec<Event>| ce_type(&Record { events, ..sample("unit-created") });
    assert_eq!(with(vec![event("unit-created"), event("unit-created")]), "vn.socai.unit-created.v1");
    assert_eq!(with(vec![event("unit-created"), event("unit-parent-set")]), "vn.socai.structure-changed.v1");
}

#[test]
fn elsewhere_the_first_event_names_the_decision() {
    let mut record = sample("organisation-founded");
    record.events.extend(sample("founding-announced").events);
    assert_eq!(ce_type(&record), "vn.socai.organisation-founded.v1");
}
