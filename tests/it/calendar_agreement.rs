//! The definition of a calendar and its compiled timeline agree, minute by minute, over random
//! calendars around clock changes; what both answer is recounted here from single minutes.

use paidan::calendar::timeline::Timeline;
use paidan::calendar::{
    Book, Calendar, Closure, Date, Day, HolidayTable, HolidayYear, Hours, Moment, Override,
    Revision, Weekday, Weekly, Zone, china,
};
use paidan::time::{DAY, Span, Tick};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof};
use proptest::test_runner::{Config, RngSeed, TestCaseError};
use std::collections::BTreeMap;

/// Zones, each with a date shortly before something happens to its clock or its holidays.
const PLACES: &[(&str, i32, u32, u32)] = &[
    ("Asia/Shanghai", 2026, 2, 11),
    ("Asia/Shanghai", 2026, 12, 29),
    ("Europe/Berlin", 2026, 3, 26),
    ("Europe/Berlin", 2026, 10, 22),
    ("America/New_York", 2026, 3, 5),
    ("America/New_York", 2026, 10, 29),
    // By half an hour.
    ("Australia/Lord_Howe", 2026, 4, 2),
    ("Australia/Lord_Howe", 2026, 10, 1),
    // Midnight itself is skipped, and 24:00 goes back to 23:00.
    ("Africa/Cairo", 2026, 4, 21),
    ("Africa/Cairo", 2026, 10, 26),
];

/// Local dates looked at.
const DAYS: i32 = 9;

#[derive(Clone, Debug)]
struct Case {
    zone: Zone,
    first: Day,
    calendar: Calendar,
    table: HolidayTable,
    /// Minutes after the start, with a count of minutes and of dates.
    questions: Vec<(i64, i64, i64, u32)>,
}

fn hours() -> impl Strategy<Value = Vec<Hours>> {
    let opens = prop_oneof![4 => 0_u16..1440, 1 => 0_u16..240, 1 => Just(0_u16)];
    let lasts = prop_oneof![4 => 1_u16..600, 1 => 1_u16..=1440, 1 => Just(1440_u16)];
    let window = (opens, lasts)
        .prop_map(|(opens, lasts)| Hours::new(opens, opens + lasts).expect("at most a day"));
    prop::collection::vec(window, 0..4)
}

fn weekly() -> impl Strategy<Value = Weekly> {
    (hours(), hours(), hours(), hours(), hours(), hours(), hours()).prop_map(
        |(mon, tue, wed, thu, fri, sat, sun)| Weekly { mon, tue, wed, thu, fri, sat, sun },
    )
}

fn moment(first: Day) -> impl Strategy<Value = Moment> {
    (-1..=DAYS, 0_u16..1440).prop_map(move |(days, minute)| Moment::local(first.plus(days), minute))
}

fn exceptions(first: Day) -> impl Strategy<Value = (Vec<Override>, Vec<Revision>, Vec<Closure>)> {
    let date = move || (-2..DAYS).prop_map(move |days| Date::from(first.plus(days)));
    let to = (date(), prop::option::of(0..3), hours()).prop_map(|(from, more, hours)| Override {
        from,
        to: more.map(|more| Date::from(from.day().plus(more))),
        hours,
        note: None,
    });
    let revision = (date(), weekly()).prop_map(|(from, weekly)| Revision { from, weekly });
    let closure =
        (moment(first), moment(first)).prop_map(|(from, to)| Closure { from, to, reason: None });
    (
        prop::collection::vec(to, 0..3),
        prop::collection::vec(revision, 0..3),
        prop::collection::vec(closure, 0..4),
    )
}

fn table(first: Day) -> impl Strategy<Value = HolidayTable> {
    let dates = prop::collection::btree_set(-2..DAYS, 0..5);
    let own = (dates, any::<u16>()).prop_map(move |(days, coin)| {
        let (work, off): (Vec<i32>, Vec<i32>) =
            days.into_iter().partition(|day| coin >> (day + 2) & 1 == 1);
        let dates = |days: Vec<i32>| days.into_iter().map(|d| first.plus(d).into()).collect();
        let year = HolidayYear {
            year: first.year(),
            notice: "test".to_owned(),
            provisional: false,
            off: dates(off),
            work: dates(work),
            names: Vec::new(),
        };
        HolidayTable { format: None, id: "china".to_owned(), name: None, years: vec![year] }
    });
    prop_oneof![Just(china()), own]
}

