mod sentences;
mod verdicts;
