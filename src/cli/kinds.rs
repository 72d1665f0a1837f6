//! What `ticket do --help` tells of each kind of happening: its particulars, from the schema of the
//! very type that they are read by.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::app::service::desk::{Particulars, particulars_defined};

/// What opens the list.
const HEAD: &str = "\
Kinds, and what --payload says of each; what stands in brackets may be left out. Moments are \
milliseconds since 1970-01-01T00:00Z, amounts fen.
事项与 --payload 的内容；方括号内可省略。时刻为自 1970-01-01T00:00Z 起的毫秒数，金额以分计。
";

/// Every kind that somebody may say, a line for each.
pub(crate) fn told() -> String {
    let (kinds, definitions) = particulars_defined();
    let line = |one: &Particulars| {
        let kind = one.kind.strip_prefix("ticket.").unwrap_or(&one.kind);
        let fields = fields(&one.payload, &definitions).join(", ");
        format!("  {kind}  {fields}").trim_end().to_owned()
    };
    let lines: Vec<String> = kinds.iter().map(line).collect();
    format!("{HEAD}\n{}", lines.join("\n"))
}

/// The names of an object's members, those that may be left out in brackets, with the words that
/// each may be where it is one of a closed list.
fn fields(schema: &Value, definitions: &Map<String, Value>) -> Vec<String> {
    let schema = resolved(schema, definitions);
    let Some(members) = schema["properties"].as_object() else { return Vec::new() };
    let wanted: Vec<&str> = strings(&schema["required"]);
    // What has to be said comes first.
    let mut rows = BTreeMap::new();
    for (name, member) in members {
        let (words, inner) = (words(member, definitions).join("|"), fields(member, definitions));
        let told = match (words.is_empty(), inner.is_empty()) {
            (false, _) => format!("{name}={words}"),
            (true, false) => format!("{name}={{{}}}", inner.join(", ")),
            (true, true) => name.clone(),
        };
        let is_open = !wanted.contains(&name.as_str());
        rows.insert((is_open, name), if is_open { format!("[{told}]") } else { told });
    }
    rows.into_values().collect()
}

/// The words of a closed list, where a schema is one, may be one, or is a list of them.
fn words<'v>(schema: &'v Value, definitions: &'v Map<String, Value>) -> Vec<&'v str> {
    let schema = resolved(schema, definitions);
    if schema["type"] == "array" {
        return words(&schema["items"], definitions);
    }
    let mut found = strings(&schema["enum"]);
    found.extend(schema["const"].as_str());
    for choice in ["oneOf", "anyOf"] {
        let rows = schema[choice].as_array().into_iter().flatten();
        found.extend(rows.flat_map(|row| words(row, definitions)));
    }
    found
}

fn resolved<'v>(schema: &'v Value, definitions: &'v Map<String, Value>) -> &'v Value {
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    name.and_then(|name| definitions.get(name)).unwrap_or(schema)
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
