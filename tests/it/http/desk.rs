//! Kept things over HTTP: tickets, clients, plans, keys, hooks.

use std::thread;

use paidan::app::service::role::Role;
use serde_json::{Value, json};

use super::client::{Answer, Server};
use super::frame::{bearer, keyed};

/// A server with a firm in it and an administrator's key.
pub(super) struct Desk {
    pub(super) server: Server,
    key: String,
}

impl Desk {
    pub(super) fn open() -> Desk {
        let (service, key) = keyed(Role::Administrator, &[]);
        let desk = Desk { server: Server::with(service, paidan::web::Limits::default()), key };
        let hours = ["00:00-24:00"];
        let base = json!({
            "horizon_days": 4,
            "calendars": [{"id": "always", "weekly": {"mon": hours, "tue": hours, "wed": hours,
                "thu": hours, "fri": hours, "sat": hours, "sun": hours}}],
            "skills": [{"id": "tax"}],
            "services": [{"id": "filing", "normal": [
                {"id": "file", "seats": [{"skill": "tax", "level": 3}], "minutes": 60}]}]
        });
        let made = desk.put("/v1/base", &base, &[("if-none-match", "*")]);
        assert_eq!(made.status, 200, "{}", made.text());
        let wang = json!({"id": "wang", "skills": [{"skill": "tax", "level": 3}],
            "bands": [{"kind": "regular", "calendar": "always"}]});
        assert_eq!(desk.post("/v1/people", &wang, &[]).status, 201);
        desk
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &Value::Null, &[])
    }

    pub(super) fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        self.send("POST", path, body, headers)
    }

    pub(super) fn put(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        self.send("PUT", path, body, headers)
    }

    pub(super) fn send(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let key = bearer(&self.key);
        let mut all = vec![("authorization", key.as_str())];
        all.extend_from_slice(headers);
        if body.is_null() {
            return self.server.ask(method, path, &all);
        }
        self.server.send(method, path, &all, body.to_string().as_bytes())
    }

    pub(super) fn draft(&self) -> String {
        let made = self.post("/v1/drafts", &json!({"rounds": 1}), &[]);
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    }
}

pub(super) fn filing(id: &str) -> Value {
    json!({"id": id, "channel": "ticketing", "service": "filing"})
}

/// R124: what is sent twice is made once, and the second answer is the first one.
#[test]
fn a_ticket_is_created_once_read_changed_and_cancelled() {
    let desk = Desk::open();
    let once = [("idempotency-key", "k1")];
    let new = json!({"channel": "web", "service": "filing"});
    let made = desk.post("/v1/tickets", &new, &once);
    let again = desk.post("/v1/tickets", &new, &once);
    assert_eq!((made.status, again.status, made.text()), (201, 201, again.text()));
    let place = made.header("location").unwrap().to_owned();
    assert_eq!(again.header("location"), Some(place.as_str()));
    assert_eq!(desk.post("/v1/tickets", &filing("T-9"), &once).problem().1, "key_reused");

    let shown = desk.get(&place);
    let tag = shown.header("etag").unwrap();
    assert_eq!((shown.status, tag.starts_with("\"1-")), (200, true), "{tag}");
    let wish = json!({"review": "passed"});
    let patch = |tag: &[(&str, &str)]| desk.send("PATCH", &place, &wish, tag);
    assert_eq!(patch(&[]).problem(), (428, "unconditional".to_owned()));
    assert_eq!(patch(&[("if-match", tag)]).header("etag"), Some("\"2\""));
    assert_eq!(patch(&[("if-match", tag)]).problem(), (412, "changed".to_owned()));
    assert_eq!(patch(&[("if-match", "\"1\"")]).problem(), (412, "changed".to_owned()));
    let cancel = |tag: &str| desk.send("DELETE", &place, &Value::Null, &[("if-match", tag)]);
    let gone = cancel("\"2\"");
    assert_eq!((gone.status, &gone.json()["state"]), (200, &json!("cancelled")));
    for tag in ["\"2\"", "\"3\"", "*"] {
        let again = cancel(tag);
        assert_eq!((again.status, again.header("etag")), (200, Some("\"3\"")), "{tag}");
        assert_eq!(again.text(), gone.text(), "{tag}");
    }
    assert_eq!(patch(&[("if-match", "*")]).problem(), (422, "impossible".to_owned()));
    assert_eq!(desk.get("/v1/tickets/none").problem(), (404, "not_found".to_owned()));
    let events = desk.get(&format!("{place}/events")).json();
    assert_eq!(events["items"].as_array().unwrap().len(), 3);
}

