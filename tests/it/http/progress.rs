//! The client's progress page.

use paidan::app::service::role::Role;
use serde_json::json;

use super::client::Server;
use super::frame::{bearer, keyed};

/// R059: the page tells three states in both languages without a script, programs get JSON, and
/// whoever guesses gets nothing.
#[test]
fn a_client_sees_his_progress_by_a_link_and_nobody_else_does() {
    let (service, key) = keyed(Role::Dispatcher, &[]);
    let server = Server::with(service, paidan::web::Limits::default());
    let key = bearer(&key);
    let own = [("authorization", key.as_str())];
    let post = |path: &str, body: serde_json::Value| server.post(path, &body, &own);
    assert_eq!(post("/v1/tickets", json!({"id": "T-1", "channel": "web"})).status, 201);
    let path = "/v1/tickets/T-1/progress-link";
    let made = post(path, json!({"base": "https://desk.example.com/"}));
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let url = made["url"].as_str().unwrap();
    let page = url.strip_prefix("https://desk.example.com").unwrap();
    assert!(made["svg"].as_str().unwrap().contains("<svg"));
    assert_eq!(post(path, json!({"base": "desk"})).status, 422);

    let seen = server.ask("GET", page, &[("accept", "text/html")]);
    assert_eq!((seen.status, seen.header("cache-control")), (200, Some("no-store")));
    let text = seen.text();
    assert!(text.contains("材料审核中") && text.contains("material under review"), "{text}");
    assert!(!text.contains("<script") && !text.contains("T-1"), "{text}");
    let seen = server.ask("GET", page, &[("accept", "application/json")]).json();
    assert_eq!((&seen["state"], &seen["to_do"]), (&"material".into(), &json!([])));
    let gone = server.get("/p/00000000000000000000000000000000");
    assert_eq!(gone.status, 404);
    assert!(!gone.text().contains("link :") && !gone.text().contains("link ："), "{}", gone.text());
    assert_eq!(server.ask("DELETE", path, &own).status, 204);
    assert_eq!(server.get(page).status, 404);
    // Without a base the address is told from this server's root on.
    let made = post(path, json!({})).json();
    assert!(made.get("svg").is_none(), "{made}");
    assert_eq!(server.get(made["url"].as_str().unwrap()).status, 200);
}
