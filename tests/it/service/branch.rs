//! What may come on top, counted from the plan.

use paidan::app::service::desk::ReplanWish;
use paidan::app::service::role::Role;
use paidan::model::people::Absence;
use serde_json::json;

use super::desk::{doing, happen};
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller};

/// R075, R080, W12: a similar mark takes five working days more. When it is done without and with it
/// follows from the plan in force, and moves with it; nobody types the dates.
#[test]
fn what_may_come_is_counted_from_the_plan_and_moves_with_it() {
    both("branch", |service| {
        weighed_ticket(service);
        let agent = caller(Role::Dispatcher);
        let similar = || doing("forecast", json!({"may_add_days": 5, "reason": "similar mark"}));
        let early = happen(service, &agent, "T-1", &similar()).unwrap_err();
        assert!(early.label().en.contains("no plan in force finishes it"), "{early:?}");
        accept(service, &quote(service, "T-1")).unwrap();
        let typed = json!({"may_add_days": 5, "latest_ms": NOW, "reason": "similar mark"});
        let typed = happen(service, &agent, "T-1", &doing("forecast", typed)).unwrap_err();
        assert_eq!(typed.code(), "A009");
        let token = service.make_link(&agent, "T-1", NOW).unwrap();
        let seen = || {
            let view = service.client_view(&token, NOW).unwrap();
            let dates = [view.earliest, view.expected].map(|date| date.unwrap().to_string());
            (dates, view.because)
        };
        happen(service, &agent, "T-1", &similar()).unwrap();
        // Tuesday to Friday, and Monday when the office opens.
        let (dates, because) = seen();
        assert_eq!(dates, ["2026-03-09T12:00+08:00", "2026-03-16T09:00+08:00"]);
        assert_eq!(because.as_deref(), Some("similar mark"));
        let told = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap();
        let forecast = told.iter().find(|entry| entry.kind == "ticket.forecast").unwrap();
        assert_eq!(forecast.payload["latest_ms"], NOW + 7 * 86_400_000);
        // Li, who looks over results, is away for a day.
        let absence = json!({"from": "2026-03-09T09:00", "to": "2026-03-10T09:00"});
        let absence: Absence = serde_json::from_value(absence).unwrap();
        service.create_absence(&agent, "li", absence, None, NOW).unwrap();
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        service.replan(&agent, &wish, None, NOW, &mut |_| true).unwrap();
        let (dates, _) = seen();
        assert!(dates[0].starts_with("2026-03-10T"), "{dates:?}");
        assert_eq!(dates[1], "2026-03-17T09:00+08:00");
    });
}

/// R059, R075, R080: a plan that leaves the ticket out has no date for it, so that the client reads
/// the one promised, and once that has passed that it is late, and nothing to expect.
#[test]
fn a_plan_without_the_ticket_leaves_the_promise_and_then_lateness() {
    both("branch-dropped", |service| {
        weighed_ticket(service);
        let agent = caller(Role::Dispatcher);
        accept(service, &quote(service, "T-1")).unwrap();
        let similar = doing("forecast", json!({"may_add_days": 5, "reason": "similar mark"}));
        happen(service, &agent, "T-1", &similar).unwrap();
        let token = service.make_link(&agent, "T-1", NOW).unwrap();
        let seen = |now_ms: i64| {
            let view = service.client_view(&token, now_ms).unwrap();
            let dates = [view.earliest, view.expected, view.late_since];
            (dates.map(|date| date.map(|date| date.to_string())), view.because)
        };
        let date = |text: &str| Some(text.to_owned());
        let both = [date("2026-03-09T12:00+08:00"), date("2026-03-16T09:00+08:00"), None];
        assert_eq!(seen(NOW), (both, date("similar mark")));
        // By noon it was owed: the forecast stays, and that it is late.
        let noon = NOW + 3 * 3_600_000;
        assert_eq!(seen(noon).0[2], None, "at the very moment it is in time");
        let late = [None, date("2026-03-16T09:00+08:00"), date("2026-03-09T12:00+08:00")];
        assert_eq!(seen(noon + 60_000).0, late);
        // Li, who looks over results, is away for longer than the plan reaches.
        let absence = json!({"from": "2026-03-09T09:00", "to": "2026-04-30T09:00"});
        let absence: Absence = serde_json::from_value(absence).unwrap();
        service.create_absence(&agent, "li", absence, None, NOW).unwrap();
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        service.replan(&agent, &wish, None, NOW, &mut |_| true).unwrap();
        assert_eq!(seen(NOW), ([None, date("2026-03-09T12:00+08:00"), None], None));
        let late = [None, None, date("2026-03-09T12:00+08:00")];
        assert_eq!(seen(noon + 60_000), (late, None));
    });
}
