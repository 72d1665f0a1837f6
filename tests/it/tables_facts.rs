//! Tables of overtime, progress and pins; cells that clear; tables written and read again.

use paidan::exchange::tables::{AbsenceRow, Kind, Merged, Rows, filled_csv, merge, read_csv};
use paidan::model::issue::Issue;
use paidan::model::lang::Lang;
use paidan::model::people::BandKind;
use paidan::model::scenario::{ProgressState, Scenario};
use paidan::time::Money;
use serde_json::json;

fn base() -> Scenario {
    serde_json::from_value(json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-02T11:00",
        "horizon": "2026-03-13T18:00",
        "calendars": [{"id": "office"}, {"id": "evenings", "name": {"zh": "晚间", "en": "late"}}],
        "skills": [{"id": "tax"}],
        "sites": [{"id": "hall"}],
        "people": [
            {"id": "li", "name": {"zh": "李娜", "en": "Li Na"}, "team": "tax", "base": "hall",
             "skills": [{"skill": "tax", "level": 3, "until": "2026-12-31"}],
             "bands": [{"kind": "regular", "calendar": "office"},
                       {"kind": "overtime", "calendar": "evenings", "price_per_hour_fen": 8050,
                        "cap_day_minutes": 180, "cap_month_minutes": 2160,
                        "used": [{"date": "2026-03-01", "minutes": 60}]}],
             "absences": [{"from": "2026-03-04T00:00", "to": "2026-03-05T00:00",
                           "reason": {"zh": "年假", "en": "leave"}}]},
            {"id": "wu", "urgent_only": true, "trainee": true, "mentors": ["li"],
             "bands": [{"kind": "regular", "calendar": "office"},
                       {"kind": "on_call", "calendar": "evenings"}]}
        ],
        "clients": [{"id": "acme", "tier": "gold", "annual_value_fen": 3600000, "owner": "li",
                     "site": "hall", "excluded": ["wu"], "completed": ["filing"]}],
        "services": [{"id": "filing", "normal": [
            {"id": "prepare", "name": {"zh": "准备", "en": "prepare papers"},
             "seats": [{"skill": "tax"}], "minutes": 60},
            {"id": "review", "wait": {"minutes": 60}},
            {"id": "submit", "seats": [{"skill": "tax"}], "minutes": 30}
        ]}],
        "tickets": [
            {"id": "t1", "service": "filing", "client": "acme", "title": {"zh": "申报", "en": "file"},
             "entity": "one", "track": "urgent", "batch": "b", "release": "2026-03-02T09:00",
             "due": "2026-03-06T00:00", "excluded": ["wu"],
             "curves": [{"kind": "client_value", "fixed_fen": 5},
                        {"kind": "urgency", "fixed_fen": 200000, "per_hour_fen": 12050,
                         "cap_fen": 900000}]},
            {"id": "#2/x", "service": "filing", "after": ["t1"], "due": "2026-03-06T09:00+08:00",
             "curves": [{"kind": "urgency", "fixed_fen": 1}, {"kind": "urgency", "fixed_fen": 2}]}
        ],
        "pins": [{"step": "t1/prepare", "people": ["li"], "then": "t1/submit"},
                 {"step": "t1/prepare", "start": "2026-03-03T09:00"},
                 {"step": "#2/x/submit", "start": "2026-03-06T00:00"}],
        "progress": [{"step": "t1/prepare", "state": "begun", "people": ["li"],
                      "start": "2026-03-02T09:00", "remaining_minutes": 45},
                     {"step": "t1/review", "state": "begun", "start": "2026-03-02T10:00",
                      "end": "2026-03-02T12:00"}]
    }))
    .unwrap()
}

fn rows(kind: Kind, text: &str) -> Rows {
    read_csv(kind, text.as_bytes()).unwrap()
}

fn merged(kind: Kind, text: &str) -> Scenario {
    let mut scenario = base();
    merge(&mut scenario, &rows(kind, text)).unwrap();
    scenario
}

fn wrong(kind: Kind, text: &str) -> Vec<(&'static str, String)> {
    let issues: Vec<Issue> = match read_csv(kind, text.as_bytes()) {
        Ok(rows) => merge(&mut base(), &rows).unwrap_err(),
        Err(issues) => issues,
    };
    issues.into_iter().map(|issue| (issue.code, issue.path)).collect()
}

/// Every table of `scenario`, read again.
fn written(scenario: &Scenario) -> Rows {
    let mut all = Rows::default();
    for kind in Kind::ALL {
        let read = read_csv(kind, &filled_csv(kind, scenario, Lang::Zh)).unwrap();
        assert_eq!(read.warnings, [], "{kind:?}");
        all.tickets.extend(read.tickets);
        all.people.extend(read.people);
        all.absences.extend(read.absences);
        all.clients.extend(read.clients);
        all.progress.extend(read.progress);
        all.pins.extend(read.pins);
    }
    all
}

#[test]
fn tables_of_a_scenario_read_again_change_nothing() {
    let mut scenario = base();
    merge(&mut scenario, &written(&base())).unwrap();
    assert_eq!(scenario, base());
}