/// R124: a system finds what it sent by its own name for it, and nobody else's of that name.
#[test]
fn a_ticket_is_found_by_what_its_own_system_calls_it() {
    let desk = Desk::open();
    let wish = json!({"role": "ticketing", "days": 1});
    let key = desk.post("/v1/keys", &wish, &[]).json()["key"].as_str().unwrap().to_owned();
    let key = bearer(&key);
    let called =
        |name: &str| json!({"channel": "ticketing", "service": "filing", "external": name});
    assert_eq!(desk.post("/v1/tickets", &called("ZD 7"), &[]).status, 201);
    let headers = [("authorization", key.as_str())];
    let [own, _] = ["ZD 7", "ZD 8"].map(|name| {
        let made = desk.server.post("/v1/tickets", &called(name), &headers);
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["id"].clone()
    });
    let found = |answer: Answer| -> Vec<Value> {
        answer.json()["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
    };
    let path = "/v1/tickets?external=ZD%207";
    assert_eq!(found(desk.server.ask("GET", path, &headers)), [own]);
    assert_eq!(found(desk.get(path)).len(), 2, "the house sees both");
    assert_eq!(found(desk.get("/v1/tickets?external=ZD")), [] as [Value; 0]);
}

/// A ticket and a client tell more than their version does: their tag stands for all of it, so a
/// ticket is sent again when a plan takes it up, though nobody changed it.
#[test]
fn what_the_asker_has_already_is_not_sent_again() {
    let desk = Desk::open();
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).status, 201);
    assert_eq!(desk.post("/v1/clients", &json!({"id": "acme"}), &[]).status, 201);
    for path in ["/v1/base", "/v1/people/wang", "/v1/tickets/T-1", "/v1/clients/acme"] {
        let tag = desk.get(path).header("etag").unwrap().to_owned();
        let again = |tag: &str| desk.send("GET", path, &Value::Null, &[("if-none-match", tag)]);
        assert_eq!((again(&tag).status, again(&tag).text()), (304, ""), "{path}");
        assert_eq!(again("\"99\"").status, 200, "{path}");
    }
    let tag = desk.get("/v1/tickets/T-1").header("etag").unwrap().to_owned();
    let wish = json!({"draft": desk.draft(), "replaces": 0});
    let published = desk.post("/v1/plans", &wish, &[]);
    assert_eq!(published.header("location"), Some("/v1/plans/1"), "{}", published.text());
    let planned = desk.send("GET", "/v1/tickets/T-1", &Value::Null, &[("if-none-match", &tag)]);
    assert_eq!((planned.status, &planned.json()["version"]), (200, &json!(1)));
    assert_eq!(planned.json()["standing"]["is_planned"], true);
}

