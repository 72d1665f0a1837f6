//! Between the firm and the client: material by a date, answers, visits, calls, traces, mass trouble.

use std::collections::BTreeSet;

use paidan::calendar::{Book, Label, Zone, china};
use paidan::desk::closing::look_back;
use paidan::desk::decide::{Asker, Rules, decide};
use paidan::desk::life::{Crew, Happening, Item, Life, Material, Matter, Phase, Promise, Stage};
use paidan::desk::refusal::Refusal;
use paidan::desk::rules::{Served, timers};
use paidan::desk::told::{Visible, to_bring, to_do, view, visible};
use paidan::policy::desk::{Desk, Post, Source};

use super::{at, demonstration, scenario};

const HOUR: i64 = 3_600_000;

fn under_way() -> Life {
    let (driver, liaison, reviewer) = ("li".to_owned(), "mei".to_owned(), "wang".to_owned());
    let crew = Some(Crew { driver, liaison, reviewer });
    Life { stage: Stage::InProgress, crew, ..Life::default() }
}

fn asker(actor: &str, posts: &[Post], now_ms: i64) -> Asker {
    let (actor, posts) = (actor.to_owned(), posts.iter().copied().collect());
    Asker { actor, posts, now_ms, ..Asker::default() }
}

fn told(life: &Life, wish: Happening, asker: &Asker) -> Result<Life, Refusal> {
    by(&Rules::default(), life, wish, asker)
}

fn by(rules: &Rules, life: &Life, wish: Happening, asker: &Asker) -> Result<Life, Refusal> {
    let mut after = life.clone();
    for happening in decide(life, wish, rules, asker)? {
        after.apply(asker.now_ms, &asker.actor, &happening);
    }
    Ok(after)
}

