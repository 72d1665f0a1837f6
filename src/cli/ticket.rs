//! `ticket`: tickets in a database, by whoever owns it.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use super::args::{Happened, Place, Plain, Ticket, TicketStep};
use super::dossier::{self, Whole};
use super::telling::{local, sentence, settlement};
use super::{Ending, offer, record, screen};
use crate::app::documents::{self, written};
use crate::app::service::desk::{
    Doing, DoingToSeveral, DoneToOne, DoneToSeveral, Entry, NotDone, Wanted,
};
use crate::app::service::once::Made;
use crate::app::service::tickets::{Asked, ShownTicket, State};
use crate::app::service::{Caller, Service};
use crate::app::{Failure, clock, files};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::quote::ClientPrice;
use crate::time::Money;

/// Tickets read together.
const PAGE: usize = 500;

/// The service over the database of `place`, who asks, and when.
pub(crate) fn open(place: &Place) -> Result<(Service, Caller, i64), Failure> {
    let service = Service::open_existing(&place.db)?;
    Ok((service, owner(place), place.at.unwrap_or_else(clock::now_ms)))
}

/// The same, for who writes.
pub(crate) fn open_alone(place: &Place) -> Result<(Service, Caller, i64), Failure> {
    let service = Service::open_alone(&place.db)?;
    Ok((service, owner(place), place.at.unwrap_or_else(clock::now_ms)))
}

/// Whoever can write the database, and says what time it is or not.
fn owner(place: &Place) -> Caller {
    let owner = Caller::machine_owner();
    if place.at.is_some() { owner.stating_when() } else { owner }
}

/// `paidan ticket`.
pub(crate) fn run(asked: &Ticket, lang: Lang) -> Result<Ending, Failure> {
    match &asked.step {
        TicketStep::Create { file, place } => {
            let new = documents::plain(&files::read(file)?)?;
            let (service, owner, now) = open_alone(place)?;
            let made = service.create_ticket(&owner, new, None, now)?;
            show_made(&made, place, lang)?;
        }
        TicketStep::Show { ticket, place } => {
            let (service, owner, now) = open(place)?;
            let shown = service.ticket(&owner, ticket, now)?;
            let is_on_desk = shown.desk.is_some();
            let dossier = is_on_desk.then(|| service.dossier(&owner, ticket, now)).transpose()?;
            let whole = Whole { ticket: shown, dossier };
            print(&whole, place.format, || {
                let known = whole.dossier.as_ref().map(|dossier| dossier::told(dossier, lang));
                said(&whole.ticket, lang) + &known.unwrap_or_default()
            })?;
        }
        TicketStep::Do(happened) => return happen(happened, lang),
        step @ (TicketStep::Quote { .. } | TicketStep::Accept { .. }) => {
            return offer::run(step, lang);
        }
        TicketStep::Timeline { ticket, place } => {
            let (service, owner, now) = open(place)?;
            let entries = service.timeline(&owner, ticket, 0, usize::MAX, now)?;
            print(&entries, place.format, || timeline(&entries, lang))?;
        }
        step @ (TicketStep::Confirmation { .. }
        | TicketStep::Events { .. }
        | TicketStep::Cancel { .. }
        | TicketStep::Erase { .. }
        | TicketStep::Progress { .. }
        | TicketStep::TakeBack { .. }) => record::run(step, lang)?,
        step @ (TicketStep::Change { .. }
        | TicketStep::Promise { .. }
        | TicketStep::Price { .. }
        | TicketStep::Link { .. }) => beside(step, lang)?,
        TicketStep::List { open: is_open, client, place } => {
            let state = is_open.then_some(State::Open);
            let wanted = Asked { state, client: client.clone(), external: None };
            let (tickets, unread) = all(place, &wanted)?;
            for key in unread {
                screen::tell(&lang.of(
                    format!("{key} 无法读懂，未列出：请运行 desk rebuild\n"),
                    format!("{key} cannot be read and is not listed: run `desk rebuild`\n"),
                ));
            }
            print(&tickets, place.format, || {
                tickets.iter().map(|ticket| line(ticket, lang)).collect()
            })?;
        }
    }
    Ok(Ending::Done)
}

