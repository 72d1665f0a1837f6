//! Quotes over HTTP: posted whole, and against the plan in force.

use std::thread;

use paidan::app::files;
use serde_json::{Value, json};

use super::client::{Answer, Server};
use super::desk::{Desk, filing};
use super::frame::bearer;
use super::stateless::shipped;

/// A document of `scenarios/03-quotes`.
fn document(name: &str) -> Value {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/03-quotes");
    serde_json::from_slice(&files::read(&folder.join(name)).unwrap().bytes).unwrap()
}

fn asked(request: &str) -> Value {
    json!({
        "scenario": shipped("03-quotes"), "plan": document("plan.json"),
        "policy": document("policy.json"), "request": document(request),
    })
}

fn option<'a>(quote: &'a Value, kind: &str) -> &'a Value {
    let mut options = quote["options"].as_array().unwrap().iter();
    options.find(|option| option["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {quote:#}"))
}

/// W1, R004, R005, R252: nothing is kept, so the same question gets the same bytes; those of the
/// command line, `paidan quote`.
#[test]
fn a_posted_request_is_quoted_against_the_plan_that_comes_with_it() {
    let server = Server::start();
    let [one, two] = [0, 1].map(|_| server.post("/v1/quote", &asked("w01-food-licence.json"), &[]));
    assert_eq!((one.status, one.text() == two.text()), (200, true), "{}", one.text());
    let quote = one.json();
    assert_eq!(quote["format"], "paidan-quote/1");
    // Six days of 1,440 minutes until Tuesday week.
    let slack = &quote["urgency"]["slack_minutes"];
    assert_eq!((&quote["urgency"]["is_false"], slack), (&json!(true), &json!(8_640)));
    assert_eq!(quote["recommended"]["kind"], "normal_track");
    // ¥1,500 and 20 % of it.
    assert_eq!(option(&quote, "normal_track")["price"]["total_fen"], 150_000);
    assert_eq!(option(&quote, "as_it_stands")["price"]["total_fen"], 180_000);
}

/// Half an hour after the office closes, what moves nothing alone.
#[test]
fn a_quote_can_be_asked_for_quickly_and_for_another_moment() {
    let mut body = asked("w06-acceptance.json");
    body["quick"] = json!(true);
    body["at"] = json!("2026-03-09T18:30+08:00");
    let quote = Server::start().post("/v1/quote", &body, &[]).json();
    assert_eq!(quote["at"], "2026-03-09T18:30+08:00");
    assert_eq!(quote["expires"], "2026-03-09T19:00+08:00");
    let options = quote["options"].as_array().unwrap();
    assert!(!options.is_empty());
    for option in options {
        let displaced = option["displaced"].as_array();
        assert!(displaced.is_none_or(Vec::is_empty), "{option:#}");
    }
}

/// W3, R013, R014, R015, R016: no price moves it, and the answer is no failure: what is lawful is
/// quoted.
#[test]
fn a_red_line_is_answered_with_the_lawful_alternative() {
    let quote = Server::start().post("/v1/quote", &asked("w03-invoice-name.json"), &[]).json();
    assert_eq!(quote["refusal"]["code"], "RL-001");
    assert_eq!(quote["refusal"]["alternative"], "red-letter-invoice");
    // Confirmed when the next working day opens.
    assert_eq!(option(&quote, "normal_track")["finish"], "2026-03-10T09:00+08:00");
}

