//! `POST /v1/commands`: a command a line, an answer a line, in order.
//!
//! Lines of one stream of the ledger keep their order, others are executed together and side by side. A command on reference data is a
//! barrier: lines after it see it. Answers wait in a queue that holds all of them, so that a client which writes everything before it reads is not stuck.

use std::{
    borrow::Cow,
    collections::{HashMap, VecDeque},
};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{CommandId, Position, StreamId};
use futures::{
    FutureExt,
    future::{Either, Ready, Shared, ready},
};
use kit::{Identity, Precondition, Problem, decode};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle},
};

use crate::{
    Intake,
    answers::{Answers, End, answered, failed, too_many, under_data, unfinished, write_line},
    lines::{Line, Lines},
    single::{bearer, require_media_type, too_large, trace},
    submit::{Decoded, Trace},
};

const MEDIA_TYPE: &str = "application/x-ndjson";

pub(crate) async fn post(State(intake): State<Intake>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let identity = intake.identify(bearer(&headers))?;
    require_media_type(&headers, &[MEDIA_TYPE, "application/jsonl"])?;
    // Room for every answer, the refusal of a line too many, and the end.
    let (answers, queue) = mpsc::channel(intake.inner.config.lines_max + 2);
    let lines = Lines::new(body.into_data_stream(), intake.inner.config.command_max_bytes);
    // Not tied to the response: when the client goes away, what was taken is still answered to nobody, and recorded once.
    tokio::spawn(Run::new(intake, identity, trace(&headers), answers).run(lines));
    let body = futures::stream::unfold(queue, |mut queue| async move {
        let first: Bytes = queue.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(joined(first, &mut queue)), queue))
    });
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], Body::from_stream(body)).into_response())
}

/// Answers that are ready leave in one piece.
fn joined(first: Bytes, queue: &mut mpsc::Receiver<Bytes>) -> Bytes {
    const PIECE_BYTES: usize = 16 * 1_024;
    let mut piece = first.to_vec();
    while piece.len() < PIECE_BYTES
        && let Ok(next) = queue.try_recv()
    {
        piece.extend_from_slice(&next);
    }
    piece.into()
}

/// A line as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent<'line> {
    key: CommandId,
    command: Cow<'line, str>,
    #[serde(default)]
    if_match: Option<Position>,
    #[serde(borrow)]
    data: &'line RawValue,
}

/// The key of a line that has another fault, so that its sender knows whose answer it is.
fn key_of(line: &[u8]) -> Option<CommandId> {
    #[derive(Deserialize)]
    struct Keyed {
        key: CommandId,
    }
    serde_json::from_slice(line).ok().map(|Keyed { key }| key)
}

/// Most lines that are executed together.
const BATCH_MAX: usize = 32;

/// When the lines of a batch are through, with an answer or not.
type Through = Shared<oneshot::Receiver<()>>;

/// Lines that follow each other and do not wait for each other: decided and appended together.
struct Batch {
    lines: Vec<(usize, Decoded)>,
    /// What must be through before.
    after: Option<Through>,
    through: Through,
    /// Dropped when they are through.
    done: oneshot::Sender<()>,
}

impl Batch {
    fn new() -> Self {
        let (done, through) = oneshot::channel();
        Self { lines: Vec::new(), after: None, through: through.shared(), done }
    }

    async fn execute(self, intake: Intake, identity: Identity) -> Answers {
        if let Some(after) = self.after {
            // It ends when they are through, whether with an answer or not.
            after.await.unwrap_or_default();
        }
        let (names, decoded): (Vec<_>, Vec<_>) =
            self.lines.into_iter().map(|(line, decoded)| ((line, decoded.key), decoded)).unzip();
        let outcomes = intake.execute_lines(&identity, decoded).await;
        drop(self.done);
        let mut answers = Answers::default();
        for ((line, key), outcome) in names.into_iter().zip(outcomes) {
            answers.add(&answered(line, Some(key), outcome.map_err(under_data)));
        }
        answers
    }
}

/// Lines whose answer has not left yet, in order.
#[derive(Default)]
struct UnderWay {
    pending: VecDeque<Pending>,
    lines: usize,
}

struct Pending {
    lines: Vec<(usize, Option<CommandId>)>,
    answers: Either<JoinHandle<Answers>, Ready<Result<Answers, JoinError>>>,
}

impl UnderWay {
    fn push(&mut self, pending: Pending) {
        self.lines += pending.lines.len();
        self.pending.push_back(pending);
    }

    /// The answers to the first lines, once they are there: later ones could not leave before them anyway. Safe to drop while it waits.
    async fn next(&mut self) -> Option<Answers> {
        let Pending { lines, answers } = self.pending.front_mut()?;
        let answers = answers.await.unwrap_or_else(|_| {
            let mut answers = Answers::default();
            lines.iter().for_each(|(line, key)| answers.add(&answered(*line, *key, Err(failed()))));
            answers
        });
        self.lines -= lines.len();
        self.pending.pop_front();
        Some(answers)
    }
}

