//! Why the service did not do what it was asked: a closed list with codes. Must not know the web;
//! one file there turns these into status codes.

use serde_json::Value;

use super::role::Permission;
use crate::app;
use crate::app::documents::Text;
use crate::calendar::Label;
use crate::desk;
use crate::model::issue::Issues;
use crate::store;

/// Why a caller is not known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unidentified {
    /// Nothing was shown.
    Missing,
    /// What was shown is no key.
    Malformed,
    /// It looks like a key, and its check digits say that it was mistyped or cut off.
    Mistyped,
    /// There is no such key.
    Unknown,
    /// It has expired.
    Expired,
    /// It was taken back, or another has taken its place.
    Revoked,
}

/// Why one of several things asked together cannot be.
#[derive(Debug)]
pub struct OfOne {
    /// Its place among those asked for.
    pub place: usize,
    /// What it is called.
    pub key: String,
    /// Why.
    pub refusal: Refusal,
}

/// Why the service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A001: nobody knows who asks.
    #[error("the caller is not known: {0:?}")]
    Unidentified(Unidentified),
    /// A002: the caller may not.
    #[error("permission {} is needed", .0.name())]
    Forbidden(Permission),
    /// A003: there is no such thing, or not for this caller.
    #[error("there is no {kind} {key}")]
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// Which.
        key: String,
    },
    /// A004: what is to be changed has changed since it was read.
    #[error("{kind} {key} is at version {actual}")]
    Stale {
        /// What kind of thing.
        kind: &'static str,
        /// Which.
        key: String,
        /// The version it has; 0 when there is none.
        actual: u64,
    },
    /// A005: a request with this idempotency key was made with another body.
    #[error("the idempotency key {0} was used for another request")]
    OtherBody(String),
    /// A006: there is such a thing already.
    #[error("there is a {kind} {key} already")]
    Taken {
        /// What kind of thing.
        kind: &'static str,
        /// Which.
        key: String,
    },
    /// A007: somebody else was faster; what stands now is told beside it.
    #[error("{}", .label.en)]
    Outrun {
        /// What happened.
        label: Label,
        /// What stands now, such as the difference between two plans or new options.
        beside: Value,
    },
    /// A008: as things stand it cannot be.
    #[error("{}", .0.en)]
    Impossible(Label),
    /// A009: what was asked for makes no sense.
    #[error("{}", .0.en)]
    Wish(Label),
    /// A010: what was sent cannot be used.
    #[error("{} is wrong in {} places", .text.name, .issues.len())]
    Faulty {
        /// What was sent.
        text: Text,
        /// All that is wrong with it.
        issues: Issues,
    },
    /// A013: the request with this idempotency key was done, and what it made, or the answer, was
    /// erased since.
    #[error("the request {0} was done, and what it made is gone")]
    Gone(String),
    /// A014: of several things asked together some cannot be, and nothing was done.
    #[error("{} of the tickets cannot be served", .0.len())]
    Several(Vec<OfOne>),
    /// A015: the caller does not speak for this person.
    #[error("the caller does not speak for {0}")]
    NotHis(String),
    /// D001 and on: a rule of the desk forbids it.
    #[error("{}: {}", .0.code(), .0.because().en)]
    Desk(desk::refusal::Refusal),
    /// Something of the use cases below.
    #[error(transparent)]
    Failure(#[from] app::Failure),
    /// Something of the store.
    #[error(transparent)]
    Store(store::Failure),
}

impl From<store::Failure> for Refusal {
    fn from(failure: store::Failure) -> Refusal {
        Refusal::Store(failure)
    }
}

