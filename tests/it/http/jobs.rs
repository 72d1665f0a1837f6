//! Searches that nobody waits for: begun once, watched, cancelled, and none of them holds a server
//! that is to stop.

use std::io::{BufRead as _, BufReader, Write as _};
use std::time::Duration;

use paidan::app::service::Owner;
use paidan::app::service::Service;
use paidan::app::service::keys::Wish;
use paidan::app::service::role::Role;
use paidan::web::Limits;
use serde_json::{Value, json};

use super::client::{Asked, Server};
use super::frame::{bearer, keyed};
use super::stateless::{asked, late, shipped};

/// A search of ten minutes.
fn long() -> Value {
    json!({ "scenario": shipped("02-filing-day"), "search": { "milliseconds": 600_000 } })
}

/// The lines of the events of the job at `path`, as they come.
fn events(server: &Server, path: &str) -> impl Iterator<Item = String> + use<> {
    let asked = Asked::open(server.address).send("GET", &format!("{path}/events"), &[], b"");
    BufReader::new(asked.stream).lines().map_while(Result::ok)
}

/// The first event that tells of a cost.
fn first_cost(lines: &mut impl Iterator<Item = String>) -> String {
    lines.find(|line| line.contains("cost_fen")).unwrap()
}

#[test]
fn a_long_search_is_a_job_and_cancelling_keeps_its_best() {
    let server = Server::start();
    let begun = server.post("/v1/plan", &long(), &[]);
    assert_eq!(begun.status, 202, "{}", begun.text());
    let path = begun.header("location").unwrap().to_owned();
    let mut lines = events(&server, &path);
    first_cost(&mut lines);
    let cancelled = server.ask("DELETE", &path, &[]);
    assert_eq!((cancelled.status, &cancelled.json()["is_cancelled"]), (200, &json!(true)));
    assert!(lines.any(|line| line == "event: end"));
    let done = server.get(&path).json();
    assert_eq!(done["standing"], "done");
    assert!(done["result"]["plan"]["cost"]["total_fen"].is_i64());
    let verify = json!({ "scenario": long()["scenario"], "plan": done["result"]["plan"] });
    assert_eq!(server.post("/v1/verify", &verify, &[]).json()["is_clean"], true);
}

#[test]
fn a_server_that_stops_ends_its_streams_and_searches() {
    let server = Server::start();
    let begun = server.post("/v1/plan", &long(), &[]);
    let mut lines = events(&server, begun.header("location").unwrap());
    first_cost(&mut lines);
    server.stop();
    assert!(lines.any(|line| line == "event: stopping" || line == "event: end"));
    server.ended().unwrap();
}

/// A request that is half sent when the server stops is dropped at the deadline, not waited for.
#[test]
fn a_server_that_stops_waits_no_longer_than_it_says() {
    let limits = Limits { drain_seconds: 1, ..Limits::default() };
    let server = Server::with(Service::in_memory(), limits);
    let mut half = Asked::open(server.address).stream;
    half.write_all(
        b"POST /v1/plan HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n",
    )
    .unwrap();
    half.write_all(b"content-length: 10\r\n\r\n{").unwrap();
    assert_eq!(server.get("/healthz").status, 200);
    server.ended().unwrap();
}

#[test]
fn a_job_is_begun_once_for_one_idempotency_key() {
    let server = Server::start();
    let headers = [("prefer", "respond-async"), ("idempotency-key", "morning-1")];
    let [one, two] = [0, 1].map(|_| server.post("/v1/plan", &asked(&late(), 1), &headers));
    assert_eq!(one.header("location"), two.header("location"));
    let other = server.post("/v1/plan", &asked(&late(), 2), &headers);
    assert_eq!(other.problem(), (409, "key_reused".to_owned()));
    let wrong = [("prefer", "respond-async"), ("idempotency-key", "")];
    let wrong = server.post("/v1/plan", &asked(&late(), 2), &wrong);
    assert_eq!(wrong.problem(), (400, "bad_header".to_owned()));
}

#[test]
fn a_job_is_nobody_elses() {
    let (service, key) = keyed(Role::Dispatcher, &[]);
    let wish = Wish {
        role: Role::Administrator,
        scopes: Vec::new(),
        people: Vec::new(),
        expires_ms: None,
    };
    let other = Owner::of_service(&service).make_key(wish, 0).unwrap().key;
    let server = Server::with(service, Limits::default());
    let (own, other) = (bearer(&key), bearer(&other));
    let headers = [("prefer", "respond-async"), ("authorization", own.as_str())];
    let begun = server.post("/v1/plan", &asked(&late(), 1), &headers);
    let path = begun.header("location").unwrap().to_owned();
    assert_eq!(server.ask("GET", &path, &[("authorization", &own)]).status, 200);
    for (method, path) in
        [("GET", path.clone()), ("DELETE", path.clone()), ("GET", path + "/events")]
    {
        let answer = server.ask(method, &path, &[("authorization", &other)]);
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{method} {path}");
    }
}

