//! Emergencies (R135): begun and ended by whoever answers for them. While one lasts plans are made
//! with the weights the policy has for it, tickets of classes that wait are left aside unless they
//! were begun, and who is called in works extra time without a cap. Everybody on the ladder is
//! told.
//!
//! How it stands is read from its own events: there is no document of it that could say otherwise.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{life_of, who};
use crate::app::clock::stamp;
use crate::app::service::aside::Aside;
use crate::app::service::change::Change;
use crate::app::service::kept::{Kept, damaged};
use crate::app::service::once::{Making, Once};
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::TICKET;
use crate::app::service::{Caller, Service};
use crate::calendar::Label;
use crate::desk::event::{Event, Stream};
use crate::desk::life::Stage;
use crate::desk::{refusal, triage};
use crate::model::people::BandKind;
use crate::model::scenario::Scenario;
use crate::policy::desk::{Desk, Post, Surge};

/// The one stream of emergencies.
const SURGE: (&str, &str) = ("surge", "firm");
pub(super) const BEGUN: &str = "desk.surge_begun";
pub(super) const ENDED: &str = "desk.surge_ended";
const TOLD: &str = "desk.surge_told";

/// Who begins and ends an emergency.
const MAY: [Post; 4] =
    [Post::DutyOfficer, Post::DepartmentManager, Post::Director, Post::GeneralManager];

/// That an emergency begins or ends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurgeMove {
    /// Whether it begins.
    pub is_on: bool,
    /// Why; it names no persons, as it stays on record for good.
    #[schemars(length(min = 1, max = 500))]
    pub reason: String,
    /// Who says so, where a program does for him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// How it stands with emergencies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ShownSurge {
    /// Whether one lasts.
    pub is_on: bool,
    /// Since when that is so; absent where there never was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who was told, in their order.
    pub told: Vec<ShownRung>,
}

/// One of the ladder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ShownRung {
    /// The post.
    pub post: Post,
    /// What people call it.
    pub name: Label,
}

impl Service {
    /// Whether an emergency lasts, since when, and who was told.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn surge(&self, caller: &Caller) -> Result<ShownSurge, Refusal> {
        // Neither clients nor partners are told why, and who was called (R135).
        if !caller.may(Permission::DeskWork) {
            caller.must(Permission::EventRead)?;
        }
        Ok(shown(&self.surges()?))
    }

    /// Begins an emergency or ends it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Desk`] for who holds no post that decides it or gives no
    /// reason, [`Refusal::Impossible`] where the policy has nothing for emergencies or it is so
    /// already, [`Refusal::Stale`] when somebody was faster, [`Refusal::OtherBody`], what fails
    /// outside.
    pub fn move_surge(
        &self,
        caller: &Caller,
        made: &SurgeMove,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<ShownSurge, Refusal> {
        caller.must(Permission::DeskWork)?;
        let again = |key: &str| {
            let (key, document) = (key.to_owned(), shown(&self.surges()?));
            Ok(Kept { key, version: 1, document })
        };
        let done = self.once(once, now_ms, again, || self.surge_moved(caller, made, now_ms))?;
        serde_json::from_slice(&done.body).map_err(|_| damaged(SURGE.0, SURGE.1))
    }

    /// What is written when an emergency begins or ends, and how it stands then.
    fn surge_moved(
        &self,
        caller: &Caller,
        made: &SurgeMove,
        now_ms: i64,
    ) -> Result<Making, Refusal> {
        let actor = who::said(caller, made.person.as_deref())?;
        let laid = self.laid()?.ok_or_else(nothing_laid_down)?;
        let surge = laid.desk.surge.as_ref().ok_or_else(nothing_laid_down)?;
        let posts = self.posts(caller, who::person(&actor))?;
        if !MAY.iter().any(|post| posts.contains(post)) {
            return Err(Refusal::Desk(refusal::Refusal::PostOnly(Post::DutyOfficer)));
        }
        if made.reason.trim().is_empty() {
            return Err(Refusal::Desk(refusal::Refusal::NoReason));
        }
        let events = self.surges()?;
        if is_on(&events) == made.is_on {
            return Err(so_already(made.is_on));
        }
        let reason = made.reason.trim();
        let document = ShownSurge {
            is_on: made.is_on,
            since: Some(stamp(now_ms)),
            by: Some(who::person(&actor).to_owned()),
            reason: Some(reason.to_owned()),
            told: surge.ladder.iter().map(|post| rung(*post)).collect(),
        };
        let mut change = Change::by(caller, now_ms);
        change.actor = actor;
        let (stream, seq) = (Stream::new(SURGE.0, SURGE.1), last(&events));
        let kind = if made.is_on { BEGUN } else { ENDED };
        change.event(self, (&stream, Some(seq)), kind, &json!({"reason": reason}))?;
        for (seq, post) in (seq + 1..).zip(&surge.ladder) {
            let told = json!({"to": post, "is_on": made.is_on, "reason": reason});
            change.event(self, (&stream, Some(seq)), TOLD, &told)?;
        }
        Ok(Making::new(SURGE.1, 1, &document, change))
    }

    /// What happened with emergencies.
    fn surges(&self) -> Result<Vec<Event>, Refusal> {
        self.stream_of(&Stream::new(SURGE.0, SURGE.1), u64::MAX)
    }

    /// Makes of `scenario` what is planned with while an emergency lasts; nothing else otherwise.
    pub(in crate::app::service) fn surged(
        &self,
        scenario: &mut Scenario,
        aside: &mut Vec<Aside>,
    ) -> Result<(), Refusal> {
        let Some(laid) = self.laid()? else { return Ok(()) };
        let Some(surge) = &laid.desk.surge else { return Ok(()) };
        if !is_on(&self.surges()?) {
            return Ok(());
        }
        scenario.policy = scenario.policy.clone().weighed(surge.weights);
        call_in(scenario, surge);
        let begun: BTreeSet<String> = scenario
            .progress
            .iter()
            .filter_map(|row| Some(row.step.split_once('/')?.0.to_owned()))
            .collect();
        let mut frozen = BTreeSet::new();
        for ticket in &scenario.tickets {
            if !begun.contains(&ticket.id) && self.waits(&laid.desk, &ticket.id)? {
                aside.push(Aside::new(TICKET, &ticket.id, waits_now()));
                frozen.insert(ticket.id.clone());
            }
        }
        scenario.tickets.retain(|ticket| !frozen.contains(&ticket.id));
        Ok(())
    }

    /// Whether a ticket is of a class that waits, and nobody has begun it.
    fn waits(&self, desk: &Desk, key: &str) -> Result<bool, Refusal> {
        let life = life_of(&self.stream_of(&Stream::new(TICKET, key), u64::MAX)?)?;
        let class = life.assessment.as_ref().and_then(|found| triage::class(desk, found));
        let is_frozen = class.is_some_and(|class| triage::is_frozen(desk, &class.id));
        let is_begun = !matches!(
            life.stage,
            Stage::Accepted | Stage::Dispatched | Stage::Acknowledged | Stage::ManagerDecision
        );
        Ok(is_frozen && !is_begun)
    }
}

