//! The moments of one ticket, read from its events: when its clocks and the duties of its days warn
//! and run out (R067), who of an agreement's ladder hears of it when (R108), and when its client is
//! reminded to sign (R086). Knows no store.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::goals::{Version, is_stopped_before, no_sooner, with_goals};
use super::who::has_to_act;
use super::{Laid, ShownDue};
use crate::app::clock::stamp;
use crate::app::service::kept::damaged;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::TicketFile;
use crate::calendar::{Book, Day, Label};
use crate::desk::clock::{self, State};
use crate::desk::event::Event;
use crate::desk::life::Crew;
use crate::desk::timer::runs_about;
use crate::desk::{closing, watch};
use crate::policy::desk::{Agreement, Post};
use crate::time::Tick;

/// What reminders of clients are called in the place of a clock.
pub(super) const SIGNATURE: &str = "signature";
/// Days looked back for duties that were missed and not told.
const BACK: i32 = 31;
/// Days looked ahead for the next one the office is open on.
const AHEAD: i32 = 21;

/// What a clock has to say.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// It warns.
    Warns,
    /// It runs out.
    RunsOut,
    /// The client is to be reminded.
    Reminds,
    /// It must be passed on to a higher level of response (R128).
    PassesOn,
    /// It ran out and stayed open: the next one of the agreement's ladder is told (R108).
    Escalates,
    /// The client is to be warned that a promise is at risk (R074).
    TellsClient,
    /// An error found after the signature is to be put right (R083).
    Mends,
}

/// A moment of a clock.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) at_ms: i64,
    pub(super) timer: String,
    /// Which of the clocks of this kind the ticket has had, from 0; of a duty the number of its
    /// day, of a reminder its own, of a level of response that level.
    pub(super) run: usize,
    /// Of a ladder its rung, from 0.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub(super) rung: usize,
    pub(super) sign: Sign,
    /// Who is told beside whom the clock names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<Post>,
    /// Who has to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<String>,
    /// The piece of material it is about, if it is about one (R029).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) item: Option<String>,
}

fn is_nought(rung: &usize) -> bool {
    *rung == 0
}

/// What tells one moment from another: of a ladder and of a level of response the rung, whenever
/// that comes.
pub(super) type Name = (i64, String, usize, usize, Sign);

impl Row {
    /// A moment of a clock of this kind.
    fn of(timer: &str, run: usize, (at_ms, sign): (i64, Sign)) -> Row {
        let timer = timer.to_owned();
        Row { at_ms, timer, run, rung: 0, sign, to: None, person: None, item: None }
    }

    pub(super) fn name(&self) -> Name {
        let is_dated = !matches!(self.sign, Sign::PassesOn | Sign::Escalates);
        let at_ms = if is_dated { self.at_ms } else { 0 };
        (at_ms, self.timer.clone(), self.run, self.rung, self.sign)
    }

    /// Whether it is to be told: what is done at the very moment a clock runs out is in time.
    pub(super) fn has_come(&self, now_ms: i64) -> bool {
        match self.sign {
            Sign::Warns | Sign::Reminds | Sign::PassesOn => self.at_ms <= now_ms,
            Sign::Escalates | Sign::TellsClient | Sign::Mends => self.at_ms <= now_ms,
            Sign::RunsOut => self.at_ms < now_ms,
        }
    }

    /// Whether it is that a client has not paid in time (R193).
    pub(super) fn is_late_payment(&self, laid: &Laid) -> bool {
        let timer = laid.desk.timers.iter().find(|timer| timer.id == self.timer);
        self.sign == Sign::RunsOut && timer.is_some_and(|timer| is_of_payment(&timer.stops))
    }

    /// Who is told of it.
    fn post(&self, laid: &Laid) -> Option<Post> {
        let daily = || laid.desk.daily.iter().find(|daily| daily.id == self.timer);
        match self.sign {
            Sign::Warns => daily().map(|daily| daily.post).or(self.to),
            Sign::RunsOut => laid.post(&self.timer),
            Sign::Reminds => {
                let ladder = laid.desk.reminders.as_deref().unwrap_or_default();
                closing::reminder(ladder, self.run).map(|reminder| reminder.post)
            }
            Sign::PassesOn | Sign::Escalates | Sign::TellsClient | Sign::Mends => self.to,
        }
    }
}

/// Whether this is a clock of what went wrong, which whoever has the ticket answers (R071).
fn is_of_anomalies(laid: &Laid, timer: &str) -> bool {
    let own = laid.desk.timers.iter().find(|own| own.id == timer);
    own.is_some_and(|own| own.stops.iter().any(|stop| stop == "ticket.anomaly_answered"))
}

