//! The frame: routes, who is let in, limits, problem documents, languages, health.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use paidan::app::service::desk::NEVER_SAID;
use paidan::app::service::keys::Wish;
use paidan::app::service::role::{Permission, Role};
use paidan::app::service::{Owner, Service};
use paidan::desk::life::KINDS;
use paidan::model::lang::Lang;
use paidan::web::{self, Limits, Options, Proxy, Stop, serve};

use serde_json::json;

use super::client::Server;

/// A service with a key of `role`, and that key.
pub(crate) fn keyed(role: Role, scopes: &[Permission]) -> (Service, String) {
    let service = Service::in_memory();
    let wish = Wish { role, scopes: scopes.to_vec(), people: Vec::new(), expires_ms: None };
    let key = Owner::of_service(&service).make_key(wish, 0).unwrap().key;
    (service, key)
}

/// The bearer header of `key`.
pub(crate) fn bearer(key: &str) -> String {
    format!("Bearer {key}")
}

#[test]
fn a_server_says_that_it_is_alive_and_ready() {
    let server = Server::start();
    for path in ["/healthz", "/readyz"] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.json()["status"].as_str()), (200, Some("ok")), "{path}");
    }
    assert!(server.get("/healthz").header("x-request-id").is_some());
}

#[test]
fn what_is_not_there_is_a_problem_in_the_language_asked_for() {
    let server = Server::start();
    let answer = server.ask("GET", "/v1/nothing", &[("accept-language", "en")]);
    assert_eq!(answer.problem(), (404, "no_route".to_owned()));
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:paidan:problem:no_route");
    assert_eq!(problem["title"], "there is nothing at this address");
    assert_eq!(problem["titles"]["zh"], "没有这个地址");
    let chinese = server.get("/v1/nothing");
    assert_eq!(chinese.json()["title"], "没有这个地址");
    assert_eq!(chinese.header("content-language"), Some("zh"));
    let wrong = server.post("/healthz", &json!({}), &[]);
    assert_eq!(wrong.problem(), (405, "wrong_method".to_owned()));
    assert_eq!(wrong.header("allow"), Some("GET,HEAD"));
    assert_eq!(server.get("/v1/schema/bread").problem(), (404, "not_found".to_owned()));
    assert_eq!(server.get("/healthz?x=1").problem(), (400, "bad_query".to_owned()));
    let garbled = server.get("/v1/schema/%FF");
    assert_eq!(garbled.problem(), (400, "bad_query".to_owned()));
    assert!(garbled.header("x-request-id").is_some());
}

#[test]
fn schemas_of_documents_are_those_of_the_command_line() {
    let server = Server::start();
    let names = server.get("/v1/schema").json();
    assert_eq!(names["names"][5], "plan");
    let schema = server.get("/v1/schema/plan");
    assert_eq!(schema.text(), paidan::app::documents::schema_of_plans());
}

