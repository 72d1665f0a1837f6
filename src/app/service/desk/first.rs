//! What must be completed first before the service of a ticket can be: found in the catalogue when
//! the ticket is assessed, before anything of it is quoted (R009 to R011).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::urgency::moment;
use crate::app::quoting::{self, First, Unmet};
use crate::app::service::Service;
use crate::app::service::bare::bare_ticket;
use crate::app::service::desk::DeskFile;
use crate::app::service::marks::{List, OF_CLIENT};
use crate::app::service::refusal::Refusal;
use crate::app::service::scene::clients_named;
use crate::app::service::tickets::{State, TICKET, TicketFile};
use crate::calendar::{Label, Moment};
use crate::desk::life::Life;
use crate::model::scenario::Scenario;
use crate::model::ticket::Ticket;

/// What must be completed first (R009), and how soon all of it can be (R010).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComesFirst {
    /// The services, from those right before the ticket's own on.
    pub services: Vec<FirstService>,
    /// No earlier is the ticket done, whoever works on it; a quote says when it is.
    pub earliest: Moment,
    /// Working days until then, where the services' own waits name a calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// By when it is needed, or wanted where no need is evidenced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wished: Option<Moment>,
    /// That is earlier than can be: no money makes it possible.
    pub is_beyond_wish: bool,
    /// All of it in a sentence, with what to do.
    pub told: Label,
}

/// A service that must be completed first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FirstService {
    /// The service.
    pub service: String,
    /// What people call it.
    pub name: Label,
    /// What it comes before.
    pub before: String,
    /// Guide and clause that force the order (R011).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<Label>,
    /// The open ticket of the same client that it is done by; none where it is done within this
    /// one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

impl Service {
    /// What must be completed first for a ticket that nothing is promised of yet.
    pub(super) fn comes_first(
        &self,
        file: &TicketFile,
        life: &Life,
        now_ms: i64,
    ) -> Result<Option<ComesFirst>, Refusal> {
        if file.state != State::Open || life.stage.is_promised() {
            return Ok(None);
        }
        let Some(First { unmet, finish, working_days }) = self.first_of(file, now_ms)? else {
            return Ok(None);
        };
        let zone = self.zone();
        let wish = life.assessment.as_ref();
        let wish_ms = wish.and_then(|found| found.needed_ms.or(found.wished_ms));
        let wished = wish_ms.map(|at_ms| moment(zone, at_ms)).or(file.ticket.due);
        let is_beyond_wish = wished.is_some_and(|wished| zone.tick_from(wished) < finish);
        let services: Vec<FirstService> =
            unmet.into_iter().map(|unmet| self.named_first(unmet)).collect();
        let earliest = zone.moment(finish);
        let told = told(&services, (earliest, working_days), wished.filter(|_| is_beyond_wish));
        Ok(Some(ComesFirst { services, earliest, working_days, wished, is_beyond_wish, told }))
    }