fn case() -> impl Strategy<Value = Case> {
    prop::sample::select(PLACES).prop_flat_map(|(name, year, month, day)| {
        let zone = Zone::parse(name).expect("an IANA name");
        let first = Date::new(year, month, day).expect("a date").day();
        let make_up = prop::option::of(prop::sample::select(&Weekday::ALL[..]));
        let question = (0..i64::from(DAYS - 3) * DAY, 0..DAY * 2, 0_i64..900, 0_u32..4);
        let questions = prop::collection::vec(question, 12);
        let parts = (weekly(), make_up, exceptions(first), table(first), questions);
        parts.prop_map(move |(weekly, make_up, exceptions, table, questions)| {
            let (overrides, revisions, closures) = exceptions;
            let holidays = Some("china".to_owned());
            let id = "office".to_owned();
            let (name, zone_of) = (None, Some(zone));
            let calendar = Calendar {
                id,
                name,
                zone: zone_of,
                weekly,
                holidays,
                make_up,
                overrides,
                revisions,
                closures,
            };
            Case { zone, first, calendar, table, questions }
        })
    })
}

/// Everything about one case, counted minute by minute.
struct Minutes {
    zone: Zone,
    span: Span,
    /// The opening date of each open tick.
    open: BTreeMap<Tick, Day>,
    /// The first open tick of each date.
    opened: BTreeMap<Day, Tick>,
}

impl Minutes {
    fn of(book: &Book, calendar: &Calendar, zone: Zone, span: Span) -> Minutes {
        let (mut open, mut opened) = (BTreeMap::new(), BTreeMap::new());
        for tick in (span.start.0..span.end.0).map(Tick) {
            if let Some(day) = book.opening_day(calendar, tick) {
                open.insert(tick, day);
                opened.entry(day).or_insert(tick);
            }
        }
        Minutes { zone, span, open, opened }
    }

    fn end_of(&self, from: Tick, minutes: i64) -> Option<Tick> {
        match usize::try_from(minutes).expect("a count") {
            0 => Some(from),
            n => self.open.range(from..).nth(n - 1).map(|(&last, _)| last + 1),
        }
    }

    fn nth_opening(&self, after: Tick, n: u32) -> Option<Tick> {
        let today = self.zone.date(after);
        match n as usize {
            0 => Some(after),
            n => self.opened.range(today.plus(1)..).nth(n - 1).map(|(_, &opening)| opening),
        }
    }

    fn dates_begun(&self, span: Span) -> i64 {
        let days: std::collections::BTreeSet<Day> =
            self.open.range(span.start..span.end).map(|(_, &day)| day).collect();
        i64::try_from(days.len()).expect("few")
    }

    /// An answer that the minutes looked at cannot change any more.
    fn settled(&self, answer: Option<Tick>) -> Option<Tick> {
        answer.filter(|&tick| tick < self.span.end - 2 * DAY)
    }
}

fn agree_on_every_minute(
    book: &Book,
    calendar: &Calendar,
    timeline: &Timeline,
    minutes: &Minutes,
) -> Result<(), TestCaseError> {
    let span = minutes.span;
    let mut spans = book.open_spans(calendar, span).into_iter().peekable();
    for tick in (span.start.0..span.end.0).map(Tick) {
        let defined = minutes.open.get(&tick).copied();
        while spans.next_if(|opening| opening.span.end <= tick).is_some() {}
        let walked = spans.peek().filter(|o| o.span.contains(tick)).map(|opening| opening.day);
        prop_assert_eq!(walked, defined, "open_spans at {}", minutes.zone.show(tick));
        prop_assert_eq!(timeline.opening_day(tick), defined, "at {}", minutes.zone.show(tick));
        prop_assert_eq!(timeline.is_open(tick), book.is_open(calendar, tick));
    }
    Ok(())
}