#[test]
fn faults_of_plan_policy_and_request_are_told_together_with_their_pointers() {
    let server = Server::start();
    let mut body = asked("w06-loan.json");
    body["plan"]["steps"][0]["start"] = json!("soon");
    body["policy"]["rates"][0]["service"] = json!("magic");
    body["policy"].as_object_mut().unwrap().remove("quote_minutes");
    body["request"]["revenue_fen"] = json!(5);
    let told = server.post("/v1/quote", &body, &[]);
    assert_eq!(told.problem(), (422, "invalid".to_owned()));
    let told = told.json();
    let mut errors: Vec<(&str, &str)> = Vec::new();
    for error in told["errors"].as_array().unwrap() {
        errors.push((error["code"].as_str().unwrap(), error["pointer"].as_str().unwrap()));
    }
    for known in [("P101", "/policy"), ("P102", "/policy/rates/0/service")] {
        assert!(errors.contains(&known), "{errors:?}");
    }
    for pointer in ["/plan/steps/0/start", "/request/revenue_fen"] {
        assert!(errors.iter().any(|(_, place)| *place == pointer), "{errors:?}");
    }
    let mut unknown = asked("w06-loan.json");
    unknown["request"]["tickets"][0]["client"] = json!("nobody");
    let told = server.post("/v1/quote", &unknown, &[]).json();
    assert_eq!(told["errors"][0]["pointer"], "/request/tickets/0/client");
    let mut unfit = asked("w06-loan.json");
    unfit["plan"]["steps"][0]["people"] = json!(["han", "qin"]);
    let told = server.post("/v1/quote", &unfit, &[]);
    assert_eq!(told.problem(), (422, "impossible".to_owned()));
}

/// A rate card with one row.
fn policy() -> Value {
    json!({"format": "paidan-policy/1", "quote_minutes": 30,
        "rates": [{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
            "overtime_permille": 1000, "displacement_permille": 1000}]})
}

/// A desk with one ticket planned and a policy, and the key of a ticketing system.
fn quoting() -> (Desk, String) {
    let desk = Desk::open();
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).status, 201);
    let draft = desk.draft();
    let published = desk.post("/v1/plans", &json!({"draft": draft, "replaces": 0}), &[]);
    assert_eq!(published.status, 201, "{}", published.text());
    let put = desk.put("/v1/policy", &policy(), &[("if-none-match", "*")]);
    assert_eq!(put.status, 200, "{}", put.text());
    let wish = json!({"role": "ticketing", "days": 1});
    let key = desk.post("/v1/keys", &wish, &[]).json()["key"].as_str().unwrap().to_owned();
    (desk, bearer(&key))
}

fn request(id: &str) -> Value {
    json!({"format": "paidan-request/1", "tickets": [{"id": id, "service": "filing"}]})
}

fn send(desk: &Desk, key: &str, path: &str, body: &Value, once: &str) -> Answer {
    let headers = [("authorization", key), ("idempotency-key", once)];
    desk.server.post(path, body, &headers)
}

