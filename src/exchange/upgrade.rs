//! Formats and their versions: which one a text states, and how older texts become current ones.
//! Changes are made in the text itself, so order, spacing and everything else stay as written.
//! Must not know what the fields mean.

use std::ops::Range;

use super::json::tree::{Kind, Node, Tree};
use super::json::{self, push_key, quoted};
use crate::model::issue::{Issue, Issues};

/// The documents there are and the version of each that this program reads.
const DOCUMENTS: &[(&str, u32)] = &[
    ("paidan-scenario", 1),
    ("paidan-plan", 1),
    ("paidan-progress", 1),
    ("paidan-holidays", 1),
    ("paidan-request", 1),
    ("paidan-quote", 1),
    ("paidan-policy", 1),
    ("paidan-changes", 1),
    ("paidan-simulation", 1),
];

/// One field that has a new name in the next version.
struct Rename {
    /// The field whose object, or list of objects, holds it; empty for the document itself.
    holder: &'static str,
    old: &'static str,
    new: &'static str,
}

/// What turns version `from` of `document` into the next.
struct Step {
    document: &'static str,
    from: u32,
    renames: &'static [Rename],
}

const STEPS: &[Step] = &[Step {
    document: "paidan-scenario",
    from: 0,
    renames: &[
        Rename { holder: "", old: "staff", new: "people" },
        Rename { holder: "tickets", old: "due_at", new: "due" },
        Rename { holder: "curves", old: "rate_per_hour_fen", new: "per_hour_fen" },
    ],
}];

