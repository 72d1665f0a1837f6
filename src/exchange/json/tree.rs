//! A JSON text as a tree with positions: 16 bytes a value, texts borrowed. Must not know what the
//! document means, nor why it might be wrong.

use std::borrow::Cow;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag,
    /// A number written with digits only.
    Integer,
    /// A number written with a decimal point or an exponent.
    Fraction,
    /// A text without escapes.
    PlainText,
    /// A text with escapes.
    EscapedText,
    /// `[…]`.
    List,
    /// `{…}`.
    Object,
    /// A number that is none, told by the parser: it stands for any value.
    Broken,
}

/// One value or key. An object's cell is followed by key, value, key, value …
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The first cell after this value and everything inside it.
    pub(super) next: u32,
    pub(super) kind: Kind,
}

/// A whole document. Cells stand in the order of the text.
#[derive(Debug)]
pub struct Tree<'a> {
    pub(super) text: &'a str,
    pub(super) cells: Vec<Cell>,
}

impl<'a> Tree<'a> {
    /// The document's one value.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, at: 0 }
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(&self) -> &'a str {
        self.text
    }
}

/// One value of a [`Tree`].
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    tree: &'t Tree<'t>,
    at: u32,
}

impl<'t> Node<'t> {
    fn cell(self) -> &'t Cell {
        &self.tree.cells[self.at as usize]
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.cell().kind
    }

    /// The offset of its first byte.
    #[must_use]
    pub fn offset(self) -> usize {
        self.cell().start as usize
    }

    /// The offset of the first byte after it.
    #[must_use]
    pub fn end(self) -> usize {
        self.cell().end as usize
    }

    /// It as written.
    #[must_use]
    pub fn raw(self) -> &'t str {
        &self.tree.text[self.offset()..self.end()]
    }

    /// The text it stands for; `None` when it is no text.
    #[must_use]
    pub fn text(self) -> Option<Cow<'t, str>> {
        let cell = self.cell();
        match cell.kind {
            Kind::PlainText | Kind::EscapedText => Some(text_of(self.tree.text, cell)),
            _ => None,
        }
    }

    /// The number it stands for; `None` when it is no integer or does not fit 128 bits.
    #[must_use]
    pub fn integer(self) -> Option<i128> {
        (self.kind() == Kind::Integer).then(|| self.raw().parse().ok()).flatten()
    }

    /// The values of a list; nothing for any other kind.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let end = if self.kind() == Kind::List { self.cell().next } else { self.at };
        Siblings { tree: self.tree, at: self.at + 1, end }
    }

    /// Keys and values of an object, as written; nothing for any other kind.
    pub fn members(self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> + use<'t> {
        let end = if self.kind() == Kind::Object { self.cell().next } else { self.at };
        let mut cells = Siblings { tree: self.tree, at: self.at + 1, end };
        std::iter::from_fn(move || Some((cells.next()?, cells.next()?)))
    }

    /// The value of the first member called `name`.
    #[must_use]
    pub fn member(self, name: &str) -> Option<Node<'t>> {
        self.members().find(|(key, _)| key.is_text(name)).map(|(_, value)| value)
    }

    /// Whether it is the text `wanted`.
    #[must_use]
    pub fn is_text(self, wanted: &str) -> bool {
        match self.kind() {
            Kind::PlainText => &self.tree.text[self.offset() + 1..self.end() - 1] == wanted,
            Kind::EscapedText => self.text().as_deref() == Some(wanted),
            _ => false,
        }
    }
}

struct Siblings<'t> {
    tree: &'t Tree<'t>,
    at: u32,
    end: u32,
}

impl<'t> Iterator for Siblings<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node { tree: self.tree, at: self.at };
        self.at = node.cell().next;
        Some(node)
    }
}

/// The text that `cell`, a text or a key, stands for.
pub(super) fn text_of<'a>(source: &'a str, cell: &Cell) -> Cow<'a, str> {
    let inside = &source[cell.start as usize + 1..cell.end as usize - 1];
    match cell.kind {
        Kind::EscapedText => Cow::Owned(unescaped(inside)),
        _ => Cow::Borrowed(inside),
    }
}

/// `inside` without its escapes, which the parser has found correct.
fn unescaped(inside: &str) -> String {
    let mut plain = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let (letter, mut length) = (rest.as_bytes()[at + 1], 2);
        plain.push(match letter {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (letter, used) = code_point(&rest.as_bytes()[at..])
                    .expect("the parser lets no broken \\u escape pass");
                length = used;
                letter
            }
            other => char::from(other),
        });
        rest = &rest[at + length..];
    }
    plain.push_str(rest);
    plain
}

/// The character written by the `\uXXXX` (or the pair of them) that `bytes` begins with, and the
/// bytes it takes; `None` when the digits are wrong or a surrogate stands alone.
pub(super) fn code_point(bytes: &[u8]) -> Option<(char, usize)> {
    let first = hex4(bytes)?;
    if let Some(letter) = char::from_u32(first) {
        return Some((letter, 6));
    }
    let second = hex4(bytes.get(6..)?)?;
    if first >= 0xDC00 || !(0xDC00..0xE000).contains(&second) {
        return None;
    }
    let letter = char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))?;
    Some((letter, 12))
}

/// The four hexadecimal digits of the `\uXXXX` that `bytes` begins with.
pub(super) fn hex4(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
}
