//! What the desk knows of a ticket, in lines for people.

use std::fmt::Write as _;

use serde::Serialize;

use crate::app::service::desk::{
    Able, BillRow, DefectRow, Dossier, MaterialRow, Response, Retrospect, ToBring, Urgency,
};
use crate::app::service::tickets::ShownTicket;
use crate::calendar::Label;
use crate::cli::telling::settlement;
use crate::desk::closing;
use crate::desk::life::Settlement;
use crate::model::lang::Lang;
use crate::model::ticket::Role;
use crate::time::Money;

/// A ticket with all that the desk knows of it.
#[derive(Serialize)]
pub(crate) struct Whole {
    #[serde(flatten)]
    pub(crate) ticket: ShownTicket,
    /// None for one that is not on the desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dossier: Option<Dossier>,
}

/// What the desk knows, a line for each thing there is to say.
pub(crate) fn told(dossier: &Dossier, lang: Lang) -> String {
    let mut text = String::new();
    if let Some(phase) = &dossier.phase {
        line(&mut text, lang, ("阶段", "phase"), &said(phase, lang));
    }
    if let Some(since) = dossier.late_since {
        line(&mut text, lang, ("已逾期，原定", "late, it was owed by"), &since.to_string());
    }
    if let Some(urgency) = &dossier.urgency {
        line(&mut text, lang, ("紧急等级", "urgency"), &urgent(urgency, lang));
    }
    if let Some(first) = &dossier.first {
        let _ = writeln!(text, "  {}", said(&first.told, lang));
    }
    if let Some(open) = &dossier.left_open {
        let _ = writeln!(text, "  {}", said(open, lang));
    }
    if let Some(response) = &dossier.response {
        line(&mut text, lang, ("响应", "response"), &answering(response, lang));
    }
    for (part, name) in [
        (Role::Driver, ("可推进", "could drive")),
        (Role::Liaison, ("可对接", "could be liaison")),
        (Role::Reviewer, ("可审核", "could review")),
    ] {
        let own = dossier.candidates.iter().filter(|one| one.part == part);
        let people: Vec<String> = own.map(|one| able(one, lang)).collect();
        if !people.is_empty() {
            line(&mut text, lang, name, &people.join(lang.of("、", ", ")));
        }
    }
    let open = dossier.material.iter().filter(|row| !row.is_done());
    let open: Vec<String> = open.map(|row| material(row, lang)).collect();
    if !open.is_empty() && dossier.confirmation.completed.is_none() {
        line(&mut text, lang, ("材料清单", "material"), &open.join(lang.of("、", ", ")));
    }
    if let Some(bring) = &dossier.to_bring {
        line(&mut text, lang, ("请客户提供", "the client brings"), &brought(bring, lang));
    }
    ending(&mut text, dossier, lang);
    text
}

/// How it ends: the files, what calling off comes to, what was learned, what is left.
fn ending(text: &mut String, dossier: &Dossier, lang: Lang) {
    let files: Vec<&str> =
        dossier.confirmation.files.iter().map(|file| file.name.as_str()).collect();
    if !files.is_empty() {
        line(text, lang, ("结果文件", "files"), &files.join(lang.of("、", ", ")));
    }
    let confirmed = &dossier.confirmation;
    if let (Some(completed), Some(digest)) = (confirmed.completed, &confirmed.digest) {
        line(text, lang, ("确认单", "confirmation"), &format!("{completed} {digest}"));
    }
    let look = looked_back(&dossier.retrospect, lang);
    if !look.is_empty() {
        line(text, lang, ("计划与实际", "planned and actual"), &look);
    }
    let is_any =
        |one: &&Settlement| !one.undone.is_empty() || one.billed_fen > 0 || one.refund_fen > 0;
    if let Some(settled) = dossier.calling_off.as_ref().filter(is_any) {
        let name = match dossier.stage.may_be_called_off() {
            true => ("若现在取消", "if called off now"),
            false => ("取消结算", "called off"),
        };
        line(text, lang, name, &settlement(settled, lang));
    }
    for one in &dossier.bills {
        line(text, lang, ("账单", "bill"), &bill(one, lang));
    }
    for one in &dossier.entitled {
        let (name, left) = (said(&one.name, lang), one.left);
        let next = one.next_fen.map(|fen| Money(fen).to_string()).unwrap_or_default();
        let rest = lang.of(format!("剩 {left} 次"), format!("{left} left"));
        line(text, lang, ("权益", "entitled"), format!("{name} {rest} {next}").trim());
    }
    for one in &dossier.words.defects {
        line(text, lang, ("签收后差错", "found after signature"), &defect(one, lang));
    }
    let odd = &dossier.exceptions;
    for one in &odd.set_aside {
        let sum = lang.of(
            format!("{} 由 {} 暂停适用至 {}", one.rule, one.approver, one.until),
            format!("{} set aside by {} until {}", one.rule, one.approver, one.until),
        );
        line(text, lang, ("特例", "exception"), &sum);
    }
    for (name, what) in
        [(("异常", "went wrong"), &odd.anomaly), (("受阻", "blocked"), &odd.blocked)]
    {
        if let Some(what) = what {
            line(text, lang, name, what);
        }
    }
}