/// Puts on record what happened to one ticket, or to several alike.
fn happen(happened: &Happened, lang: Lang) -> Result<Ending, Failure> {
    let Happened { ticket, kind, payload, place, .. } = happened;
    let kind = match kind.contains('.') {
        true => kind.clone(),
        false => format!("ticket.{kind}"),
    };
    let payload: Value = serde_json::from_str(payload).map_err(|wrong| no_json(&wrong))?;
    let (person, note) = (happened.person.clone(), happened.note.clone());
    let doing = Doing { kind, payload, person, note };
    let (service, owner, now) = open_alone(place)?;
    let is_alone = happened.also.is_empty() && !happened.batch;
    if is_alone {
        let wanted = Wanted { key: ticket, version: happened.version };
        let made = service.desk_do(&owner, wanted, &doing, None, now)?;
        show_made(&made, place, lang)?;
        return Ok(Ending::Done);
    }
    let versions = happened.version.map(|version| (ticket.clone(), version));
    let asked = DoingToSeveral {
        tickets: [std::slice::from_ref(ticket), &happened.also[..]].concat(),
        with_batches: happened.batch,
        versions: versions.into_iter().collect(),
        each_for_itself: happened.each,
        happening: doing,
    };
    let made = service.desk_do_to_several(&owner, &asked, None, now)?;
    let done: DoneToSeveral =
        serde_json::from_slice(&made.body).expect("the service reads what it writes");
    print(&done, place.format, || done.tickets.iter().map(|one| of_one(one, lang)).collect())?;
    let is_whole = done.tickets.iter().all(|one| one.refused.is_none());
    Ok(if is_whole { Ending::Done } else { Ending::Refused })
}

/// What became of one of several tickets.
fn of_one(one: &DoneToOne, lang: Lang) -> String {
    let mut text = one.ticket.as_ref().map(|ticket| said(ticket, lang)).unwrap_or_default();
    if let Some(NotDone { code, because, hint }) = &one.refused {
        let (id, why) = (&one.id, lang.of(&because.zh, &because.en));
        let not = lang.of("未登记", "not put on record");
        let _ = writeln!(text, "{id}  {not}  {code} {why}");
        if let Some(hint) = hint {
            let _ = writeln!(text, "  {}", lang.of(&hint.zh, &hint.en));
        }
    }
    text
}

/// What is done with a ticket that does not happen at the desk.
fn beside(step: &TicketStep, lang: Lang) -> Result<(), Failure> {
    match step {
        TicketStep::Change { ticket, file, version, place } => {
            let wish = documents::plain(&files::read(file)?)?;
            let (service, owner, now) = open_alone(place)?;
            show(&service.change_ticket(&owner, ticket, *version, wish, now)?, place, lang)
        }
        TicketStep::Promise { ticket, version, place } => {
            let (service, owner, now) = open_alone(place)?;
            show(&service.promise_ticket(&owner, ticket, *version, now)?, place, lang)
        }
        TicketStep::Price { ticket, place } => {
            let (service, owner, now) = open(place)?;
            let report = service.price_of(&owner, ticket, now)?;
            let share = report.bargain.as_ref().and_then(|bargain| bargain.share_fen);
            print(&report, place.format, || {
                let settled = report.settled.as_ref().map(|settled| settlement(settled, lang));
                let settled =
                    settled.map(|sum| lang.of("取消结算：", "called off: ").to_owned() + &sum);
                priced(&report.price, share, lang)
                    + &settled.map_or_else(String::new, |sum| sum + "\n")
            })
        }
        TicketStep::Link { ticket, revoke: true, place, .. } => {
            let (service, owner, now) = open_alone(place)?;
            service.revoke_link(&owner, ticket, now)?;
            print(&json!({"ticket": ticket}), place.format, || {
                lang.of("链接已收回\n", "the link is taken back\n").to_owned()
            })
        }
        TicketStep::Link { ticket, base, place, .. } => {
            let (service, owner, now) = open_alone(place)?;
            let token = service.make_link(&owner, ticket, now)?;
            let url = format!("{}/p/{token}", base.trim_end_matches('/'));
            print(&json!({"ticket": ticket, "url": url}), place.format, || format!("{url}\n"))
        }
        _ => Ok(()),
    }
}

