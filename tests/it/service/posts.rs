//! Posts on persons, two pairs of eyes through programs, files that are kept, and whom plans give
//! tickets to when somebody falls ill.

use paidan::app::service::desk::{Doing, Wanted};
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::quotes::{AcceptedQuote, Quoted};
use paidan::app::service::role::Role;
use paidan::app::service::tickets::{ShownTicket, State};
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::life::Stage;
use paidan::desk::refusal::Refusal as Rule;
use paidan::model::people::{Absence, Person};
use paidan::model::quote::OptionKind;
use paidan::model::ticket as model;
use paidan::policy::Policy;
use serde_json::{Value, json};

use super::desk::{doing, happen};
use super::{NOW, both, caller, drive, quotes, read};

const DAY: i64 = 86_400_000;

/// 49,999 yuan are the department manager's, Chen's; more are the general manager's, He's.
fn lay(service: &Service) {
    let boss = caller(Role::Administrator);
    let kept = service.policy(&boss).unwrap();
    let mut policy = serde_json::to_value(kept.document).unwrap();
    policy["desk"]["posts"] = json!([
        {"post": "department_manager", "people": ["chen"]},
        {"post": "general_manager", "people": ["he"]},
        {"post": "agent", "people": ["mei"]},
        {"post": "marketing", "people": ["tang"]}]);
    policy["desk"]["approvals"] = json!([
        {"service": "filing", "limit_fen": 5_000_000, "is_limit_included": false,
            "post": "department_manager"},
        {"service": "filing", "post": "general_manager"}]);
    policy["desk"]["materials"] = json!([{"service": "filing", "items": [
        {"id": "licence", "label": {"zh": "营业执照", "en": "business licence"}}]}]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
}

/// T-1, given by the plan to Wang or Zhao, with Li to look over it.
fn given(service: &Service) -> ShownTicket {
    drive::weighed_ticket(service);
    lay(service);
    let quoted = drive::quote(service, "T-1");
    let agent = caller(Role::Dispatcher);
    service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
    shown(service)
}

fn shown(service: &Service) -> ShownTicket {
    service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap()
}

fn by_of(
    service: &Service,
    who: &Caller,
    key: &str,
    kind: &str,
    payload: Value,
) -> Result<ShownTicket, Refusal> {
    happen(service, who, key, &doing(kind, payload))
}

fn by(service: &Service, who: &Caller, kind: &str, payload: Value) -> Result<ShownTicket, Refusal> {
    happen(service, who, "T-1", &doing(kind, payload))
}

/// R052, R174, W8: a reviewer is neither manager by that; 49,999 yuan are Chen's and not He's to
/// leave to him, 50,000 are He's. A key made for nobody says nothing in their names, not even a
/// reviewer's; one made for the other has his post and no more.
#[test]
fn posts_are_those_of_persons_and_no_role_gives_one() {
    both("posts-approve", |service| {
        given(service);
        let agent = caller(Role::Dispatcher);
        let person = |key: &str| Caller::person(key, Role::Reviewer);
        let approve = |who: &Caller| by(service, who, "approved", json!({}));
        for (fen, right, wrong) in [(4_999_900, "chen", "he"), (5_000_000, "he", "chen")] {
            by(service, &agent, "approval_asked", json!({"amount_fen": fen})).unwrap();
            for who in [wrong, "reviewer"] {
                assert_eq!(approve(&person(who)).unwrap_err().code(), "D027", "{who} {fen}");
            }
            let key = |people: &[&str]| {
                let made = super::key_for(service, Role::Reviewer, people);
                service.authenticate(&made.key, NOW).unwrap()
            };
            let said = Doing { person: Some(right.to_owned()), ..doing("approved", json!({})) };
            for people in [&[][..], &[wrong]] {
                let refused = happen(service, &key(people), "T-1", &said).unwrap_err();
                assert_eq!(refused.code(), "A015", "{people:?}");
                assert_eq!(approve(&key(people)).unwrap_err().code(), "D027", "{people:?}");
            }
            // Of two it has to be said who.
            assert_eq!(approve(&key(&[right, "li"])).unwrap_err().code(), "D027");
            match fen {
                5_000_000 => happen(service, &key(&[right, "li"]), "T-1", &said).unwrap(),
                _ => approve(&key(&[right])).unwrap(),
            };
            let told = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap();
            assert_eq!(told.last().unwrap().person, right, "{fen}");
        }
        // Who asks does not approve, whatever his post.
        by(service, &person("chen"), "approval_asked", json!({"amount_fen": 100})).unwrap();
        assert_eq!(approve(&person("chen")).unwrap_err().code(), "D052");
    });
}

/// R187, R184: while a project is blocked marketing speaks, and it is a person of that post who may
/// reach the ticket; the client's own program does not speak for the firm.
#[test]
fn marketing_is_a_person_and_no_program_of_the_client() {
    both("posts-marketing", |service| {
        given(service);
        let agent = caller(Role::Dispatcher);
        by(service, &agent, "blocked", json!({"reason": "the system is down"})).unwrap();
        let words = || json!({"node": "answer", "what": "tomorrow"});
        assert_eq!(by(service, &agent, "client_told", words()).unwrap_err().code(), "D027");
        let program = service.authenticate(&super::key(service, Role::Ticketing).key, NOW).unwrap();
        let refused = by(service, &program, "client_told", words()).unwrap_err();
        assert!(matches!(refused, Refusal::Forbidden(_)), "{refused:?}");
        let tang = super::key_for(service, Role::Specialist, &["tang"]);
        let tang = service.authenticate(&tang.key, NOW).unwrap();
        assert!(by(service, &tang, "client_told", words()).is_ok());
    });
}

/// R081: one program says that Wang checked his work and that Li looked over it: one pair of eyes.
/// Through another program, or by himself, Li does.
#[test]
fn one_key_is_not_both_pairs_of_eyes() {
    both("posts-eyes", |service| {
        drive::weighed_ticket(service);
        let quoted = drive::quote(service, "T-1");
        let agent = caller(Role::Dispatcher);
        service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
        let driver = shown(service).desk.unwrap().crew.unwrap().driver;
        let program = || {
            let key = super::key_for(service, Role::Reviewer, &[&driver, "li"]);
            service.authenticate(&key.key, NOW).unwrap()
        };
        let (one, other) = (program(), program());
        let says = |who: &Caller, person: &str, kind: &str, payload: Value| {
            let said = Doing { person: Some(person.to_owned()), ..doing(kind, payload) };
            happen(service, who, "T-1", &said)
        };
        for kind in ["acknowledged", "begun"] {
            says(&one, &driver, kind, json!({})).unwrap();
        }
        says(&one, &driver, "self_checked", json!({"items": []})).unwrap();
        let review = |who: &Caller| says(who, "li", "reviewed", json!({"items": []}));
        assert_eq!(review(&one).unwrap_err().code(), "D021");
        assert_eq!(review(&other).unwrap().desk.unwrap().stage, Stage::Reviewed);
    });
}

/// R065, R041: the plan gave it to somebody who is away from then on; the next plan names another,
/// who has it at once and has to say yes. What a dispatcher decided by hand no plan changes.
#[test]
fn a_plan_that_names_others_gives_the_ticket_to_them() {
    both("posts-ill", |service| {
        let crew = given(service).desk.unwrap().crew.unwrap();
        let other = if crew.driver == "wang" { "zhao" } else { "wang" };
        let sick = Caller::person(&crew.driver, Role::Specialist);
        by(service, &sick, "acknowledged", json!({})).unwrap();
        let boss = caller(Role::Administrator);
        let away: Absence =
            serde_json::from_value(json!({"from": "2026-03-09T09:00", "to": "2026-03-12T00:00"}))
                .unwrap();
        service.create_absence(&boss, &crew.driver, away, None, NOW).unwrap();
        plan(service, 2);
        let desk = shown(service).desk.unwrap();
        assert_eq!((desk.stage, desk.crew.unwrap().driver.as_str()), (Stage::Dispatched, other));
        assert!(desk.excluded.is_empty(), "who is ill is not banned");
        // By hand, back to the other one: the next plan leaves it there.
        let agent = caller(Role::Dispatcher);
        let back = json!({"crew": {"driver": crew.driver, "liaison": "mei", "reviewer": "li"},
            "reason": "is back"});
        by(service, &agent, "reassigned", back).unwrap();
        plan(service, 3);
        assert_eq!(shown(service).desk.unwrap().crew.unwrap().driver, crew.driver);
        let specialist = by(
            service,
            &sick,
            "reassigned",
            json!({"crew": {"driver": other,
            "liaison": "mei", "reviewer": "li"}, "reason": "x"}),
        );
        assert!(matches!(specialist, Err(Refusal::Forbidden(_))));
    });
}

/// R043, R044: a ticket goes by hand to people there are, on record or on a post, and to nobody for a
/// part that he cannot take: who is on no record drives nothing, nor does a trainee, who looks over
/// no result either; where the service has a seat for the driver he has its skill. Who lacks the
/// skill of the reviewer's seat looks over it by his post.
#[test]
fn a_ticket_goes_by_hand_to_people_who_are_there_and_can_do_it() {
    both("posts-people", |service| {
        let crew = given(service).desk.unwrap().crew.unwrap();
        let other = if crew.driver == "wang" { "zhao" } else { "wang" };
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let kept = service.base(&boss).unwrap();
        let mut base = kept.document;
        for (step, part) in [(0, model::Role::Driver), (1, model::Role::Reviewer)] {
            base.services[0].normal[step].seats[0].role = Some(part);
        }
        service.put_base(&boss, Some(kept.version), base, NOW).unwrap();
        let learner = service.person(&boss, other, NOW).unwrap().document;
        let learner = Person { id: "lin".to_owned(), trainee: true, ..learner };
        service.create_person(&boss, &learner, None, NOW).unwrap();
        let to = |driver: &str, liaison: &str, reviewer: &str| {
            let crew = json!({"driver": driver, "liaison": liaison, "reviewer": reviewer});
            let wish = json!({"crew": crew, "reason": "is ill"});
            by(service, &agent, "reassigned", wish).map(|_| "").map_err(|refused| refused.code())
        };
        assert_eq!(to("nobody", "mei", "li"), Err("D056"));
        assert_eq!(to(other, "nobody", "li"), Err("D056"));
        assert_eq!(to(other, "mei", "nobody"), Err("D056"));
        // On a post and on no record; of another skill; under training.
        assert_eq!(to("chen", "mei", "li"), Err("D057"));
        assert_eq!(to("li", "mei", "chen"), Err("D057"));
        assert_eq!(to("lin", "mei", "li"), Err("D057"));
        assert_eq!(to(other, "mei", "lin"), Err("D057"));
        assert_eq!(to(other, "mei", &crew.driver), Err("D057"));
        assert_eq!(to(other, "lin", "chen"), Ok(""));
    });
}

fn plan(service: &Service, replaces: u64) {
    let agent = caller(Role::Dispatcher);
    let wish = DraftWish { rounds: 1, seed: 1 };
    let draft: Draft = read(&service.draft(&agent, &wish, None, NOW, &mut |_| true).unwrap());
    let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces };
    service.publish(&agent, &wish, None, NOW).unwrap();
}

