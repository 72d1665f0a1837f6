//! Plans: drafts made for the scenario of this moment, published one after the other, each against
//! the one it was meant to replace. Of two publishers at once one wins, and the other is told how
//! his plan differs from the one in force.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::aside::Aside;
use super::bare::bare;
use super::change::Change;
use super::kept::{Kept, damaged, fresh_key};
use super::once::{Made, Making, Once};
use super::publishing::{does_not_fit, made_for_others, with_facts, without_strangers};
use super::refusal::Refusal;
use super::role::Permission;
use super::scene::{Scene, fitted};
use super::shown::{ShownPlan, shown_diff};
use super::standing::InForce;
use super::{Caller, Service};
use crate::app::checking;
use crate::app::clock::stamp;
use crate::app::documents::{Question, Text, written};
use crate::app::morning::{self, Budget, Progress, Settings};
use crate::calendar::{Date, Label};
use crate::desk::event::Stream;
use crate::exchange::digest::digest_of_plan;
use crate::explain;
use crate::model::check;
use crate::model::plan::{Plan, PlannedStep};
use crate::model::scenario::Scenario;
use crate::store;
use crate::time::Money;

/// The kinds of their documents.
pub(super) const DRAFT: &str = "draft";
pub(super) const PLAN: &str = "plan";
/// The key of the stream of published plans.
pub(super) const PUBLISHED: &str = "published";

/// How a draft is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftWish {
    /// Rounds of search.
    #[serde(default = "usual_rounds")]
    #[schemars(range(min = 0, max = 10_000))]
    pub rounds: u32,
    /// Seed of all random streams.
    #[serde(default = "one")]
    #[schemars(range(max = 9_007_199_254_740_991_u64))]
    pub seed: u64,
}

fn usual_rounds() -> u32 {
    20
}

fn one() -> u64 {
    1
}

/// A draft, and the question it answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct DraftFile {
    /// The number of the plan in force when it was made.
    basis: u64,
    pub(super) made_ms: i64,
    /// Without words.
    pub(super) scenario: Scenario,
    pub(super) plan: Plan,
    held_back: Vec<String>,
    aside: Vec<Aside>,
}

/// A draft as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    /// What it is called.
    pub id: String,
    /// The number of the plan in force when it was made; 0 when there was none.
    pub basis: u64,
    /// The digest of the plan.
    pub digest: String,
    /// The plan.
    pub plan: ShownPlan,
    /// Tickets that could not be planned as they are.
    pub held_back: Vec<String>,
    /// Everything that could not be planned with as it is, and what is wrong with it.
    #[serde(default)]
    pub aside: Vec<Aside>,
}

/// A published plan as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PlanFile {
    pub(super) number: u64,
    pub(super) digest: String,
    pub(super) published_ms: i64,
    pub(super) actor: String,
    pub(super) rollback_of: Option<u64>,
    /// Without words.
    pub(super) scenario: Scenario,
    pub(super) plan: Plan,
}

/// A published plan as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Published {
    /// Its number; the next one has the next.
    pub number: u64,
    /// Its digest.
    pub digest: String,
    /// When it was published.
    pub published: String,
    /// By whom.
    pub actor: String,
    /// The plan it repeats, where somebody went back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback_of: Option<u64>,
    /// What it costs, in fen, for who may see finances; not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_fen: Option<Money>,
    /// The plan; not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<ShownPlan>,
}

/// Which plan is to be published, and which one it is to replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publishing {
    /// The draft to publish, or
    #[serde(default)]
    pub draft: Option<String>,
    /// the number of the earlier plan to go back to.
    #[serde(default)]
    pub rollback_to: Option<u64>,
    /// The number of the plan in force that it replaces; 0 for the first.
    pub replaces: u64,
}

