//! The life of a ticket at the desk over HTTP, from its request to its signature, by three
//! programs.

use serde_json::{Value, json};

use super::client::Answer;
use super::desk::{Desk, filing};
use super::frame::bearer;

/// The place of the ticket of this story.
const TICKET: &str = "/v1/tickets/T-1";

/// A day that is far enough off whenever this is run: in 2096.
const FAR_MS: i64 = 4_000_000_000_000;

/// A desk with a plan in force and the keys of three programs: what takes requests, what the
/// dispatcher works with, what results are looked over with.
struct Story {
    desk: Desk,
    asker: String,
    agent: String,
    boss: String,
}

impl Story {
    fn open() -> Story {
        let desk = Desk::open();
        assert_eq!(desk.post("/v1/tickets", &filing("T-0"), &[]).status, 201);
        let plan = json!({"draft": desk.draft(), "replaces": 0});
        assert_eq!(desk.post("/v1/plans", &plan, &[]).status, 201);
        let policy = json!({"format": "paidan-policy/1", "quote_minutes": 30,
            "rates": [{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
                "overtime_permille": 1000, "displacement_permille": 1000}]});
        assert_eq!(desk.put("/v1/policy", &policy, &[("if-none-match", "*")]).status, 200);
        let parts: [(&str, &[&str]); 3] =
            [("ticketing", &[]), ("dispatcher", &["wang", "mei"]), ("reviewer", &["boss"])];
        let [asker, agent, boss] = parts.map(|(role, people)| {
            let wish = json!({"role": role, "people": people, "days": 1});
            let made = desk.post("/v1/keys", &wish, &[]).json();
            bearer(made["key"].as_str().unwrap())
        });
        Story { desk, asker, agent, boss }
    }

    fn post(&self, key: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("authorization", key)];
        all.extend_from_slice(headers);
        self.desk.server.post(path, body, &all)
    }

    fn get(&self, key: &str, path: &str) -> Answer {
        self.desk.server.ask("GET", path, &[("authorization", key)])
    }

    /// Says with `key` that `person`, if anybody is named, did this to the ticket.
    fn says(
        &self,
        (key, person): (&str, Option<&str>),
        kind: &str,
        payload: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut body = json!({"kind": format!("ticket.{kind}"), "payload": payload});
        if let Some(person) = person {
            body["person"] = json!(person);
        }
        let any = [("if-match", "*")];
        let is_stated = headers.iter().any(|(name, _)| *name == "if-match");
        let all = [headers, if is_stated { &[] } else { &any }].concat();
        self.post(key, &format!("{TICKET}/happenings"), &body, &all)
    }

    /// The same, which has to come off; answers with the stage the ticket then is in.
    fn done(&self, who: (&str, Option<&str>), kind: &str, payload: &Value) -> Value {
        let done = self.says(who, kind, payload, &[]);
        assert_eq!(done.status, 201, "{kind}: {}", done.text());
        done.json()["desk"]["stage"].clone()
    }

    /// Asked for, found urgent and possible, quoted, accepted, given to Wang.
    fn given(&self) {
        let made = self.post(&self.asker, "/v1/tickets", &filing("T-1"), &[]);
        assert_eq!((made.status, made.header("etag")), (201, Some("\"1\"")), "{}", made.text());
        let agent = (self.agent.as_str(), None);
        assert_eq!(self.done(agent, "assessed", &assessed()), "assessed");
        assert_eq!(self.done(agent, "weighed", &weighed()), "weighed");
        let request = json!({"format": "paidan-request/1",
            "tickets": [{"id": "T-1", "service": "filing"}]});
        let quoted = self.post(&self.asker, "/v1/quotes", &request, &[]);
        assert_eq!(quoted.status, 201, "{}", quoted.text());
        let path = format!("{}/acceptance", quoted.header("location").unwrap());
        let accepted = self.post(&self.asker, &path, &json!({"option": "as_it_stands"}), &[]);
        assert_eq!(accepted.status, 201, "{}", accepted.text());
        let team = json!({"driver": "wang", "liaison": "mei", "reviewer": "boss"});
        assert_eq!(self.done(agent, "dispatched", &team), "dispatched");
        assert_eq!(
            self.done((&self.agent, Some("wang")), "acknowledged", &json!({})),
            "acknowledged"
        );
    }

    /// Looked over by himself and by somebody else, and handed over.
    fn handed_over(&self) {
        let wang = (self.agent.as_str(), Some("wang"));
        assert_eq!(self.done(wang, "self_checked", &json!({"items": []})), "self_checked");
        let boss = (self.boss.as_str(), Some("boss"));
        assert_eq!(self.done(boss, "reviewed", &json!({"items": []})), "reviewed");
        assert_eq!(self.done(wang, "delivered", &json!({"steps": []})), "delivered");
    }
}