impl Refusal {
    /// Whether it is more than is written at a time.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        use store::Refusal::TooLarge;
        matches!(self, Refusal::Store(store::Failure::Refused(TooLarge { .. })))
    }

    /// Whether it is about what was asked for, and not about what fails outside.
    pub(super) fn is_of_the_asked(&self) -> bool {
        !matches!(self, Refusal::Store(_) | Refusal::Failure(_))
    }

    /// Whether what was kept cannot be read: of one thing, which says nothing of others.
    pub(super) fn is_damage(&self) -> bool {
        matches!(self, Refusal::Store(store::Failure::Damaged(_)))
    }

    /// What became of a batch: somebody else has changed what it relied on, or the store failed.
    pub(super) fn of_commit(failure: store::Failure) -> Refusal {
        match failure {
            store::Failure::Refused(store::Refusal::Revised { kind, key, expected, actual }) => {
                match (expected, named(&kind)) {
                    (0, Some(kind)) => Refusal::Taken { kind, key },
                    (_, Some(kind)) => Refusal::Stale { kind, key, actual },
                    (expected, None) => {
                        Refusal::Store(store::Failure::Refused(store::Refusal::Revised {
                            kind,
                            key,
                            expected,
                            actual,
                        }))
                    }
                }
            }
            store::Failure::Refused(store::Refusal::Missing { kind, key }) => match named(&kind) {
                Some("client") => super::base::stranger("client", "客户", &key),
                _ => Refusal::Store(store::Refusal::Missing { kind, key }.into()),
            },
            store::Failure::Refused(store::Refusal::Moved { stream, expected, actual })
                if stream.kind == "ticket" =>
            {
                let (kind, key) = ("ticket", stream.key);
                if expected == 0 {
                    Refusal::Taken { kind, key }
                } else {
                    Refusal::Stale { kind, key, actual }
                }
            }
            other => Refusal::Store(other),
        }
    }

    /// Its code, stable between versions.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unidentified(_) => "A001",
            Refusal::Forbidden(_) => "A002",
            Refusal::Unknown { .. } => "A003",
            Refusal::Stale { .. } => "A004",
            Refusal::OtherBody(_) => "A005",
            Refusal::Taken { .. } => "A006",
            Refusal::Outrun { .. } => "A007",
            Refusal::Impossible(_) => "A008",
            Refusal::Wish(_) => "A009",
            Refusal::Faulty { .. } => "A010",
            Refusal::Gone(_) => "A013",
            Refusal::Several(_) => "A014",
            Refusal::NotHis(_) => "A015",
            Refusal::Desk(refusal) => refusal.code(),
            Refusal::Failure(_) => "A011",
            Refusal::Store(store::Failure::Refused(refusal)) => refusal.code(),
            Refusal::Store(_) => "A012",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(&self) -> Label {
        match self {
            Refusal::Unidentified(why) => why.label(),
            Refusal::Forbidden(permission) => Label::new(
                format!("此密钥没有权限 {}：请换用有此权限的角色", permission.name()),
                format!("this needs the permission {}: use a role that has it", permission.name()),
            ),
            Refusal::Unknown { kind, key } => unknown(kind, key),
            Refusal::Stale { kind, key, actual } => Label::new(
                format!("{kind} {key} 已是第 {actual} 版：请重新读取后再改"),
                format!(
                    "{kind} {key} is at version {actual} by now: read it again, then change it"
                ),
            ),
            Refusal::OtherBody(key) => Label::new(
                format!("幂等键 {key} 已用于另一请求：请换一个"),
                format!("the idempotency key {key} was used for another request: choose another"),
            ),
            Refusal::Taken { kind, key } => Label::new(
                format!("{kind} {key} 已经存在：请换一个编号"),
                format!("there is a {kind} {key} already: call it something else"),
            ),
            Refusal::Outrun { label, .. } | Refusal::Impossible(label) | Refusal::Wish(label) => {
                label.clone()
            }
            Refusal::NotHis(person) => not_his(person),
            Refusal::Gone(key) => Label::new(
                format!("请求 {key} 早已办理，所建对象或答复后来已删除：请勿重发"),
                format!(
                    "the request {key} was done before, and what it made, or the answer, was \
                     erased since: do not send it again"
                ),
            ),
            Refusal::Faulty { issues, .. } => Label::new(
                format!("内容有 {} 处问题", issues.len()),
                format!("what was sent is wrong in {} places", issues.len()),
            ),
            Refusal::Several(all) => Label::new(
                format!("{} 张工单不能如此办理，均未登记", all.len()),
                match all.len() {
                    1 => "of one ticket it cannot be, and nothing was put on record".to_owned(),
                    count => {
                        format!("of {count} tickets it cannot be, and nothing was put on record")
                    }
                },
            ),
            Refusal::Desk(refusal) => {
                let (code, because, hint) = (refusal.code(), refusal.because(), refusal.hint());
                Label::new(
                    format!("{code} {}：{}", because.zh, hint.zh),
                    format!("{code} {}: {}", because.en, hint.en),
                )
            }
            Refusal::Failure(failure) => label_of(failure),
            Refusal::Store(failure) => failure.label(),
        }
    }
}