fn items(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Promised for Friday 18:00, with the audit report still to come.
fn waiting_for_a_report() -> Life {
    let (finish_ms, plan) = (at("2026-03-13T18:00"), "p".to_owned());
    let mut life =
        Life { promise: Some(Promise { finish_ms, plan, late_before_ms: 0 }), ..under_way() };
    life.material.insert("audit".to_owned(), Item::default());
    life
}

/// R032: the step begins on Tuesday at 10:00, looking at material takes two office hours, so it is
/// wanted by Monday at 17:00; it comes on Tuesday at 11:00, 18 hours late, which is the client's
/// delay and moves the promise from Friday 18:00 to Saturday 12:00.
#[test]
fn late_material_is_the_clients_delay_and_moves_the_promise() {
    let book = Book::new(Zone::default(), vec![china()], scenario().calendars);
    let office = book.calendar("office").unwrap();
    let life = waiting_for_a_report();
    let begins = at("2026-03-10T10:00");
    let by_ms = at("2026-03-09T17:00");
    let asked = |now_ms| to_bring(&life, begins, (&book, office), (120, now_ms));
    // Nobody is told of a moment that is past.
    assert_eq!((asked(by_ms), asked(begins)), (None, None));
    let task = asked(at("2026-03-09T09:00")).unwrap();
    assert_eq!(task, Happening::ClientDue { items: items(&["audit"]), by_ms });
    let life = told(&life, task, &asker("mei", &[], at("2026-03-09T09:00"))).unwrap();
    let seen = view(&life).unwrap();
    assert_eq!(seen.to_bring, [("audit".to_owned(), Some(by_ms))]);
    let name = |_: &str| Label::new("审计报告", "audit report");
    let told_so = to_do(&seen, Zone::default(), &name);
    assert_eq!(told_so[0].zh, "请提供：审计报告（2026-03-09 17:00 前）");
    assert_eq!(told_so[0].en, "please bring: audit report (by 2026-03-09 17:00)");
    let came = Happening::received(items(&["audit"]));
    let late = told(&life, came.clone(), &asker("mei", &[], at("2026-03-10T11:00"))).unwrap();
    assert_eq!(late.beside.client_late_ms, 18 * HOUR);
    assert_eq!(late.owed_ms(), Some(at("2026-03-14T12:00")));
    assert_eq!(late.promise.unwrap().finish_ms, at("2026-03-13T18:00"), "what was said stays");
    let in_time = told(&life, came, &asker("mei", &[], by_ms)).unwrap();
    assert_eq!((in_time.beside.client_late_ms, in_time.owed_ms()), (0, life.owed_ms()));
}

/// R032: what the client brought late is no lateness of the firm's in the retrospective: delivered
/// on Saturday at 10:00 it is two hours early.
#[test]
fn a_retrospective_counts_from_the_promise_as_it_moved() {
    let mut life = waiting_for_a_report();
    life.beside.client_late_ms = 18 * HOUR;
    life.delivered_ms = Some(at("2026-03-14T10:00"));
    life.signed_ms = Some(at("2026-03-15T10:00"));
    assert_eq!(look_back(&life).early_ms, Some(2 * HOUR));
}

/// R032: nobody says that a client was late; it follows, and a date in the past is no date.
#[test]
fn lateness_of_clients_follows_and_is_not_claimed() {
    let life = waiting_for_a_report();
    let mei = asker("mei", &[], at("2026-03-09T09:00"));
    let claimed = Happening::ClientLate { items: items(&["audit"]), late_ms: HOUR, owed_ms: None };
    assert_eq!(told(&life, claimed, &mei), Err(Refusal::Consequence));
    let due = |item: &str, by_ms| Happening::ClientDue { items: items(&[item]), by_ms };
    assert_eq!(told(&life, due("audit", mei.now_ms), &mei), Err(Refusal::Past));
    let other = Refusal::UnknownItem("seal".to_owned());
    assert_eq!(told(&life, due("seal", mei.now_ms + 1), &mei), Err(other));
}

/// R184: no visit before marketing agreed to its time and matters.
#[test]
fn a_visit_is_agreed_with_marketing_before_it_is_made() {
    let (mei, tang) = (asker("mei", &[], 0), asker("tang", &[Post::Marketing], 0));
    let life = under_way();
    assert_eq!(told(&life, Happening::VisitMade {}, &mei), Err(Refusal::NoVisit));
    let proposed = |at_ms, matters: &str| Happening::VisitProposed {
        at_ms,
        is_on_site: true,
        matters: matters.to_owned(),
    };
    assert_eq!(told(&life, proposed(0, "账务"), &mei), Err(Refusal::Past));
    assert_eq!(told(&life, proposed(HOUR, " "), &mei), Err(Refusal::NoReason));
    let life = told(&life, proposed(HOUR, "账务"), &mei).unwrap();
    assert_eq!(told(&life, Happening::VisitMade {}, &mei), Err(Refusal::VisitNotAgreed));
    let only = Err(Refusal::PostOnly(Post::Marketing));
    assert_eq!(told(&life, Happening::VisitAgreed {}, &mei), only);
    let agreed = told(&life, Happening::VisitAgreed {}, &tang).unwrap();
    // another time is agreed anew
    let moved = told(&agreed, proposed(2 * HOUR, "账务"), &mei).unwrap();
    assert_eq!(told(&moved, Happening::VisitMade {}, &mei), Err(Refusal::VisitNotAgreed));
    let made = told(&agreed, Happening::VisitMade {}, &mei).unwrap();
    assert_eq!((made.beside.visits, made.beside.visit), (1, None));
}

/// R186: a missed call starts a clock that calling back stops; how long it may take is the firm's
/// to say, half an hour in the demonstration.
#[test]
fn missed_calls_are_returned_within_the_time_the_firm_says() {
    let mei = asker("mei", &[], 0);
    let life = under_way();
    assert_eq!(told(&life, Happening::CallReturned {}, &mei), Err(Refusal::NoCall));
    let missed = told(&life, Happening::CallMissed {}, &mei).unwrap();
    let missed = told(&missed, Happening::CallMissed {}, &mei).unwrap();
    assert_eq!(missed.beside.missed_calls, 2);
    let back = told(&missed, Happening::CallReturned {}, &mei).unwrap();
    assert_eq!(back.beside.missed_calls, 0);
    let goal = |desk: &Desk| desk.timers.iter().find(|timer| timer.id == "call-back").unwrap().goal;
    assert_eq!(goal(&Desk::catalogue()), None, "the source gives no figure");
    assert_eq!(goal(&demonstration()).unwrap().minutes, Some(30));
}

/// R054: the paper register is dropped for an electronic receipt, so an urgent result passes only
/// with the receipt on file.
#[test]
fn an_electronic_receipt_takes_the_place_of_the_paper_register() {
    let rules = Rules { evidence: vec![Source::Receipt], ..Rules::default() };
    let li = asker("li", &[], HOUR);
    let check = || Happening::SelfChecked { items: Vec::new() };
    let filed = |source| Happening::EvidenceFiled { source, digest: "d".to_owned(), at_ms: 0 };
    let refused = Err(Refusal::NoEvidence(Source::Receipt));
    assert_eq!(by(&rules, &under_way(), check(), &li), refused);
    let chat = by(&rules, &under_way(), filed(Source::Chat), &li).unwrap();
    assert_eq!(by(&rules, &chat, check(), &li), refused);
    let receipt = by(&rules, &chat, filed(Source::Receipt), &li).unwrap();
    assert_eq!(by(&rules, &receipt, check(), &li).unwrap().stage, Stage::SelfChecked);
    assert_eq!(told(&under_way(), check(), &li).unwrap().stage, Stage::SelfChecked);
}

/// R110, R126: a first solution ends the second level, the answer the promise of an answer.
#[test]
fn the_first_solution_and_the_answer_stop_clocks_of_their_own() {
    let on = paidan::calendar::Date::parse("2026-03-09").unwrap().day();
    let (tier, notice_ms, owed_ms) = (Some("basic"), None, None);
    let served = Served { client: None, tier, level: 1, on, notice_ms, owed_ms };
    let timers = timers(&demonstration(), &served);
    let stops = |id: &str| -> BTreeSet<String> {
        timers.iter().find(|timer| timer.id == id).unwrap().stops.iter().cloned().collect()
    };
    let (solution, answer) = ("ticket.solution_given", "ticket.answered");
    assert!(stops("l2").contains(solution) && !stops("l2").contains(answer));
    assert!(stops("answer").contains(answer) && !stops("answer").contains(solution));
    let said = |what: &str| Happening::Answered(Matter { what: what.to_owned() });
    let mei = asker("mei", &[], 0);
    assert_eq!(told(&Life::default(), said(""), &mei), Err(Refusal::NoReason));
    assert!(told(&Life::default(), said("可以抵扣"), &mei).is_ok());
}

/// R059: one rule for the three states a client sees, whoever shows them.
#[test]
fn a_client_sees_one_of_three_states_and_with_material_missing_the_first() {
    assert_eq!(visible(Stage::InProgress, true), Some(Visible::WithAgency));
    assert_eq!(visible(Stage::InProgress, false), Some(Visible::UnderReview));
    assert_eq!(visible(Stage::Dispatched, true), Some(Visible::UnderReview));
    assert_eq!(visible(Stage::Delivered, false), Some(Visible::Ready));
    assert_eq!([visible(Stage::Refused, true), visible(Stage::CalledOff, true)], [None, None]);
    let mut life = under_way();
    life.material.insert("audit".to_owned(), Item::default());
    assert_eq!(view(&life).unwrap().state, Visible::UnderReview);
    let found = Some(Material::Complete);
    life.material.insert("audit".to_owned(), Item { found, ..Item::default() });
    assert_eq!(view(&life).unwrap().state, Visible::WithAgency);
}

/// R095: four phases, in the order of the stages; what ended without a result is in none.
#[test]
fn every_stage_belongs_to_one_of_four_phases() {
    let of = |stage: Stage| stage.phase();
    assert_eq!(of(Stage::New), Some(Phase::PreAssessment));
    assert_eq!(of(Stage::Weighed), Some(Phase::PreAssessment));
    assert_eq!(of(Stage::Quoted), Some(Phase::Coordination));
    assert_eq!(of(Stage::ManagerDecision), Some(Phase::Coordination));
    assert_eq!(of(Stage::InProgress), Some(Phase::Monitoring));
    assert_eq!(of(Stage::SelfChecked), Some(Phase::ClosedLoop));
    assert_eq!(of(Stage::Archived), Some(Phase::ClosedLoop));
    assert_eq!([of(Stage::Refused), of(Stage::CalledOff)], [None, None]);
    let names = [Phase::PreAssessment, Phase::Coordination, Phase::Monitoring, Phase::ClosedLoop];
    let names: Vec<String> = names.map(|phase| phase.label().zh).to_vec();
    assert_eq!(names, ["需求预审", "资源统筹", "动态监控", "闭环交付"]);
}

/// R085, R087: what goes by courier has its number, and what a result consists of is on record; that
/// the order is set aside frees nobody of either.
#[test]
fn nothing_goes_out_without_its_number_nor_its_files() {
    let (delivery, tracked) = (items(&["photo", "courier"]), items(&["courier"]));
    let rules = Rules { delivery, tracked, results: items(&["receipt"]), ..Rules::default() };
    let li = asker("li", &[], HOUR);
    let out = |steps: &[&str], tracking: Option<&str>| Happening::Delivered {
        steps: items(steps),
        tracking: tracking.map(str::to_owned),
    };
    let why = |life: &Life, wish| by(&rules, life, wish, &li).err();
    let reviewed = Life { stage: Stage::Reviewed, ..under_way() };
    let (whole, turned) = (["photo", "courier"], ["courier", "photo"]);
    let unfiled = Refusal::NoResult(items(&["receipt"]));
    assert_eq!(why(&reviewed, out(&whole, Some("SF1"))), Some(unfiled));
    let (name, digest) = ("receipt".to_owned(), "d".to_owned());
    let filed = Happening::DocumentFiled { name, digest, supersedes: None };
    let filed = by(&rules, &reviewed, filed, &li).unwrap();
    for number in [None, Some(" ")] {
        let unnumbered = Refusal::NoTracking("courier".to_owned());
        assert_eq!(why(&filed, out(&whole, number)), Some(unnumbered));
    }
    assert_eq!(why(&filed, out(&whole, Some("SF1"))), None);
    let order = Refusal::DeliverySteps(items(&whole));
    assert_eq!(why(&filed, out(&turned, Some("SF1"))), Some(order));
    let manager = asker("chen", &[Post::DepartmentManager], HOUR);
    let (rule, reason) = ("D023".to_owned(), "the original first".to_owned());
    let aside = Happening::Overridden { rule, reason, until_ms: 2 * HOUR };
    let special = by(&rules, &filed, aside, &manager).unwrap();
    assert_eq!(why(&special, out(&turned, Some("SF1"))), None);
    assert_eq!(why(&special, out(&turned, None)).unwrap().code(), "D063");
    assert_eq!(why(&special, out(&["photo"], None)), None, "handed over in person");
}

/// R027: the list of a service is open with its ticket: what is on it comes in and is judged whether
/// somebody asked for it or not.
#[test]
fn what_is_on_the_list_of_its_service_need_not_be_asked_for() {
    let rules = Rules { materials: items(&["licence"]), ..Rules::default() };
    let li = asker("li", &[], HOUR);
    let judged = |item: &str| Happening::MaterialJudged {
        item: item.to_owned(),
        found: Material::Complete,
        expires_ms: None,
    };
    let due = |item: &str| Happening::ClientDue { items: items(&[item]), by_ms: 2 * HOUR };
    let asked = |wish: Happening| by(&rules, &under_way(), wish, &li);
    for wish in [Happening::received(items(&["licence"])), judged("licence"), due("licence")] {
        assert!(asked(wish.clone()).is_ok(), "{wish:?}");
    }
    for wish in [Happening::received(items(&["seal"])), judged("seal"), due("seal")] {
        assert_eq!(asked(wish).unwrap_err().code(), "D018");
    }
}