/// R001, R076, R082, R085, R086, R101, R124: the whole life of a ticket through the doors that
/// other programs use; each does its own part, and the ticket is told alike to whoever may read
/// it.
#[test]
fn a_ticket_lives_over_http_from_its_request_to_its_signature() {
    let story = Story::open();
    story.given();
    let wang = (story.agent.as_str(), Some("wang"));
    // An answer that was lost: what is sent again is the same answer, and happens once.
    let once = [("idempotency-key", "begin")];
    let [one, two] = [0, 1].map(|_| story.says(wang, "begun", &json!({}), &once));
    assert_eq!((one.status, one.text()), (201, two.text()));
    assert_eq!(story.get(&story.agent, TICKET).json()["version"], one.json()["version"]);
    let other = story.says(wang, "contacted", &json!({}), &once);
    assert_eq!(other.problem().1, "key_reused");
    // R174: a key speaks for whom it was made, and for nobody else.
    let other = story.says((&story.agent, Some("boss")), "contacted", &json!({}), &[]);
    assert_eq!(other.problem(), (403, "forbidden".to_owned()));
    let fault = &other.json()["errors"][0];
    assert_eq!((&fault["code"], &fault["pointer"]), (&json!("A015"), &json!("/person")));
    assert!(fault["hint"].to_string().contains("people"), "{fault}");
    story.handed_over();

    let dossier = story.get(&story.agent, &format!("{TICKET}/desk"));
    assert_eq!((dossier.status, &dossier.json()["stage"]), (200, &json!("delivered")));
    // The client signs what he reads, and nothing else.
    let paper = story.get(&story.asker, &format!("{TICKET}/confirmation")).json();
    let asker = (story.asker.as_str(), None);
    let other = story.says(asker, "signed", &json!({"digest": "of something else"}), &[]);
    assert_eq!(other.status, 409, "{}", other.text());
    let signed = json!({"digest": paper["digest"]});
    let done = story.says(asker, "signed", &signed, &[]);
    assert_eq!(done.status, 201, "{}", done.text());
    let kept = story.get(&story.agent, TICKET).json();
    assert_eq!((&kept["state"], &kept["desk"]["stage"]), (&json!("done"), &json!("signed")));

    let told = story.get(&story.agent, &format!("{TICKET}/timeline?limit=500")).json();
    let kinds: Vec<&str> = told["items"].as_array().unwrap().iter().filter_map(kind_of).collect();
    let all = [
        "created",
        "assessed",
        "weighed",
        "quoted",
        "accepted",
        "dispatched",
        "acknowledged",
        "begun",
        "self_checked",
        "reviewed",
        "delivered",
        "signed",
    ];
    assert_eq!(kinds, all, "{told:#}");
    let begun = told["items"].as_array().unwrap().iter().find(|row| row["kind"] == "ticket.begun");
    assert_eq!(begun.unwrap()["person"], "wang");
}

/// What the desk calls it, of the rows that are of the story.
fn kind_of(row: &Value) -> Option<&str> {
    row["kind"].as_str()?.strip_prefix("ticket.").filter(|kind| *kind != "promised")
}

