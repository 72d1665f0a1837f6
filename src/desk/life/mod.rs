//! The life of a ticket: a fold of what happened to it, and nothing else. Replaying its events
//! gives it again. Must not know where events are kept, nor what may happen next
//! ([`super::decide`]).

mod beside;
mod facts;
mod happening;
mod kinds;
pub(in crate::desk) mod stage;

use std::collections::{BTreeMap, BTreeSet};

pub use beside::{Beside, Bill, Block, Delta, Escaped, Finding, Forecast, SetAside, Sought, Visit};
pub use facts::{
    Assessment, Billing, Cause, Confirmed, Crew, Defect, Degree, Feasible, Finder, Loss, Material,
    Matter, Mended, Node, Rating, Rework, Settlement, Sheet, Source, Verdict,
};
pub use happening::Happening;
pub use kinds::{Garbled, KINDS};
pub use stage::{Phase, Stage};

use super::clock::Wait;
use super::event::Event;

/// The actor of what a plan does.
pub const PLAN: &str = "plan";

/// What stands in the place of a quote where a date is promised by what is agreed with the client
/// (R111).
pub const BY_CONTRACT: &str = "contract";

/// A piece of material.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Item {
    /// Whether it came in since it was last looked at.
    pub is_in: bool,
    /// What was found; none before it was looked at.
    pub found: Option<Material>,
    /// When it expires.
    pub expires_ms: Option<i64>,
}

impl Item {
    /// Whether nothing more is needed of it.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.found, Some(Material::Complete | Material::Tolerated))
    }
}

/// A date promised to the client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// The date.
    pub finish_ms: i64,
    /// The digest of the plan it rests on (R040).
    pub plan: String,
    /// By how much the client was late before it was promised: the date has that in it.
    pub late_before_ms: i64,
}

/// How a ticket stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Life {
    /// How far it has come.
    pub stage: Stage,
    /// What was found out at first.
    pub assessment: Option<Assessment>,
    /// The worst of the four verdicts (R020).
    pub feasible: Option<Feasible>,
    /// Material, by item.
    pub material: BTreeMap<String, Item>,
    /// The digest of the last quote.
    pub quote: Option<String>,
    /// What was promised.
    pub promise: Option<Promise>,
    /// By when it was owed before the firm alone moved the date; none where the client took the
    /// date that is promised.
    pub first_ms: Option<i64>,
    /// Who works on it.
    pub crew: Option<Crew>,
    /// Who must not drive it: whoever rejected it, or was to be replaced.
    pub excluded: BTreeSet<String>,
    /// Who has worked on it: none of them looks over it (R081).
    pub drove: BTreeSet<String>,
    /// Whether a plan gave it to the people who have it.
    pub is_by_plan: bool,
    /// How often it was rejected (R199).
    pub rejections: u32,
    /// How often the client wanted somebody else (R199).
    pub owner_changes: u32,
    /// Whether somebody else is to be found.
    pub is_owner_leaving: bool,
    /// What it waits for.
    pub waits: BTreeSet<Wait>,
    /// By when those are expected to be over, where somebody said so.
    pub until_ms: BTreeMap<Wait, i64>,
    /// Whether it waits for the client as material is lacking (R029).
    pub is_short: bool,
    /// Whether it waits for him for another reason: an answer, a decision.
    pub is_awaiting: bool,
    /// What went wrong and is not answered yet.
    pub anomaly: Option<String>,
    /// Until when nothing goes on by that, where somebody said so.
    pub anomaly_until_ms: Option<i64>,
    /// How often it came back.
    pub returns: u32,
    /// When it last did.
    pub returned_ms: Option<i64>,
    /// Why it last did.
    pub rework: Option<Rework>,
    /// When work began, or began again after it came back.
    pub begun_ms: Option<i64>,
    /// From when until when nobody worked on it since; without an end nobody knows until when.
    pub rests: Vec<(i64, Option<i64>)>,
    /// From when until when others worked on it before who has it now: he goes on from there.
    pub earlier: Vec<(i64, i64)>,
    /// Who looked over his own work.
    pub checked_by: Option<String>,
    /// When he did.
    pub checked_ms: Option<i64>,
    /// When the client got the result: with it the service was completed (R085).
    pub delivered_ms: Option<i64>,
    /// When the client signed.
    pub signed_ms: Option<i64>,
    /// How the client rates it.
    pub rating: Option<Rating>,
    /// Until when nothing of it may be deleted (R077).
    pub keep_until_ms: Option<i64>,
    /// What stands beside the stages.
    pub beside: Beside,
}

