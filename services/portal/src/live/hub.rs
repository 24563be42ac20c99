//! Periods that somebody watches. Each is computed once per change, and the same bytes go to all who see the same units.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{
    LocalDate, Position,
    fold::{PeriodTally, TallyQuery},
};
use kit::{Problem, execution, problem};
use parking_lot::Mutex;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::event::{Event, EventId};
use crate::{
    Config, Portal,
    answers::{PeriodOf, Point},
    scope::Scope,
};

/// A reader farther behind gets a new snapshot instead of a difference.
const RESUME_MAX: u64 = 100_000;
const REACH_POLL: Duration = Duration::from_millis(20);

/// What is watched: a period, by those who see the same units.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Topic {
    pub(crate) of: PeriodOf,
    pub(crate) scope: Scope,
}

/// What a subscriber is sent.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    Changed(Arc<Event>),
    /// A moment at which it is also checked that the subscriber may still look.
    Heartbeat(Arc<Event>),
}

pub(crate) struct Hub {
    config: Config,
    /// `None` once nobody brings them forward any more: who came in then would wait for ever, and the server for them.
    topics: Mutex<Option<BTreeMap<Topic, Arc<Watched>>>>,
    subscribers: AtomicUsize,
    followers: AtomicUsize,
    closed: CancellationToken,
}

struct Watched {
    sender: broadcast::Sender<Message>,
    /// What all subscribers have by now. A message is sent while it is held, so that who subscribes misses none.
    state: Mutex<State>,
}

#[derive(Clone)]
struct State {
    id: EventId,
    /// Where all subscribers are told that they are. Behind `id` when nothing of the period has changed since.
    told: Position,
    tally: Arc<PeriodTally>,
}

/// One open subscription; counted until dropped.
pub(crate) struct Subscription {
    /// Taken by whoever sends it: it is the largest of all, and not kept for as long as the subscription lasts.
    pub(crate) first: Option<Arc<Event>>,
    pub(crate) messages: broadcast::Receiver<Message>,
    _counted: Option<Counted>,
}

#[cfg(test)]
impl Subscription {
    pub(crate) fn uncounted(first: Arc<Event>, messages: broadcast::Receiver<Message>) -> Self {
        Self { first: Some(first), messages, _counted: None }
    }
}

/// Who holds a stream open.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holder {
    /// Of a period that is watched.
    Subscriber,
    /// Of the ledger.
    Follower,
}

/// A place among those who hold a stream open, until dropped.
pub(crate) struct Counted {
    hub: Arc<Hub>,
    holder: Holder,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let (count, gauge, _) = self.hub.places(self.holder);
        measure(gauge, count.fetch_sub(1, Ordering::AcqRel) - 1);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand at most")]
fn measure(gauge: &'static str, holders: usize) {
    metrics::gauge!(gauge).set(holders as f64);
}

impl Hub {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            topics: Mutex::new(Some(BTreeMap::new())),
            subscribers: AtomicUsize::new(0),
            followers: AtomicUsize::new(0),
            closed: CancellationToken::new(),
        }
    }

    /// How many there are, under which name they are measured, and how many there may be.
    fn places(&self, holder: Holder) -> (&AtomicUsize, &'static str, usize) {
        match holder {
            Holder::Subscriber => (&self.subscribers, "socai_live_subscribers", self.config.subscribers_max),
            Holder::Follower => (&self.followers, "socai_ledger_followers", self.config.followers_max),
        }
    }

    pub(crate) fn count_in(self: &Arc<Self>, holder: Holder) -> Result<Counted, Problem> {
        let (count, gauge, most) = self.places(holder);
        let before = count.fetch_add(1, Ordering::AcqRel);
        if before >= most {
            count.fetch_sub(1, Ordering::AcqRel);
            let full = Problem::new(
                problem::UNAVAILABLE,
                "Đang có quá nhiều người theo dõi trực tiếp; thử lại sau.",
                "Too many are watching live; try again later.",
            );
            return Err(full.retry_after(Duration::from_secs(10)));
        }
        measure(gauge, before + 1);
        Ok(Counted { hub: self.clone(), holder })
    }

    /// Cancelled when every stream is to end, since the process stops.
    pub(crate) fn closed(&self) -> CancellationToken {
        self.closed.clone()
    }

    /// Topics that somebody watches; the others are forgotten.
    fn watched(&self) -> Vec<(Topic, Arc<Watched>)> {
        let mut topics = self.topics.lock();
        let Some(topics) = topics.as_mut() else { return Vec::new() };
        topics.retain(|_, watched| watched.sender.receiver_count() > 0 || Arc::strong_count(watched) > 1);
        topics.iter().map(|(topic, watched)| (topic.clone(), watched.clone())).collect()
    }

    /// What is watched already, or `begun` if nothing is.
    fn enter(&self, topic: Topic, begun: Option<Arc<Watched>>) -> Result<Option<Arc<Watched>>, Problem> {
        let mut topics = self.topics.lock();
        let topics = topics.as_mut().ok_or_else(execution::not_ready)?;
        Ok(match begun {
            Some(begun) => Some(topics.entry(topic).or_insert(begun).clone()),
            None => topics.get(&topic).cloned(),
        })
    }

    /// Ends every subscription, and lets nobody in any more.
    pub(super) fn close(&self) {
        self.topics.lock().take();
        self.closed.cancel();
    }
}

