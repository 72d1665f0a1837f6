//! What arrives in one replication: tickets by chance, minute by minute, with their promises.

use std::borrow::Cow;

use super::draw::Luck;
use crate::calendar::{Date, Day};
use crate::model::issue::{Issue, Issues, Severity};
use crate::model::scenario::{Policy, Scenario};
use crate::model::simulation::{Simulation, Spread, Stream};
use crate::model::ticket::{Lag, Ticket};
use crate::model::work::{self, Work};
use crate::model::{check, people};
use crate::planning::compiled;
use crate::problem::Problem;
use crate::time::{DAY, Tick};

/// A scenario with the time in which it is simulated.
pub(super) struct Ground<'a> {
    pub(super) scenario: Scenario,
    pub(super) simulation: Cow<'a, Simulation>,
    /// More or less demand in percent, per stream and each of its clients in order; one where it
    /// lists none.
    pub(super) demand: Vec<Vec<u32>>,
    pub(super) work: Work,
    /// Whose weights and prices what comes of it is told by, where plans are made by others.
    pub(super) judged_by: Option<Policy>,
    /// Without arrivals: it knows calendars.
    problem: Problem,
}

/// A ticket that arrives.
pub(super) struct Arrival {
    pub(super) ticket: Ticket,
    pub(super) stream: usize,
    pub(super) at: Tick,
}