#[test]
fn tables_give_back_everything_they_carry() {
    let mut bare = base();
    for person in &mut bare.people {
        (person.team, person.base) = (None, None);
        person.skills.clear();
        person.mentors.clear();
        (person.urgent_only, person.trainee) = (true, true);
        for band in person.bands.iter_mut().filter(|band| band.kind == BandKind::Overtime) {
            (band.price_per_hour_fen, band.cap_day_minutes) = (Money(1), None);
            band.cap_month_minutes = Some(1);
        }
    }
    bare.tickets[0].due = None;
    bare.tickets[0].curves[1].fixed_fen = Money(7);
    bare.tickets[1].after.clear();
    bare.clients.clear();
    bare.pins.clear();
    bare.progress.clear();
    let mut scenario = bare;
    merge(&mut scenario, &written(&base())).unwrap();
    assert_eq!(scenario, base());
    // An absence comes back with its reason in the one language of the table.
    scenario.people[0].absences.clear();
    merge(&mut scenario, &written(&base())).unwrap();
    let reason = scenario.people[0].absences[0].reason.clone().unwrap();
    assert_eq!((reason.zh.as_str(), reason.en.as_str()), ("年假", "年假"));
}

#[test]
fn a_mark_clears_what_an_empty_cell_keeps() {
    let text = "ticket,client,entity,track,due,fixed loss,loss per hour,batch,excluded,title\n\
                t1,-,-,-,-,-,-,－,-,\n";
    let scenario = merged(Kind::Queue, text);
    let ticket = &scenario.tickets[0];
    assert_eq!((&ticket.client, &ticket.entity, &ticket.batch), (&None, &None, &None));
    assert_eq!((ticket.due, ticket.release), (None, base().tickets[0].release));
    assert_eq!(ticket.title, base().tickets[0].title, "an empty cell keeps");
    assert!(ticket.excluded.is_empty());
    // Without any loss there is no urgency curve; that of the client's value stays.
    assert_eq!(ticket.curves, base().tickets[0].curves[..1]);
    let scenario = merged(Kind::People, "person,team,skills,base\nli,'-,-,-\n");
    let person = &scenario.people[0];
    assert_eq!(person.team.as_deref(), Some("-"), "an apostrophe makes it a text");
    assert!(person.skills.is_empty() && person.base.is_none());
}

#[test]
fn a_loss_stated_alone_leaves_the_others() {
    let scenario = merged(Kind::Queue, "ticket,fixed loss,loss per day\nt1,,30\n");
    let curve = &scenario.tickets[0].curves[1];
    // 30 yuan a day in place of the hour's 120.50; fixed part and cap stay.
    assert_eq!((curve.per_hour_fen, curve.per_day_fen), (Money::ZERO, Money(3000)));
    assert_eq!((curve.fixed_fen, curve.cap_fen), (Money(200_000), Some(Money(900_000))));
}

#[test]
fn overtime_is_given_changed_and_taken_away() {
    let text = "person,加班日历,overtime price,每天加班分钟,overtime minutes per week\n\
                li,,100.5,-,600\nwu,晚间,80,120,\n";
    let scenario = merged(Kind::People, text);
    let band = &scenario.people[0].bands[1];
    assert_eq!((band.calendar.as_str(), band.price_per_hour_fen), ("evenings", Money(10_050)));
    let caps = [band.cap_day_minutes, band.cap_week_minutes, band.cap_month_minutes];
    assert_eq!(caps, [None, Some(600), Some(2160)]);
    assert_eq!(band.used, base().people[0].bands[1].used);
    // Between the regular band and that on call.
    let kinds: Vec<BandKind> = scenario.people[1].bands.iter().map(|band| band.kind).collect();
    assert_eq!(kinds, [BandKind::Regular, BandKind::Overtime, BandKind::OnCall]);
    let without = merged(Kind::People, "person,overtime calendar\nli,-\n");
    assert_eq!(without.people[0].bands.len(), 1);
    // Row by row: a price without hours, minutes that are none, more minutes than a day has.
    let text = "person,overtime calendar,overtime price,overtime minutes per day\n\
                wu,,80,\nli,,,2.5\nzhou,,,1441\n";
    let text_of_prices = "person,overtime calendar,overtime price\nwu,,80\n";
    assert_eq!(wrong(Kind::People, text_of_prices), [("T415", "People!B2".to_owned())]);
    let expected = [("T409", "People!D3".to_owned()), ("T409", "People!D4".to_owned())];
    assert_eq!(wrong(Kind::People, text), expected);
}

