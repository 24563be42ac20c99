//! `POST /v1/commands`: a command a line, an answer a line, in order.
//!
//! Lines of one stream of the ledger keep their order, others run side by side. A command on reference data is a barrier: lines after it
//! see it. Answers wait in a queue that holds all of them, so that a client which writes everything before it reads is not stuck.

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
use futures::future::{Either, Ready, ready};
use kit::{Identity, Precondition, Problem, Receipt, decode, problem};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle},
};

use crate::{
    Intake,
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

/// A line as it is answered.
#[derive(Serialize)]
struct Answered {
    /// From 1.
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<CommandId>,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<Receipt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

#[derive(Serialize)]
struct End {
    end: bool,
    accepted: usize,
    refused: usize,
}

/// Lines whose answer has not left yet, in order.
#[derive(Default)]
struct UnderWay(VecDeque<Pending>);

struct Pending {
    line: usize,
    key: Option<CommandId>,
    answer: Either<JoinHandle<Answered>, Ready<Result<Answered, JoinError>>>,
}

impl UnderWay {
    fn len(&self) -> usize {
        self.0.len()
    }

    /// The answer to the first line, once it is there: later ones could not leave before it anyway. Safe to drop while it waits.
    async fn next(&mut self) -> Option<Answered> {
        let Pending { line, key, answer } = self.0.front_mut()?;
        let answer = answer.await.unwrap_or_else(|_| answered(*line, *key, Err(failed())));
        self.0.pop_front();
        Some(answer)
    }
}

/// A whole request being run.
struct Run {
    intake: Intake,
    identity: Identity,
    trace: Trace,
    answers: mpsc::Sender<Bytes>,
    under_way: UnderWay,
    /// For each stream of the ledger, when the line before it is through.
    turns: HashMap<StreamId, oneshot::Receiver<()>>,
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
        let limits = self.intake.inner.config;
        let mut number = 0;
        loop {
            let room = self.under_way.len() < limits.lines_in_flight;
            tokio::select! {
                Some(answered) = self.under_way.next() => self.answer(answered),
                line = lines.next(), if room => {
                    let Some(line) = line else { break };
                    number += 1;
                    if number > limits.lines_max {
                        self.refuse(number, None, too_many(limits.lines_max));
                        break;
                    }
                    self.take(number, line).await;
                }
            }
        }
        self.drain().await;
        let end = End { end: true, accepted: self.accepted, refused: self.refused };
        self.send(&end);
    }

    async fn take(&mut self, number: usize, line: Line) {
        let line = match line {
            Line::Whole(line) => line,
            Line::TooLong => return self.refuse(number, None, too_large(self.intake.inner.config.command_max_bytes)),
            Line::Unfinished => return self.refuse(number, None, unfinished()),
        };
        let (key, decoded) = match self.decode(&line) {
            Ok(decoded) => (decoded.key, decoded),
            Err((key, problem)) => return self.refuse(number, key, problem),
        };
        if decoded.command.row().kind.is_reference() {
            self.drain().await;
            // In force when it is answered: the executor waits for that.
            let answered = execute(self.intake.clone(), self.identity.clone(), number, decoded).await;
            self.answer(answered);
        } else {
            self.start(number, decoded.command.stream(key), decoded);
        }
    }

    /// Runs beside the others, after the line before it on the same stream.
    fn start(&mut self, number: usize, stream: StreamId, decoded: Decoded) {
        let (through, next) = oneshot::channel::<()>();
        let before = self.turns.insert(stream, next);
        let (intake, identity, key) = (self.intake.clone(), self.identity.clone(), decoded.key);
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                // It ends when the line before it is through, whether with an answer or not.
                before.await.unwrap_or_default();
            }
            let answered = execute(intake, identity, number, decoded).await;
            drop(through);
            answered
        });
        self.under_way.0.push_back(Pending { line: number, key: Some(key), answer: Either::Left(task) });
    }

    fn decode(&self, line: &[u8]) -> Result<Decoded, (Option<CommandId>, Problem)> {
        let sent: Sent<'_> = decode::value(line).map_err(|problem| (None, problem))?;
        let precondition = sent.if_match.map(Precondition::LastPosition);
        let command = decode::command(&sent.command, sent.data.get().as_bytes())
            .map_err(|problem| (Some(sent.key), under_data(problem)))?;
        Ok(Decoded { key: sent.key, command: Box::new(command), precondition, trace: self.trace.clone() })
    }

    async fn drain(&mut self) {
        while let Some(answered) = self.under_way.next().await {
            self.answer(answered);
        }
        self.turns.clear();
    }

    fn refuse(&mut self, line: usize, key: Option<CommandId>, problem: Problem) {
        // Behind those under way, so that answers keep the order of lines.
        let refused = answered(line, key, Err(problem));
        self.under_way.0.push_back(Pending { line, key, answer: Either::Right(ready(Ok(refused))) });
    }

    fn answer(&mut self, answered: Answered) {
        if answered.receipt.is_some() {
            self.accepted += 1;
        } else {
            self.refused += 1;
        }
        self.send(&answered);
    }

    fn send(&self, answer: &impl Serialize) {
        let mut line = serde_json::to_vec(answer).unwrap_or_default();
        line.push(b'\n');
        // There is room for all answers; it only fails when the client has gone, and then nobody waits for it.
        if self.answers.try_send(line.into()).is_err() {
            tracing::debug!("the client of a command stream has gone");
        }
    }
}

async fn execute(intake: Intake, identity: Identity, line: usize, decoded: Decoded) -> Answered {
    let key = decoded.key;
    answered(line, Some(key), intake.execute_line(&identity, decoded).await.map_err(under_data))
}

fn answered(line: usize, key: Option<CommandId>, outcome: Result<Receipt, Problem>) -> Answered {
    match outcome {
        Ok(receipt) => {
            let status = if receipt.replayed { 200 } else { 201 };
            Answered { line, key, status, receipt: Some(receipt), problem: None }
        }
        Err(problem) => Answered { line, key, status: problem.status, receipt: None, problem: Some(problem) },
    }
}

/// Pointers of a command's problems point into the line.
fn under_data(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        error.pointer.insert_str(0, "/data");
    }
    problem
}

fn unfinished() -> Problem {
    Problem::new(
        problem::INVALID_BODY,
        "Dòng cuối không có ký tự xuống dòng nên không được thực hiện; gửi lại cả tệp, dòng đã ghi sẽ không bị ghi hai lần.",
        "The last line has no newline, so it was not run; send the whole file again, lines already recorded are not recorded twice.",
    )
}

fn too_many(limit: usize) -> Problem {
    Problem::new(
        problem::TOO_LARGE,
        format!("Một lần gửi tối đa {limit} dòng; phần còn lại chưa được thực hiện, gửi thành lần khác."),
        format!("At most {limit} lines a request; the rest was not run, send it as another request."),
    )
}

fn failed() -> Problem {
    Problem::new(
        problem::INTERNAL,
        "Máy chủ gặp lỗi khi thực hiện dòng này; gửi lại với cùng khoá.",
        "The server failed on this line; send it again with the same key.",
    )
}