/// R077: from the promise on there is a file, which is kept; it is erased early only for a reason
/// that is on record. An enquiry that came to nothing is erased at once.
#[test]
fn a_file_is_not_erased_before_its_time_without_a_reason_on_record() {
    both("posts-kept", |service| {
        given(service);
        let boss = caller(Role::Administrator);
        let kept = service.erase_ticket(&boss, "T-1", NOW).unwrap_err();
        assert_eq!(kept.code(), "D039");
        service.erase_ticket(&boss, "T-0", NOW).unwrap();
        service.erase_ticket_for(&boss, "T-1", Some("个人信息保护法 47 条"), NOW).unwrap();
        let told = service.timeline(&boss, "T-1", 0, 100, NOW).unwrap();
        let last = told.last().unwrap();
        assert_eq!(last.kind, "ticket.erased");
        assert_eq!(last.payload["because"], "个人信息保护法 47 条");
        assert_eq!(service.rebuild(NOW, &mut |_, _| {}).unwrap().changed, 0);
    });
}

/// R077: what was called off after its promise is filed away as what it is: three years and a day
/// from that day on it is kept, then it is listed and may go. An enquiry has no file.
#[test]
fn what_was_called_off_after_its_promise_is_kept_and_then_goes() {
    both("posts-off", |service| {
        given(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        by(service, &agent, "called_off", json!({"reason": "sold the firm"})).unwrap();
        let file = |days: i64| {
            let later = NOW + 30 * DAY;
            let kept = doing("archived", json!({"keep_until_ms": NOW + days * DAY}));
            let wanted = Wanted { key: "T-1", version: None };
            service.desk_do(&agent, wanted, &kept, None, later)
        };
        assert_eq!(file(1_095).unwrap_err().code(), Refusal::Desk(Rule::Retention(3)).code());
        file(1_096).unwrap();
        assert_eq!(file(2_000).unwrap_err().code(), "D001");
        let ticket = shown(service);
        assert_eq!(
            (ticket.state, ticket.desk.unwrap().stage),
            (State::Cancelled, Stage::CalledOff)
        );
        let early = service.erase_ticket(&boss, "T-1", NOW + 1_095 * DAY).unwrap_err();
        assert_eq!(early.code(), "D039");
        let late = NOW + 1_097 * DAY;
        let over = service.desk_review(&agent, (late, 1), late).unwrap().period.over;
        assert_eq!(over.len(), 1);
        service.erase_ticket(&boss, "T-1", late).unwrap();
        // Never promised: an enquiry.
        by_of(service, &agent, "T-0", "called_off", json!({"reason": "only asked"})).unwrap();
        let kept = json!({"keep_until_ms": NOW + 2_000 * DAY});
        let refused = by_of(service, &agent, "T-0", "archived", kept).unwrap_err();
        assert_eq!(refused.code(), "D001");
    });
}

/// R084, R086: a colleague who is none of the crew signs for a client only with a trace of it on
/// record since the delivery.
#[test]
fn nobody_signs_for_a_client_without_a_trace() {
    both("posts-signs", |service| {
        let crew = given(service).desk.unwrap().crew.unwrap();
        let driver = Caller::person(&crew.driver, Role::Specialist);
        let reviewer = Caller::person(&crew.reviewer, Role::Reviewer);
        let evidence = || json!({"source": "chat", "digest": "d", "at_ms": NOW});
        let ask = json!({"items": ["licence"]});
        let chen = Caller::person("chen", Role::Reviewer);
        by(service, &driver, "approval_asked", json!({"amount_fen": 100})).unwrap();
        by(service, &chen, "approved", json!({})).unwrap();
        by(service, &driver, "acknowledged", json!({})).unwrap();
        by(service, &driver, "begun", json!({})).unwrap();
        by(service, &driver, "material_asked", ask.clone()).unwrap();
        by(service, &driver, "material_received", ask).unwrap();
        let judged = json!({"item": "licence", "found": "complete", "expires_ms": null});
        by(service, &driver, "material_judged", judged).unwrap();
        // What came before the result says nothing of it.
        by(service, &driver, "evidence_filed", evidence()).unwrap();
        by(service, &driver, "self_checked", json!({"items": []})).unwrap();
        by(service, &reviewer, "reviewed", json!({"items": []})).unwrap();
        by(service, &driver, "delivered", json!({"steps": []})).unwrap();
        let digest = service.confirmation_of(&driver, "T-1").unwrap().digest;
        let colleague = Caller::person("sun", Role::Specialist);
        let sign = |who: &Caller| by(service, who, "signed", json!({"digest": digest}));
        assert!(matches!(sign(&colleague), Err(Refusal::Impossible(_))));
        by(service, &driver, "evidence_filed", evidence()).unwrap();
        assert!(matches!(sign(&driver), Err(Refusal::Desk(Rule::OwnWord))));
        assert_eq!(sign(&colleague).unwrap().desk.unwrap().stage, Stage::Signed);
    });
}

/// R040, R078: what is on record as accepted is the quote and the option that were.
#[test]
fn an_acceptance_names_its_quote_and_its_option() {
    both("posts-accepted", |service| {
        drive::weighed_ticket(service);
        let agent = caller(Role::Dispatcher);
        let quoted: Quoted =
            read(&service.quote(&agent, &quotes::request("T-1"), None, NOW).unwrap());
        let option = OptionKind::AsItStands;
        let made = service.accept(&agent, &quoted.id, option, None, NOW).unwrap();
        let accepted: AcceptedQuote = read(&made);
        let told = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap();
        let entry = told.iter().find(|entry| entry.kind == "ticket.accepted").unwrap();
        let payload = &entry.payload;
        assert_eq!(payload["quote"], quoted.id);
        assert_eq!(
            (&payload["option"], &payload["plan"]),
            (&json!(option.code()), &json!(accepted.digest))
        );
    });
}

/// R027: what is missing is called by its name in both languages, in refusals and to the client.
#[test]
fn material_is_called_by_its_name() {
    both("posts-names", |service| {
        let driver = given(service).desk.unwrap().crew.unwrap().driver;
        let agent = caller(Role::Dispatcher);
        by(service, &agent, "material_asked", json!({"items": ["licence"]})).unwrap();
        let due = json!({"items": ["licence"], "by_ms": NOW + DAY});
        by(service, &agent, "client_due", due).unwrap();
        let token = service.make_link(&agent, "T-1", NOW).unwrap();
        let to_do = service.client_view(&token, NOW).unwrap().to_do;
        assert_eq!(to_do[0].zh, "请提供：营业执照（2026-03-10 09:00 前）");
        let he = Caller::person(&driver, Role::Specialist);
        let wanted = Wanted { key: "T-1", version: None };
        for kind in ["acknowledged", "begun"] {
            service.desk_do(&he, wanted, &doing(kind, json!({})), None, NOW).unwrap();
        }
        by(service, &agent, "material_received", json!({"items": ["licence"]})).unwrap();
        let refused = by(service, &he, "self_checked", json!({"items": []})).unwrap_err();
        assert_eq!(refused.code(), "D017");
        assert!(refused.label().zh.contains("营业执照"), "{:?}", refused.label());
        assert!(refused.label().en.contains("business licence"));
    });
}
