//! Somebody printed figures: where, when, and the sentences that print them.

use serde::{Deserialize, Serialize};

use super::{Printed, Publication, person::names_a_person, printed::as_printed};
use crate::{
    Context, Document, Event, EventBody, Kind, PeriodKey, ProgrammeKey, PublicationId, Reference, Refusal, StreamId,
    claims::read_passages, guard, text::comparison_key,
};

const OUTLET_MAX_CHARS: u32 = 200;
const TITLE_MAX_BYTES: usize = 1_000;
const PLACE_MAX_CHARS: u32 = 500;
/// Most sentences of one publication.
pub const SENTENCES_MAX: usize = 200;
/// Most bytes of one sentence.
pub const SENTENCE_MAX_BYTES: usize = 2_048;
/// Most bytes of all sentences: about half of what a record can hold.
pub const SENTENCES_MAX_BYTES: usize = 32_768;

/// Records what was printed. It changes no figure; each claim is compared with the ledger as it was known when it was printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// The newspaper, page or report that printed it, never a person. 1 to 200 characters.
    pub outlet: String,
    /// As printed, without names of persons. 1 to 1,000 bytes. Outlet, day and title together name the publication.
    pub title: String,
    /// `{"on": "2023-01-03"}`, or `{"at": "2023-01-03T06:00:00Z"}` where the moment is known. Not in the future.
    pub printed: Printed,
    /// Its address, or its number and page. 1 to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What it is about; together with the period, or neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<ProgrammeKey>,
    /// What it is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodKey>,
    /// The sentences that print figures, exactly as printed, in their order; not the whole text, and without names of persons.
    /// 1 to 200, each at most 2,048 bytes, together at most 32,768. What belongs together ("…, trong đó …") is one of them.
    pub sentences: Vec<String>,
    /// The earlier edition that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<PublicationId>,
    /// The paper by which it was recorded, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

impl Publish {
    /// Its id, by which two clerks who mean the same thing meet: of outlet, local day and title, however they are spelled.
    pub fn publication(&self) -> PublicationId {
        let (outlet, title) = (comparison_key(&self.outlet), comparison_key(&self.title));
        let key = format!("{outlet}\n{}\n{title}", self.printed.day());
        PublicationId(StreamId::of_key(Kind::Publication, &key).id)
    }

    /// Once, unless it was withdrawn; printed by now, of a period that is there, with a claim that can be read.
    pub fn decide(&self, state: &Publication, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let publication = self.publication();
        if state.recorded_by.is_some() {
            return Err(Refusal::PublicationRecorded { publication });
        }
        if self.replaces == Some(publication) {
            return Err(Refusal::ReplacesItself);
        }
        guard::optional_paper(self.document.as_ref(), context)?;
        let outlet = guard::line_of_text(&self.outlet, OUTLET_MAX_CHARS, "/outlet")?;
        let place = self.place.as_deref().map(|place| guard::line_of_text(place, PLACE_MAX_CHARS, "/place"));
        self.check_time(context)?;
        self.check_period(reference)?;
        self.check_texts()?;
        let body = EventBody::FiguresPublished {
            outlet,
            title: self.title.clone(),
            printed: self.printed,
            place: place.transpose()?,
            programme: self.programme.clone(),
            period: self.period.clone(),
            sentences: self.sentences.clone(),
            replaces: self.replaces,
            office: context.actor.office,
        };
        Ok(vec![Event { effective_on: self.printed.day(), body }])
    }

    fn check_time(&self, context: &Context) -> Result<(), Refusal> {
        let (printed_on, today) = (self.printed.day(), context.today());
        let to_come = match self.printed {
            Printed::On(day) => day > today,
            Printed::At(at) => at > context.at,
        };
        let pointer = self.printed.pointer();
        if to_come { Err(Refusal::PrintedInFuture { printed_on, today, pointer }) } else { Ok(()) }
    }

    fn check_period(&self, reference: &Reference) -> Result<(), Refusal> {
        match (&self.programme, &self.period) {
            (Some(programme), Some(period)) => {
                guard::known_programme(reference, programme)?;
                guard::known_period(reference, programme, period).map(drop)
            }
            (None, None) => Ok(()),
            (None, Some(_)) => Err(Refusal::PublicationPeriodUnfit { pointer: "/programme" }),
            (Some(_), None) => Err(Refusal::PublicationPeriodUnfit { pointer: "/period" }),
        }
    }

    fn check_texts(&self) -> Result<(), Refusal> {
        as_printed(&self.title, TITLE_MAX_BYTES, || "/title".to_owned())?;
        let place = self.place.as_deref().unwrap_or_default();
        for (text, pointer) in [(self.outlet.as_str(), "/outlet"), (&self.title, "/title"), (place, "/place")] {
            if names_a_person(text) {
                return Err(Refusal::NamesAPerson { pointer: pointer.to_owned() });
            }
        }
        guard::list_fits(self.sentences.len(), 1, SENTENCES_MAX, "/sentences")?;
        for (i, sentence) in self.sentences.iter().enumerate() {
            let pointer = || format!("/sentences/{i}");
            as_printed(sentence, SENTENCE_MAX_BYTES, pointer)?;
            if !sentence.bytes().any(|b| b.is_ascii_digit()) {
                return Err(Refusal::SentenceWithoutFigure { pointer: pointer() });
            }
            if names_a_person(sentence) {
                return Err(Refusal::NamesAPerson { pointer: pointer() });
            }
        }
        let bytes = self.sentences.iter().map(String::len).sum();
        if bytes > SENTENCES_MAX_BYTES {
            return Err(Refusal::PrintedTextsTooLong { bytes, max: SENTENCES_MAX_BYTES });
        }
        let read = read_passages(&self.sentences).iter().any(|reading| !reading.claims.is_empty());
        if read { Ok(()) } else { Err(Refusal::NoClaimRead) }
    }
}
