//! Two pairs of eyes, people who fall ill, material that is lacking or runs out: what the guards of
//! a ticket's life say.

use std::collections::BTreeSet;

use paidan::desk::clock::{Goal, MINUTE, Turn, Wait};
use paidan::desk::decide::{Asker, Rules, decide};
use paidan::desk::event::{Draft, Event, Head, Stream, seal};
use paidan::desk::life::{Billing, Crew, Happening, Item, Life, Material, Rating, Stage};
use paidan::desk::refusal::Refusal;
use paidan::desk::staffing::reviewers;
use paidan::desk::timer::{Timer, runs};
use paidan::policy::desk::{Approval, Post};

use super::scenario;

const DAY: i64 = 86_400_000;

fn crew(driver: &str, reviewer: &str) -> Crew {
    let (driver, reviewer) = (driver.to_owned(), reviewer.to_owned());
    Crew { driver, liaison: "mei".to_owned(), reviewer }
}

/// A ticket that li drives and wang looks over, in this stage.
fn held(stage: Stage) -> Life {
    Life { stage, crew: Some(crew("li", "wang")), ..Life::default() }
}

fn asker(actor: &str) -> Asker {
    Asker { actor: actor.to_owned(), now_ms: DAY, ..Asker::default() }
}

fn told(life: &Life, actor: &str, wish: Happening) -> Result<Life, Refusal> {
    let mut after = life.clone();
    for happening in decide(life, wish, &Rules::default(), &asker(actor))? {
        after.apply(DAY, actor, &happening);
    }
    Ok(after)
}

fn reassigned(driver: &str, reviewer: &str) -> Happening {
    Happening::Reassigned { crew: crew(driver, reviewer), reason: "病假".to_owned() }
}

/// R191: whoever said yes may still find that it cannot be done.
#[test]
fn a_driver_may_reject_what_he_acknowledged() {
    let no = Happening::Rejected { reason: "outside my field".to_owned() };
    let after = told(&held(Stage::Acknowledged), "li", no).unwrap();
    assert_eq!((after.stage, after.rejections), (Stage::Accepted, 1));
}

/// R065: whoever falls ill is replaced at every stage, is not banned by it, and another driver says
/// yes himself; a result that was looked over by its driver waits for its new reviewer.
#[test]
fn whoever_falls_ill_is_replaced_and_not_banned() {
    for stage in [Stage::Dispatched, Stage::Acknowledged, Stage::InProgress] {
        let after = told(&held(stage), "mei", reassigned("sun", "wang")).unwrap();
        assert_eq!(after.stage, Stage::Dispatched);
        assert!(after.excluded.is_empty() && after.rejections == 0);
        assert!(told(&after, "sun", Happening::Acknowledged {}).is_ok());
        assert!(told(&after, "mei", reassigned("li", "wang")).is_ok(), "he is well again");
    }
    let checked = Life { checked_by: Some("li".to_owned()), ..held(Stage::SelfChecked) };
    let after = told(&checked, "mei", reassigned("li", "zhao")).unwrap();
    assert_eq!(after.stage, Stage::SelfChecked);
    assert!(told(&after, "zhao", Happening::Reviewed { items: Vec::new() }).is_ok());
    let same = told(&checked, "mei", reassigned("li", "wang"));
    assert_eq!(same.unwrap_err().code(), "D053");
    assert_eq!(told(&checked, "mei", reassigned("wang", "wang")), Err(Refusal::SamePerson));
}

/// R081: whoever worked on it before he was replaced looks over none of it, and is no candidate.
#[test]
fn whoever_drove_it_before_does_not_review_it() {
    let begun = told(&held(Stage::Acknowledged), "li", Happening::Begun {}).unwrap();
    let refused = told(&begun, "mei", reassigned("sun", "li"));
    assert_eq!(refused, Err(Refusal::OwnReview));
    let after = told(&begun, "mei", reassigned("sun", "wang")).unwrap();
    let people = scenario().people;
    let able = reviewers(&people, &after, "tax", 1);
    let able: BTreeSet<&str> = able.iter().map(|one| one.person.as_str()).collect();
    assert!(!able.contains("li") && !able.contains("sun") && able.contains("wang"), "{able:?}");
}

/// R081, R052: one program that speaks for two people is one pair of eyes.
#[test]
fn one_program_is_not_two_pairs_of_eyes() {
    let checked = Life { checked_by: Some("li".to_owned()), ..held(Stage::SelfChecked) };
    let through = Asker { is_through_the_same: true, ..asker("wang") };
    let review = Happening::Reviewed { items: Vec::new() };
    let refused = decide(&checked, review, &Rules::default(), &through).unwrap_err();
    assert_eq!(refused, Refusal::OwnReview);
}

