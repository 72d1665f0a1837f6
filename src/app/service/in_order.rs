//! What happens to a ticket is on record in the order of time: an event bears no moment before the
//! one before it, or clocks, reports and the promise would be read from a story that never was.
//!
//! Whoever states the moment himself is refused when it is too early. Where the clock of the machine
//! says it, nobody is: a clock that was set back, or lags behind that of another machine, is no fault
//! of who asks, and what he says bears the moment of the last event. Nothing is exempt: what is told
//! later than it happened has a moment of its own among its particulars, such as when a trace came
//! about or a step ended, and these may lie as far back as they did.

use super::Service;
use super::change::Change;
use super::refusal::Refusal;
use super::tickets::TICKET;
use crate::calendar::Zone;
use crate::desk;
use crate::desk::clock::MINUTE;
use crate::desk::event::{Event, Stream};
use crate::time::Tick;

impl Change {
    /// Goes on only where it is not before the last event of what it is about; it is as late as that
    /// where nobody stated when.
    pub(super) fn no_sooner(&mut self, last: Option<&Event>, zone: Zone) -> Result<(), Refusal> {
        let last_ms = last.map_or(self.now_ms, |last| last.at_ms);
        if self.now_ms < last_ms && self.is_stated {
            // The first whole minute that is not before it.
            let first = zone.moment(Tick(-(-last_ms).div_euclid(MINUTE)));
            return Err(Refusal::Desk(desk::refusal::Refusal::Backwards(first)));
        }
        self.now_ms = self.now_ms.max(last_ms);
        Ok(())
    }
}

impl Service {
    /// The same behind the last event of a ticket that has this version.
    pub(super) fn in_order(
        &self,
        change: &mut Change,
        (key, version): (&str, u64),
    ) -> Result<(), Refusal> {
        let Some(before) = version.checked_sub(1) else { return Ok(()) };
        let last = self.store.stream(&Stream::new(TICKET, key), before, 1)?;
        change.no_sooner(last.first(), self.zone())
    }
}
