//! Calendars: what is open when, in China's years and around clock changes.

use paidan::calendar::timeline::Timeline;
use paidan::calendar::{
    Book, Calendar, Closure, Date, Day, FORMATS, HolidayTable, HolidayYear, Hours, Label,
    Midnights, Moment, Opening, Override, Revision, Weekday, Weekly, Zone, china, windows,
};
use paidan::time::{Span, Tick};

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    date(text).day()
}

fn hours(text: &str) -> Hours {
    Hours::parse(text).unwrap()
}

fn at(text: &str) -> Tick {
    Zone::default().tick(Moment::parse(text).unwrap()).unwrap()
}

fn office() -> Calendar {
    Calendar {
        id: "office".to_owned(),
        weekly: Weekly::working(&[hours("09:00-12:00"), hours("13:00-18:00")]),
        holidays: Some("china".to_owned()),
        ..Calendar::default()
    }
}

fn book() -> Book {
    Book::new(Zone::default(), vec![china()], vec![office()])
}

fn abroad(zone: &str, window: &str) -> (Zone, Calendar) {
    let zone = Zone::parse(zone).unwrap();
    let all = vec![hours(window)];
    let (mon, tue, wed, thu) = (all.clone(), all.clone(), all.clone(), all.clone());
    let weekly = Weekly { mon, tue, wed, thu, fri: all.clone(), sat: all.clone(), sun: all };
    (zone, Calendar { zone: Some(zone), weekly, ..Calendar::default() })
}

fn shown(zone: Zone, openings: &[Opening]) -> Vec<(String, String)> {
    openings.iter().map(|o| (zone.show(o.span.start), zone.show(o.span.end))).collect()
}

/// R246
#[test]
fn china_works_the_saturday_before_spring_festival_and_rests_the_monday_within() {
    let (book, office) = (book(), office());
    assert_eq!(day("2026-02-14").weekday(), Weekday::Sat);
    assert!(book.is_open(&office, at("2026-02-14T09:00")));
    assert_eq!(day("2026-02-23").weekday(), Weekday::Mon);
    assert!(!book.is_open(&office, at("2026-02-23T09:00")));
    assert!(book.is_open(&office, at("2026-02-24T09:00")));
}

/// R246
#[test]
fn china_dates_of_2024_to_2026_are_those_of_the_notices() {
    let (book, office) = (book(), office());
    let off = ["2024-02-12", "2024-06-10", "2024-10-07", "2025-01-28", "2025-10-08", "2026-01-02"];
    for text in off {
        assert!(book.hours_on(&office, day(text)).is_empty(), "{text} is off");
    }
    let work = ["2024-02-18", "2024-05-11", "2025-01-26", "2025-10-11", "2026-01-04", "2026-10-10"];
    for text in work {
        assert_eq!(book.hours_on(&office, day(text)).len(), 2, "{text} is worked");
    }
}

/// R246
#[test]
fn the_year_2026_has_248_working_days() {
    // 365 days − 104 at weekends = 261. Of 33 days off 14 fall at weekends, so 19 are lost; 6
    // weekend days are worked: 261 − 19 + 6 = 248.
    let (book, office) = (book(), office());
    let year = (0..365).map(|days| day("2026-01-01").plus(days));
    let worked = year.filter(|&day| !book.hours_on(&office, day).is_empty()).count();
    assert_eq!(worked, 248);
}

/// R246
#[test]
fn three_working_days_from_the_eve_of_spring_festival_end_after_it() {
    // After Friday 13 February: Sat 14 (make-up), Tue 24, Wed 25.
    let (book, office) = (book(), office());
    let friday = at("2026-02-13T16:20");
    assert_eq!(book.nth_opening(&office, friday, 0), Some(friday));
    assert_eq!(book.nth_opening(&office, friday, 1), Some(at("2026-02-14T09:00")));
    assert_eq!(book.nth_opening(&office, friday, 3), Some(at("2026-02-25T09:00")));
}

