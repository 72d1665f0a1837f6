//! What a client must bring, and by when so that nobody waits for it, by the plan in force (R032).

use super::Before;
use super::dossier::ToBring;
use super::urgency::moment;
use crate::app::service::Service;
use crate::app::service::refusal::Refusal;
use crate::calendar::Label;
use crate::desk::clock::MINUTE;
use crate::desk::life::Happening;
use crate::desk::told;

impl Service {
    /// What the client must bring; by when it is needed follows from when work goes on.
    pub(super) fn to_bring(
        &self,
        before: &Before,
        now_ms: i64,
    ) -> Result<Option<ToBring>, Refusal> {
        let Some(view) = told::view(&before.life).filter(|view| !view.to_bring.is_empty()) else {
            return Ok(None);
        };
        let (zone, names) = (self.zone(), self.item_names(&before.file)?);
        let named = |id: &String| names.get(id).cloned().unwrap_or_else(|| Label::new(id, id));
        let (needed_by, is_at_once) = self.needed_by(before, now_ms)?;
        let first = view.to_bring.iter().filter_map(|(_, by_ms)| *by_ms).min();
        Ok(Some(ToBring {
            items: view.to_bring.iter().map(|(id, _)| named(id)).collect(),
            told_by: first.map(|at_ms| moment(zone, at_ms)),
            needed_by: needed_by.map(|by_ms| moment(zone, by_ms)),
            needed_at_once: is_at_once.then(|| moment(zone, now_ms)),
        }))
    }

    /// By when material has to be there so that it is looked at before the first step that is not
    /// begun; and whether it is too late for that.
    fn needed_by(&self, before: &Before, now_ms: i64) -> Result<(Option<i64>, bool), Refusal> {
        let nothing = Ok((None, false));
        let (Some(laid), Some(known)) = (self.laid()?, self.known.now()) else { return nothing };
        let Some(plan) = self.standing.now() else { return nothing };
        let begun = self.told_of_steps(&before.key)?;
        let next = plan.steps(&before.key).find(|step| !begun.contains_key(&step.step));
        let office = laid.desk.working.as_deref().and_then(|id| known.book.calendar(id));
        let (Some(next), Some(office)) = (next, office) else { return nothing };
        let begins_ms = plan.plan.zone.tick_from(next.start).0 * MINUTE;
        let timer = laid.desk.timers.iter().find(|timer| timer.id == "pre-check");
        let minutes = timer.and_then(|timer| timer.goal?.minutes).map_or(0, i64::from);
        let calendar = (&known.book, office);
        Ok(match told::to_bring(&before.life, begins_ms, calendar, (minutes, now_ms)) {
            Some(Happening::ClientDue { by_ms, .. }) => (Some(by_ms), false),
            _ => (None, true),
        })
    }
}