impl Life {
    /// The life behind the events of one ticket, in their order.
    ///
    /// # Errors
    /// [`Garbled`] with the first that cannot be read.
    pub fn of<'e>(events: impl IntoIterator<Item = &'e Event>) -> Result<Life, Garbled> {
        let mut life = Life::default();
        for event in events {
            if let Some(happening) = Happening::read(event)? {
                life.apply(event.at_ms, &event.actor, &happening);
            }
        }
        Ok(life)
    }

    /// Takes in what `actor` did at `at_ms`. Whatever is on record happened: nothing is judged.
    pub fn apply(&mut self, at_ms: i64, actor: &str, happening: &Happening) {
        if let Some(stage) = stage::after(happening, self.stage) {
            self.stage = stage;
        }
        match happening {
            Happening::Assessed(assessment) => self.assessment = Some(assessment.clone()),
            Happening::Weighed { people, process, tools, risk } => {
                let answers = [people, process, tools, risk].map(|verdict| verdict.answer);
                self.feasible = answers.into_iter().max();
            }
            Happening::MaterialAsked { .. }
            | Happening::MaterialReceived { .. }
            | Happening::MaterialJudged { .. } => self.take_material(happening),
            Happening::Quoted { quote } => self.quote = Some(quote.clone()),
            Happening::Accepted { plan, finish_ms, .. }
            | Happening::PromiseMoved { plan, finish_ms, .. } => {
                let is_the_firms = matches!(happening, Happening::PromiseMoved { quote: None, .. });
                let before = self.first_ms.map(|first| first.saturating_add(self.owed_later_ms()));
                self.first_ms = before.or(self.owed_ms()).filter(|_| is_the_firms);
                let (finish_ms, late_before_ms) = (*finish_ms, self.beside.client_late_ms);
                self.promise = Some(Promise { finish_ms, plan: plan.clone(), late_before_ms });
                self.beside.owed_ms = None;
            }
            Happening::Dispatched(_)
            | Happening::Reassigned { .. }
            | Happening::Rejected { .. }
            | Happening::OwnerChangeAsked { .. } => self.staff(actor, happening),
            Happening::WaitBegun { wait, for_material, until_ms } => {
                self.hold(*wait, *for_material, true);
                self.until_ms.extend(until_ms.map(|until_ms| (*wait, until_ms)));
            }
            Happening::WaitOver { wait, for_material } => {
                self.hold(*wait, *for_material, false);
            }
            Happening::AnomalyRaised { what, until_ms } => {
                (self.anomaly, self.anomaly_until_ms) = (Some(what.clone()), *until_ms);
            }
            Happening::AnomalyAnswered { .. } => {
                (self.anomaly, self.anomaly_until_ms) = (None, None);
            }
            Happening::Returned { .. }
            | Happening::Begun {}
            | Happening::SelfChecked { .. }
            | Happening::Delivered { .. }
            | Happening::Signed { .. }
            | Happening::Surveyed(_)
            | Happening::Archived { .. } => self.work(at_ms, actor, happening),
            Happening::Contacted(_)
            | Happening::Refused { .. }
            | Happening::Redirected { .. }
            | Happening::Acknowledged {}
            | Happening::ManagerAsked {}
            | Happening::Reviewed { .. }
            | Happening::LookedBack { .. } => {}
            beside => self.beside.apply(at_ms, actor, beside),
        }
        self.rest(at_ms);
    }

    /// Takes in whether work goes on from `at_ms` on.
    fn rest(&mut self, at_ms: i64) {
        let due = self.beside.client_due.values().max().copied();
        let until = self.held_until_ms().max(due).filter(|until| *until > at_ms);
        let block = self.beside.block.as_ref();
        let is_endless = self.is_owner_leaving
            || self.is_handed_over()
            || self.is_waiting_for_good()
            || block.is_some_and(|block| block.until_ms.is_none());
        let rests = is_endless || until.is_some();
        let until = until.filter(|_| !is_endless);
        let lasts = |rest: &&mut (i64, Option<i64>)| rest.1.is_none_or(|to| to > at_ms);
        match self.rests.last_mut().filter(lasts) {
            Some(rest) => rest.1 = if rests { until } else { Some(at_ms) },
            None if rests && self.begun_ms.is_some() => self.rests.push((at_ms, until)),
            None => {}
        }
    }

    /// Whether it waits, and nobody said until when.
    fn is_waiting_for_good(&self) -> bool {
        let is_dated = |wait: &Wait| {
            let is_told = !self.is_awaiting && !self.beside.client_due.is_empty();
            self.until_ms.contains_key(wait) || (*wait == Wait::Client && is_told)
        };
        !self.waits.iter().all(is_dated)
    }

    /// Whether it was begun, and somebody else has it now who has not begun yet.
    #[must_use]
    pub fn is_handed_over(&self) -> bool {
        let is_given =
            matches!(self.stage, Stage::Dispatched | Stage::Acknowledged | Stage::ManagerDecision);
        is_given && self.begun_ms.is_some()
    }

    /// Takes in that whoever has it now begins at `at_ms`: what was worked before stays.
    fn begin(&mut self, at_ms: i64) {
        if let Some(mut from) = self.begun_ms.replace(at_ms) {
            for (rest, until) in std::mem::take(&mut self.rests) {
                self.earlier.extend((from < rest).then_some((from, rest)));
                from = from.max(until.unwrap_or(at_ms));
            }
            self.earlier.extend((from < at_ms).then_some((from, at_ms)));
        }
    }

    /// Who has it.
    fn staff(&mut self, actor: &str, happening: &Happening) {
        match happening {
            Happening::Dispatched(crew) => self.give(actor, crew),
            Happening::Reassigned { crew, .. } => {
                let driver = self.crew.as_ref().map(|before| before.driver.as_str());
                let is_new = driver != Some(crew.driver.as_str());
                let is_undone = matches!(
                    self.stage,
                    Stage::Dispatched | Stage::Acknowledged | Stage::InProgress
                );
                if is_new && is_undone {
                    self.stage = Stage::Dispatched;
                }
                self.give(actor, crew);
            }
            Happening::Rejected { .. } => {
                self.rejections += 1;
                self.is_owner_leaving = false;
                self.exclude_driver();
            }
            Happening::OwnerChangeAsked { .. } => {
                self.owner_changes += 1;
                self.is_owner_leaving = true;
                self.exclude_driver();
            }
            _ => {}
        }
    }

    /// What is done, and what becomes of it.
    fn work(&mut self, at_ms: i64, actor: &str, happening: &Happening) {
        match happening {
            Happening::Returned { code, .. } => {
                self.returns += 1;
                (self.returned_ms, self.rework) = (Some(at_ms), *code);
                (self.checked_by, self.checked_ms) = (None, None);
                (self.begun_ms, self.delivered_ms) = (Some(at_ms), None);
                self.rests.clear();
                self.earlier.clear();
            }
            Happening::Begun {} => {
                self.begin(at_ms);
                self.drove.insert(actor.to_owned());
            }
            Happening::SelfChecked { .. } => {
                (self.checked_by, self.checked_ms) = (Some(actor.to_owned()), Some(at_ms));
                self.drove.insert(actor.to_owned());
            }
            Happening::Delivered { .. } => self.delivered_ms = Some(at_ms),
            Happening::Signed { .. } => self.signed_ms = Some(at_ms),
            Happening::Surveyed(rating) => {
                self.rating = Some(*rating);
                // What is looked back on already stays so.
                if self.stage == Stage::Signed {
                    self.stage = Stage::Surveyed;
                }
            }
            Happening::Archived { keep_until_ms } => self.keep_until_ms = Some(*keep_until_ms),
            _ => {}
        }
    }

    fn take_material(&mut self, happening: &Happening) {
        match happening {
            Happening::MaterialAsked { items } => {
                for item in items {
                    self.material.entry(item.clone()).or_default();
                }
            }
            Happening::MaterialReceived { items, .. } => {
                for item in items {
                    self.material.entry(item.clone()).or_default().is_in = true;
                    self.beside.client_due.remove(item);
                }
            }
            Happening::MaterialJudged { item, found, expires_ms } => {
                let judged = Item { is_in: false, found: Some(*found), expires_ms: *expires_ms };
                if judged.is_done() {
                    // Nobody waits any more for what is not needed (R091).
                    self.beside.client_due.remove(item);
                }
                self.material.insert(item.clone(), judged);
            }
            _ => {}
        }
    }

    fn give(&mut self, actor: &str, crew: &Crew) {
        self.crew = Some(crew.clone());
        self.is_owner_leaving = false;
        self.is_by_plan = actor == PLAN;
    }

    /// It waits, or no longer, for one of two reasons to wait for the client.
    fn hold(&mut self, wait: Wait, for_material: bool, holds: bool) {
        if wait == Wait::Client {
            if for_material {
                self.is_short = holds;
            } else {
                self.is_awaiting = holds;
            }
        }
        if holds {
            self.waits.insert(wait);
        } else if wait != Wait::Client || !(self.is_short || self.is_awaiting) {
            self.waits.remove(&wait);
            self.until_ms.remove(&wait);
        }
    }

    /// Whether material was asked for that is neither there nor known to be unneeded.
    #[must_use]
    pub fn is_lacking(&self) -> bool {
        self.material.values().any(|item| !item.is_in && !item.is_done())
    }

    fn exclude_driver(&mut self) {
        self.excluded.extend(self.crew.as_ref().map(|crew| crew.driver.clone()));
    }

    /// By when it is owed: the date promised, and as much later as the client was late with what
    /// he had to bring since (R032).
    #[must_use]
    pub fn owed_ms(&self) -> Option<i64> {
        let promised = self.promise.as_ref()?;
        if self.beside.owed_ms.is_some() {
            return self.beside.owed_ms;
        }
        // Older records do not say what that is by the office's time.
        let late_ms = self.beside.client_late_ms.saturating_sub(promised.late_before_ms);
        Some(promised.finish_ms.saturating_add(late_ms))
    }

    /// Since when it is late: when it was owed, where that has passed without a result.
    #[must_use]
    pub fn late_since_ms(&self, now_ms: i64) -> Option<i64> {
        let is_open = self.stage.is_promised() && self.delivered_ms.is_none();
        self.owed_ms().filter(|owed| is_open && *owed < now_ms)
    }

    /// By when the client may have it as was agreed with him (R012): by the date owed, and where the
    /// firm alone moved that, by the first one and as much later as he was late since.
    #[must_use]
    pub fn agreed_ms(&self) -> Option<i64> {
        let first = self.first_ms.map(|first| first.saturating_add(self.owed_later_ms()));
        [first, self.owed_ms()].into_iter().flatten().min()
    }

    /// By how much later than the date promised it is owed.
    #[must_use]
    pub fn owed_later_ms(&self) -> i64 {
        let promised = self.promise.as_ref().map(|promise| promise.finish_ms);
        promised.zip(self.owed_ms()).map_or(0, |(promised, owed)| owed.saturating_sub(promised))
    }

    /// Whether it is owed later than the date promised.
    #[must_use]
    pub fn is_owed_later(&self) -> bool {
        self.owed_later_ms() > 0
    }

    /// When what else than material keeps it from going on is expected to be over, where that is
    /// known.
    #[must_use]
    pub fn held_until_ms(&self) -> Option<i64> {
        let block = self.beside.block.as_ref().and_then(|block| block.until_ms);
        self.until_ms.values().max().copied().max(self.anomaly_until_ms).max(block)
    }

    /// Whether all the material asked for is there.
    #[must_use]
    pub fn is_material_done(&self) -> bool {
        self.material.values().all(Item::is_done)
    }
}