impl Portal {
    /// Begins to watch. The first event is a snapshot, or what changed since `last`.
    pub(crate) async fn subscribe(&self, topic: Topic, last: Option<EventId>) -> Result<Subscription, Problem> {
        self.stands()?;
        let counted = self.hub.count_in(Holder::Subscriber)?;
        let watched = self.watched(&topic).await?;
        if let Some(last) = last {
            self.reach(&watched, last.position).await?;
        }
        let (messages, state) = {
            let state = watched.state.lock();
            (watched.sender.subscribe(), state.clone())
        };
        let first = Some(self.first(&topic, &state, last).await?);
        Ok(Subscription { first, messages, _counted: Some(counted) })
    }

    /// Who comes from another portal may have seen more than this one has: they wait until it has seen as much, a bounded time. A position that
    /// the ledger has not come to even then is of one that has lost its end.
    ///
    /// # Errors
    /// `view-behind` when this portal has not seen as much by then, or cannot ask how far the ledger is: nobody is told what was before what
    /// they have seen.
    async fn reach(&self, watched: &Watched, position: Position) -> Result<(), Problem> {
        let seen = || watched.state.lock().id.position;
        let begun = Instant::now();
        while seen() < position {
            if begun.elapsed() < self.config.min_position_wait {
                tokio::time::sleep(REACH_POLL).await;
                continue;
            }
            return match self.deps.journal.tip().await {
                Ok(tip) if tip < position => Ok(()),
                Ok(_) | Err(_) => Err(self.facts_behind(position, seen())),
            };
        }
        Ok(())
    }

    async fn first(&self, topic: &Topic, now: &State, last: Option<EventId>) -> Result<Arc<Event>, Problem> {
        let resumable = |last: &EventId| {
            let behind = now.id.position.0.checked_sub(last.position.0);
            last.fold_version == now.id.fold_version && behind.is_some_and(|behind| behind <= RESUME_MAX)
        };
        let Some(last) = last.filter(resumable) else { return Ok(Event::snapshot(now.id, &now.tally)) };
        // What they have seen may be of a ledger that has lost its end, and has another by now.
        if self.name_of(last.position).await? != last.record {
            return Ok(Event::snapshot(now.id, &now.tally));
        }
        match self.state(topic, last.position, last.judged_on).await {
            Ok(then) => {
                Ok(Event::cells(now.id, last.position, &then.tally, &now.tally)
                    .unwrap_or_else(|| Event::position(now.id)))
            }
            // The period was not open yet at that position.
            Err(problem) if problem.status == problem::NOT_FOUND.status => Ok(Event::snapshot(now.id, &now.tally)),
            Err(problem) => Err(problem),
        }
    }

