//! What every classic family becomes: people who are always there, minutes that are what they are,
//! a price per minute late. Must not know any format of text.

use crate::calendar::{Calendar, Date, Hours, Label, Moment, Weekly};
use crate::model::issue::{Issue, Issues};
use crate::model::people::{Band, BandKind, Held, Person, Skill};
use crate::model::scenario::{Policy, SCENARIO_FORMAT, Scenario};
use crate::model::ticket::{
    BureauRule, Curve, CurveKind, Link, LinkKind, Seat, Step, Ticket, UnservedPrice,
};
use crate::time::{DAY, Money};

/// Fen that one unit of a classic objective costs (one minute late at weight 1): one yuan. A rate
/// of `60 × weight` yuan an hour makes every minute cost `weight` yuan exactly, so that
/// `ceil(rate × minutes / 60)` never rounds.
pub const FEN_PER_UNIT: i64 = 100;

/// Most minutes of one step.
pub(super) const MOST_MINUTES: i64 = 100_000;

/// Most minutes to the horizon: three years.
pub(super) const MOST_SPAN: i64 = 3 * 366 * DAY;

/// Latest due time, in minutes.
pub(super) const MOST_DUE: i64 = 5_000_000;

/// Most jobs, machines, people or tasks.
pub(super) const MOST_ROWS: i64 = 100_000;

/// Largest weight: a rate per hour is at most a milliard fen.
pub(super) const MOST_WEIGHT: i64 = 1_000_000_000 / 60 / FEN_PER_UNIT;

/// The calendar of people who are always there.
const ALWAYS: &str = "always";

/// Minute `minute` from the beginning of time: Monday 2026-03-02, 00:00.
pub(super) fn moment(minute: i64) -> Moment {
    let monday = Date::new(2026, 3, 2).expect("it is a date").day();
    let day = i32::try_from(minute.div_euclid(DAY)).expect("spans are far shorter than 2^31 days");
    let minute = u16::try_from(minute.rem_euclid(DAY)).expect("a day has 1440 minutes");
    Moment::local(monday.plus(day), minute)
}

/// The horizon, in minutes, when all work takes `minutes` one after another: a whole number of days.
///
/// # Errors
/// B509 when that is too long.
pub(super) fn horizon(minutes: i64) -> Result<i64, Issues> {
    let horizon = (minutes.max(1) + DAY - 1) / DAY * DAY;
    if horizon <= MOST_SPAN {
        return Ok(horizon);
    }
    let (days, most) = (horizon / DAY, MOST_SPAN / DAY);
    let issue = Issue::error(
        "B509",
        "",
        format!("全部工作依次做完要 {days} 天，最多可排 {most} 天"),
        format!("all work one after another takes {days} days; {most} at most can be planned"),
    );
    Err(vec![issue.hint("取较小的算例", "take a smaller instance")])
}

/// The scenario of people who are always there, without them and without tickets yet.
pub(super) fn scenario(name: &str, horizon: i64) -> Scenario {
    let day = || vec![Hours::new(0, 1440).expect("a whole day is a window")];
    let calendar = Calendar {
        id: ALWAYS.to_owned(),
        weekly: Weekly { sat: day(), sun: day(), ..Weekly::working(&day()) },
        ..Calendar::default()
    };
    Scenario {
        calendars: vec![calendar],
        policy: Policy { pace_percent: vec![100; 5], ..Policy::default() },
        ..empty(name, horizon)
    }
}

