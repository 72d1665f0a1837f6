//! What a scenario asks of its people: load, slack, scarce skills, tickets that must be late. Must
//! not know how the scenario was made.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::Calendar;
use crate::calendar::timeline::Timeline;
use crate::id::{Column, Id};
use crate::model::people::BandKind;
use crate::model::ticket::{BureauRule, LinkKind};
use crate::model::work::{Clock, Lag, Person, Progress, Skill, Step, Ticket, Work};
use crate::time::{DAY, Span, Tick};

/// The figures of a scenario. *Demand* is effort with the tools at hand, at pace 100 %, once per
/// seat; *capacity* is regular minutes in presence within the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Tickets.
    pub ticket_count: usize,
    /// Steps and waits.
    pub step_count: usize,
    /// People.
    pub person_count: usize,
    /// The critical window in minutes, from `as_of` on.
    pub window_minutes: i64,
    /// Demand of all seats.
    pub demand_minutes: i64,
    /// Capacity of all people who may lead.
    pub capacity_minutes: i64,
    /// Demand per capacity, in thousandths.
    pub load_permille: i64,
    /// Slack of the tickets with a due time: due − finish of the ticket alone, in elapsed minutes;
    /// the 10th, 25th, 50th, 75th and 90th percentile. Empty when no ticket has a due time.
    pub slack_minutes: Vec<i64>,
    /// Share of the tickets with a due time that end late even alone, in thousandths.
    pub late_alone_permille: i64,
    /// Every skill in demand, scarcest first.
    pub skills: Vec<SkillFigure>,
}

/// How scarce one skill is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkillFigure {
    /// The skill.
    pub skill: String,
    /// People who hold it and are no trainees.
    pub holder_count: usize,
    /// Demand of its seats.
    pub demand_minutes: i64,
    /// Capacity of its holders, each counted whole whatever else they can do.
    pub capacity_minutes: i64,
    /// Demand per capacity in thousandths; −1 when nobody holds it.
    pub scarcity_permille: i64,
}

/// The figures of `work`, with capacity counted from `as_of` to `until`.
#[must_use]
pub fn figures(work: &Work, until: Tick) -> Figures {
    let window = Span::new(work.as_of, until);
    let regular = capacity(work, window);
    let capacity_minutes =
        work.people.pairs().filter(|(_, p)| !p.trainee).map(|(id, _)| regular[id]).sum();
    let demand_minutes = work.steps.iter().map(demand).sum();
    let alone = alone(work);
    let mut slack: Vec<i64> = work
        .tickets
        .pairs()
        .filter_map(|(id, ticket)| Some(ticket.due? - alone[id].unwrap_or(work.reach().end)))
        .collect();
    slack.sort_unstable();
    let late = slack.iter().filter(|slack| **slack < 0).count();
    let at = |percent: usize| slack.get((slack.len().saturating_sub(1)) * percent / 100).copied();
    Figures {
        ticket_count: work.tickets.len(),
        step_count: work.steps.len(),
        person_count: work.people.len(),
        window_minutes: window.minutes(),
        demand_minutes,
        capacity_minutes,
        load_permille: permille(demand_minutes, capacity_minutes),
        slack_minutes: [10, 25, 50, 75, 90].into_iter().filter_map(at).collect(),
        late_alone_permille: permille(whole(late), whole(slack.len())),
        skills: skills(work, &regular),
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).expect("counts fit 63 bits")
}

fn permille(part: i64, all: i64) -> i64 {
    if all == 0 { 0 } else { (part * 1000 + all / 2) / all }
}

/// What one step asks: the stated minutes of begun ones, nothing for waits and done steps.
pub(super) fn demand(step: &Step) -> i64 {
    let minutes = match &step.progress {
        Some(Progress::Done { .. }) => 0,
        Some(Progress::Begun { remaining, .. }) => *remaining,
        None => (step.effort * step.tool_percent + 99) / 100,
    };
    minutes * whole(step.seats.len())
}

/// Regular minutes in presence of each person within `window`.
pub(super) fn capacity(work: &Work, window: Span) -> Column<Person, i64> {
    let mut seen: Vec<(Calendar, i64)> = Vec::new();
    let mut minutes = |calendar: &Calendar| {
        if let Some((_, known)) = seen.iter().take(64).find(|(known, _)| known == calendar) {
            return *known;
        }
        let open = work.book.open_minutes(calendar, window);
        seen.push((calendar.clone(), open));
        open
    };
    let regular = |person: &Person| {
        let bands = person.bands.iter().filter(|band| band.kind == BandKind::Regular);
        bands.map(|band| minutes(&band.present)).sum()
    };
    work.people.iter().map(regular).collect()
}

