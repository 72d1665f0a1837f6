//! Rust text cut into words and marks, comments and the inside of texts left out, and the paths
//! that such words form. Knows no law of the house.

/// A word, number, mark, or (as `""`) a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) text: &'a str,
    pub(crate) line: usize,
}

/// The tokens of `text`. `::` is one token, every other mark one character.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let rest = &text[at..];
        let after_dot = found.last().is_some_and(|token| token.text == ".");
        let (length, shown) = next(rest, after_dot);
        if let Some(shown) = shown {
            found.push(Token { text: shown, line });
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    found
}

/// How long the first piece of `rest` is, and the token it makes.
fn next(rest: &str, after_dot: bool) -> (usize, Option<&str>) {
    let first = rest.chars().next().expect("callers stop at the end");
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    if rest.starts_with("/*") {
        return (comment(rest), None);
    }
    if let Some(length) = quoted(rest) {
        return (length, Some("\"\""));
    }
    if rest.starts_with("::") {
        return (2, Some(&rest[..2]));
    }
    let length = match first {
        '\'' => 1 + word(&rest[1..]),
        _ if first.is_ascii_digit() => number(rest, after_dot),
        _ if is_letter(first) => word(rest),
        _ => first.len_utf8(),
    };
    (length, (!first.is_whitespace()).then_some(&rest[..length]))
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn word(rest: &str) -> usize {
    rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len())
}

/// A number with its fraction, unless it is a place in a tuple or begins a range.
fn number(rest: &str, after_dot: bool) -> usize {
    let whole = word(rest);
    let tail = &rest[whole..];
    let fraction = tail.strip_prefix('.').filter(|tail| {
        !after_dot && !tail.starts_with(|letter: char| letter == '.' || letter.is_alphabetic())
    });
    fraction.map_or(whole, |tail| whole + 1 + word(tail))
}

fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let tail = &rest.as_bytes()[at..];
        if tail.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if tail.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// The length of the text or character literal that `rest` begins with.
fn quoted(rest: &str) -> Option<usize> {
    if rest.starts_with('\'') {
        return character(rest);
    }
    let body = rest.trim_start_matches(['b', 'c']);
    let body = if rest.len() - body.len() > 1 { rest } else { body };
    if let Some(raw) = body.strip_prefix('r') {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[marks..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(marks));
        let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
        return Some(rest.len() - inside.len() + length);
    }
    let inside = body.strip_prefix('"')?;
    Some(rest.len() - inside.len() + closing(inside, '"'))
}

/// The length up to and with the first `mark` that no backslash escapes.
fn closing(inside: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, letter) in inside.char_indices() {
        if letter == mark && !escaped {
            return at + 1;
        }
        escaped = letter == '\\' && !escaped;
    }
    inside.len()
}

/// The length of a character literal; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inside = &rest[1..];
    let mut letters = inside.chars();
    let first = letters.next()?;
    (first == '\\' || letters.next() == Some('\'')).then(|| 1 + closing(inside, '\''))
}

/// A path from the root of the crate, and the line it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path<'a> {
    pub(crate) words: Vec<&'a str>,
    pub(crate) line: usize,
}

impl Path<'_> {
    /// Whether it leads to `place`, such as `calendar::timeline`, or into it.
    pub(crate) fn is_in(&self, place: &str) -> bool {
        let wanted: Vec<&str> = place.split("::").collect();
        self.words.starts_with(&wanted)
    }
}

/// Every path of this crate that the file of module `module` names, whether it starts with
/// `crate`, `self`, `super` or, in the binary, the crate's name.
pub(crate) fn paths<'a>(tokens: &[Token<'a>], module: &[&'a str]) -> Vec<Path<'a>> {
    let mut found = Vec::new();
    let mut inner: Vec<Option<&str>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let near = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text);
        let before = |offset: usize| at.checked_sub(offset).map_or("", |at| tokens[at].text);
        match token.text {
            "{" => inner.push((before(2) == "mod").then(|| before(1))),
            "}" => drop(inner.pop()),
            "crate" | "self" | "super" | "paidan" if near(1) == "::" && before(1) != "::" => {
                let here = module.iter().copied().chain(inner.iter().filter_map(|name| *name));
                let mut words: Vec<&str> = here.collect();
                let mut head = at;
                if matches!(token.text, "crate" | "paidan") {
                    words.clear();
                    head += 2;
                }
                while matches!(tokens[head].text, "super" | "self") {
                    if tokens[head].text == "super" {
                        words.pop();
                    }
                    head += 2;
                }
                branches(tokens, head, words, token.line, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// Follows a use tree from token `at`; returns where it ends.
fn branches<'a>(
    tokens: &[Token<'a>],
    mut at: usize,
    mut words: Vec<&'a str>,
    line: usize,
    found: &mut Vec<Path<'a>>,
) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    while text(at).starts_with(is_letter) {
        words.push(text(at));
        if text(at + 1) != "::" {
            found.push(Path { words, line });
            return at + 1;
        }
        at += 2;
    }
    if text(at) != "{" {
        found.push(Path { words, line });
        return at;
    }
    while matches!(text(at), "{" | ",") {
        at = branches(tokens, at + 1, words.clone(), line, found);
    }
    at + 1
}

#[test]
fn comments_and_texts_hide_their_words_and_lines_are_counted() {
    let text =
        "a // f64\n/* f64 /* b */ */ \"f64\\\"\" r#\"f64\"# 'f' '\\'' b\"x\"\nx.0.1 0..5 1.5 &'a b";
    let shown: Vec<(&str, usize)> =
        tokens(text).iter().map(|token| (token.text, token.line)).collect();
    let texts = [("\"\"", 2); 5];
    let last = ["x", ".", "0", ".", "1", "0", ".", ".", "5", "1.5", "&", "'a", "b"];
    assert_eq!(shown[0], ("a", 1));
    assert_eq!(shown[1..6], texts);
    assert_eq!(shown[6..].iter().map(|token| token.0).collect::<Vec<_>>(), last);
    assert!(shown[6..].iter().all(|token| token.1 == 3));
}

#[test]
fn groups_supers_and_inner_modules_are_followed_to_the_root() {
    let text = "use crate::{id::Id, model::{plan, work::Work}};\nuse super::cost::Bill;\n\
                mod tests { use super::super::plan::Plan; fn f() { super::g::<u8>() } }";
    let tokens = tokens(text);
    let shown: Vec<String> =
        paths(&tokens, &["model", "issue"]).iter().map(|path| path.words.join("::")).collect();
    let wanted = [
        "id::Id",
        "model::plan",
        "model::work::Work",
        "model::cost::Bill",
        "model::plan::Plan",
        "model::issue::g",
    ];
    assert_eq!(shown, wanted);
}