/// R052: neither who asks for an approval nor who drives the ticket gives it.
#[test]
fn nobody_approves_what_he_asked_for_himself() {
    let row = Approval {
        service: "tax-refund".to_owned(),
        urgent: None,
        limit_fen: None,
        is_limit_included: None,
        amount: None,
        post: Post::DepartmentManager,
    };
    let rules = Rules { approvals: vec![row], ..Rules::default() };
    let manager =
        |actor: &str| Asker { posts: BTreeSet::from([Post::DepartmentManager]), ..asker(actor) };
    let ask = Happening::ApprovalAsked { amount_fen: 4_999_900 };
    let asked = told(&held(Stage::InProgress), "chen", ask).unwrap();
    let approve = |actor: &str| decide(&asked, Happening::Approved {}, &rules, &manager(actor));
    for actor in ["chen", "li"] {
        assert_eq!(approve(actor).unwrap_err(), Refusal::OwnApproval, "{actor}");
    }
    assert!(approve("he").is_ok());
}

/// R086, R088: the client's signature and his rating are nothing that those who worked on it say.
/// What is looked back on already may still be rated, and stays looked back on.
#[test]
fn nobody_signs_or_rates_his_own_work() {
    let rating = || Happening::Surveyed(Rating { timeliness: 5, communication: 5, result: 5 });
    for actor in ["li", "mei", "wang"] {
        assert_eq!(
            told(&held(Stage::Delivered), actor, Happening::Signed { digest: None }),
            Err(Refusal::OwnWord)
        );
        assert_eq!(told(&held(Stage::Signed), actor, rating()), Err(Refusal::OwnWord));
    }
    let signed = told(&held(Stage::Delivered), "lan", Happening::Signed { digest: None }).unwrap();
    assert_eq!(told(&signed, "lan", rating()).unwrap().stage, Stage::Surveyed);
    let late = told(&held(Stage::LookedBack), "lan", rating()).unwrap();
    assert!(late.stage == Stage::LookedBack && late.rating.is_some());
}

/// R193: a bill is paid whenever the client pays it.
#[test]
fn money_comes_in_at_every_stage_after_the_promise() {
    for stage in [
        Stage::Dispatched,
        Stage::Acknowledged,
        Stage::ManagerDecision,
        Stage::SelfChecked,
        Stage::Reviewed,
        Stage::Archived,
        Stage::CalledOff,
    ] {
        let billed = told(&held(stage), "mei", Happening::Billed(Billing::of(7))).unwrap();
        let paid = told(&billed, "mei", Happening::Paid {}).unwrap();
        assert_eq!((billed.beside.owed_fen, paid.beside.owed_fen), (Some(7), None), "{stage:?}");
    }
}

/// R193: a second bill says which one it takes the place of, and both stay on record; beside one
/// that is paid it takes nobody's place.
#[test]
fn a_second_bill_says_which_it_takes_the_place_of() {
    let bill = |life: &Life, amount_fen: i64, replaces_fen: Option<i64>| {
        told(life, "mei", Happening::Billed(Billing { amount_fen, replaces_fen }))
    };
    let life = held(Stage::Signed);
    assert_eq!(bill(&life, 700, Some(1)), Err(Refusal::OtherBill(None)));
    let first = bill(&life, 700, None).unwrap();
    for other in [None, Some(0), Some(699)] {
        assert_eq!(bill(&first, 900, other), Err(Refusal::OtherBill(Some(700))));
    }
    let second = bill(&first, 900, Some(700)).unwrap();
    assert_eq!(second.beside.owed_fen, Some(900));
    let replaced = |life: &Life| -> Vec<(i64, bool)> {
        let bills = life.beside.bills.iter();
        bills.map(|bill| (bill.amount_fen, bill.replaced_ms.is_some())).collect()
    };
    assert_eq!(replaced(&second), [(700, true), (900, false)]);
    let paid = told(&second, "mei", Happening::Paid {}).unwrap();
    assert_eq!(paid.beside.bills.last().unwrap().paid_ms, Some(DAY));
    let third = bill(&paid, 100, None).unwrap();
    assert_eq!(replaced(&third), [(700, true), (900, false), (100, false)]);
    assert_eq!((third.beside.owed_fen, third.beside.paid_fen), (Some(100), 900));
}