/// The format `text` states, such as `paidan-scenario/1`. Reads no further than that field, and
/// answers even when the rest is wrong.
#[must_use]
pub fn format_of(text: &[u8]) -> Option<String> {
    let (mut at, mut depth, mut key) = (0, 0_usize, None);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                let end = text_end(text, at)?;
                let value = &text[at..end];
                if depth == 1 && key == Some(&b"\"format\""[..]) {
                    return serde_json::from_slice(value).ok();
                }
                let colon = text[end..].iter().find(|byte| !byte.is_ascii_whitespace());
                key = (colon == Some(&b':')).then_some(value);
                at = end;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b',' => key = None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset behind the string that begins at `start`.
fn text_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Checks that `text` states `format`, such as `paidan-scenario/1`.
///
/// # Errors
/// One issue that says what it states instead, and what to do.
pub fn require(text: &[u8], format: &str) -> Result<(), Issues> {
    let stated = format_of(text);
    if stated.as_deref() == Some(format) {
        return Ok(());
    }
    let Some(stated) = stated else {
        json::parse(text)?;
        return Err(placed(text, unstated()));
    };
    let wanted = split(format);
    let issue = match (split(&stated), wanted) {
        (Some((document, version)), Some((own, current))) if document == own => {
            if version > current { newer(&stated, current) } else { older(&stated, format) }
        }
        _ => other(&stated, &[format.to_owned()]),
    };
    Err(placed(text, issue))
}

/// `text` in the current version of its format; as it is when it is current already.
///
/// # Errors
/// Faults of syntax, a format that is missing, unknown or newer, or fields that stand under both
/// their old and their new name.
pub fn upgrade(text: &[u8]) -> Result<String, Issues> {
    let mut current = json::parse(text)?.source().to_owned();
    while let Some(next) = next(current.as_bytes())? {
        current = next;
    }
    Ok(current)
}

/// `text` one version further; `None` when its version is current.
fn next(text: &[u8]) -> Result<Option<String>, Issues> {
    let tree = json::parse(text)?;
    let (document, version) = stated(&tree)?;
    let step = STEPS.iter().find(|step| step.document == document && step.from == version);
    step.map(|step| step.applied(&tree)).transpose()
}

/// The document `tree` is and its version, both known here.
fn stated(tree: &Tree<'_>) -> Result<(&'static str, u32), Issues> {
    let text = tree.source().as_bytes();
    let stated = tree.root().member("format").and_then(Node::text);
    let Some(stated) = stated else { return Err(placed(text, unstated())) };
    let known = split(&stated).and_then(|(document, version)| {
        let &(document, current) = DOCUMENTS.iter().find(|(known, _)| *known == document)?;
        Some((document, version, current))
    });
    match known {
        Some((_, version, current)) if version > current => {
            Err(placed(text, newer(&stated, current)))
        }
        Some((document, version, _)) => Ok((document, version)),
        None => {
            let formats: Vec<String> = DOCUMENTS
                .iter()
                .map(|(document, version)| format!("{document}/{version}"))
                .collect();
            Err(placed(text, other(&stated, &formats)))
        }
    }
}

fn split(format: &str) -> Option<(&str, u32)> {
    let (document, version) = format.split_once('/')?;
    Some((document, version.parse().ok()?))
}

impl Step {
    /// The text of `tree`, in this step's version, in the next.
    fn applied(&self, tree: &Tree<'_>) -> Result<String, Issues> {
        let mut changes = Changes { renames: self.renames, edits: Vec::new(), issues: Vec::new() };
        changes.collect(tree.root(), "", "$");
        if let Some(format) = tree.root().member("format") {
            let next = format!("\"{}/{}\"", self.document, self.from + 1);
            changes.edits.push((format.offset()..format.end(), next));
        }
        if !changes.issues.is_empty() {
            json::place_all(tree.source().as_bytes(), &mut changes.issues);
            return Err(changes.issues);
        }
        changes.edits.sort_by_key(|(range, _)| range.start);
        let (mut text, mut at) = (String::with_capacity(tree.source().len()), 0);
        for (range, new) in changes.edits {
            text.push_str(&tree.source()[at..range.start]);
            text.push_str(&new);
            at = range.end;
        }
        text.push_str(&tree.source()[at..]);
        Ok(text)
    }
}

/// What a step changes in one text.
struct Changes {
    renames: &'static [Rename],
    edits: Vec<(Range<usize>, String)>,
    issues: Issues,
}

impl Changes {
    /// Collects from `node`, which the field `holder` holds, and everything inside it.
    fn collect(&mut self, node: Node<'_>, holder: &str, path: &str) {
        for (index, item) in node.items().enumerate() {
            if matches!(item.kind(), Kind::List | Kind::Object) {
                self.collect(item, holder, &format!("{path}[{index}]"));
            }
        }
        for (key, value) in node.members() {
            let name = key.text().unwrap_or_default();
            let rename = self.renames.iter().find(|it| it.holder == holder && it.old == name);
            if let Some(rename) = rename {
                let mut path = path.to_owned();
                push_key(&mut path, &name);
                self.rename(node, key, path, rename);
            }
            if matches!(value.kind(), Kind::List | Kind::Object) {
                let mut path = path.to_owned();
                push_key(&mut path, &name);
                self.collect(value, &name, &path);
            }
        }
    }

    fn rename(&mut self, object: Node<'_>, key: Node<'_>, path: String, rename: &Rename) {
        if object.member(rename.new).is_none() {
            self.edits.push((key.offset()..key.end(), format!("\"{}\"", rename.new)));
            return;
        }
        let (old, new) = (rename.old, rename.new);
        let issue = Issue::error(
            "J043",
            path,
            format!("字段 \"{old}\" 已改名为 \"{new}\"，这里两者都有"),
            format!("the field \"{old}\" is now called \"{new}\"; both are here"),
        );
        self.issues.push(issue.hint("只保留其中一个", "keep one of the two"));
    }
}

fn placed(text: &[u8], issue: Issue) -> Issues {
    let mut issues = vec![issue];
    json::place_all(text, &mut issues);
    issues
}

fn unstated() -> Issue {
    let (document, version) = DOCUMENTS[0];
    Issue::error("J040", "$", "没有写明 format", "the document does not state its format").hint(
        format!("在开头写上，例如 \"format\": \"{document}/{version}\""),
        format!("state it at the beginning, such as \"format\": \"{document}/{version}\""),
    )
}

fn other(stated: &str, known: &[String]) -> Issue {
    let (stated, known) = (quoted(stated), known.join(", "));
    Issue::error(
        "J041",
        "$.format",
        format!("这里不能用 format {stated}"),
        format!("the format {stated} is not known here"),
    )
    .hint(format!("应为：{known}"), format!("expected: {known}"))
}

fn newer(stated: &str, current: u32) -> Issue {
    let stated = quoted(stated);
    Issue::error(
        "J042",
        "$.format",
        format!("format {stated} 比本程序新，本程序读到第 {current} 版"),
        format!("the format {stated} is newer than this program, which reads version {current}"),
    )
    .hint("请升级 paidan", "use a newer paidan")
}

fn older(stated: &str, wanted: &str) -> Issue {
    let stated = quoted(stated);
    Issue::error(
        "J044",
        "$.format",
        format!("format {stated} 是旧版，现为 {wanted}"),
        format!("the format {stated} is an older one; the current one is {wanted}"),
    )
    .hint("先用 paidan upgrade 转换", "convert it with `paidan upgrade` first")
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENTS, STEPS, format_of, require, split, upgrade};

    /// The codes of what is wrong with upgrading `text`.
    fn codes(text: &str) -> Vec<&'static str> {
        upgrade(text.as_bytes()).unwrap_err().iter().map(|issue| issue.code).collect()
    }

    #[test]
    fn an_old_scenario_gets_its_new_names_and_keeps_everything_else() {
        let old =
            "{ \"format\": \"paidan-scenario/0\",\n  \"staff\": [{\"staff\": 1, \"due_at\": 2}],
  \"tickets\": [ {\"id\":\"T\", \"due_at\": \"x\", \"curves\": [{\"rate_per_hour_fen\": 5}]} ] }\n";
        let new =
            "{ \"format\": \"paidan-scenario/1\",\n  \"people\": [{\"staff\": 1, \"due_at\": 2}],
  \"tickets\": [ {\"id\":\"T\", \"due\": \"x\", \"curves\": [{\"per_hour_fen\": 5}]} ] }\n";
        assert_eq!(upgrade(old.as_bytes()).unwrap(), new);
        assert_eq!(upgrade(new.as_bytes()).unwrap(), new);
    }

    #[test]
    fn formats_missing_unknown_and_newer_are_refused() {
        assert_eq!(codes("{}"), ["J040"]);
        assert_eq!(codes("{\"format\": 1}"), ["J040"]);
        assert_eq!(codes("{\"format\": \"paidan-scenario\"}"), ["J041"]);
        assert_eq!(codes("{\"format\": \"other/1\"}"), ["J041"]);
        assert_eq!(codes("{\"format\": \"paidan-plan/9\"}"), ["J042"]);
        assert_eq!(codes("{\"format\": \"paidan-scenario/0\""), ["J005"]);
    }

    #[test]
    fn a_field_under_both_names_is_refused_where_it_is() {
        let text =
            "{\"format\": \"paidan-scenario/0\",\n\"tickets\": [{\"due_at\": 1, \"due\": 2}]}";
        let issues = upgrade(text.as_bytes()).unwrap_err();
        assert_eq!((issues.len(), issues[0].code), (1, "J043"));
        assert_eq!(issues[0].path, "$.tickets[0].due_at");
        assert_eq!(issues[0].place.map(|place| place.line), Some(2));
    }

    #[test]
    fn the_format_is_found_without_reading_on() {
        let of = |text: &str| format_of(text.as_bytes());
        assert_eq!(of("{\"format\": \"a/1\", broken"), Some("a/1".to_owned()));
        assert_eq!(
            of("{\"x\": {\"format\": \"b\"}, \"format\" : \"\\u0061/1\"}"),
            Some("a/1".to_owned())
        );
        assert_eq!(of("{\"x\": \"format\", \"y\": \"\\\"format\\\": 1\"}"), None);
        assert_eq!(of("{\"format\": 1, \"x\": \"y\"}"), None);
        assert_eq!(of("{\"format\": [\"x\"]}"), None);
        for broken in ["", "]", "\"", "{\"format\": \"", "\\", "{\"format\""] {
            assert_eq!(of(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_reader_demands_its_own_format_and_says_what_to_do() {
        let code = |text: &str| {
            require(text.as_bytes(), "paidan-scenario/1").map_err(|issues| issues[0].code)
        };
        assert_eq!(code("{\"format\": \"paidan-scenario/1\"}"), Ok(()));
        assert_eq!(code("{\"format\": \"paidan-scenario/0\"}"), Err("J044"));
        assert_eq!(code("{\"format\": \"paidan-scenario/2\"}"), Err("J042"));
        assert_eq!(code("{\"format\": \"paidan-plan/1\"}"), Err("J041"));
        assert_eq!(code("{}"), Err("J040"));
        assert_eq!(code("{"), Err("J005"));
    }

    #[test]
    fn every_step_leads_towards_a_version_that_is_read() {
        for (document, current) in DOCUMENTS {
            assert_eq!(split(&format!("{document}/{current}")), Some((*document, *current)));
            let steps = STEPS.iter().filter(|step| step.document == *document);
            assert!(steps.clone().all(|step| step.from < *current));
            let from: Vec<u32> = steps.map(|step| step.from).collect();
            assert!(from.is_sorted_by(|left, right| left + 1 == *right), "{document} {from:?}");
        }
    }
}
