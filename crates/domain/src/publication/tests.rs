use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::{Command, EventBody, LocalDate, PublicationId, Reason, Refusal, Role, StreamId, Timestamp, testing::*};

fn supervisor() -> Story {
    given().by(CITY, Role::Supervisor)
}

fn printed(sentences: &[&str]) -> Publish {
    Publish { sentences: sentences.iter().map(|text| (*text).to_owned()).collect(), ..publish() }
}

#[test]
fn what_was_printed_is_recorded_as_it_stands_and_counts_nothing() {
    let Publish { outlet, title, printed, place, programme, period, sentences, .. } = publish();
    let body = EventBody::FiguresPublished {
        outlet,
        title,
        printed,
        place,
        programme,
        period,
        sentences,
        replaces: None,
        office: CITY,
    };
    supervisor().when(publish()).records(body);
    supervisor().when(publish()).counts([]);
    supervisor().when(publish()).takes_effect_on("2022-12-30");
}

#[test]
fn supervisors_and_administrators_publish_and_withdraw() {
    let withdraw = WithdrawPublication { publication: publish().publication(), reason: Reason::Typo, document: None };
    for role in [Role::Office, Role::Auditor, Role::Viewer] {
        given().by(CITY, role).when(publish()).refuses_as("role-may-not");
        given().by(CITY, role).when(withdraw.clone()).refuses_as("role-may-not");
    }
    given().by(CITY, Role::Admin).has(publish()).when(withdraw).takes_effect_on("2022-12-31");
}

#[test]
fn outlet_day_and_title_name_it_however_they_are_spelled() {
    let of = |publish: Publish| publish.publication();
    let same = [
        Publish { title: "KẾT QUẢ  NĂM 2022".to_owned(), ..publish() },
        Publish { outlet: publish().outlet.nfd().collect(), ..publish() },
        Publish { printed: Printed::At("2022-12-30T02:00:00Z".parse().unwrap()), ..publish() },
        printed(&["Kết nạp 449/350 đảng viên."]),
    ];
    for publish in same {
        assert_eq!(of(publish), of(self::publish()));
    }
    let others = [
        Publish { title: "Kết quả năm 2023".to_owned(), ..publish() },
        Publish { outlet: "Báo mẫu".to_owned(), ..publish() },
        Publish { printed: Printed::At("2022-12-30T17:00:00Z".parse().unwrap()), ..publish() },
    ];
    for publish in others {
        assert_ne!(of(publish), of(self::publish()));
    }
    // Streams that are stored lie under it.
    assert_eq!(of(publish()).to_string(), "f687ee58-38f1-5e4f-a029-b283b8c13f81");
    let key = crate::CommandId(uuid::Uuid::nil());
    assert_eq!(Command::from(publish()).stream(key), StreamId::new(crate::Kind::Publication, of(publish()).0));
}

#[test]
fn a_publication_is_recorded_once_until_it_is_withdrawn() {
    let publication = publish().publication();
    let again = Publish { title: "kết quả năm 2022".to_owned(), ..publish() };
    let recorded = supervisor().has(publish());
    recorded.clone().when(again.clone()).refuses(Refusal::PublicationRecorded { publication });
    let withdraw = WithdrawPublication { publication, reason: Reason::Typo, document: None };
    recorded.clone().has(withdraw.clone()).when(again).takes_effect_on("2022-12-30");
    recorded.has(withdraw.clone()).when(withdraw).refuses(Refusal::PublicationUnknown { publication });
}

#[test]
fn who_recorded_it_or_stands_above_withdraws_it() {
    let publication = publish().publication();
    let withdraw = WithdrawPublication { publication, reason: Reason::Typo, document: None };
    let recorded = given().by(LE_CHAN, Role::Supervisor).has(publish());
    recorded.clone().by(CITY, Role::Supervisor).when(withdraw.clone()).takes_effect_on("2022-12-31");
    recorded.by(FEDERATION, Role::Supervisor).when(withdraw.clone()).refuses_as("not-your-unit");
    supervisor().when(withdraw.clone()).refuses(Refusal::PublicationUnknown { publication });
    let other = WithdrawPublication { reason: Reason::Other, ..withdraw };
    supervisor().has(publish()).when(other).refuses_as("reason-needs-document");
}

#[test]
fn nothing_is_printed_in_the_future() {
    let on = |day: &str| Publish { printed: Printed::On(self::day(day)), ..publish() };
    let at = |at: &str| Publish { printed: Printed::At(at.parse::<Timestamp>().unwrap()), ..publish() };
    let pointer = |publish: Publish| supervisor().decided(publish.into()).err().and_then(|refusal| refusal.pointer());
    // It is nine in the morning of 31 December.
    assert_eq!(pointer(on("2022-12-31")), None);
    assert_eq!(pointer(on("2023-01-01")).as_deref(), Some("/printed/on"));
    assert_eq!(pointer(at("2022-12-31T02:00:00Z")), None);
    assert_eq!(pointer(at("2022-12-31T02:00:00.000001Z")).as_deref(), Some("/printed/at"));
}

