//! What is dropped some day, and what never is.

use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::role::Role;
use paidan::app::service::{Keeping, Refusal, Service};

use super::{NOW, both, caller, filing, firm, path, read};

const DAY: i64 = 86_400_000;

fn draft(service: &Service, now_ms: i64) -> Draft {
    let wish = DraftWish { rounds: 0, seed: 1 };
    read(&service.draft(&caller(Role::Dispatcher), &wish, None, now_ms, &mut |_| true).unwrap())
}

#[test]
fn a_draft_is_dropped_after_a_month_and_the_plan_it_became_stays() {
    both("tidy-drafts", |service| {
        let boss = caller(Role::Administrator);
        firm(service);
        service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
        let old = draft(service, NOW);
        let wish = Publishing { draft: Some(old.id.clone()), rollback_to: None, replaces: 0 };
        service.publish(&boss, &wish, None, NOW).unwrap();
        let young = draft(service, NOW + DAY);
        service.tidy(NOW + 30 * DAY).unwrap();
        assert!(service.draft_of(&boss, &old.id, NOW).is_ok(), "30 days old, no older");
        service.tidy(NOW + 30 * DAY + 1).unwrap();
        assert!(matches!(service.draft_of(&boss, &old.id, NOW), Err(Refusal::Unknown { .. })));
        assert!(service.draft_of(&boss, &young.id, NOW).is_ok(), "29 days old");
        assert_eq!(service.current_plan(&boss, NOW).unwrap().digest, old.digest);
        assert_eq!(service.published_plans(&boss, 0, 9).unwrap().len(), 1);
    });
}

#[test]
fn only_so_much_is_dropped_at_a_time_and_the_rest_in_the_next_rounds() {
    let service = Service::in_memory();
    firm(&service);
    // 50 at a time.
    let drafts: Vec<Draft> = (0..51).map(|row| draft(&service, NOW + row)).collect();
    let left = |service: &Service| {
        let boss = caller(Role::Administrator);
        drafts.iter().filter(|draft| service.draft_of(&boss, &draft.id, NOW).is_ok()).count()
    };
    assert!(service.tidy(NOW + 31 * DAY).unwrap(), "there may be more");
    assert_eq!(left(&service), 1);
    assert!(!service.tidy(NOW + 31 * DAY).unwrap());
    assert_eq!(left(&service), 0);
}

/// R244: it stays on record who looked at what, for as long as was said.
#[test]
fn accesses_are_kept_for_the_days_that_were_said() {
    let keeping = Keeping { access_days: 2, ..Keeping::default() };
    for service in [Service::in_memory(), Service::open(&path("tidy-views")).unwrap()] {
        let service = service.keeping(keeping);
        let boss = caller(Role::Administrator);
        firm(&service);
        for day in 0..3 {
            service.person(&boss, "wang", NOW + day * DAY).unwrap();
        }
        service.write_noted().unwrap();
        let views = |now_ms: i64| {
            assert!(!service.tidy(now_ms).unwrap());
            service.accesses_to(&boss, ("person", "wang"), None, 9).unwrap().len()
        };
        assert_eq!(views(NOW + 2 * DAY), 3, "the first is two days old, no older");
        assert_eq!(views(NOW + 2 * DAY + 1), 2);
        assert_eq!(views(NOW + 9 * DAY), 0);
    }
}

/// R244: whoever is shown a draft, a plan, somebody's day or absences, a quote or the log is noted.
#[test]
fn views_of_plans_quotes_absences_and_events_are_on_record() {
    both("views-of-all", |service| {
        let boss = caller(Role::Administrator);
        super::quotes::quoting(service);
        let draft = draft(service, NOW);
        let quote = super::quotes::quote(service, "T-2");
        service.draft_of(&boss, &draft.id, NOW).unwrap();
        service.published_plan(&boss, 1, NOW).unwrap();
        service.current_plan(&boss, NOW).unwrap();
        service.day_of(&boss, "wang", None, NOW).unwrap();
        service.absences(&boss, "wang", (None, 9), NOW).unwrap();
        service.quote_of(&boss, &quote.id, NOW).unwrap();
        service.events(&boss, 7, 9, NOW).unwrap();
        service.events_of(&boss, &"ticket/T-1".parse().unwrap(), 0, 9, NOW).unwrap();
        let seen = service.accesses_by(&boss, "person/administrator", None, 99).unwrap();
        let seen: Vec<String> =
            seen.iter().rev().map(|s| format!("{}/{} {}", s.kind, s.key, s.detail)).collect();
        let expected = [
            format!("draft/{} ", draft.id),
            "plan/1 ".to_owned(),
            "plan/1 ".to_owned(),
            "person/wang plan".to_owned(),
            "person/wang absences".to_owned(),
            format!("quote/{} ", quote.id),
            "event/all behind 7".to_owned(),
            "ticket/T-1 events".to_owned(),
        ];
        assert_eq!(seen, expected);
    });
}
