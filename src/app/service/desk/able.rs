//! Who could take a part in a ticket, how much time each of them has, and what its client is
//! entitled to: the part of its [`super::Dossier`] that looks at people and agreements.

use super::urgency::day_of;
use super::{Able, Entitled, life_of};
use crate::app::service::clients::{CLIENT, ClientFile};
use crate::app::service::people::PERSON;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::{Day, Label};
use crate::desk::capacity::{Ask, Free, between, free, verdict};
use crate::desk::closing::left;
use crate::desk::decide::Elsewhere;
use crate::desk::event::{Event, Stream};
use crate::desk::life::{Happening, Life, PLAN, Verdict};
use crate::desk::staffing::{Candidate, Hand, candidates, is_able, reviewers};
use crate::desk::triage;
use crate::model::people::Person;
use crate::model::ticket::{Role, Seat, Step, Track};
use crate::policy::desk::Post;
use crate::time::{DAY, Span};

/// How far ahead time is counted for what has no date yet.
const AHEAD_MS: i64 = 5 * DAY * crate::desk::clock::MINUTE;

/// A part that somebody is wanted for.
struct Wanted<'a> {
    part: Role,
    seat: &'a Seat,
    minutes: i64,
}

impl Service {
    /// Who could take which part, and whether anybody has the time to drive it.
    pub(super) fn able(
        &self,
        (file, life): (&TicketFile, &Life),
        now_ms: i64,
    ) -> Result<(Vec<Able>, Option<Verdict>), Refusal> {
        let Some(known) = self.known.now() else { return Ok((Vec::new(), None)) };
        let people = self.people_now()?;
        if people.is_empty() {
            // Of a firm that keeps no people nothing can be counted.
            return Ok((Vec::new(), None));
        }
        let owner = self.client_of(file)?.and_then(|client| client.owner);
        let steps = self.steps_of(file);
        let needed = life.assessment.as_ref().and_then(triage::counted_from);
        let until = life.owed_ms().or(needed).unwrap_or(now_ms).max(now_ms + AHEAD_MS);
        let span = between(now_ms, until);
        let taken = self.taken(span);
        let taken: Vec<(&str, Span)> =
            taken.iter().map(|(person, span)| (person.as_str(), *span)).collect();
        let (mut able, mut told) = (Vec::new(), None);
        for Wanted { part, seat, minutes } in wanted(&steps) {
            let ask = Ask { skill: &seat.skill, level: seat.level, minutes, span };
            let time = free(&known.book, &people, &taken, &ask);
            let found = of_part(part, &people, life, seat);
            let time: Vec<Free> = time
                .into_iter()
                .filter(|one| found.iter().any(|candidate| candidate.person == one.person))
                .collect();
            if part == Role::Driver {
                told = Some(verdict(&time, minutes));
            }
            able.extend(found.into_iter().map(|candidate| {
                let own = time.iter().find(|one| one.person == candidate.person);
                Able {
                    part,
                    is_owner: owner.as_ref() == Some(&candidate.person),
                    free_minutes: own.map_or(0, |one| one.regular),
                    beyond_minutes: own.map_or(0, |one| one.beyond),
                    is_same_department: candidate.is_same_department,
                    person: candidate.person,
                }
            }));
        }
        Ok((able, told.filter(|_| life.crew.is_none())))
    }

    /// Whom the department that has a ticket comes before, where somebody else is to drive it and
    /// one of that department has the time (R189).
    pub(super) fn elsewhere(
        &self,
        (file, life): (&TicketFile, &Life),
        now_ms: i64,
    ) -> Result<Option<Elsewhere>, Refusal> {
        if !life.is_owner_leaving {
            return Ok(None);
        }
        let steps = self.steps_of(file);
        let minutes = wanted(&steps).into_iter().find(|one| one.part == Role::Driver);
        let minutes = minutes.map_or(0, |one| one.minutes);
        let (mut able, _) = self.able((file, life), now_ms)?;
        able.retain(|one| one.part == Role::Driver);
        let (own, others): (Vec<Able>, Vec<Able>) =
            able.into_iter().partition(|one| one.is_same_department);
        let free = own.into_iter().find(|one| one.free_minutes >= minutes);
        let people = others.into_iter().map(|one| one.person).collect();
        Ok(free.map(|one| Elsewhere { free: one.person, people }))
    }

