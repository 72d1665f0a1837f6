//! The life of a ticket: given what happened, when something is asked, then events or a refusal.

use std::collections::BTreeSet;

use paidan::desk::clock::{Goal, MINUTE, Turn, Wait};
use paidan::desk::decide::{Asker, Rules, decide};
use paidan::desk::event::{Draft, Event, Head, Stream, seal};
use paidan::desk::life::{
    Assessment, Billing, Cause, Confirmed, Crew, Degree, Feasible, Happening, KINDS, Life, Loss,
    Material, Rating, Rework, Stage, Verdict,
};
use paidan::desk::payload::Payload;
use paidan::desk::refusal::{Decision, Refusal};
use paidan::desk::timer::{Timer, runs};
use paidan::solver::rng::Rng;
use serde_json::json;

const DAY: i64 = 86_400_000;
/// When the client signs in these tests.
const SIGNED: i64 = 100 * DAY;

/// A ticket and what has been put on record.
#[derive(Default)]
struct Told {
    life: Life,
    events: Vec<Event>,
}

fn rules() -> Rules {
    let texts = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    let (checklist, delivery) = (texts(&["rate", "statements"]), texts(&["photo", "courier"]));
    Rules { checklist, delivery, ..Rules::default() }
}

impl Told {
    fn asked(&self, actor: &str, wish: Happening) -> Decision {
        let (actor, is_manager) = (actor.to_owned(), actor == "boss");
        let asker = Asker { actor, is_manager, now_ms: SIGNED, ..Asker::default() };
        decide(&self.life, wish, &rules(), &asker)
    }

    /// Puts on record what is decided.
    fn then(mut self, actor: &str, wish: Happening) -> Told {
        for happening in self.asked(actor, wish).unwrap() {
            self.record(actor, &happening);
        }
        self
    }

    fn record(&mut self, actor: &str, happening: &Happening) {
        let (kind, payload) = happening.written().unwrap();
        let draft = Draft { at_ms: SIGNED, actor: actor.to_owned(), kind, payload };
        let head = self.events.last().map_or(Head::NONE, Event::head);
        let position = self.events.len() as u64 + 1;
        self.events.push(seal(&Stream::new("ticket", "T"), head, position, draft));
        self.life.apply(SIGNED, actor, happening);
    }

    fn refused(&self, actor: &str, wish: Happening) -> Refusal {
        self.asked(actor, wish).unwrap_err()
    }
}

fn assessment() -> Assessment {
    Assessment {
        cause: Cause::Contract,
        losses: vec![Loss::Deal],
        degree: Degree::Grave,
        wished_ms: None,
        needed_ms: Some(10 * DAY),
        has_notice: true,
        stuck_at: "审计报告".to_owned(),
        reach_today: "受理".to_owned(),
    }
}

fn weighed(people: Feasible) -> Happening {
    let verdict = |answer| Verdict { answer, evidence: "plan".to_owned() };
    let [process, tools, risk] = [(); 3].map(|()| verdict(Feasible::Yes));
    Happening::Weighed { people: verdict(people), process, tools, risk }
}

fn accepted(quote: &str, plan: &str) -> Happening {
    let (quote, plan, option) = (quote.to_owned(), plan.to_owned(), "as_it_stands".to_owned());
    Happening::Accepted { quote, option, plan, finish_ms: 110 * DAY }
}

fn crew(driver: &str, reviewer: &str) -> Happening {
    let (driver, reviewer) = (driver.to_owned(), reviewer.to_owned());
    Happening::Dispatched(Crew { driver, liaison: "mei".to_owned(), reviewer })
}

fn quoted() -> Told {
    Told::default()
        .then("ann", Happening::Assessed(assessment()))
        .then("ann", weighed(Feasible::Yes))
        .then("ann", Happening::Quoted { quote: "q1".to_owned() })
}

fn promised() -> Told {
    quoted().then("ann", accepted("q1", "p1"))
}