impl<'a> Ground<'a> {
    /// `scenario` over the days of `simulation`, with `demand` percent of the clients of each of
    /// its streams.
    pub(super) fn new(
        scenario: &Scenario,
        simulation: Cow<'a, Simulation>,
        demand: Vec<Vec<u32>>,
    ) -> Result<Ground<'a>, Issues> {
        let (base, _) = check::check(scenario)?;
        let days = simulation.days + simulation.drain_days;
        let end = base.zone.date(base.as_of).plus(i32::try_from(days).unwrap_or(i32::MAX));
        let mut scenario = scenario.clone();
        scenario.horizon = base.zone.moment(base.zone.midnight(end));
        let mut issues = faults(&simulation, &scenario);
        issues.extend(too_many(&simulation, &demand));
        let work = match check::check(&scenario) {
            Ok((work, _)) => work,
            Err(own) => return Err(if issues.is_empty() { own } else { issues }),
        };
        let (problem, _) = compiled(&work, None);
        let ground = Ground { scenario, simulation, demand, work, judged_by: None, problem };
        let is_new = |new: &Issue| issues.iter().all(|known| known.path != new.path);
        let unheld: Issues = ground.unheld().into_iter().filter(is_new).collect();
        issues.extend(unheld);
        if issues.is_empty() { Ok(ground) } else { Err(issues) }
    }

    /// Whether other tickets arrive than in `first` under the same luck.
    pub(super) fn asks_other_than(&self, first: &Ground<'_>) -> bool {
        self.demand != first.demand || self.simulation.streams != first.simulation.streams
    }

    /// Promises made on the last day that end after everything: what they are made for could not
    /// be late, and would drop out of all figures.
    fn unheld(&self) -> Issues {
        let streams = self.simulation.streams.iter().enumerate();
        let is_held = |stream: &Stream| {
            self.lag(&stream.promise).and_then(|lag| self.problem.lag_end(lag, self.last()))
        };
        let unheld = streams.filter(|(_, stream)| is_held(stream).is_none());
        let issue = |row: usize| {
            Issue::error(
                "C201",
                format!("$.streams[{row}].promise"),
                "最后一天的承诺超出了模拟的日期",
                "a promise made on the last day ends after the days simulated",
            )
            .hint("加大 drain_days", "raise drain_days")
        };
        unheld.map(|(row, _)| issue(row)).collect()
    }

    /// Regular minutes of the person in row `person` on `day`.
    pub(super) fn regular_on(&self, person: usize, day: Day) -> i64 {
        self.regular_within(person, day, (0, DAY))
    }

    /// The same between two minutes after its midnight.
    pub(super) fn regular_within(&self, person: usize, day: Day, (from, to): (i64, i64)) -> i64 {
        let midnight = self.work.zone.midnight(day);
        let (dawn, dusk) = (midnight + from, midnight + to);
        let shift = self.problem.people[crate::id::Id::new(person)].shifts[0];
        let regular = &self.problem.shifts[shift].regular;
        regular.open_between(dawn.max(self.work.as_of), dusk.max(self.work.as_of))
    }

    /// The local date on which arrivals begin.
    pub(super) fn first_day(&self) -> Day {
        self.work.zone.date(self.work.as_of)
    }

    /// When arrivals end.
    pub(super) fn last(&self) -> Tick {
        let days = i32::try_from(self.simulation.days).unwrap_or(i32::MAX);
        self.work.zone.midnight(self.first_day().plus(days))
    }

    /// From when on arrivals count.
    pub(super) fn counted_from(&self) -> Tick {
        let days = i32::try_from(self.simulation.warm_up_days).unwrap_or(i32::MAX);
        match days {
            0 => self.work.as_of,
            _ => self.work.zone.midnight(self.first_day().plus(days)),
        }
    }

    /// What arrives under `luck`, in order of time.
    pub(super) fn arrivals(&self, luck: Luck) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        for (row, stream) in self.simulation.streams.iter().enumerate() {
            for day in 0..i32::try_from(self.simulation.days).unwrap_or(i32::MAX) {
                self.arrive((row, stream), self.first_day().plus(day), luck, &mut arrivals);
            }
        }
        arrivals.sort_by(|one, other| (one.at, &one.ticket.id).cmp(&(other.at, &other.ticket.id)));
        arrivals
    }

    /// Draws the minutes of `day`. Each has its client whatever the demand, and what the client's
    /// demand asks for arrives: who scales one client keeps the tickets of all others.
    fn arrive(
        &self,
        (row, stream): (usize, &Stream),
        day: Day,
        luck: Luck,
        arrivals: &mut Vec<Arrival>,
    ) {
        let date = Date::from(day);
        let demand = self.demand.get(row).map_or(&[100][..], Vec::as_slice);
        let most = thresholds(stream, day, demand.iter().copied().max().unwrap_or(100));
        let of_client: Vec<_> =
            demand.iter().map(|percent| thresholds(stream, day, *percent)).collect();
        let midnight = self.work.zone.midnight(day);
        let mut rng = luck.stream("arrival", &format!("{} {date}", stream.ticket.id));
        for minute in 0..DAY {
            let draw = u128::from(rng.bits());
            let at = midnight + minute;
            let hour = usize::try_from(minute / 60).expect("a day has 24 hours");
            if draw >= most[hour] || at <= self.work.as_of {
                continue;
            }
            let (hours, minutes) = (minute / 60, minute % 60);
            let id = format!("{}@{date}T{hours:02}{minutes:02}", stream.ticket.id);
            let client = match stream.clients.len() {
                0 => 0,
                count => luck.stream("client", &id).below(count),
            };
            if of_client.get(client).is_some_and(|below| draw >= below[hour]) {
                continue;
            }
            if let Some(ticket) = self.made((stream, client), id, at) {
                arrivals.push(Arrival { ticket, stream: row, at });
            }
        }
    }

    /// The ticket `id` of `stream` from the client in row `client` that arrives at `at`.
    fn made(&self, (stream, client): (&Stream, usize), id: String, at: Tick) -> Option<Ticket> {
        let zone = self.work.zone;
        let due = self.problem.lag_end(self.lag(&stream.promise)?, at)?;
        let client = stream.clients.get(client).or(stream.ticket.client.as_ref()).cloned();
        let (release, due) = (Some(zone.moment(at)), Some(zone.moment(due)));
        Some(Ticket { id, client, release, due, ..stream.ticket.clone() })
    }

    /// `lag` by row of its calendar.
    pub(super) fn lag(&self, lag: &Lag) -> Option<work::Lag> {
        let clock = || {
            let key = lag.calendar.as_deref()?;
            let calendars = self.scenario.calendars.iter().map(|row| row.id.as_str());
            let bureaus = self.scenario.bureaus.iter().map(|row| row.id.as_str());
            calendars.chain(bureaus).position(|id| id == key).map(crate::id::Id::new)
        };
        match *lag {
            Lag { minutes: Some(minutes), .. } => Some(work::Lag::Minutes(i64::from(minutes))),
            Lag { working_days: Some(days), .. } => Some(work::Lag::WorkingDays(days, clock()?)),
            Lag { working_minutes: Some(minutes), .. } => {
                Some(work::Lag::WorkingMinutes(i64::from(minutes), clock()?))
            }
            Lag { .. } => None,
        }
    }
}

