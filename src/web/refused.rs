//! What the service refuses, as problem documents.

use std::borrow::Cow;

use super::error::{Code, Problem, Wrong, base};
use crate::app::service::{OfOne, Refusal};
use crate::calendar::Label;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let (label, is_too_large) = (refusal.label(), refusal.is_too_large());
        match refusal {
            Refusal::Unidentified(_) => Problem::told(Code::NoKey, label),
            Refusal::Forbidden(permission) => {
                Problem::told(Code::Forbidden, label).with("permission", permission.name().into())
            }
            Refusal::Unknown { .. } => Problem::told(Code::NotFound, label),
            Refusal::Stale { actual, .. } => {
                Problem::told(Code::Changed, label).with("version", actual.into())
            }
            Refusal::OtherBody(_) => Problem::told(Code::KeyReused, label),
            Refusal::Gone(_) => Problem::told(Code::Gone, label),
            Refusal::Taken { .. } => Problem::told(Code::Conflict, label),
            Refusal::Outrun { beside, .. } => {
                Problem::told(Code::Conflict, label).with("beside", beside)
            }
            Refusal::Impossible(_) => Problem::told(Code::Impossible, label),
            Refusal::Wish(_) => Problem::told(Code::Invalid, label),
            Refusal::Faulty { text, issues } => Problem::of_issues(&base(&text.name), issues),
            Refusal::NotHis(_) => of_others(label),
            Refusal::Desk(refusal) => of_desk(&refusal),
            Refusal::Several(all) => of_several(label, all),
            Refusal::Failure(failure) => Problem::from(failure),
            Refusal::Store(_) if is_too_large => Problem::told(Code::TooLarge, label),
            Refusal::Store(_) => Problem::told(Code::Outside, label).after(5),
        }
    }
}

/// That somebody speaks for a person who is not his to speak for.
fn of_others(label: Label) -> Problem {
    let wrong = Wrong {
        pointer: "/person".to_owned(),
        code: Cow::Borrowed("A015"),
        message: label.clone(),
        hint: Some(Label::new(
            "新建密钥时写明 people（命令行 --person）",
            "name them as people when the key is made (--person on the command line)",
        )),
    };
    Problem { errors: vec![wrong], ..Problem::told(Code::Forbidden, label) }
}

/// What a rule of the desk forbids: wrong in itself, or at odds with how the ticket stands.
fn of_desk(refusal: &crate::desk::refusal::Refusal) -> Problem {
    let is_wrong = crate::app::service::desk::is_about_what_was_said(refusal);
    let code = if is_wrong { Code::Invalid } else { Code::Conflict };
    let wrong = Wrong {
        pointer: String::new(),
        code: Cow::Borrowed(refusal.code()),
        message: refusal.because(),
        hint: Some(refusal.hint()),
    };
    Problem { errors: vec![wrong], ..Problem::told(code, refusal.because()) }
}

/// What forbids it of several tickets, each by its place in the body: wrong in itself where that is
/// so of all of them.
fn of_several(label: Label, all: Vec<OfOne>) -> Problem {
    let mut code = Code::Invalid;
    let mut errors = Vec::new();
    for OfOne { place, key, refusal } in all {
        let (own, why) = (refusal.code(), refusal.label());
        let problem = Problem::from(refusal);
        if problem.code != Code::Invalid {
            code = Code::Conflict;
        }
        let named = |why: Label| Label {
            zh: format!("{key}：{}", why.zh),
            en: format!("{key}: {}", why.en),
        };
        let at = |pointer: &str| format!("/tickets/{place}{pointer}");
        if problem.errors.is_empty() {
            let (pointer, code) = (at(""), Cow::Borrowed(own));
            errors.push(Wrong { pointer, code, message: named(why), hint: None });
        }
        errors.extend(problem.errors.into_iter().map(|wrong| Wrong {
            pointer: at(&wrong.pointer),
            message: named(wrong.message),
            ..wrong
        }));
    }
    Problem { errors, ..Problem::told(code, label) }
}