/// R076: what a rule forbids is a conflict with its code, why, and what to do, in both languages;
/// whoever relies on what is not so any more is told so, and nothing of it is on record.
#[test]
fn what_may_not_happen_is_refused_over_http_in_both_languages() {
    let story = Story::open();
    story.given();
    let before = story.get(&story.agent, TICKET);
    let agent = (story.agent.as_str(), None);
    let refused = |lang: &str| {
        let told = story.says(agent, "begun", &json!({}), &[("accept-language", lang)]);
        assert_eq!(told.problem(), (409, "conflict".to_owned()));
        told.json()
    };
    let (zh, en) = (refused("zh"), refused("en"));
    for told in [&zh, &en] {
        assert_eq!(told["errors"][0]["code"], "D010", "{told:#}");
    }
    let why = "only its driver, wang, can say so";
    assert_eq!((&zh["detail"], &en["detail"]), (&json!("只有推进人 wang 能这样说"), &json!(why)));
    assert_eq!(en["errors"][0]["hint"], json!({"zh": "请由本人操作", "en": "let him do it"}));

    let wang = (story.agent.as_str(), Some("wang"));
    let stale = story.says(wang, "begun", &json!({}), &[("if-match", "\"1\"")]);
    assert_eq!(stale.problem(), (412, "changed".to_owned()));
    let path = format!("{TICKET}/happenings");
    let bare = story.post(&story.agent, &path, &json!({"kind": "ticket.contacted"}), &[]);
    assert_eq!(bare.problem(), (428, "unconditional".to_owned()));
    // Who may not is told that first.
    let bare = story.post(&story.asker, &path, &json!({"kind": "ticket.contacted"}), &[]);
    assert_eq!(bare.problem(), (403, "forbidden".to_owned()));
    let asker = story.says((&story.asker, None), "begun", &json!({}), &[]);
    assert_eq!(asker.problem(), (403, "forbidden".to_owned()));
    let own = story.says(agent, "reviewed", &json!({"items": []}), &[]);
    assert_eq!(own.problem(), (403, "forbidden".to_owned()));
    let wrong = story.says(wang, "begun", &json!({"when": 1}), &[]);
    assert_eq!(wrong.problem(), (422, "invalid".to_owned()));
    // R007: a moment in microseconds is refused by its place in what was sent.
    let odd = json!({"reason": "flood", "until_ms": 1_775_642_400_000_000_i64});
    let odd = story.says(agent, "blocked", &odd, &[]);
    assert_eq!(odd.problem(), (422, "invalid".to_owned()));
    assert_eq!(odd.json()["errors"][0]["pointer"], "/payload/until_ms");
    assert_eq!(story.get(&story.agent, TICKET).text(), before.text());
    let version = format!("\"{}\"", before.json()["version"]);
    assert_eq!(story.says(wang, "begun", &json!({}), &[("if-match", &version)]).status, 201);
}

/// R068, R125: what is due is read by whoever works at the desk, by its time; another program is
/// told neither that nor what happened to a ticket, nor finds one of somebody else's.
#[test]
fn what_is_due_and_what_happened_are_read_by_whoever_may() {
    let story = Story::open();
    let policy = json!({"format": "paidan-policy/1", "quote_minutes": 30, "desk": {
        "working": "always", "warns_permille": 750, "escalates_to": "supervisor",
        "timers": [{"id": "l1", "label": {"zh": "首次联系", "en": "first call"},
            "starts": ["ticket.created"], "stops": ["ticket.contacted"],
            "goal": {"minutes": 10}, "runs": "working"}],
        "daily": [], "levels": [], "tiers": [], "vague": [], "delivery": [], "kick_off": [],
        "classes": [{"id": "urgent", "label": {"zh": "急", "en": "urgent"}, "curves": []}],
        "matrix": [{"class": "urgent"}],
        "posts": [{"post": "supervisor", "people": ["wang"]}],
        "messages_per_day": 2, "reminders": [{"after_days": 1, "post": "agent"}],
        "digest": {"post": "supervisor", "hour": 17}, "client_days": 90}});
    let put = story.desk.put("/v1/policy", &policy, &[("if-match", "*")]);
    assert_eq!(put.status, 200, "{}", put.text());
    let made = story.post(&story.asker, "/v1/tickets", &filing("T-1"), &[]);
    assert_eq!(made.status, 201, "{}", made.text());
    let due = story.get(&story.agent, "/v1/desk/due?until=2099-01-01T00:00%2B08:00");
    assert_eq!(due.status, 200, "{}", due.text());
    let due = due.json();
    let rows: Vec<_> = due["items"].as_array().unwrap().iter().collect();
    let call: Vec<_> = rows.iter().filter(|row| row["ticket"] == "T-1").collect();
    let signs: Vec<_> = call.iter().map(|row| (&row["timer"], &row["sign"])).collect();
    let (l1, warns, out) = (&json!("l1"), &json!("warns"), &json!("runs_out"));
    assert_eq!(signs, [(l1, warns), (l1, out)], "{due:#}");
    assert!(rows.is_sorted_by_key(|row| row["at"].as_str()), "{due:#}");
    assert_eq!(story.get(&story.agent, "/v1/desk/due?until=soon").status, 400);
    for path in ["/v1/desk/due", &format!("{TICKET}/timeline")] {
        assert_eq!(story.get(&story.asker, path).problem().0, 403, "{path}");
    }
    for path in ["/desk", "/timeline"] {
        let none = story.get(&story.boss, &format!("/v1/tickets/T-9{path}"));
        assert_eq!(none.problem(), (404, "not_found".to_owned()), "{path}");
        let other = story.get(&story.asker, &format!("/v1/tickets/T-0{path}"));
        assert!([403, 404].contains(&other.status), "{path}: {}", other.text());
    }
}