/// A scenario of nothing, planned from minute 0 to minute `horizon`.
pub(super) fn empty(name: &str, horizon: i64) -> Scenario {
    Scenario {
        format: SCENARIO_FORMAT.to_owned(),
        about: Some(Label::new(format!("公开算例 {name}"), format!("public instance {name}"))),
        zone: crate::calendar::Zone::default(),
        as_of: moment(0),
        horizon: moment(horizon),
        holidays: Vec::new(),
        calendars: Vec::new(),
        skills: Vec::new(),
        sites: Vec::new(),
        travel: Vec::new(),
        teams: Vec::new(),
        people: Vec::new(),
        clients: Vec::new(),
        bureaus: Vec::new(),
        things: Vec::new(),
        tools: Vec::new(),
        services: Vec::new(),
        tickets: Vec::new(),
        pins: Vec::new(),
        progress: Vec::new(),
        policy: Policy::default(),
    }
}

/// A skill.
pub(super) fn skill(id: impl Into<String>) -> Skill {
    Skill { id: id.into(), name: None }
}

/// Somebody of these skills, each at a level, always there.
pub(super) fn person(
    id: impl Into<String>,
    skills: impl IntoIterator<Item = (String, u8)>,
) -> Person {
    let held = |(skill, level)| Held { skill, level, until: None };
    let skills = skills.into_iter().map(held).collect();
    worker(id.into(), skills, vec![band(BandKind::Regular, ALWAYS.to_owned(), 0)])
}

/// Somebody of these skills and bands.
pub(super) fn worker(id: String, skills: Vec<Held>, bands: Vec<Band>) -> Person {
    Person {
        id,
        name: None,
        team: None,
        skills,
        bands,
        base: None,
        urgent_only: false,
        trainee: false,
        mentors: Vec::new(),
        absences: Vec::new(),
        overrides: Vec::new(),
        rest_minutes: None,
    }
}

/// A band without caps.
pub(super) fn band(kind: BandKind, calendar: String, price_per_hour_fen: i64) -> Band {
    Band {
        kind,
        calendar,
        price_per_hour_fen: Money(price_per_hour_fen),
        cap_day_minutes: None,
        cap_week_minutes: None,
        cap_month_minutes: None,
        used: Vec::new(),
    }
}

/// A step of one seat.
pub(super) fn step(id: impl Into<String>, skill: &str, level: u8, minutes: i64) -> Step {
    Step {
        id: id.into(),
        seats: vec![Seat { skill: skill.to_owned(), level, role: None }],
        minutes: Some(u32::try_from(minutes).expect("minutes of a step are checked when read")),
        bureau_rule: BureauRule::Begins,
        ..Step::default()
    }
}

/// That `step` must end first.
pub(super) fn after(step: &str) -> Link {
    Link { step: step.to_owned(), kind: LinkKind::FinishStart, lag: None }
}

/// Steps in a chain, each after the one before.
pub(super) fn chained(mut steps: Vec<Step>) -> Vec<Step> {
    for row in 1..steps.len() {
        let before = after(&steps[row - 1].id);
        steps[row].after.push(before);
    }
    steps
}

/// A ticket due at minute `due` that costs `weight` units a minute from then on, and more left out
/// than whenever it may end.
pub(super) fn ticket(
    id: impl Into<String>,
    due: i64,
    weight: i64,
    horizon: i64,
    steps: Vec<Step>,
) -> Ticket {
    let rate = weight * FEN_PER_UNIT;
    let mut ticket = Ticket { steps, ..Ticket::bare(id) };
    ticket.due = Some(moment(due));
    ticket.curves = vec![curve(None, 0, rate)];
    let most = rate * (horizon + DAY) + FEN_PER_UNIT;
    ticket.unserved =
        Some(UnservedPrice { urgency_fen: Money(most * 2), client_value_fen: Money::ZERO });
    ticket
}

/// A loss of `fixed` fen once late and `per_minute` fen a minute, from `after` on.
pub(super) fn curve(after: Option<Moment>, fixed: i64, per_minute: i64) -> Curve {
    Curve {
        kind: CurveKind::Urgency,
        after,
        calendar: None,
        fixed_fen: Money(fixed),
        per_hour_fen: Money(per_minute * 60),
        per_day_fen: Money::ZERO,
        cap_fen: None,
        reason: None,
    }
}