    /// What is known of those whom `wish` gives a ticket to; nothing where a plan does, or nobody has
    /// laid down who holds which post.
    pub(super) fn hands(
        &self,
        file: &TicketFile,
        (wish, actor): (&Happening, &str),
    ) -> Result<Vec<Hand>, Refusal> {
        let (Happening::Dispatched(crew) | Happening::Reassigned { crew, .. }) = wish else {
            return Ok(Vec::new());
        };
        let Some(laid) = self.laid()?.filter(|_| actor != PLAN) else { return Ok(Vec::new()) };
        let owner = self.client_of(file)?.and_then(|client| client.owner);
        let steps = self.steps_of(file);
        let parts = [
            (Post::Driver, Role::Driver, &crew.driver),
            (Post::Liaison, Role::Liaison, &crew.liaison),
            (Post::Reviewer, Role::Reviewer, &crew.reviewer),
        ];
        let hand = |(part, role, key): (Post, Role, &String)| -> Result<Hand, Refusal> {
            let kept = self.find_if_any::<Person>(PERSON, key)?;
            let person = kept.map(|kept| kept.document);
            let is_owner = part == Post::Liaison && owner.as_ref() == Some(key);
            let has_post = is_owner || laid.desk.posts_of(key).next().is_some();
            let mut seats = steps.iter().flat_map(|step| &step.seats);
            let seat = seats.find(|seat| seat.role == Some(role));
            let is_able = is_able(person.as_ref(), part, seat, has_post);
            let is_there = person.is_some() || has_post;
            Ok(Hand { person: key.clone(), part, is_there, is_able })
        };
        parts.into_iter().map(hand).collect()
    }

    /// Those whom a plan gives a ticket to nothing of, as the department that has it comes first.
    pub(in crate::app::service) fn put_behind(
        &self,
        file: &TicketFile,
        now_ms: i64,
    ) -> Result<Vec<String>, Refusal> {
        if !file.desk.as_ref().is_some_and(|desk| desk.is_owner_leaving) {
            return Ok(Vec::new());
        }
        let events = self.stream_of(&Stream::new(TICKET, &file.ticket.id), u64::MAX)?;
        let life = life_of(&events)?;
        let elsewhere = self.elsewhere((file, &life), now_ms)?;
        Ok(elsewhere.map(|elsewhere| elsewhere.people).unwrap_or_default())
    }

    /// The steps of a ticket as its service has them.
    pub(super) fn steps_of(&self, file: &TicketFile) -> Vec<Step> {
        if !file.ticket.steps.is_empty() {
            return file.ticket.steps.clone();
        }
        let known = self.known.now();
        let sold = known.as_ref().and_then(|known| {
            known.base.services.iter().find(|sold| Some(&sold.id) == file.ticket.service.as_ref())
        });
        let Some(sold) = sold else { return Vec::new() };
        match (file.ticket.track, &sold.urgent) {
            (Track::Urgent, Some(urgent)) => urgent.clone(),
            _ => sold.normal.clone(),
        }
    }

    /// What people have on by the plan in force.
    fn taken(&self, within: Span) -> Vec<(String, Span)> {
        let Some(plan) = self.standing.now() else { return Vec::new() };
        let zone = plan.plan.zone;
        let mut taken = Vec::new();
        for step in &plan.plan.steps {
            for piece in &step.pieces {
                let span = Span::new(zone.tick_from(piece.from), zone.tick_from(piece.to));
                if span.start < within.end && within.start < span.end {
                    taken.extend(step.people.iter().map(|person| (person.clone(), span)));
                }
            }
        }
        taken
    }

    pub(super) fn client_of(&self, file: &TicketFile) -> Result<Option<ClientFile>, Refusal> {
        let Some(client) = &file.ticket.client else { return Ok(None) };
        Ok(self.find_if_any::<ClientFile>(CLIENT, client)?.map(|kept| kept.document))
    }