/// R246
#[test]
fn working_minutes_pass_over_lunch_night_and_holiday() {
    let (book, office) = (book(), office());
    // Sat 14 Feb: 17:00–18:00 is 60; Tue 24 Feb: 09:00–12:00 is 180, then 13:00–13:01.
    let end = book.add_open_minutes(&office, at("2026-02-14T17:00"), 241);
    assert_eq!(end, Some(at("2026-02-24T13:01")));
    let span = Span::new(at("2026-02-14T17:00"), at("2026-02-24T13:01"));
    assert_eq!(book.open_minutes(&office, span), 241);
    assert_eq!(book.open_dates_begun(&office, span), 2);
    assert_eq!(book.next_open(&office, at("2026-02-14T18:00")), Some(at("2026-02-24T09:00")));
}

/// R246
#[test]
fn a_year_without_notice_is_planned_but_provisional() {
    let (book, office) = (book(), office());
    assert!(!book.is_provisional(&office, day("2026-12-31")));
    assert!(book.is_provisional(&office, day("2027-01-04")));
    assert!(book.is_open(&office, at("2027-01-04T09:00")));
    let plain = Calendar { holidays: None, ..office.clone() };
    assert!(!book.is_provisional(&plain, day("2027-01-04")));
    let (from, hours) = (date("2027-01-04"), Vec::new());
    let decided = office.with(&[Override { from, to: None, hours, note: None }], &[]);
    assert!(!book.is_provisional(&decided, day("2027-01-04")));
}

/// R246
#[test]
fn a_users_table_replaces_the_built_in_one() {
    let year = HolidayYear {
        year: 2026,
        notice: "own".to_owned(),
        provisional: true,
        off: vec![date("2026-03-02")],
        work: Vec::new(),
        names: Vec::new(),
    };
    let own = HolidayTable { format: None, id: "china".to_owned(), name: None, years: vec![year] };
    let book = Book::new(Zone::default(), vec![china(), own], Vec::new());
    assert!(!book.is_open(&office(), at("2026-03-02T09:00")));
    assert!(book.is_open(&office(), at("2026-02-23T09:00")), "Spring Festival is not in it");
    assert!(book.is_provisional(&office(), day("2026-03-03")));
}

#[test]
fn a_make_up_day_uses_the_hours_of_the_named_weekday() {
    let mut office = office();
    office.weekly.fri = vec![hours("09:00-16:00")];
    office.make_up = Some(Weekday::Fri);
    assert_eq!(book().hours_on(&office, day("2026-02-14")), [hours("09:00-16:00")]);
}

#[test]
fn the_last_override_wins_over_holidays_and_a_closure_over_all() {
    let duty = |from: &str, to: &str, window: &str| Override {
        from: date(from),
        to: Some(date(to)),
        hours: vec![hours(window)],
        note: None,
    };
    let moment = |text| Moment::parse(text).unwrap();
    let (from, to) = (moment("2026-02-17T10:30"), moment("2026-02-17T11:00"));
    let overrides = [
        duty("2026-02-16", "2026-02-18", "10:00-12:00"),
        duty("2026-02-17", "2026-02-17", "10:00-11:00"),
    ];
    let office = office().with(&overrides, &[Closure { from, to, reason: None }]);
    let book = book();
    assert_eq!(book.hours_on(&office, day("2026-02-18")), [hours("10:00-12:00")]);
    let span = Span::new(at("2026-02-16T00:00"), at("2026-02-19T00:00"));
    // 120 on the 16th, 30 on the 17th (10:00–10:30), 120 on the 18th.
    assert_eq!(book.open_minutes(&office, span), 270);
}

#[test]
fn a_revision_holds_from_its_date_on() {
    let mut office = office();
    let weekly = Weekly::working(&[hours("08:00-12:00")]);
    office.revisions = vec![Revision { from: date("2026-03-03"), weekly }];
    let book = book();
    assert_eq!(book.hours_on(&office, day("2026-03-02")).len(), 2);
    assert_eq!(book.hours_on(&office, day("2026-03-03")), [hours("08:00-12:00")]);
}

#[test]
fn a_night_window_belongs_to_the_evening_and_yields_to_the_next_days_own_hours() {
    let mut night = Calendar::default();
    night.weekly.mon = vec![hours("22:00-06:00")];
    night.weekly.tue = vec![hours("05:00-07:00")];
    let span = Span::new(at("2026-03-02T00:00"), at("2026-03-04T00:00"));
    let openings = book().open_spans(&night, span);
    let (monday, tuesday) = (day("2026-03-02"), day("2026-03-03"));
    assert_eq!(
        openings,
        [
            Opening::new(at("2026-03-02T22:00"), at("2026-03-03T05:00"), monday),
            Opening::new(at("2026-03-03T05:00"), at("2026-03-03T07:00"), tuesday),
        ]
    );
    assert_eq!(book().opening_day(&night, at("2026-03-03T04:59")), Some(monday));
}