/// Two jobs kept: of three that ended, the first is forgotten when the fourth begins.
#[test]
fn finished_jobs_are_kept_up_to_a_number() {
    let limits = Limits { jobs_kept: 2, ..Limits::default() };
    let server = Server::with(Service::in_memory(), limits);
    let begin = || {
        let begun = server.post("/v1/plan", &asked(&late(), 1), &[("prefer", "respond-async")]);
        let path = begun.header("location").unwrap().to_owned();
        assert!(events(&server, &path).any(|line| line == "event: end"));
        path
    };
    let paths: Vec<String> = (0..4).map(|_| begin()).collect();
    let statuses: Vec<u16> = paths.iter().map(|path| server.get(path).status).collect();
    assert_eq!(statuses, [404, 200, 200, 200]);
}

/// One place and nowhere to wait: the second job is told to come again.
#[test]
fn more_jobs_than_there_is_room_for_are_told_to_come_again() {
    let limits = Limits { workers: 1, waiting: 0, ..Limits::default() };
    let server = Server::with(Service::in_memory(), limits);
    let begun = server.post("/v1/plan", &long(), &[]);
    let mut lines = events(&server, begun.header("location").unwrap());
    first_cost(&mut lines);
    for headers in [&[("prefer", "respond-async")][..], &[]] {
        let busy = server.post("/v1/plan", &asked(&late(), 1), headers);
        assert_eq!(busy.problem(), (503, "busy".to_owned()));
        assert_eq!(busy.header("retry-after"), Some("5"));
    }
    let metrics = server.get("/metrics").text().to_owned();
    assert!(metrics.contains("\npaidan_jobs_active 1\n"), "{metrics}");
}

#[test]
fn requests_beyond_the_limits_are_told_which() {
    let limits = Limits { body_bytes: 1_000, receive_seconds: 1, requests: 1, ..Limits::default() };
    let server = Server::with(Service::in_memory(), limits);
    let unasked = server.send("GET", "/healthz", &[], &[b' '; 1_001]);
    assert_eq!(unasked.problem(), (413, "too_large".to_owned()));
    let large = server.send("POST", "/v1/verify", &[], &[b' '; 1_001]);
    assert_eq!(large.problem(), (413, "too_large".to_owned()));
    let head = "POST /v1/verify HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    let begin = |rest: &str| {
        let mut asked = Asked::open(server.address);
        asked.stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        asked.stream.write_all((head.to_owned() + rest).as_bytes()).unwrap();
        asked
    };
    // 1,008 bytes in chunks, whose sum nobody states.
    let chunk = format!("3f0\r\n{}\r\n", " ".repeat(1_008));
    let chunked = begin(&format!("transfer-encoding: chunked\r\n\r\n{chunk}")).answer();
    assert_eq!(chunked.problem(), (413, "too_large".to_owned()));
    let slow = begin("content-length: 10\r\nexpect: 100-continue\r\n\r\n");
    // The server has let it in once it asks for the body; it takes no place until it has come.
    let mut line = String::new();
    BufReader::new(slow.stream.try_clone().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("100"), "{line}");
    assert_eq!(server.get("/healthz").status, 200);
    let rest = slow.answer();
    assert_eq!(rest.problem(), (408, "too_slow".to_owned()));
}

#[test]
fn a_request_without_a_place_is_told_to_come_again() {
    let limits = Limits { requests: 0, ..Limits::default() };
    let busy = Server::with(Service::in_memory(), limits).get("/healthz");
    assert_eq!(busy.problem(), (503, "busy".to_owned()));
    assert_eq!(busy.header("retry-after"), Some("1"));
}

/// A million rounds, of which a job has 50 ms: it ends with the best so far.
#[test]
fn a_job_counted_in_rounds_ends_when_its_time_is_over() {
    let limits = Limits { job_ms: 50, ..Limits::default() };
    let server = Server::with(Service::in_memory(), limits);
    let rounds = json!({ "rounds": 1_000_000, "lanes": 1 });
    let endless = json!({ "scenario": long()["scenario"], "search": rounds });
    let begun = server.post("/v1/plan", &endless, &[]);
    let path = begun.header("location").unwrap();
    assert!(events(&server, path).any(|line| line == "event: end"));
    assert_eq!(server.get(path).json()["standing"], "done");
}

/// One place, taken; of four jobs at most an asker has two. The second waits although nobody
/// else may, ends at once when it is cancelled, and makes room for another.
#[test]
fn a_waiting_job_is_cancelled_at_once_and_nobody_has_more_than_half_of_all() {
    let limits = Limits { workers: 1, waiting: 3, ..Limits::default() };
    let server = Server::with(Service::in_memory(), limits);
    let begin = || server.post("/v1/plan", &long(), &[]);
    let first = begin();
    first_cost(&mut events(&server, first.header("location").unwrap()));
    let second = begin();
    let path = second.header("location").unwrap();
    assert_eq!(server.get(path).json()["standing"], "waiting");
    assert_eq!(begin().problem(), (429, "too_many".to_owned()));
    server.ask("DELETE", path, &[]);
    assert!(events(&server, path).any(|line| line == "event: end"));
    let ended = server.get(path).json();
    let told = (&ended["standing"], &ended["problem"]["code"]);
    assert_eq!(told, (&json!("cancelled"), &json!("cancelled")));
    assert_eq!(begin().status, 202);
}