#[test]
fn everything_wrong_with_a_ticket_is_told_with_pointers() {
    let desk = Desk::open();
    let wrong = json!({"channel": "pigeon", "service": 7, "wings": 2});
    let told = desk.post("/v1/tickets", &wrong, &[]);
    assert_eq!(told.problem(), (422, "invalid".to_owned()));
    let told = told.json();
    let pointers: Vec<&str> =
        told["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/channel", "/service", "/wings"]);
    let own = json!({"channel": "web", "steps": [
        {"id": "a", "seats": [{"skill": "magic", "level": 1}], "minutes": 5}]});
    let told = desk.post("/v1/tickets", &own, &[]).json();
    assert_eq!(told["errors"][0]["pointer"], "/steps/0/seats/0/skill");
    // A number out of its range hides none of the names nobody bears.
    let all = ["/bureau", "/client", "/service", "/steps/0/minutes", "/steps/0/seats/0/skill"];
    for (minutes, is_wrong) in [(10, false), (0, true)] {
        let ghosts = json!({"id": "bad", "channel": "web", "service": "ghost", "client": "ghost",
            "bureau": "ghost",
            "steps": [{"id": "a", "minutes": minutes, "seats": [{"skill": "ghost"}]}]});
        let told = desk.post("/v1/tickets", &ghosts, &[]).json();
        let errors = told["errors"].as_array().unwrap().iter();
        let mut told: Vec<&str> = errors.map(|error| error["pointer"].as_str().unwrap()).collect();
        told.sort_unstable();
        let wanted = all.iter().filter(|pointer| is_wrong || !pointer.ends_with("minutes"));
        assert_eq!(told, wanted.copied().collect::<Vec<_>>());
    }
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).status, 201);
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).problem().1, "conflict");
}

#[test]
fn tickets_are_listed_in_pages_that_go_on_where_the_last_one_ended() {
    let desk = Desk::open();
    for id in ["T-1", "T-2", "T-3"] {
        desk.post("/v1/tickets", &filing(id), &[]);
    }
    let first = desk.get("/v1/tickets?limit=2&state=open").json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let second = desk.get(&format!("/v1/tickets?limit=2&after={next}")).json();
    assert_eq!(second["items"][0]["id"], "T-3");
    assert!(second.get("next").is_none());
    assert_eq!(desk.get("/v1/tickets?after=zz").problem(), (400, "bad_query".to_owned()));
}

/// R240, R244: another program sees no client; views are on record.
#[test]
fn clients_are_for_who_may_see_them_and_views_are_on_record() {
    let desk = Desk::open();
    let acme = json!({"id": "acme", "finance": {"turnover_fen": 98_765_432}});
    assert_eq!(desk.post("/v1/clients", &acme, &[]).status, 201);
    assert!(desk.get("/v1/clients/acme").text().contains("98765432"));
    let wish = json!({"role": "dispatcher", "days": 1});
    let made = desk.post("/v1/keys", &wish, &[]).json();
    let dispatcher = bearer(made["key"].as_str().unwrap());
    let header = [("authorization", dispatcher.as_str())];
    let shown = desk.server.ask("GET", "/v1/clients/acme", &header);
    assert!(shown.status == 200 && !shown.text().contains("98765432"));
    assert_eq!(desk.server.ask("GET", "/v1/keys", &header).problem().1, "forbidden");
    let seen = desk.get("/v1/accesses?kind=client&key=acme").json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 2);
    let first = desk.get("/v1/accesses?kind=client&key=acme&limit=1").json();
    assert_eq!(
        (&first["items"][0], &first["next"]),
        (&seen["items"][0], &seen["items"][0]["number"])
    );
    let path = format!("/v1/accesses?kind=client&key=acme&limit=1&after={}", first["next"]);
    assert_eq!(desk.get(&path).json()["items"][0], seen["items"][1]);
    assert_eq!(desk.get("/v1/accesses?kind=client").problem().1, "bad_query");
    let prefix = made["listed"]["prefix"].as_str().unwrap();
    let path = format!("/v1/keys/{prefix}");
    assert_eq!(desk.send("DELETE", &path, &Value::Null, &[]).status, 204);
    assert_eq!(desk.server.ask("GET", "/v1/clients/acme", &header).problem().1, "no_key");
    assert_eq!(desk.send("DELETE", "/v1/clients/acme", &Value::Null, &[]).status, 204);
    assert_eq!(desk.get("/v1/clients/acme").status, 404);
}