#[test]
fn a_window_across_a_clock_change_has_the_minutes_the_clock_shows() {
    let (berlin, office) = abroad("Europe/Berlin", "01:30-03:30");
    let span = |day: Day| Span::new(berlin.midnight(day), berlin.midnight(day.plus(1)));
    let (book, spring, autumn) = (book(), day("2026-03-29"), day("2026-10-25"));
    // 02:00–03:00 is skipped: 30 + 30. In autumn it happens twice: 30 + 60 + 60 + 30.
    assert_eq!((book.open_minutes(&office, span(spring)), span(spring).minutes()), (60, 23 * 60));
    assert_eq!((book.open_minutes(&office, span(autumn)), span(autumn).minutes()), (180, 25 * 60));
    let (lord_howe, office) = abroad("Australia/Lord_Howe", "01:45-02:15");
    let april = day("2026-04-05");
    let span = Span::new(lord_howe.midnight(april), lord_howe.midnight(april.plus(1)));
    // At 02:00 the clock goes back to 01:30: 01:45–02:00 twice, then 02:00–02:15.
    let openings = book.open_spans(&office, span);
    assert_eq!(
        shown(lord_howe, &openings),
        [
            ("2026-04-05T01:45+11:00".to_owned(), "2026-04-05T01:30+10:30".to_owned()),
            ("2026-04-05T01:45+10:30".to_owned(), "2026-04-05T02:15+10:30".to_owned()),
        ]
    );
}

#[test]
fn a_moment_that_happens_twice_is_the_earlier_and_a_skipped_one_is_refused() {
    let berlin = Zone::parse("Europe/Berlin").unwrap();
    let tick = |text| berlin.tick(Moment::parse(text).unwrap());
    assert_eq!(tick("2026-10-25T02:30"), tick("2026-10-25T02:30+02:00"));
    assert_eq!(tick("2026-10-25T02:30+01:00").unwrap() - tick("2026-10-25T02:30").unwrap(), 60);
    let refused = tick("2026-03-29T02:30").unwrap_err();
    assert!(refused.en.contains("2026-03-29T03:00+02:00") && refused.zh.contains("跳过"));
}

#[test]
fn a_date_begins_when_its_skipped_midnight_is_over() {
    // Cairo goes from 00:00 to 01:00 on 24 April 2026, and from 24:00 to 23:00 on 29 October.
    let cairo = Zone::parse("Africa/Cairo").unwrap();
    assert_eq!(cairo.show(cairo.midnight(day("2026-04-24"))), "2026-04-24T01:00+03:00");
    let autumn = cairo.midnight(day("2026-10-30"));
    assert_eq!(cairo.show(autumn), "2026-10-30T00:00+02:00");
    assert_eq!(cairo.show(autumn - 1), "2026-10-29T23:59+02:00");
    assert_eq!(cairo.date(autumn - 1), day("2026-10-29"));
    // Samoa had no 30 December 2011 at all.
    let apia = Zone::parse("Pacific/Apia").unwrap();
    assert_eq!(apia.midnight(day("2011-12-30")), apia.midnight(day("2011-12-31")));
}

#[test]
fn ticks_show_as_rfc_3339_to_the_minute() {
    let shanghai = Zone::default();
    let tick = at("2026-03-02T09:00");
    assert_eq!(shanghai.show(tick), "2026-03-02T09:00+08:00");
    // 2026-03-02 is day 20514; 01:00Z.
    assert_eq!(tick, Tick(20_514 * 1440 + 60));
    assert_eq!(at("2026-03-02T01:00Z"), tick);
    assert_eq!(shanghai.tick(shanghai.moment(tick)), Ok(tick));
    assert_eq!(shanghai.minute_of_day(tick), 540);
}

