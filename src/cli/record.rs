//! `ticket confirmation|events|cancel|erase|progress|take-back` and `desk events`: what is on record,
//! and what is taken off it again.

use std::fmt::Write as _;

use serde_json::json;

use super::args::{DeskStep, Place, TicketStep};
use super::telling::local;
use super::ticket::{open, open_alone, print, show};
use crate::app::documents;
use crate::app::service::desk::{File, named};
use crate::app::service::events::Told;
use crate::app::{Failure, files};
use crate::calendar::Label;
use crate::desk::event::Stream;
use crate::model::lang::Lang;

/// Events read together.
const PAGE: usize = 500;

/// One of these steps; the others are none of this file's.
pub(crate) fn run(step: &TicketStep, lang: Lang) -> Result<(), Failure> {
    match step {
        TicketStep::Confirmation { ticket, place } => {
            let (service, owner, _) = open(place)?;
            let file = service.confirmation_of(&owner, ticket)?;
            print(&file, place.format, || confirmed(&file, lang))
        }
        TicketStep::Events { ticket, place } => {
            let events = events_of(ticket, place)?;
            print(&events, place.format, || told(&events, lang))
        }
        TicketStep::Cancel { ticket, version, place } => {
            let (service, owner, now) = open_alone(place)?;
            show(&service.cancel_ticket(&owner, ticket, *version, now)?, place, lang)
        }
        TicketStep::Erase { ticket, because, place } => {
            let (service, owner, now) = open_alone(place)?;
            service.erase_ticket_for(&owner, ticket, because.as_deref(), now)?;
            done(place, ticket, lang.of("个人资料已删除", "what was written about it is erased"))
        }
        TicketStep::Progress { file, place } => {
            let report = documents::progress(&files::read(file)?)?;
            if !report.absences.is_empty() {
                return Err(Failure::Wish(Label::new(
                    "请假不在此登记：请用 paidan desk absence",
                    "absences are none of tickets: use `paidan desk absence`",
                )));
            }
            let (service, owner, now) = open_alone(place)?;
            service.report(&owner, &report.progress, now)?;
            let steps: Vec<&str> = report.progress.iter().map(|row| row.step.as_str()).collect();
            let count = steps.len();
            print(&json!({"steps": steps}), place.format, || {
                lang.of(format!("已登记 {count} 步\n"), format!("steps on record: {count}\n"))
            })
        }
        TicketStep::TakeBack { ticket, step, place } => {
            let (service, owner, now) = open_alone(place)?;
            service.take_back(&owner, ticket, step, now)?;
            let name = format!("{ticket}/{step}");
            done(place, &name, lang.of("进度已撤回", "what was reported of it is taken back"))
        }
        _ => Ok(()),
    }
}

/// `desk events`.
pub(crate) fn of_the_desk(step: &DeskStep, lang: Lang) -> Result<(), Failure> {
    let DeskStep::Events { after, most, place } = step else { return Ok(()) };
    let (service, owner, now) = open(place)?;
    let events = service.events(&owner, *after, usize::from(*most), now)?;
    print(&events, place.format, || {
        let mut text = told(&events, lang);
        if let Some(last) = events.last().filter(|_| events.len() >= usize::from(*most)) {
            let _ = writeln!(text, "{} --after {}", lang.of("续看：", "go on:"), last.position);
        }
        text
    })
}

/// All events of a ticket.
fn events_of(ticket: &str, place: &Place) -> Result<Vec<Told>, Failure> {
    let (service, owner, now) = open(place)?;
    // That there is such a ticket.
    service.ticket(&owner, ticket, now)?;
    let stream = Stream::new("ticket", ticket);
    let mut events: Vec<Told> = Vec::new();
    loop {
        let behind = events.last().map_or(0, |event| event.seq);
        let page = service.events_of(&owner, &stream, behind, PAGE, now)?;
        if page.is_empty() {
            return Ok(events);
        }
        events.extend(page);
    }
}

/// Events, one a line: where among all, when, of what, its number there, what, by whom.
fn told(events: &[Told], lang: Lang) -> String {
    let mut text = String::new();
    for Told { position, stream, seq, at, actor, kind, .. } in events {
        let name = named(kind);
        let (at, name) = (local(at), lang.of(&name.zh, &name.en));
        let _ = writeln!(text, "{position}  {at}  {stream} {seq}  {name}  {actor}");
    }
    text
}

/// A confirmation, with the digest that the client signs.
fn confirmed(file: &File, lang: Lang) -> String {
    let (colon, comma) = lang.of(("：", "、"), (": ", ", "));
    let mut text = format!("{}\n", lang.of(&file.item.zh, &file.item.en));
    let mut line = |(zh, en): (&str, &str), what: &str| {
        let _ = writeln!(text, "  {}{colon}{what}", lang.of(zh, en));
    };
    match file.completed {
        Some(moment) => line(("完成", "completed"), &moment.to_string()),
        None => line(("完成", "completed"), lang.of("尚未", "not yet")),
    }
    let files: Vec<String> =
        file.files.iter().map(|one| format!("{} {}", one.name, one.digest)).collect();
    if !files.is_empty() {
        line(("结果文件", "files"), &files.join(comma));
    }
    if let Some(digest) = &file.digest {
        line(("签收所用摘要", "digest to sign"), digest);
    }
    if let Some(moment) = file.signed {
        line(("签收", "signed"), &moment.to_string());
    }
    if let Some(rating) = &file.rating {
        let (timely, talk, result) = (rating.timeliness, rating.communication, rating.result);
        line(
            ("评价", "rating"),
            &lang.of(
                format!("及时 {timely}，沟通 {talk}，结果 {result}"),
                format!("timeliness {timely}, communication {talk}, result {result}"),
            ),
        );
    }
    text
}

/// Says that something was done to `what`.
fn done(place: &Place, what: &str, how: &str) -> Result<(), Failure> {
    print(&json!({"done": what}), place.format, || format!("{what}  {how}\n"))
}
