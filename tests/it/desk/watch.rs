//! Watching over open tickets: what is due every day, what does not wait, what is at risk.

use paidan::calendar::{Book, Date, Zone, china};
use paidan::desk::clock::Turn;
use paidan::desk::event::{Draft, Event, Head, Stream, seal};
use paidan::desk::life::{Crew, Forecast, Happening, Life, Node, Promise, Stage};
use paidan::desk::recurring::{digest, digest_due};
use paidan::desk::watch::{
    Duty, Exception, Planned, Sort, duties, exceptions, is_several, lead, mass, rank, risk,
};

use paidan::desk::rules::{Served, timers};
use paidan::desk::timer::runs;
use paidan::model::ticket::Ticket;
use serde_json::{Value, json};

use super::{at, demonstration, scenario};

fn book() -> Book {
    Book::new(Zone::default(), vec![china()], scenario().calendars)
}

fn record(told: &[(i64, Happening)]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (at_ms, happening) in told {
        let (kind, payload) = happening.written().unwrap();
        let draft = Draft { at_ms: *at_ms, actor: "li".to_owned(), kind, payload };
        let head = events.last().map_or(Head::NONE, Event::head);
        let position = events.len() as u64 + 1;
        events.push(seal(&Stream::new("ticket", "T"), head, position, draft));
    }
    events
}

fn accepted() -> Happening {
    Happening::Accepted {
        quote: "q".to_owned(),
        option: "o".to_owned(),
        plan: "p".to_owned(),
        finish_ms: at("2026-03-13T18:00"),
    }
}

