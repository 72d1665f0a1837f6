//! Who has time, how long steps take, what comes again, whose data are old.

use paidan::calendar::{Book, Date, Day, Zone, china};
use paidan::desk::capacity::{Ask, between, free, verdict};
use paidan::desk::learned::{Done, done, learned, teach};
use paidan::desk::life::Feasible;
use paidan::desk::recurring::{Record, dates, stale, tickets};
use paidan::model::people::Absence;
use paidan::model::scenario::{Progress, ProgressState};
use paidan::policy::desk::{Learning, Obligation, Period, Shift};
use paidan::time::Span;

use super::{at, demonstration, scenario};

const DAY: i64 = 86_400_000;

fn book() -> Book {
    Book::new(Zone::default(), vec![china()], scenario().calendars)
}

fn span(from: &str, to: &str) -> Span {
    between(at(from), at(to))
}

fn day(text: &str) -> Day {
    Date::parse(text).unwrap().day()
}

/// R021, R020: a day of 480 minutes with 180 more in the evening. Li has two hours taken and 360
/// left, Sun the whole day; 480 can be done by Sun, 500 only if he stays, 700 by nobody.
#[test]
fn whether_somebody_has_time_is_counted_from_calendars_and_load() {
    let people = scenario().people;
    let taken = [("li", span("2026-03-09T10:00", "2026-03-09T12:00"))];
    let ask = |level, minutes| Ask {
        skill: "tax",
        level,
        minutes,
        span: span("2026-03-09T09:00", "2026-03-10T09:00"),
    };
    let found = free(&book(), &people, &taken, &ask(3, 480));
    let of = |name: &str| {
        found.iter().find(|one| one.person == name).map(|one| (one.regular, one.beyond))
    };
    assert_eq!((of("li"), of("sun")), (Some((360, 180)), Some((480, 180))));
    assert_eq!(of("zhao"), None, "no such skill");
    assert_eq!(free(&book(), &people, &[], &ask(4, 60)).len(), 1, "only Wang is of level 4");
    let answer = |minutes| verdict(&found, minutes).answer;
    assert_eq!(
        [answer(480), answer(500), answer(661)],
        [Feasible::Yes, Feasible::If, Feasible::No]
    );
    assert_eq!(verdict(&[], 1).answer, Feasible::No);
    assert!(verdict(&found, 500).evidence.contains("500 min"));
}

/// R021, R065: whoever is away or whose certificate has run out has no time.
#[test]
fn absence_and_certificates_count() {
    let mut people = scenario().people;
    people.retain(|person| person.id == "sun" || person.id == "han");
    let (monday, tuesday) = ("2026-03-09T00:00", "2026-03-10T00:00");
    let moment = |text| paidan::calendar::Moment::parse(text).unwrap();
    for person in &mut people {
        match person.id.as_str() {
            "sun" => person.absences.push(Absence {
                from: moment(monday),
                to: moment("2026-03-09T13:00"),
                remote: false,
                reason: None,
            }),
            _ => person.skills[0].until = Some(Date::parse("2026-03-08").unwrap()),
        }
    }
    let ask = Ask { skill: "tax", level: 3, minutes: 60, span: span(monday, tuesday) };
    let found = free(&book(), &people, &[], &ask);
    let told: Vec<(i64, i64)> = found.iter().map(|one| (one.regular, one.beyond)).collect();
    assert_eq!(told, [(300, 180), (0, 0)]);
}

fn times(level: u8, minutes: &[i64]) -> Vec<Done> {
    let of = |minutes: &i64| Done {
        service: "filing".to_owned(),
        step: "file".to_owned(),
        level,
        minutes: *minutes,
    };
    minutes.iter().map(of).collect()
}

/// R062: of 90, 100, 110, 120 and one day of 900 minutes the middle is 110, the quartiles 100 and
/// 120: one strange day moves nothing. Five are enough, four are not, nor are five far apart.
#[test]
fn step_minutes_are_learned_by_the_middle_and_only_from_enough_evidence() {
    let learning = Some(Learning { least_count: 5, most_spread_permille: 500 });
    let of = |minutes: &[i64]| learned(&times(3, minutes), learning).remove(0);
    let five = of(&[900, 110, 90, 120, 100]);
    assert_eq!((five.lower, five.median, five.upper), (100, 110, 120));
    assert!(five.is_enough, "20 of 110 are 182 thousandths");
    assert!(!of(&[110, 90, 120, 100]).is_enough);
    assert!(!of(&[30, 60, 110, 200, 400]).is_enough, "140 of 110 are 1,273 thousandths");
    assert!(!learned(&times(3, &[110; 9]), None)[0].is_enough, "nobody said from when on");
    let mut both = times(3, &[100; 5]);
    both.extend(times(4, &[60; 2]));
    let levels: Vec<(u8, usize)> =
        learned(&both, learning).iter().map(|one| (one.level, one.count)).collect();
    assert_eq!(levels, [(3, 5), (4, 2)]);
}

/// R062: what is enough takes the place of the catalogue's 120 minutes: 85 minutes at level 4, whose
/// pace is 85 %, are an effort of 100; what is not enough changes nothing.
#[test]
fn learned_minutes_plan_in_place_of_the_catalogues() {
    let learning = Some(Learning { least_count: 5, most_spread_permille: 500 });
    let minutes = |learned: &[paidan::desk::learned::Learned]| {
        let mut services = scenario().services;
        teach(&mut services, learned, &[150, 120, 100, 85, 70]);
        let filing = services.iter().find(|service| service.id == "filing").unwrap();
        filing.normal[0].minutes
    };
    assert_eq!(minutes(&learned(&times(4, &[85; 5]), learning)), Some(100));
    assert_eq!(minutes(&learned(&times(4, &[85; 4]), learning)), Some(120));
}

