//! Services owed to clients again and again become tickets when their time to begin has come (R111,
//! R112). Their date is promised by what is agreed: nobody assesses or quotes them, they take people's
//! time in the next plan, and no clock of a first answer runs for them.

use serde_json::json;

use super::moments::day;
use crate::app::service::change::Change;
use crate::app::service::kept::Kept;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{Channel, NewTicket, Promise, TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::desk::clock::MINUTE;
use crate::desk::event::Stream;
use crate::desk::life::{BY_CONTRACT, Happening, Stage};
use crate::desk::recurring::tickets;

/// Days looked ahead for what may be begun by now.
const AHEAD: i32 = 366;
/// The version of a ticket that was created and nothing else.
const UNTOUCHED: u64 = 1;

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
            let version = self.version_of(TICKET, &one.id)?;
            if !is_time || version > UNTOUCHED {
                continue;
            }
            if version == UNTOUCHED {
                self.promise_owed(&owner, &one.id, now_ms)?;
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
                Ok(_) => {
                    count += 1;
                    self.promise_owed(&owner, &one.id, now_ms)?;
                }
                Err(Refusal::Store(failure)) => return Err(Refusal::Store(failure)),
                Err(_) => {}
            }
        }
        Ok(count)
    }

    /// Promises a ticket that nobody has touched yet by the date it is owed by.
    fn promise_owed(&self, owner: &Caller, key: &str, now_ms: i64) -> Result<(), Refusal> {
        let Kept { version, document: mut file, .. } = self.find::<TicketFile>(TICKET, key)?;
        let is_new = file.desk.as_ref().is_some_and(|desk| desk.stage == Stage::New);
        let Some(due) = file.ticket.due.filter(|_| is_new) else { return Ok(()) };
        let due = self.zone().tick_from(due);
        let before = file.clone();
        let finish = self.zone().moment(due);
        file.promise = Some(Promise { finish, plan: BY_CONTRACT.to_owned() });
        let mut change = Change::by(owner, now_ms);
        let told = change.told_of(Some(&before), &file)?;
        let stream = Stream::new(TICKET, key);
        change.event(self, (&stream, Some(version)), "ticket.promised", &told)?;
        change.put_ticket(key, version, &file);
        let before = self.after_promise(&change, (key, version, file))?;
        let [quote, option, plan] = [BY_CONTRACT; 3].map(str::to_owned);
        let wish = Happening::Accepted { quote, option, plan, finish_ms: due.0 * MINUTE };
        match self.happen(&mut change, owner, before, wish) {
            Ok(_) => {}
            // A red line forbids it: it stays to be looked at.
            Err(Refusal::Impossible(_) | Refusal::Desk(_)) => return Ok(()),
            Err(other) => return Err(other),
        }
        match self.store.commit(change.batch()).map_err(Refusal::of_commit) {
            // Somebody was faster.
            Ok(_) | Err(Refusal::Stale { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }
}
