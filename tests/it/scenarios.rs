//! The scenarios of the repository: each reads and resolves cleanly, and each worked case of the
//! catalogue comes out as the catalogue says, beside a twin that comes out otherwise.

use std::fs;
use std::path::{Path, PathBuf};

use paidan::calendar::Moment;
use paidan::model::check::check;
use paidan::model::plan::{Plan, PlannedStep};
use paidan::model::scenario::{SCENARIO_FORMAT, Scenario};
use paidan::model::work::Work;
use paidan::planning::{Budget, Settings, plan};
use paidan::time::{Money, Tick};

/// What must hold of the best plan of one document.
struct Case {
    folder: &'static str,
    file: &'static str,
    holds: fn(&Work, &Plan),
}

/// All worked cases. Working days count from Monday 9 March 2026 as the first; no date below is a
/// holiday. Everybody works 09:00–12:00 and 13:00–18:00: 480 minutes.
const CASES: &[Case] = &[
    Case { folder: "w04-labour-dispatch", file: "scenario", holds: remote_and_parallel },
    Case { folder: "w04-labour-dispatch", file: "twin", holds: one_after_the_other },
    Case { folder: "w05-special-audit", file: "scenario", holds: partner_on_the_critical_path },
    Case { folder: "w05-special-audit", file: "twin", holds: report_at_hand },
    Case { folder: "w06-three-urgent", file: "scenario", holds: penalty_first },
    Case { folder: "w06-three-urgent", file: "twin", holds: loan_before_acceptance },
    Case { folder: "w07-equity-change", file: "scenario", holds: three_authorities_at_once },
    Case { folder: "w07-equity-change", file: "twin", holds: three_authorities_in_turn },
    Case { folder: "w09-cross-province", file: "scenario", holds: one_bank_visit },
    Case { folder: "w09-cross-province", file: "twin", holds: two_bank_visits },
    Case { folder: "w14-night-call", file: "scenario", holds: done_before_nine },
    Case { folder: "w14-night-call", file: "twin", holds: waits_for_the_morning },
    Case { folder: "w15-owner-change", file: "scenario", holds: same_department_first },
    Case { folder: "w15-owner-change", file: "twin", holds: fastest_department },
    Case { folder: "trainee-with-mentor", file: "scenario", holds: mentor_leads },
    Case { folder: "trainee-with-mentor", file: "twin", holds: fastest_leads },
    Case { folder: "two-person-meeting", file: "scenario", holds: pauses_while_one_is_away },
    Case { folder: "two-person-meeting", file: "twin", holds: tax_alone_is_done_by_noon },
];

/// W4 (R025). The specialist reads documents from afar, 960 minutes: Monday and Tuesday. The
/// colleague checks the site from Monday 09:00 + 40 of travel: 440 minutes on Monday, 440 on
/// Tuesday. Submission on Wednesday: 09:00 + 30 of travel, 150 minutes before lunch, 90 after it.
fn remote_and_parallel(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "dispatch", "2026-03-11T14:30");
    assert_eq!(working_day(work, finish(work, plan, "dispatch")), 3);
    assert_eq!(step(plan, "dispatch", "documents").people, ["qian"]);
}

/// W4 without the urgent template: documents at the office by Tuesday 18:00, the site on Wednesday
/// from 09:40 and Thursday, submission on Friday 09:30 + 240 minutes of work.
fn one_after_the_other(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "dispatch", "2026-03-13T14:30");
    assert_eq!(working_day(work, finish(work, plan, "dispatch")), 5);
    assert_eq!(step(plan, "dispatch", "documents").people, ["zheng"]);
}

/// W5 (R031). Ordered Monday 09:00–10:00, three working days later is Thursday 09:00; composing
/// takes 240 minutes until 14:00, submitting 30.
fn partner_on_the_critical_path(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "high-tech", "2026-03-12T14:30");
    let wait = step(plan, "high-tech", "special-audit");
    assert_eq!(end(work, wait), start(work, step(plan, "high-tech", "compose")));
}

/// W5 with the report at hand: 10:00 + 240 minutes with lunch = 15:00, + 30.
fn report_at_hand(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "high-tech", "2026-03-09T15:30");
}

/// W6 (R033–R035). Three jobs of a day, all due on Monday 18:00. A day's delay costs the acceptance
/// 50,000 + 24 × 2,020 yuan, the tender 24 × 200, the loan 24 × 50: acceptance, tender, loan.
/// Lateness: tender 24 h × 200 + loan 48 h × 50 = 7,200 yuan.
fn penalty_first(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "acceptance", "2026-03-09T18:00");
    assert_finish(work, plan, "tender", "2026-03-10T18:00");
    assert_finish(work, plan, "loan", "2026-03-11T18:00");
    assert_eq!(plan.cost.unwrap().lateness.weighted_fen, Money(720_000));
}