#[test]
fn of_two_publishers_at_once_one_gets_a_conflict_with_the_difference() {
    let desk = Desk::open();
    desk.post("/v1/tickets", &filing("T-1"), &[]);
    let drafts = [desk.draft(), desk.draft()];
    let answers: Vec<Answer> = thread::scope(|scope| {
        let threads: Vec<_> = drafts
            .iter()
            .map(|draft| {
                let desk = &desk;
                let wish = json!({"draft": draft, "replaces": 0});
                scope.spawn(move || desk.post("/v1/plans", &wish, &[]))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let lost = answers.iter().find(|answer| answer.status == 409).unwrap().json();
    assert!(lost["beside"]["in_force"] == 1 && lost["beside"]["diff"]["bill"].is_array());

    let current = desk.get("/v1/plans/current").json();
    assert_eq!((&current["number"], desk.get("/v1/plans/1").status), (&json!(1), 200));
    assert_eq!(desk.get("/v1/plans/x").problem().1, "not_found");
    assert_eq!(desk.get("/v1/plans").json()["items"].as_array().unwrap().len(), 1);
    let steps = desk.get("/v1/people/wang/plan").json();
    assert_eq!(steps["steps"][0]["ticket"], "T-1");
    let promised = desk.post("/v1/tickets/T-1/promise", &json!({}), &[("if-match", "*")]);
    assert_eq!(promised.json()["promise"]["plan"], current["digest"]);
}

#[test]
fn a_hook_inside_the_house_is_refused_and_another_is_listed_without_its_secret() {
    let desk = Desk::open();
    let inside = json!({"url": "http://127.0.0.1/x", "events": ["*"]});
    assert_eq!(desk.post("/v1/hooks", &inside, &[]).problem().1, "invalid");
    let outside = json!({"url": "https://hooks.invalid/x", "events": ["plan.published"]});
    let made = desk.post("/v1/hooks", &outside, &[]).json();
    assert!(made["secret"].as_str().unwrap().starts_with("whs_"));
    let listed = desk.get("/v1/hooks").json();
    assert!(listed["items"][0].get("secret").is_none());
    let path = format!("/v1/hooks/{}", made["id"].as_str().unwrap());
    assert_eq!(desk.send("DELETE", &path, &Value::Null, &[]).status, 204);
    assert_eq!(desk.get("/v1/dead-letters").json()["items"], json!([]));
    let again = desk.post("/v1/dead-letters/7/again", &json!({}), &[]);
    assert_eq!(again.problem().1, "not_found");
}

/// Messages wait for a hook that nobody answers for; the counts stand among the metrics.
#[test]
fn the_outbox_is_counted_among_the_metrics() {
    let desk = Desk::open();
    let outside = json!({"url": "https://hooks.invalid/x", "events": ["*"]});
    assert_eq!(desk.post("/v1/hooks", &outside, &[]).status, 201);
    let before = gauge(&desk, "paidan_outbox_waiting");
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).status, 201);
    assert!(gauge(&desk, "paidan_outbox_waiting") > before);
    assert_eq!(gauge(&desk, "paidan_dead_letters"), 0);
}

fn gauge(desk: &Desk, name: &str) -> u64 {
    let text = desk.get("/metrics").text().to_owned();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name}: {text}")).parse().unwrap()
}

#[test]
fn a_change_relies_on_one_of_several_versions_or_on_any_there_is() {
    let desk = Desk::open();
    desk.post("/v1/tickets", &filing("T-1"), &[]);
    let change = |tags: &str| {
        let title = json!({"title": {"zh": "报税", "en": "filing"}});
        desk.send("PATCH", "/v1/tickets/T-1", &title, &[("if-match", tags)])
    };
    let done = change("\"7\", \"1\"");
    assert_eq!((done.status, done.header("etag")), (200, Some("\"2\"")), "{}", done.text());
    assert_eq!(change("\"7\", \"1\"").problem(), (412, "changed".to_owned()));
    assert_eq!(change("\"2\", \"1\"").status, 200);
    assert_eq!(change("*").status, 200);
    for none in ["3", "\"3\",", "W/\"4\"", "*, \"4\""] {
        assert_eq!(change(none).problem(), (400, "bad_header".to_owned()), "{none}");
    }
    let headers = [("if-match", "\"9\""), ("if-match", "\"4\"")];
    let twice = desk.send("PATCH", "/v1/tickets/T-1", &json!({}), &headers);
    assert_eq!(twice.status, 200, "{}", twice.text());
    // `*` asks for something that is there.
    let none = json!({"format": "paidan-policy/1", "quote_minutes": 30});
    let put = desk.put("/v1/policy", &none, &[("if-match", "*")]);
    assert_eq!(put.problem(), (412, "changed".to_owned()));
    assert_eq!(desk.get("/v1/policy").status, 404);
}

/// R133: asked for, a new ticket is answered with when it would be done beside what stands.
#[test]
fn a_new_ticket_is_answered_with_an_estimate_or_the_reason_why_not() {
    let desk = Desk::open();
    let asking = |id: &str| {
        json!({"id": id, "channel": "web", "service": "filing",
        "estimate": true})
    };
    let early = desk.post("/v1/tickets", &asking("T-1"), &[]).json();
    assert!(early["standing"].get("estimate").is_none());
    let why = early["standing"]["no_estimate"]["en"].as_str().unwrap();
    assert!(why.contains("no plan is in force"), "{why}");
    let plan = json!({"draft": desk.draft(), "replaces": 0});
    assert_eq!(desk.post("/v1/plans", &plan, &[]).status, 201);
    let unasked = desk.post("/v1/tickets", &filing("T-2"), &[]).json();
    assert!(unasked["standing"].get("estimate").is_none(), "{unasked}");
    assert!(unasked["standing"].get("no_estimate").is_none());
    let once = [("idempotency-key", "k1")];
    let made = desk.post("/v1/tickets", &asking("T-3"), &once);
    let told = made.json()["standing"].clone();
    let first = desk.get("/v1/tickets/T-1").json()["standing"]["estimate"].clone();
    // One person files for an hour each, T-1 first.
    assert!(told["estimate"].as_str() > first.as_str(), "{told} after {first}");
    assert_eq!(told["is_planned"], false);
    assert_eq!(desk.post("/v1/tickets", &asking("T-3"), &once).text(), made.text());
}

#[test]
fn a_draft_that_takes_long_is_a_job_with_the_draft_as_its_result() {
    let desk = Desk::open();
    desk.post("/v1/tickets", &filing("T-1"), &[]);
    let begun = desk.post("/v1/drafts", &json!({"rounds": 51}), &[("idempotency-key", "d1")]);
    assert_eq!(begun.status, 202, "{}", begun.text());
    let place = begun.header("location").unwrap().to_owned();
    let events = desk.get(&format!("{place}/events")).text().to_owned();
    assert!(events.contains("event: end"), "{events}");
    let done = desk.get(&place).json();
    assert_eq!((&done["kind"], &done["standing"]), (&json!("draft"), &json!("done")));
    let draft = done["result"]["id"].as_str().unwrap();
    assert_eq!(desk.get(&format!("/v1/drafts/{draft}")).json(), done["result"]);
    let published = desk.post("/v1/plans", &json!({"draft": draft, "replaces": 0}), &[]);
    assert_eq!(published.status, 201, "{}", published.text());
    let again = desk.post("/v1/drafts", &json!({"rounds": 51}), &[("idempotency-key", "d1")]);
    assert_eq!(again.header("location"), Some(place.as_str()));
    let rather = desk.post("/v1/drafts", &json!({"rounds": 1}), &[("prefer", "respond-async")]);
    assert_eq!(rather.status, 202);
}

/// R062, R079, R250: the report of a day and its period, planning anew and learned minutes are
/// asked for over HTTP, each by whoever may; what is wrong in the question is told.
#[test]
fn the_desk_is_reported_on_planned_anew_and_taught() {
    let desk = Desk::open();
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).status, 201);
    let report = desk.get("/v1/desk/report?day=2026-03-09&days=7");
    assert_eq!(report.status, 200, "{}", report.text());
    let report = report.json();
    assert_eq!(
        (&report["day"]["day"], &report["period"]["to"]),
        (&json!("2026-03-09"), &json!("2026-03-09"))
    );
    assert_eq!(report["period"]["from"], "2026-03-03");
    assert_eq!(desk.get("/v1/desk/report?days=401").status, 400);

    let draft = desk.post("/v1/desk/replan", &json!({"rounds": 1}), &[]);
    assert_eq!(draft.status, 200, "{}", draft.text());
    assert_eq!((&draft.json()["basis"], draft.json().get("published")), (&json!(0), None));
    let done = desk.post("/v1/desk/replan", &json!({"rounds": 1, "publish": true}), &[]).json();
    assert_eq!(done["published"], 1);
    assert_eq!(desk.get("/v1/plans/current").json()["number"], 1);
    assert_eq!(desk.post("/v1/desk/learned", &json!({"days": 30}), &[]).json(), json!([]));

    let (service, key) = keyed(Role::Ticketing, &[]);
    let server = Server::with(service, paidan::web::Limits::default());
    let key = bearer(&key);
    let own = [("authorization", key.as_str())];
    assert_eq!(server.ask("GET", "/v1/desk/report", &own).status, 403);
    assert_eq!(server.post("/v1/desk/replan", &json!({}), &own).status, 403);
    assert_eq!(server.post("/v1/desk/learned", &json!({}), &own).status, 403);
}

