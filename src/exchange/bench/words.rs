//! Texts of whole numbers parted by blanks, each with its place. Must not know what the numbers
//! are: the caller names them when one is wrong.

use std::ops::RangeInclusive;

use crate::calendar::Label;
use crate::model::issue::{Issue, Issues, Place};

/// The mark some programs put before UTF-8.
const MARK: char = '\u{feff}';

/// `bytes` as text.
///
/// # Errors
/// B501.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Issues> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        let mut issue =
            Issue::error("B501", "", "文件不是 UTF-8 文本", "the file is not UTF-8 text");
        issue.place = Some(Place { line, column: 1 });
        vec![issue.hint(
            "基准算例都是纯文本，请重新下载",
            "benchmark files are plain text: fetch it anew",
        )]
    })?;
    Ok(text.trim_start_matches(MARK))
}

/// One number or word, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) place: Place,
}

/// The words of a text, to be taken one by one.
pub(super) struct Words<'a> {
    words: Vec<Word<'a>>,
    next: usize,
    end: Place,
}

impl<'a> Words<'a> {
    /// The words of `text`, parted by blanks and by what `parts` says; lines that begin with `#`
    /// are remarks.
    pub(super) fn new(text: &'a str, parts: fn(char) -> bool) -> Words<'a> {
        let mut words = Vec::new();
        let mut last = 1;
        for (row, line) in text.lines().enumerate() {
            last = row + 1;
            if !line.trim_start().starts_with('#') {
                words.extend(of_line(line, last, parts));
            }
        }
        Words { words, next: 0, end: Place { line: last, column: 1 } }
    }

    /// How many words there are, taken or not.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// How many words the line of the first word holds.
    pub(super) fn on_first_line(&self) -> usize {
        let Some(first) = self.words.first() else { return 0 };
        self.words.iter().take_while(|word| word.place.line == first.place.line).count()
    }

    /// All words as whole numbers; nothing when one is none.
    pub(super) fn values(&self) -> Option<Vec<i64>> {
        self.words.iter().map(|word| word.text.parse().ok()).collect()
    }

    /// The words not taken yet.
    pub(super) fn rest(&self) -> &[Word<'a>] {
        &self.words[self.next..]
    }

    /// Passes over `count` words.
    pub(super) fn skip(&mut self, count: usize) {
        self.next = (self.next + count).min(self.words.len());
    }

    /// The next word as a whole number within `range`, called `what`.
    ///
    /// # Errors
    /// B502, B503, B505.
    pub(super) fn whole(
        &mut self,
        range: RangeInclusive<i64>,
        what: impl FnOnce() -> Label,
    ) -> Result<i64, Issues> {
        let Some(word) = self.words.get(self.next) else { return Err(vec![self.ended(&what())]) };
        self.next += 1;
        number(*word, range, what)
    }

    /// [`Words::whole`] as a count.
    pub(super) fn count(
        &mut self,
        range: RangeInclusive<i64>,
        what: impl FnOnce() -> Label,
    ) -> Result<usize, Issues> {
        let value = self.whole(range, what)?;
        Ok(usize::try_from(value).expect("counts are asked for within ranges from 0 on"))
    }

    fn ended(&self, what: &Label) -> Issue {
        let mut issue = Issue::error(
            "B503",
            "",
            format!("文件在“{}”之前就结束了", what.zh),
            format!("the file ends before {}", what.en),
        );
        issue.place = Some(self.end);
        issue.hint(
            "文件不完整，或格式不是所指的那种（--format-of）",
            "the file is incomplete, or of another format than named by --format-of",
        )
    }

    /// Makes sure that nothing is left.
    ///
    /// # Errors
    /// B504.
    pub(super) fn finish(&self) -> Result<(), Issues> {
        let Some(word) = self.words.get(self.next) else { return Ok(()) };
        let count = self.words.len() - self.next;
        let mut issue = Issue::error(
            "B504",
            "",
            format!("算例已完，后面还有 {count} 个词"),
            format!("the instance is complete, yet {count} more words follow"),
        );
        issue.place = Some(word.place);
        Err(vec![issue.hint(
            "核对文件开头的个数，或用 --format-of 指明格式",
            "check the counts at the head of the file, or name its format by --format-of",
        )])
    }
}

/// The words of one line.
fn of_line<'a>(
    line: &'a str,
    number: usize,
    parts: fn(char) -> bool,
) -> impl Iterator<Item = Word<'a>> {
    let is_gap = move |letter: char| letter.is_whitespace() || parts(letter);
    let mut at = 0;
    let mut column = 1;
    std::iter::from_fn(move || {
        let rest = &line[at..];
        let from = rest.find(|letter| !is_gap(letter))?;
        column += rest[..from].chars().count();
        let length = rest[from..].find(is_gap).unwrap_or(rest.len() - from);
        let text = &rest[from..from + length];
        let word = Word { text, place: Place { line: number, column } };
        column += text.chars().count();
        at += from + length;
        Some(word)
    })
}

/// `word` as a whole number within `range`, called `what`.
///
/// # Errors
/// B502, B505.
pub(super) fn number(
    word: Word<'_>,
    range: RangeInclusive<i64>,
    what: impl FnOnce() -> Label,
) -> Result<i64, Issues> {
    let text: String = word.text.chars().take(40).collect();
    let mut issue = match word.text.parse::<i64>() {
        Ok(value) if range.contains(&value) => return Ok(value),
        Ok(value) => {
            let (what, low, high) = (what(), range.start(), range.end());
            Issue::error(
                "B505",
                "",
                format!("{}是 {value}，应在 {low} 至 {high} 之内", what.zh),
                format!("{} is {value}, not within {low} to {high}", what.en),
            )
            .hint(
                "核对这个数；格式说明见 paidan bench --help",
                "check this number; `paidan bench --help` tells of the formats",
            )
        }
        Err(_) => {
            let what = what();
            Issue::error(
                "B502",
                "",
                format!("“{text}”不是整数（应为{}）", what.zh),
                format!("\"{text}\" is no whole number ({} is expected)", what.en),
            )
            .hint(
                "改成整数，或用 --format-of 指明格式",
                "make it a whole number, or name the format by --format-of",
            )
        }
    };
    issue.place = Some(word.place);
    Err(vec![issue])
}
