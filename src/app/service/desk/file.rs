//! How a ticket stands at the desk: what of its life is kept in its document, for lists and for the
//! next plan. Everything in it follows from the events.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::service::tickets::{State, TicketFile};
use crate::calendar::{Label, Zone};
use crate::desk::clock::{MINUTE, Wait};
use crate::desk::life::{Crew, Life, Stage};
use crate::exchange::digest::digest_of_bytes;
use crate::model::ticket::Ticket;
use crate::time::Tick;

/// What is kept of a ticket's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskFile {
    /// How far it has come.
    pub stage: Stage,
    /// Who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crew: Option<Crew>,
    /// Who must not drive it: whoever rejected it, or was to be replaced.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub excluded: BTreeSet<String>,
    /// What it waits for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub waits: BTreeSet<Wait>,
    /// Whether something went wrong that is not answered.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_anomalous: bool,
    /// Whether a plan gave it to the people who have it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_by_plan: bool,
    /// Whether material is asked for that is not in order.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_lacking: bool,
    /// When the last of the material is to come that the client was told to bring (R032).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_due_ms: Option<i64>,
    /// When what else it waits for is expected to be over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    /// So much later than promised it is owed, as his material was late (R032).
    #[serde(default, skip_serializing_if = "is_nought")]
    pub client_late_ms: i64,
    /// Whether it cannot go on, and nobody said until when (R187).
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_blocked: bool,
    /// Whether he owes for it (R193).
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_billed: bool,
    /// Whether somebody else is to be found for it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_owner_leaving: bool,
    /// Until when its file is kept, once it is filed away (R077).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_until_ms: Option<i64>,
    /// When work began, or began again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_ms: Option<i64>,
    /// From when until when nobody worked on it since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests: Vec<(i64, Option<i64>)>,
    /// From when until when others worked on it before who has it now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<(i64, i64)>,
    /// Who worked on it, while who has it now has not begun.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub drove: BTreeSet<String>,
    /// When whoever did it looked over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_ms: Option<i64>,
    /// When it last came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_ms: Option<i64>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn minutes_up(ms: i64) -> i64 {
    ms.div_euclid(MINUTE) + i64::from(ms.rem_euclid(MINUTE) > 0)
}

fn is_nought(value: &i64) -> bool {
    *value == 0
}

/// How a ticket stands at the desk, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownDesk {
    /// How far it has come.
    pub stage: Stage,
    /// What people call that.
    pub name: Label,
    /// Who works on it, for who may read plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crew: Option<Crew>,
    /// Who must not drive it, for who may read plans.
    pub excluded: BTreeSet<String>,
    /// What it waits for.
    pub waits: BTreeSet<Wait>,
    /// Whether something went wrong that is not answered.
    pub is_anomalous: bool,
}

impl DeskFile {
    fn of(life: &Life) -> DeskFile {
        DeskFile {
            stage: life.stage,
            crew: life.crew.clone(),
            excluded: life.excluded.clone(),
            waits: life.waits.clone(),
            is_anomalous: life.anomaly.is_some(),
            is_by_plan: life.is_by_plan,
            is_lacking: !life.is_material_done(),
            client_due_ms: life.beside.client_due.values().max().copied(),
            until_ms: life.held_until_ms(),
            client_late_ms: life.owed_later_ms(),
            is_blocked: life.beside.block.as_ref().is_some_and(|block| block.until_ms.is_none()),
            is_billed: life.beside.owed_fen.is_some(),
            is_owner_leaving: life.is_owner_leaving,
            keep_until_ms: life.keep_until_ms,
            begun_ms: life.begun_ms,
            rests: life.rests.clone(),
            earlier: life.earlier.clone(),
            drove: if life.is_handed_over() { life.drove.clone() } else { BTreeSet::new() },
            checked_ms: life.checked_ms,
            returned_ms: life.returned_ms,
        }
    }

    /// Whether a plan may hold it: a date is promised, the client does not have it yet (R001), and
    /// it goes on, or will from a known moment on.
    #[must_use]
    pub fn is_to_be_planned(&self) -> bool {
        self.stage.is_promised() && !self.is_delivered() && !self.is_blocked
    }