/// Streams of which more than one a minute would arrive: what is beyond would be cut unseen.
fn too_many(simulation: &Simulation, demand: &[Vec<u32>]) -> Issues {
    let is_beyond = |row: usize, stream: &Stream| {
        let rate = stream.per_day_permille.iter().copied().max().unwrap_or(0);
        let all = stream.hours.iter().map(|weight| u128::from(*weight)).sum::<u128>();
        let (all, hour) = match stream.hours.iter().copied().max() {
            Some(most) => (all.max(1), u128::from(most)),
            None => (24, 1),
        };
        let peaks = stream.peaks.iter().map(|peak| peak.percent);
        let peaks = peaks.chain(stream.monthly.iter().map(|row| row.percent));
        let peak = peaks.max().unwrap_or(100).max(100);
        let percent = demand.get(row).and_then(|own| own.iter().copied().max()).unwrap_or(100);
        let rate = u128::from(rate) * u128::from(peak) * u128::from(percent) * hour;
        rate > 1_000 * 100 * 100 * 60 * all
    };
    let issue = |row: usize| {
        Issue::error(
            "C201",
            format!("$.streams[{row}].per_day_permille"),
            "到达最密的一小时超过每分钟一单",
            "more than one a minute arrive in the busiest hour",
        )
        .hint("分成几个来源", "split it into several streams")
    };
    let rows = simulation.streams.iter().enumerate();
    rows.filter(|(row, stream)| is_beyond(*row, stream)).map(|(row, _)| issue(row)).collect()
}

/// Below what a draw of 64 bits is an arrival, in each hour of `day`.
fn thresholds(stream: &Stream, day: Day, percent: u32) -> [u128; 24] {
    let weekday = usize::try_from((day.0.rem_euclid(7) + 3) % 7).expect("a week has seven days");
    let rate = stream.per_day_permille.get(weekday).copied().unwrap_or(0);
    let weights: Vec<u128> = (0..24)
        .map(|hour| match stream.hours.is_empty() {
            true => 1,
            false => stream.hours.get(hour).copied().unwrap_or(0).into(),
        })
        .collect();
    let all: u128 = weights.iter().sum();
    let date = Date::from(day);
    let peaks = stream.peaks.iter().filter(|peak| peak.from <= date && date <= peak.to);
    let day = day.day_of_month();
    let monthly = stream.monthly.iter().filter(|row| (row.from..=row.to).contains(&day));
    let usual = monthly.map(|row| row.percent).max().unwrap_or(100);
    let peak = peaks.map(|peak| peak.percent).max().unwrap_or(usual);
    let rate = u128::from(rate) * u128::from(peak) * u128::from(percent);
    let below = 1_000 * 100 * 100 * 60 * all.max(1);
    std::array::from_fn(|hour| ((rate * weights[hour]) << 64) / below)
}

