//! The desk's clocks: what users of other desks complain of, one by one, and any history at all
//! against a simulation in steps of 20 seconds.

use std::collections::{BTreeMap, BTreeSet};

use paidan::calendar::{Book, Calendar, Day, Hours, Moment, Weekly, Zone, china};
use paidan::desk::clock::{Goal, MINUTE, Reading, Rule, State, Turn, Turned, Wait, read};
use paidan::time::Tick;
use proptest::prelude::{BoxedStrategy, Just, Strategy, prop, prop_assert_eq, prop_oneof};
use proptest::test_runner::{Config, RngSeed};

const HOUR: i64 = 60 * MINUTE;
/// Milliseconds of a step of the simulation.
const STEP: i64 = 20_000;

fn office(zone: Option<&str>) -> Calendar {
    let hours = |text: &str| Hours::parse(text).unwrap();
    Calendar {
        id: "office".to_owned(),
        weekly: Weekly::working(&[hours("09:00-12:00"), hours("13:00-18:00")]),
        holidays: Some("china".to_owned()),
        zone: zone.map(|name| Zone::parse(name).unwrap()),
        ..Calendar::default()
    }
}

fn at_in(zone: Zone, text: &str) -> i64 {
    zone.tick(Moment::parse(text).unwrap()).unwrap().0 * MINUTE
}

fn at(text: &str) -> i64 {
    at_in(Zone::default(), text)
}

/// A clock on office hours that waiting for the client holds.
fn shown(goal: Goal, turns: &[Turned], now_ms: i64) -> Reading {
    shown_by(&office(None), goal, turns, now_ms)
}

fn shown_by(calendar: &Calendar, goal: Goal, turns: &[Turned], now_ms: i64) -> Reading {
    let book = Book::new(Zone::default(), vec![china()], vec![calendar.clone()]);
    let held_by = BTreeSet::from([Wait::Client, Wait::Payment]);
    let (calendar, warns_at) = (Some(calendar), 750);
    read(&Rule { goal, book: &book, calendar, held_by: &held_by, warns_at }, turns, now_ms)
}

fn starts(text: &str) -> Turned {
    (at(text), Turn::Starts)
}

/// R125, R126: so much office time, the lunch break left out.
#[test]
fn two_hours_from_eleven_are_over_after_lunch_at_two() {
    let reading =
        shown(Goal::Time(2 * HOUR), &[starts("2026-03-02T11:00")], at("2026-03-02T12:30"));
    assert_eq!(reading.state, State::Running);
    assert_eq!(reading.ran_ms, HOUR);
    assert_eq!(reading.out_ms, Some(at("2026-03-02T14:00")));
    // three quarters of it: half an hour after lunch
    assert_eq!(reading.warn_ms, Some(at("2026-03-02T13:30")));
    assert!(!reading.is_out);
}

#[test]
fn a_clock_that_nobody_started_shows_nothing() {
    let idle =
        Reading { state: State::Idle, ran_ms: 0, out_ms: None, warn_ms: None, is_out: false };
    assert_eq!(shown(Goal::Time(HOUR), &[], at("2026-03-02T11:00")), idle);
    let later = [starts("2026-03-02T12:00")];
    assert_eq!(shown(Goal::Time(HOUR), &later, at("2026-03-02T11:00")), idle);
}

/// R246: Spring Festival 2026 is 15 to 23 February; Saturday 14 and 28 are worked.
#[test]
fn holidays_are_left_out_and_make_up_saturdays_count() {
    let turns = [starts("2026-02-13T17:00")];
    let now = at("2026-02-13T17:00");
    // one hour on Friday, eight on the Saturday that is worked, the tenth after the holidays
    let out = shown(Goal::Time(10 * HOUR), &turns, now).out_ms;
    assert_eq!(out, Some(at("2026-02-24T10:00")));
}

#[test]
fn a_pause_across_a_night_costs_only_the_office_hours_in_it() {
    let turns = [
        starts("2026-03-02T16:00"),
        (at("2026-03-02T17:00"), Turn::Holds(Wait::Client)),
        (at("2026-03-03T10:00"), Turn::Goes(Wait::Client)),
    ];
    let held = shown(Goal::Time(4 * HOUR), &turns, at("2026-03-02T20:00"));
    assert_eq!((held.state, held.ran_ms, held.out_ms), (State::Held, HOUR, None));
    // three hours left from ten on: two before lunch, one after it
    let reading = shown(Goal::Time(4 * HOUR), &turns, at("2026-03-03T11:00"));
    assert_eq!((reading.ran_ms, reading.out_ms), (2 * HOUR, Some(at("2026-03-03T14:00"))));
}