/// A bill: how much, since when, and what became of it.
fn bill(one: &BillRow, lang: Lang) -> String {
    let (amount, given) = (Money(one.amount_fen), one.given);
    let became = match (one.paid, one.replaced) {
        (Some(paid), _) => lang.of(format!("{paid} 已付"), format!("paid {paid}")),
        (None, Some(by)) => lang.of(format!("{by} 被取代"), format!("replaced {by}")),
        _ if one.amount_fen == 0 => return format!("{amount} {given}"),
        _ => lang.of("未付".to_owned(), "not paid".to_owned()),
    };
    format!("{amount} {given}{}{became}", lang.of("，", ", "))
}

/// An error found after the signature: what, why, by whom, and what puts it right or did.
fn defect(one: &DefectRow, lang: Lang) -> String {
    let (what, by) = (said(&one.code.label(), lang), said(&one.found_by.label(), lang));
    let text = lang.of(
        format!("{what}：{}（{by}发现）", one.reason),
        format!("{what}: {} (by {by})", one.reason),
    );
    let text = match &one.follow_up {
        Some(ticket) => text + " → " + ticket,
        None => text,
    };
    match (one.mended, &one.needs_none) {
        (Some(at), _) => text + &lang.of(format!("，{at} 已改正"), format!(", put right {at}")),
        (None, Some(why)) => {
            text + &lang.of(format!("，无须改正：{why}"), format!(", nothing to do: {why}"))
        }
        (None, None) => text + lang.of("，待改正", ", to be put right"),
    }
}

fn line(text: &mut String, lang: Lang, (zh, en): (&str, &str), what: &str) {
    let _ = writeln!(text, "  {}{}{what}", lang.of(zh, en), lang.of("：", ": "));
}

fn said(label: &Label, lang: Lang) -> String {
    lang.of(label.zh.clone(), label.en.clone())
}

fn urgent(urgency: &Urgency, lang: Lang) -> String {
    let mut text = said(&urgency.name, lang);
    if let Some(from) = urgency.counted_from {
        text += &lang.of(format!("，{from} 起计"), format!(", counted from {from}"));
    }
    for curve in &urgency.curves {
        let (once, hour, day) = (curve.fixed_fen, curve.per_hour_fen, curve.per_day_fen);
        for (money, zh, en) in
            [(once, "一次", "once"), (hour, "每小时", "an hour"), (day, "每天", "a day")]
        {
            if money > Money::ZERO {
                text += &lang.of(format!("，{zh} {money}"), format!(", {money} {en}"));
            }
        }
    }
    if let Some(slack) = urgency.normal_slack_ms {
        let hours = slack.div_euclid(3_600_000);
        text += &lang.of(
            format!("；常规流程早 {hours} 小时"),
            format!("; the normal track is {hours} h early"),
        );
    }
    text
}

fn answering(response: &Response, lang: Lang) -> String {
    let Response { level, called_for, name, .. } = response;
    let who = said(name, lang);
    let mut text = lang.of(
        format!("现为 {level} 级，应为 {called_for} 级（{who}）"),
        format!("level {level}, called for {called_for} ({who})"),
    );
    if let Some(by) = response.passed_on_by.map(|post| post.label()) {
        text += &lang.of(format!("，由{}升级", by.zh), format!("; passed on by {}", by.en));
    }
    text
}

fn able(able: &Able, lang: Lang) -> String {
    let Able { person, free_minutes, .. } = able;
    let is_own = able.is_same_department.then(|| lang.of("本部门 ", "same department, "));
    let own = is_own.unwrap_or_default();
    lang.of(
        format!("{person}（{own}{free_minutes} 分钟）"),
        format!("{person} ({own}{free_minutes} min)"),
    )
}

/// An item of the list, and how it stands.
fn material(row: &MaterialRow, lang: Lang) -> String {
    let stands = match (row.found, row.is_in, row.is_asked) {
        (_, true, _) => lang.of("已收到", "there").to_owned(),
        (Some(found), ..) => said(&found.label(), lang),
        (None, _, true) => lang.of("待提供", "awaited").to_owned(),
        (None, _, false) => lang.of("未要求", "not asked for yet").to_owned(),
    };
    let name = said(&row.name, lang);
    lang.of(format!("{name}（{stands}）"), format!("{name} ({stands})"))
}

fn brought(bring: &ToBring, lang: Lang) -> String {
    let items: Vec<String> = bring.items.iter().map(|item| said(item, lang)).collect();
    let mut text = items.join(lang.of("、", ", "));
    if let Some(by) = bring.told_by.or(bring.needed_by) {
        text += &lang.of(format!("，{by} 前"), format!(" by {by}"));
    }
    if let Some(now) = bring.needed_at_once {
        text += &lang.of(format!("，立即（问于 {now}）"), format!(", at once (asked at {now})"));
    }
    text
}

fn looked_back(look: &Retrospect, lang: Lang) -> String {
    let mut parts = Vec::new();
    if let Some(early) = look.early_minutes {
        let early = closing::early(early);
        let (zh, en) = (early.zh, early.en);
        let mut text = lang.of(format!("按承诺{zh}"), format!("{en} by the promise"));
        if let Some(moved) = look.early_as_moved_minutes.map(closing::early) {
            let (zh, en) = (moved.zh, moved.en);
            text += &lang.of(format!("（按改后日期{zh}）"), format!(" ({en} as moved)"));
        }
        parts.push(text);
    }
    for step in &look.steps {
        parts.push(format!("{} {}", step.step, said(&closing::early(step.early_minutes), lang)));
    }
    parts.join(lang.of("，", ", "))
}