/// W6 without the penalty: the acceptance costs 20 yuan an hour, less than the loan's 50.
fn loan_before_acceptance(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "tender", "2026-03-09T18:00");
    assert_finish(work, plan, "loan", "2026-03-10T18:00");
    assert_finish(work, plan, "acceptance", "2026-03-11T18:00");
}

/// W7 (R046, R050, R043). Monday materials and review; Tuesday three filings; the longest wait of
/// three working days ends on Friday 09:00; collecting from 09:30 (30 of travel) takes 60 minutes.
fn three_authorities_at_once(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "equity", "2026-03-13T10:30");
    assert_eq!(working_day(work, finish(work, plan, "equity")), 5);
    let (driver, reviewer) = (step(plan, "equity", "market"), step(plan, "equity", "review"));
    let liaison = step(plan, "equity", "materials");
    assert_ne!(driver.people, reviewer.people);
    assert_ne!(liaison.people, reviewer.people);
    assert_eq!(driver.people, step(plan, "equity", "commerce").people);
}

/// W7 in turn: Tuesday + 2 → Thursday, + 3 → Tuesday 17th, + 3 → Friday 20th.
fn three_authorities_in_turn(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "equity", "2026-03-20T10:30");
    assert_eq!(working_day(work, finish(work, plan, "equity")), 10);
}

/// W9 (R056). Planned on Monday, both places from Tuesday, five working days → Tuesday 17th 09:00;
/// the bank from 09:15 (15 of travel) for 60 minutes; one client trip of 50 yuan.
fn one_bank_visit(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "move", "2026-03-17T10:15");
    assert_eq!(working_day(work, finish(work, plan, "move")), 7);
    assert_eq!(plan.cost.unwrap().preference_fen, Money(5_000));
}

/// W9 in turn: Tuesday 17th bank and registration, + 5 → Tuesday 24th, + 3 → Friday 27th; two
/// client trips.
fn two_bank_visits(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "move", "2026-03-27T10:15");
    assert_eq!(working_day(work, finish(work, plan, "move")), 15);
    assert_eq!(plan.cost.unwrap().preference_fen, Money(10_000));
}

/// W14 (R129, R177). 01:00 + 20 contact + 120 list of losses (the archive's 90 beside it) + 40
/// meeting + 30 = 04:30. On-call minutes 20 + 90 + 120 + 3 × 40 + 30 = 380 at 150 yuan an hour.
fn done_before_nine(work: &Work, plan: &Plan) {
    let nine = at(work, "2026-03-10T09:00");
    assert!(finish(work, plan, "flood") <= nine);
    assert_finish(work, plan, "flood", "2026-03-10T04:30");
    assert_eq!(plan.cost.unwrap().overtime_fen, Money(380 * 15_000 / 60));
}

/// W14 without on-call bands: the same 210 minutes from 09:00, lunch between meeting and hand-over.
fn waits_for_the_morning(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "flood", "2026-03-10T13:30");
}

/// W15 (R189). Level 2 of the same department: 240 × 120 % = 288 minutes → 14:48, against 13:24
/// elsewhere: 84 minutes at 20 yuan an hour weigh less than 500 yuan for leaving the department.
fn same_department_first(work: &Work, plan: &Plan) {
    assert_eq!(step(plan, "opinion", "write").people, ["zhao"]);
    assert_finish(work, plan, "opinion", "2026-03-09T14:48");
    assert_eq!(plan.cost.unwrap().preference_fen, Money::ZERO);
}

/// W15 without the price: level 4 elsewhere takes 240 × 85 % = 204 minutes → 13:24.
fn fastest_department(work: &Work, plan: &Plan) {
    assert_eq!(step(plan, "opinion", "write").people, ["gu"]);
    assert_finish(work, plan, "opinion", "2026-03-09T13:24");
}

/// R158. The mentor at level 3 leads: 240 minutes → 14:00.
fn mentor_leads(work: &Work, plan: &Plan) {
    assert_eq!(step(plan, "books", "enter").people, ["wang", "ma"]);
    assert_finish(work, plan, "books", "2026-03-09T14:00");
}

/// Nobody is a trainee: level 5 leads, 240 × 70 % = 168 minutes → 11:48.
fn fastest_leads(work: &Work, plan: &Plan) {
    assert_eq!(step(plan, "books", "enter").people[0], "zhao");
    assert_finish(work, plan, "books", "2026-03-09T11:48");
}

/// R139. 180 shared minutes: 10:30–12:00, 13:00–14:00, a pause while legal is on a call, then
/// 15:00–15:30.
fn pauses_while_one_is_away(work: &Work, plan: &Plan) {
    let meeting = step(plan, "talk", "meeting");
    assert_eq!(start(work, meeting), at(work, "2026-03-09T10:30"));
    assert_eq!(meeting.people, ["li", "lu"]);
    assert_finish(work, plan, "talk", "2026-03-09T15:30");
}

