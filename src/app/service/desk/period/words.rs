//! Words on file that somebody has to see to: what clients suggested, what was found, what became
//! of either; and files that need not be kept any more.

use super::form::{FindingRow, ImprovementRow, OverRow, Period, SuggestionRow};
use super::{Frame, Seen};
use crate::app::service::Service;
use crate::app::service::kept::{damaged, readable};
use crate::app::service::marks::KEPT;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::desk::event::Stream;
use crate::desk::life::Happening;
use crate::store::MOST_ROWS;

/// The kinds of happenings that are told here.
const KINDS: [&str; 3] = ["ticket.suggested", "ticket.finding_noted", "ticket.improved"];

impl Service {
    /// Puts into the report the files that need not be kept any more and still are (R077).
    pub(super) fn tell_over(&self, frame: &Frame<'_>, period: &mut Period) -> Result<(), Refusal> {
        let until = format!("{:016}", frame.now_ms.max(0).saturating_add(1));
        let mut behind = String::new();
        loop {
            let marks = self.store.marks(KEPT, &behind, Some(&until), MOST_ROWS)?;
            let Some(last) = marks.last() else { return Ok(()) };
            behind.clone_from(&last.key);
            for mark in marks {
                let Some((over_ms, key)) = mark.key.split_once('/') else { continue };
                let over_ms = over_ms.parse().map_err(|_| damaged(KEPT, &mark.key))?;
                let found = self.find_if_any::<TicketFile>(TICKET, key);
                let found = readable(found, key, &mut Vec::<String>::new())?.flatten();
                let Some(kept) = found else { continue };
                let events = self.stream_of(&Stream::new(TICKET, key), u64::MAX)?;
                if events.iter().any(|event| event.kind == "ticket.erased") {
                    continue;
                }
                period.over.push(OverRow {
                    ticket: key.to_owned(),
                    client: kept.document.ticket.client,
                    since: frame.moment(over_ms),
                });
            }
        }
    }
}

/// Takes in what was suggested, found and improved at a ticket. What was said stays open until
/// an improvement of the same words says who sees to it and what has changed (R089, R195).
pub(super) fn take(period: &mut Period, frame: &Frame<'_>, seen: &Seen<'_>) -> Result<(), Refusal> {
    let ticket = || seen.key.to_owned();
    let owner = seen.life.crew.as_ref().map(|crew| crew.driver.clone());
    let (mut suggestions, mut findings) = (Vec::new(), Vec::new());
    for event in seen.events.iter().filter(|event| KINDS.contains(&event.kind.as_str())) {
        let since = frame.moment(event.at_ms);
        let read = Happening::read(event);
        match read.map_err(|garbled| damaged("event", &garbled.stream))? {
            Some(Happening::Suggested { what }) => {
                let owner = owner.clone();
                suggestions.push(SuggestionRow { ticket: ticket(), since, what, owner });
            }
            Some(Happening::FindingNoted { what, advice, is_sensitive }) => {
                let (ticket, owner) = (ticket(), owner.clone());
                findings.push(FindingRow { ticket, since, what, advice, is_sensitive, owner });
            }
            Some(Happening::Improved { what, owner, effect }) => {
                suggestions.retain(|row| row.what.trim() != what.trim());
                findings.retain(|row| row.what.trim() != what.trim());
                if frame.holds(event.at_ms) {
                    let (ticket, at) = (ticket(), since);
                    period.improvements.push(ImprovementRow { ticket, at, what, owner, effect });
                }
            }
            _ => {}
        }
    }
    period.suggestions.extend(suggestions);
    period.findings.extend(findings);
    Ok(())
}
