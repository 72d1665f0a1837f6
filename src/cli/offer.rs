//! `ticket quote|accept`: what a promise rests on, asked of the database as the server asks it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::args::{Place, TicketStep};
use super::ticket::{open_alone, print};
use super::{Ending, screen};
use crate::app::documents;
use crate::app::service::quotes::{AcceptedQuote, Quoted};
use crate::app::service::tickets::State;
use crate::app::service::{Caller, Refusal, Service};
use crate::app::{Failure, files};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::quote::OptionKind;
use crate::model::request::{REQUEST_FORMAT, Request, Wish};
use crate::model::ticket::Ticket;

/// One of these steps; the others are none of this file's.
pub(crate) fn run(step: &TicketStep, lang: Lang) -> Result<Ending, Failure> {
    match step {
        TicketStep::Quote { tickets, request, quick, place } => {
            let request = match request {
                Some(path) => documents::request(&files::read(path)?)?,
                None => of_tickets(tickets),
            };
            let (service, owner, now) = open_alone(place)?;
            let made = match quick {
                true => service.quote_quickly(&owner, &request, None, now),
                false => service.quote(&owner, &request, None, now),
            };
            let quoted: Quoted = written(&made?.body);
            let instead = instead((&service, &owner, now), &quoted)?;
            show(&quoted, &instead, place, lang)
        }
        TicketStep::Accept { tickets, quote, option, place } => {
            let (service, owner, now) = open_alone(place)?;
            accept((&service, &owner, now), tickets, (quote, option), place, lang)
        }
        _ => Ok(Ending::Done),
    }
}

/// Makes an option the plan in force and promises its date; where the quote came too late, fresh
/// options are shown.
fn accept(
    (service, owner, now): (&Service, &Caller, i64),
    tickets: &[String],
    (quote, option): (&str, &str),
    place: &Place,
    lang: Lang,
) -> Result<Ending, Failure> {
    let quoted = service.quote_of(owner, quote, now)?;
    must_be_quoted(&quoted, tickets)?;
    let option = chosen(&quoted, option)?;
    match service.accept(owner, quote, option, None, now) {
        Ok(made) => {
            let accepted: AcceptedQuote = written(&made.body);
            print(&accepted, place.format, || promised(&accepted, lang))?;
            Ok(Ending::Done)
        }
        Err(Refusal::Outrun { label, beside }) => {
            screen::tell(&format!("paidan: {}\n", lang.of(&label.zh, &label.en)));
            if let Ok(fresh) = serde_json::from_value::<Quoted>(beside["quote"].clone()) {
                show(&fresh, &[], place, lang)?;
            }
            Ok(Ending::Refused)
        }
        Err(other) => Err(other.into()),
    }
}

/// These tickets as they are kept: the service knows the rest of them.
fn of_tickets(tickets: &[String]) -> Request {
    let ticket = |key: &String| -> Ticket {
        serde_json::from_value(json!({"id": key})).expect("a ticket is its key, and what is known")
    };
    Request {
        format: REQUEST_FORMAT.to_owned(),
        tickets: tickets.iter().map(ticket).collect(),
        wish: Wish::default(),
        attributes: Vec::new(),
        stated: Vec::new(),
    }
}

fn written<T: serde::de::DeserializeOwned>(body: &[u8]) -> T {
    serde_json::from_slice(body).expect("the service reads what it writes")
}

fn must_be_quoted(quoted: &Quoted, tickets: &[String]) -> Result<(), Failure> {
    let is_quoted = |key: &&String| quoted.quote.request.tickets.iter().any(|own| own.id == **key);
    let Some(other) = tickets.iter().find(|key| !is_quoted(key)) else { return Ok(()) };
    let id = &quoted.id;
    Err(Failure::wish(
        format!("报价 {id} 不含工单 {other}：请先报价（ticket quote {other}）"),
        format!("the quote {id} is not for {other}: quote it first (ticket quote {other})"),
    ))
}

/// The option meant by its number in the list or by its name.
fn chosen(quoted: &Quoted, typed: &str) -> Result<OptionKind, Failure> {
    let options = &quoted.quote.options;
    let by_number = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let found = match by_number {
        Some(row) => options.get(row),
        None => options.iter().find(|option| option.kind.code() == typed),
    };
    let kind = found.map(|option| option.kind);
    kind.ok_or_else(|| {
        let known: Vec<&str> = options.iter().map(|option| option.kind.code()).collect();
        let known = known.join(", ");
        Failure::wish(
            format!("没有方案 {typed}：可选序号或名称（{known}）"),
            format!("there is no option {typed}: say its number or its name ({known})"),
        )
    })
}