#[test]
fn texts_have_one_canonical_form() {
    for (written, canonical) in [
        ("2026-03-02T09:00", "2026-03-02T09:00"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00+00:00"),
        ("2026-03-02T09:00-03:30", "2026-03-02T09:00-03:30"),
    ] {
        assert_eq!(Moment::parse(written).unwrap().to_string(), canonical);
    }
    for (written, canonical) in [
        ("09:00-12:00", "09:00-12:00"),
        ("22:00-30:00", "22:00-06:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("22:00-00:00", "22:00-24:00"),
        ("08:00-32:00", "08:00-32:00"),
    ] {
        let read = Hours::parse(written).unwrap();
        assert_eq!(read.to_string(), canonical);
        assert_eq!(Hours::parse(canonical).unwrap(), read);
    }
}

#[test]
fn malformed_texts_are_refused_in_both_languages() {
    let bad = [
        (
            "paidan-moment",
            "2026-03-02T24:00 2026-03-02 2026-03-02T09:00:30 2026-3-2T09:00 中文时刻",
        ),
        ("paidan-moment", "2026-03-02T09:00+8:00 2026-03-02T09:00+08:00Z 2026-02-30T09:00 T"),
        ("paidan-date", "2026-02-29 26-02-01 1969-12-31 2026/01/01 2026-01-1x +026-01-01"),
        ("paidan-hours", "09:00-09:00 24:00-25:00 09:00 9:00-12:00 09:00-34:00 09:60-10:00 上午"),
        ("paidan-zone", "Shanghai UTC+8 Asia/Beijing"),
    ];
    for (format, texts) in bad {
        let (_, check) = FORMATS.iter().find(|(name, _)| *name == format).unwrap();
        for text in texts.split(' ') {
            let Label { zh, en } = check(text).expect_err(text);
            assert!(zh.contains(text) && en.contains(text), "{format} {text}");
        }
    }
}

#[test]
fn a_calendar_survives_json_and_its_schema_names_the_formats() {
    let text = r#"{"id":"night","zone":"Europe/Berlin","weekly":{"mon":["22:00-06:00"]},
        "holidays":"china","make_up":"tue",
        "overrides":[{"from":"2026-05-01","to":"2026-05-02","hours":[]}],
        "revisions":[{"from":"2026-06-01","weekly":{}}],
        "closures":[{"from":"2026-03-02T09:00","to":"2026-03-02T10:00Z",
                     "reason":{"zh":"停电","en":"power cut"}}]}"#;
    let calendar: Calendar = serde_json::from_str(text).unwrap();
    let again = serde_json::to_string(&calendar).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&again).unwrap(), calendar);
    assert!(serde_json::from_str::<Calendar>(r#"{"id":"x","wekly":{}}"#).is_err());
    let schema = schemars::schema_for!(Calendar).to_value();
    for (kind, format) in [("Date", "date"), ("Moment", "moment"), ("Hours", "hours")] {
        let definition = &schema["$defs"][kind];
        assert_eq!(definition["type"], "string");
        assert_eq!(definition["format"], format!("paidan-{format}"));
    }
    assert!(serde_json::to_string(&schema).unwrap().contains("paidan-zone"));
}

#[test]
fn the_built_in_table_has_no_faults_and_its_names_are_days_off() {
    let table = china();
    assert_eq!(table.problems(), []);
    for year in &table.years {
        assert!(year.names.iter().all(|name| year.off.contains(&name.date)));
        // Every make-up day falls on a weekend.
        let weekend = |date: &Date| date.day().weekday() >= Weekday::Sat;
        assert!(year.work.iter().all(weekend), "{}", year.year);
    }
}

#[test]
fn every_fault_of_a_calendar_is_found_at_its_place() {
    let text = r#"{"id":"bad","zone":"Europe/Berlin","holidays":"mars",
        "weekly":{"mon":["09:00-12:00","11:00-13:00"]},
        "overrides":[{"from":"2026-05-02","to":"2026-05-01","hours":[]}],
        "revisions":[{"from":"2026-06-01","weekly":{}},{"from":"2026-06-01","weekly":{}}],
        "closures":[{"from":"2026-03-02T09:00","to":"2026-03-02T09:00"},
                    {"from":"2026-03-29T02:30","to":"2026-03-29T04:00"}]}"#;
    let calendar: Calendar = serde_json::from_str(text).unwrap();
    let faults = calendar.problems(Zone::default(), &[china()]);
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    let expected = [
        "weekly.mon[1]",
        "holidays",
        "overrides[0].to",
        "revisions[1].from",
        "closures[0].to",
        "closures[1].from",
    ];
    assert_eq!(paths, expected);
    assert_eq!(office().problems(Zone::default(), &[china()]), []);
}