/// The price of an order, a line for each part of it, one for the whole, and where others share it one
/// for what is this ticket's.
fn priced(price: &ClientPrice, share: Option<Money>, lang: Lang) -> String {
    let mut text = String::new();
    for line in &price.lines {
        let what = lang.of(&line.what.zh, &line.what.en);
        let _ = writeln!(text, "{}  {what}", Money(line.amount_fen));
    }
    let _ = writeln!(text, "{}  {}", price.total_fen, lang.of("合计", "in all"));
    if let Some(share) = share.filter(|share| *share != price.total_fen) {
        let what = lang.of("本工单在合报订单中的份额", "of that, this ticket of the order");
        let _ = writeln!(text, "{share}  {what}");
    }
    text
}

/// The tickets wanted, and the keys of those that cannot be read.
fn all(place: &Place, wanted: &Asked) -> Result<(Vec<ShownTicket>, Vec<String>), Failure> {
    let (service, owner, now) = open(place)?;
    let (mut tickets, mut unread, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = service.tickets(&owner, wanted, after.as_deref(), PAGE, now)?;
        tickets.extend(page.items);
        unread.extend(page.unread);
        after = page.next;
        if after.is_none() {
            return Ok((tickets, unread));
        }
    }
}

/// Prints a document, or what `told` makes of it.
pub(crate) fn print(
    document: &impl Serialize,
    format: Plain,
    told: impl FnOnce() -> String,
) -> Result<(), Failure> {
    screen::print(&match format {
        Plain::Json => written(document),
        Plain::Table => told(),
    })
}

fn show_made(made: &Made, place: &Place, lang: Lang) -> Result<(), Failure> {
    let ticket: ShownTicket =
        serde_json::from_slice(&made.body).expect("the service reads what it writes");
    show(&ticket, place, lang)
}

/// Prints a ticket.
pub(crate) fn show(ticket: &ShownTicket, place: &Place, lang: Lang) -> Result<(), Failure> {
    print(ticket, place.format, || said(ticket, lang))
}

/// A ticket in lines: how it stands, and who has it.
fn said(ticket: &ShownTicket, lang: Lang) -> String {
    let mut text = line(ticket, lang);
    let told = &ticket.standing.told;
    let _ = writeln!(text, "  {}", lang.of(&told.zh, &told.en));
    if let Some(first) = &ticket.first {
        let _ = writeln!(text, "  {}", lang.of(&first.told.zh, &first.told.en));
    }
    if let Some(open) = &ticket.left_open {
        let _ = writeln!(text, "  {}", lang.of(&open.zh, &open.en));
    }
    if let Some(crew) = ticket.desk.as_ref().and_then(|desk| desk.crew.as_ref()) {
        let (driver, liaison, reviewer) = (&crew.driver, &crew.liaison, &crew.reviewer);
        text += &lang.of(
            format!("  推进 {driver}，对接 {liaison}，审核 {reviewer}\n"),
            format!("  driver {driver}, liaison {liaison}, reviewer {reviewer}\n"),
        );
    }
    text
}

/// A ticket on one line.
fn line(ticket: &ShownTicket, lang: Lang) -> String {
    let stage = match &ticket.desk {
        Some(desk) => desk.name.clone(),
        None => state(ticket.state),
    };
    let service = ticket.ticket.service.as_deref().unwrap_or("-");
    let client = ticket.ticket.client.as_deref().unwrap_or("-");
    let (id, version) = (&ticket.id, ticket.version);
    format!("{id}  {version}  {}  {service}  {client}\n", lang.of(&stage.zh, &stage.en))
}

fn state(state: State) -> Label {
    match state {
        State::Open => Label::new("未结", "open"),
        State::Done => Label::new("已办结", "done"),
        State::Cancelled => Label::new("已取消", "called off"),
    }
}

fn timeline(entries: &[Entry], lang: Lang) -> String {
    let mut text = String::new();
    for entry in entries {
        let (at, what) = (local(&entry.at), sentence(entry, lang));
        let _ = writeln!(text, "{at}  {}  {what}", entry.person);
        if let Some(note) = &entry.note {
            let _ = writeln!(text, "    {note}");
        }
    }
    text
}

fn no_json(wrong: &serde_json::Error) -> Failure {
    Failure::Wish(Label::new(
        format!("--payload 不是 JSON：{wrong}"),
        format!("--payload is no JSON: {wrong}"),
    ))
}
