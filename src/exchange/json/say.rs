//! The sentences for values that are not what their type wants. Must not know how they are found.

use super::shape::{Form, Rest, Shape, Text};
use super::tree::{Kind, Node};
use crate::calendar::Label;
use crate::model::issue::Issue;
use crate::model::near::nearest;

/// How many names a hint lists.
const LISTED: usize = 24;

/// `text` in quotes, cut to what a line bears, nothing in it able to move a terminal's cursor.
#[must_use]
pub(crate) fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    for letter in text.chars().take(40) {
        if is_hidden(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    let cut = text.chars().nth(40).is_some();
    shown + if cut { "…\"" } else { "\"" }
}

/// Whether showing `letter` could move a terminal's cursor, turn its direction, or show nothing.
pub(crate) fn is_hidden(letter: char) -> bool {
    let directions = matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}');
    let joiners = matches!(letter, '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    letter.is_control() || directions || joiners || matches!(letter, '\u{E0000}'..='\u{E0FFF}')
}

/// `names` in quotes, with commas between.
fn listing<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(quoted).collect();
    match names.get(..LISTED) {
        Some(first) if names.len() > LISTED => format!("{} … ({})", first.join(", "), names.len()),
        _ => names.join(", "),
    }
}

/// What `node` is, in Chinese and English, shown where it is short.
fn found(node: Node<'_>) -> (String, String) {
    match node.kind() {
        Kind::Null => ("null".to_owned(), "null".to_owned()),
        Kind::Flag => (format!("布尔值 {}", node.raw()), format!("the truth value {}", node.raw())),
        Kind::Integer | Kind::Fraction => {
            let number = number(node);
            (format!("数 {number}"), format!("the number {number}"))
        }
        Kind::PlainText | Kind::EscapedText => {
            let text = quoted(&node.text().unwrap_or_default());
            (format!("文字 {text}"), format!("the text {text}"))
        }
        Kind::Broken => (node.raw().to_owned(), node.raw().to_owned()),
        Kind::List => ("列表 [ ]".to_owned(), "a list [ ]".to_owned()),
        Kind::Object => ("对象 { }".to_owned(), "an object { }".to_owned()),
    }
}

/// A number as written, cut to what a line bears.
fn number(node: Node<'_>) -> String {
    let raw = node.raw();
    match raw.get(..32) {
        Some(start) if raw.len() > 32 => format!("{start}…"),
        _ => raw.to_owned(),
    }
}

/// What `form` wants, in Chinese and English.
fn wanted(shape: &Shape, form: &Form) -> (String, String) {
    let (zh, en) = match form {
        Form::Any => ("任意值", "any value"),
        Form::Null => ("null", "null"),
        Form::Flag => ("true 或 false", "true or false"),
        Form::Integer { .. } => ("整数", "a whole number"),
        Form::Number => ("数", "a number"),
        Form::Text(_) => ("文字", "a text"),
        Form::List { .. } | Form::Tuple(_) => ("列表 [ ]", "a list [ ]"),
        Form::Object(_) | Form::Tagged { .. } => ("对象 { }", "an object { }"),
        Form::Same(rule) => return wanted(shape, &shape.rules[*rule].form),
        Form::Either(rules) => {
            let each = rules.iter().map(|rule| wanted(shape, &shape.rules[*rule].form));
            let (mut zh, mut en): (Vec<_>, Vec<_>) = each.unzip();
            zh.dedup();
            en.dedup();
            return (zh.join("或"), en.join(" or "));
        }
    };
    (zh.to_owned(), en.to_owned())
}

