mod sentences;
mod units;
mod verdicts;