/// A policy with a desk, for which what is due is told.
fn with_a_desk(story: &Story) {
    let policy = json!({"format": "paidan-policy/1", "quote_minutes": 30, "desk": {
        "working": "always", "warns_permille": 750, "escalates_to": "supervisor", "timers": [],
        "daily": [], "levels": [], "tiers": [], "vague": [], "delivery": [], "kick_off": [],
        "classes": [{"id": "urgent", "label": {"zh": "急", "en": "urgent"}, "curves": []}],
        "matrix": [{"class": "urgent"}], "posts": [], "messages_per_day": 2,
        "reminders": [{"after_days": 1, "post": "agent"}],
        "digest": {"post": "supervisor", "hour": 17}, "client_days": 90}});
    let put = story.desk.put("/v1/policy", &policy, &[("if-match", "*")]);
    assert_eq!(put.status, 200, "{}", put.text());
}

/// R083, R097: an error found after the signature has somebody who puts it right, or a reason why
/// nobody has to; it is due until that is done, by whoever it is.
#[test]
fn an_error_found_after_the_signature_is_due_until_it_is_put_right() {
    let story = Story::open();
    story.given();
    with_a_desk(&story);
    let (agent, wang) = ((story.agent.as_str(), None), (story.agent.as_str(), Some("wang")));
    story.done(wang, "begun", &json!({}));
    story.handed_over();
    let paper = story.get(&story.asker, &format!("{TICKET}/confirmation")).json();
    story.done((&story.asker, None), "signed", &json!({"digest": paper["digest"]}));
    let found = |more: Value| {
        let mut payload =
            json!({"code": "figures", "reason": "the old rate", "found_by": "client"});
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        story.says(agent, "defect_found", &payload, &[])
    };
    for nobody in [json!({}), json!({"follow_up": "T-0", "needs_none": "x"})] {
        let told = found(nobody);
        assert_eq!(told.problem(), (409, "conflict".to_owned()));
        let fault = &told.json()["errors"][0];
        assert_eq!(fault["code"], "D060");
        assert!(fault["hint"]["zh"].to_string().contains("follow_up"), "{fault}");
    }
    assert_eq!(found(json!({"follow_up": "nobody"})).problem().0, 404);
    assert_eq!(found(json!({"needs_none": "the client put it right himself"})).status, 201);
    let due = || {
        let page = story.get(&story.agent, "/v1/desk/due?until=2099-01-01T00:00%2B08:00").json();
        let rows = page["items"].as_array().unwrap().iter();
        rows.filter(|row| row["sign"] == "mends").cloned().collect::<Vec<_>>()
    };
    assert_eq!(due(), [] as [Value; 0]);
    let none = story.says(agent, "defect_mended", &json!({"how": "filed again"}), &[]);
    assert_eq!(none.json()["errors"][0]["code"], "D061");
    assert_eq!(found(json!({"follow_up": "T-0"})).status, 201);
    assert_eq!(found(json!({"follow_up": "mei"})).problem().0, 404, "she is not on record");
    assert_eq!(found(json!({"follow_up": "wang"})).status, 201);
    let row = due().remove(0);
    assert_eq!((&row["ticket"], &row["person"]), (&json!("T-1"), &json!("wang")));
    assert_eq!(row["words"]["en"], "wrong figures: the old rate (by ticket T-0)");
    story.done(agent, "defect_mended", &json!({"how": "filed again"}));
    assert_eq!(due()[0]["words"]["zh"], "数据有误：the old rate");
    story.done(agent, "defect_mended", &json!({"how": "filed again", "number": 3}));
    assert_eq!(due(), [] as [Value; 0]);
    let rows =
        story.get(&story.agent, &format!("{TICKET}/desk")).json()["words"]["defects"].clone();
    assert_eq!(rows[0]["needs_none"], "the client put it right himself");
    assert!(rows[1]["mended"].is_string() && rows[2]["mended"].is_string(), "{rows:#}");
}