#[test]
fn of_two_waits_the_last_to_end_lets_it_run() {
    let turns = [
        starts("2026-03-02T09:00"),
        (at("2026-03-02T10:00"), Turn::Holds(Wait::Client)),
        (at("2026-03-02T10:30"), Turn::Holds(Wait::Payment)),
        (at("2026-03-02T11:00"), Turn::Goes(Wait::Client)),
        (at("2026-03-02T14:00"), Turn::Goes(Wait::Payment)),
    ];
    let reading = shown(Goal::Time(3 * HOUR), &turns, at("2026-03-02T15:00"));
    assert_eq!((reading.ran_ms, reading.out_ms), (2 * HOUR, Some(at("2026-03-02T16:00"))));
}

/// R248: what an authority takes is on the promise made to the client.
#[test]
fn a_wait_that_is_not_in_its_row_of_the_matrix_holds_nothing() {
    let turns = [starts("2026-03-02T09:00"), (at("2026-03-02T10:00"), Turn::Holds(Wait::Agency))];
    let reading = shown(Goal::Time(2 * HOUR), &turns, at("2026-03-02T10:30"));
    assert_eq!((reading.state, reading.out_ms), (State::Running, Some(at("2026-03-02T11:00"))));
}

/// R249
#[test]
fn a_statutory_deadline_is_held_by_nothing() {
    let goal = Goal::Moment(at("2026-03-16T00:00"));
    let turns = [starts("2026-03-02T09:00"), (at("2026-03-02T10:00"), Turn::Holds(Wait::Client))];
    let reading = shown(goal, &turns, at("2026-03-15T09:00"));
    assert_eq!((reading.state, reading.is_out), (State::Running, false));
    assert_eq!(reading.out_ms, Some(at("2026-03-16T00:00")));
    assert!(shown(goal, &turns, at("2026-03-16T00:01")).is_out);
}

#[test]
fn a_pause_and_the_solution_in_one_save_count_to_that_moment() {
    let now = at("2026-03-02T10:00");
    let turns = [
        starts("2026-03-02T09:00"),
        (now, Turn::Holds(Wait::Client)),
        (now, Turn::Stops),
        (at("2026-03-02T11:00"), Turn::Starts),
    ];
    let reading = shown(Goal::Time(HOUR), &turns, at("2026-03-04T09:00"));
    // done at the very moment it runs out
    assert_eq!((reading.state, reading.ran_ms), (State::Stopped, HOUR));
    assert!(!reading.is_out);
}

#[test]
fn another_agreement_while_held_leaves_what_has_run() {
    let turns = [
        starts("2026-03-02T09:00"),
        (at("2026-03-02T10:00"), Turn::Holds(Wait::Client)),
        (at("2026-03-02T10:30"), Turn::Goal(Goal::Time(2 * HOUR))),
        (at("2026-03-02T11:00"), Turn::Goes(Wait::Client)),
    ];
    // four hours were agreed, now two: one has run, one is left
    let reading = shown(Goal::Time(4 * HOUR), &turns, at("2026-03-02T11:00"));
    assert_eq!(reading.out_ms, Some(at("2026-03-02T12:00")));
}

/// R248, R249: until a moment nothing holds it; with a time agreed in its place it is held by what
/// the ticket waits for all along, and goes on when that is over.
#[test]
fn a_wait_that_began_until_a_moment_holds_the_time_agreed_in_its_place() {
    let moment = Goal::Moment(at("2026-03-16T00:00"));
    let turns = [
        starts("2026-03-02T09:00"),
        (at("2026-03-02T10:00"), Turn::Holds(Wait::Client)),
        (at("2026-03-02T11:00"), Turn::Goal(Goal::Time(4 * HOUR))),
        (at("2026-03-02T14:00"), Turn::Goes(Wait::Client)),
    ];
    let held = shown(moment, &turns, at("2026-03-02T13:30"));
    // Two hours have run until eleven.
    assert_eq!((held.state, held.ran_ms, held.out_ms), (State::Held, 2 * HOUR, None));
    let reading = shown(moment, &turns, at("2026-03-02T15:00"));
    assert_eq!((reading.ran_ms, reading.out_ms), (3 * HOUR, Some(at("2026-03-02T16:00"))));
}