/// That there is no such thing; what nobody may be told the name of has none.
fn unknown(kind: &str, key: &str) -> Label {
    match key {
        "" => Label::new(
            format!("没有这个 {kind}：请核对"),
            format!("there is no such {kind}: check what it is called"),
        ),
        key => Label::new(
            format!("没有 {kind} {key}：请核对编号"),
            format!("there is no {kind} {key}: check what it is called"),
        ),
    }
}

/// That somebody does not speak for `person`.
fn not_his(person: &str) -> Label {
    Label::new(
        format!("不能替 {person} 登记：本人登录，或换用 key create --person {person} 的密钥"),
        format!(
            "you do not speak for {person}: he signs in himself, or a key made with --person \
             {person} says it"
        ),
    )
}

/// The kinds of documents callers know.
fn named(kind: &str) -> Option<&'static str> {
    let kinds =
        ["base", "client", "person", "absence", "ticket", "hook", "draft", "policy", "quote"];
    kinds.into_iter().find(|known| *known == kind)
}

/// For the command line, whose owner needs no permission.
impl From<Refusal> for app::Failure {
    fn from(refusal: Refusal) -> app::Failure {
        let label = refusal.label();
        match refusal {
            Refusal::Failure(failure) => failure,
            Refusal::Store(failure) => failure.into(),
            Refusal::Faulty { text, issues } => app::Failure::Document { text, issues },
            Refusal::Wish(_) | Refusal::Unknown { .. } => app::Failure::Wish(label),
            Refusal::Several(all) => app::Failure::Refused(listed(label, &all)),
            _ => app::Failure::Refused(label),
        }
    }
}

/// `head`, and a line for each ticket with what is in its way.
fn listed(head: Label, all: &[OfOne]) -> Label {
    all.iter().fold(head, |Label { mut zh, mut en }, one| {
        let why = one.refusal.label();
        zh += &format!("\n  {}：{}", one.key, why.zh);
        en += &format!("\n  {}: {}", one.key, why.en);
        Label { zh, en }
    })
}

/// What a use case below says, where it says it in both languages itself.
fn label_of(failure: &app::Failure) -> Label {
    use app::Failure;

    match failure {
        Failure::Wish(label) | Failure::Refused(label) | Failure::Outside(label) => label.clone(),
        Failure::Document { issues, .. } => Label::new(
            format!("内容有 {} 处问题", issues.len()),
            format!("what was sent is wrong in {} places", issues.len()),
        ),
        Failure::Documents(_) | Failure::Unread(_) => {
            Label::new("这些文档不能一起使用", "these documents cannot be used together")
        }
        Failure::Unsound(_) => Label::new(
            "程序出错：求得的计划违反规则，因此没有交出",
            "a fault of this program: the plan it made breaks rules and is not handed out",
        ),
        Failure::Unreadable { path, .. } => Label::new(
            format!("无法读取 {}", path.display()),
            format!("cannot read {}", path.display()),
        ),
        Failure::Unwritable { path, .. } => Label::new(
            format!("无法写入 {}", path.display()),
            format!("cannot write {}", path.display()),
        ),
    }
}

impl Unidentified {
    /// What people read. Whoever tries out keys learns no more than whoever mistypes one.
    #[must_use]
    pub fn label(self) -> Label {
        match self {
            Unidentified::Missing => Label::new(
                "请出示密钥：Authorization: Bearer pd_…",
                "show a key: Authorization: Bearer pd_…",
            ),
            Unidentified::Malformed => Label::new(
                "这不是派单的密钥：密钥以 pd_ 开头",
                "this is no key of paidan: keys begin with pd_",
            ),
            Unidentified::Mistyped => Label::new(
                "密钥抄写有误或不完整：请重新复制",
                "the key is mistyped or cut off: copy it again",
            ),
            Unidentified::Unknown => {
                Label::new("没有这个密钥：请向管理员索取", "there is no such key: ask for one")
            }
            Unidentified::Expired => Label::new(
                "密钥已过期：请向管理员索取新的",
                "the key has expired: ask for a new one",
            ),
            Unidentified::Revoked => Label::new(
                "密钥已收回：请向管理员索取新的",
                "the key was taken back: ask for a new one",
            ),
        }
    }
}
