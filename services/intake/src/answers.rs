//! How the lines of a stream of commands are answered.

use domain::CommandId;
use kit::{Problem, Receipt, problem};
use serde::Serialize;

/// A line as it is answered.
#[derive(Serialize)]
pub(crate) struct Answered {
    /// From 1; blank lines count.
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
pub(crate) struct End {
    pub(crate) end: bool,
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
}

/// Answers to some lines, as they leave.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
    pub(crate) text: Vec<u8>,
}

impl Answers {
    pub(crate) fn of(answered: &Answered) -> Self {
        let mut answers = Self::default();
        answers.add(answered);
        answers
    }

    pub(crate) fn add(&mut self, answered: &Answered) {
        if answered.receipt.is_some() {
            self.accepted += 1;
        } else {
            self.refused += 1;
        }
        write_line(&mut self.text, answered);
    }
}

pub(crate) fn write_line(text: &mut Vec<u8>, answer: &impl Serialize) {
    let whole = text.len();
    match serde_json::to_writer(&mut *text, answer) {
        Ok(()) => text.push(b'\n'),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written as JSON");
            text.truncate(whole);
        }
    }
}

pub(crate) fn answered(line: usize, key: Option<CommandId>, outcome: Result<Receipt, Problem>) -> Answered {
    match outcome {
        Ok(receipt) => {
            let status = if receipt.replayed { 200 } else { 201 };
            Answered { line, key, status, receipt: Some(receipt), problem: None }
        }
        Err(problem) => Answered { line, key, status: problem.status, receipt: None, problem: Some(problem) },
    }
}

/// Pointers of a command's problems point into the line.
pub(crate) fn under_data(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        error.pointer.insert_str(0, "/data");
    }
    problem
}

pub(crate) fn unfinished() -> Problem {
    Problem::new(
        problem::INVALID_BODY,
        "Dòng cuối không có ký tự xuống dòng nên có thể đã bị cụt và không được thực hiện; kết thúc mỗi dòng, kể cả dòng cuối, bằng ký tự xuống dòng rồi gửi lại cả tệp: dòng đã ghi sẽ không bị ghi hai lần.",
        "The last line has no newline, so it may have been cut and was not run; end each line, the last one too, with a newline and send the whole file again: lines already recorded are not recorded twice.",
    )
}

pub(crate) fn too_many(limit: usize) -> Problem {
    Problem::new(
        problem::TOO_LARGE,
        format!("Một lần gửi tối đa {limit} dòng; phần còn lại chưa được thực hiện, gửi thành lần khác."),
        format!("At most {limit} lines a request; the rest was not run, send it as another request."),
    )
}

pub(crate) fn failed() -> Problem {
    Problem::new(
        problem::INTERNAL,
        "Máy chủ gặp lỗi khi thực hiện dòng này; gửi lại với cùng khoá.",
        "The server failed on this line; send it again with the same key.",
    )
}