/// A whole request being run.
struct Run {
    intake: Intake,
    identity: Identity,
    trace: Trace,
    answers: mpsc::Sender<Bytes>,
    /// Lines so far that are not blank.
    taken: usize,
    /// Not started yet.
    batch: Batch,
    under_way: UnderWay,
    /// For each stream of the ledger, when the last line on it is through.
    turns: HashMap<StreamId, Through>,
    accepted: usize,
    refused: usize,
}

impl Run {
    fn new(intake: Intake, identity: Identity, trace: Trace, answers: mpsc::Sender<Bytes>) -> Self {
        Self {
            intake,
            identity,
            trace,
            answers,
            taken: 0,
            batch: Batch::new(),
            under_way: UnderWay::default(),
            turns: HashMap::new(),
            accepted: 0,
            refused: 0,
        }
    }

    async fn run<S, E>(mut self, mut lines: Lines<S>)
    where
        S: futures::Stream<Item = Result<Bytes, E>> + Unpin,
    {
        while self.taken <= self.intake.inner.config.lines_max {
            tokio::select! {
                Some(answers) = self.under_way.next() => self.answer(answers),
                line = lines.next(), if self.has_room() => {
                    let Some((number, line)) = line else { break };
                    self.take(number, line).await;
                    while self.has_room() && let Some((number, line)) = lines.ready() {
                        self.take(number, line).await;
                    }
                    self.start();
                }
            }
        }
        self.drain().await;
        let mut end = Vec::new();
        write_line(&mut end, &End { end: true, accepted: self.accepted, refused: self.refused });
        self.send(end);
    }

    fn has_room(&self) -> bool {
        let limits = self.intake.inner.config;
        self.under_way.lines + self.batch.lines.len() < limits.lines_in_flight && self.taken <= limits.lines_max
    }

    async fn take(&mut self, number: usize, line: Line) {
        self.taken += 1;
        let limits = self.intake.inner.config;
        if self.taken > limits.lines_max {
            return self.refuse(number, None, too_many(limits.lines_max));
        }
        let line = match line {
            Line::Whole(line) => line,
            Line::TooLong => return self.refuse(number, None, too_large(limits.command_max_bytes)),
            Line::Unfinished => return self.refuse(number, None, unfinished()),
        };
        let decoded = match self.decode(&line) {
            Ok(decoded) => decoded,
            Err((key, problem)) => return self.refuse(number, key, problem),
        };
        if decoded.command.row().kind.is_reference() {
            self.drain().await;
            self.add(number, decoded);
            // In force when it is answered: the executor waits for that.
            self.drain().await;
        } else {
            self.add(number, decoded);
        }
    }

    /// Runs beside the others, after the line before it on the same stream.
    fn add(&mut self, number: usize, decoded: Decoded) {
        let stream = decoded.command.stream(decoded.key);
        let before = self.turns.get(&stream).cloned().filter(|before| before.clone().now_or_never().is_none());
        let waits = before.is_some();
        if waits {
            self.start();
        }
        self.turns.insert(stream, self.batch.through.clone());
        self.batch.after = before;
        self.batch.lines.push((number, decoded));
        if waits || self.batch.lines.len() == BATCH_MAX {
            self.start();
        }
    }

    /// Starts what has been gathered.
    fn start(&mut self) {
        if self.batch.lines.is_empty() {
            return;
        }
        let batch = std::mem::replace(&mut self.batch, Batch::new());
        let lines = batch.lines.iter().map(|(line, decoded)| (*line, Some(decoded.key))).collect();
        let task = tokio::spawn(batch.execute(self.intake.clone(), self.identity.clone()));
        self.under_way.push(Pending { lines, answers: Either::Left(task) });
    }

    fn decode(&self, line: &[u8]) -> Result<Decoded, (Option<CommandId>, Problem)> {
        let sent: Sent<'_> = decode::value(line).map_err(|problem| (key_of(line), problem))?;
        let precondition = sent.if_match.map(Precondition::LastPosition);
        let command = decode::command_at("/data", &sent.command, sent.data.get().as_bytes())
            .map_err(|problem| (Some(sent.key), problem))?;
        Ok(Decoded { key: sent.key, command: Box::new(command), precondition, trace: self.trace.clone() })
    }

    async fn drain(&mut self) {
        self.start();
        while let Some(answers) = self.under_way.next().await {
            self.answer(answers);
        }
        self.turns.clear();
    }

    fn refuse(&mut self, line: usize, key: Option<CommandId>, problem: Problem) {
        // Behind those before it, so that answers keep the order of lines.
        self.start();
        let answers = Answers::of(&answered(line, key, Err(problem)));
        self.under_way.push(Pending { lines: vec![(line, key)], answers: Either::Right(ready(Ok(answers))) });
    }

    fn answer(&mut self, answers: Answers) {
        self.accepted += answers.accepted;
        self.refused += answers.refused;
        self.send(answers.text);
    }

    fn send(&self, text: Vec<u8>) {
        // There is room for all answers; it only fails when the client has gone, and then nobody waits for it.
        if self.answers.try_send(text.into()).is_err() {
            tracing::debug!("the client of a command stream has gone");
        }
    }
}