fn skills(work: &Work, regular: &Column<Person, i64>) -> Vec<SkillFigure> {
    let mut asked: BTreeMap<Id<Skill>, i64> = BTreeMap::new();
    for step in work.steps.iter().filter(|step| !step.is_wait()) {
        for seat in &step.seats {
            *asked.entry(seat.skill).or_default() += demand(step) / whole(step.seats.len());
        }
    }
    let mut held: Column<Skill, (usize, i64)> = work.skills.iter().map(|_| (0, 0)).collect();
    for (id, person) in work.people.pairs().filter(|(_, person)| !person.trainee) {
        for skill in &person.skills {
            held[skill.skill].0 += 1;
            held[skill.skill].1 += regular[id];
        }
    }
    let mut rows: Vec<SkillFigure> = asked
        .into_iter()
        .map(|(skill, demand_minutes)| {
            let (holder_count, capacity_minutes) = held[skill];
            let scarce = permille(demand_minutes, capacity_minutes);
            SkillFigure {
                skill: work.skills[skill].clone(),
                holder_count,
                demand_minutes,
                capacity_minutes,
                scarcity_permille: if holder_count == 0 { -1 } else { scarce },
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.holder_count > 0, -row.scarcity_permille));
    rows
}

/// The finish of each ticket alone: fastest level that anybody holds, regular and overtime hours of
/// the firm at large, bureaus and waits as stated; travel and shared people left out. `None` when
/// it does not end within reach.
pub(super) fn alone(work: &Work) -> Column<Ticket, Option<Tick>> {
    let hours = Hours::new(work);
    let mut ends: Column<Step, Option<Span>> = work.steps.iter().map(|_| None).collect();
    let mut finish: Column<Ticket, Option<Tick>> = work.tickets.iter().map(|_| None).collect();
    for (id, ticket) in work.tickets.pairs() {
        let mut last = Some(work.as_of);
        for step in &ticket.steps {
            let span = hours.span(work, ticket, &work.steps[*step], &ends);
            ends[*step] = span;
            last = span.and_then(|span| Some(span.end.max(last?)));
        }
        finish[id] = last;
    }
    finish
}

/// Compiled hours of the firm at large.
struct Hours {
    work: Timeline,
    clocks: Column<Clock, Timeline>,
    best: Column<Skill, u8>,
}

impl Hours {
    fn new(work: &Work) -> Hours {
        let reach = Span::new(work.as_of - 40 * DAY, work.reach().end);
        let midnights = work.zone.midnights(reach);
        let expand = |calendar: &Calendar| {
            Timeline::from_windows(work.book.open_spans(calendar, reach), &midnights)
        };
        let mut bands: Vec<&str> = Vec::new();
        let mut best: Column<Skill, u8> = work.skills.iter().map(|_| 1).collect();
        for person in work.people.iter().filter(|person| !person.trainee) {
            for band in person.bands.iter().filter(|band| band.kind != BandKind::OnCall) {
                if !bands.contains(&band.present.id.as_str()) {
                    bands.push(&band.present.id);
                }
            }
            for held in &person.skills {
                best[held.skill] = best[held.skill].max(held.level);
            }
        }
        let calendars = bands.into_iter().filter_map(|id| work.book.calendar(id));
        let all = calendars.fold(Timeline::from_windows(Vec::new(), &midnights), |all, next| {
            all.union(&expand(next), &midnights)
        });
        Hours { work: all, clocks: work.clocks.iter().map(expand).collect(), best }
    }

    fn span(
        &self,
        work: &Work,
        ticket: &Ticket,
        step: &Step,
        known: &Column<Step, Option<Span>>,
    ) -> Option<Span> {
        let (from, minutes) = match &step.progress {
            Some(Progress::Done { span, .. }) => return Some(*span),
            Some(Progress::Begun { start, end: Some(end), .. }) => {
                return Some(Span::new(*start, *end));
            }
            Some(Progress::Begun { remaining, .. }) => (work.as_of, *remaining),
            None => (self.ready(ticket, step, known)?, self.minutes(work, step)),
        };
        let bureau = step.bureau.map(|(bureau, rule)| (work.bureaus[bureau].hours, rule));
        if step.is_wait() {
            let start = bureau.map_or(Some(from), |(clock, _)| self.clocks[clock].next_open(from));
            let start = start?;
            return Some(Span::new(start, self.lag(step.wait, start)?));
        }
        let start = self.start(step, bureau.map(|(clock, _)| clock), from)?;
        let wholly = bureau.filter(|(_, rule)| *rule == BureauRule::Wholly);
        let timeline = wholly.map_or(&self.work, |(clock, _)| &self.clocks[clock]);
        Some(Span::new(start, timeline.end_of(start, minutes)?))
    }

    fn ready(
        &self,
        ticket: &Ticket,
        step: &Step,
        known: &Column<Step, Option<Span>>,
    ) -> Option<Tick> {
        let mut ready = ticket.release;
        for link in &step.links {
            let span = known[link.step]?;
            let event = if link.kind == LinkKind::StartStart { span.start } else { span.end };
            ready = ready.max(self.lag(link.lag, event)?);
        }
        Some(ready)
    }

    fn minutes(&self, work: &Work, step: &Step) -> i64 {
        let level = step.seats.first().map_or(1, |lead| self.best[lead.skill]);
        let percent = i64::from(work.policy.pace_percent[usize::from(level) - 1]);
        ((step.effort * step.tool_percent * percent + 9_999) / 10_000).max(1)
    }

    /// The first minute from `from` on that is worked, open at the bureau and in a window.
    fn start(&self, step: &Step, bureau: Option<Id<Clock>>, from: Tick) -> Option<Tick> {
        let mut start = from;
        loop {
            let mut next = self.work.next_open(start)?;
            if let Some(clock) = bureau {
                next = self.clocks[clock].next_open(next)?;
            }
            if !step.windows.is_empty() {
                let window = step.windows.iter().find(|window| next < window.end)?;
                next = next.max(window.start);
            }
            if next == start {
                return Some(start);
            }
            start = next;
        }
    }

    fn lag(&self, lag: Lag, from: Tick) -> Option<Tick> {
        match lag {
            Lag::Minutes(minutes) => Some(from + minutes),
            Lag::WorkingDays(days, clock) => self.clocks[clock].nth_opening(from, days),
            Lag::WorkingMinutes(minutes, clock) => self.clocks[clock].end_of(from, minutes),
        }
    }
}