/// `row` with who has to act on it, where that is whoever has the ticket: who drives it, else who
/// talks with the client, else the manager.
pub(super) fn with_who(row: Row, laid: &Laid, crew: Option<&Crew>) -> Row {
    let is_told = matches!(row.sign, Sign::Warns | Sign::RunsOut);
    if !is_told || !is_of_anomalies(laid, &row.timer) {
        return row;
    }
    let person = has_to_act(crew);
    let is_for_nobody = person.is_none() && row.sign == Sign::Warns;
    let to = row.to.or(is_for_nobody.then_some(Post::DepartmentManager));
    Row { person, to, ..row }
}

/// Whether a clock that these stop is for the client to keep, and not for the firm.
fn is_of_payment(stops: &[String]) -> bool {
    stops.iter().any(|stop| stop == "ticket.paid")
}

/// The moments of the clocks of this kind that the events of one ticket started. What was stopped
/// before policy and base were as they are, at `since_ms`, is not judged by them.
pub(super) fn moments(
    book: &Book,
    versions: &[Version],
    events: &[Event],
    (since_ms, now_ms): (i64, i64),
    agreement: Option<&Agreement>,
) -> Result<Vec<Row>, Refusal> {
    // What starts and stops it is the same in all of them.
    let Some((_, kind)) = versions.last() else { return Ok(Vec::new()) };
    let runs = runs_about(kind, events).map_err(|garbled| damaged("event", &garbled.stream))?;
    let mut rows = Vec::new();
    for (run, (item, turns)) in runs.iter().enumerate() {
        let Some((timer, turns)) = with_goals(versions, turns) else { continue };
        if is_stopped_before(&turns, since_ms) {
            continue;
        }
        let reading = clock::read(&timer.rule(book), &turns, now_ms);
        let agreement = agreement.filter(|_| !is_of_payment(&timer.stops));
        let row =
            |at_ms, sign| Row { item: item.clone(), ..Row::of(&timer.id, run, (at_ms, sign)) };
        // What ran out by the rules of before was told before they were replaced: by those of today
        // nothing that began earlier runs out earlier than they were laid down.
        let out_ms = reading.out_ms.map(|at| at.max(no_sooner(&turns, since_ms)));
        // A clock that was stopped warns nobody any more; that it ran out is told however late.
        let is_going = matches!(reading.state, State::Running | State::Held);
        let warning = reading
            .warn_ms
            .filter(|warn| is_going && out_ms.is_none_or(|out| *warn < out) && !reading.is_out);
        rows.extend(warning.map(|at| row(at, Sign::Warns)));
        let to = agreement.and_then(|agreement| agreement.escalation.first().copied());
        rows.extend(out_ms.map(|at| Row { to, ..row(at, Sign::RunsOut) }));
        if let (Some(out_ms), Some(agreement)) = (out_ms, agreement)
            && is_going
            && reading.is_out
        {
            let rungs = ladder(agreement, (&timer.rule(book), out_ms));
            rows.extend(rungs.into_iter().map(|(rung, at_ms, to)| Row {
                rung,
                to: Some(to),
                ..row(at_ms, Sign::Escalates)
            }));
        }
    }
    Ok(rows)
}

/// The rungs of an agreement's ladder behind the first, which hears at once, for a clock that ran
/// out at `out_ms` and still runs: one after the other, so much of the clock's calendar apart as
/// the agreement says (R108). Where it says nothing, nobody else is told.
fn ladder(
    agreement: &Agreement,
    (rule, out_ms): (&clock::Rule<'_>, i64),
) -> Vec<(usize, i64, Post)> {
    let Some(minutes) = agreement.escalates_after_minutes else { return Vec::new() };
    let apart_ms = i64::from(minutes) * clock::MINUTE;
    let mut rows = Vec::new();
    let mut at_ms = out_ms;
    for (rung, post) in agreement.escalation.iter().enumerate().skip(1) {
        let Some(next_ms) = rule.reached(at_ms, apart_ms) else { break };
        at_ms = next_ms;
        rows.push((rung, at_ms, *post));
    }
    rows
}

/// The moments of daily duties (R067, R068) of a ticket with these events, until the next day that
/// has any: each warns after its part of the time since the office opened, and is missed behind
/// its own. What was to be done before `since_ms` was judged by the rules of then.
pub(super) fn duties(
    laid: &Laid,
    book: &Book,
    (events, sort): (&[Event], watch::Sort),
    (since_ms, now_ms): (i64, i64),
) -> Vec<Row> {
    let spans = watch::under_way(events);
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Vec::new() };
    let today = day(book, now_ms);
    let ahead = today.plus(AHEAD);
    let end = last.1.map_or(ahead, |end| day(book, end)).min(ahead);
    let mut on = day(book, first.0.max(since_ms)).max(today.plus(-BACK));
    let mut rows = Vec::new();
    while on <= end {
        let own = watch::duties(&laid.desk, book, events, (on, sort));
        let is_next = on > today && !own.is_empty();
        for duty in own.into_iter().filter(|duty| duty.by_ms >= since_ms) {
            let Ok(run) = usize::try_from(on.0) else { continue };
            let row = |at_ms, sign| Row::of(&duty.daily.id, run, (at_ms, sign));
            let warns = i64::from(laid.desk.warns_permille.unwrap_or(1000));
            let warns_ms = duty.opens_ms + (duty.by_ms - duty.opens_ms) * warns / 1000;
            let is_open = duty.done_ms.is_none();
            let is_warning = is_open && warns_ms < duty.by_ms && now_ms <= duty.by_ms;
            let is_missed = duty.done_ms.is_none_or(|done| done > duty.by_ms);
            rows.extend(is_warning.then(|| row(warns_ms, Sign::Warns)));
            rows.extend(is_missed.then(|| row(duty.by_ms, Sign::RunsOut)));
        }
        if is_next {
            break;
        }
        on = on.plus(1);
    }
    rows
}

