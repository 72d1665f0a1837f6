//! The desk drives the plan: what happened since the last one is planned with, from the plan in force
//! and at the price of change; when somebody asks for it, or by itself after what the policy names.
//! Facts are read from the log up to where the draft began, so that none is lost; one that could not
//! be planned with is looked at once more.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::surge;
use crate::app::morning::Progress;
use crate::app::service::change::Change;
use crate::app::service::once::{Made, Once};
use crate::app::service::people::PERSON;
use crate::app::service::plans::{Draft, DraftWish, PLAN, Published, Publishing};
use crate::app::service::refusal::Refusal;
use crate::app::service::standing::InForce;
use crate::app::service::{Caller, Service};
use crate::calendar::Moment;
use crate::desk::event::{Event, Stream};
use crate::model::plan::PlannedStep;
use crate::policy::desk::{Fact, Replan};
use crate::store::MOST_ROWS;
use crate::time::Span;

/// The actor of plans the desk makes by itself.
const ACTOR: &str = "replan";
/// The kind and key of the mark that says up to which event facts were looked at.
const LOOKED: (&str, &str) = ("replanned", PLAN);
/// The key of the stream of what came of planning anew.
const REPLAN: &str = "replan";
/// The longest search of a plan that nobody waits for, in milliseconds: clocks wait meanwhile.
const LONGEST_MS: u64 = 5_000;

/// How a plan is to be made anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplanWish {
    /// Rounds of search.
    #[serde(default = "usual_rounds")]
    #[schemars(range(min = 0, max = 1_000))]
    pub rounds: u32,
    /// Seed of all random streams.
    #[serde(default = "one")]
    #[schemars(range(max = 9_007_199_254_740_991_u64))]
    pub seed: u64,
    /// Whether it is published at once.
    #[serde(default)]
    pub publish: bool,
}

fn usual_rounds() -> u32 {
    20
}

fn one() -> u64 {
    1
}

/// What came of planning anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replanned {
    /// The draft.
    pub draft: String,
    /// The number of the plan it was made from; 0 when there was none.
    pub basis: u64,
    /// The digest of the plan.
    pub digest: String,
    /// The number it was published under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<u64>,
    /// Steps that begin at another time or with other people than before.
    pub moved: Vec<StepMoved>,
}

/// A step that begins at another time or with other people than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepMoved {
    /// Which, as ticket/step.
    pub step: String,
    /// When it began by the plan before.
    pub from: Moment,
    /// When it begins now.
    pub to: Moment,
    /// Who had it, the lead first.
    pub people_before: Vec<String>,
    /// Who has it now.
    pub people: Vec<String>,
}

impl Service {
    /// Plans anew from the plan in force: what is frozen stays, what else moves has its price. What
    /// is published assigns. Draft and publication are done once each: a request that comes again
    /// goes on where the first one was cut off.
    ///
    /// # Errors
    /// As of [`Service::draft`] and, where it is published, [`Service::publish`].
    pub fn replan(
        &self,
        caller: &Caller,
        wish: &ReplanWish,
        once: Option<&Once>,
        now_ms: i64,
        watch: &mut dyn FnMut(&Progress) -> bool,
    ) -> Result<Replanned, Refusal> {
        let drafted = DraftWish { rounds: wish.rounds, seed: wish.seed };
        let draft: Draft = told(&self.draft(caller, &drafted, once, now_ms, watch)?)?;
        let before = (draft.basis > 0).then(|| self.plan_file(draft.basis)).transpose()?;
        let moved = before.map(|before| moved(&InForce::of(before), &draft)).unwrap_or_default();
        let Draft { id, basis, digest, .. } = draft;
        let mut published = None;
        if wish.publish {
            let wish = Publishing { draft: Some(id.clone()), rollback_to: None, replaces: basis };
            let once = once.map(|once| once.part("publish"));
            let done: Published = told(&self.publish(caller, &wish, once.as_ref(), now_ms)?)?;
            published = Some(done.number);
        }
        Ok(Replanned { draft: id, basis, digest, published, moved })
    }

    /// Plans anew when something happened that the policy says so of; answers for what. What cannot
    /// be planned is told by an event, and tried once more, and after the next such fact.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn replan_by_itself(&self, now_ms: i64) -> Result<BTreeSet<Fact>, Refusal> {
        let Some(rule) = self.laid()?.and_then(|laid| laid.desk.replan.clone()) else {
            return Ok(BTreeSet::new());
        };
        let Some(plan) = self.standing.now() else { return Ok(BTreeSet::new()) };
        let looked = self.store.mark(LOOKED.0, LOOKED.1)?;
        let end = self.store.end()?;
        let Some(looked) = looked.as_deref().and_then(Looked::read) else {
            // What happened before it was laid down is in the plan or will be in the next.
            let looked = Looked { to: end, tried: None };
            return self.looked_to(looked, now_ms).map(|()| BTreeSet::new());
        };
        let mut behind = looked.to;
        if behind >= end {
            return Ok(BTreeSet::new());
        }
        let mut facts = BTreeSet::new();
        loop {
            let page = self.store.events(behind, MOST_ROWS)?;
            let Some(last) = page.last() else { break };
            behind = last.position;
            facts.extend(page.iter().filter_map(|event| fact(&plan, event)));
        }
        facts.retain(|fact| rule.after.contains(fact));
        let is_done = facts.is_empty() || self.replan_after(&rule, &facts, now_ms)?;
        // What happens while a plan is made is behind this, and looked at next; of what the plan
        // itself writes nothing is a fact.
        let next = match is_done {
            true => Looked { to: behind, tried: None },
            false => Looked { to: looked.tried.unwrap_or(looked.to), tried: Some(behind) },
        };
        self.looked_to(next, now_ms)?;
        Ok(facts)
    }

    fn looked_to(&self, looked: Looked, now_ms: i64) -> Result<(), Refusal> {
        let mut change = Change::by(&Caller::machine_owner(), now_ms);
        change.mark(LOOKED.0, LOOKED.1.to_owned(), looked.written());
        self.store.commit(change.batch())?;
        Ok(())
    }

    /// Plans anew, and puts on record after what and what came of it; answers whether it did.
    fn replan_after(
        &self,
        rule: &Replan,
        facts: &BTreeSet<Fact>,
        now_ms: i64,
    ) -> Result<bool, Refusal> {
        let mut owner = Caller::machine_owner();
        ACTOR.clone_into(&mut owner.actor);
        let wish = ReplanWish { rounds: rule.rounds, seed: 1, publish: rule.is_published };
        let mut watch = |far: &Progress| far.milliseconds < LONGEST_MS;
        let (kind, told) = match self.replan(&owner, &wish, None, now_ms, &mut watch) {
            Ok(done) => (
                "plan.replanned",
                json!({"after": facts, "draft": done.draft, "published": done.published,
                    "moved": done.moved.len()}),
            ),
            Err(Refusal::Store(failure)) => return Err(Refusal::Store(failure)),
            Err(refusal) => ("plan.replan_failed", json!({"after": facts, "code": refusal.code()})),
        };
        let mut change = Change::by(&owner, now_ms);
        change.event(self, (&Stream::new(PLAN, REPLAN), None), kind, &told)?;
        self.store.commit(change.batch())?;
        Ok(kind == "plan.replanned")
    }
}

