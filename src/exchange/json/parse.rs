//! From text to tree: strict JSON (RFC 8259) within fixed limits, so that no text can exhaust
//! memory or stack. Stops at the first fault of syntax; repeated keys and malformed numbers are
//! collected. Must not know what the document means, nor the sentences faults are told in.

use super::fault::{Bracket, Fault};
use super::place::{Finding, push_key};
use super::tree::{Cell, Kind, Tree, code_point, hex4, text_of};

/// The longest text read, in bytes.
pub const MAX_BYTES: usize = 256 << 20;
/// How deep lists and objects may stand inside each other.
pub const MAX_DEPTH: usize = 64;
/// How many values and keys a text may hold (512 MB of cells).
pub const MAX_CELLS: usize = 32 << 20;
/// The mark some editors put before UTF-8.
pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";
/// Repeated keys after which the rest go unmentioned.
const MAX_REPEATS: usize = 1_001;

/// What reading gave: a tree unless the syntax is wrong, and everything found on the way.
#[derive(Debug)]
pub(super) struct Parsed<'a> {
    pub(super) tree: Option<Tree<'a>>,
    pub(super) findings: Vec<Finding>,
}

/// Reads `text`.
pub(super) fn parse(text: &[u8]) -> Parsed<'_> {
    let refused = |offset, fault: Fault| Parsed {
        tree: None,
        findings: vec![fault.finding(offset, "$".to_owned())],
    };
    if text.len() > MAX_BYTES {
        return refused(0, Fault::TooLarge);
    }
    match std::str::from_utf8(text) {
        Ok(text) => Parser::new(text).document(),
        Err(error) => refused(error.valid_up_to(), Fault::NotUtf8(text[error.valid_up_to()])),
    }
}

/// What forbids reading on: where, and what.
pub(super) type Stop = (usize, Fault);

/// Where the parser stands inside one list or object.
enum Step {
    Item(usize),
    /// The member whose key is this cell; `None` before its first key.
    Member(Option<u32>),
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    cells: Vec<Cell>,
    /// The lists and objects open here: their cell and the step into them.
    open: Vec<(u32, Step)>,
    /// The keys of the open objects, outermost first.
    keys: Vec<u32>,
    findings: Vec<Finding>,
}