    /// The ticket that has to be done before work on this one begins, and for which service (R009);
    /// none where the plan in force has that service among the steps of this one.
    pub(super) fn before_work(
        &self,
        file: &TicketFile,
        now_ms: i64,
    ) -> Result<Option<(String, Label)>, Refusal> {
        let (first, plan) = (self.first_of(file, now_ms)?, self.standing.now());
        let is_inside = |service: &str| {
            let mut own = plan.iter().flat_map(|plan| plan.steps(&file.ticket.id));
            own.any(|step| {
                step.step.strip_prefix(service).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        let mut unmet = first.into_iter().flat_map(|first| first.unmet);
        Ok(unmet.find_map(|unmet| {
            let ticket = unmet.ticket.clone().filter(|_| !is_inside(&unmet.link.service))?;
            Some((ticket, self.named_first(unmet).cited()))
        }))
    }

    fn named_first(&self, unmet: Unmet) -> FirstService {
        let Unmet { link, ticket } = unmet;
        let known = self.known.now();
        let mut sold = known.iter().flat_map(|known| &known.base.services);
        let name = sold.find(|sold| sold.id == link.service).and_then(|sold| sold.name.clone());
        let name = name.unwrap_or_else(|| Label::new(&*link.service, &*link.service));
        let (service, before, guide) = (link.service, link.before, link.guide);
        FirstService { service, name, before, guide, ticket }
    }

    /// What the catalogue asks for before the service of a ticket. What cannot be put together as it
    /// is kept, such as a ticket whose service is sold no more, is for whoever plans to be told.
    fn first_of(&self, file: &TicketFile, now_ms: i64) -> Result<Option<First>, Refusal> {
        match self.frame_of(file, now_ms)? {
            Some(frame) => Ok(quoting::first(&frame).unwrap_or_default()),
            None => Ok(None),
        }
    }

    /// The scenario of this moment with a ticket alone in its queue, and what else its client has
    /// open for the same entity; nothing where its service comes after no other one.
    fn frame_of(&self, file: &TicketFile, now_ms: i64) -> Result<Option<Scenario>, Refusal> {
        let Some(known) = self.known.now() else { return Ok(None) };
        let mut sold = known.base.services.iter();
        let own = sold.find(|sold| Some(&sold.id) == file.ticket.service.as_ref());
        if own.is_none_or(|sold| sold.prerequisites.is_empty()) {
            return Ok(None);
        }
        let mut frame = known.base.scenario(now_ms);
        frame.people = self.people_now()?;
        self.partnered(&mut frame.services)?;
        let mut own = file.ticket.clone();
        self.adjust(&mut own, file.created_ms)?;
        frame.tickets.push(alone(own));
        for other in self.beside(file)? {
            frame.progress.extend(self.progress_of(&other.ticket.id)?);
            let mut ticket = other.ticket;
            self.adjust(&mut ticket, other.created_ms)?;
            frame.tickets.push(alone(ticket));
        }
        frame.clients = self.clients_of(clients_named(&frame.tickets), &frame)?;
        Ok(Some(frame))
    }

    /// The other open tickets of a ticket's client for the same entity that the client does not have
    /// yet.
    fn beside(&self, file: &TicketFile) -> Result<Vec<TicketFile>, Refusal> {
        let Some(client) = &file.ticket.client else { return Ok(Vec::new()) };
        let own = List { marks: OF_CLIENT, within: Some(client) };
        let all =
            self.readable_of::<TicketFile>(own, TICKET)?.0.into_iter().map(|kept| kept.document);
        let is_beside = |other: &TicketFile| {
            other.ticket.id != file.ticket.id
                && other.ticket.entity == file.ticket.entity
                && other.ticket.service.is_some()
                && other.state == State::Open
                && !other.desk.as_ref().is_some_and(DeskFile::is_delivered)
        };
        Ok(all.filter(is_beside).collect())
    }
}

/// A ticket with nothing that ties it to others or to people.
fn alone(ticket: Ticket) -> Ticket {
    let (after, batch, excluded) = (Vec::new(), None, Vec::new());
    Ticket { after, batch, excluded, ..bare_ticket(ticket) }
}

impl FirstService {
    /// What it is called, with the rule that puts it first.
    fn cited(&self) -> Label {
        let name = &self.name;
        match &self.guide {
            None => name.clone(),
            Some(guide) => Label::new(
                format!("{}（{}）", name.zh, guide.zh),
                format!("{} ({})", name.en, guide.en),
            ),
        }
    }
}

/// A moment as people read it: to the minute, without offset.
fn when(moment: Moment) -> String {
    moment.to_string().chars().take(16).map(|one| if one == 'T' { ' ' } else { one }).collect()
}

/// What comes first, how soon all can be done, and what to do where that is later than wished.
fn told(
    services: &[FirstService],
    (earliest, working_days): (Moment, Option<u32>),
    missed: Option<Moment>,
) -> Label {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for service in services {
        let mut one = service.cited();
        if let Some(ticket) = &service.ticket {
            one.zh += &format!("，由 {ticket} 办理");
            one.en += &format!(", by {ticket}");
        }
        zh.push(one.zh);
        en.push(one.en);
    }
    let earliest = when(earliest);
    let (mut zh, mut en) = (
        format!("须先办：{}；最早 {earliest}", zh.join("；")),
        format!("comes first: {}; done {earliest} at the earliest", en.join("; ")),
    );
    if let Some(days) = working_days {
        zh += &format!("（{days} 个工作日）");
        en += &match days {
            1 => " (1 working day)".to_owned(),
            _ => format!(" ({days} working days)"),
        };
    }
    if let Some(wished) = missed.map(when) {
        zh += &format!("，晚于所希望的 {wished}：加价也不能提前，请如实告知客户并按此报价");
        en += &format!(
            ", later than {wished} as wished: no money makes it earlier; tell the client, and quote \
             from there"
        );
    }
    Label::new(zh, en)
}

/// What a client does about services that come first, before he orders.
pub(super) fn asked_of_client(first: &ComesFirst) -> impl Iterator<Item = Label> {
    let inside = first.services.iter().filter(|one| one.ticket.is_none());
    inside.map(|one| {
        let what = one.cited();
        Label::new(
            format!("须先完成：{}；如已完成请告知，否则由我们先办", what.zh),
            format!("{} comes first: tell us if it is done, else we do it first", what.en),
        )
    })
}