/// J020.
pub(super) fn wrong_type(path: String, shape: &Shape, form: &Form, node: Node<'_>) -> Issue {
    let ((want_zh, want_en), (zh, en)) = (wanted(shape, form), found(node));
    let issue = Issue::error(
        "J020",
        path,
        format!("应为{want_zh}，这里是{zh}"),
        format!("expected {want_en}, found {en}"),
    );
    let written = node.text();
    let number = written.is_some_and(|text| text.parse::<i64>().is_ok());
    match (form, node.kind()) {
        (Form::Integer { .. } | Form::Number, _) if number => {
            issue.hint("数字不加引号", "write numbers without quotes")
        }
        (Form::Text(_), Kind::Integer | Kind::Fraction | Kind::Flag) => {
            issue.hint("加上英文双引号", "put it in double quotes")
        }
        (Form::List { .. }, kind) if kind != Kind::Null => {
            issue.hint("只有一项也要写在 [ ] 里", "even a single item stands inside [ ]")
        }
        (_, Kind::Null) => issue.hint(
            "没有值时整个字段省略；必填字段要写出值",
            "leave the field out if it may be absent; otherwise give a value",
        ),
        _ => issue,
    }
}

/// J021.
pub(super) fn missing(path: String, name: &str, options: &[String]) -> Issue {
    let shown = quoted(name);
    let issue = Issue::error(
        "J021",
        path,
        format!("缺少字段 {shown}"),
        format!("the field {shown} is missing"),
    );
    if options.is_empty() {
        return issue;
    }
    let list = listing(options.iter().map(String::as_str));
    issue.hint(format!("可以是：{list}"), format!("one of: {list}"))
}

/// J022. `absent` are the fields of `allowed` that the object does not have yet.
pub(super) fn unknown<'a>(
    path: String,
    name: &str,
    allowed: impl Iterator<Item = &'a str>,
    absent: impl Iterator<Item = &'a str>,
) -> Issue {
    let shown = quoted(name);
    let issue =
        Issue::error("J022", path, format!("未知字段 {shown}"), format!("unknown field {shown}"));
    if let Some(near) = nearest(name, absent) {
        return meant(issue, near);
    }
    let list = listing(allowed);
    if list.is_empty() {
        return issue.hint("这里不能有字段", "no field is allowed here");
    }
    issue.hint(format!("允许的字段：{list}"), format!("allowed fields: {list}"))
}

fn meant(issue: Issue, near: &str) -> Issue {
    let near = quoted(near);
    issue.hint(format!("是不是 {near}？"), format!("did you mean {near}?"))
}

/// J023.
pub(super) fn not_allowed(path: String, written: &str, options: &[String]) -> Issue {
    let shown = quoted(written);
    let list = listing(options.iter().map(String::as_str));
    let issue = Issue::error(
        "J023",
        path,
        format!("{shown} 不在允许值之列：{list}"),
        format!("{shown} is none of the allowed values: {list}"),
    );
    match nearest(written, options.iter().map(String::as_str)) {
        Some(near) => meant(issue, near),
        None => issue,
    }
}

/// J024, or J026 when the number would not fit 64 bits either.
pub(super) fn out_of_range(path: String, node: Node<'_>, (low, high): (i128, i128)) -> Issue {
    let shown = number(node);
    let fits = node.integer().is_some_and(|value| i64::try_from(value).is_ok());
    if !fits {
        return too_large(path, node);
    }
    let open = high >= i128::from(i64::MAX);
    let (zh, en) = match (low <= i128::from(i64::MIN), open) {
        (false, true) => (format!("不得小于 {low}"), format!("must be at least {low}")),
        (true, false) => (format!("不得大于 {high}"), format!("must be at most {high}")),
        _ => (format!("应在 {low} 与 {high} 之间"), format!("must be between {low} and {high}")),
    };
    Issue::error("J024", path, format!("{shown} 超出范围，{zh}"), format!("{shown} {en}"))
}

/// J026.
pub(super) fn too_large(path: String, node: Node<'_>) -> Issue {
    let shown = number(node);
    Issue::error(
        "J026",
        path,
        format!("数 {shown} 过大，无法表示"),
        format!("the number {shown} is too large to be represented"),
    )
    .hint("检查是否多写了位数；编号要加引号", "check the number of digits; codes go in quotes")
}

/// J025.
pub(super) fn not_whole(path: String, node: Node<'_>) -> Issue {
    let shown = number(node);
    Issue::error(
        "J025",
        path,
        format!("应为整数，这里是 {shown}"),
        format!("expected a whole number, found {shown}"),
    )
    .hint(
        "金额以整分计，时间以整分钟计，不带小数点和指数",
        "money is in whole fen, times in whole minutes, without decimal point or exponent",
    )
}

