//! What can go wrong with a request, as problem documents (RFC 9457). The only place that knows
//! status codes: everything else in the house speaks of failures, and answers of [`Success`].

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::Failure;
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues, Severity};
use crate::model::lang::Lang;

/// What the type of every problem begins with; its code follows.
const TYPE: &str = "urn:paidan:problem:";

/// The content type of problem documents.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// The kinds of problems. Their codes are stable: programs may rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    Malformed,
    BadQuery,
    BadHeader,
    NoKey,
    Forbidden,
    NoRoute,
    NotFound,
    WrongMethod,
    TooSlow,
    Conflict,
    KeyReused,
    Cancelled,
    Gone,
    Changed,
    TooLarge,
    WrongType,
    Invalid,
    Impossible,
    Unconditional,
    TooMany,
    Fault,
    Busy,
    Stopping,
    Outside,
    Interrupted,
    TimedOut,
}

/// Code, status, and what it means in both languages.
type Row = (&'static str, u16, &'static str, &'static str);

impl Code {
    /// All of them, by status.
    pub(crate) const ALL: [Code; 26] = [
        Code::Malformed,
        Code::BadQuery,
        Code::BadHeader,
        Code::NoKey,
        Code::Forbidden,
        Code::NoRoute,
        Code::NotFound,
        Code::WrongMethod,
        Code::TooSlow,
        Code::Conflict,
        Code::KeyReused,
        Code::Cancelled,
        Code::Gone,
        Code::Changed,
        Code::TooLarge,
        Code::WrongType,
        Code::Invalid,
        Code::Impossible,
        Code::Unconditional,
        Code::TooMany,
        Code::Fault,
        Code::Busy,
        Code::Stopping,
        Code::Outside,
        Code::Interrupted,
        Code::TimedOut,
    ];

    /// The one that documents call `name`.
    pub(crate) fn named(name: &str) -> Option<Code> {
        Code::ALL.into_iter().find(|code| code.name() == name)
    }

    fn row(self) -> Row {
        match self {
            Code::Malformed => ("malformed", 400, "正文不是 JSON", "the body is no JSON"),
            Code::BadQuery => ("bad_query", 400, "查询参数有误", "the query is wrong"),
            Code::BadHeader => ("bad_header", 400, "请求头有误", "a header is wrong"),
            Code::NoKey => ("no_key", 401, "需要有效的密钥", "a valid key is needed"),
            Code::Forbidden => ("forbidden", 403, "没有权限", "this is not permitted"),
            Code::NoRoute => ("no_route", 404, "没有这个地址", "there is nothing at this address"),
            Code::NotFound => ("not_found", 404, "没有这个对象", "there is no such thing"),
            Code::WrongMethod => {
                ("wrong_method", 405, "此地址不接受该方法", "this address has no such method")
            }
            Code::TooSlow => ("too_slow", 408, "请求发送太慢", "the request came too slowly"),
            Code::Conflict => ("conflict", 409, "与现状冲突", "this conflicts with what is"),
            Code::KeyReused => (
                "key_reused",
                409,
                "幂等键已用于另一请求",
                "the idempotency key belongs to another request",
            ),
            Code::Cancelled => ("cancelled", 409, "已被取消", "it was cancelled"),
            Code::Gone => ("gone", 410, "已不存在", "it is there no more"),
            Code::Changed => ("changed", 412, "对象已被改动", "it was changed in the meantime"),
            Code::TooLarge => ("too_large", 413, "内容太大", "what was sent is too large"),
            Code::WrongType => (
                "wrong_type",
                415,
                "正文须为 application/json",
                "the body must be application/json",
            ),
            Code::Invalid => ("invalid", 422, "内容有误", "the document is wrong"),
            Code::Impossible => ("impossible", 422, "现状下不可行", "as things stand it cannot be"),
            Code::Unconditional => ("unconditional", 428, "须带 If-Match", "If-Match is needed"),
            Code::TooMany => ("too_many", 429, "请求太频繁", "too many requests"),
            Code::Fault => ("fault", 500, "程序出错，请报告", "a fault of the server: report it"),
            Code::Busy => ("busy", 503, "服务器繁忙，请稍后重试", "the server is busy, try again"),
            Code::Stopping => ("stopping", 503, "服务器正在停止", "the server is stopping"),
            Code::Outside => {
                ("outside", 503, "服务器的外部故障", "something the server needs failed")
            }
            Code::Interrupted => (
                "interrupted",
                503,
                "被服务器重启中断，请重新提交",
                "a restart of the server interrupted it: ask again",
            ),
            Code::TimedOut => ("timed_out", 504, "超过处理时限", "the time for an answer is over"),
        }
    }

    /// Its name, as documents write it.
    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    /// The status it goes with.
    pub(crate) fn status(self) -> u16 {
        self.row().1
    }

    /// What it means.
    pub(crate) fn title(self) -> Label {
        let (_, _, zh, en) = self.row();
        Label::new(zh, en)
    }
}

/// How a request ended that went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Success {
    /// Here it is.
    Found,
    /// It was made.
    Made,
    /// It is being worked on.
    Accepted,
    /// Done, and nothing to say.
    Silent,
    /// It is what the asker has.
    Unchanged,
}