#[test]
fn only_sentences_with_figures_and_without_persons_are_taken() {
    let refused = |sentences: &[&str]| {
        let refusal = supervisor().decided(printed(sentences).into()).unwrap_err();
        (refusal.slug(), refusal.pointer().unwrap_or_default())
    };
    let claim = "Thành lập 47/42 tổ chức đảng.";
    let at = |slug, pointer: &str| (slug, pointer.to_owned());
    assert_eq!(refused(&[]), at("list-length-unfit", "/sentences"));
    assert_eq!(refused(&[claim; 201]), at("list-length-unfit", "/sentences"));
    assert_eq!(refused(&[claim, " "]), at("printed-text-unfit", "/sentences/1"));
    assert_eq!(refused(&[claim, "Thành lập 47\u{202e}/42."]), at("printed-text-unfit", "/sentences/1"));
    assert_eq!(refused(&[&format!("{claim}{}", "x".repeat(2_048))]), at("printed-text-unfit", "/sentences/0"));
    assert_eq!(refused(&[claim, "Hội nghị đánh giá cao kết quả."]), at("sentence-without-figure", "/sentences/1"));
    assert_eq!(refused(&[claim, "Ông Văn A nêu 47/42."]), at("names-a-person", "/sentences/1"));
    assert_eq!(refused(&["Hội nghị họp ngày 3/1/2023."]), at("no-claim-read", "/sentences"));
    let long = format!("{claim}{}", " Đạt 47/42.".repeat(100));
    assert_eq!(refused(&vec![long.as_str(); 40]), at("printed-texts-too-long", "/sentences"));
    let title = Publish { title: "Bà Thị B: đạt 47/42".to_owned(), ..publish() };
    supervisor().when(title).refuses_as("names-a-person");
    let outlet = Publish { outlet: String::new(), ..publish() };
    supervisor().when(outlet).refuses_as("text-unfit");
}

#[test]
fn programme_and_period_go_together_and_are_there() {
    let of = |programme: Option<&str>, period: Option<&str>| {
        let publish = Publish {
            programme: programme.map(|key| key.parse().unwrap()),
            period: period.map(|key| key.parse().unwrap()),
            ..publish()
        };
        let refusal = supervisor().decided(publish.into()).unwrap_err();
        (refusal.slug(), refusal.pointer().unwrap())
    };
    assert_eq!(of(Some("nq28"), None), ("publication-period-unfit", "/period".to_owned()));
    assert_eq!(of(None, Some("2022")), ("publication-period-unfit", "/programme".to_owned()));
    assert_eq!(of(Some("nq28"), Some("2022")), ("programme-unknown", "/programme".to_owned()));
}

#[test]
fn an_edition_does_not_replace_itself() {
    let itself = Publish { replaces: Some(publish().publication()), ..publish() };
    supervisor().when(itself).refuses(Refusal::ReplacesItself);
    let other = Publish { replaces: Some(PublicationId(uuid::Uuid::from_u128(7))), ..publish() };
    supervisor().when(other).takes_effect_on("2022-12-30");
}

/// A claim with whatever may stand around it: marks apart, spaces of all kinds, signs.
fn sentences() -> impl Strategy<Value = String> {
    let around = "[ \u{a0}\u{2009}\n\tb-dàảăđêơưĐ,;–“”\u{300}\u{301}\u{302}\u{323}\u{200b}]{0,24}";
    (around, 1..900_u32, 1..900_u32, around)
        .prop_map(|(before, a, b, after)| format!("{before} thành lập {a}/{b} tổ chức đảng {after}"))
}

proptest! {
    #![proptest_config(crate::properties::config())]

    #[test]
    fn sentences_come_back_byte_for_byte(sentences in proptest::collection::vec(sentences(), 1..6), apart: bool) {
        let given: Vec<String> =
            if apart { sentences.iter().map(|text| text.nfd().collect()).collect() } else { sentences };
        let publish = Publish { sentences: given.clone(), ..publish() };
        let events = supervisor().decided(publish.into()).unwrap();
        let EventBody::FiguresPublished { sentences: kept, .. } = &events[0].body else { panic!("not published") };
        prop_assert_eq!(kept, &given);
    }

    #[test]
    fn the_day_of_printing_is_the_one_by_which_it_was_known(days in -20_000..60_000_i32) {
        let day = LocalDate::from_days(days).unwrap();
        prop_assert_eq!(Printed::On(day).known_until().local_date(), day);
        prop_assert_eq!(Printed::On(day).known_until().plus_micros(1).local_date(), day.tomorrow());
    }
}