impl Service {
    /// Plans the scenario of this moment. `watch` is told how far the search is and stops it by
    /// answering `false`; the best plan found until then is the draft.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Impossible`] without a base, [`Refusal::Faulty`],
    /// [`Refusal::OtherBody`], [`Refusal::Failure`], what fails outside.
    pub fn draft(
        &self,
        caller: &Caller,
        wish: &DraftWish,
        once: Option<&Once>,
        now_ms: i64,
        watch: &mut dyn FnMut(&Progress) -> bool,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::PlanDraft)?;
        let again = |key: &str| {
            let Kept { key, version, document } = self.find(DRAFT, key)?;
            let document = shown_draft(caller, &key, document);
            Ok(Kept { key, version, document })
        };
        self.once(once, now_ms, again, || {
            let scene = self.scene(now_ms)?;
            let in_force = self.standing.now();
            let basis = in_force.as_ref().map_or(0, |plan| plan.number);
            let previous = in_force.map(|plan| without_strangers(&scene.question, &plan.plan));
            let settings = settings(wish);
            let answer = morning::plan(&scene.question, previous.as_ref(), &settings, watch)?;
            let held_back = scene.left_out();
            let Scene { question, aside } = scene;
            let (scenario, plan) = (bare(question.scenario), answer.plan);
            let file = DraftFile { basis, made_ms: now_ms, scenario, plan, held_back, aside };
            let key = fresh_key("D")?;
            let mut change = Change::by(caller, now_ms);
            change.put(DRAFT, &key, Some(0), &file);
            change.drops_later(DRAFT, &key);
            Ok(Making::new(&key, 1, &shown_draft(caller, &key, file), change).told_anew())
        })
    }

    /// A draft.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn draft_of(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<Draft, Refusal> {
        caller.must(Permission::PlanRead)?;
        let kept = self.find::<DraftFile>(DRAFT, key)?;
        self.note(caller, (DRAFT, key, ""), now_ms)?;
        Ok(shown_draft(caller, key, kept.document))
    }

    /// Publishes a draft, or an earlier plan anew, in the place of the plan in force.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`]; [`Refusal::Outrun`] with the difference when
    /// another plan is in force by now, with what has changed since the draft was made, or with the
    /// violations when an earlier plan does not fit the scenario of this moment;
    /// [`Refusal::OtherBody`], what fails outside.
    pub fn publish(
        &self,
        caller: &Caller,
        wish: &Publishing,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::PlanPublish)?;
        let again = |key: &str| {
            let file = self.plan_called(key)?;
            let (key, version) = (key.to_owned(), file.number);
            Ok(Kept { key, version, document: shown(caller, file) })
        };
        let _held = self.dates_held();
        let done = self.once(once, now_ms, again, || {
            let (question, plan, before, rollback_of) = match (&wish.draft, wish.rollback_to) {
                (Some(draft), None) => {
                    let file = self.find::<DraftFile>(DRAFT, draft)?.document;
                    if file.basis != wish.replaces {
                        return Err(self.outrun(caller, wish)?);
                    }
                    let changed = self.changed_since(&file)?;
                    if !changed.is_empty() {
                        let (label, beside) = (made_for_others(), json!({"changed": changed}));
                        return Err(Refusal::Outrun { label, beside });
                    }
                    let question = question(self.dressed(file.scenario)?)?;
                    // What it costs to change is reckoned from the plan it was made after.
                    let in_force = self.standing.now().filter(|plan| plan.number == file.basis);
                    let before = in_force.map(|plan| without_strangers(&question, &plan.plan));
                    (question, file.plan, before, None)
                }
                (None, Some(number)) => {
                    let question = self.scene(now_ms)?.question;
                    let plan = fitted(&question, &self.plan_file(number)?.plan);
                    let plan = with_facts(plan, &question.scenario);
                    (question, plan, None, Some(number))
                }
                _ => return Err(which_plan()),
            };
            let plan = (plan, before.as_ref());
            self.put_plan(caller, (question, plan, rollback_of), wish.replaces, now_ms)
        });
        match done {
            Err(Refusal::Store(store::Failure::Refused(store::Refusal::Moved { .. }))) => {
                Err(self.outrun(caller, wish)?)
            }
            // One who asks again may do so because this failed the first time.
            Ok(made) => {
                self.load_plan()?;
                self.dispatch_or_leave(None, now_ms);
                Ok(made)
            }
            other => other,
        }
    }

    /// The change that makes `plan` the plan in force behind number `replaces`.
    fn put_plan(
        &self,
        caller: &Caller,
        (question, (plan, before), rollback_of): (Question, (Plan, Option<&Plan>), Option<u64>),
        replaces: u64,
        now_ms: i64,
    ) -> Result<Making, Refusal> {
        let checked = checking::check(&question, &plan, before);
        if !checked.report.violations.is_empty() {
            let beside = json!({"violations": checked.report.violations});
            return Err(Refusal::Outrun { label: does_not_fit(), beside });
        }
        let mut plan = checked.plan;
        if rollback_of.is_some() {
            plan.cost = Some(checked.report.bill);
        }
        let number = replaces.checked_add(1).ok_or_else(no_such_number)?;
        let file = PlanFile {
            number,
            digest: digest_of_plan(&plan),
            published_ms: now_ms,
            actor: caller.actor.clone(),
            rollback_of,
            scenario: bare(question.scenario),
            plan,
        };
        let mut change = Change::by(caller, now_ms);
        let payload = json!({
            "number": number,
            "digest": file.digest,
            "rollback_of": rollback_of,
        });
        let stream = Stream::new(PLAN, PUBLISHED);
        change.event(self, (&stream, Some(replaces)), "plan.published", &payload)?;
        self.shelve(&mut change, &file)?;
        self.tell_of_promises(&mut change, &InForce::of(file.clone()), &BTreeSet::new())?;
        let shown = shown(caller, file);
        // The plan is kept: told again, it is read anew.
        Ok(Making::new(&plan_key(number), number, &shown, change).told_anew())
    }

    /// What somebody is told whose plan came too late.
    fn outrun(&self, caller: &Caller, wish: &Publishing) -> Result<Refusal, Refusal> {
        self.load_plan()?;
        let in_force = self.standing.now();
        let number = in_force.as_ref().map_or(0, |plan| plan.number);
        let mut beside = json!({"in_force": number});
        if let (Some(in_force), Some(draft)) = (in_force, &wish.draft) {
            let file = self.find::<DraftFile>(DRAFT, draft)?.document;
            let question = question(self.dressed(file.scenario)?)?;
            let before = fitted(&question, &in_force.plan);
            beside["diff"] =
                shown_diff(&explain::diff(&question.work, &before, &file.plan, None), caller);
        }
        let label = Label::new(
            format!("在执行的计划已是第 {number} 份：请看差异后重新排"),
            format!("plan {number} is in force by now: look at the difference and plan anew"),
        );
        Ok(Refusal::Outrun { label, beside })
    }

    /// The plan in force.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`] before there is one.
    pub fn current_plan(&self, caller: &Caller, now_ms: i64) -> Result<Published, Refusal> {
        caller.must(Permission::PlanRead)?;
        let unknown = || Refusal::Unknown { kind: PLAN, key: "current".to_owned() };
        let in_force = self.standing.now().ok_or_else(unknown)?;
        self.published_plan(caller, in_force.number, now_ms)
    }

    /// A published plan by its number.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn published_plan(
        &self,
        caller: &Caller,
        number: u64,
        now_ms: i64,
    ) -> Result<Published, Refusal> {
        caller.must(Permission::PlanRead)?;
        let file = self.plan_file(number)?;
        self.note(caller, (PLAN, &number.to_string(), ""), now_ms)?;
        Ok(shown(caller, file))
    }

    /// Published plans by number, behind `after`, without what is in them.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn published_plans(
        &self,
        caller: &Caller,
        after: u64,
        most: usize,
    ) -> Result<Vec<Published>, Refusal> {
        caller.must(Permission::PlanRead)?;
        let events = self.store.stream(&Stream::new(PLAN, PUBLISHED), after, most)?;
        let read = |event: crate::desk::event::Event| {
            let payload: Value = event.payload.value().ok()?;
            Some(Published {
                number: event.seq,
                digest: payload["digest"].as_str()?.to_owned(),
                published: stamp(event.at_ms),
                actor: event.actor,
                rollback_of: payload["rollback_of"].as_u64(),
                total_fen: None,
                plan: None,
            })
        };
        events
            .into_iter()
            .map(|event| read(event).ok_or_else(|| damaged(PLAN, PUBLISHED)))
            .collect()
    }

    /// What a person does on a date, by the plan in force.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`] before there is a plan.
    pub fn day_of(
        &self,
        caller: &Caller,
        person: &str,
        date: Option<Date>,
        now_ms: i64,
    ) -> Result<Vec<PlannedStep>, Refusal> {
        caller.must(Permission::PlanRead)?;
        let unknown = || Refusal::Unknown { kind: PLAN, key: "current".to_owned() };
        let in_force = self.standing.now().ok_or_else(unknown)?;
        self.note(caller, ("person", person, "plan"), now_ms)?;
        Ok(in_force.day_of(person, date))
    }

    pub(super) fn plan_file(&self, number: u64) -> Result<PlanFile, Refusal> {
        let unknown = || Refusal::Unknown { kind: PLAN, key: number.to_string() };
        self.shelved(&plan_key(number))?.ok_or_else(unknown)
    }

    /// The plan that was published under this key.
    pub(super) fn plan_called(&self, key: &str) -> Result<PlanFile, Refusal> {
        let unknown = || Refusal::Unknown { kind: PLAN, key: key.to_owned() };
        self.shelved(key)?.ok_or_else(unknown)
    }

    /// Takes note of the plan that is in force by now.
    pub(super) fn load_plan(&self) -> Result<(), Refusal> {
        let number = self.store.head(&Stream::new(PLAN, PUBLISHED))?.seq;
        if number > 0 {
            let plan = InForce::of(self.plan_file(number)?).naming(self.names()?);
            self.standing.put_newer(plan, |plan| plan.number);
        }
        Ok(())
    }
}