impl Success {
    /// The status it goes with.
    pub(crate) fn status(self) -> u16 {
        match self {
            Success::Found => 200,
            Success::Made => 201,
            Success::Accepted => 202,
            Success::Silent => 204,
            Success::Unchanged => 304,
        }
    }
}

/// One thing wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Wrong {
    /// JSON pointer (RFC 6901) to the value concerned; of the query's parameters as one object.
    pub(crate) pointer: String,
    /// The kind of fault, such as `J021`; stable between versions.
    pub(crate) code: Cow<'static, str>,
    /// What is wrong.
    pub(crate) message: Label,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<Label>,
}

impl Wrong {
    /// `issue`, found in the value at `base` of the body.
    pub(crate) fn of(base: &str, issue: Issue) -> Wrong {
        let hint = issue.hint_zh.zip(issue.hint_en);
        Wrong {
            pointer: base.to_owned() + &pointer(&issue.path),
            code: Cow::Borrowed(issue.code),
            message: Label { zh: issue.zh, en: issue.en },
            hint: hint.map(|(zh, en)| Label { zh, en }),
        }
    }

    /// All that is wrong among `issues`; warnings are not.
    pub(crate) fn all(base: &str, issues: Issues) -> Vec<Wrong> {
        let errors = issues.into_iter().filter(|issue| issue.severity == Severity::Error);
        errors.map(|issue| Wrong::of(base, issue)).collect()
    }
}

/// Why a request came to nothing.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) detail: Label,
    pub(crate) errors: Vec<Wrong>,
    /// After so many seconds it may be tried again.
    pub(crate) retry_after: Option<u64>,
    /// Further members, such as what stands against it.
    pub(crate) more: Option<Box<(&'static str, serde_json::Value)>>,
}

/// A problem as it is written: RFC 9457 with the same in both languages.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct Told<'a> {
    /// `urn:paidan:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What the code means, in the language asked for.
    title: &'a str,
    /// The status of the answer.
    status: u16,
    /// What happened, in the language asked for.
    detail: &'a str,
    /// The kind of problem; stable between versions.
    code: &'static str,
    /// What the code means, in both languages.
    titles: &'a Label,
    /// What happened, in both languages.
    details: &'a Label,
    /// Everything wrong with what was sent.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schemars(default)]
    errors: &'a [Wrong],
    /// Seconds after which to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// The request, as logs name it.
    request: &'a str,
    /// What else belongs to it.
    #[serde(flatten)]
    #[schemars(skip)]
    more: std::collections::BTreeMap<&'static str, &'a serde_json::Value>,
}

impl Problem {
    /// A problem of this kind.
    pub(crate) fn new(code: Code, zh: impl Into<String>, en: impl Into<String>) -> Problem {
        Problem::told(code, Label::new(zh, en))
    }

    /// A problem of this kind, told by `detail`.
    pub(crate) fn told(code: Code, detail: Label) -> Problem {
        Problem { code, detail, errors: Vec::new(), retry_after: None, more: None }
    }

    /// A problem whose detail says no more than its code.
    pub(crate) fn plain(code: Code) -> Problem {
        Problem::told(code, code.title())
    }

    /// The same, to be tried again after `seconds`.
    pub(crate) fn after(self, seconds: u64) -> Problem {
        Problem { retry_after: Some(seconds), ..self }
    }

    /// The same with a further member.
    pub(crate) fn with(self, name: &'static str, value: serde_json::Value) -> Problem {
        Problem { more: Some(Box::new((name, value))), ..self }
    }

    /// Everything wrong with what was sent, as one problem of kind `code`.
    pub(crate) fn wrong(code: Code, errors: Vec<Wrong>) -> Problem {
        let (count, title) = (errors.len(), code.title());
        let zh = format!("{}：{count} 处问题", title.zh);
        let en = match count {
            1 => format!("{}: 1 issue", title.en),
            _ => format!("{}: {count} issues", title.en),
        };
        Problem { errors, ..Problem::new(code, zh, en) }
    }

    /// What is wrong with a document that was sent.
    pub(crate) fn of_issues(base: &str, issues: Issues) -> Problem {
        Problem::wrong(Problem::kind_of(issues.iter()), Wrong::all(base, issues))
    }

