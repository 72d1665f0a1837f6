//! What is dropped some day: answers that are not repeated any more, quotes and drafts nobody asks
//! for, old accesses, messages given up long ago. A little at a time, so that nobody waits for it. Plans that were
//! published, tickets and events stay.

use super::Service;
use super::change::Change;
use super::marks::{AGEING, QUOTED};
use super::refusal::Refusal;
use crate::store::row::Mark;
use crate::store::{Batch, Write};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;
/// The most rows dropped at a time, of each kind.
const MOST_ROWS: usize = 1_000;
/// The most quotes and drafts dropped at a time; each is a scenario or a request.
const MOST_DOCUMENTS: usize = 50;

/// For how long what is dropped some day is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Keeping {
    /// Days that a quote is kept after it was made.
    pub quote_days: u16,
    /// Days that a draft is kept after it was made, published or not.
    pub draft_days: u16,
    /// Days that it is kept on record who looked at what.
    pub access_days: u16,
    /// Days that a message is kept after it was given up.
    pub dead_days: u16,
}

impl Default for Keeping {
    /// A month; accesses for a year.
    fn default() -> Keeping {
        Keeping { quote_days: 30, draft_days: 30, access_days: 365, dead_days: 30 }
    }
}

/// The name under which a document's age is noted, the oldest first.
pub(super) fn ageing(at_ms: i64, kind: &str, key: &str) -> String {
    format!("{:015}/{kind}/{key}", at_ms.max(0))
}

impl Change {
    /// Notes that a document is to be dropped some time after now.
    pub(super) fn drops_later(&mut self, kind: &str, key: &str) {
        self.mark(AGEING, ageing(self.now_ms, kind, key), String::new());
    }
}

impl Service {
    /// Drops a little of what need not be kept any longer, and tells whether there may be more.
    /// Called now and then.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn tidy(&self, now_ms: i64) -> Result<bool, Refusal> {
        let before = |days: u16| now_ms.saturating_sub(i64::from(days) * DAY_MS);
        let (quotes, drafts) = (before(self.keeping.quote_days), before(self.keeping.draft_days));
        let before_ms = before(self.keeping.access_days);
        let mut batch = Batch::new()
            .and(Write::DropAnswers { now_ms, most: MOST_ROWS })
            .and(Write::DropAccesses { before_ms, most: MOST_ROWS })
            .and(Write::DropDead { before_ms: before(self.keeping.dead_days), most: MOST_ROWS });
        let end = ageing(quotes.max(drafts), "", "");
        let (mut documents, mut behind) = (0, String::new());
        loop {
            let old = self.store.marks(AGEING, &behind, Some(&end), MOST_DOCUMENTS)?;
            let Some(last) = old.last() else { break };
            behind.clone_from(&last.key);
            for Mark { key: age, body } in old {
                let Some((at, kind, key)) = parts(&age) else { continue };
                let limit = if kind == super::quotes::QUOTE { quotes } else { drafts };
                if at < limit {
                    documents += 1;
                    let (kind, key) = (kind.to_owned(), key.to_owned());
                    batch = batch.and(Write::DropDocument { kind, key });
                    // Nothing but the names under which a quote is found.
                    let names: Vec<String> = serde_json::from_str(&body).unwrap_or_default();
                    let unmark = |key| Write::Unmark { kind: QUOTED.to_owned(), key };
                    batch.writes.extend(names.into_iter().map(unmark));
                    batch = batch.and(Write::Unmark { kind: AGEING.to_owned(), key: age });
                }
            }
            if documents >= MOST_DOCUMENTS {
                break;
            }
        }
        let dropped = self.store.commit(batch)?.dropped;
        Ok(dropped >= MOST_ROWS || documents >= MOST_DOCUMENTS)
    }
}

/// When a document was made, its kind and its key.
fn parts(name: &str) -> Option<(i64, &str, &str)> {
    let (at, rest) = name.split_once('/')?;
    let (kind, key) = rest.split_once('/')?;
    Some((at.parse().ok()?, kind, key))
}