#[test]
fn a_clock_that_ran_out_stays_so_whatever_is_agreed_later() {
    let turns =
        [starts("2026-03-02T09:00"), (at("2026-03-02T11:00"), Turn::Goal(Goal::Time(9 * HOUR)))];
    let reading = shown(Goal::Time(HOUR), &turns, at("2026-03-02T11:30"));
    assert_eq!((reading.is_out, reading.out_ms), (true, Some(at("2026-03-02T10:00"))));
}

/// R181: within two working days of the assignment.
#[test]
fn two_working_days_end_when_the_second_date_closes() {
    // Friday; Monday and Tuesday follow
    let turns = [starts("2026-03-06T10:00")];
    let reading = shown(Goal::Days(2), &turns, at("2026-03-06T10:00"));
    assert_eq!(reading.out_ms, Some(at("2026-03-10T18:00")));
    // Monday is held from before it opens until after it closes, and is not counted
    let turns = [
        turns[0],
        (at("2026-03-09T08:00"), Turn::Holds(Wait::Client)),
        (at("2026-03-09T18:30"), Turn::Goes(Wait::Client)),
    ];
    let reading = shown(Goal::Days(2), &turns, at("2026-03-10T09:00"));
    assert_eq!(reading.out_ms, Some(at("2026-03-11T18:00")));
}

/// R247: three quarters of the way from Friday ten o'clock to Monday six is Sunday ten at night, when
/// nobody is there to be warned: Monday at nine. What falls into office time stays where it is.
#[test]
fn a_clock_of_dates_warns_while_the_office_is_open() {
    let warns = |days| {
        let turns = [starts("2026-03-06T10:00")];
        shown(Goal::Days(days), &turns, at("2026-03-06T10:00")).warn_ms
    };
    assert_eq!(warns(1), Some(at("2026-03-09T09:00")));
    // 104 hours to Tuesday six o'clock: 78 of them end on Monday at four.
    assert_eq!(warns(2), Some(at("2026-03-09T16:00")));
}

/// R181: a date on which it ran counts, though it was held when it closed; the clock runs out when it
/// goes on, and not at a moment at which it was held.
#[test]
fn a_clock_of_dates_runs_out_at_no_moment_at_which_it_is_held() {
    let turns = [
        starts("2026-03-06T10:00"),
        (at("2026-03-09T12:00"), Turn::Holds(Wait::Client)),
        (at("2026-03-10T10:00"), Turn::Goes(Wait::Client)),
    ];
    let held = shown(Goal::Days(1), &turns, at("2026-03-09T20:00"));
    assert_eq!((held.state, held.is_out, held.out_ms), (State::Held, false, None));
    let reading = shown(Goal::Days(1), &turns, at("2026-03-10T11:00"));
    assert_eq!((reading.is_out, reading.out_ms), (true, Some(at("2026-03-10T10:00"))));
}

/// Hours past midnight belong to the date they opened on: at 23:00 on Monday, with the office open
/// from 22:00 to 02:00, the next open date is Tuesday, whose hours end on Wednesday at two.
#[test]
fn hours_past_midnight_belong_to_the_date_they_opened_on() {
    let night: Calendar = serde_json::from_value(serde_json::json!({"id": "night", "weekly": {
        "mon": ["22:00-26:00"], "tue": ["22:00-26:00"], "wed": ["22:00-26:00"]}}))
    .unwrap();
    let turns = [starts("2026-03-09T23:00")];
    let reading = shown_by(&night, Goal::Days(1), &turns, at("2026-03-09T23:00"));
    assert_eq!(reading.out_ms, Some(at("2026-03-11T02:00")));
}

