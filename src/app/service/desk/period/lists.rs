//! What is open at the end of a period: risks, progress, messages, what ran out, who leads.

use std::collections::{BTreeMap, BTreeSet};

use super::form::{
    LeadRow, MessageRow, OverdueRow, OwedRow, Period, RiskRow, StaleRow, TableRow, TroubleRow,
};
use super::{Frame, Seen};
use crate::app::service::Service;
use crate::app::service::clients::{CLIENT, ClientFile};
use crate::app::service::desk::moments::day;
use crate::app::service::desk::who::has_to_act;
use crate::app::service::kept::damaged;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::TICKET;
use crate::calendar::Label;
use crate::desk::clock::MINUTE;
use crate::desk::life::{Garbled, Life, Node, Stage};
use crate::desk::recurring::{Record, digest, digest_due, stale, tickets};
use crate::desk::told::untold;
use crate::desk::watch::{Exception, Planned, Risk, lateness_fen, lead, mass, rank, risk};
use crate::policy::desk::Post;
use crate::store::MOST_ROWS;
use crate::time::Money;

/// Days ahead for which what is owed is told.
const AHEAD: i32 = 31;
/// From so many tickets with the same trouble on it is told.
const MASS: usize = 2;

/// Lists of what is open.
#[derive(Default)]
pub(super) struct Lists {
    /// Open tickets with their clients.
    pub(super) open: BTreeMap<String, (Option<String>, Life)>,
    risks: Vec<Risk>,
    messages: Vec<MessageRow>,
    overdue: Vec<OverdueRow>,
    unsurveyed: Vec<String>,
}

fn unread(garbled: &Garbled) -> Refusal {
    damaged("event", &garbled.stream)
}

impl Lists {
    /// Takes in a ticket, when the plan finishes it, and of what its client is to be warned.
    pub(super) fn take(
        &mut self,
        frame: &Frame<'_>,
        seen: &Seen<'_>,
        (planned, warning): (Planned, Option<Label>),
    ) -> Result<(), Refusal> {
        let Seen { key, file, events, life, .. } = seen;
        let book = &frame.known.book;
        let price = |at_ms: i64| lateness_fen(&file.ticket, book, at_ms);
        self.risks.extend(risk((key, life), planned, price));
        if life.stage.is_promised() {
            let name = |item: &str| match frame.laid {
                Some(laid) => laid.material(&file.ticket, item),
                None => Label::new(item, item),
            };
            let mut untold = untold(*events, &name).map_err(|garbled| unread(&garbled))?;
            untold.extend(warning.map(|words| (Node::Risk, words)));
            let midnight = frame.zone.midnight(day(book, frame.now_ms)).0 * MINUTE;
            let told = life.beside.told_ms.iter().filter(|at| **at >= midnight).count();
            let told = u32::try_from(told).unwrap_or(u32::MAX);
            let left = frame.desk.messages_per_day.map(|most| most.saturating_sub(told));
            let row = MessageRow { ticket: (*key).to_owned(), untold, left };
            self.messages.extend((!row.untold.is_empty()).then_some(row));
        }
        if life.stage == Stage::Signed && life.rating.is_none() {
            self.unsurveyed.push((*key).to_owned());
        }
        for (timer, since_ms) in overdue(seen) {
            let name = frame.laid.and_then(|laid| laid.name(timer));
            self.overdue.push(OverdueRow {
                ticket: (*key).to_owned(),
                name: name.unwrap_or_else(|| Label::new(timer, timer)),
                timer: timer.to_owned(),
                since: frame.moment(since_ms),
            });
        }
        Ok(())
    }

    /// Puts everything into the report.
    pub(super) fn told(mut self, frame: &Frame<'_>, period: &mut Period) {
        let at = |at_ms: i64| frame.moment(at_ms);
        rank(&mut self.risks);
        let row = |risk: Risk| {
            let life = self.open.get(&risk.ticket).map(|(_, life)| life);
            let person = has_to_act(life.and_then(|life| life.crew.as_ref()));
            RiskRow {
                ticket: risk.ticket,
                owed: risk.owed_ms.map(at),
                latest: at(risk.latest_ms),
                expected_fen: Money(risk.expected_fen),
                exceptions: labels(&risk.exceptions),
                post: person.is_none().then_some(Post::DepartmentManager),
                person,
            }
        };
        period.risks = self.risks.into_iter().map(row).collect();
        let open: Vec<(&str, &Life)> =
            self.open.iter().map(|(key, (_, life))| (key.as_str(), life)).collect();
        let row = |line: crate::desk::recurring::Line| TableRow {
            ticket: line.ticket,
            phase: line.phase,
            stage: line.stage,
            driver: line.driver,
            owed: line.owed_ms.map(at),
            expected: line.expected_ms.map(|(_, latest)| at(latest)),
            exceptions: labels(&line.exceptions),
        };
        period.table = digest(&open).into_iter().map(row).collect();
        if let Some(digest) = &frame.desk.digest {
            let due = digest_due(frame.desk, &frame.known.book, digest, frame.now_ms);
            (period.table_due, period.table_to) = (due.map(at), Some(digest.post));
        }
        let row = |(first, others): (&str, Vec<&str>)| TroubleRow {
            first: first.to_owned(),
            others: others.into_iter().map(str::to_owned).collect(),
        };
        period.same_trouble = mass(&open, MASS).into_iter().map(row).collect();
        period.messages = self.messages;
        period.overdue = self.overdue;
        period.unsurveyed = self.unsurveyed;
    }
}