/// When the client of a ticket with these events is reminded to sign (R086).
pub(super) fn reminders(laid: &Laid, events: &[Event], (since_ms, _): (i64, i64)) -> Vec<Row> {
    let ladder = laid.desk.reminders.as_deref().unwrap_or_default();
    let rungs = closing::reminders(ladder, events).into_iter();
    let row =
        |rung: closing::Rung<'_>| Row::of(SIGNATURE, rung.number, (rung.at_ms, Sign::Reminds));
    rungs.filter(|rung| rung.at_ms >= since_ms).map(row).collect()
}

/// The moment that an event of a clock tells of.
pub(super) fn told(event: &Event) -> Option<Row> {
    let sign = match event.kind.as_str() {
        "ticket.clock_warned" => Sign::Warns,
        "ticket.clock_breached" => Sign::RunsOut,
        "ticket.reminder_due" => Sign::Reminds,
        // Who hears at once hears with the clock itself.
        "ticket.escalated" => Sign::Escalates,
        _ => return None,
    };
    let payload = event.payload.value().ok()?;
    let number = |name: &str| usize::try_from(payload[name].as_u64()?).ok();
    let (run, timer) = (number("run")?, payload["timer"].as_str()?);
    let row = Row::of(timer, run, (payload["due_ms"].as_i64()?, sign));
    Some(Row { rung: number("rung").unwrap_or(0), ..row })
}

/// The events that tell of a moment: a clock that runs out is put to somebody (R128) and to the
/// first of the agreement's ladder (R108), a duty that is soon due and a reminder to whoever does
/// it.
pub(super) fn told_of(
    laid: &Laid,
    file: &TicketFile,
    row: &Row,
) -> Vec<(&'static str, serde_json::Value)> {
    let (client, to) = (&file.ticket.client, row.post(laid));
    let mut payload =
        json!({"timer": row.timer, "run": row.run, "due_ms": row.at_ms, "client": client});
    if let Some(person) = &row.person {
        payload["person"] = json!(person);
    }
    if let Some(item) = &row.item {
        payload["item"] = json!(item);
    }
    let kind = match row.sign {
        Sign::RunsOut => {
            let told = json!({"timer": row.timer, "run": row.run, "client": client});
            let mut events = vec![("ticket.clock_breached", payload)];
            for post in to.into_iter().chain(row.to.filter(|first| Some(*first) != to)) {
                let mut told = told.clone();
                told["to"] = json!(post);
                if Some(post) == row.to {
                    told["rung"] = json!(0);
                }
                events.push(("ticket.escalated", told));
            }
            return events;
        }
        Sign::Warns => "ticket.clock_warned",
        Sign::Escalates => {
            payload["rung"] = json!(row.rung);
            "ticket.escalated"
        }
        Sign::Reminds | Sign::PassesOn | Sign::TellsClient | Sign::Mends => "ticket.reminder_due",
    };
    if let Some(to) = to {
        payload["to"] = json!(to);
    }
    vec![(kind, payload)]
}

pub(super) fn shown(laid: Option<&Laid>, ticket: String, row: Row) -> ShownDue {
    let post = laid.and_then(|laid| row.post(laid));
    let Row { at_ms, timer, sign, person, .. } = row;
    let name = laid.and_then(|laid| laid.name(&timer));
    let name = name.unwrap_or_else(|| Label::new(timer.clone(), timer.clone()));
    let (at, item, words) = (stamp(at_ms), None, None);
    ShownDue { at, ticket, timer, name, item, sign, post, person, words }
}

/// The local date of a moment.
pub(super) fn day(book: &Book, at_ms: i64) -> Day {
    book.zone().date(Tick(at_ms.div_euclid(clock::MINUTE)))
}
