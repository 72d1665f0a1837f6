//! What stands beside tickets: applications to come in, and the file of a client.

use paidan::app::service::desk::PaperSearch;
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal};
use paidan::desk::joining::{Application, Move};
use serde_json::json;

use super::desk::{doing, happen};
use super::{NOW, both, caller, clocks, read};

/// R196: a partner hands his application in and confirms it; staff send it back with a reason; it is
/// handed in again and approved. He decides nothing, and another partner sees nothing of it.
#[test]
fn a_partner_comes_in_by_an_application_that_staff_decide() {
    both("joining", |service| {
        let (partner, staff) = (caller(Role::Ticketing), caller(Role::Administrator));
        let submit = |is_confirmed| Move::Submit { is_confirmed };
        let moves =
            |who: &Caller, made: &Move| service.move_application(who, "P-1", made, None, NOW);
        assert!(matches!(service.application(&staff, "P-1"), Err(Refusal::Unknown { .. })));
        let blank = moves(&partner, &submit(false)).unwrap_err();
        assert!(matches!(blank, Refusal::Desk(_)), "{blank:?}");
        assert_eq!(moves(&partner, &submit(true)).unwrap().state, Application::Submitted);
        assert!(matches!(moves(&partner, &Move::Approve {}), Err(Refusal::Forbidden(_))));
        let mut other = partner.clone();
        other.owner = "other".to_owned();
        assert!(matches!(service.application(&other, "P-1"), Err(Refusal::Unknown { .. })));
        assert!(matches!(moves(&other, &submit(true)), Err(Refusal::Unknown { .. })));
        let reason = "营业执照不清晰".to_owned();
        moves(&staff, &Move::Reject { reason }).unwrap();
        let seen = service.application(&partner, "P-1").unwrap();
        assert_eq!(seen.name.zh, "申请被驳回：营业执照不清晰；请如实修改后重新提交");
        assert_eq!(moves(&partner, &submit(true)).unwrap().state, Application::Resubmitted);
        let approved = moves(&staff, &Move::Approve {}).unwrap();
        assert_eq!((approved.state, approved.version), (Application::Approved, 4));
        assert!(matches!(moves(&staff, &Move::Approve {}), Err(Refusal::Desk(_))));
    });
}

/// R060, R195: the papers of a client over his tickets, the latest first, a replaced version only
/// where it is asked for; none of another client's.
#[test]
fn the_papers_of_a_client_are_found_over_his_tickets() {
    both("papers", |service| {
        clocks::desk(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        for client in ["acme", "other"] {
            let file = serde_json::from_value(json!({"id": client})).unwrap();
            service.create_client(&boss, file, None, NOW).unwrap();
        }
        for (key, client) in [("T-2", "acme"), ("T-3", "acme"), ("T-4", "other")] {
            let new = json!({"id": key, "channel": "web", "service": "filing", "client": client});
            let new = serde_json::from_value(new).unwrap();
            let made = service.create_ticket(&agent, new, None, NOW).unwrap();
            let _: serde_json::Value = read(&made);
        }
        let filed = |ticket: &str, name: &str, digest: &str, supersedes: Option<&str>| {
            let paper = json!({"name": name, "digest": digest, "supersedes": supersedes});
            happen(service, &agent, ticket, &doing("document_filed", paper)).unwrap();
        };
        filed("T-2", "Licence", "a1", None);
        filed("T-2", "Licence", "a2", Some("a1"));
        filed("T-3", "Chart", "b1", None);
        filed("T-4", "Licence", "c1", None);
        let digests = |name: Option<&str>, with_old: bool| -> Vec<String> {
            let (client, name) = ("acme".to_owned(), name.map(str::to_owned));
            let asked = PaperSearch { client, name, source: None, with_old };
            let mut found = service.papers(&agent, &asked, NOW).unwrap();
            found.sort_by(|one, other| one.digest.cmp(&other.digest));
            found.into_iter().map(|paper| paper.digest).collect()
        };
        assert_eq!(digests(None, false), ["a2", "b1"]);
        assert_eq!(digests(None, true), ["a1", "a2", "b1"]);
        assert_eq!(digests(Some("lic"), false), ["a2"]);
        let outside = PaperSearch { client: "acme".to_owned(), ..PaperSearch::default() };
        let outside = service.papers(&caller(Role::Ticketing), &outside, NOW);
        assert!(matches!(outside, Err(Refusal::Forbidden(_))));
    });
}