/// Tax alone: 180 minutes from 09:00.
fn tax_alone_is_done_by_noon(work: &Work, plan: &Plan) {
    assert_finish(work, plan, "talk", "2026-03-09T12:00");
}

fn at(work: &Work, text: &str) -> Tick {
    work.zone.tick(Moment::parse(text).unwrap()).unwrap()
}

fn step<'a>(plan: &'a Plan, ticket: &str, name: &str) -> &'a PlannedStep {
    plan.steps.iter().find(|step| step.ticket == ticket && step.step == name).unwrap()
}

fn start(work: &Work, step: &PlannedStep) -> Tick {
    work.zone.tick(step.start).unwrap()
}

fn end(work: &Work, step: &PlannedStep) -> Tick {
    work.zone.tick(step.end.unwrap()).unwrap()
}

fn finish(work: &Work, plan: &Plan, ticket: &str) -> Tick {
    let steps = plan.steps.iter().filter(|step| step.ticket == ticket);
    steps.map(|step| end(work, step)).max().unwrap()
}

fn assert_finish(work: &Work, plan: &Plan, ticket: &str, expected: &str) {
    let finish = finish(work, plan, ticket);
    let (shown, wanted) = (work.zone.show(finish), at(work, expected));
    assert_eq!(finish, wanted, "{ticket} finishes {shown}, expected {expected}");
}

/// The number of the working day of `tick`, Monday 9 March 2026 being the first.
fn working_day(work: &Work, tick: Tick) -> usize {
    let office = work.book.calendar("office").unwrap();
    let (mut day, last) = (work.zone.date(at(work, "2026-03-09T09:00")), work.zone.date(tick));
    let mut count = 0;
    while day <= last {
        count += usize::from(!work.book.hours_on(office, day).is_empty());
        day = day.plus(1);
    }
    count
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

/// The document of that name in a folder of `scenarios/`.
fn scenario(name: &str, file: &str) -> Scenario {
    let path = folder(name).join(format!("{file}.json"));
    let text = fs::read_to_string(&path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The document checked: no errors, and no warnings either.
fn checked(name: &str, file: &str) -> Work {
    let (work, issues) = match check(&scenario(name, file)) {
        Ok((work, warnings)) => (Some(work), warnings),
        Err(issues) => (None, issues),
    };
    let lines: Vec<String> =
        issues.iter().map(|i| format!("{} {}: {}", i.code, i.path, i.en)).collect();
    assert!(lines.is_empty(), "{name}/{file}:\n{}", lines.join("\n"));
    work.unwrap()
}

/// Every document under `scenarios/`, by folder and file.
fn documents() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        for file in ["scenario", "twin"] {
            if folder(&name).join(format!("{file}.json")).exists() {
                found.push((name.clone(), file.to_owned()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_scenario_checks_clean_and_speaks_both_languages() {
    for (name, file) in documents() {
        let scenario = scenario(&name, &file);
        assert_eq!(scenario.format, SCENARIO_FORMAT, "{name}/{file}");
        let about = scenario.about.as_ref().unwrap();
        assert!(!about.zh.is_empty() && !about.en.is_empty(), "{name}/{file}");
        assert!(scenario.tickets.iter().all(|ticket| ticket.title.is_some()), "{name}/{file}");
        assert!(scenario.people.iter().all(|person| person.name.is_some()), "{name}/{file}");
        let work = checked(&name, &file);
        assert!(work.steps.len() >= work.tickets.len(), "{name}/{file}");
    }
}

#[test]
fn every_worked_case_has_its_twin_and_no_document_goes_untested() {
    let listed: Vec<(String, String)> =
        CASES.iter().map(|case| (case.folder.to_owned(), case.file.to_owned())).collect();
    for (name, file) in documents() {
        let alone =
            ["01-", "02-", "03-", "04-", "05-", "1x-"].iter().any(|start| name.starts_with(start));
        assert!(alone || listed.contains(&(name.clone(), file.clone())), "{name}/{file}");
    }
    for case in CASES {
        assert!(folder(case.folder).join("twin.json").exists(), "{}", case.folder);
    }
}

#[test]
fn every_worked_case_comes_out_as_the_catalogue_says() {
    let settings = Settings {
        seed: 1,
        lanes: 2,
        threads: 1,
        budget: Budget::Rounds(4),
        planned: None,
        until_gap: None,
        fallback: true,
        stop: None,
    };
    for case in CASES {
        let work = checked(case.folder, case.file);
        let answer = plan(&work, None, &settings, "", &mut |_| true)
            .unwrap_or_else(|refusal| panic!("{}/{}: {refusal:?}", case.folder, case.file));
        (case.holds)(&work, &answer.plan);
    }
}
