//! Services owed to clients again and again become tickets when their time to begin has come (R111,
//! R112): so they take people's time in the next plan like any other.

use serde_json::json;

use super::moments::day;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{Channel, NewTicket, TICKET};
use crate::app::service::{Caller, Service};
use crate::desk::clock::MINUTE;
use crate::desk::recurring::tickets;

/// Days looked ahead for what may be begun by now.
const AHEAD: i32 = 366;

impl Service {
    /// Creates the tickets of services owed whose time to begin has come, each once; answers for how
    /// many. What cannot be created, as its client is not there, is left out.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn create_owed(&self, now_ms: i64) -> Result<usize, Refusal> {
        let (Some(laid), Some(known)) = (self.laid()?, self.known.now()) else { return Ok(0) };
        let (owner, today, zone) =
            (Caller::machine_owner(), day(&known.book, now_ms), known.book.zone());
        let mut count = 0;
        for one in tickets(&laid.desk, &known.book, today, today.plus(AHEAD)) {
            let begins = one.release.map(|release| zone.tick_from(release).0 * MINUTE);
            let is_time = begins.is_none_or(|begins| begins <= now_ms);
            if !is_time || self.version_of(TICKET, &one.id)? > 0 {
                continue;
            }
            let new = json!({
                "id": one.id,
                "channel": Channel::Ticketing,
                "title": one.title,
                "client": one.client,
                "service": one.service,
                "release": one.release,
                "due": one.due,
            });
            let new: NewTicket = serde_json::from_value(new).expect("a ticket has these members");
            match self.create_ticket(&owner, new, None, now_ms) {
                Ok(_) => count += 1,
                Err(Refusal::Store(failure)) => return Err(Refusal::Store(failure)),
                Err(_) => {}
            }
        }
        Ok(count)
    }
}