    async fn watched(&self, topic: &Topic) -> Result<Arc<Watched>, Problem> {
        if let Some(watched) = self.hub.enter(topic.clone(), None)? {
            return Ok(watched);
        }
        let position = self.known_here(self.reached()?).await;
        let state = self.state(topic, position, self.today()).await?;
        let (sender, _) = broadcast::channel(self.hub.config.subscriber_backlog);
        let watched = Arc::new(Watched { sender, state: Mutex::new(state) });
        Ok(self.hub.enter(topic.clone(), Some(watched.clone()))?.unwrap_or(watched))
    }

    /// A topic as of a position, judged on a day.
    async fn state(&self, topic: &Topic, position: Position, judged_on: LocalDate) -> Result<State, Problem> {
        let PeriodOf { programme, period } = topic.of.clone();
        let reference = self.reference_at(position).await?;
        // As whoever asks for the tally is answered: as of the period's last day once it is over, with the names of then.
        let valid = reference.period(&programme, &period).map_or(judged_on, |opened| opened.nearest(judged_on));
        let query = TallyQuery { programme, period, valid, judged_on, known: Some(position) };
        let point = Point::new(query, reference);
        // As of the position in this as well, so that every portal tells the same.
        let mut tally = self.tally_in(&point, &topic.scope, &point.reference.structure)?;
        let noted = self.noted(position).await?;
        tally.as_of.known_at = noted.map(|noted| noted.at);
        let tally = Arc::new(tally);
        let fold_version = self.deps.tallies.fold_version();
        let record = noted.map(|noted| noted.name).unwrap_or_default();
        Ok(State { id: EventId { fold_version, judged_on, position, record }, told: position, tally })
    }

    /// Brings everything that is watched to a position and a day.
    pub(super) async fn advance_all(&self, position: Position, judged_on: LocalDate) {
        for (topic, watched) in self.hub.watched() {
            if let Err(problem) = self.advance(&topic, &watched, position, judged_on).await {
                tracing::warn!(problem = problem.slug(), %position, "a watched period could not be computed");
            }
        }
    }

    async fn advance(
        &self,
        topic: &Topic,
        watched: &Watched,
        position: Position,
        judged_on: LocalDate,
    ) -> Result<(), Problem> {
        let from = watched.state.lock().id;
        if from.position >= position && from.judged_on == judged_on {
            return Ok(());
        }
        let mut next = self.state(topic, position.max(from.position), judged_on).await?;
        let mut state = watched.state.lock();
        match Event::cells(next.id, state.told, &state.tally, &next.tally) {
            // Nobody may be listening any more.
            Some(event) => drop(watched.sender.send(Message::Changed(event))),
            None => next.told = state.told,
        }
        *state = next;
        Ok(())
    }

    pub(super) fn beat_all(&self) {
        let rests = self.deps.live.rests().is_some();
        for (_, watched) in self.hub.watched() {
            let mut state = watched.state.lock();
            state.told = state.id.position;
            let _ = watched.sender.send(Message::Heartbeat(Event::heartbeat(state.id, rests)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever comes in while the server stops is told so; waiting for ever, they would keep it from stopping.
    #[test]
    fn nobody_comes_in_once_it_is_closed() {
        let hub = Hub::new(Config::default());
        let of = PeriodOf { programme: "nq28".parse().unwrap(), period: "2022".parse().unwrap() };
        let topic = Topic { of, scope: Scope::All };
        assert!(hub.enter(topic.clone(), None).unwrap().is_none());
        hub.close();
        let refused = hub.enter(topic, None).err().unwrap();
        assert_eq!((refused.status, refused.retry_after.is_some()), (503, true));
        assert!(hub.watched().is_empty());
    }
}