/// How a duty stands at `now_ms`, by when it is due and when it was done.
fn stands_at(duty: &Duty<'_>, now_ms: i64) -> &'static str {
    match duty.done_ms {
        Some(done_ms) if done_ms <= duty.by_ms => "done",
        Some(_) => "late",
        None if now_ms <= duty.by_ms => "due",
        None => "missed",
    }
}

/// R067, R047, R048, R068: two mechanisms. Every working day of a promised ticket has its duties at
/// 10:00, 15:00 and 16:00: the first was done late, the second is missed, the report is still due
/// at 15:30 and missed a minute after 16:00.
#[test]
fn every_day_is_cleared_duty_by_duty() {
    let (desk, book) = (demonstration(), book());
    let monday = Date::parse("2026-03-09").unwrap().day();
    let synced = Happening::AgenciesSynced { state: "受理".to_owned() };
    let events = record(&[(at("2026-03-06T09:00"), accepted()), (at("2026-03-09T10:30"), synced)]);
    let stands = |day, is_several, now: &str| -> Vec<(String, &str)> {
        let sort = Sort { is_several, is_urgent: true };
        let duties = duties(&desk, &book, &events, (day, sort));
        duties.iter().map(|duty| (duty.daily.id.clone(), stands_at(duty, at(now)))).collect()
    };
    let row = |id: &str, cleared| (id.to_owned(), cleared);
    let (sync, feedback, report) = ("agency-sync", "client-feedback", "daily-report");
    assert_eq!(
        stands(monday, true, "2026-03-09T15:30"),
        [row(sync, "late"), row(feedback, "missed"), row(report, "due")]
    );
    assert_eq!(stands(monday, false, "2026-03-09T16:01"), [row(report, "missed")]);
    // nothing on a Sunday, nor before a date was promised
    assert_eq!(stands(monday.plus(-1), true, "2026-03-09T15:30"), []);
    assert_eq!(stands(monday.plus(-4), true, "2026-03-09T15:30"), []);
    let sent = Happening::DailyReported { digest: "d".to_owned() };
    let told = Happening::ClientTold { node: Node::Daily, what: "受理".to_owned() };
    let events = record(&[
        (at("2026-03-06T09:00"), accepted()),
        (at("2026-03-09T14:59"), told),
        (at("2026-03-09T16:00"), sent),
    ]);
    let sort = Sort { is_several: true, is_urgent: true };
    let duties = duties(&desk, &book, &events, (monday, sort));
    let cleared: Vec<&str> =
        duties.iter().map(|duty| stands_at(duty, at("2026-03-10T09:00"))).collect();
    assert_eq!(cleared, ["missed", "done", "done"]);
}

/// R048, R068: an answer to a question is no feedback of the day, and a report of the day is owed for
/// urgent tickets only.
#[test]
fn only_the_days_word_is_feedback_and_only_urgent_tickets_have_a_report() {
    let (desk, book) = (demonstration(), book());
    let monday = Date::parse("2026-03-09").unwrap().day();
    let told = |node| Happening::ClientTold { node, what: "受理".to_owned() };
    let events = record(&[
        (at("2026-03-06T09:00"), accepted()),
        (at("2026-03-09T09:20"), told(Node::Answer)),
    ]);
    let feedback = |events: &[Event]| {
        let sort = Sort { is_several: true, is_urgent: true };
        let duties = duties(&desk, &book, events, (monday, sort));
        let own = duties.iter().find(|duty| duty.daily.id == "client-feedback").unwrap();
        stands_at(own, at("2026-03-09T15:01"))
    };
    assert_eq!(feedback(&events), "missed");
    let events = record(&[
        (at("2026-03-06T09:00"), accepted()),
        (at("2026-03-09T09:20"), told(Node::Daily)),
    ]);
    assert_eq!(feedback(&events), "done");
    let normal = Sort { is_several: false, is_urgent: false };
    assert_eq!(duties(&desk, &book, &events, (monday, normal)), []);
}

/// R066, R068: a daily report is a word to the client: the silence of eight office hours begins anew
/// with it, and ends when he has the result.
#[test]
fn a_daily_report_ends_the_silence_towards_the_client() {
    let desk = demonstration();
    let served = Served {
        client: None,
        tier: None,
        level: 1,
        on: Date::parse("2026-03-09").unwrap().day(),
        notice_ms: None,
        owed_ms: None,
    };
    let silence = timers(&desk, &served).into_iter().find(|timer| timer.id == "silence").unwrap();
    let sent = Happening::DailyReported { digest: "d".to_owned() };
    let events = record(&[(at("2026-03-09T09:00"), accepted()), (at("2026-03-09T16:00"), sent)]);
    let runs = runs(&silence, &events).unwrap();
    assert_eq!(runs[0].last(), Some(&(at("2026-03-09T16:00"), Turn::Stops)));
    assert_eq!(runs[1], [(at("2026-03-09T16:00"), Turn::Starts)]);
}

/// R046, R047: three authorities are several; one, or one and a partner of the firm, are not.
#[test]
fn several_authorities_are_counted_from_the_steps_of_the_service() {
    let (mut desk, scenario) = (demonstration(), scenario());
    let ticket = |service: &str| -> Ticket {
        serde_json::from_value(json!({"id": "T", "service": service, "track": "urgent"})).unwrap()
    };
    assert!(is_several(&desk, &scenario.services, &ticket("equity-change")));
    assert!(!is_several(&desk, &scenario.services, &ticket("trademark")));
    let waits: Vec<Value> = ["commerce", "market"]
        .iter()
        .map(|step| json!({"service": "equity-change", "step": step}))
        .collect();
    let partner = json!({"id": "agent", "label": {"zh": "代理", "en": "agent"}, "working_days": 3,
        "calendar": "office", "waits": waits});
    desk.partners = vec![serde_json::from_value(partner).unwrap()];
    assert!(!is_several(&desk, &scenario.services, &ticket("equity-change")));
}

/// R067, R066, R071, R072, R186, R187: what does not wait for a time of day, beside the daily clear.
#[test]
fn what_does_not_wait_is_told_apart_from_the_daily_clear() {
    let mut life = Life { stage: Stage::InProgress, ..Life::default() };
    assert_eq!(exceptions(&life), []);
    (life.anomaly, life.returns) = (Some("系统停用".to_owned()), 1);
    (life.beside.missed_calls, life.beside.chases) = (2, 3);
    let wanted = [
        Exception::Anomaly("系统停用".to_owned()),
        Exception::Calls(2),
        Exception::Chased(3),
        Exception::Rework,
    ];
    assert_eq!(exceptions(&life), wanted);
    let labels: Vec<String> = wanted.iter().map(|one| one.label().en).collect();
    assert_eq!(labels[1..3], ["2 calls missed", "the client asked 3 times"]);
}

fn promised(finish: &str, forecast: Option<(&str, &str)>) -> Life {
    let (finish_ms, plan) = (at(finish), "p".to_owned());
    let mut life = Life {
        stage: Stage::InProgress,
        promise: Some(Promise { finish_ms, plan, late_before_ms: 0 }),
        ..Life::default()
    };
    life.beside.forecast = forecast.map(|(earliest, latest)| Forecast {
        may_add_days: None,
        earliest_ms: at(earliest),
        latest_ms: at(latest),
        reason: "近似商标".to_owned(),
        made_ms: 0,
    });
    life
}

/// R079, R075: an hour late costs ¥100. Friday 18:00 is promised; forecast between 17:00 and 22:00
/// the mean of nothing and four hours is ¥200. What costs more is looked at first; what is in time
/// and goes well is not on the list, and what is signed is not either.
#[test]
fn tickets_at_risk_are_listed_by_what_they_may_cost() {
    let owed = at("2026-03-13T18:00");
    let price = |finish: i64| (finish - owed).max(0) / 360;
    let at_risk = |name: &str, life: &Life, planned: &str| {
        risk((name, life), Planned::At(at(planned)), price)
    };
    let wide = promised("2026-03-13T18:00", Some(("2026-03-13T17:00", "2026-03-13T22:00")));
    let late = promised("2026-03-13T18:00", None);
    let mut odd = promised("2026-03-13T18:00", None);
    odd.anomaly = Some("x".to_owned());
    let mut risks = vec![
        at_risk("T-3", &odd, "2026-03-13T17:00").unwrap(),
        at_risk("T-1", &wide, "2026-03-13T18:00").unwrap(),
        at_risk("T-2", &late, "2026-03-13T21:00").unwrap(),
    ];
    rank(&mut risks);
    let told: Vec<(&str, i64)> =
        risks.iter().map(|one| (one.ticket.as_str(), one.expected_fen)).collect();
    assert_eq!(told, [("T-2", 30_000), ("T-1", 20_000), ("T-3", 0)]);
    assert_eq!(at_risk("T-4", &late, "2026-03-13T18:00"), None);
    let signed = Life { signed_ms: Some(owed), stage: Stage::Signed, ..wide };
    assert_eq!(at_risk("T-5", &signed, "2026-03-13T21:00"), None);
    // Left out by a plan that goes to 22:00 it is four hours late at the least; of what the client
    // has nothing is late, and of what went wrong with it is told.
    let not = Planned::Not(at("2026-03-13T22:00"));
    let left = risk(("T-6", &late), not, price).unwrap();
    assert_eq!((left.latest_ms, left.expected_fen), (at("2026-03-13T22:00"), 40_000));
    let delivered = Life { stage: Stage::Delivered, ..late };
    assert_eq!(risk(("T-7", &delivered), not, price), None);
    let odd = Life { stage: Stage::Delivered, ..odd };
    assert_eq!(risk(("T-8", &odd), not, price).unwrap().exceptions.len(), 1);
}

/// R190: the client's own person leads when he serves him, else whoever has most of his tickets.
#[test]
fn of_several_owners_of_one_client_one_leads() {
    let drivers = ["li", "sun", "sun", "han"];
    assert_eq!(lead(Some("li"), &drivers), Some(("li", vec!["han", "li", "sun"])));
    assert_eq!(lead(Some("zhao"), &drivers).unwrap().0, "sun");
    assert_eq!(lead(None, &["sun", "li"]).unwrap().0, "li", "as many: by name");
    assert_eq!(lead(Some("li"), &[]), None);
}

/// R135: from two tickets with the same trouble on the others are linked to the first, once.
#[test]
fn tickets_with_the_same_trouble_are_linked_to_the_first() {
    let down = |linked: Option<&str>| {
        let mut life =
            Life { anomaly: Some("电子税务局停用".to_owned()), ..Life::default() };
        life.beside.linked_to = linked.map(str::to_owned);
        life
    };
    let (free, linked, other) = (down(None), down(Some("T-1")), Life::default());
    let open = [("T-3", &free), ("T-1", &free), ("T-2", &linked), ("T-4", &other)];
    assert_eq!(mass(&open, 3), [("T-1", vec!["T-3"])]);
    assert_eq!(mass(&open, 4), []);
    let mut life = down(None);
    life.apply(0, "boss", &Happening::Linked { to: "T-1".to_owned() });
    assert_eq!(life.beside.linked_to.as_deref(), Some("T-1"));
}

/// R180: every Friday at 17:00 the manager gets the table: what does not wait first, then by the
/// date owed; a Friday that is a holiday moves it to the last open day before, which in the week of
/// Spring Festival 2026 is Saturday the 14th.
#[test]
fn the_table_of_progress_goes_to_the_manager_every_week() {
    let crew = |driver: &str| Crew {
        driver: driver.to_owned(),
        liaison: "mei".to_owned(),
        reviewer: "wang".to_owned(),
    };
    let life = |finish: &str| Life { crew: Some(crew("li")), ..promised(finish, None) };
    let (late, soon) = (life("2026-03-13T18:00"), life("2026-03-10T18:00"));
    let odd = Life { anomaly: Some("x".to_owned()), ..life("2026-03-20T18:00") };
    let done = Life { stage: Stage::Archived, ..Life::default() };
    let lines = digest(&[("T-1", &late), ("T-2", &soon), ("T-3", &odd), ("T-4", &done)]);
    let told: Vec<&str> = lines.iter().map(|line| line.ticket.as_str()).collect();
    assert_eq!(told, ["T-3", "T-2", "T-1"]);
    assert_eq!(lines[0].exceptions, [Exception::Anomaly("x".to_owned())]);
    let line = &lines[1];
    assert_eq!((line.stage.en.as_str(), line.driver.as_deref()), ("in progress", Some("li")));
    assert_eq!(line.phase.unwrap().label().en, "monitoring");
    let (desk, book) = (demonstration(), book());
    let rule = desk.digest.unwrap();
    let due = |from: &str| digest_due(&desk, &book, &rule, at(from));
    assert_eq!(due("2026-03-09T09:00"), Some(at("2026-03-13T17:00")));
    assert_eq!(due("2026-03-13T17:01"), Some(at("2026-03-20T17:00")));
    assert_eq!(due("2026-02-14T09:00"), Some(at("2026-02-14T17:00")));
    let daily = paidan::policy::desk::Digest { weekday: None, ..rule };
    let next = digest_due(&desk, &book, &daily, at("2026-03-13T17:01"));
    assert_eq!(next, Some(at("2026-03-16T17:00")));
}
