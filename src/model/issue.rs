//! Issues: what is wrong with something people wrote, where, and what to do about it. Issues are
//! collected, never thrown one by one. Must not know files: the name is added when they are shown.

use serde::Serialize;

/// Whether the document can be used in spite of the issue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The document is refused.
    Error,
    /// The document is used; somebody should look.
    Warning,
}

/// A position in a text, both numbers counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Place {
    /// The line; lines end with a line feed.
    pub line: usize,
    /// The character within the line (not the byte, not the terminal column).
    pub column: usize,
}

/// One thing wrong with a document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Issue {
    /// The kind of issue, such as `J021`; stable between versions.
    pub code: &'static str,
    /// Whether it forbids using the document.
    pub severity: Severity,
    /// The value concerned, such as `$.tickets[3].steps[0].seats`.
    pub path: String,
    /// Where that is in the text; `None` until somebody who has the text looks it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The name nobody bears, where that is what is wrong.
    #[serde(skip)]
    pub stranger: Option<String>,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// What is wrong, in English.
    pub en: String,
    /// What to do about it, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint_zh: Option<String>,
    /// What to do about it, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint_en: Option<String>,
}

/// Everything found wrong with one document.
pub type Issues = Vec<Issue>;

impl Issue {
    /// An error at `path`, said in both languages, without place and hint.
    #[must_use]
    pub fn error(
        code: &'static str,
        path: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Issue {
        Issue {
            code,
            severity: Severity::Error,
            path: path.into(),
            place: None,
            stranger: None,
            zh: zh.into(),
            en: en.into(),
            hint_zh: None,
            hint_en: None,
        }
    }

    /// A warning at `path`, said in both languages, without place and hint.
    #[must_use]
    pub fn warning(
        code: &'static str,
        path: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Issue {
        Issue { severity: Severity::Warning, ..Issue::error(code, path, zh, en) }
    }

    /// The same issue with advice.
    #[must_use]
    pub fn hint(self, zh: impl Into<String>, en: impl Into<String>) -> Issue {
        Issue { hint_zh: Some(zh.into()), hint_en: Some(en.into()), ..self }
    }
}

/// Whether one of `issues` forbids using the document.
#[must_use]
pub fn has_errors(issues: &[Issue]) -> bool {
    issues.iter().any(|issue| issue.severity == Severity::Error)
}