    /// Whether the client has the result and has not signed: nobody works on it, unless it comes
    /// back.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.stage == Stage::Delivered
    }

    /// Whether somebody has it, and work on it is not over.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(
            self.stage,
            Stage::Dispatched | Stage::Acknowledged | Stage::InProgress | Stage::SelfChecked
        )
    }

    /// Whether whoever has it said that he does.
    #[must_use]
    pub(super) fn is_acknowledged(&self) -> bool {
        self.crew.is_some() && self.stage != Stage::Dispatched
    }

    /// Minutes by which it is owed later than promised, rounded up.
    fn late_minutes(&self) -> i64 {
        minutes_up(self.client_late_ms)
    }

    /// `ticket` as it is planned with (R032): work begins when the client has brought what he was
    /// told to bring and what else it waits for is expected to be over. That he was late moves what
    /// was promised to him, and neither the day he needs it nor the date of an authority (R249).
    pub(in crate::app::service) fn as_planned(
        &self,
        mut ticket: Ticket,
        zone: Zone,
        now_ms: i64,
    ) -> Ticket {
        if let Some(due_ms) = self.held_until_ms(now_ms) {
            // The minute after it, where it is none whole.
            let comes = Tick(minutes_up(due_ms));
            let release = ticket.release.map(|release| zone.tick_from(release));
            let comes = release.map_or(comes, |release| release.max(comes));
            ticket.release = Some(zone.moment(comes));
        }
        ticket
    }

    /// Until when it waits, where that is to come.
    fn held_until_ms(&self, now_ms: i64) -> Option<i64> {
        self.client_due_ms.max(self.until_ms).filter(|until_ms| *until_ms > now_ms)
    }

    /// Whether somebody works on it, or has: while it waits until a known moment, and where
    /// somebody else is to go on with it, what is left of the step that was begun is planned.
    pub(in crate::app::service) fn is_under_way(&self, now_ms: i64) -> bool {
        self.begun_ms.is_some() && !self.is_resting(now_ms)
    }

    /// Whether somebody goes on with it, but not now.
    pub(super) fn is_resting(&self, now_ms: i64) -> bool {
        let rests = self.is_owner_leaving || self.held_until_ms(now_ms).is_some();
        self.is_handed_over() || (rests && self.stage == Stage::InProgress)
    }

    /// Whether it was begun by somebody else than who has it now.
    pub(super) fn is_handed_over(&self) -> bool {
        !self.drove.is_empty()
    }

    /// Why no plan holds it yet.
    #[must_use]
    pub fn not_planned(&self) -> Label {
        if self.is_blocked {
            return Label::new(
                "项目受阻，恢复时间未知：排除障碍，或写明预计何时恢复，之后再排入计划",
                "it cannot go on, and nobody said until when: it is planned once that is known, or \
                 it goes on again",
            );
        }
        let stage = self.stage.label();
        Label::new(
            format!("工单阶段为“{}”，承诺日期之前不排入计划：请先报价并接受方案", stage.zh),
            format!(
                "it is {} at the desk and is planned once a date is promised: quote it and accept \
                 an option",
                stage.en
            ),
        )
    }
}

impl ShownDesk {
    /// `file` as it is shown, with people where `names_people`.
    pub(in crate::app::service) fn of(file: DeskFile, names_people: bool) -> ShownDesk {
        let DeskFile { stage, crew, excluded, waits, is_anomalous, .. } = file;
        let (crew, excluded) =
            if names_people { (crew, excluded) } else { (None, BTreeSet::new()) };
        ShownDesk { stage, name: stage.label(), crew, excluded, waits, is_anomalous }
    }
}

/// Whether work on a ticket at this stage goes on: service ends with the signature (R086).
pub(super) fn state_of(stage: Stage) -> State {
    match stage {
        Stage::Refused | Stage::CalledOff => State::Cancelled,
        Stage::Signed | Stage::Surveyed | Stage::LookedBack | Stage::Archived => State::Done,
        _ => State::Open,
    }
}

impl TicketFile {
    /// Names what a quote for it rests on: what is asked for and stated, who must not have it, who has
    /// it, and what holds it. How far it has come and what was told of it is none of that.
    pub(in crate::app::service) fn grounds(&self) -> String {
        let desk = self.desk.as_ref().map(|desk| DeskFile {
            stage: Stage::default(),
            waits: BTreeSet::new(),
            is_anomalous: false,
            is_lacking: false,
            is_billed: false,
            ..desk.clone()
        });
        let grounds = serde_json::to_vec(&(&self.ticket, &self.attributes, self.state, desk));
        digest_of_bytes(&grounds.expect("documents are made of texts and whole numbers"))
    }

    /// Takes in how `life` stands. What the client was late with since moves the date promised by
    /// as much, wherever it is told (R032).
    pub(super) fn stand(&mut self, life: &Life) {
        self.state = state_of(life.stage);
        let before = self.desk.replace(DeskFile::of(life));
        let late = |desk: &Option<DeskFile>| desk.as_ref().map_or(0, DeskFile::late_minutes);
        let later = late(&self.desk) - late(&before);
        if let Some(promise) = self.promise.as_mut().filter(|_| later > 0) {
            promise.finish = promise.finish.later(later);
        }
    }
}