#[test]
fn a_policy_is_put_once_read_with_its_version_and_told_what_is_wrong_with_it() {
    let desk = Desk::open();
    assert_eq!(desk.get("/v1/policy").problem(), (404, "not_found".to_owned()));
    let bare = desk.put("/v1/policy", &policy(), &[]);
    assert_eq!(bare.problem(), (428, "unconditional".to_owned()));
    let put = desk.put("/v1/policy", &policy(), &[("if-none-match", "*")]);
    assert_eq!((put.status, put.header("etag")), (200, Some("\"1\"")), "{}", put.text());
    let read = desk.get("/v1/policy");
    assert_eq!((read.status, read.header("etag")), (200, Some("\"1\"")));
    assert_eq!(read.json()["rates"][0]["normal_fen"], 50_000);
    let again = desk.put("/v1/policy", &policy(), &[("if-none-match", "*")]);
    assert_eq!(again.problem(), (412, "changed".to_owned()));
    let mut wrong = policy();
    wrong["rates"][0]["service"] = json!("magic");
    wrong["rates"][0]["floor_fen"] = json!(20);
    wrong["rates"][0]["ceiling_fen"] = json!(10);
    let told = desk.put("/v1/policy", &wrong, &[("if-match", "\"1\"")]);
    assert_eq!(told.problem(), (422, "invalid".to_owned()));
    let told = told.json();
    let codes: Vec<&Value> =
        told["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["P102", "P104"], "{told:#}");
    assert_eq!(told["errors"][0]["pointer"], "/rates/0/service");
    assert_eq!(desk.get("/v1/policy").header("etag"), Some("\"1\""));
}

/// R101, R131, R133, R240, R242: another program hears of its own hour and its price, and of nobody
/// else's; what it accepts is a promise.
#[test]
fn a_quote_is_made_read_by_whom_it_concerns_and_accepted() {
    let (desk, jira) = quoting();
    let made = send(&desk, &jira, "/v1/quotes", &request("T-2"), "k1");
    assert_eq!(made.status, 201, "{}", made.text());
    let again = send(&desk, &jira, "/v1/quotes", &request("T-2"), "k1");
    assert_eq!(again.text(), made.text());
    let place = made.header("location").unwrap().to_owned();
    let read = desk.server.ask("GET", &place, &[("authorization", &jira)]);
    assert_eq!((read.status, read.json()), (200, made.json()));
    let quote = &made.json()["quote"];
    let way = option(quote, "as_it_stands");
    assert_eq!(way["price"]["normal_fen"], 50_000);
    for secret in ["T-1", "wang", "firm"] {
        assert!(!made.text().contains(secret), "{secret}: {}", made.text());
    }
    let agent = desk.get(&place);
    assert_eq!(option(&agent.json()["quote"], "as_it_stands")["team"], json!(["wang"]));

    let path = format!("{place}/acceptance");
    let accept = json!({"option": "as_it_stands"});
    let done = send(&desk, &jira, &path, &accept, "k2");
    assert_eq!(done.status, 201, "{}", done.text());
    assert_eq!((&done.json()["plan"], &done.json()["finish"]), (&json!(2), &way["finish"]));
    assert_eq!(send(&desk, &jira, &path, &accept, "k2").text(), done.text());
    let ticket = desk.server.ask("GET", "/v1/tickets/T-2", &[("authorization", &jira)]).json();
    assert_eq!(ticket["promise"]["finish"], way["finish"]);
    // R101: who answers for it, what it costs line by line, and whether it was looked over. Of a
    // person without a name another program hears that there is one.
    let house = desk.get("/v1/tickets/T-2").json();
    assert_eq!(house["standing"]["accountable"], "wang");
    assert_eq!(
        (ticket["standing"].get("accountable"), &ticket["review"]),
        (None, &json!("pending"))
    );
    let told = ticket["standing"]["told"]["en"].as_str().unwrap();
    assert!(told.starts_with("passed to one of our specialists, reply expected before"), "{told}");
    assert_eq!(
        (&ticket["price"]["total_fen"], &ticket["price"]["lines"][0]["amount_fen"]),
        (&way["price"]["total_fen"], &json!(50_000))
    );
    let missing = send(&desk, &jira, "/v1/quotes/Q-none/acceptance", &accept, "k3");
    assert_eq!(missing.problem(), (404, "not_found".to_owned()));
    let unknown = send(&desk, &jira, &path, &json!({"option": "tomorrow"}), "k4");
    assert_eq!(unknown.problem(), (422, "invalid".to_owned()));
}

/// Both would take the hour behind T-1. One gets it; the other is told so with fresh options, of
/// which the first can be accepted.
#[test]
fn of_two_acceptances_at_once_one_wins_and_the_other_is_handed_fresh_options() {
    let (desk, jira) = quoting();
    let quoted = |id: &str| {
        let made = send(&desk, &jira, "/v1/quotes", &request(id), id);
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()
    };
    let quotes = [quoted("T-2"), quoted("T-3")];
    let [one, other] = [0, 1].map(|row| option(&quotes[row]["quote"], "as_it_stands").clone());
    assert_eq!((&one["finish"], &one["steps"][0]["people"]), (&other["finish"], &Value::Null));
    let accept = json!({"option": "as_it_stands"});
    let answers: Vec<Answer> = thread::scope(|scope| {
        let (desk, jira, accept) = (&desk, &jira, &accept);
        let threads = quotes.each_ref().map(|quote| {
            let id = quote["id"].as_str().unwrap();
            let path = format!("/v1/quotes/{id}/acceptance");
            scope.spawn(move || send(desk, jira, &path, accept, id))
        });
        threads.map(|thread| thread.join().unwrap()).into()
    });
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let lost = answers.iter().find(|answer| answer.status == 409).unwrap();
    assert_eq!(lost.problem().1, "conflict");
    let fresh = &lost.json()["beside"]["quote"];
    let way = option(&fresh["quote"], "as_it_stands");
    assert_ne!(way["finish"], one["finish"], "the hour is taken");
    let path = format!("/v1/quotes/{}/acceptance", fresh["id"].as_str().unwrap());
    let done = send(&desk, &jira, &path, &accept, "fresh");
    assert_eq!((done.status, &done.json()["finish"]), (201, &way["finish"]));
    assert_eq!(desk.get("/v1/plans/current").json()["number"], 3);
}

/// R040: somebody in the plan is away all day. That is no fault of whoever asks, who may ask again.
#[test]
fn a_quote_against_a_plan_that_holds_no_longer_is_a_conflict() {
    let (desk, jira) = quoting();
    let kept = desk.get("/v1/plans/current").json();
    let step = &kept["plan"]["steps"][0];
    let away = json!({"from": step["start"], "to": step["end"]});
    assert_eq!(desk.post("/v1/people/wang/absences", &away, &[]).status, 201);
    let told = send(&desk, &jira, "/v1/quotes", &request("T-2"), "k1");
    assert_eq!(told.problem(), (409, "conflict".to_owned()));
    let draft = json!({"draft": desk.draft(), "replaces": 1});
    assert_eq!(desk.post("/v1/plans", &draft, &[]).status, 201);
    assert_eq!(send(&desk, &jira, "/v1/quotes", &request("T-2"), "k1").status, 201);
}

/// R015: a refusal quotes what is lawful instead, so that has a price.
#[test]
fn a_policy_whose_lawful_alternative_has_no_price_is_not_taken() {
    let desk = Desk::open();
    let mut wrong = policy();
    wrong["rates"] = json!([]);
    wrong["red_lines"] = json!([{"code": "RL-001", "service": "filing",
        "when": [{"name": "period", "value": "closed_month"}],
        "reason": {"zh": "已跨月", "en": "the month is closed"},
        "alternative": {"service": "filing", "about": {"zh": "红冲", "en": "by red letter"}}}]);
    let put = |policy: &Value| desk.put("/v1/policy", policy, &[("if-none-match", "*")]);
    let told = put(&wrong);
    assert_eq!(told.problem(), (422, "invalid".to_owned()), "{}", told.text());
    let told = told.json();
    let error = &told["errors"][0];
    assert_eq!(error["code"], "P107", "{told:#}");
    assert_eq!(error["pointer"], "/red_lines/0/alternative/service");
    wrong["rates"] = policy()["rates"].clone();
    assert_eq!(put(&wrong).status, 200);
}

/// The three calls of the README, as they stand there and for a ticket that has a client; each sent
/// twice, as after a lost answer.
#[test]
fn the_three_calls_of_the_readme_are_one_story_and_may_be_sent_again() {
    for client in [None, Some("acme")] {
        calls_of_the_readme(client);
    }
}

fn calls_of_the_readme(client: Option<&str>) {
    let (desk, jira) = quoting();
    if let Some(client) = client {
        assert_eq!(desk.post("/v1/clients", &json!({"id": client}), &[]).status, 201);
    }
    let readme = include_str!("../../../README.md");
    let calls: Vec<&str> = readme.lines().filter(|line| line.starts_with("curl ")).collect();
    assert_eq!(calls.len(), 3);
    let mut quote = String::new();
    for call in calls {
        let once = call.split("Idempotency-Key: ").nth(1).unwrap().split('"').next().unwrap();
        let mut rest = call.split("--json '").nth(1).unwrap().split("' localhost:8080");
        let mut body: Value = serde_json::from_str(rest.next().unwrap()).unwrap();
        let path = rest.next().unwrap().replace("$QUOTE", &quote);
        if let (Some(client), "/v1/tickets") = (client, path.as_str()) {
            body["client"] = json!(client);
        }
        let [one, two] = [0, 1].map(|_| send(&desk, &jira, &path, &body, once));
        assert_eq!((one.status, one.text() == two.text()), (201, true), "{path}: {}", one.text());
        if path == "/v1/quotes" {
            one.json()["id"].as_str().unwrap().clone_into(&mut quote);
        }
    }
    let kept = desk.get("/v1/tickets").json();
    let keys: Vec<&Value> =
        kept["items"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(keys, ["T-1", "T-7"]);
    assert_eq!(kept["items"][1]["ticket"]["client"].as_str(), client);
    assert_eq!(kept["items"][1]["promise"]["plan"].as_str().map(str::is_empty), Some(false));
}