/// A search of one round is over when its stream ends.
#[test]
fn a_job_that_is_over_is_not_cancelled() {
    let server = Server::start();
    let aside = [("prefer", "respond-async")];
    let begun = server.post("/v1/plan", &asked(&late(), 1), &aside);
    let path = begun.header("location").unwrap();
    assert!(events(&server, path).any(|line| line == "event: end"));
    let told = server.ask("DELETE", path, &[]).json();
    assert_eq!((&told["standing"], &told["is_cancelled"]), (&json!("done"), &json!(false)));
    assert_eq!(server.get(path).json()["is_cancelled"], false);
}

#[test]
fn an_answer_that_takes_too_long_is_told_so() {
    let limits = Limits { answer_seconds: 0, ..Limits::default() };
    let server = Server::with(Service::in_memory(), limits);
    let late = server.post("/v1/plan", &asked(&late(), 1), &[]);
    assert_eq!(late.problem(), (504, "timed_out".to_owned()));
}

/// Waited for, with a key: done once, answered twice, and never for another body.
#[test]
fn a_plan_waited_for_is_made_once_for_one_idempotency_key() {
    let server = Server::start();
    let once = [("idempotency-key", "plan-1")];
    let search = json!({ "milliseconds": 50, "lanes": 1 });
    let body = json!({ "scenario": late(), "search": search });
    let [one, two] = [0, 1].map(|_| server.post("/v1/plan", &body, &once));
    assert_eq!((one.status, two.status), (200, 200), "{}", one.text());
    // Time is in the provenance: made twice, the two would differ.
    assert_eq!(one.body, two.body);
    assert_eq!(one.json()["plan"]["cost"]["total_fen"], 100);
    let other = server.post("/v1/plan", &asked(&late(), 1), &once);
    assert_eq!(other.problem(), (409, "key_reused".to_owned()));
    let job = server.post("/v1/plan", &body, &[once[0], ("prefer", "respond-async")]);
    let path = job.header("location").unwrap();
    assert_eq!(server.get(path).json()["result"], one.json());
}

/// One stream each: the second is told to come again, and there is room when the first is closed.
#[test]
fn an_asker_has_so_many_streams_of_events_and_no_more() {
    let limits = Limits { streams: 1, ..Limits::default() };
    let server = Server::with(Service::in_memory(), limits);
    let begun = server.post("/v1/plan", &long(), &[]);
    let path = format!("{}/events", begun.header("location").unwrap());
    let mut lines = events(&server, begun.header("location").unwrap());
    first_cost(&mut lines);
    let second = server.get(&path);
    assert_eq!(second.problem(), (429, "too_many".to_owned()));
    assert_eq!(second.header("retry-after"), Some("5"));
    drop(lines);
    // Its end is noticed when the next event cannot be sent.
    let place = begun.header("location").unwrap();
    let again = (0..1_000).any(|_| {
        let asked = Asked::open(server.address).send("GET", &path, &[], b"");
        let mut line = String::new();
        BufReader::new(asked.stream).read_line(&mut line).unwrap();
        line.contains("200")
    });
    assert!(again);
    server.ask("DELETE", place, &[]);
}

#[test]
fn a_stream_ends_when_the_key_of_its_asker_is_taken_back() {
    let (service, key) = keyed(Role::Dispatcher, &[]);
    let wish = Wish {
        role: Role::Administrator,
        scopes: Vec::new(),
        people: Vec::new(),
        expires_ms: None,
    };
    let boss = Owner::of_service(&service).make_key(wish, 0).unwrap().key;
    let server = Server::with(service, Limits::default());
    let (own, boss) = (bearer(&key), bearer(&boss));
    let headers = [("authorization", own.as_str())];
    let begun = server.post("/v1/plan", &long(), &headers);
    let path = begun.header("location").unwrap().to_owned();
    let asked = Asked::open(server.address).send("GET", &format!("{path}/events"), &headers, b"");
    let mut lines = BufReader::new(asked.stream).lines().map_while(Result::ok);
    first_cost(&mut lines);
    let path = format!("/v1/keys/{}", &key[3..15]);
    let revoked = server.ask("DELETE", &path, &[("authorization", &boss)]);
    assert_eq!(revoked.status, 204);
    let last: Vec<String> = lines.filter(|line| line.starts_with("event: ")).collect();
    assert_eq!(last.last().map(String::as_str), Some("event: shut_out"));
}