/// Up to which event facts were looked at, and to which one they were tried in vain: what could not
/// be planned is tried once more, as somebody may have done something while it was planned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Looked {
    to: u64,
    tried: Option<u64>,
}

impl Looked {
    fn read(text: &str) -> Option<Looked> {
        let (to, tried) = text.split_once('/').unwrap_or((text, ""));
        Some(Looked { to: to.parse().ok()?, tried: tried.parse().ok() })
    }

    fn written(self) -> String {
        let Looked { to, tried } = self;
        tried.map_or_else(|| to.to_string(), |tried| format!("{to}/{tried}"))
    }
}

/// What `event` is for the plan in force, if it is anything.
fn fact(plan: &InForce, event: &Event) -> Option<Fact> {
    let part = |name: &str| {
        let payload = event.payload.value().ok()?;
        serde_json::from_value::<Moment>(payload[name].clone()).ok()
    };
    match event.kind.as_str() {
        "person.absent" if event.stream.kind == PERSON => {
            let zone = plan.plan.zone;
            let away = Span::new(zone.tick_from(part("from")?), zone.tick_from(part("to")?));
            let is_hit = !plan.tickets_of(&event.stream.key, away).is_empty();
            is_hit.then_some(Fact::Absence)
        }
        "ticket.rejected" => Some(Fact::Rejection),
        "ticket.owner_change_asked" => Some(Fact::OwnerChange),
        surge::BEGUN | surge::ENDED => Some(Fact::Surge),
        "ticket.anomaly_raised" => Some(Fact::Anomaly),
        "ticket.client_late" => Some(Fact::Delay),
        "ticket.blocked" | "ticket.unblocked" => Some(Fact::Delay),
        "ticket.wait_begun" => {
            let payload = event.payload.value().ok()?;
            payload["until_ms"].as_i64().map(|_| Fact::Delay)
        }
        "ticket.called_off" => plan.steps(&event.stream.key).next().map(|_| Fact::CalledOff),
        "ticket.progress" => is_out_of_line(plan, event).then_some(Fact::Progress),
        _ => None,
    }
}

/// Whether a reported step ended later than planned, or began later, or with other people.
fn is_out_of_line(plan: &InForce, event: &Event) -> bool {
    let Ok(payload) = event.payload.value() else { return false };
    let part = |name: &str| serde_json::from_value::<Moment>(payload[name].clone()).ok();
    let Some(step) = payload["step"].as_str().and_then(|step| plan.step(step)) else {
        return false;
    };
    let zone = plan.plan.zone;
    let is_later = |is: Option<Moment>, was: Option<Moment>| {
        is.zip(was).is_some_and(|(is, was)| zone.tick_from(is) > zone.tick_from(was) + TOLERANCE)
    };
    let people = payload["people"].as_array().into_iter().flatten();
    let people: Vec<&str> = people.filter_map(serde_json::Value::as_str).collect();
    let is_other = people != step.people.iter().map(String::as_str).collect::<Vec<_>>();
    is_later(part("start"), Some(step.start)) || is_later(part("end"), step.end) || is_other
}

/// Minutes that a step may be later than planned before that is a fact: as many as may pass without
/// any other step being run into.
const TOLERANCE: i64 = 15;

/// The steps that begin at another time or with other people than before.
fn moved(before: &InForce, draft: &Draft) -> Vec<StepMoved> {
    let zone = before.plan.zone;
    let row = |step: &PlannedStep| {
        let old = before.steps(&step.ticket).find(|old| old.step == step.step)?;
        let is_later = zone.tick_from(old.start) != zone.tick_from(step.start);
        (is_later || old.people != step.people).then(|| StepMoved {
            step: format!("{}/{}", step.ticket, step.step),
            from: old.start,
            to: step.start,
            people_before: old.people.clone(),
            people: step.people.clone(),
        })
    };
    draft.plan.steps.iter().filter_map(row).collect()
}

fn told<T: serde::de::DeserializeOwned>(made: &Made) -> Result<T, Refusal> {
    serde_json::from_slice(&made.body).map_err(|_| super::damaged("answer", &made.key))
}