/// J027.
pub(super) fn wrong_length(path: String, text: &Text, length: usize) -> Issue {
    let (zh, en) = bounds(text.low, text.high.unwrap_or(usize::MAX));
    if length == 0 {
        return Issue::error("J027", path, "不能为空", "must not be empty");
    }
    Issue::error(
        "J027",
        path,
        format!("有 {length} 个字，应{zh}"),
        format!("has {length} characters, should have {en}"),
    )
}

/// J028.
pub(super) fn wrong_count(path: String, count: usize, low: usize, high: usize) -> Issue {
    let (zh, en) = bounds(low, high);
    if low == 1 && count == 0 {
        return Issue::error("J028", path, "至少要有一项", "must hold at least one item");
    }
    Issue::error(
        "J028",
        path,
        format!("有 {count} 项，应{zh}"),
        format!("holds {count} items, should hold {en}"),
    )
}

fn bounds(low: usize, high: usize) -> (String, String) {
    match (low, high) {
        (_, usize::MAX) => (format!("至少 {low}"), format!("at least {low}")),
        (0, _) => (format!("至多 {high}"), format!("at most {high}")),
        _ if low == high => (format!("为 {low}"), format!("exactly {low}")),
        _ => (format!("在 {low} 与 {high} 之间"), format!("between {low} and {high}")),
    }
}

/// J029. `reason` comes from the format's check and shows the text itself.
pub(super) fn bad_format(path: String, reason: &Label) -> Issue {
    let cut = |sentence: &str| sentence.chars().take(200).collect::<String>();
    Issue::error("J029", path, cut(&reason.zh), cut(&reason.en))
}

/// J030.
pub(super) fn and_more(limit: usize) -> Issue {
    Issue::error(
        "J030",
        "$",
        format!("问题不止这些，只列出前 {limit} 个"),
        format!("there are more problems; the first {limit} are listed"),
    )
    .hint("先改正这些，再检查一遍", "correct these and check again")
}

/// J031.
pub(super) fn fits_none(path: String, shape: &Shape, form: &Form) -> Issue {
    let issue = Issue::error(
        "J031",
        path,
        "不符合任何一种允许的形式",
        "fits none of the forms allowed here",
    );
    let Form::Either(rules) = form else { return issue };
    let forms: Vec<String> = rules.iter().map(|rule| outline(shape, *rule)).collect();
    let list = forms.join(" | ");
    issue.hint(format!("允许的形式：{list}"), format!("allowed forms: {list}"))
}

/// A form in a few marks, the same in both languages.
fn outline(shape: &Shape, rule: usize) -> String {
    match &shape.rules[rule].form {
        Form::Same(rule) => outline(shape, *rule),
        Form::Text(text) if !text.options.is_empty() => {
            listing(text.options.iter().map(String::as_str))
        }
        Form::Text(_) => "\"…\"".to_owned(),
        Form::Integer { .. } | Form::Number => "0".to_owned(),
        Form::Flag => "true".to_owned(),
        Form::List { .. } | Form::Tuple(_) => "[…]".to_owned(),
        Form::Object(object) => {
            let required = object.fields.iter().filter(|field| field.required);
            let names: Vec<_> =
                required.map(|field| format!("{}: …", quoted(&field.name))).collect();
            let more = names.len() < object.fields.len() || !matches!(object.rest, Rest::Forbidden);
            format!("{{{}{}}}", names.join(", "), if more { " …" } else { "" })
        }
        _ => "…".to_owned(),
    }
}

/// J033.
pub(super) fn twice(path: String, node: Node<'_>) -> Issue {
    let shown = match node.text() {
        Some(text) => quoted(&text),
        None => quoted(node.raw()),
    };
    Issue::error("J033", path, format!("{shown} 重复"), format!("{shown} appears twice"))
        .hint("只保留其中一个", "keep one of the two")
}
