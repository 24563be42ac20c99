//! One unit through time: what it was called, coded, classified as and joined to, from a day to a day.

use crate::{Edge, EventBody, LocalDate, Timeline, UnitId, UnitKind};

/// A unit: a Party committee, a labour federation, a youth body. Its id is its own; names and codes are reused by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub id: UnitId,
    /// Place in official lists, ascending.
    pub display_order: u32,
    pub first_day: LocalDate,
    /// First day without it.
    pub ended_on: Option<LocalDate>,
    pub names: Timeline<String>,
    pub codes: Timeline<Option<String>>,
    pub kinds: Timeline<UnitKind>,
    line: Timeline<Option<UnitId>>,
    led_by: Timeline<Option<UnitId>>,
}

impl Unit {
    pub(super) fn new(id: UnitId, display_order: u32, first_day: LocalDate) -> Self {
        Self {
            id,
            display_order,
            first_day,
            ended_on: None,
            names: Timeline::default(),
            codes: Timeline::default(),
            kinds: Timeline::default(),
            line: Timeline::default(),
            led_by: Timeline::default(),
        }
    }

    pub fn exists_on(&self, day: LocalDate) -> bool {
        self.first_day <= day && self.ended_on.is_none_or(|end| day < end)
    }

    /// Its name on a day; before its first day the first name, after its end the last.
    pub fn name_on(&self, day: LocalDate) -> &str {
        self.names.at(day).or_else(|| self.names.first()).map_or("", String::as_str)
    }

    /// Its official code on a day, if it has one; after its end the last.
    pub fn code_on(&self, day: LocalDate) -> Option<&str> {
        self.codes.at(day)?.as_deref()
    }

    /// What it is on a day; before its first day the first kind, after its end the last.
    pub fn kind_on(&self, day: LocalDate) -> Option<UnitKind> {
        self.kinds.at(day).or_else(|| self.kinds.first()).copied()
    }

    /// Its parent of a kind on a day; none while it does not exist.
    pub fn parent_on(&self, edge: Edge, day: LocalDate) -> Option<UnitId> {
        if self.exists_on(day) { self.parents(edge).at(day).copied().flatten() } else { None }
    }

    /// Its parents of a kind, each from a day on.
    pub fn parents(&self, edge: Edge) -> &Timeline<Option<UnitId>> {
        match edge {
            Edge::Line => &self.line,
            Edge::LedBy => &self.led_by,
        }
    }

    /// Whether it stands under `parent`, along either kind of edge, on `from` or later.
    pub(super) fn stands_under(&self, parent: UnitId, from: LocalDate) -> bool {
        self.superiors_from(from).any(|(_, above)| above == parent)
    }

    /// Whom it stands under on `from` or later, along which kind of edge.
    pub(super) fn superiors_from(&self, from: LocalDate) -> impl Iterator<Item = (Edge, UnitId)> {
        let lasts = move |until: Option<LocalDate>| until.is_none_or(|end| end > from);
        let edges = Edge::ALL.iter().filter(move |_| lasts(self.ended_on));
        let spans = edges.flat_map(|edge| self.parents(*edge).spans().map(move |span| (*edge, span)));
        spans.filter(move |(_, span)| lasts(span.until)).filter_map(|(edge, span)| Some((edge, (*span.value)?)))
    }

    /// The first day from `from` on, and before `until`, on which it has a code; and the first day without it.
    pub(super) fn has_code(
        &self,
        code: &str,
        from: LocalDate,
        until: Option<LocalDate>,
    ) -> Option<(LocalDate, Option<LocalDate>)> {
        let spans = self.codes.spans().filter(|span| span.value.as_deref() == Some(code));
        spans.map(|span| (span.from.max(from), earlier(span.until, self.ended_on))).find(|(begins, ends)| {
            let before = |end: &Option<LocalDate>| end.is_none_or(|end| *begins < end);
            before(ends) && before(&until)
        })
    }

    /// The last day on which something of it began.
    pub(super) fn last_change(&self) -> Option<LocalDate> {
        let texts = self.names.last_from().max(self.codes.last_from()).max(self.kinds.last_from());
        texts.max(self.line.last_from()).max(self.led_by.last_from())
    }

    pub(super) fn evolve(&mut self, from: LocalDate, body: &EventBody) {
        match body {
            EventBody::UnitCreated { kind, name, code, .. } => {
                self.kinds.set(from, *kind);
                self.names.set(from, name.clone());
                self.codes.set(from, code.clone());
            }
            EventBody::UnitRenamed { name, .. } => self.names.set(from, name.clone()),
            EventBody::UnitCodeAssigned { code, .. } => self.codes.set(from, code.clone()),
            EventBody::UnitReclassified { kind, .. } => self.kinds.set(from, *kind),
            EventBody::UnitParentSet { edge: Edge::Line, parent, .. } => self.line.set(from, *parent),
            EventBody::UnitParentSet { edge: Edge::LedBy, parent, .. } => self.led_by.set(from, *parent),
            EventBody::UnitEnded { .. } => self.ended_on = Some(from),
            _ => {}
        }
    }
}

/// Of two ends; `None` is none.
pub(super) fn earlier(one: Option<LocalDate>, other: Option<LocalDate>) -> Option<LocalDate> {
    one.into_iter().chain(other).min()
}
