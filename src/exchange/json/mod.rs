//! JSON documents that tell everything that is wrong with them at once.
//!
//! A type's JSON Schema is the one truth about its documents. Reading parses the text to a tree
//! with positions, holds the tree against the schema collecting every issue, and only then decodes
//! the text into the type. Must not know any document, any format of text, any file name.
//!
//! The issues ([`CODES`] has them as data):
//!
//! | code | meaning |
//! |---|---|
//! | J001 | the text is not UTF-8 |
//! | J002 | the text is larger than [`MAX_BYTES`] |
//! | J003 | a punctuation mark is wrong or missing |
//! | J004 | lists and objects are nested deeper than [`MAX_DEPTH`] |
//! | J005 | the text is empty or ends too early |
//! | J006 | text follows the end of the document |
//! | J007 | NaN or Infinity |
//! | J008 | a comma follows the last item |
//! | J009 | a comment |
//! | J010 | wrong quotes or none |
//! | J011 | a number is malformed |
//! | J012 | a string is malformed |
//! | J013 | a field appears twice in one object |
//! | J014 | the text holds more than [`MAX_CELLS`] values and keys |
//! | J020 | a value is of the wrong type |
//! | J021 | a field is missing |
//! | J022 | a field is unknown |
//! | J023 | a value is none of those allowed |
//! | J024 | a number is out of range |
//! | J025 | a whole number is wanted |
//! | J026 | a number is too large to be represented |
//! | J027 | a text is too short or too long |
//! | J028 | a list or object has too few or too many items |
//! | J029 | a text does not follow its format |
//! | J030 | there are more problems than are listed ([`MAX_ISSUES`]) |
//! | J031 | a value fits none of its allowed forms |
//! | J032 | the document cannot be decoded though it follows its schema |
//! | J033 | a list holds the same item twice |
//! | J040 | the document does not state its format |
//! | J041 | the format is unknown |
//! | J042 | the format is newer than this program |
//! | J043 | a field stands under its old and its new name |
//! | J044 | the format is an older one |
//!
//! After an issue J001 to J006, J008 to J010, J012 or J014 nothing more can be read, so it comes
//! alone, or behind the malformed numbers (J007, J011) and repeated fields (J013) before it.

mod check;
mod code;
mod fault;
mod parse;
mod place;
mod say;
mod shape;
pub mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use check::MAX_ISSUES;
pub use code::{CODES, Code};
pub use parse::{MAX_BYTES, MAX_CELLS, MAX_DEPTH};
pub use place::{locate, place_all};
pub use shape::Formats;

pub(super) use place::push_key;
pub(super) use say::{is_hidden, quoted};

use crate::model::issue::{Issue, Issues};
use place::Finding;
use shape::Shape;
use tree::Tree;

/// The JSON Schema of `T`'s documents, draft 2020-12.
#[must_use]
pub fn schema<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

/// Reads `text`, the texts in which follow `formats`.
///
/// # Errors
/// Everything that is wrong with the text, in its order, each issue with its place.
///
/// # Panics
/// If the schema of `T` uses a keyword the checker does not know, or a format not among `formats`.
pub fn read<T: DeserializeOwned + JsonSchema>(text: &[u8], formats: &Formats) -> Result<T, Issues> {
    read_and_look(text, formats, |_| ()).map(|(document, ())| document)
}