#[test]
fn progress_is_reported_changed_and_withdrawn() {
    let text = "工单,步骤,状态,员工,开始,结束,剩余分钟\n\
                t1,准备,已完成,,,2026-03-02 10:30,\n\
                申报,submit,took longer,李娜,2026-03-02 10:30,,20\n\
                t1,review,-,,,,\n";
    let mut scenario = base();
    let (counted, _) = merge(&mut scenario, &rows(Kind::Progress, text)).unwrap();
    // One added; one changed and one withdrawn.
    assert_eq!(counted, Merged { progress: (1, 2), ..Merged::default() });
    let [prepare, submit] = scenario.progress.as_slice() else { panic!("two reports") };
    assert_eq!((prepare.step.as_str(), prepare.state), ("t1/prepare", ProgressState::Done));
    assert_eq!(
        (prepare.people.as_slice(), prepare.remaining_minutes),
        (&["li".to_owned()][..], None)
    );
    assert_eq!(prepare.start, base().progress[0].start, "an empty cell keeps");
    assert_eq!((submit.step.as_str(), submit.state), ("t1/submit", ProgressState::Begun));
    assert_eq!(submit.remaining_minutes, Some(20));
}

#[test]
fn who_did_not_come_is_away() {
    let text = "ticket,step,state,people,start,end\n,,未到,李娜; wu,2026-03-02,2026-03-02\n";
    let read = rows(Kind::Progress, text);
    assert!(read.progress.is_empty());
    let AbsenceRow { person, to_at, .. } = &read.absences[1];
    assert_eq!((person.name.as_str(), to_at.as_str()), ("wu", "Progress!F2"));
    let scenario = merged(Kind::Progress, text);
    let away = &scenario.people[1].absences[0];
    assert_eq!(away.from.to_string(), "2026-03-02T00:00");
    assert_eq!(away.to.to_string(), "2026-03-03T00:00", "the whole day");
    assert_eq!(scenario.people[0].absences.len(), 2);
}

#[test]
fn faults_of_progress_are_told_at_their_cells() {
    let text = "ticket,step,state,people,start,end,minutes left\n\
                t1,prepare,soon,,,,\n\
                ,,did not come,,2026-03-02,,\n\
                t1,,done,,,,\n\
                t1,submit,did not come,li,2026-03-02,2026-03-02,\n\
                t1,submit,done,,,,\n\
                t1,submit,done,,,,0\n";
    let expected = [
        ("T411", "Progress!C2"),
        ("T407", "Progress!D3"),
        ("T407", "Progress!F3"),
        ("T407", "Progress!B4"),
        ("T411", "Progress!A5"),
        ("T411", "Progress!B5"),
        ("T414", "Progress!B7"),
        ("T409", "Progress!G7"),
    ];
    assert_eq!(wrong(Kind::Progress, text), expected.map(|(code, at)| (code, at.to_owned())));
    // A new report lacks its start and people; one of work under way the minutes left; a known
    // start cannot be cleared; a done step needs its end.
    let text = "ticket,step,state,people,start,end,minutes left\n\
                t1,submit,started,,,,\n\
                t1,prepare,done,,-,,\n\
                t1,submitt,done,,,,\n\
                t9,submit,done,,,,\n";
    let expected = [
        ("T407", "Progress!G2"),
        ("T407", "Progress!E2"),
        ("T407", "Progress!D2"),
        ("T407", "Progress!F3"),
        ("T419", "Progress!E3"),
        ("T412", "Progress!B4"),
        ("T412", "Progress!A5"),
    ];
    assert_eq!(wrong(Kind::Progress, text), expected.map(|(code, at)| (code, at.to_owned())));
}

#[test]
fn pins_are_set_changed_and_taken_out() {
    // The second row of a step changes its second pin.
    let text = "ticket,step,people,start,then\n\
                t1,prepare,wu,,-\n\
                t1,prepare,,-,\n\
                t1,review,,2026-03-03,#2/x/submit\n";
    let mut scenario = base();
    let (counted, _) = merge(&mut scenario, &rows(Kind::Pins, text)).unwrap();
    assert_eq!(counted, Merged { pins: (1, 2), ..Merged::default() });
    let [first, other, new] = scenario.pins.as_slice() else { panic!("three pins") };
    assert_eq!((first.people.as_slice(), &first.then), (&["wu".to_owned()][..], &None));
    assert_eq!(other, &base().pins[2]);
    assert_eq!((new.step.as_str(), new.then.as_deref()), ("t1/review", Some("#2/x/submit")));
    let text = "ticket,step,people,start,then\n\
                t1,submit,,,\n\
                t1,prepare,nobody,tomorrow,t1\n";
    assert_eq!(wrong(Kind::Pins, text), [("T408", "Pins!D3".to_owned())]);
    let text = text.replace("tomorrow", "");
    let expected = [("T415", "Pins!B2"), ("T412", "Pins!C3"), ("T412", "Pins!E3")];
    assert_eq!(wrong(Kind::Pins, &text), expected.map(|(code, at)| (code, at.to_owned())));
}

#[cfg(feature = "xlsx")]
#[test]
fn workbooks_of_a_scenario_read_again_change_nothing() {
    use paidan::exchange::tables::{filled_xlsx, read_xlsx};
    let mut scenario = base();
    let rows = read_xlsx(&filled_xlsx(&base(), Lang::En).unwrap()).unwrap();
    assert_eq!(rows, Rows { warnings: Vec::new(), ..rows.clone() });
    merge(&mut scenario, &rows).unwrap();
    assert_eq!(scenario, base());
}