/// Who is called in works extra time without a cap.
fn call_in(scenario: &mut Scenario, surge: &Surge) {
    let called = scenario.people.iter_mut().filter(|one| surge.called_in.contains(&one.id));
    let bands = called.flat_map(|person| &mut person.bands);
    for band in bands.filter(|band| band.kind != BandKind::Regular) {
        band.cap_day_minutes = None;
        band.cap_week_minutes = None;
        band.cap_month_minutes = None;
    }
}

fn is_on(events: &[Event]) -> bool {
    let turn = events.iter().rev().find(|event| event.kind != TOLD);
    turn.is_some_and(|event| event.kind == BEGUN)
}

fn last(events: &[Event]) -> u64 {
    events.last().map_or(0, |event| event.seq)
}

fn shown(events: &[Event]) -> ShownSurge {
    let turn = events.iter().rposition(|event| event.kind != TOLD);
    let (turn, told) = turn.map_or((None, &[][..]), |at| (Some(&events[at]), &events[at + 1..]));
    let payload = |event: &Event| event.payload.value().unwrap_or_default();
    let to = |event: &Event| serde_json::from_value(payload(event)["to"].take()).ok();
    ShownSurge {
        is_on: is_on(events),
        since: turn.map(|event| stamp(event.at_ms)),
        by: turn.map(|event| who::person(&event.actor).to_owned()),
        reason: turn.and_then(|event| payload(event)["reason"].as_str().map(str::to_owned)),
        told: told.iter().filter_map(to).map(rung).collect(),
    }
}

fn rung(post: Post) -> ShownRung {
    let (zh, en) = (post.label().zh, post.label().en);
    ShownRung { post, name: Label::new(zh, en) }
}

fn nothing_laid_down() -> Refusal {
    Refusal::Impossible(Label::new(
        "规则未写应急预案：请在 desk.surge 写明权重、冻结的级别与应急名单",
        "the policy has nothing for emergencies: lay it down in desk.surge",
    ))
}

fn so_already(is_on: bool) -> Refusal {
    Refusal::Impossible(match is_on {
        true => Label::new("应急状态已经开始", "the emergency has begun already"),
        false => Label::new("现在没有应急状态", "there is no emergency to end"),
    })
}

/// Why a ticket of a class that waits is left aside.
fn waits_now() -> Label {
    Label::new(
        "应急期间这一级别的工单暂缓：结束后重新编排",
        "its class waits while the emergency lasts: it is planned again afterwards",
    )
}