fn labels(exceptions: &[Exception]) -> Vec<Label> {
    exceptions.iter().map(Exception::label).collect()
}

/// The clocks that ran out and still run, the last of each kind, and since when.
fn overdue<'a>(seen: &Seen<'a>) -> Vec<(&'a str, i64)> {
    let clocks = seen.clocks;
    let is_last = |at: usize| clocks.get(at + 1).is_none_or(|next| next.timer != clocks[at].timer);
    let last = (0..clocks.len()).filter(|at| is_last(*at)).map(|at| &clocks[at]);
    let open = last.filter(|had| !had.is_stopped);
    open.filter_map(|had| Some((had.timer.as_str(), had.out_ms?))).collect()
}

impl Service {
    /// Puts into the report what needs clients and tickets to be looked up.
    pub(super) fn tell_lists(
        &self,
        frame: &Frame<'_>,
        drivers: &BTreeMap<String, Vec<String>>,
        period: &mut Period,
    ) -> Result<(), Refusal> {
        for (client, drivers) in drivers {
            let owner = self.find_if_any::<ClientFile>(CLIENT, client)?;
            let owner = owner.and_then(|kept| kept.document.owner);
            let names: Vec<&str> = drivers.iter().map(String::as_str).collect();
            let several = names.iter().collect::<BTreeSet<_>>().len() > 1;
            if let Some((lead, all)) = lead(owner.as_deref(), &names).filter(|_| several) {
                let drivers = all.into_iter().map(str::to_owned).collect();
                let (client, lead) = (client.clone(), lead.to_owned());
                period.leads.push(LeadRow { client, lead, drivers });
            }
        }
        let today = day(&frame.known.book, frame.now_ms);
        for one in tickets(frame.desk, &frame.known.book, today, today.plus(AHEAD)) {
            let is_there = self.version_of(TICKET, &one.id)? > 0;
            let (Some(release), Some(due)) = (one.release, one.due) else { continue };
            let whole = |moment| frame.zone.moment(frame.zone.tick_from(moment));
            period.owed.push(OwedRow {
                ticket: one.id,
                client: one.client.unwrap_or_default(),
                service: one.service.unwrap_or_default(),
                release: whole(release),
                due: whole(due),
                is_there,
            });
        }
        period.stale = self.stale_clients(frame)?;
        self.tell_over(frame, period)
    }

    /// The clients whose data are to be gone through (R241).
    fn stale_clients(&self, frame: &Frame<'_>) -> Result<Vec<StaleRow>, Refusal> {
        let Some(most_days) = frame.desk.client_days else { return Ok(Vec::new()) };
        let (mut found, mut behind) = (Vec::new(), None);
        loop {
            let rows = self.store.documents(CLIENT, behind.as_deref(), MOST_ROWS)?;
            let Some(last) = rows.last() else { break };
            behind = Some(last.key.clone());
            for row in rows {
                let Some(body) = &row.body else { continue };
                let file: ClientFile =
                    serde_json::from_str(body).map_err(|_| damaged(CLIENT, &row.key))?;
                let lacks = [
                    ("name", file.name.is_none()),
                    ("owner", file.owner.is_none()),
                    ("contacts", file.contacts.is_empty()),
                ];
                let missing = lacks.into_iter().filter(|lack| lack.1).map(|lack| lack.0).collect();
                let record = Record { client: &row.key, seen_ms: Some(row.at_ms), missing };
                let rows = stale(&[record], most_days, frame.now_ms).into_iter();
                found.extend(rows.map(|one| StaleRow {
                    client: one.client.to_owned(),
                    days: one.days,
                    missing: one.missing.into_iter().map(str::to_owned).collect(),
                }));
            }
        }
        // Those of whom something is missing and those not looked at for longest first.
        found.sort_by_key(|row: &StaleRow| std::cmp::Reverse(row.days));
        Ok(found)
    }
}

impl Lists {
    /// Who drives open tickets, by client.
    pub(super) fn drivers(&self) -> BTreeMap<String, Vec<String>> {
        let mut drivers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (client, life) in self.open.values() {
            if let (Some(client), Some(crew)) = (client, &life.crew) {
                drivers.entry(client.clone()).or_default().push(crew.driver.clone());
            }
        }
        drivers
    }
}
