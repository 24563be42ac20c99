//! Events as people name them, and what each says.

use domain::{Counted, Countee, Event, EventBody, OfWhich, Reason, TargetKey, UnitId, What, structure::Structure};

use super::Words;

/// What an event says, a line each.
pub(crate) fn event_details(words: Words, structure: &Structure, event: &Event) -> Vec<String> {
    let on = event.effective_on;
    let name = |unit: UnitId| structure.name_on(unit, on).unwrap_or_default().to_owned();
    let mut lines =
        case_details(words, &name, &event.body).unwrap_or_else(|| reference_details(words, &name, &event.body));
    let (takes, adds) = event.body.counts();
    lines.extend(takes.iter().map(|counted| counted_line(words, structure, true, counted)));
    lines.extend(adds.iter().map(|counted| counted_line(words, structure, false, counted)));
    lines
}

/// Of the structure, rules, programmes, periods and targets.
fn reference_details(words: Words, name: &impl Fn(UnitId) -> String, body: &EventBody) -> Vec<String> {
    match body {
        EventBody::LedgerOpened { name, demonstration, .. } => {
            let note = if *demonstration { words.t(" (số liệu minh họa)", " (demonstration)") } else { "" };
            vec![format!("{name}{note}")]
        }
        EventBody::LedgerSealed { successor } => vec![successor.clone()],
        EventBody::UnitCreated { kind, name, code, .. } => {
            let code = code.as_deref().map(|code| format!(", {code}")).unwrap_or_default();
            vec![format!("{name} ({}{code})", words.t(kind.vi(), kind.en()))]
        }
        EventBody::UnitRenamed { name, .. } => vec![name.clone()],
        EventBody::UnitCodeAssigned { unit, code } => {
            vec![format!("{}: {}", name(*unit), code.as_deref().unwrap_or("–"))]
        }
        EventBody::UnitReclassified { unit, kind } => {
            vec![format!("{}: {}", name(*unit), words.t(kind.vi(), kind.en()))]
        }
        EventBody::UnitParentSet { unit, edge, parent } => {
            let parent = parent.map_or_else(|| "–".to_owned(), name);
            vec![format!("{} → {parent} ({})", name(*unit), words.t(edge.vi(), edge.en()))]
        }
        EventBody::UnitEnded { unit } => vec![name(*unit)],
        EventBody::UnitSucceeded { unit, successor, how, extent, .. } => {
            let (how, extent) = (words.t(how.vi(), how.en()), words.t(extent.vi(), extent.en()));
            vec![format!("{} → {} ({how}, {extent})", name(*unit), name(*successor))]
        }
        EventBody::SuccessorWeighed { unit, successor, key, weight } => {
            vec![format!("{} → {} ({key}: {})", name(*unit), name(*successor), words.count(*weight))]
        }
        EventBody::RuleSet { rule } => {
            let kind = words.t(rule.kind.vi(), rule.kind.en());
            vec![format!("{kind}: ≥ {} ({})", words.count(rule.minimum), rule.source)]
        }
        EventBody::ProgrammeEstablished { name_vi, name_en, .. } => vec![words.t(name_vi, name_en).to_owned()],
        EventBody::MeasureDefined { measure, .. } => vec![words.t(&measure.name_vi, &measure.name_en).to_owned()],
        EventBody::PeriodOpened { period, first_day, last_day, .. } => {
            vec![format!("{period}: {} – {}", words.day(*first_day), words.day(*last_day))]
        }
        EventBody::ReportSubmitted { period, unit, up_to, nil, .. } => {
            let nothing = if *nil { words.t(" (không có gì để báo cáo)", " (nothing to report)") } else { "" };
            vec![format!("{period}, {}: {} {}{nothing}", name(*unit), words.t("đến", "up to"), words.day(*up_to))]
        }
        EventBody::ReportApproved { period, unit, .. } => vec![format!("{period}, {}", name(*unit))],
        EventBody::PeriodCutOff { period, number, valid, .. } => {
            vec![format!("{period}, {} {number}: {}", words.t("lần", "no."), words.day(*valid))]
        }
        EventBody::PeriodClosed { period, number, .. } => {
            vec![format!("{period}, {} {number}", words.t("lần", "no."))]
        }
        EventBody::ReopeningRequested { period, reason, until, .. } => {
            let reason = words.t(reason.vi(), reason.en());
            vec![format!("{period}, {} {}: {reason}", words.t("đến", "until"), words.day(*until))]
        }
        EventBody::PeriodReopened { period, until, .. } => {
            vec![format!("{period}, {} {}", words.t("đến", "until"), words.day(*until))]
        }
        EventBody::TargetAssigned { target, value, .. } | EventBody::TargetAdjusted { target, value } => {
            vec![format!("{}: {}", target_line(target, name), words.target(*value))]
        }
        EventBody::TargetWithdrawn { target } => vec![target_line(target, name)],
        EventBody::TargetCorrected { target, before, after, reason } => vec![
            format!("{}: {} → {}", target_line(target, name), words.target(*before), words.target(*after)),
            reason_line(words, *reason),
        ],
        _ => Vec::new(),
    }
}

