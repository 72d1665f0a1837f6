//! Between paths, byte offsets and lines: where in a text a value stands. Must not know what is
//! wrong there.

use std::collections::BTreeMap;

use super::parse;
use super::tree::{Kind, Node};
use crate::model::issue::{Issue, Place};

/// An issue at a byte of the text, not yet given its line.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) offset: usize,
    pub(super) issue: Issue,
    /// A second place the sentence ends with: its offset, and what is there in both languages.
    pub(super) also: Option<(usize, &'static str, &'static str)>,
}

impl Finding {
    pub(super) fn new(offset: usize, issue: Issue) -> Finding {
        Finding { offset, issue, also: None }
    }
}

/// The issues of `findings` in the order of the text, each with its place.
pub(super) fn placed(text: &[u8], mut findings: Vec<Finding>) -> Vec<Issue> {
    findings.sort_by_key(|finding| finding.offset);
    let offsets = findings.iter().flat_map(|finding| {
        std::iter::once(finding.offset).chain(finding.also.map(|(offset, ..)| offset))
    });
    let places = places(text, offsets);
    let finish = |finding: Finding| {
        let mut issue = finding.issue;
        issue.place = Some(places[&finding.offset]);
        if let Some((offset, zh, en)) = finding.also {
            let Place { line, column } = places[&offset];
            issue.zh += &format!("（{zh}第 {line} 行第 {column} 列）");
            issue.en += &format!(" ({en} line {line}, column {column})");
        }
        issue
    };
    findings.into_iter().map(finish).collect()
}

/// The places of `offsets`, found in one pass over `text`.
fn places(text: &[u8], offsets: impl Iterator<Item = usize>) -> BTreeMap<usize, Place> {
    let mut places: BTreeMap<usize, Place> =
        offsets.map(|offset| (offset, Place { line: 1, column: 1 })).collect();
    let mut at = if text.starts_with(parse::BOM) { parse::BOM.len() } else { 0 };
    let mut place = Place { line: 1, column: 1 };
    for (&offset, found) in &mut places {
        for &byte in text.get(at..offset.min(text.len())).unwrap_or_default() {
            if byte == b'\n' {
                place = Place { line: place.line + 1, column: 1 };
            } else if byte & 0xC0 != 0x80 {
                place.column += 1;
            }
        }
        at = at.max(offset);
        *found = place;
    }
    places
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The characters of a name that a path shows; texts could hold names of any length.
const LONGEST_NAME: usize = 200;

/// `path` with `.name` or `["any name"]` behind it.
pub(crate) fn push_key(path: &mut String, name: &str) {
    if name.chars().nth(LONGEST_NAME).is_some() {
        let beginning: String = name.chars().take(LONGEST_NAME - 1).collect();
        return push_key(path, &(beginning + "…"));
    }
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if name.chars().all(plain) && name.starts_with(|first: char| !first.is_ascii_digit()) {
        path.push('.');
        path.push_str(name);
    } else {
        path.push('[');
        path.push_str(&serde_json::Value::from(name).to_string());
        path.push(']');
    }
}

/// The steps of `path`; `None` when it is not of the form issues use.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(Step::Key(name[..end].to_owned()));
            rest = &name[end..];
        } else if let Some(quoted) = rest.strip_prefix('[').filter(|inner| inner.starts_with('"')) {
            let mut names = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
            steps.push(Step::Key(names.next()?.ok()?));
            rest = quoted[names.byte_offset()..].strip_prefix(']')?;
        } else {
            let (index, after) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
        }
    }
    Some(steps)
}

/// The value at `path`, if there is one.
pub(super) fn value<'t>(root: Node<'t>, path: &str) -> Option<Node<'t>> {
    steps(path)?.into_iter().try_fold(root, |node, step| match step {
        Step::Key(name) => node.member(&name),
        Step::Index(row) => node.items().nth(row),
    })
}

/// Where the value at `path` begins; where its nearest existing parent begins when there is no
/// such value. `None` when the text is no JSON or the path is malformed.
#[must_use]
pub fn locate(text: &[u8], path: &str) -> Option<Place> {
    let tree = parse::parse(text).tree?;
    let offset = Finder::default().offset(tree.root(), &steps(path)?);
    places(text, std::iter::once(offset)).remove(&offset)
}

/// Gives a place to each of `issues` that has none, reading the text once for all of them.
pub fn place_all(text: &[u8], issues: &mut [Issue]) {
    if issues.iter().all(|issue| issue.place.is_some()) {
        return;
    }
    let Some(tree) = parse::parse(text).tree else { return };
    let mut finder = Finder::default();
    let mut found = Vec::new();
    for (row, issue) in issues.iter().enumerate().filter(|(_, issue)| issue.place.is_none()) {
        if let Some(steps) = steps(&issue.path) {
            found.push((row, finder.offset(tree.root(), &steps)));
        }
    }
    let places = places(text, found.iter().map(|(_, offset)| *offset));
    for (row, offset) in found {
        issues[row].place = places.get(&offset).copied();
    }
}

/// Follows paths; remembers the items of every list it has walked, by the list's offset.
#[derive(Default)]
struct Finder<'t> {
    lists: BTreeMap<usize, Vec<Node<'t>>>,
}

impl<'t> Finder<'t> {
    fn offset(&mut self, root: Node<'t>, steps: &[Step]) -> usize {
        let mut node = root;
        for step in steps {
            let inner = match step {
                Step::Key(name) => node.member(name),
                Step::Index(index) if node.kind() == Kind::List => {
                    let items = self.lists.entry(node.offset());
                    items.or_insert_with(|| node.items().collect()).get(*index).copied()
                }
                Step::Index(_) => None,
            };
            let Some(inner) = inner else { break };
            node = inner;
        }
        node.offset()
    }
}
