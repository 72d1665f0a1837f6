//! Between the firm and the client: what he must bring by when, visits, calls, mass trouble.

use super::beside::holds;
use super::intake::is_on_the_list;
use super::{Asker, Rules, said};
use crate::desk::life::{Happening, Life};
use crate::desk::refusal::Refusal;
use crate::policy::desk::Post;

pub(super) fn guard(
    life: &Life,
    wish: &Happening,
    rules: &Rules,
    asker: &Asker,
) -> Result<(), Refusal> {
    let is_asked_for = |item: &String| {
        let is_known = is_on_the_list(life, rules, item);
        if is_known { Ok(()) } else { Err(Refusal::UnknownItem(item.clone())) }
    };
    let visit = life.beside.visit;
    match wish {
        Happening::MaterialPrechecked { item, .. } => is_asked_for(item),
        Happening::ClientDue { items, by_ms } => {
            if *by_ms <= asker.now_ms {
                return Err(Refusal::Past);
            }
            items.iter().try_for_each(is_asked_for)
        }
        Happening::VisitProposed { at_ms, matters, .. } => {
            if *at_ms <= asker.now_ms {
                return Err(Refusal::Past);
            }
            said(matters)
        }
        Happening::VisitAgreed {} if visit.is_none() => Err(Refusal::NoVisit),
        Happening::VisitAgreed {} => holds(asker, Post::Marketing),
        Happening::VisitMade {} if visit.is_none() => Err(Refusal::NoVisit),
        Happening::VisitMade {} if visit.is_some_and(|visit| !visit.is_agreed) => {
            Err(Refusal::VisitNotAgreed)
        }
        Happening::CallReturned {} if life.beside.missed_calls == 0 => Err(Refusal::NoCall),
        Happening::Linked { to } => said(to),
        _ => Ok(()),
    }
}

/// What came in after it had to be there is the client's delay, not the firm's (R032): here by the
/// clock on the wall; how much of the office's time that is, whoever knows calendars counts.
pub(super) fn consequence(before: &Life, wish: &Happening, now_ms: i64) -> Option<Happening> {
    let Happening::MaterialReceived { items, .. } = wish else { return None };
    let due = |item: &String| before.beside.client_due.get(item).copied();
    let is_late = |item: &&String| due(item).is_some_and(|by| by < now_ms);
    let items: Vec<String> = items.iter().filter(is_late).cloned().collect();
    let late_ms = items.iter().filter_map(due).map(|by| now_ms.saturating_sub(by)).max()?;
    Some(Happening::ClientLate { items, late_ms, owed_ms: None })
}
