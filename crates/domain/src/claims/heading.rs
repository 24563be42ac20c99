//! Of whom lines tell that stand apart: under a heading, or in a list that goes on.

use super::{
    mark::{Sentence, marks},
    scope::{Scope, Speaks},
    token::{Kind, Token},
};

/// Tokens of a heading.
const WITHIN: usize = 30;

/// Whether a sentence ends in a colon or in the sign of a list, whatever lines follow.
pub(super) fn goes_on(tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|last| matches!(last.kind, Kind::Colon | Kind::Semicolon | Kind::Comma))
}

/// Of whom what follows is, when this line is a heading that says so: a unit, the whole, or nobody at the head of a chapter.
/// A title that stands `alone` over an empty line may have figures of its own.
pub(super) fn heads(sentence: Sentence<'_>, alone: bool) -> Option<Speaks> {
    let (first, last) = (sentence.tokens.first()?, sentence.tokens.last()?);
    let title = alone && first.kind == Kind::Word;
    if last.kind == Kind::Stop || sentence.tokens.len() > WITHIN || !(title || marks(sentence).is_empty()) {
        return None;
    }
    let scope = Scope::of(sentence, Speaks::default());
    let speaks = scope.carried_on();
    let chapter = first.capital && !first.title;
    (chapter || speaks.unit.is_some() || scope.names_whole()).then_some(speaks)
}
