//! What an event says, in the one spelling its hash is taken over. Must not know what it means.

use std::fmt;

use serde_json::{Map, Value};

/// How deep lists and objects may stand inside each other.
pub const MAX_DEPTH: usize = 64;
/// The longest spelling, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// The largest number either way, 2⁵³ − 1: all that readers of JSON agree on (RFC 7493).
pub const MAX_NUMBER: i64 = (1 << 53) - 1;

/// A JSON value in its canonical spelling (RFC 8785, whole numbers only): no white space, keys of
/// objects sorted by their UTF-16 code units, only the escapes that must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payload(String);

/// A value no event may hold.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unfit {
    /// A number with a fraction, or beyond [`MAX_NUMBER`].
    #[error("the number {number} at {path} is not whole or beyond 2^53 - 1; write it as a text")]
    Number {
        /// Where it stands, as `$.a[0]`.
        path: String,
        /// As it was given.
        number: String,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("lists and objects are nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// Longer than [`MAX_BYTES`].
    #[error("{0} bytes, at most {MAX_BYTES}; keep the bulk as a document and its hash here")]
    TooLong(usize),
}

impl Payload {
    /// The spelling of `value`.
    ///
    /// # Errors
    /// [`Unfit`] with the first thing no event may hold.
    pub fn of(value: &Value) -> Result<Payload, Unfit> {
        let mut spelling = Spelling { text: String::new(), path: "$".to_owned(), depth: 0 };
        spelling.value(value)?;
        if spelling.text.len() > MAX_BYTES {
            return Err(Unfit::TooLong(spelling.text.len()));
        }
        Ok(Payload(spelling.text))
    }

    /// A spelling as it was kept. It may have been tampered with: its event's hash tells.
    #[must_use]
    pub fn kept(text: String) -> Payload {
        Payload(text)
    }

    /// The spelling.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The value.
    ///
    /// # Errors
    /// When what was kept is no JSON any more.
    pub fn value(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

struct Spelling {
    text: String,
    path: String,
    depth: usize,
}

impl Spelling {
    fn value(&mut self, value: &Value) -> Result<(), Unfit> {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(flag) => self.text.push_str(if *flag { "true" } else { "false" }),
            Value::Number(number) => {
                let whole = number.as_i64().filter(|whole| whole.unsigned_abs() <= MOST);
                let whole = whole.ok_or_else(|| Unfit::Number {
                    path: self.path.clone(),
                    number: number.to_string(),
                })?;
                self.text.push_str(&whole.to_string());
            }
            Value::String(text) => self.quoted(text),
            Value::Array(items) => self.inside(|s| s.items(items))?,
            Value::Object(members) => self.inside(|s| s.members(members))?,
        }
        Ok(())
    }

    fn inside(
        &mut self,
        write: impl FnOnce(&mut Spelling) -> Result<(), Unfit>,
    ) -> Result<(), Unfit> {
        if self.depth == MAX_DEPTH {
            return Err(Unfit::TooDeep);
        }
        self.depth += 1;
        write(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn items(&mut self, items: &[Value]) -> Result<(), Unfit> {
        self.text.push('[');
        for (row, item) in items.iter().enumerate() {
            self.comma(row);
            self.at(&format!("[{row}]"), item)?;
        }
        self.text.push(']');
        Ok(())
    }

    fn members(&mut self, members: &Map<String, Value>) -> Result<(), Unfit> {
        let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
        sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
        self.text.push('{');
        for (row, (key, value)) in sorted.into_iter().enumerate() {
            self.comma(row);
            self.quoted(key);
            self.text.push(':');
            self.at(&format!(".{key}"), value)?;
        }
        self.text.push('}');
        Ok(())
    }

    fn at(&mut self, step: &str, value: &Value) -> Result<(), Unfit> {
        let length = self.path.len();
        self.path.push_str(step);
        self.value(value)?;
        self.path.truncate(length);
        Ok(())
    }

    fn comma(&mut self, row: usize) {
        if row > 0 {
            self.text.push(',');
        }
    }

    fn quoted(&mut self, text: &str) {
        let quoted = serde_json::to_string(text).expect("a text has a spelling");
        self.text.push_str(&quoted);
    }
}

const MOST: u64 = MAX_NUMBER.unsigned_abs();

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{MAX_BYTES, MAX_DEPTH, Payload, Unfit};

    fn spelt(value: &Value) -> String {
        Payload::of(value).unwrap().text().to_owned()
    }

    #[test]
    fn a_value_has_one_spelling_whatever_the_order_of_its_keys() {
        let one: Value =
            serde_json::from_str(r#"{"b": [1, -2, null], "a": {"税": true}}"#).unwrap();
        assert_eq!(spelt(&one), r#"{"a":{"税":true},"b":[1,-2,null]}"#);
    }

    #[test]
    fn keys_are_sorted_as_rfc_8785_shows() {
        // Its section 3.2.3: U+1F600 is D83D DE00 in UTF-16 and so stands before U+FB33.
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5,
                           "\u{80}": 6, "\u{f6}": 7});
        let order = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\
                     \"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(spelt(&value), order);
    }

    #[test]
    fn only_the_escapes_that_must_be_are_written() {
        let value = json!("\u{20ac}$\u{f}\nA'B\"\\\"/\u{7f}");
        assert_eq!(spelt(&value), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\"/\u{7f}\"");
    }

    #[test]
    fn numbers_that_readers_read_differently_are_refused_with_their_place() {
        assert_eq!(spelt(&json!([9_007_199_254_740_991_i64])), "[9007199254740991]");
        for number in [json!(9_007_199_254_740_992_i64), json!(u64::MAX), json!(i64::MIN)] {
            let unfit = Payload::of(&json!({"a": [0, number]})).unwrap_err();
            assert!(matches!(unfit, Unfit::Number { path, .. } if path == "$.a[1]"));
        }
        let fraction: Value = serde_json::from_str("1.0").unwrap();
        assert!(matches!(Payload::of(&fraction), Err(Unfit::Number { .. })));
    }

    #[test]
    fn what_is_too_deep_or_too_long_is_refused() {
        let nested = |depth| (0..depth).fold(json!(1), |inside, _| json!([inside]));
        assert!(Payload::of(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(Payload::of(&nested(MAX_DEPTH + 1)), Err(Unfit::TooDeep));
        let long = json!("x".repeat(MAX_BYTES));
        assert_eq!(Payload::of(&long), Err(Unfit::TooLong(MAX_BYTES + 2)));
    }
}
