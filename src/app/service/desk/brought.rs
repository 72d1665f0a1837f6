//! What a client must bring, and by when so that nobody waits for it, by the plan in force (R032);
//! and how each item of its service's list stands (R027).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dossier::ToBring;
use super::urgency::moment;
use super::{Before, Laid};
use crate::app::service::Service;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::calendar::Label;
use crate::desk::clock::MINUTE;
use crate::desk::life::{Happening, Item, Material};
use crate::desk::told;

/// An item of material, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MaterialRow {
    /// Its key.
    pub id: String,
    /// What people call it.
    pub name: Label,
    /// Whether the client was asked for it, or has brought it unasked.
    pub is_asked: bool,
    /// Whether it came in and nobody has looked at it yet.
    pub is_in: bool,
    /// What was found, once somebody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Material>,
}

impl MaterialRow {
    /// Whether nothing more is needed of it.
    #[must_use]
    pub fn is_done(&self) -> bool {
        !self.is_in && matches!(self.found, Some(Material::Complete | Material::Tolerated))
    }
}

impl Service {
    /// What people call the piece of material that a clock of a ticket is about, if it is about one.
    pub(super) fn item_of(
        &self,
        laid: Option<&Laid>,
        (ticket, item): (&str, Option<&str>),
    ) -> Result<Option<Label>, Refusal> {
        let Some(item) = item else { return Ok(None) };
        let kept = self.find_if_any::<TicketFile>(TICKET, ticket)?;
        let named = laid.zip(kept).map(|(laid, kept)| laid.material(&kept.document.ticket, item));
        Ok(Some(named.unwrap_or_else(|| Label::new(item, item))))
    }

    /// How the material of a ticket stands: the list of its service, then what else it was asked for.
    pub(super) fn material_of(
        &self,
        before: &Before,
        now_ms: i64,
    ) -> Result<Vec<MaterialRow>, Refusal> {
        let names = self.item_names(&before.file)?;
        let known = &before.life.material;
        let mut ids = self.rules(&before.file.ticket, now_ms)?.materials;
        let others: Vec<String> = known.keys().filter(|id| !ids.contains(*id)).cloned().collect();
        ids.extend(others);
        let row = |id: String| {
            let name = names.get(&id).cloned().unwrap_or_else(|| Label::new(&id, &id));
            let item = known.get(&id);
            let (is_asked, Item { is_in, found, .. }) =
                (item.is_some(), item.cloned().unwrap_or_default());
            MaterialRow { id, name, is_asked, is_in, found }
        };
        Ok(ids.into_iter().map(row).collect())
    }

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