#[test]
fn a_table_with_dates_of_another_year_or_listed_twice_is_faulty() {
    let mut table = china();
    table.years[2].off.push(date("2027-01-01"));
    table.years[2].work.push(date("2026-10-01"));
    table.years[1].year = 2024;
    let faults = table.problems();
    let places: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert!(places.contains(&"years[1].year"));
    assert!(places.contains(&"years[2].off[33]"));
    assert!(places.contains(&"years[2].work[6]"));
}

#[test]
fn window_lists_unite_intersect_and_subtract() {
    let of = |from, to, day| Opening::new(Tick(from), Tick(to), Day(day));
    let one = [of(0, 10, 0), of(20, 30, 0)];
    let other = [of(5, 22, 1), of(30, 40, 0)];
    assert_eq!(windows::union(&one, &other), [of(0, 10, 0), of(10, 20, 1), of(20, 40, 0)]);
    assert_eq!(windows::intersect(&one, &other), [of(5, 10, 0), of(20, 22, 0)]);
    assert_eq!(windows::subtract(&one, &other), [of(0, 5, 0), of(22, 30, 0)]);
    assert_eq!(windows::subtract(&other, &one), [of(10, 20, 1), of(30, 40, 0)]);
}

#[test]
fn beyond_its_windows_a_timeline_answers_none() {
    let midnights = Midnights::new(Day(0), vec![Tick(0), Tick(1440), Tick(2880)]);
    let windows = vec![
        Opening::new(Tick(540), Tick(600), Day(0)),
        Opening::new(Tick(1980), Tick(2040), Day(1)),
    ];
    let timeline = Timeline::from_windows(windows, &midnights);
    assert_eq!(timeline.end_of(Tick(590), 20), Some(Tick(1990)));
    assert_eq!(timeline.end_of(Tick(590), 71), None);
    assert_eq!(timeline.next_open(Tick(2040)), None);
    assert_eq!(timeline.last_open_before(Tick(540)), None);
    assert_eq!(timeline.nth_opening(Tick(0), 1), Some(Tick(1980)));
    assert_eq!(timeline.nth_opening(Tick(0), 2), None);
    assert_eq!(timeline.latest_for_opening(Tick(1980), 1), Some(Tick(1439)));
    assert_eq!(timeline.latest_for_opening(Tick(1979), 1), Some(Tick(-1)));
    assert_eq!(timeline.latest_start(Tick(545), 6), None);
    let never = Timeline::default();
    assert_eq!((never.open_before(Tick(5)), never.next_open(Tick(0))), (0, None));
    assert_eq!(never.dates_begun(Tick(0), Tick(9)), 0);
    assert_eq!(midnights.day(Tick(1440)), Day(1));
    assert_eq!(midnights.midnight(Day(3)), None);
}

#[test]
fn a_date_whose_opening_a_closure_holds_back_may_open_after_the_next_date() {
    // Day 1 opens 22:00-06:00 but is closed until midnight; day 2 opens 00:00-01:00 and wins.
    let midnights = Midnights::new(Day(0), vec![Tick(0), Tick(1440), Tick(2880)]);
    let windows = vec![
        Opening::new(Tick(540), Tick(600), Day(0)),
        Opening::new(Tick(2880), Tick(2940), Day(2)),
        Opening::new(Tick(2940), Tick(3240), Day(1)),
    ];
    let timeline = Timeline::from_windows(windows, &midnights);
    assert_eq!(timeline.nth_opening(Tick(0), 1), Some(Tick(2940)));
    assert_eq!(timeline.nth_opening(Tick(1440), 1), Some(Tick(2880)));
    // whoever may still be late is through by the night of day 2
    assert_eq!(timeline.soonest_opening(Tick(0), 1), Some(Tick(2880)));
    assert_eq!(timeline.soonest_opening(Tick(0), 0), Some(Tick(0)));
    assert_eq!(timeline.latest_for_opening(Tick(2890), 1), Some(Tick(2879)));
    assert_eq!(timeline.dates_begun(Tick(2890), Tick(2950)), 2);
}
