//! `desk day` and `desk report`: a written day done again, and what is to be told of a day.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::args::{Place, Plain};
use super::desk::about;
use super::telling::many;
use super::ticket::{open, print};
use super::{Ending, period};
use crate::app::service::desk::{DayReport, Outcome, TicketDay};
use crate::app::service::role::Role;
use crate::app::service::{Caller, Service};
use crate::app::{Failure, files};
use crate::calendar::{Date, Label};
use crate::model::lang::Lang;
use crate::policy::desk::Post;

/// What became of a day.
#[derive(Serialize)]
struct Replayed {
    lines: Vec<Outcome>,
    report: DayReport,
}

/// `paidan desk day`.
pub(crate) fn replay(
    day: &Path,
    db: Option<&Path>,
    format: Plain,
    lang: Lang,
) -> Result<Ending, Failure> {
    let text = files::read(day)?;
    let folder = day.parent().unwrap_or_else(|| Path::new(""));
    let service = db.map_or_else(|| Ok(Service::in_memory()), Service::open)?;
    let lines = service.replay(&text, &|name| files::read(&folder.join(name)))?;
    let zone = service.zone();
    let last_ms = lines.last().map_or(0, |line| zone.tick_from(line.at).0 * MINUTE);
    let report = service.desk_report(&Caller::machine_owner(), last_ms)?;
    let replayed = Replayed { lines, report };
    print(&replayed, format, || {
        let mut text: String = replayed.lines.iter().map(|line| outcome(line, lang)).collect();
        let _ = writeln!(text);
        text + &told(&replayed.report, lang)
    })?;
    let is_right = replayed.lines.iter().all(|line| line.is_as_stated);
    Ok(if is_right { Ending::Done } else { Ending::Broken })
}

/// `paidan desk report`.
pub(crate) fn report(
    (day, days): (Option<Date>, u16),
    place: &Place,
    lang: Lang,
) -> Result<Ending, Failure> {
    let (service, owner, now) = open(place)?;
    let day_ms = day.map_or(now, |day| service.zone().midnight(day.day()).0 * MINUTE);
    let report = service.desk_review(&owner, (day_ms, days), now)?;
    print(&report, place.format, || told(&report.day, lang) + &period::told(&report.period, lang))?;
    Ok(Ending::Done)
}

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// What became of a line, on one.
fn outcome(line: &Outcome, lang: Lang) -> String {
    let minute = line.at.minute();
    let (hours, minutes) = (minute / 60, minute % 60);
    let case = line.case.as_deref().unwrap_or("");
    let ticket = line.ticket.as_deref().unwrap_or("");
    let said = lang.of(line.said.zh.as_str(), line.said.en.as_str());
    let code = line.refused.as_deref().unwrap_or("");
    let said = said.strip_prefix(code).unwrap_or(said).trim_start();
    let sign = match (&line.refused, line.is_as_stated) {
        (None, true) => lang.of("", "").to_owned(),
        (Some(code), true) => lang.of(format!("拒绝 {code} "), format!("refused {code} ")),
        (Some(code), false) => lang.of(format!("!! 拒绝 {code} "), format!("!! refused {code} ")),
        (None, false) => lang.of("!! 与所写不符 ", "!! otherwise than stated ").to_owned(),
    };
    let who = who(&line.who, lang);
    format!("{hours:02}:{minutes:02}  {case:<4}{who}  {ticket} {}  {sign}{said}\n", line.what)
}

/// Somebody written as role/person.
fn who(text: &str, lang: Lang) -> String {
    let (role, person) = text.split_once('/').unwrap_or(("", text));
    let role = Role::named(role).map(Role::label);
    role.map_or_else(
        || text.to_owned(),
        |role| format!("{} {person}", lang.of(role.zh.as_str(), role.en.as_str())),
    )
}

/// A day, as people read it.
fn told(report: &DayReport, lang: Lang) -> String {
    let DayReport { day, next_day, created, stages, tickets, clocks, at_risk, unread } = report;
    let mut text = lang.of(
        format!("{day}：新建 {created} 张工单\n"),
        format!("{day}: {} created\n", many(*created, "ticket")),
    );
    for row in stages {
        let _ = writeln!(text, "  {:>3}  {}", row.count, of(&row.name, lang));
    }
    for ticket in tickets {
        text += &ticket_day(ticket, next_day, lang);
    }
    if !clocks.is_empty() {
        text += lang.of("时限\n", "clocks\n");
    }
    for row in clocks {
        let post = acting((row.person.as_ref(), row.post), lang);
        let (said, name) = (of(&row.said, lang), about(&row.name, row.item.as_ref(), lang));
        let colon = lang.of("：", ": ");
        let _ = writeln!(text, "  {}  {}  {said}{colon}{name}{post}", row.at, row.ticket);
    }
    if !at_risk.is_empty() {
        text += lang.of("承诺有风险\n", "promises at risk\n");
    }
    for row in at_risk {
        let planned = row.planned.map(|planned| planned.to_string());
        let planned = planned.unwrap_or_else(|| lang.of("未排入", "left out").to_owned());
        let who = acting((row.person.as_ref(), row.post), lang);
        let _ = writeln!(text, "  {}  {} → {planned}{who}", row.ticket, row.promised);
    }
    for key in unread {
        text += lang
            .of(
                format!("{key} 无法读懂：停止服务后运行 desk rebuild\n"),
                format!("{key} cannot be read: stop the server and run `desk rebuild`\n"),
            )
            .as_str();
    }
    text
}

/// Who has to act: the post, and the person where somebody is named.
fn acting((person, post): (Option<&String>, Option<Post>), lang: Lang) -> String {
    let post = post.map(|post| post.label());
    let post = post.map(|post| format!(" → {}", of(&post, lang))).unwrap_or_default();
    person.map_or(post.clone(), |person| format!("{post} → {person}"))
}

/// The draft of a ticket's daily report, in its three fixed sections (R070); `next` is the date of
/// the second.
fn ticket_day(day: &TicketDay, next: &str, lang: Lang) -> String {
    let title = day.title.as_ref().map(|title| format!("  {}", of(title, lang)));
    let mut text = format!("{}{}\n", day.ticket, title.unwrap_or_default());
    let sections = [
        (lang.of("今日完成".to_owned(), "done today".to_owned()), &day.done),
        (
            lang.of(
                format!("下一工作日（{next}）计划"),
                format!("planned for the next working day, {next}"),
            ),
            &day.tomorrow,
        ),
        (lang.of("需客户配合".to_owned(), "wanted of the client".to_owned()), &day.client),
    ];
    for (name, rows) in sections {
        if rows.is_empty() {
            let _ = writeln!(text, "  {name}{}", lang.of("：无", ": none"));
            continue;
        }
        let _ = writeln!(text, "  {name}");
        for row in rows {
            let _ = writeln!(text, "    - {}", of(row, lang));
        }
    }
    text
}

fn of(label: &Label, lang: Lang) -> &str {
    lang.of(label.zh.as_str(), label.en.as_str())
}
