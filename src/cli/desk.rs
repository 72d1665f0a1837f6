//! `desk`: what is due, and views read from the log anew.

use std::io::{self, IsTerminal as _};

use super::args::{Desk, DeskStep};
use super::telling::local;
use super::ticket::{open, open_alone, print};
use super::{Ending, day, given, period, record, screen, shelf};
use crate::app::Failure;
use crate::app::service::desk::{Rebuilt, ReplanWish, Replanned, ShownDue, Sign, StepMoved};
use crate::calendar::Label;
use crate::model::lang::Lang;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// `paidan desk`.
pub(crate) fn run(asked: &Desk, lang: Lang) -> Result<Ending, Failure> {
    match &asked.step {
        DeskStep::Day { replay, db, format } => {
            return day::replay(replay, db.as_deref(), *format, lang);
        }
        DeskStep::Report { day, days, place } => {
            return day::report((*day, *days), place, lang);
        }
        step @ (DeskStep::Papers { .. }
        | DeskStep::Manual { .. }
        | DeskStep::Surge { .. }
        | DeskStep::Application { .. }) => shelf::run(step, lang)?,
        step @ (DeskStep::Absence { .. } | DeskStep::Base { .. } | DeskStep::Policy { .. }) => {
            given::run(step, lang)?;
        }
        step @ DeskStep::Events { .. } => record::of_the_desk(step, lang)?,
        DeskStep::Tiers { place } => {
            let (service, owner, _) = open(place)?;
            let table = service.tiers_compared(&owner)?;
            print(&table, place.format, || period::tiers(&table, lang))?;
        }
        DeskStep::Learn { days, place } => {
            let (service, owner, now) = open_alone(place)?;
            let rows = service.desk_learn(&owner, *days, now)?;
            print(&rows, place.format, || period::learned(&rows, lang))?;
        }
        DeskStep::Replan { rounds, publish, place } => {
            let (service, owner, now) = open_alone(place)?;
            let wish = ReplanWish { rounds: *rounds, seed: 1, publish: *publish };
            let done = service.replan(&owner, &wish, None, now, &mut |_| true)?;
            print(&done, place.format, || replanned(&done, lang))?;
        }
        DeskStep::Rebuild { place } => {
            let (service, _, now) = open_alone(place)?;
            let done = service.rebuild(now, &mut watch())?;
            if io::stderr().is_terminal() {
                screen::tell("\r\u{1b}[K");
            }
            print(&done, place.format, || rebuilt(&done, lang))?;
        }
        DeskStep::Due { until, place } => {
            let (service, owner, now) = open(place)?;
            let until = until.unwrap_or(now.saturating_add(DAY_MS));
            let page = service.desk_due(&owner, until, None, usize::MAX)?;
            print(&page.items, place.format, || {
                page.items.iter().map(|due| line(due, lang)).collect()
            })?;
        }
    }
    Ok(Ending::Done)
}

/// Shows on a terminal how many events were read.
fn watch() -> impl FnMut(u64, u64) {
    let (shows, mut percent) = (io::stderr().is_terminal(), u64::MAX);
    move |seen, all| {
        let now = seen.saturating_mul(100) / all.max(1);
        if shows && now != percent {
            percent = now;
            screen::tell(&format!("\r{now} %\u{1b}[K"));
        }
    }
}

/// What came of planning anew.
fn replanned(done: &Replanned, lang: Lang) -> String {
    let Replanned { draft, published, moved, .. } = done;
    let mut text = match published {
        Some(number) => {
            lang.of(format!("第 {number} 份计划已发布\n"), format!("plan {number} is published\n"))
        }
        None => lang.of(format!("草案 {draft}\n"), format!("draft {draft}\n")),
    };
    for step in moved {
        text += &moved_step(step, lang);
    }
    text
}

/// A step that moved: from when to when, and from whom to whom.
fn moved_step(moved: &StepMoved, lang: Lang) -> String {
    let StepMoved { step, from, to, people_before, people } = moved;
    let comma = lang.of("、", ", ");
    let (had, has) = (people_before.join(comma), people.join(comma));
    let times = if from == to { from.to_string() } else { format!("{from} → {to}") };
    let who = if had == has { has } else { format!("{had} → {has}") };
    lang.of(format!("  变动 {step}  {times}  {who}\n"), format!("  moved {step}  {times}  {who}\n"))
}

/// What a rebuild came to.
fn rebuilt(done: &Rebuilt, lang: Lang) -> String {
    let Rebuilt { events, tickets, changed, dropped, left } = done;
    let mut text = lang.of(
        format!(
            "已读 {events} 条记录，{tickets} 张工单：改正 {changed} 份，删去多余 {dropped} 份\n"
        ),
        format!(
            "read {events} events of {tickets} tickets: {changed} documents put right, {dropped} \
             that nothing tells of dropped\n"
        ),
    );
    for name in left {
        text += &lang.of(
            format!("{name}：记录为旧格式，不足以重建，保持原样\n"),
            format!("{name}: its events are of an older form and tell too little: left as it is\n"),
        );
    }
    text
}

/// What a clock is called, and what it is about.
pub(super) fn about(name: &Label, item: Option<&Label>, lang: Lang) -> String {
    let name = lang.of(name.zh.as_str(), name.en.as_str());
    match item {
        Some(item) => lang.of(format!("{name}（{}）", item.zh), format!("{name} ({})", item.en)),
        None => name.to_owned(),
    }
}

/// Something that is due, on one line.
fn line(due: &ShownDue, lang: Lang) -> String {
    let sign = match due.sign {
        Sign::Warns => lang.of("预警", "warns"),
        Sign::RunsOut => lang.of("到期", "runs out"),
        Sign::Reminds => lang.of("提醒", "remind"),
        Sign::PassesOn => lang.of("升级", "pass on"),
        Sign::Escalates => lang.of("逐级上报", "escalates"),
        Sign::TellsClient => lang.of("告知客户", "tell the client"),
        Sign::Mends => lang.of("待改正", "to be put right"),
    };
    let name = about(&due.name, due.item.as_ref(), lang);
    let post = due.post.map(|post| post.label());
    let post = post.map(|post| format!("  → {}", lang.of(post.zh, post.en))).unwrap_or_default();
    let person = due.person.as_ref().map(|person| format!("  → {person}")).unwrap_or_default();
    let words = due.words.as_ref().map(|words| lang.of(&words.zh, &words.en));
    let words = words.map(|words| format!("  {words}")).unwrap_or_default();
    format!("{}  {}  {sign}  {name}{post}{person}{words}\n", local(&due.at), due.ticket)
}