#[test]
fn keys_decide_who_may_what_once_there_are_any() {
    let (service, key) = keyed(Role::Ticketing, &[]);
    let server = Server::with(service, Limits::default());
    let none = server.get("/metrics");
    assert_eq!(none.problem(), (401, "no_key".to_owned()));
    assert!(none.header("www-authenticate").unwrap().starts_with("Bearer"));
    let known = bearer(&key);
    let wrong = server.ask("GET", "/metrics", &[("authorization", &known)]);
    assert_eq!(wrong.problem(), (403, "forbidden".to_owned()));
    assert_eq!(wrong.json()["permission"], "server.read");
    let mistyped = bearer(&key[..key.len() - 1]);
    let unknown = server.ask("GET", "/metrics", &[("authorization", &mistyped)]);
    assert_eq!(unknown.problem(), (401, "no_key".to_owned()));
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn without_keys_only_this_machine_is_served_and_no_page_of_others() {
    let server = Server::start();
    assert_eq!(server.get("/metrics").status, 200);
    let rebound = server.ask("GET", "/metrics", &[("host", "evil.example")]);
    assert_eq!(rebound.problem(), (401, "no_key".to_owned()));
    let page = server.ask("GET", "/metrics", &[("origin", "https://evil.example")]);
    assert_eq!(page.problem(), (401, "no_key".to_owned()));
    let options = Options {
        listen: (Ipv4Addr::UNSPECIFIED, 0).into(),
        heeds_signals: false,
        ..Options::default()
    };
    let refused = serve(&options, Service::in_memory(), &Stop::default(), |_| ()).unwrap_err();
    assert!(refused.to_string().contains("paidan key create"), "{refused}");
}

/// `paidan serve --lang en`.
#[test]
fn whoever_names_no_language_is_answered_in_the_one_of_the_server() {
    let options = Options { lang: Lang::En, ..Options::default() };
    let server = Server::of(Service::in_memory(), options);
    let title = |headers: &[(&str, &str)]| {
        server.ask("GET", "/v1/nothing", headers).json()["title"].clone()
    };
    assert_eq!(title(&[]), "there is nothing at this address");
    assert_eq!(title(&[("accept-language", "zh")]), "没有这个地址");
    assert_eq!(Server::start().get("/v1/nothing").json()["title"], "没有这个地址");
}

#[test]
fn a_proxy_is_believed_from_its_own_address_only() {
    let proxy = |from| Proxy {
        from: vec![from],
        person_header: "x-person".to_owned(),
        role_header: "x-role".to_owned(),
    };
    let of = |from| {
        let options = Options { proxy: Some(proxy(from)), ..Options::default() };
        Server::of(Service::in_memory(), options)
    };
    let said = |role| [("x-person", "wang"), ("x-role", role)];
    let trusted = of(IpAddr::V4(Ipv4Addr::LOCALHOST));
    assert_eq!(trusted.ask("GET", "/metrics", &said("auditor")).status, 200);
    assert_eq!(trusted.ask("GET", "/metrics", &said("ticketing")).problem().0, 403);
    assert_eq!(trusted.ask("GET", "/metrics", &said("king")).problem().0, 403);
    assert_eq!(trusted.get("/metrics").problem().0, 401);
    let other = of(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
    assert_eq!(other.ask("GET", "/metrics", &said("auditor")).problem().0, 401);
}

/// Two wrong keys, then one a second: the third is told to wait, a right one is let in.
#[test]
fn an_address_that_shows_many_wrong_keys_is_told_to_come_again() {
    let (service, key) = keyed(Role::Auditor, &[]);
    let server = Server::with(service, Limits { wrong_keys: 2, ..Limits::default() });
    let ask = |key: &str| server.ask("GET", "/metrics", &[("authorization", &bearer(key))]);
    let wrong = format!("{}0", &key[..key.len() - 1]);
    let wrong = if wrong == key { format!("{}1", &key[..key.len() - 1]) } else { wrong };
    let answers: Vec<_> = (0..20).map(|_| ask(&wrong)).collect();
    assert_eq!(answers[0].problem(), (401, "no_key".to_owned()));
    let late = answers.iter().find(|answer| answer.status != 401).unwrap();
    assert_eq!(late.problem(), (429, "too_many".to_owned()));
    assert_eq!(late.header("retry-after"), Some("1"));
    assert_eq!(ask(&key).status, 200);
    // Whoever shows none is told how to get one, as often as he likes.
    assert_eq!(server.get("/metrics").problem().0, 401);
}

/// Two at once, then one in 1,000 seconds: the third comes too early, the other key does not.
#[test]
fn every_key_has_a_rate_of_its_own() {
    let (service, key) = keyed(Role::Auditor, &[]);
    let wish =
        Wish { role: Role::Auditor, scopes: Vec::new(), people: Vec::new(), expires_ms: None };
    let other = Owner::of_service(&service).make_key(wish, 0).unwrap().key;
    let server = Server::with(service, Limits { rate: 1, burst: 2, ..Limits::default() });
    let ask = |key: &str| server.ask("GET", "/metrics", &[("authorization", &bearer(key))]);
    let answers: Vec<_> = (0..20).map(|_| ask(&key)).collect();
    let late = answers.iter().find(|answer| answer.status != 200).unwrap();
    assert_eq!(late.problem(), (429, "too_many".to_owned()));
    assert_eq!(late.header("retry-after"), Some("1"));
    assert_eq!(late.json()["retry_after"], 1);
    assert_eq!(ask(&other).status, 200);
}

#[test]
fn answers_are_counted_by_route_and_status() {
    let server = Server::start();
    server.get("/v1/schema/plan");
    server.get("/v1/schema/bread");
    server.get("/v1/nothing");
    let text = server.get("/metrics").text().to_owned();
    for line in [
        "paidan_requests_total{method=\"GET\",route=\"/v1/schema/{name}\",status=\"200\"} 1",
        "paidan_requests_total{method=\"GET\",route=\"/v1/schema/{name}\",status=\"404\"} 1",
        "paidan_requests_total{method=\"\",route=\"\",status=\"404\"} 1",
        "paidan_request_seconds_count{method=\"GET\",route=\"/v1/schema/{name}\"} 2",
        "paidan_requests_in_flight 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

/// Renewed by `cargo run -- serve` and `curl localhost:8080/v1/openapi.json`, written as
/// `paidan::web::openapi` writes it; or by running this test with RENEW_OPENAPI set.
#[test]
fn the_openapi_document_is_the_one_that_was_looked_over() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/http/openapi.json");
    let document = web::openapi();
    if std::env::var_os("RENEW_OPENAPI").is_some() {
        fs::write(&path, &document).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(document == known, "the document changed: run with RENEW_OPENAPI=1 and look it over");
    assert_eq!(Server::start().get("/v1/openapi.json").text().trim(), document.trim());
}

#[test]
fn every_reference_in_the_openapi_document_leads_somewhere() {
    let document: serde_json::Value = serde_json::from_str(&web::openapi()).unwrap();
    let text = document.to_string();
    let mut count = 0;
    for rest in text.split("\"$ref\":\"").skip(1) {
        let place = rest.split('"').next().unwrap();
        let known = place.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        assert!(known.is_some(), "{place}");
        count += 1;
    }
    assert!(count > 100, "{count}");
}

#[test]
fn the_page_of_documentation_needs_nothing_from_elsewhere() {
    let page = Server::start().get("/docs");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let text = page.text();
    assert!(!text.contains("<script") && !text.contains("http://") && !text.contains("https://"));
    for words in ["/v1/schema/{name}", "一种文档的 JSON Schema", "The JSON Schema of one kind"]
    {
        assert!(text.contains(words), "{words}");
    }
}

/// Whoever is called by a hook reads here how he knows that it is us.
#[test]
fn how_a_hook_is_signed_is_told_in_both_languages_where_it_is_made() {
    let document: serde_json::Value = serde_json::from_str(&web::openapi()).unwrap();
    let told = document["paths"]["/v1/hooks"]["post"]["description"].as_str().unwrap();
    let page = Server::start().get("/docs");
    for words in ["X-Signature", "X-Timestamp", "X-Event-Id", "HMAC-SHA256", "300", "核对签名"]
    {
        assert!(told.contains(words) && page.text().contains(words), "{words}");
    }
    assert!(told.contains("Checking a signature") && page.text().contains("Checking a signature"));
}

/// R076: the document tells what each kind of happening says of itself, and tells it of all that
/// anybody may say.
#[test]
fn every_kind_of_happening_has_its_particulars_in_the_document() {
    let document: serde_json::Value = serde_json::from_str(&web::openapi()).unwrap();
    let doing = &document["components"]["schemas"]["Doing"];
    let kinds = doing["oneOf"].as_array().unwrap();
    let named = kinds.iter().map(|one| one["properties"]["kind"]["const"].as_str().unwrap());
    let named: Vec<&str> = named.collect();
    let expected: Vec<&str> = KINDS.into_iter().filter(|kind| !NEVER_SAID.contains(kind)).collect();
    assert_eq!(named, expected);
    let of = |kind: &str| kinds.iter().find(|one| one["properties"]["kind"]["const"] == kind);
    let assessed = of("ticket.assessed").unwrap();
    assert_eq!(assessed["required"], json!(["payload"]));
    let path = assessed["properties"]["payload"]["$ref"].as_str().unwrap();
    assert_eq!(path, "#/components/schemas/Assessment");
    // What may be left out altogether.
    assert!(of("ticket.contacted").unwrap().get("required").is_none());
    let returned = &of("ticket.returned").unwrap()["properties"]["payload"];
    assert_eq!(returned["required"], json!(["reason"]));
}

/// R124: all that makes something can be asked for again; what else is posted changes what is
/// there, by its version or to what is said, or only computes.
#[test]
fn whatever_is_made_can_be_asked_for_again() {
    let document: serde_json::Value = serde_json::from_str(&web::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let once = |post: &serde_json::Value| {
        let mut all = post["parameters"].as_array().into_iter().flatten();
        all.any(|parameter| parameter["name"] == "Idempotency-Key")
    };
    let posts = paths.iter().filter_map(|(path, methods)| Some((path, methods.get("post")?)));
    let others: Vec<&str> =
        posts.filter(|(_, post)| !once(post)).map(|(path, _)| path.as_str()).collect();
    let expected = [
        "/v1/dead-letters/{id}/again",
        "/v1/desk/learned",
        "/v1/diff",
        "/v1/explain",
        "/v1/quote",
        "/v1/tickets/{id}/promise",
        "/v1/verify",
    ];
    assert_eq!(others, expected);
}

#[test]
fn an_idle_server_stops_at_once() {
    let server = Server::start();
    assert_eq!(server.get("/healthz").status, 200);
    server.stop();
    server.ended().unwrap();
}