/// The tickets to create for what is lawful instead, where the tickets of the quote are refused for
/// good: nothing of it can be accepted for them (R015).
fn instead(
    (service, owner, now): (&Service, &Caller, i64),
    quoted: &Quoted,
) -> Result<Vec<Value>, Failure> {
    let refusal = quoted.quote.refusal.as_ref();
    let Some(other) = refusal.and_then(|refusal| refusal.alternative.as_ref()) else {
        return Ok(Vec::new());
    };
    let mut new = Vec::new();
    for ticket in &quoted.quote.request.tickets {
        let kept = match service.ticket(owner, &ticket.id, now) {
            Err(Refusal::Unknown { .. }) => continue,
            kept => kept?,
        };
        if kept.state == State::Cancelled {
            let mut row = json!({"channel": kept.channel, "service": other});
            if let Some(client) = &kept.ticket.client {
                row["client"] = json!(client);
            }
            new.push(row);
        }
    }
    Ok(new)
}

/// Shows a quote; one that offers nothing is a refusal. What is lawful `instead` takes new tickets.
fn show(quoted: &Quoted, instead: &[Value], place: &Place, lang: Lang) -> Result<Ending, Failure> {
    print(quoted, place.format, || told(quoted, instead, lang))?;
    let is_refused = quoted.quote.refusal.is_some() || quoted.quote.options.is_empty();
    Ok(if is_refused { Ending::Refused } else { Ending::Done })
}

/// A quote in lines: its key, its options by number, and how to take one.
fn told(quoted: &Quoted, instead: &[Value], lang: Lang) -> String {
    let Quoted { id, quote } = quoted;
    let mut text = String::new();
    let until = quote.expires;
    let _ = writeln!(
        text,
        "{id}  {}",
        lang.of(format!("{until} 前有效"), format!("good until {until}"))
    );
    if let Some(refusal) = &quote.refusal {
        let Label { zh, en } = &refusal.reason;
        let code = &refusal.code;
        let _ = writeln!(
            text,
            "{}",
            lang.of(format!("拒绝 {code}：{zh}"), format!("refused {code}: {en}"))
        );
        if let (Some(other), Some(Label { zh, en })) = (&refusal.alternative, &refusal.about) {
            let other = lang.of(format!("可改办 {other}：{zh}"), format!("instead {other}: {en}"));
            let _ = writeln!(text, "{other}");
        }
    }
    for (row, option) in quote.options.iter().enumerate() {
        let (number, name, finish) = (row + 1, option.kind.code(), option.finish);
        let (price, team) = (option.price.total_fen, option.team.join(", "));
        let _ = writeln!(text, "{number}  {name}  {finish}  {price}  {team}");
        let _ = writeln!(text, "   {}", lang.of(&option.client.zh, &option.client.en));
        for row in &option.displaced {
            let (ticket, old, new) = (&row.ticket, row.old_finish, row.new_finish);
            let _ = writeln!(text, "   {ticket}: {old} → {new}");
        }
    }
    match &quote.recommended {
        None => text += lang.of("没有可行的方案\n", "there is no way to fit it in\n"),
        Some(best) => {
            let (name, why) = (best.kind.code(), lang.of(&best.reason.zh, &best.reason.en));
            let best = lang.of(format!("推荐 {name}：{why}"), format!("recommended {name}: {why}"));
            let _ = writeln!(text, "{best}");
            taken(&mut text, quoted, (name, instead), lang);
        }
    }
    text
}

/// How to take an option of a quote.
fn taken(text: &mut String, Quoted { id, quote }: &Quoted, by: (&str, &[Value]), lang: Lang) {
    let (name, instead) = by;
    let tickets: Vec<&str> =
        quote.request.tickets.iter().map(|ticket| ticket.id.as_str()).collect();
    let tickets = tickets.join(" ");
    let take = |what: String| lang.of(format!("接受：{what}"), format!("take it: {what}"));
    if instead.is_empty() {
        let what = format!("ticket accept {tickets} --quote {id} --option {name}");
        let _ = writeln!(text, "{}", take(what));
        return;
    }
    let over = lang.of(
        format!("工单 {tickets} 已拒绝，不能接受此报价：改办请新建工单，再为新工单报价"),
        format!("{tickets} is refused for good: create a ticket for what is lawful and quote that"),
    );
    let _ = writeln!(text, "{over}");
    for new in instead {
        let _ = writeln!(text, "{}", take(format!("echo '{new}' | paidan ticket create -")));
    }
}

fn promised(accepted: &AcceptedQuote, lang: Lang) -> String {
    let AcceptedQuote { plan, finish, tickets, .. } = accepted;
    let tickets = tickets.join(", ");
    lang.of(
        format!("{tickets}：已承诺 {finish} 完成，计划 {plan} 生效\n"),
        format!("{tickets}: promised for {finish}, by plan {plan}, which is in force\n"),
    )
}