    /// What a client may still call on today (R116).
    pub(super) fn entitled(
        &self,
        client: Option<&str>,
        now_ms: i64,
    ) -> Result<Vec<Entitled>, Refusal> {
        let (Some(laid), Some(client)) = (self.laid()?, client) else { return Ok(Vec::new()) };
        let today = day_of(self.zone(), now_ms);
        let contract = laid.desk.contracts.iter().find(|contract| contract.client == client);
        let agreement = contract.and_then(|contract| contract.on(today));
        let own = self.find_if_any::<ClientFile>(CLIENT, client)?;
        let own = own.and_then(|kept| kept.document.tier);
        let tier = agreement.map(|agreement| agreement.tier.clone()).or(own);
        let tier = tier.as_deref().and_then(|tier| laid.desk.tier(tier));
        let agreed = agreement.map_or(&[][..], |agreement| &agreement.entitlements);
        let tiered = tier.map_or(&[][..], |tier| &tier.entitlements);
        if agreed.is_empty() && tiered.is_empty() {
            return Ok(Vec::new());
        }
        let used = self.used(client, today)?;
        let told = |one: &crate::policy::desk::Entitlement| {
            let own = used.iter().filter(|(kind, _)| *kind == one.kind);
            let days: Vec<Day> = own.map(|(_, day)| *day).collect();
            let left = left(one, &days, today);
            let (id, name, kind) = (one.id.clone(), one.label.clone(), one.kind);
            Entitled { id, name, kind, left: left.count, next_fen: left.next_fen }
        };
        // Without a number there is nothing to count down.
        Ok(agreed.iter().chain(tiered).filter(|one| one.count.is_some()).map(told).collect())
    }
}

/// The parts somebody is wanted for: those of seats that say so; where none does, the first seat
/// drives, and whoever could hold the last one looks over the result.
fn wanted(steps: &[Step]) -> Vec<Wanted<'_>> {
    let seats: Vec<(&Step, &Seat)> =
        steps.iter().flat_map(|step| step.seats.iter().map(move |seat| (step, seat))).collect();
    let minutes = |skill: &str| -> i64 {
        let own = seats.iter().filter(|(_, seat)| seat.skill == skill);
        own.filter_map(|(step, _)| step.minutes).map(i64::from).sum()
    };
    let on =
        |part: Role| seats.iter().find(|(_, seat)| seat.role == Some(part)).map(|(_, one)| *one);
    let (first, last) = (seats.first().map(|(_, one)| *one), seats.last().map(|(_, one)| *one));
    let parts = [
        (Role::Driver, on(Role::Driver).or(first)),
        (Role::Liaison, on(Role::Liaison)),
        (Role::Reviewer, on(Role::Reviewer).or(last)),
    ];
    let told = parts.into_iter().filter_map(|(part, seat)| Some((part, seat?)));
    told.map(|(part, seat)| Wanted { part, seat, minutes: minutes(&seat.skill) }).collect()
}

fn of_part(part: Role, people: &[Person], life: &Life, seat: &Seat) -> Vec<Candidate> {
    match part {
        Role::Reviewer => reviewers(people, life, &seat.skill, seat.level),
        _ => candidates(people, life, &seat.skill, seat.level),
    }
}

/// Goes on only where somebody may say that the client signed: his own system, whoever takes orders
/// or looks over results; a colleague once a trace of it is on record since the delivery (R084, R086).
pub(super) fn must_be_his_to_sign(
    caller: &Caller,
    events: &[Event],
    wish: &Happening,
) -> Result<(), Refusal> {
    let is_signed = matches!(wish, Happening::Signed { .. });
    let takes = [Permission::QuoteAccept, Permission::TicketReview];
    if !is_signed || takes.into_iter().any(|one| caller.may(one)) {
        return Ok(());
    }
    let since = events.iter().rev().take_while(|event| event.kind != "ticket.delivered");
    let mut kinds = since.map(|event| event.kind.as_str());
    if kinds.any(|kind| matches!(kind, "ticket.evidence_filed" | "ticket.document_filed")) {
        return Ok(());
    }
    Err(Refusal::Impossible(Label::new(
        "代客户登记签收须先有凭证：请先登记 evidence_filed（如聊天、邮件、回执），或由客户系统签收",
        "nobody signs for a client without a trace: put evidence_filed on record first, or let his \
         own system sign",
    )))
}