/// All that is wrong with `simulation` beside `scenario`.
fn faults(simulation: &Simulation, scenario: &Scenario) -> Issues {
    let mut issues = Vec::new();
    let mut wrong = |path: String, zh: &str, en: &str| {
        issues.push(Issue::error("C201", path, zh, en));
    };
    if simulation.warm_up_days >= simulation.days {
        wrong(
            "$.warm_up_days".to_owned(),
            "预热期不短于模拟期",
            "no day is left after the warm-up",
        );
    }
    for (name, spread) in [("effort", simulation.chance.effort), ("waits", simulation.chance.waits)]
    {
        if let Some(Spread::Triangular { low, mode, high }) = spread
            && !(low <= mode && mode <= high)
        {
            let path = format!("$.chance.{name}");
            wrong(path, "应为 low ≤ mode ≤ high", "low, mode and high must ascend");
        }
    }
    for (row, stream) in simulation.streams.iter().enumerate() {
        names(simulation, scenario, row, &mut issues);
        times(stream, scenario, row, &mut issues);
    }
    let more = templates(simulation, scenario, &issues);
    issues.extend(more);
    issues
}

/// Whether `scenario` has a calendar or an authority called `key`.
fn is_clock(scenario: &Scenario, key: &str) -> bool {
    let calendars = scenario.calendars.iter().map(|row| row.id.as_str());
    let mut all = calendars.chain(scenario.bureaus.iter().map(|row| row.id.as_str()));
    all.any(|id| id == key)
}

/// What the stream in `row` calls itself and others by, where that is wrong.
fn names(simulation: &Simulation, scenario: &Scenario, row: usize, issues: &mut Issues) {
    let stream = &simulation.streams[row];
    let mut wrong = |field: String, zh: &str, en: &str| {
        issues.push(Issue::error("C201", format!("$.streams[{row}].{field}"), zh, en));
    };
    if is_taken(scenario, &stream.ticket.id) {
        wrong(
            "ticket.id".to_owned(),
            "场景中有工单编号以此编号加“@”开头，到来的工单会重名",
            "a ticket of the scenario is called like one that may arrive: this id and an \"@\"",
        );
    }
    let mut ids = simulation.streams[..row].iter().map(|other| &other.ticket.id);
    if ids.any(|id| *id == stream.ticket.id) {
        wrong("ticket.id".to_owned(), "编号重复", "the id is taken");
    }
    if stream.ticket.bureau.as_ref().is_some_and(|key| !is_clock(scenario, key)) {
        wrong("ticket.bureau".to_owned(), "没有这家办事机构", "there is no such authority");
    }
    let is_client =
        |key: &String| scenario.clients.iter().any(|row: &people::Client| row.id == *key);
    for (number, _) in stream.clients.iter().enumerate().filter(|(_, key)| !is_client(key)) {
        wrong(format!("clients[{number}]"), "没有这位客户", "there is no such client");
    }
}

/// What is wrong with the rates and the promise of `stream`, which stands in `row`.
fn times(stream: &Stream, scenario: &Scenario, row: usize, issues: &mut Issues) {
    let mut wrong = |field: String, zh: &str, en: &str| {
        issues.push(Issue::error("C201", format!("$.streams[{row}].{field}"), zh, en));
    };
    if !stream.hours.is_empty() && stream.hours.iter().all(|weight| *weight == 0) {
        wrong(
            "hours".to_owned(),
            "各小时权重全为 0，不会有工单到来",
            "all hours weigh 0, so nothing would ever arrive",
        );
    }
    for (number, _) in stream.peaks.iter().enumerate().filter(|(_, row)| row.from > row.to) {
        let field = format!("peaks[{number}]");
        wrong(field, "起始日应不晚于结束日", "the first date comes after the last");
    }
    for (number, _) in stream.monthly.iter().enumerate().filter(|(_, row)| row.from > row.to) {
        let field = format!("monthly[{number}]");
        wrong(field, "起始日应不晚于结束日", "the first day of the month comes after the last");
    }
    let promise = &stream.promise;
    let stated = [promise.minutes, promise.working_days, promise.working_minutes];
    let is_known = promise.calendar.as_ref().is_some_and(|key| is_clock(scenario, key));
    if stated.iter().flatten().count() != 1 || !(promise.minutes.is_some() || is_known) {
        wrong(
            "promise".to_owned(),
            "承诺时长应只写一种，并写明日历",
            "a promise is one length of time, counted on a known calendar",
        );
    }
}