/// R060, R114, R196: the file of a client, tiers side by side and applications are asked for over
/// HTTP; what does not come next is a conflict, and what nobody handed in is not there.
#[test]
fn files_tiers_and_applications_are_asked_for() {
    let desk = Desk::open();
    let tiers = desk.get("/v1/desk/tiers");
    assert_eq!((tiers.status, &tiers.json()["rows"]), (200, &json!([])), "{}", tiers.text());
    let papers = desk.get("/v1/desk/papers?client=acme");
    assert_eq!((papers.status, papers.json()), (200, json!([])));
    assert_eq!(desk.get("/v1/desk/papers").status, 400);
    // R092, R135: the manual, and whether an emergency lasts; without a policy there is none to
    // begin.
    assert_eq!(desk.get("/v1/desk/manual?template=filing&days=30").json(), json!([]));
    assert_eq!(desk.get("/v1/desk/manual?days=0").status, 400);
    assert_eq!(desk.get("/v1/desk/surge").json(), json!({"is_on": false, "told": []}));
    let begin = json!({"is_on": true, "reason": "the tax system is down"});
    assert_eq!(desk.post("/v1/desk/surge", &begin, &[]).problem().1, "impossible");
    assert_eq!(desk.get("/v1/applications/P-1").status, 404);
    let moves = |kind: &str, payload: Value| {
        let body = json!({"kind": format!("application.{kind}"), "payload": payload});
        desk.post("/v1/applications/P-1/moves", &body, &[])
    };
    assert_eq!(moves("approved", json!({})).status, 409);
    let handed_in = moves("submitted", json!({"is_confirmed": true}));
    assert_eq!(handed_in.json()["state"], "submitted", "{}", handed_in.text());
    assert_eq!(moves("approved", json!({})).json()["name"]["en"], "approved");
    assert_eq!(desk.get("/v1/applications/P-1").json()["version"], 2);
}
