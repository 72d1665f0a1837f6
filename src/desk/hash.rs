//! SHA-256 and the byte form it is taken over: the door to hashing for everything on record.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::calendar::Label;

/// A SHA-256. As text it is 64 small hexadecimal digits.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("format" = "paidan-hash"))]
pub struct Hash([u8; 32]);

impl Hash {
    /// What stands for the event before the first.
    pub const ZERO: Hash = Hash([0; 32]);

    /// The hash of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(Sha256::digest(bytes).into())
    }

    /// The hash of several pieces, one behind the other.
    #[must_use]
    pub fn of_all(pieces: &[&[u8]]) -> Hash {
        let mut hash = Sha256::new();
        pieces.iter().for_each(|piece| hash.update(piece));
        Hash(hash.finalize().into())
    }

    /// A hash as it was kept.
    #[must_use]
    pub fn kept(bytes: [u8; 32]) -> Hash {
        Hash(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no hash, key or signature: not small hexadecimal digits, or not of its length.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not {wanted} bytes in small hexadecimal digits")]
pub struct NotHexadecimal {
    /// The bytes there should be.
    pub wanted: usize,
}

impl NotHexadecimal {
    /// The same in both languages.
    #[must_use]
    pub fn label(&self) -> Label {
        let (digits, wanted) = (2 * self.wanted, self.wanted);
        Label::new(
            format!("应为 {wanted} 个字节，即 {digits} 位小写十六进制数字"),
            format!("{wanted} bytes are wanted: {digits} small hexadecimal digits"),
        )
    }
}

impl FromStr for Hash {
    type Err = NotHexadecimal;

    fn from_str(text: &str) -> Result<Hash, NotHexadecimal> {
        bytes_of(text).map(Hash)
    }
}

impl TryFrom<String> for Hash {
    type Error = NotHexadecimal;

    fn try_from(text: String) -> Result<Hash, NotHexadecimal> {
        text.parse()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        hash.to_string()
    }
}

/// `bytes` in small hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes every character");
        text
    })
}

/// The `N` bytes written in `text`. Capital digits are refused, so that a value has one spelling.
///
/// # Errors
/// [`NotHexadecimal`].
pub fn bytes_of<const N: usize>(text: &str) -> Result<[u8; N], NotHexadecimal> {
    let wrong = NotHexadecimal { wanted: N };
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return Err(wrong);
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |letter: u8| match letter {
            b'0'..=b'9' => Ok(letter - b'0'),
            b'a'..=b'f' => Ok(letter - b'a' + 10),
            _ => Err(wrong),
        };
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Ok(bytes)
}

/// Fields as bytes, so that no two lists of fields read the same: each is led by its length in 8
/// bytes, the most significant first. A whole number is its 8 bytes in that order, in two's
/// complement; a text is its UTF-8; a hash its 32 bytes. The first field names the form.
#[derive(Debug)]
pub struct Form(Vec<u8>);

impl Form {
    /// Begins the form called `name`.
    #[must_use]
    pub fn new(name: &str) -> Form {
        Form(Vec::with_capacity(512)).text(name)
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, text: &str) -> Form {
        self.bytes(text.as_bytes())
    }

    /// Adds a number that is never negative.
    #[must_use]
    pub fn count(self, count: u64) -> Form {
        self.bytes(&count.to_be_bytes())
    }

    /// Adds a moment in milliseconds.
    #[must_use]
    pub fn moment(self, at_ms: i64) -> Form {
        self.bytes(&at_ms.to_be_bytes())
    }

    /// Adds a hash.
    #[must_use]
    pub fn hash(self, hash: &Hash) -> Form {
        self.bytes(hash.bytes())
    }

    fn bytes(mut self, bytes: &[u8]) -> Form {
        self.0.extend(u64::try_from(bytes.len()).expect("sizes fit 64 bits").to_be_bytes());
        self.0.extend(bytes);
        self
    }

    /// All of it.
    #[must_use]
    pub fn whole(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Hash, bytes_of};

    #[test]
    fn a_hash_is_that_of_the_standard() {
        // FIPS 180-4, the message "abc".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Hash::of(b"abc").to_string(), abc);
        assert_eq!(Hash::of_all(&[b"a", b"", b"bc"]).to_string(), abc);
        assert_eq!(abc.parse(), Ok(Hash::of(b"abc")));
    }

    #[test]
    fn a_value_has_one_spelling() {
        assert_eq!(bytes_of::<2>("0aff"), Ok([0x0a, 0xff]));
        for wrong in ["0AFF", "0af", "0aff0", "0a f", "", "税税"] {
            assert!(bytes_of::<2>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn fields_that_run_into_each_other_are_told_apart() {
        let one = Form::new("f").text("ab").text("c");
        let other = Form::new("f").text("a").text("bc");
        assert_ne!(one.whole(), other.whole());
        assert_eq!(
            Form::new("f").moment(-1).whole()[9..],
            [0, 0, 0, 0, 0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 255]
        );
    }
}