/// Whether a ticket of `scenario` is called as one of the stream `id` may be.
fn is_taken(scenario: &Scenario, id: &str) -> bool {
    let mut rests = scenario.tickets.iter().filter_map(|ticket| ticket.id.strip_prefix(id));
    rests.any(|rest| rest.starts_with('@'))
}

/// What is wrong with the tickets that would arrive, from whichever of their clients, beyond what
/// was `told` and what follows from that.
fn templates(simulation: &Simulation, scenario: &Scenario, told: &[Issue]) -> Issues {
    let first = scenario.tickets.len();
    let (mut whole, mut rows) = (scenario.clone(), Vec::new());
    for (row, stream) in simulation.streams.iter().enumerate() {
        for number in 0..stream.clients.len().max(1) {
            let id = match number {
                0 => stream.ticket.id.clone(),
                _ => format!("{}@{number}", stream.ticket.id),
            };
            let due = stream.ticket.due.or(Some(scenario.horizon));
            let client = stream.clients.get(number).or(stream.ticket.client.as_ref()).cloned();
            whole.tickets.push(Ticket { id, due, client, ..stream.ticket.clone() });
            rows.push(row);
        }
    }
    let Err(issues) = check::check(&whole) else { return Vec::new() };
    let own = |issue: Issue| {
        let found = rows.iter().enumerate().find_map(|(number, row)| {
            let rest = issue.path.strip_prefix(&format!("$.tickets[{}]", first + number))?;
            Some(format!("$.streams[{row}].ticket{rest}"))
        });
        let path = found.unwrap_or_else(|| "$".to_owned());
        Issue { path, ..issue }
    };
    let mut known: Vec<(String, String, String)> = Vec::new();
    let mut issues: Issues = issues.into_iter().map(own).collect();
    issues.retain(|issue| {
        // What lies in the scenario has no place of its own here.
        let said = if issue.path == "$" { issue.en.clone() } else { String::new() };
        let new = (issue.path.clone(), issue.code.to_owned(), said);
        let is_new = !known.contains(&new);
        known.push(new);
        is_new && issue.severity == Severity::Error && !follows(issue, simulation, told)
    });
    issues
}

/// Whether `issue` says no more than what was `told`, or comes of it.
fn follows(issue: &Issue, simulation: &Simulation, told: &[Issue]) -> bool {
    let is_told = |path: &str| told.iter().any(|known| known.path == path);
    let lacks = |place: &str| told.iter().any(|known| known.path.starts_with(place));
    let rows = || simulation.streams.iter().enumerate();
    let of_client = issue.path.strip_suffix(".ticket.client");
    let is_bureau = |(row, stream): (usize, &Stream)| {
        is_told(&format!("$.streams[{row}].ticket.bureau"))
            && issue.stranger.is_some()
            && issue.stranger == stream.ticket.bureau
            && !issue.path.ends_with(".service")
    };
    // A site that is that of an unknown client or authority.
    let is_site = |(row, _): (usize, &Stream)| {
        let place = format!("$.streams[{row}].");
        issue.code == "S108"
            && (issue.path == "$" || issue.path.starts_with(&place))
            && (lacks(&format!("{place}clients[")) || is_told(&format!("{place}ticket.bureau")))
    };
    is_told(&issue.path)
        || of_client.is_some_and(|place| lacks(&format!("{place}.clients[")))
        || rows().any(is_bureau)
        || rows().any(is_site)
}