/// R062: what was reported done is measured in the working time of whoever led it: from Monday 17:00
/// to Tuesday 10:00 it is two hours.
#[test]
fn what_was_done_is_measured_in_working_time() {
    let mut scenario = scenario();
    let ticket = &mut scenario.tickets[0];
    (ticket.id, ticket.service) = ("F-1".to_owned(), Some("filing".to_owned()));
    (ticket.steps, ticket.adjust) = (Vec::new(), Vec::new());
    let moment = |text| paidan::calendar::Moment::parse(text).unwrap();
    scenario.progress = vec![Progress {
        step: "F-1/file".to_owned(),
        state: ProgressState::Done,
        people: vec!["wang".to_owned()],
        start: moment("2026-03-09T17:00"),
        end: Some(moment("2026-03-10T10:00")),
        remaining_minutes: None,
    }];
    let book = Book::new(Zone::default(), vec![china()], scenario.calendars.clone());
    assert_eq!(done(&scenario, &book), times(4, &[120]));
}

/// R111: by the 15th of each month; 15 February 2026 is in Spring Festival, so it is owed on
/// Saturday the 14th, which is worked, and where the rule says later, on Tuesday the 24th.
#[test]
fn a_monthly_analysis_is_owed_by_the_fifteenth_or_an_open_day_before() {
    let (desk, book) = (demonstration(), book());
    let analysis = &desk.obligations[0];
    let of = |one: &Obligation| {
        let days = dates(&desk, &book, one, day("2026-01-01"), day("2026-03-31"));
        days.iter().map(Day::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of(analysis), ["2026-01-15", "2026-02-14", "2026-03-13"]);
    let later = Obligation { shift: Shift::Later, ..analysis.clone() };
    assert_eq!(of(&later), ["2026-01-15", "2026-02-24", "2026-03-16"]);
    let none = Obligation { shift: Shift::None, ..analysis.clone() };
    assert_eq!(of(&none), ["2026-01-15", "2026-02-15", "2026-03-15"]);
    let last = Obligation { day: 31, per: Period::Month, shift: Shift::None, ..analysis.clone() };
    assert_eq!(of(&last), ["2026-01-31", "2026-02-28", "2026-03-31"]);
}

/// R111: the first of April and, as 1 May is a holiday, the last of April: two tickets, of two
/// months.
#[test]
fn two_dates_moved_into_one_month_are_two_tickets() {
    let (mut desk, book) = (demonstration(), book());
    desk.obligations.truncate(1);
    desk.obligations[0].day = 1;
    let made = tickets(&desk, &book, day("2026-04-01"), day("2026-04-30"));
    let told: Vec<(&str, String)> =
        made.iter().map(|one| (one.id.as_str(), one.due.unwrap().to_string())).collect();
    let wanted = [
        ("analysis-group-2026-04", "2026-04-01T18:00".to_owned()),
        ("analysis-group-2026-05", "2026-04-30T18:00".to_owned()),
    ];
    assert_eq!(told, wanted);
}

/// R112, R111: the visit of a quarter is a ticket with the steps of its service, so it takes time of
/// people in the plan; who is owed it has the agreement of that tier on that day.
#[test]
fn what_is_owed_again_becomes_a_ticket_that_takes_peoples_time() {
    let (desk, book) = (demonstration(), book());
    let made = tickets(&desk, &book, day("2026-03-01"), day("2026-03-31"));
    let told: Vec<(&str, String)> =
        made.iter().map(|one| (one.id.as_str(), one.due.unwrap().to_string())).collect();
    let wanted = [
        ("analysis-group-2026-03", "2026-03-13T18:00".to_owned()),
        ("visit-group-2026-03", "2026-03-31T18:00".to_owned()),
    ];
    assert_eq!(told, wanted);
    let visit = &made[1];
    assert_eq!(
        (visit.service.as_deref(), visit.client.as_deref()),
        (Some("filing"), Some("group"))
    );
    assert_eq!(visit.release.unwrap().to_string(), "2026-03-01T00:00");
    // before 9 March the client's agreement was of another tier
    let mut early = desk.clone();
    early.obligations[1].day = 5;
    let made = tickets(&early, &book, day("2026-03-01"), day("2026-03-08"));
    assert_eq!(made, []);
    // it can be planned as it stands
    let mut scenario = scenario();
    scenario.tickets = tickets(&desk, &book, day("2026-03-01"), day("2026-03-31"));
    assert!(paidan::model::check::check(&scenario).is_ok());
}

/// R241: gone through every ninety days: never comes first, then the oldest; what lacks a field is
/// told however new it is.
#[test]
fn old_and_incomplete_records_of_clients_are_told() {
    let record = |client, days: Option<i64>, missing: &[&'static str]| Record {
        client,
        seen_ms: days.map(|days| 1_000 * DAY - days * DAY),
        missing: missing.to_vec(),
    };
    let records = [
        record("new", Some(1), &[]),
        record("edge", Some(90), &[]),
        record("old", Some(91), &[]),
        record("older", Some(400), &[]),
        record("never", None, &[]),
        record("lacking", Some(1), &["contact"]),
    ];
    let most = demonstration().client_days.unwrap();
    let found = stale(&records, most, 1_000 * DAY);
    let told: Vec<(&str, Option<i64>)> = found.iter().map(|one| (one.client, one.days)).collect();
    let wanted = [("never", None), ("older", Some(400)), ("old", Some(91)), ("lacking", Some(1))];
    assert_eq!(told, wanted);
    assert_eq!(found[3].missing, ["contact"]);
}