    /// The kind of problem that documents with these issues are.
    fn kind_of<'i>(issues: impl Iterator<Item = &'i Issue> + Clone) -> Code {
        if issues.clone().any(|issue| issue.code == TOO_LARGE) {
            Code::TooLarge
        } else if issues.clone().any(is_of_syntax) {
            Code::Malformed
        } else {
            Code::Invalid
        }
    }

    /// There is no such thing as `what`.
    pub(crate) fn no_such(zh: &str, en: &str, key: &str) -> Problem {
        Problem::new(Code::NotFound, format!("没有{zh}“{key}”"), format!("there is no {en} {key}"))
    }

    /// The document, in `lang`; `request` names the request.
    pub(crate) fn document(&self, lang: Lang, request: &str) -> Vec<u8> {
        let titles = self.code.title();
        let told = Told {
            kind: format!("{TYPE}{}", self.code.name()),
            title: lang.of(&titles.zh, &titles.en),
            status: self.code.status(),
            detail: lang.of(&self.detail.zh, &self.detail.en),
            code: self.code.name(),
            titles: &titles,
            details: &self.detail,
            errors: &self.errors,
            retry_after: self.retry_after,
            request,
            more: self.more.iter().map(|more| (more.0, &more.1)).collect(),
        };
        serde_json::to_vec(&told).expect("problems are texts and whole numbers")
    }
}

/// The issue of a text that is longer than is read.
const TOO_LARGE: &str = "J002";

/// Whether the text could not be read at all, as opposed to saying the wrong things.
fn is_of_syntax(issue: &Issue) -> bool {
    issue.code.starts_with("J00") || issue.code.starts_with("J01")
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Problem {
        let report = |report: &crate::verify::Report| {
            let count = report.violations.len();
            Problem::new(
                Code::Fault,
                format!("生成的计划违反规则 {count} 处，未予交付"),
                format!("the plan made breaks rules in {count} places and is not handed out"),
            )
        };
        match failure {
            Failure::Document { text, issues } => Problem::of_issues(&base(&text.name), issues),
            Failure::Documents(all) => {
                let all = all.into_iter().map(|(text, issues)| (base(&text.name), issues));
                let all: Vec<(String, Issues)> = all.collect();
                let code = Problem::kind_of(all.iter().flat_map(|(_, issues)| issues));
                let wrong = all.into_iter().flat_map(|(base, issues)| Wrong::all(&base, issues));
                Problem::wrong(code, wrong.collect())
            }
            Failure::Unread(plans) => {
                let wrong = plans.into_iter().flat_map(|unread| {
                    let pointer = base(&unread.path.display().to_string());
                    unread.faults.into_iter().map(move |fault| Wrong {
                        pointer: pointer.clone(),
                        code: Cow::Borrowed(fault.rule.code()),
                        message: Label { zh: fault.zh, en: fault.en },
                        hint: None,
                    })
                });
                Problem::wrong(Code::Invalid, wrong.collect())
            }
            Failure::Wish(label) => Problem::told(Code::Invalid, label),
            Failure::Refused(label) => Problem::told(Code::Impossible, label),
            Failure::Unsound(found) => report(&found),
            Failure::Outside(label) => Problem::told(Code::Outside, label).after(5),
            Failure::Unreadable { path, .. } | Failure::Unwritable { path, .. } => Problem::new(
                Code::Outside,
                format!("无法读写 {}", path.display()),
                format!("cannot read or write {}", path.display()),
            )
            .after(5),
        }
    }
}

/// The pointer to the part of the body called `name`; the body itself has no name.
pub(crate) fn base(name: &str) -> String {
    if name.is_empty() { String::new() } else { pointer(&format!("$.{name}")) }
}

/// A path of an issue, such as `$.tickets[3].steps`, as a JSON pointer: `/tickets/3/steps`.
pub(crate) fn pointer(path: &str) -> String {
    let mut pointer = String::new();
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    while !rest.is_empty() {
        let (name, after) = if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            (name[..end].to_owned(), &name[end..])
        } else if let Some(quoted) = rest.strip_prefix("[\"") {
            // The name may hold brackets and escaped quotes of its own.
            let quoted = &rest[rest.len() - quoted.len() - 1..];
            let mut names = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
            let name = names.next().and_then(Result::ok).unwrap_or_default();
            let after = &quoted[names.byte_offset()..];
            (name, after.strip_prefix(']').unwrap_or_default())
        } else {
            let inner = rest.strip_prefix('[').unwrap_or(rest);
            let end = inner.find(']').unwrap_or(inner.len());
            (inner[..end].to_owned(), inner.get(end + 1..).unwrap_or_default())
        };
        pointer.push('/');
        pointer.push_str(&escaped(&name));
        rest = after;
    }
    pointer
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::{Code, pointer};

    #[test]
    fn paths_of_issues_become_json_pointers() {
        assert_eq!(pointer("$"), "");
        assert_eq!(pointer("$.tickets[3].steps[0].seats"), "/tickets/3/steps/0/seats");
        assert_eq!(pointer("$.travel[\"a/b~c].\\\"d\"].x"), "/travel/a~1b~0c].\"d/x");
    }

    #[test]
    fn codes_are_all_listed_once_by_status() {
        let statuses: Vec<u16> = Code::ALL.iter().map(|code| code.status()).collect();
        assert!(statuses.is_sorted());
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