fn answers_agree(
    book: &Book,
    calendar: &Calendar,
    timeline: &Timeline,
    minutes: &Minutes,
    (start, length, count, n): (i64, i64, i64, u32),
) -> Result<(), TestCaseError> {
    let t = minutes.span.start + start;
    let span = Span::new(t, (t + length).min(minutes.span.end));
    let open = i64::try_from(minutes.open.range(t..span.end).count()).expect("few");
    prop_assert_eq!(book.open_minutes(calendar, span), open);
    prop_assert_eq!(timeline.open_between(span.start, span.end), open);
    prop_assert_eq!(book.open_dates_begun(calendar, span), minutes.dates_begun(span));
    prop_assert_eq!(timeline.dates_begun(span.start, span.end), minutes.dates_begun(span));

    let end = minutes.end_of(t, count);
    prop_assert_eq!(timeline.end_of(t, count), end);
    let next = minutes.open.range(t..).next().map(|(&tick, _)| tick);
    prop_assert_eq!(timeline.next_open(t), next);
    if end.is_some() && next.is_some() {
        prop_assert_eq!(book.add_open_minutes(calendar, t, count), end);
        prop_assert_eq!(book.next_open(calendar, t), next);
    }
    let last = minutes.open.range(..t).next_back().map(|(&tick, _)| tick);
    prop_assert_eq!(timeline.last_open_before(t), last);

    if let Some(opening) = minutes.settled(minutes.nth_opening(t, n)) {
        prop_assert_eq!(timeline.nth_opening(t, n), Some(opening));
        prop_assert_eq!(book.nth_opening(calendar, t, n), Some(opening));
    }
    inverses_are_the_latest(timeline, minutes, span.end, count, n)
}

fn inverses_are_the_latest(
    timeline: &Timeline,
    minutes: &Minutes,
    by: Tick,
    count: i64,
    n: u32,
) -> Result<(), TestCaseError> {
    let late = |end: Option<Tick>| end.is_none_or(|end| end > by);
    match timeline.latest_start(by, count) {
        Some(start) => {
            prop_assert_eq!(timeline.latest_for_minutes(by, count), Some(start));
            prop_assert!(count == 0 || minutes.open.contains_key(&start));
            prop_assert!(!late(minutes.end_of(start, count)));
            prop_assert!(late(minutes.end_of(start + 1, count)));
        }
        None => prop_assert!(late(minutes.end_of(minutes.span.start, count))),
    }
    if by >= minutes.span.end - 2 * DAY {
        return Ok(());
    }
    match timeline.latest_for_opening(by, n).filter(|&tick| tick >= minutes.span.start) {
        Some(latest) => {
            prop_assert!(!late(minutes.nth_opening(latest, n)));
            prop_assert!(late(minutes.nth_opening(latest + 1, n)));
        }
        None => prop_assert!(late(minutes.nth_opening(minutes.span.start, n))),
    }
    Ok(())
}

/// R246: one working-time arithmetic, whichever way it is reached.
#[test]
fn definition_walk_and_timeline_agree_minute_by_minute() {
    let config = Config {
        cases: 96,
        rng_seed: RngSeed::Fixed(20_260_302),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let run = runner.run(&case(), |case| {
        let Case { zone, first, calendar, table, questions } = case;
        let book = Book::new(Zone::default(), vec![table], Vec::new());
        let span = Span::new(zone.midnight(first) + 37, zone.midnight(first.plus(DAYS)) + 11);
        let minutes = Minutes::of(&book, &calendar, zone, span);
        let openings = book.open_spans(&calendar, span);
        let timeline = Timeline::from_windows(openings, &zone.midnights(span));
        agree_on_every_minute(&book, &calendar, &timeline, &minutes)?;
        for question in questions {
            answers_agree(&book, &calendar, &timeline, &minutes, question)?;
        }
        Ok(())
    });
    if let Err(failure) = run {
        panic!("{failure}");
    }
}
