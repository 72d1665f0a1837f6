//! Calendar files: what a calendar program sees when plans follow each other.

use paidan::exchange::ics::{Owner, person};
use paidan::model::lang::Lang;
use paidan::model::plan::Plan;
use paidan::model::scenario::Scenario;
use serde_json::{Value, json};

fn scenario() -> Scenario {
    serde_json::from_value(json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-02T09:00",
        "horizon": "2026-03-13T18:00",
        "sites": [{"id": "hall"}],
        "clients": [{"id": "acme", "name": {"zh": "艾克米", "en": "Acme"}}],
        "services": [{"id": "filing", "normal": [
            {"id": "prepare", "site": "hall", "seats": [{"skill": "tax"}], "minutes": 60}
        ]}],
        "tickets": [{"id": "t1", "service": "filing", "client": "acme",
                     "title": {"zh": "申报, 一季度", "en": "filing, first quarter"}}]
    }))
    .unwrap()
}

/// From and to, on 2 March.
type Stretch<'a> = (&'a str, &'a str);

/// A step of `t1`, who does it, and when.
type Planned<'a> = (&'a str, &'a str, &'a [Stretch<'a>]);

/// A plan of `steps` made at `as_of`, on 2 March.
fn plan(as_of: &str, steps: &[Planned]) -> Plan {
    let at = |clock: &str| format!("2026-03-02T{clock}");
    let step = |(name, person, stretches): &Planned| -> Value {
        let pieces: Vec<Value> =
            stretches.iter().map(|(from, to)| json!({"from": at(from), "to": at(to)})).collect();
        let (first, last) = (stretches[0].0, stretches[stretches.len() - 1].1);
        json!({"ticket": "t1", "step": name, "people": [person],
               "start": at(first), "end": at(last), "pieces": pieces})
    };
    serde_json::from_value(json!({
        "format": "paidan-plan/1", "as_of": at(as_of),
        "steps": steps.iter().map(step).collect::<Vec<_>>()
    }))
    .unwrap()
}

const LI: Owner = Owner { person: "li", firm: "paidan" };

fn lis(plan: &Plan, previous: Option<&Plan>) -> String {
    person(plan, previous, &scenario(), LI, Lang::En)
}

/// UID, start and status of each event.
fn events(text: &str) -> Vec<(String, String, String)> {
    let of = |event: &str, name: &str| {
        let line = event.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().to_owned()
    };
    let each = text.split("BEGIN:VEVENT").skip(1);
    each.map(|event| (of(event, "UID:"), of(event, "DTSTART:"), of(event, "STATUS:"))).collect()
}

#[test]
fn a_person_gets_a_calendar_of_the_stretches_worked() {
    let plan = plan("09:00", &[("prepare", "li", &[("11:30", "12:00"), ("13:00", "13:30")])]);
    let text = lis(&plan, None);
    let expected = [
        "BEGIN:VEVENT",
        "UID:t1/prepare/li/0@paidan",
        "DTSTAMP:20260302T010000Z",
        // 2026-03-02T01:00Z is day 20514 of 1970: 20514 × 1440 + 60 minutes.
        "SEQUENCE:29540220",
        // Shanghai is eight hours ahead: 11:30 is 03:30 UTC.
        "DTSTART:20260302T033000Z",
        "DTEND:20260302T040000Z",
        "SUMMARY:filing\\, first quarter · prepare",
        "LOCATION:hall",
        "DESCRIPTION:ticket t1/prepare\\nclient Acme",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:t1/prepare/li/1@paidan",
    ];
    let written: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(written[5..18], expected);
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    assert!(!text.contains("METHOD"), "a snapshot asks nothing of anybody");
    assert!(text.lines().all(|line| line.len() <= 75));
    let wang = Owner { person: "wang", ..LI };
    assert!(!person(&plan, None, &scenario(), wang, Lang::En).contains("VEVENT"));
}

#[test]
fn a_step_planned_anew_moves_its_event_and_the_later_plan_wins() {
    let early = plan("09:00", &[("prepare", "li", &[("11:30", "12:00")])]);
    let late = plan("11:00", &[("prepare", "li", &[("14:00", "14:30")])]);
    let (early, late) = (lis(&early, None), lis(&late, None));
    let [(uid, before, _)] = &events(&early)[..] else { panic!("one event") };
    let [(same, after, _)] = &events(&late)[..] else { panic!("one event") };
    assert_eq!(uid, same);
    assert_ne!(before, after);
    // Planned two hours later: 120 more.
    assert!(early.contains("SEQUENCE:29540220\r\n") && late.contains("SEQUENCE:29540340\r\n"));
}

#[test]
fn events_that_are_no_more_are_cancelled_save_those_that_took_place() {
    let before = plan(
        "09:00",
        &[
            ("morning", "li", &[("09:00", "10:00")]),
            ("prepare", "li", &[("11:30", "12:00"), ("13:00", "13:30")]),
            ("file", "li", &[("15:00", "16:00")]),
        ],
    );
    // At 11:00 the morning's step is over and reported; `prepare` fits one stretch; Wang files.
    let now = plan(
        "11:00",
        &[("prepare", "li", &[("13:00", "14:00")]), ("file", "wang", &[("15:00", "16:00")])],
    );
    let text = lis(&now, Some(&before));
    let seen: Vec<(String, String)> =
        events(&text).into_iter().map(|(uid, _, status)| (uid, status)).collect();
    let expected = [
        ("t1/prepare/li/0@paidan", "CONFIRMED"),
        ("t1/prepare/li/1@paidan", "CANCELLED"),
        ("t1/file/li/0@paidan", "CANCELLED"),
    ];
    assert_eq!(seen, expected.map(|(uid, status)| (uid.to_owned(), status.to_owned())));
}

#[test]
fn no_two_firms_and_no_two_steps_share_an_event() {
    let plan = plan("09:00", &[("a/b", "li", &[("11:30", "12:00")])]);
    let other = Owner { firm: "acme@home", ..LI };
    let text = person(&plan, None, &scenario(), other, Lang::En);
    assert_eq!(events(&text)[0].0, "t1/a%2Fb/li/0@acme%40home");
}