fn small(offset: usize) -> u32 {
    u32::try_from(offset).expect("texts are limited to 256 MB")
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Parser<'a> {
        let bytes = text.as_bytes();
        let at = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        let cells = Vec::new();
        Parser { text, bytes, at, cells, open: Vec::new(), keys: Vec::new(), findings: Vec::new() }
    }

    fn document(mut self) -> Parsed<'a> {
        if let Err((offset, fault)) = self.only_value() {
            let begun = match fault {
                Fault::Ended => self.open.last().map(|(cell, _)| self.cells[*cell as usize].start),
                Fault::EndedInText => Some(small(self.at)),
                _ => None,
            };
            let mut finding = fault.finding(offset, self.path());
            if let Some(start) = begun {
                finding.also =
                    Some((start as usize, "未结束的部分始于", "the open part begins at"));
            }
            self.findings.push(finding);
            return Parsed { tree: None, findings: self.findings };
        }
        Parsed { tree: Some(Tree { text: self.text, cells: self.cells }), findings: self.findings }
    }

    fn only_value(&mut self) -> Result<(), Stop> {
        self.space();
        if self.at == self.bytes.len() {
            return Err((self.at, Fault::Empty));
        }
        self.value()?;
        self.space();
        match self.peek() {
            None => Ok(()),
            Some(b'/' | b'#') => Err((self.at, Fault::Comment)),
            Some(_) => Err((self.at, Fault::Trailing)),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<(), Stop> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'-' | b'0'..=b'9') => self.number().or_else(|stop| self.pass_number(stop)),
            Some(b't') if self.word() == "true" => self.leaf(Kind::Flag, 4),
            Some(b'f') if self.word() == "false" => self.leaf(Kind::Flag, 5),
            Some(b'n') if self.word() == "null" => self.leaf(Kind::Null, 4),
            _ => {
                let stop = self.no_value();
                self.pass_number(stop)
            }
        }
    }

    /// Notes a number that is malformed and steps over it, so that what follows is told as well.
    fn pass_number(&mut self, (offset, fault): Stop) -> Result<(), Stop> {
        let is_number = matches!(fault, Fault::NotFinite | Fault::BadNumber | Fault::LeadingZero);
        let end = self.text[self.at..]
            .find(|letter: char| !letter.is_alphanumeric() && !"_.+-'".contains(letter));
        let length = end.unwrap_or(self.text.len() - self.at);
        if !is_number || length == 0 || self.findings.len() >= MAX_REPEATS {
            return Err((offset, fault));
        }
        self.findings.push(fault.finding(offset, self.path()));
        self.leaf(Kind::Broken, length)
    }

    /// Adds the value of `length` bytes that begins here, and steps over it.
    fn leaf(&mut self, kind: Kind, length: usize) -> Result<(), Stop> {
        if self.cells.len() == MAX_CELLS {
            return Err((self.at, Fault::TooMany));
        }
        let next = small(self.cells.len() + 1);
        let (start, end) = (small(self.at), small(self.at + length));
        self.cells.push(Cell { start, end, next, kind });
        self.at += length;
        Ok(())
    }

    fn open(&mut self, kind: Kind, step: Step) -> Result<(), Stop> {
        if self.open.len() == MAX_DEPTH {
            return Err((self.at, Fault::TooDeep));
        }
        self.open.push((small(self.cells.len()), step));
        let opened = self.leaf(kind, 1);
        self.space();
        opened
    }

    fn close(&mut self) {
        self.at += 1;
        let (cell, _) = self.open.pop().expect("only what was opened is closed");
        let next = small(self.cells.len());
        let cell = &mut self.cells[cell as usize];
        (cell.end, cell.next) = (small(self.at), next);
    }

    fn list(&mut self) -> Result<(), Stop> {
        self.open(Kind::List, Step::Item(0))?;
        if self.peek() == Some(b']') {
            self.close();
            return Ok(());
        }
        loop {
            self.value()?;
            if self.is_last(Bracket::Square)? {
                self.close();
                return Ok(());
            }
            if let Some((_, Step::Item(index))) = self.open.last_mut() {
                *index += 1;
            }
        }
    }

    fn object(&mut self) -> Result<(), Stop> {
        self.open(Kind::Object, Step::Member(None))?;
        let first_key = self.keys.len();
        if self.peek() == Some(b'}') {
            self.close();
            return Ok(());
        }
        loop {
            let key = small(self.cells.len());
            if self.peek() != Some(b'"') {
                return Err(self.no_key());
            }
            self.string()?;
            self.keys.push(key);
            if let Some((_, step)) = self.open.last_mut() {
                *step = Step::Member(Some(key));
            }
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.no_colon());
            }
            self.at += 1;
            self.space();
            self.value()?;
            if self.is_last(Bracket::Curly)? {
                self.find_repeats(first_key);
                self.keys.truncate(first_key);
                self.close();
                return Ok(());
            }
        }
    }

    /// After a value: `false` behind a comma that another value follows, `true` before the bracket
    /// that closes.
    fn is_last(&mut self, bracket: Bracket) -> Result<bool, Stop> {
        self.space();
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.space();
                let closed = self.peek() == Some(bracket.close());
                if closed { Err((comma, Fault::TrailingComma)) } else { Ok(false) }
            }
            Some(byte) if byte == bracket.close() => Ok(true),
            _ => Err(self.no_separator(bracket)),
        }
    }

    fn string(&mut self) -> Result<(), Stop> {
        let (mut at, mut kind) = (self.at + 1, Kind::PlainText);
        loop {
            match self.bytes.get(at) {
                Some(b'"') => return self.leaf(kind, at + 1 - self.at),
                Some(b'\\') => {
                    kind = Kind::EscapedText;
                    at += self.escape(at)?;
                }
                Some(b'\n' | b'\r') => return Err((at, Fault::LineBreak)),
                Some(control @ 0..=0x1F) => return Err((at, Fault::Control(*control))),
                Some(_) => at += 1,
                None => return Err((self.bytes.len(), Fault::EndedInText)),
            }
        }
    }

    /// The length of the escape at `at`.
    fn escape(&self, at: usize) -> Result<usize, Stop> {
        match self.bytes.get(at + 1) {
            None => Err((self.bytes.len(), Fault::EndedInText)),
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
            Some(b'u') => match (code_point(&self.bytes[at..]), hex4(&self.bytes[at..])) {
                (Some((_, length)), _) => Ok(length),
                (None, Some(_)) => Err((at, Fault::LoneSurrogate)),
                (None, None) => Err((at, Fault::BadEscape('u'))),
            },
            Some(_) => Err((at, Fault::BadEscape(self.letter(at + 1).unwrap_or(' ')))),
        }
    }

    fn digits(&self, from: usize) -> usize {
        self.bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let mut at = start + usize::from(self.bytes[start] == b'-');
        let mut kind = Kind::Integer;
        let whole = self.digits(at);
        if whole == 0 {
            return Err(self.bad_number(at));
        }
        if whole > 1 && self.bytes[at] == b'0' {
            return Err((start, Fault::LeadingZero));
        }
        at += whole;
        if self.bytes.get(at) == Some(&b'.') {
            kind = Kind::Fraction;
            let decimals = self.digits(at + 1);
            if decimals == 0 {
                return Err(self.bad_number(at + 1));
            }
            at += 1 + decimals;
        }
        if matches!(self.bytes.get(at), Some(b'e' | b'E')) {
            kind = Kind::Fraction;
            at += 1 + usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
            let exponent = self.digits(at);
            if exponent == 0 {
                return Err(self.bad_number(at));
            }
            at += exponent;
        }
        if self.letter(at).is_some_and(|next| next.is_alphanumeric() || "_.+-'".contains(next)) {
            return Err((start, Fault::BadNumber));
        }
        self.leaf(kind, at - start)
    }

    /// Reports keys of the object closing here that an earlier key of it repeats.
    fn find_repeats(&mut self, first_key: usize) {
        let keys = &self.keys[first_key..];
        let mut repeats = Vec::new();
        if keys.len() <= 16 {
            for (row, later) in keys.iter().enumerate() {
                if let Some(earlier) = keys[..row].iter().find(|key| self.same(**key, *later)) {
                    repeats.push((*earlier, *later));
                }
            }
        } else {
            let mut sorted: Vec<_> = keys.iter().map(|key| (self.key(*key), *key)).collect();
            sorted.sort_unstable();
            for group in sorted.chunk_by(|left, right| left.0 == right.0) {
                repeats.extend(group[1..].iter().map(|(_, later)| (group[0].1, *later)));
            }
        }
        let room = MAX_REPEATS.saturating_sub(self.findings.len());
        for (earlier, later) in repeats.into_iter().take(room) {
            let parent = self.parent_path();
            let name = self.key(later).into_owned();
            let mut path = parent;
            push_key(&mut path, &name);
            let offset = self.cells[later as usize].start as usize;
            let mut finding = Fault::repeated(offset, path, &name);
            let first = self.cells[earlier as usize].start as usize;
            finding.also = Some((first, "第一次在", "first at"));
            self.findings.push(finding);
        }
    }

    fn same(&self, left: u32, right: u32) -> bool {
        let (one, two) = (&self.cells[left as usize], &self.cells[right as usize]);
        let plain = one.kind == Kind::PlainText && two.kind == Kind::PlainText;
        let raw = |cell: &Cell| &self.bytes[cell.start as usize..cell.end as usize];
        if plain { raw(one) == raw(two) } else { self.key(left) == self.key(right) }
    }

    fn key(&self, cell: u32) -> std::borrow::Cow<'a, str> {
        text_of(self.text, &self.cells[cell as usize])
    }

    fn path(&self) -> String {
        self.path_of(&self.open)
    }

    fn parent_path(&self) -> String {
        self.path_of(self.open.split_last().map_or(&[], |(_, outer)| outer))
    }

    fn path_of(&self, open: &[(u32, Step)]) -> String {
        let mut path = "$".to_owned();
        for (_, step) in open {
            match step {
                Step::Item(index) => path.push_str(&format!("[{index}]")),
                Step::Member(Some(key)) => push_key(&mut path, &self.key(*key)),
                Step::Member(None) => {}
            }
        }
        path
    }

    fn letter(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The letters, digits and signs that begin here.
    fn word(&self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        &rest[..end.unwrap_or(rest.len())]
    }

    fn no_value(&self) -> Stop {
        let Some(letter) = self.letter(self.at) else { return (self.at, Fault::Ended) };
        let fault = match letter {
            ',' => Fault::MissingValue,
            '/' | '#' => Fault::Comment,
            '+' | '.' => Fault::BadNumber,
            _ if letter.is_alphabetic() || letter == '_' => Fault::of_word(self.word()),
            _ => Fault::of_letter(letter),
        };
        (self.at, fault)
    }

    fn no_key(&self) -> Stop {
        let Some(letter) = self.letter(self.at) else { return (self.at, Fault::Ended) };
        let fault = match letter {
            ',' => Fault::MissingValue,
            '/' | '#' => Fault::Comment,
            _ if letter.is_alphanumeric() || letter == '_' => Fault::BareWord,
            _ => Fault::of_letter(letter),
        };
        (self.at, fault)
    }

    fn no_colon(&self) -> Stop {
        match self.letter(self.at) {
            None => (self.at, Fault::Ended),
            Some('：') => (self.at, Fault::of_letter('：')),
            Some('/' | '#') => (self.at, Fault::Comment),
            Some(letter) => (self.at, Fault::MissingColon(letter)),
        }
    }

    fn no_separator(&self, bracket: Bracket) -> Stop {
        let Some(letter) = self.letter(self.at) else { return (self.at, Fault::Ended) };
        let fault = match letter {
            '/' | '#' => Fault::Comment,
            '"' | '{' | '[' | '-' => Fault::MissingComma,
            _ if letter.is_alphanumeric() => Fault::MissingComma,
            ']' | '}' | ':' => Fault::WrongClose(letter, bracket),
            _ => Fault::of_letter(letter),
        };
        (self.at, fault)
    }

    /// A number breaks off at `at`.
    fn bad_number(&self, at: usize) -> Stop {
        match self.letter(at) {
            None => (self.bytes.len(), Fault::Ended),
            Some('I' | 'i' | 'N' | 'n') => (self.at, Fault::NotFinite),
            Some(_) => (self.at, Fault::BadNumber),
        }
    }
}
