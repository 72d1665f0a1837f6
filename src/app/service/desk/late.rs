//! How late a client was with what he had to bring, in the office's time: a weekend costs nobody
//! anything, and an hour of the office's moves a promise by an hour of the office's (R032).

use crate::app::service::Service;
use crate::app::service::refusal::Refusal;
use crate::desk::clock::MINUTE;
use crate::desk::life::{Happening, Life};
use crate::time::{Span, Tick};

impl Service {
    /// `happenings` with lateness of the client counted in the office's time; left out where none of
    /// that was lost. Without an office it stays as it is.
    pub(super) fn in_office_time(
        &self,
        happenings: Vec<Happening>,
        life: &Life,
        now_ms: i64,
    ) -> Result<Vec<Happening>, Refusal> {
        let (Some(laid), Some(known)) = (self.laid()?, self.known.now()) else {
            return Ok(happenings);
        };
        let book = &known.book;
        let office = laid.desk.working.as_deref().and_then(|id| book.calendar(id));
        let Some(office) = office else { return Ok(happenings) };
        let counted = |happening: Happening| {
            let Happening::ClientLate { items, late_ms, .. } = happening else {
                return Some(happening);
            };
            let span = Span::new(tick(now_ms.saturating_sub(late_ms)), tick(now_ms));
            let late_ms = book.open_minutes(office, span) * MINUTE;
            let owed_ms = life.promise.as_ref().and_then(|promise| {
                let whole_ms = late_ms.max(life.beside.client_late_ms);
                let since_ms = whole_ms.saturating_sub(promise.late_before_ms);
                let from = tick(promise.finish_ms);
                Some(book.add_open_minutes(office, from, since_ms / MINUTE)?.0 * MINUTE)
            });
            (late_ms > 0).then_some(Happening::ClientLate { items, late_ms, owed_ms })
        };
        Ok(happenings.into_iter().filter_map(counted).collect())
    }
}

fn tick(at_ms: i64) -> Tick {
    Tick(at_ms.div_euclid(MINUTE))
}