fn begun() -> Told {
    promised()
        .then("ann", crew("li", "wang"))
        .then("li", Happening::Acknowledged {})
        .then("li", Happening::Begun {})
}

fn items(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn rejected() -> Happening {
    Happening::Rejected { reason: "outside my field".to_owned() }
}

/// R001: nothing is quoted, let alone dispatched, before it was assessed.
#[test]
fn a_ticket_that_nobody_assessed_goes_nowhere() {
    let new = Told::default();
    let stage = Refusal::Stage(Stage::New);
    assert_eq!(new.refused("ann", weighed(Feasible::Yes)), stage);
    assert_eq!(new.refused("ann", Happening::Quoted { quote: "q".to_owned() }), stage);
    assert_eq!(new.refused("ann", crew("li", "wang")), stage);
    assert_eq!(new.then("ann", Happening::Assessed(assessment())).life.stage, Stage::Assessed);
}

/// R003, R006: the three questions, and a date in place of "as soon as possible".
#[test]
fn an_assessment_answers_the_three_questions() {
    let new = Told::default();
    let asked = |change: fn(&mut Assessment)| {
        let mut assessment = assessment();
        change(&mut assessment);
        new.asked("ann", Happening::Assessed(assessment)).map_err(|refusal| refusal.code())
    };
    assert_eq!(asked(|a| a.needed_ms = None), Err("D002"));
    assert_eq!(asked(|a| a.stuck_at = " ".to_owned()), Err("D002"));
    assert_eq!(asked(|a| a.reach_today = String::new()), Err("D002"));
    // A wish without a notice will do (R007): both are kept.
    let wished = |a: &mut Assessment| {
        (a.needed_ms, a.wished_ms, a.has_notice) = (None, Some(DAY), false);
    };
    assert!(asked(wished).is_ok());
}

/// R004, R013: what is no emergency takes the normal track, what is forbidden ends.
#[test]
fn false_urgency_is_redirected_and_a_red_line_is_the_end() {
    let assessed = Told::default().then("ann", Happening::Assessed(assessment()));
    assert_eq!(
        assessed.refused("ann", Happening::Redirected { slack_ms: Some(-1) }),
        Refusal::NoSlack
    );
    let refused = Happening::Refused {
        red_line: "RL-001".to_owned(),
        alternative: Some("red-letter-invoice".to_owned()),
    };
    let over = assessed.then("ann", refused);
    assert_eq!(over.refused("ann", weighed(Feasible::Yes)), Refusal::Stage(Stage::Refused));
    assert_eq!(over.refused("boss", crew("li", "wang")), Refusal::Stage(Stage::Refused));
    let slack = Told::default()
        .then("ann", Happening::Assessed(assessment()))
        .then("ann", Happening::Redirected { slack_ms: Some(5 * DAY) });
    assert_eq!(slack.life.stage, Stage::Redirected);
}

/// R020: the worst of four verdicts is the whole.
#[test]
fn what_cannot_be_done_is_not_quoted() {
    let weighed = Told::default()
        .then("ann", Happening::Assessed(assessment()))
        .then("ann", weighed(Feasible::No));
    assert_eq!(weighed.life.feasible, Some(Feasible::No));
    let quote = Happening::Quoted { quote: "q".to_owned() };
    assert_eq!(weighed.refused("ann", quote), Refusal::Infeasible);
}

/// R040
#[test]
fn a_date_is_promised_with_the_latest_quote_and_a_plan_or_not_at_all() {
    let quoted = quoted();
    assert_eq!(quoted.refused("ann", accepted("q1", "")), Refusal::NoPlan);
    assert_eq!(quoted.refused("ann", accepted("q0", "p1")), Refusal::OtherQuote);
    let promise = quoted.then("ann", accepted("q1", "p1")).life.promise.unwrap();
    assert_eq!((promise.finish_ms, promise.plan.as_str()), (110 * DAY, "p1"));
}

/// R027, R029: what is lacking lets the ticket wait for the client until it comes.
#[test]
fn lacking_material_holds_the_ticket_until_it_comes_in() {
    let judged = |item: &str, found| Happening::MaterialJudged {
        item: item.to_owned(),
        found,
        expires_ms: None,
    };
    let asked = begun().then("li", Happening::MaterialAsked { items: items(&["licence", "seal"]) });
    let unknown = judged("passport", Material::Complete);
    assert_eq!(asked.refused("li", unknown), Refusal::UnknownItem("passport".to_owned()));
    let lacking = asked.then("li", judged("licence", Material::Supplement));
    assert_eq!(lacking.life.waits, BTreeSet::from([Wait::Client]));
    let waits = lacking.events.iter().filter(|event| event.kind == "ticket.wait_begun");
    assert_eq!(waits.count(), 1, "from when it was asked for");
    let both = Happening::received(items(&["licence", "seal"]));
    let come = lacking.then("mei", both);
    assert_eq!(come.life.waits, BTreeSet::new());
    // R091: what the authority does without is marked so.
    let whole = come
        .then("li", judged("licence", Material::Complete))
        .then("li", judged("seal", Material::Tolerated));
    assert!(whole.life.is_material_done());
}

/// R030
#[test]
fn a_document_that_expires_before_the_promised_finish_is_not_complete() {
    let asked = begun().then("li", Happening::MaterialAsked { items: items(&["licence"]) });
    let judged = |expires| Happening::MaterialJudged {
        item: "licence".to_owned(),
        found: Material::Complete,
        expires_ms: Some(expires),
    };
    // Promised for day 110.
    assert_eq!(asked.refused("li", judged(110 * DAY)), Refusal::Expires("licence".to_owned()));
    assert!(asked.asked("li", judged(110 * DAY + 1)).is_ok());
}

/// R043: the driver does not look over his own work.
#[test]
fn driver_and_reviewer_are_two_people() {
    assert_eq!(promised().refused("ann", crew("li", "li")), Refusal::SamePerson);
    let dispatched = promised().then("ann", crew("li", "wang"));
    assert_eq!(dispatched.refused("wang", Happening::Acknowledged {}).code(), "D010");
}

/// R191, R192, W16: the first rejection is dispatched anew without whoever rejected, the second
/// goes to the manager, and nobody else asks a third one.
#[test]
fn two_rejections_end_with_the_manager() {
    let blank = Happening::Rejected { reason: " ".to_owned() };
    let dispatched = promised().then("ann", crew("li", "wang"));
    assert_eq!(dispatched.refused("li", blank), Refusal::NoReason);
    let once = dispatched.then("li", rejected());
    assert_eq!(once.life.stage, Stage::Accepted);
    assert_eq!(once.refused("ann", crew("li", "wang")), Refusal::Excluded("li".to_owned()));
    let twice = once.then("ann", crew("sun", "wang")).then("sun", rejected());
    assert_eq!(twice.life.stage, Stage::ManagerDecision);
    assert_eq!(twice.events.last().unwrap().kind, "ticket.manager_asked");
    assert_eq!(twice.refused("ann", crew("zhao", "wang")), Refusal::ManagerOnly);
    assert_eq!(twice.refused("boss", crew("sun", "wang")), Refusal::Excluded("sun".to_owned()));
    assert_eq!(twice.then("boss", crew("zhao", "wang")).life.stage, Stage::Dispatched);
    let wish = Happening::ManagerAsked {};
    assert_eq!(promised().refused("boss", wish), Refusal::Consequence);
}

/// R189, R199
#[test]
fn another_owner_comes_when_the_client_asks_and_never_the_same_again() {
    let begun = begun();
    assert_eq!(begun.refused("ann", crew("sun", "wang")), Refusal::Taken("li".to_owned()));
    let reason = "too slow".to_owned();
    let asked = begun.then("ann", Happening::OwnerChangeAsked { reason });
    assert_eq!(asked.refused("ann", crew("li", "wang")), Refusal::Excluded("li".to_owned()));
    let changed = asked.then("ann", crew("sun", "wang"));
    assert_eq!((changed.life.stage, changed.life.owner_changes), (Stage::Dispatched, 1));
}

/// R071: cause, remedy and word to the client.
#[test]
fn an_anomaly_is_answered_whole_before_work_goes_out() {
    let answer = |remedy: &str, is_client_told| Happening::AnomalyAnswered {
        cause: "系统停机".to_owned(),
        remedy: remedy.to_owned(),
        is_client_told,
    };
    let raised = begun().then("li", Happening::AnomalyRaised { what: "x".into(), until_ms: None });
    assert_eq!(raised.refused("li", answer("", true)), Refusal::HalfAnswer);
    assert_eq!(raised.refused("li", answer("窗口办理", false)), Refusal::HalfAnswer);
    let check = Happening::SelfChecked { items: items(&["rate", "statements"]) };
    assert_eq!(raised.refused("li", check.clone()), Refusal::OpenAnomaly);
    let answered = raised.then("li", answer("窗口办理", true));
    assert_eq!(answered.refused("li", answer("again", true)), Refusal::NoAnomaly);
    assert!(answered.asked("li", check).is_ok());
}

/// R081, R082, W18: self-check, then somebody else; what is caught goes back and is done again.
#[test]
fn two_people_look_over_every_result() {
    let all = items(&["rate", "statements"]);
    let begun = begun();
    let half = Happening::SelfChecked { items: items(&["rate"]) };
    assert_eq!(begun.refused("li", half), Refusal::Unticked(items(&["statements"])));
    let checked = begun.then("li", Happening::SelfChecked { items: all.clone() });
    let review = Happening::Reviewed { items: all.clone() };
    assert_eq!(checked.refused("li", review.clone()), Refusal::OwnReview);
    assert_eq!(checked.refused("mei", review.clone()), Refusal::NotReviewer("wang".to_owned()));
    let reason = "refund type wrong".to_owned();
    let back = checked.then("wang", Happening::Returned { reason, code: Some(Rework::Kind) });
    assert_eq!((back.life.stage, back.life.returns), (Stage::InProgress, 1));
    let again = back.then("li", Happening::SelfChecked { items: all }).then("wang", review);
    assert_eq!(again.life.stage, Stage::Reviewed);
}

fn reviewed() -> Told {
    let all = items(&["rate", "statements"]);
    begun()
        .then("li", Happening::SelfChecked { items: all.clone() })
        .then("wang", Happening::Reviewed { items: all })
}

/// R071, R084: what goes wrong or is waited for after the self-check keeps the result in the house.
#[test]
fn nothing_passes_review_or_goes_out_over_open_trouble() {
    let all = items(&["rate", "statements"]);
    let checked = || begun().then("li", Happening::SelfChecked { items: all.clone() });
    let review = Happening::Reviewed { items: all.clone() };
    let out = Happening::Delivered { steps: items(&["photo", "courier"]), tracking: None };
    let trouble = || Happening::AnomalyRaised { what: "sent back".to_owned(), until_ms: None };
    let wait = || Happening::waits_for(Wait::Agency);
    let held = Refusal::Waiting(Wait::Agency);
    assert_eq!(
        checked().then("li", trouble()).refused("wang", review.clone()),
        Refusal::OpenAnomaly
    );
    assert_eq!(checked().then("li", wait()).refused("wang", review), held);
    assert_eq!(reviewed().then("li", trouble()).refused("li", out.clone()), Refusal::OpenAnomaly);
    assert_eq!(reviewed().then("li", wait()).refused("li", out), held);
}

/// R086: service ends with the signature, and so do its clocks; what is left to be paid runs on.
#[test]
fn the_signature_stops_every_clock_that_nothing_could_stop_after_it() {
    let passed = Happening::PassedToSpecialist { reason: "hard".to_owned() };
    let told = begun()
        .then("li", passed)
        .then("ann", Happening::Billed(Billing::of(100)))
        .then("li", Happening::SelfChecked { items: items(&["rate", "statements"]) })
        .then("wang", Happening::Reviewed { items: items(&["rate", "statements"]) })
        .then("li", Happening::Delivered { steps: items(&["photo", "courier"]), tracking: None })
        .then("client", Happening::Signed { digest: None });
    let is_stopped = |start: &str, stop: &str| {
        let timer = Timer {
            id: "t".to_owned(),
            starts: items(&[start]),
            stops: items(&[stop]),
            goal: Goal::Time(DAY),
            calendar: None,
            held_by: BTreeSet::new(),
            warns_at: 750,
        };
        let runs = runs(&timer, &told.events).unwrap();
        assert_eq!(runs.len(), 1);
        runs[0].iter().any(|turned| turned.0 == SIGNED && turned.1.is_last())
    };
    assert!(is_stopped("ticket.passed_to_specialist", "ticket.solution_given"));
    assert!(!is_stopped("ticket.billed", "ticket.paid"));
    assert!(!is_stopped("ticket.signed", "ticket.looked_back"));
}

/// R077, R084, R086, R087, R088, R090: nothing ends unsigned, and the file is kept.
#[test]
fn a_result_is_delivered_signed_rated_looked_back_on_and_kept() {
    let delivered = |steps: &[&str]| Happening::Delivered { steps: items(steps), tracking: None };
    let order = Refusal::DeliverySteps(items(&["photo", "courier"]));
    assert_eq!(reviewed().refused("li", delivered(&["courier", "photo"])), order);
    let out = reviewed().then("li", delivered(&["photo", "courier"]));
    let back = Happening::LookedBack { well: "a".to_owned(), improve: "b".to_owned() };
    assert_eq!(out.refused("li", back.clone()), Refusal::Stage(Stage::Delivered));
    let signed = out.then("client", Happening::Signed { digest: None });
    let off = Happening::CalledOff { reason: "late".to_owned(), settled: None };
    assert_eq!(signed.refused("ann", off), Refusal::Stage(Stage::Signed));
    let rated =
        |timeliness| Happening::Surveyed(Rating { timeliness, communication: 5, result: 4 });
    assert_eq!(signed.refused("client", rated(6)), Refusal::Rating);
    let looked = signed.then("client", rated(5)).then("ann", back);
    let kept = |days: i64| Happening::Archived { keep_until_ms: SIGNED + days * DAY };
    assert_eq!(looked.refused("ann", kept(1_095)), Refusal::Retention(3));
    assert_eq!(looked.then("ann", kept(1_096)).life.stage, Stage::Archived);
}

#[test]
fn every_kind_is_listed_and_read_back_as_it_was_written() {
    let all = reviewed()
        .then("li", Happening::Delivered { steps: items(&["photo", "courier"]), tracking: None });
    assert_eq!(Life::of(&all.events).unwrap(), all.life);
    assert!(all.events.iter().all(|event| KINDS.contains(&event.kind.as_str())));
    // What is unknown is no part of a life; what is known and cannot be read is told.
    let event = |kind: &str| {
        let payload = Payload::of(&json!({"note": 1})).unwrap();
        let draft = Draft { at_ms: 0, actor: "a".to_owned(), kind: kind.to_owned(), payload };
        seal(&Stream::new("ticket", "T"), Head::NONE, 1, draft)
    };
    assert_eq!(Life::of(&[event("ticket.created")]), Ok(Life::default()));
    for kind in KINDS {
        let read = Life::of(&[event(kind)]);
        assert!(read.is_err(), "{kind} takes no note");
    }
}

/// R076, R247: whatever was decided, replaying the record gives the same life.
#[test]
fn replaying_any_history_rebuilds_the_life() {
    let wishes = |rng: &mut Rng| -> (String, Happening) {
        let all = items(&["rate", "statements"]);
        let wish = match rng.range(0, 22) {
            0 => Happening::Assessed(assessment()),
            1 => weighed(Feasible::Yes),
            2 => Happening::Quoted { quote: "q1".to_owned() },
            3 => accepted("q1", "p1"),
            4 => crew("li", "wang"),
            5 => crew("sun", "wang"),
            6 => Happening::Acknowledged {},
            7 if rng.chance(300) => rejected(),
            8 => Happening::Begun {},
            9 => Happening::waits_for(Wait::Agency),
            10 => Happening::WaitOver { wait: Wait::Agency, for_material: false },
            11 => Happening::AnomalyRaised { what: "down".to_owned(), until_ms: None },
            12 => Happening::AnomalyAnswered {
                cause: "a".to_owned(),
                remedy: "b".to_owned(),
                is_client_told: true,
            },
            13 if rng.chance(200) => Happening::Returned { reason: "x".to_owned(), code: None },
            14 => Happening::SelfChecked { items: all },
            15 => Happening::Reviewed { items: all },
            16 => Happening::Delivered { steps: items(&["photo", "courier"]), tracking: None },
            17 => Happening::Signed { digest: None },
            18 => Happening::MaterialAsked { items: items(&["licence"]) },
            19 => Happening::received(items(&["licence"])),
            20 => Happening::MaterialJudged {
                item: "licence".to_owned(),
                found: if rng.chance(500) { Material::Complete } else { Material::Invalid },
                expires_ms: None,
            },
            21 if rng.chance(2) => Happening::OwnerChangeAsked { reason: "slow".to_owned() },
            _ => Happening::Contacted(Confirmed::default()),
        };
        let actors = ["ann", "li", "sun", "wang", "boss"];
        let actor = actors[usize::try_from(rng.range(0, 4)).unwrap()];
        (actor.to_owned(), wish)
    };
    let mut reached = BTreeSet::new();
    for seed in 0..60 {
        let mut rng = Rng::new(seed, 7_000);
        let mut told = Told::default();
        for _ in 0..4_000 {
            let (actor, wish) = wishes(&mut rng);
            if let Ok(happenings) = told.asked(&actor, wish) {
                for happening in happenings {
                    told.record(&actor, &happening);
                }
            }
        }
        assert_eq!(Life::of(&told.events).unwrap(), told.life, "seed {seed}");
        reached.insert(told.life.stage);
    }
    assert!(reached.contains(&Stage::Signed) && reached.len() > 3, "{reached:?}");
}

/// R028, R248: two hours to look at material, held while the client is asked for more.
#[test]
fn a_timer_starts_stops_and_starts_anew() {
    let timer = Timer {
        id: "pre-check".to_owned(),
        starts: items(&["ticket.material_received"]),
        stops: items(&["ticket.material_judged"]),
        goal: Goal::Time(120 * MINUTE),
        calendar: None,
        held_by: BTreeSet::from([Wait::Agency]),
        warns_at: 750,
    };
    let received = Happening::received(items(&["licence"]));
    let judged = Happening::MaterialJudged {
        item: "licence".to_owned(),
        found: Material::Complete,
        expires_ms: None,
    };
    let told = begun()
        .then("li", Happening::MaterialAsked { items: items(&["licence"]) })
        .then("li", Happening::waits_for(Wait::Agency))
        .then("mei", received.clone())
        .then("li", Happening::WaitOver { wait: Wait::Agency, for_material: false })
        .then("li", judged)
        .then("mei", received);
    let runs = runs(&timer, &told.events).unwrap();
    let turns = |run: usize| runs[run].iter().map(|turned| turned.1).collect::<Vec<_>>();
    let (agency, client) = (Wait::Agency, Wait::Client);
    // The client has the ticket wait until what was asked for comes in.
    let first = [
        Turn::Holds(client),
        Turn::Holds(agency),
        Turn::Starts,
        Turn::Goes(client),
        Turn::Goes(agency),
        Turn::Stops,
    ];
    assert_eq!((turns(0), turns(1)), (first.to_vec(), vec![Turn::Starts]));
}