/// R009: what comes first is told when a ticket is assessed, and its work does not begin before
/// that is done: over HTTP as well, with the code, the ticket and what to do.
#[test]
fn what_comes_first_is_told_and_kept_to_over_http() {
    let story = Story::open();
    let desk = &story.desk;
    let with_closing = |path: &str, change: &dyn Fn(&mut Value)| {
        let kept = desk.get(path);
        let mut document = kept.json();
        change(&mut document);
        let put = desk.put(path, &document, &[("if-match", kept.header("etag").unwrap())]);
        assert_eq!(put.status, 200, "{}", put.text());
    };
    with_closing("/v1/base", &|base| {
        let mut closing = base["services"][0].clone();
        (closing["id"], closing["prerequisites"]) =
            (json!("closing"), json!([{"service": "filing"}]));
        base["services"].as_array_mut().unwrap().push(closing);
    });
    with_closing("/v1/policy", &|policy| {
        let mut rate = policy["rates"][0].clone();
        rate["service"] = json!("closing");
        policy["rates"].as_array_mut().unwrap().push(rate);
    });
    assert_eq!(desk.post("/v1/clients", &json!({"id": "acme"}), &[]).status, 201);
    let anew = desk.post("/v1/desk/replan", &json!({"rounds": 1, "publish": true}), &[]);
    assert!(anew.status < 300, "{}", anew.text());
    let says = |key: &str, person: Option<&str>, kind: &str, payload: Value| {
        let mut body = json!({"kind": format!("ticket.{kind}"), "payload": payload});
        body["person"] = json!(person);
        let path = format!("/v1/tickets/{key}/happenings");
        story.post(&story.agent, &path, &body, &[("if-match", "*")])
    };
    for (key, sold) in [("T-1", "filing"), ("T-2", "closing")] {
        let own = json!({"id": key, "service": sold, "client": "acme", "entity": "one"});
        let mut new = own.clone();
        new["channel"] = json!("hotline");
        assert_eq!(desk.post("/v1/tickets", &new, &[]).status, 201);
        let assessed = says(key, None, "assessed", assessed());
        let first = assessed.json()["first"]["services"][0].clone();
        let (service, ticket) = match sold {
            "closing" => (json!("filing"), json!("T-1")),
            _ => (Value::Null, Value::Null),
        };
        assert_eq!((&first["service"], &first["ticket"]), (&service, &ticket), "{key}");
        assert_eq!(says(key, None, "weighed", weighed()).status, 201);
        let request = json!({"format": "paidan-request/1", "tickets": [own]});
        let quoted = desk.post("/v1/quotes", &request, &[]);
        let path = format!("{}/acceptance", quoted.header("location").unwrap());
        let accepted = desk.post(&path, &json!({"option": "as_it_stands"}), &[]);
        assert_eq!(accepted.status, 201, "{}", accepted.text());
    }
    let team = json!({"driver": "wang", "liaison": "mei", "reviewer": "boss"});
    assert_eq!(says("T-2", None, "dispatched", team).status, 201);
    assert_eq!(says("T-2", Some("wang"), "acknowledged", json!({})).status, 201);
    let early = says("T-2", Some("wang"), "begun", json!({}));
    assert_eq!(early.problem(), (409, "conflict".to_owned()));
    let fault = &early.json()["errors"][0];
    assert_eq!(fault["code"], "D058");
    assert!(fault["message"]["en"].as_str().unwrap().contains("T-1"), "{fault}");
    assert!(fault["hint"]["zh"].is_string() && fault["hint"]["en"].is_string(), "{fault}");
}

fn assessed() -> Value {
    json!({"cause": "contract", "losses": ["deal"], "degree": "grave", "wished_ms": null,
        "needed_ms": FAR_MS, "has_notice": true, "stuck_at": "audit", "reach_today": "taken in"})
}

fn weighed() -> Value {
    let sure = json!({"answer": "yes", "evidence": "done every month"});
    json!({"people": sure, "process": sure, "tools": sure, "risk": sure})
}