/// The clock in Berlin goes from 02:00 to 03:00 on 29 March 2026.
#[test]
fn a_clock_change_neither_gives_nor_takes_an_hour_of_office_time() {
    let berlin = Zone::parse("Europe/Berlin").unwrap();
    let mut night = office(Some("Europe/Berlin"));
    night.weekly.sun = vec![Hours::parse("00:00-06:00").unwrap()];
    night.holidays = None;
    let turns = [(at_in(berlin, "2026-03-29T00:00"), Turn::Starts)];
    // two hours before the change, one after it
    let reading = shown_by(&night, Goal::Time(3 * HOUR), &turns, turns[0].0);
    assert_eq!(reading.out_ms, Some(at_in(berlin, "2026-03-29T04:00")));
}

#[test]
fn a_revised_calendar_moves_what_is_to_come_and_needs_no_event() {
    let turns = [starts("2026-03-02T16:00")];
    let now = at("2026-03-02T16:00");
    let mut revised = office(None);
    let before = shown_by(&revised, Goal::Time(4 * HOUR), &turns, now);
    assert_eq!(before.out_ms, Some(at("2026-03-03T11:00")));
    revised.weekly.tue = vec![Hours::parse("13:00-18:00").unwrap()];
    let after = shown_by(&revised, Goal::Time(4 * HOUR), &turns, now);
    assert_eq!(after.out_ms, Some(at("2026-03-03T15:00")));
}

fn turn(goals: BoxedStrategy<Goal>) -> BoxedStrategy<Turn> {
    let wait = prop_oneof![Just(Wait::Client), Just(Wait::Agency), Just(Wait::Payment)];
    prop_oneof![
        2 => Just(Turn::Starts),
        4 => wait.clone().prop_map(Turn::Holds),
        4 => wait.prop_map(Turn::Goes),
        1 => goals.prop_map(Turn::Goal),
        1 => Just(Turn::Stops),
    ]
    .boxed()
}

/// What a clock goes by, told in steps.
struct Simulated<'s> {
    calendar: &'s Calendar,
    book: Book,
    goal: Goal,
    is_started: bool,
    /// The date it started on.
    own: Option<Day>,
    waits: BTreeSet<Wait>,
    ran_ms: i64,
    /// The dates in whose hours it ran, and when those are over.
    ran: BTreeMap<Day, i64>,
    out: Option<i64>,
}

impl Simulated<'_> {
    fn zone(&self) -> Zone {
        self.calendar.zone.unwrap_or_default()
    }

    /// Takes a turn; whether it stops.
    fn turn(&mut self, at: i64, turn: Turn) -> bool {
        match turn {
            Turn::Starts => {
                let own = self.zone().date(Tick(at.div_euclid(MINUTE)));
                (self.is_started, self.own) = (true, self.own.or(Some(own)));
            }
            Turn::Holds(Wait::Agency) | Turn::Goes(Wait::Agency) => {}
            Turn::Holds(wait) => {
                self.waits.insert(wait);
            }
            Turn::Goes(wait) => {
                self.waits.remove(&wait);
            }
            Turn::Goal(goal) => self.goal = goal,
            Turn::Stops | Turn::Ends => return self.is_started,
        }
        false
    }

    /// Lets the step that begins at `at` pass.
    fn pass(&mut self, at: i64) {
        let is_bound = matches!(self.goal, Goal::Moment(_));
        if !self.is_started || !(is_bound || self.waits.is_empty()) {
            return;
        }
        let out = match self.goal {
            Goal::Time(goal) => (self.ran_ms >= goal).then_some(at),
            Goal::Days(days) => self.is_over(days, at).then_some(at),
            Goal::Moment(moment) => (moment <= at).then_some(moment),
            Goal::Never => None,
        };
        self.out = self.out.or(out);
        let tick = Tick(at.div_euclid(MINUTE));
        if self.book.is_open(self.calendar, tick) {
            self.ran_ms += STEP;
            // The hours of a Sunday go on until two on Monday.
            let day = self.zone().date(Tick(tick.0 - 180));
            if self.ran.last_key_value().is_none_or(|(last, _)| *last != day) {
                self.ran.insert(day, self.closes(day));
            }
        }
    }

    /// When the hours of a date are over.
    fn closes(&self, day: Day) -> i64 {
        let zone = self.zone();
        let mut hours = zone.midnight(day).0 + 180..zone.midnight(day.plus(1)).0 + 180;
        let last = hours.rfind(|tick| self.book.is_open(self.calendar, Tick(*tick)));
        (last.unwrap() + 1) * MINUTE
    }

    /// Whether so many dates on which it ran are over, of those after the one it started on; for
    /// none the first of all.
    fn is_over(&self, days: u32, at: i64) -> bool {
        let counts = |day: &(&Day, &i64)| days == 0 || Some(*day.0) > self.own;
        let place = usize::try_from(days.max(1) - 1).unwrap();
        self.ran.iter().filter(counts).nth(place).is_some_and(|(_, closes)| *closes <= at)
    }
}

