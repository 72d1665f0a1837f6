//! Words for people, always in both languages.

use std::fmt;

/// A name or sentence in Chinese and English.
#[derive(
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// In Chinese (中文).
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Label {
    /// The two wordings together.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Label {
        Label { zh: zh.into(), en: en.into() }
    }
}

/// English, then Chinese: for places that hold a single line.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.en, self.zh)
    }
}

impl std::error::Error for Label {}

/// Something wrong in a calendar or holiday table, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Field path inside the checked object, such as `weekly.mon[1]`.
    pub path: String,
    /// What is wrong there.
    pub what: Label,
}

impl Fault {
    pub(super) fn new(path: impl Into<String>, zh: String, en: String) -> Fault {
        Fault { path: path.into(), what: Label { zh, en } }
    }
}