/// Of cases, queries and grants; `None` for an event of reference data.
fn case_details(words: Words, name: &impl Fn(UnitId) -> String, body: &EventBody) -> Option<Vec<String>> {
    Some(match body {
        EventBody::OrganisationFounded { members, exception, .. }
        | EventBody::UnionRecognised { members, exception, .. } => {
            let mut lines = vec![format!("{} {}", words.count(*members), words.t("thành viên", "members"))];
            lines.extend(exception.as_ref().map(|exception| {
                let by = words.t("Ngoại lệ theo văn bản", "Exception by document");
                format!("{by} {}", words.document(&exception.document))
            }));
            lines
        }
        EventBody::OrganisationTypeChanged { before, after, .. } => {
            vec![format!("{} → {}", words.t(before.vi(), before.en()), words.t(after.vi(), after.en()))]
        }
        EventBody::MemberRecognised { decided_on, .. } => {
            vec![format!("{} {}", words.t("văn bản ngày", "document of"), words.day(*decided_on))]
        }
        EventBody::OrganisationDissolved { reason, .. } => vec![words.t(reason.vi(), reason.en()).to_owned()],
        EventBody::OrganisationCorrected { reason, .. }
        | EventBody::AdmissionCorrected { reason, .. }
        | EventBody::BatchCorrected { reason, .. } => vec![reason_line(words, *reason)],
        EventBody::OrganisationRevoked { scope, .. }
        | EventBody::AdmissionRevoked { scope, .. }
        | EventBody::BatchRevoked { scope, .. } => vec![words.t(scope.vi(), scope.en()).to_owned()],
        EventBody::QueryRaised { about, owner, question } => {
            let about = format!("{} {about}", words.t("bản ghi", "record"));
            vec![format!("{} · {about} · {}", words.t(question.vi(), question.en()), name(*owner))]
        }
        EventBody::QueryAnswered { answer, corrected_at } => {
            let at = corrected_at.map(|at| format!(" ({} {at})", words.t("bản ghi", "record"))).unwrap_or_default();
            vec![format!("{}{at}", words.t(answer.vi(), answer.en()))]
        }
        EventBody::FiguresPublished { outlet, title, place, sentences, .. } => {
            let place = place.as_deref().map(|place| format!(" · {place}")).unwrap_or_default();
            let count = words.count(i64::try_from(sentences.len()).unwrap_or(i64::MAX));
            vec![format!("{outlet}{place}"), title.clone(), format!("{count} {}", words.t("câu", "sentences"))]
        }
        EventBody::PublicationWithdrawn { reason } => vec![reason_line(words, *reason)],
        EventBody::AccessGranted { office, role, .. } => {
            vec![format!("{} · {}", name(*office), words.t(role.vi(), role.en()))]
        }
        _ => return None,
    })
}

fn target_line(target: &TargetKey, name: &impl Fn(UnitId) -> String) -> String {
    format!("{} · {} {}", name(target.holder), target.measure, target.period)
}

fn reason_line(words: Words, reason: Reason) -> String {
    words.t(reason.vi(), reason.en()).to_owned()
}

/// `+15 đảng viên · doanh nghiệp ngoài nhà nước · Quận ủy Lê Chân · 30/12/2022 · nữ 8`; of an end that is recorded `−1 … · giải thể`.
fn counted_line(words: Words, structure: &Structure, taken_back: bool, counted: &Counted) -> String {
    let of = match counted.countable.of {
        Countee::Organisation(kind) => words.t(kind.vi(), kind.en()),
        Countee::Member(membership) => words.t(membership.vi(), membership.en()),
    };
    let what = counted.countable.what;
    let sign = match more_or_less(what, taken_back) {
        Some(true) => "+",
        Some(false) => "−",
        None => "",
    };
    let host = counted.countable.host_kind;
    let unit = structure.name_on(counted.unit, counted.effective_on).unwrap_or_default();
    let mut line = format!(
        "{sign}{} {of} · {} · {unit} · {}",
        words.count(counted.n),
        words.t(host.vi(), host.en()),
        words.day(counted.effective_on)
    );
    if let Some(note) = counted_note(words, what, taken_back) {
        line += &format!(" · {note}");
    }
    line + &of_which(words, &counted.of_which)
}

/// Whether there is more of something by it, or less; `None` for what happens to those who are there already.
pub(crate) const fn more_or_less(what: What, taken_back: bool) -> Option<bool> {
    match what {
        What::Founded
        | What::Recognised
        | What::Registered
        | What::ReceivedFromOutside
        | What::TransferredIn
        | What::Admitted
        | What::Readmitted => Some(!taken_back),
        What::TransferredOut | What::Dissolved | What::RevokedFromDate => Some(taken_back),
        What::Received | What::MadeOfficial => None,
    }
}

/// What it is when it is neither a founding nor an admission, and whether it is taken back.
pub(crate) fn counted_note(words: Words, what: What, taken_back: bool) -> Option<String> {
    let note = match what {
        What::Founded | What::Recognised | What::Admitted => return None,
        What::Registered => words.t("chỉ tính hiện có", "stock only"),
        What::ReceivedFromOutside => words.t("tiếp nhận từ nơi khác", "received from outside"),
        What::Readmitted => words.t("kết nạp lại", "readmitted"),
        What::TransferredIn => words.t("chuyển đến", "transferred in"),
        What::TransferredOut => words.t("chuyển đi", "transferred out"),
        What::Dissolved => words.t("giải thể", "dissolved"),
        What::RevokedFromDate => words.t("hủy từ ngày này", "revoked from this day on"),
        What::Received => words.t("đã làm lễ", "ceremony held"),
        What::MadeOfficial => words.t("chính thức", "official"),
    };
    // A founding that is taken back is less of it, which the sign says.
    let says_so = taken_back && more_or_less(what, true) != Some(false);
    Some(if says_so { format!("{note} ({})", words.t("rút lại", "taken back")) } else { note.to_owned() })
}

fn of_which(words: Words, of_which: &OfWhich) -> String {
    of_which.iter().map(|(of, n)| format!(" · {} {}", words.t(of.vi(), of.en()), words.count(*n))).collect()
}