/// The same, told in steps: what has run, when it ran out.
fn simulated(calendar: &Calendar, goal: Goal, turns: &[Turned], now_ms: i64) -> (i64, Option<i64>) {
    let book = Book::new(Zone::default(), vec![china()], vec![calendar.clone()]);
    let (waits, ran) = (BTreeSet::new(), BTreeMap::new());
    let (is_started, own, ran_ms, out) = (false, None, 0, None);
    let mut clock = Simulated { calendar, book, goal, is_started, own, waits, ran_ms, ran, out };
    let mut turns = turns.iter().peekable();
    let mut at = turns.peek().map_or(now_ms, |turn| turn.0);
    while at <= now_ms {
        while let Some((at, turn)) = turns.next_if(|turned| turned.0 <= at) {
            if clock.turn(*at, *turn) {
                return (clock.ran_ms, clock.out);
            }
        }
        if at == now_ms {
            break;
        }
        clock.pass(at);
        at += STEP;
    }
    (clock.ran_ms, clock.out)
}

/// Reads any history of a clock with these goals, by number, and compares it with its simulation.
fn agrees(seed: u64, goals: fn(i64, i64) -> Goal) {
    let config = Config { cases: 150, rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    // Shortly before Spring Festival, and around a clock change.
    let places = [(None, at("2026-02-12T08:00")), (Some("Europe/Berlin"), at("2026-03-27T08:00"))];
    let case = prop::sample::select(places.to_vec()).prop_flat_map(move |(zone, first)| {
        let goal = (0_i64..40).prop_map(move |number| goals(first, number)).boxed();
        let turns = prop::collection::vec((0_i64..30_000, turn(goal.clone())), 1..12);
        (Just((zone, first)), turns, 0_i64..30_000, goal)
    });
    proptest::proptest!(config, |(((zone, first), turns, now, goal) in case)| {
        let mut calendar = office(zone);
        calendar.weekly.sun = vec![Hours::parse("22:00-26:00").unwrap()];
        let mut turns: Vec<Turned> =
            turns.into_iter().map(|(step, turn)| (first + step * STEP, turn)).collect();
        turns.sort_by_key(|turned| turned.0);
        let now = first + now * STEP;
        let reading = shown_by(&calendar, goal, &turns, now);
        let (ran, out) = simulated(&calendar, goal, &turns, now);
        if !matches!(goal, Goal::Moment(_)) {
            prop_assert_eq!(reading.ran_ms, ran);
        }
        prop_assert_eq!(reading.is_out, out.is_some());
        if let (Some(shown), Some(out)) = (reading.out_ms, out) {
            prop_assert_eq!(shown, out);
        }
    });
}

/// R247
#[test]
fn any_history_is_read_as_a_simulation_tells_it() {
    agrees(11, |_, number| Goal::Time(number * HOUR / 2 + STEP));
}

/// R181, R247: whole dates, of which one that was held from its first to its last hour is none.
#[test]
fn any_history_of_whole_dates_is_read_as_a_simulation_tells_it() {
    agrees(12, |_, number| Goal::Days(u32::try_from(number % 5).unwrap()));
}

/// R247, R248, R249: from a time to dates to a moment and back, whatever the ticket waits for.
#[test]
fn any_history_of_goals_of_all_kinds_is_read_as_a_simulation_tells_it() {
    agrees(14, |first, number| match number % 3 {
        0 => Goal::Time(number * HOUR / 2 + STEP),
        1 => Goal::Days(u32::try_from(number % 5).unwrap()),
        _ => Goal::Moment(first + number * 4 * HOUR),
    });
}

/// R247, R249
#[test]
fn any_history_until_a_moment_is_read_as_a_simulation_tells_it() {
    agrees(13, |first, number| Goal::Moment(first + number * 4 * HOUR));
}
