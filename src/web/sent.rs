//! What is sent to handlers: bodies and queries, read so that everything wrong with them is told
//! at once. Must not know what handlers do with them.

use axum::body::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{Code, Problem, Wrong};
use crate::calendar::FORMATS;
use crate::exchange::json::{self, Formats, Reader};
use crate::model::issue::Issues;

/// A body that a handler takes.
pub(crate) trait Body: Sized {
    /// What it has to look like; nothing when there is none.
    fn look(schemas: &mut SchemaGenerator) -> Option<Schema>;

    /// What reads it, made once.
    type Reader: Send + Sync;

    /// Makes the reader.
    fn reader() -> Self::Reader;

    /// Reads it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn read(reader: &Self::Reader, text: &Bytes) -> Result<Self, Problem>;
}

/// No body; what is sent nevertheless is not looked at.
impl Body for () {
    fn look(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    type Reader = ();

    fn reader() {}

    fn read((): &(), _: &Bytes) -> Result<(), Problem> {
        Ok(())
    }
}

/// A JSON document that follows the schema of its type.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned + JsonSchema> Body for Json<T> {
    fn look(schemas: &mut SchemaGenerator) -> Option<Schema> {
        Some(schemas.subschema_for::<T>())
    }

    type Reader = Reader<T>;

    fn reader() -> Reader<T> {
        Reader::new(&Formats::new(FORMATS))
    }

    fn read(reader: &Reader<T>, text: &Bytes) -> Result<Json<T>, Problem> {
        reader.read(text).map(Json).map_err(|issues| Problem::of_issues("", issues))
    }
}

/// The same where numbers out of their range stand as 1, for a handler that tells what else is
/// wrong beside them.
pub(crate) struct Around<T> {
    pub(crate) document: T,
    /// Which numbers these are; when there are any, the document says something else.
    pub(crate) issues: Issues,
}

impl<T: DeserializeOwned + JsonSchema> Body for Around<T> {
    fn look(schemas: &mut SchemaGenerator) -> Option<Schema> {
        Json::<T>::look(schemas)
    }

    type Reader = Reader<T>;

    fn reader() -> Reader<T> {
        Json::<T>::reader()
    }

    fn read(reader: &Reader<T>, text: &Bytes) -> Result<Around<T>, Problem> {
        let read = reader.read_around(text).map_err(|issues| Problem::of_issues("", issues));
        read.map(|(document, issues)| Around { document, issues })
    }
}

/// A query that a handler takes.
pub(crate) trait Query: Sized {
    /// The schema of all parameters as one object.
    fn look(schemas: &mut SchemaGenerator) -> Option<Value>;

    /// What reads it, made once.
    type Reader: Send + Sync;

    /// Makes the reader.
    fn reader() -> Self::Reader;

    /// Reads it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn read(reader: &Self::Reader, query: &str) -> Result<Self, Problem>;
}

/// No parameters.
impl Query for () {
    fn look(_: &mut SchemaGenerator) -> Option<Value> {
        None
    }

    type Reader = ();

    fn reader() {}

    fn read((): &(), query: &str) -> Result<(), Problem> {
        if query.is_empty() {
            return Ok(());
        }
        Err(Problem::new(
            Code::BadQuery,
            "此地址不接受查询参数",
            "this address takes no query parameters",
        ))
    }
}

/// Parameters that follow the schema of their type.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned + JsonSchema> Query for Asked<T> {
    fn look(schemas: &mut SchemaGenerator) -> Option<Value> {
        Some(T::json_schema(schemas).to_value())
    }

    type Reader = (Value, Reader<T>);

    fn reader() -> (Value, Reader<T>) {
        (json::schema::<T>(), Reader::new(&Formats::new(FORMATS)))
    }

    fn read((schema, reader): &Self::Reader, query: &str) -> Result<Asked<T>, Problem> {
        let read = reader.read(object(query, schema).as_bytes());
        read.map(Asked).map_err(|issues| Problem::wrong(Code::BadQuery, Wrong::all("", issues)))
    }
}

/// `query` as the text of a JSON object: whole numbers and flags where `schema` wants them, texts
/// elsewhere. What appears twice appears twice in it, too, and is told as such.
fn object(query: &str, schema: &Value) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let members = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (plain(name), plain(value));
        let is_bare = wants_bare(schema, &name, &value);
        let value = if is_bare { value } else { Value::from(value).to_string() };
        format!("{}:{value}", Value::from(name))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Whether the parameter `name` is to be a number or flag, and `value` reads as one.
fn wants_bare(schema: &Value, name: &str, value: &str) -> bool {
    let wanted = &schema["properties"][name]["type"];
    let wants = |kind: &str| match wanted {
        Value::Array(all) => all.iter().any(|one| one == kind),
        one => one == kind,
    };
    let is_number = value.parse::<i64>().is_ok_and(|number| number.to_string() == value);
    wants("integer") && is_number || wants("boolean") && matches!(value, "true" | "false")
}

/// A name or value of a query without its escapes.
fn plain(escaped: &str) -> String {
    let bytes = escaped.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex =
            |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (bytes[at], bytes.get(at + 1..at + 3)) {
            (b'+', _) => plain.push(b' '),
            (b'%', Some(&[high, low])) if hex(high).is_some() && hex(low).is_some() => {
                plain.push(hex(high).unwrap_or(0) << 4 | hex(low).unwrap_or(0));
                at += 2;
            }
            (byte, _) => plain.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Text that stands in a cursor: whoever pages has to hand it back as it is.
pub(crate) fn cursor(key: &str) -> String {
    key.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The key in a cursor of ours.
///
/// # Errors
/// When it is none of ours.
pub(crate) fn behind(cursor: &str) -> Result<String, Problem> {
    let bytes: Option<Vec<u8>> = cursor
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())
        })
        .collect();
    let key = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    // One key has one cursor.
    let key = key.filter(|key| !key.is_empty() && self::cursor(key) == cursor);
    key.ok_or_else(|| {
        Problem::new(
            Code::BadQuery,
            "after 须为上一页的 next",
            "after has to be the next of the page before",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{behind, cursor, object, plain};
    use serde_json::json;

    #[test]
    fn a_query_is_read_as_an_object_with_numbers_where_they_are_wanted() {
        let schema = json!({"properties": {"limit": {"type": ["integer", "null"]}}});
        let text = object("limit=5&state=5&limit=x&a%22b=%E4%B8%AD+%zz", &schema);
        assert_eq!(text, r#"{"limit":5,"state":"5","limit":"x","a\"b":"中 %zz"}"#);
        assert_eq!(object("", &schema), "{}");
        assert_eq!(plain("%ff%"), "\u{fffd}%");
    }

    #[test]
    fn a_cursor_names_the_key_it_was_made_of_and_nothing_else_is_one() {
        assert_eq!(behind(&cursor("T-7/税")).unwrap(), "T-7/税");
        assert!(behind("").is_err() && behind("7").is_err() && behind("é").is_err());
    }
}