/// Reads `text` as [`read`] does, and tells what `look` sees in it as it is written.
///
/// # Errors
/// As [`read`].
///
/// # Panics
/// As [`read`].
pub fn read_and_look<T: DeserializeOwned + JsonSchema, R>(
    text: &[u8],
    formats: &Formats,
    look: impl FnOnce(&Tree<'_>) -> R,
) -> Result<(T, R), Issues> {
    Reader::new(formats).read_and_look(text, look)
}

/// Reads documents of one type again and again: its schema is looked through once.
#[derive(Debug)]
pub struct Reader<T> {
    shape: Shape,
    kind: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + JsonSchema> Reader<T> {
    /// A reader of `T`s, the texts in which follow `formats`.
    ///
    /// # Panics
    /// As [`read`].
    #[must_use]
    pub fn new(formats: &Formats) -> Reader<T> {
        Reader { shape: Shape::new(&schema::<T>(), formats), kind: PhantomData }
    }

    /// Reads `text` as [`read`] does.
    ///
    /// # Errors
    /// As [`read`].
    pub fn read(&self, text: &[u8]) -> Result<T, Issues> {
        self.read_and_look(text, |_| ()).map(|(document, ())| document)
    }

    /// Reads `text` with a 1 in the place of every number that is out of its range, and tells which
    /// these are: what else the document says wrongly can then be told beside them.
    ///
    /// # Errors
    /// As [`read`], where anything else is wrong with it.
    pub fn read_around(&self, text: &[u8]) -> Result<(T, Issues), Issues> {
        let issues = match self.read(text) {
            Ok(document) => return Ok((document, Issues::new())),
            Err(issues) => issues,
        };
        match in_range(text, &issues).and_then(|text| self.read(&text).ok()) {
            Some(document) => Ok((document, issues)),
            None => Err(issues),
        }
    }

    fn read_and_look<R>(
        &self,
        text: &[u8],
        look: impl FnOnce(&Tree<'_>) -> R,
    ) -> Result<(T, R), Issues> {
        let parsed = parse::parse(text);
        let mut findings = parsed.findings;
        if let Some(tree) = &parsed.tree {
            findings.extend(check::check(tree, &self.shape));
        }
        if !findings.is_empty() {
            return Err(listed(text, findings));
        }
        let seen = parsed.tree.as_ref().map(look).expect("without findings there is a tree");
        drop(parsed.tree);
        let bare = text.strip_prefix(parse::BOM).unwrap_or(text);
        let document = serde_json::from_slice(bare);
        let document = document.map_err(|error| listed(text, vec![undecodable(bare, &error)]))?;
        Ok((document, seen))
    }
}

/// `text` without the items of the given rows of its lists, and what the items called themselves
/// by a text in their field `id`. `None` when its syntax is wrong beyond malformed numbers.
#[must_use]
pub fn without(
    text: &[u8],
    rows: &BTreeMap<&str, BTreeSet<usize>>,
) -> Option<(Vec<u8>, Vec<Option<String>>)> {
    let tree = parse::parse(text).tree?;
    let mut cuts = Vec::new();
    let mut names = Vec::new();
    for (list, gone) in rows {
        let list = tree.root().member(list)?;
        let mut kept = Vec::new();
        for (row, item) in list.items().enumerate() {
            if gone.contains(&row) {
                names.push(item.member("id").and_then(|id| Some(id.text()?.into_owned())));
            } else {
                kept.push(item.raw());
            }
        }
        cuts.push((list.offset()..list.end(), format!("[{}]", kept.join(","))));
    }
    cuts.sort_by_key(|(range, _)| range.start);
    let mut rest = tree.source().to_owned();
    for (range, list) in cuts.into_iter().rev() {
        rest.replace_range(range, &list);
    }
    Some((rest.into_bytes(), names))
}

/// `text` with a 1 for every number that is out of its range, where no other issue was found.
fn in_range(text: &[u8], issues: &[Issue]) -> Option<Vec<u8>> {
    let tree = parse::parse(text).tree?;
    let mut rest = tree.source().to_owned();
    // From the last on, so that the places of the others stay as they are.
    let mut end = rest.len();
    for issue in issues.iter().rev() {
        let node = place::value(tree.root(), &issue.path)?;
        if issue.code != "J024" || node.end() > end {
            return None;
        }
        end = node.offset();
        rest.replace_range(end..node.end(), "1");
    }
    Some(rest.into_bytes())
}

/// Reads `text` as JSON of any meaning.
///
/// # Errors
/// The first fault of syntax, or every repeated field.
pub fn parse(text: &[u8]) -> Result<Tree<'_>, Issues> {
    let parsed = parse::parse(text);
    match parsed.tree {
        Some(tree) if parsed.findings.is_empty() => Ok(tree),
        _ => Err(listed(text, parsed.findings)),
    }
}

/// The first [`MAX_ISSUES`] of `findings` with their places, and whether there are more.
fn listed(text: &[u8], findings: Vec<Finding>) -> Issues {
    let mut issues = place::placed(text, findings);
    if issues.len() > MAX_ISSUES {
        issues.truncate(MAX_ISSUES);
        issues.push(say::and_more(MAX_ISSUES));
    }
    issues
}

/// The schema let a document pass that its type refuses.
fn undecodable(text: &[u8], error: &serde_json::Error) -> Finding {
    let line = error.line().saturating_sub(1);
    let before: usize =
        text.split_inclusive(|byte| *byte == b'\n').take(line).map(<[u8]>::len).sum();
    let offset = (before + error.column().saturating_sub(1)).min(text.len().saturating_sub(1));
    let zh = format!("无法解读：{error}");
    Finding::new(offset, Issue::error("J032", "$", zh, format!("cannot be decoded: {error}")))
}
