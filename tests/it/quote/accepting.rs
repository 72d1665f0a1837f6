//! From a quote to the plan: whole, once, in time.

use paidan::app::documents::{self, Text};
use paidan::app::quoting::{self, Depth, Standing, Why};
use paidan::model::check::check;
use paidan::model::quote::OptionKind;
use paidan::verify::verify;

use super::{file, moment, nine, option, plan, question, quoted, request, standing};

/// The plan that an acceptance made, in force.
fn after(accepted: &quoting::Accepted) -> Standing {
    let bytes = documents::written(&accepted.scenario).into_bytes();
    let text = Text { name: "new".to_owned(), bytes };
    let question = documents::question(text, |_| Ok(Vec::new()));
    let question = question.map_err(|failure| failure.to_string()).unwrap();
    let policy = paidan::app::files::read(&file("policy.json")).unwrap();
    let policy = documents::policy(&policy, &question.scenario).unwrap();
    quoting::standing(&question, &accepted.plan, policy).unwrap()
}

/// The bill of the plan grows by exactly what the option was said to cost.
#[test]
fn every_option_becomes_a_clean_plan_at_the_cost_it_was_quoted() {
    let (standing, question) = (standing(), question());
    let before = verify(&question.work, standing.plan(), Some(standing.plan())).bill;
    let names = ["w01-food-licence", "w02-deregistrations", "w03-invoice-name", "w05-high-tech"];
    let mut seen = 0;
    for name in names.into_iter().chain(["w06-acceptance", "w06-loan", "w13-surcharge"]) {
        for option in quoted(name, nine()).options {
            let quote = quoted(name, nine());
            let made = quoting::accept(&standing, &quote, option.kind, nine()).unwrap();
            let (work, _) = check(&made.scenario).unwrap();
            let report = verify(&work, &made.plan, Some(standing.plan()));
            assert!(report.is_clean(), "{name} {:?}: {:?}", option.kind, report.violations);
            let more = report.bill.total_fen.0 - before.total_fen.0;
            assert_eq!(more, option.firm.total_fen, "{name} {:?}", option.kind);
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}

/// R040: a promise stands on the plan it was checked against. Two ask for the same hours, both
/// accept; the second hears that the plan has moved, and what is possible now.
#[test]
fn of_two_acceptances_racing_for_the_same_hours_one_wins() {
    let standing = standing();
    let quote = quoted("w06-acceptance", nine());
    let best = quote.recommended.as_ref().unwrap().kind;
    let mut other = request("w06-acceptance");
    other.tickets[0].id = "second".to_owned();
    let other = quoting::quote(&standing, &other, nine(), Depth::Full).unwrap();
    let won = quoting::accept(&standing, &quote, best, nine()).unwrap();
    let now = after(&won);
    assert_eq!(now.digest(), won.digest);
    let lost = quoting::accept(&now, &other, best, nine()).unwrap_err();
    assert_eq!(lost.why, Why::PlanMoved);
    let fresh = lost.fresh.unwrap();
    assert_eq!(fresh.plan_digest, won.digest);
    let again = fresh.recommended.as_ref().unwrap().kind;
    quoting::accept(&now, &fresh, again, nine()).unwrap();
}

/// It holds for thirty minutes: until 09:30, and no longer.
#[test]
fn an_expired_quote_is_denied() {
    let standing = standing();
    let quote = quoted("w06-loan", nine());
    assert_eq!(quote.expires, moment("2026-03-09T09:30"));
    let kind = OptionKind::NormalTrack;
    assert!(quoting::accept(&standing, &quote, kind, moment("2026-03-09T09:29")).is_ok());
    let late = quoting::accept(&standing, &quote, kind, moment("2026-03-09T09:30")).unwrap_err();
    assert_eq!(late.why, Why::Expired);
    assert_eq!(late.fresh.unwrap().expires, moment("2026-03-09T10:00"));
}

#[test]
fn an_option_that_was_altered_or_never_made_is_denied() {
    let standing = standing();
    let mut quote = quoted("w06-loan", nine());
    let kind = OptionKind::Displacing;
    let none = quoting::accept(&standing, &quote, kind, nine()).unwrap_err();
    assert_eq!(none.why, Why::NoSuchOption);
    let row = quote.options.iter().position(|o| o.kind == OptionKind::Overtime).unwrap();
    quote.options[row].steps[0].people = vec!["gu".to_owned()];
    let altered = quoting::accept(&standing, &quote, OptionKind::Overtime, nine()).unwrap_err();
    assert_eq!(altered.why, Why::Unfit);
}

/// A quote that was written and read again is still good.
#[test]
fn a_quote_survives_its_document() {
    let quote = quoted("w06-acceptance", nine());
    let bytes = documents::written(&quote).into_bytes();
    let read = documents::quote(&Text { name: "quote".to_owned(), bytes }).unwrap();
    assert_eq!(read, quote);
}

/// The last of the queue needs half the time: it is quoted in its own place.
#[test]
fn a_changed_ticket_takes_the_place_of_the_old_one() {
    let standing = standing();
    let question = question();
    let mut changed = request("w06-loan");
    changed.tickets = vec![question.scenario.tickets[3].clone()];
    changed.tickets[0].adjust =
        vec![serde_json::from_value(serde_json::json!({"step": "work", "minutes": 240})).unwrap()];
    let quote = quoting::quote(&standing, &changed, nine(), Depth::Full).unwrap();
    let kind = OptionKind::NormalTrack;
    assert_eq!(option(&quote, kind).steps[0].ticket, "queue-4");
    let made = quoting::accept(&standing, &quote, kind, nine()).unwrap();
    assert_eq!(made.scenario.tickets.len(), question.scenario.tickets.len());
    let rows = made.plan.steps.iter().filter(|row| row.ticket == "queue-4");
    assert_eq!(rows.count(), 1);
    assert!(plan(&question).steps.len() == made.plan.steps.len());
}

/// What stands before the moment of the call stays where it is.
#[test]
fn a_call_at_ten_past_two_moves_nothing_that_has_begun() {
    let standing = standing();
    let at = moment("2026-03-09T14:10");
    let quote = quoted("w06-acceptance", at);
    for option in &quote.options {
        let rows = option.steps.iter().chain(&option.moved);
        for row in rows {
            assert!(row.start.to_string().as_str() >= "2026-03-09T14:10", "{row:?}");
        }
        for row in &option.moved {
            let old = standing.plan().steps.iter();
            let mut old = old.filter(|old| (&old.ticket, &old.step) == (&row.ticket, &row.step));
            assert!(old.next().unwrap().start.to_string().as_str() >= "2026-03-09T14:10");
        }
    }
}