fn items(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn judged(item: &str, found: Material, expires_ms: Option<i64>) -> Happening {
    Happening::MaterialJudged { item: item.to_owned(), found, expires_ms }
}

/// R029, R248: two things are asked for: it waits until both are there, and an answer that the
/// client owes beside them is another wait, which ends by itself.
#[test]
fn a_wait_for_material_ends_when_all_of_it_is_there() {
    let received = |names: &[&str]| Happening::received(items(names));
    let asked = Happening::MaterialAsked { items: items(&["licence", "seal"]) };
    let short = told(&held(Stage::InProgress), "li", asked).unwrap();
    assert!(short.is_short && short.waits == BTreeSet::from([Wait::Client]));
    let one = told(&short, "mei", received(&["licence"])).unwrap();
    assert!(one.is_short, "the seal is not there");
    let wait = Happening::waits_for(Wait::Client);
    let both = told(&one, "li", wait).unwrap();
    let come = told(&both, "mei", received(&["seal"])).unwrap();
    assert!(!come.is_short && come.waits == BTreeSet::from([Wait::Client]), "the answer is not");
    let over = Happening::WaitOver { wait: Wait::Client, for_material: false };
    let answered = told(&come, "li", over.clone()).unwrap();
    assert!(answered.waits.is_empty());
    let supplement = judged("seal", Material::Supplement, None);
    let again = told(&answered, "li", supplement).unwrap();
    assert!(again.is_short, "what is to be supplemented is lacking again");
    assert_eq!(told(&again, "li", over).unwrap_err(), Refusal::Waiting(Wait::Client));
    let claimed = Happening::WaitOver { wait: Wait::Client, for_material: true };
    assert_eq!(told(&again, "li", claimed).unwrap_err(), Refusal::Consequence);
    let tolerated = told(&again, "li", judged("seal", Material::Tolerated, None)).unwrap();
    assert!(tolerated.waits.is_empty());
}

/// R028, R029: of two things that came in together one is looked at after ten minutes; the two
/// hours of the other go on, and a third, which came later, has its own.
#[test]
fn looking_at_one_piece_stops_no_clock_of_another() {
    let timer = Timer {
        id: "pre-check".to_owned(),
        starts: items(&["ticket.material_received"]),
        stops: items(&["ticket.material_judged", "ticket.called_off"]),
        goal: Goal::Time(120 * MINUTE),
        calendar: None,
        held_by: BTreeSet::new(),
        warns_at: 750,
    };
    let told = [
        (0, Happening::received(items(&["licence", "seal"]))),
        (10, judged("licence", Material::Complete, None)),
        (20, Happening::received(items(&["statement", "seal"]))),
        (30, judged("statement", Material::Complete, None)),
        (40, Happening::CalledOff { reason: "x".to_owned(), settled: None }),
    ];
    let mut events: Vec<Event> = Vec::new();
    for (minute, happening) in told {
        let (kind, payload) = happening.written().unwrap();
        let draft = Draft { at_ms: minute * MINUTE, actor: "li".to_owned(), kind, payload };
        let head = events.last().map_or(Head::NONE, Event::head);
        events.push(seal(&Stream::new("ticket", "T"), head, 1, draft));
    }
    let stopped: Vec<(i64, i64)> = runs(&timer, &events)
        .unwrap()
        .iter()
        .map(|turns| {
            let at = |wanted: Turn| turns.iter().find(|turn| turn.1 == wanted).unwrap().0 / MINUTE;
            (at(Turn::Starts), at(Turn::Stops))
        })
        .collect();
    // Licence, seal, statement; the seal that came twice is looked at once.
    assert_eq!(stopped, [(0, 10), (0, 40), (20, 30)]);
}

/// R030: a card valid until the fifth is good when it is looked at on the first, and not for what
/// is promised for the tenth: it is asked for again, and the ticket waits. What runs out before it
/// is handed in passes no self-check.
#[test]
fn what_runs_out_before_it_is_handed_in_is_brought_anew() {
    let card = Item { is_in: false, found: Some(Material::Complete), expires_ms: Some(5 * DAY) };
    let mut life = Life { stage: Stage::Quoted, quote: Some("q".to_owned()), ..Life::default() };
    life.material.insert("id-card".to_owned(), card.clone());
    let accepted = |finish_ms| Happening::Accepted {
        quote: "q".to_owned(),
        option: "as_it_stands".to_owned(),
        plan: "p".to_owned(),
        finish_ms,
    };
    let late = told(&life, "ann", accepted(10 * DAY)).unwrap();
    assert_eq!(late.material["id-card"].found, Some(Material::Invalid));
    assert!(late.is_short && late.waits.contains(&Wait::Client));
    let soon = told(&life, "ann", accepted(4 * DAY)).unwrap();
    assert!(soon.material["id-card"].is_done() && soon.waits.is_empty());

    let mut done = held(Stage::InProgress);
    done.material.insert("id-card".to_owned(), card);
    let check = || Happening::SelfChecked { items: Vec::new() };
    let by = |handed_in_ms| Rules { handed_in_ms: Some(handed_in_ms), ..Rules::default() };
    let refused = decide(&done, check(), &by(6 * DAY), &asker("li")).unwrap_err();
    assert_eq!(refused, Refusal::Expires("id-card".to_owned()));
    assert!(decide(&done, check(), &by(4 * DAY), &asker("li")).is_ok());
}