/// What is planned for: a scenario as it was kept, resolved anew.
pub(super) fn question(scenario: Scenario) -> Result<Question, Refusal> {
    let (work, _) = check::check(&scenario)
        .map_err(|issues| super::base::faulty("scenario", &scenario, issues))?;
    let text = Text { name: "scenario".to_owned(), bytes: written(&scenario).into_bytes() };
    Ok(Question { text, scenario, work, warnings: Vec::new() })
}

fn settings(wish: &DraftWish) -> Settings {
    Settings {
        seed: wish.seed,
        lanes: 4,
        threads: 0,
        budget: Budget::Rounds(wish.rounds),
        planned: None,
        until_gap: None,
        fallback: true,
        stop: None,
    }
}

fn shown_draft(caller: &Caller, key: &str, file: DraftFile) -> Draft {
    let DraftFile { basis, plan, held_back, aside, .. } = file;
    let (id, digest) = (key.to_owned(), digest_of_plan(&plan));
    Draft { id, basis, digest, plan: ShownPlan::of(plan, caller), held_back, aside }
}

fn shown(caller: &Caller, file: PlanFile) -> Published {
    let plan = ShownPlan::of(file.plan, caller);
    Published {
        number: file.number,
        digest: file.digest,
        published: stamp(file.published_ms),
        actor: file.actor,
        rollback_of: file.rollback_of,
        total_fen: plan.cost.map(|bill| bill.total_fen),
        plan: Some(plan),
    }
}

/// The key of a number, so that keys stand in the order of numbers.
pub(super) fn plan_key(number: u64) -> String {
    format!("{number:010}")
}

fn which_plan() -> Refusal {
    Refusal::Wish(Label::new(
        "请写 draft 或 rollback_to 其中之一",
        "say either draft or rollback_to",
    ))
}

fn no_such_number() -> Refusal {
    Refusal::Wish(Label::new("没有这个编号的计划", "no plan has that number"))
}
