//! Everything the desk knows of one ticket, put together when it is asked for: how urgent it is,
//! who could take it, how it ends, what is left of what was agreed. Nothing of it is kept.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::urgency::moment;
use super::{Before, life_of, must_any};
use crate::app::service::kept::Kept;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::{Label, Moment, Zone};
use crate::desk::closing;
use crate::desk::event::Stream;
use crate::desk::life::{Life, Rating, Settlement, Stage};
use crate::desk::{rules, triage};
use crate::model::ticket::{Curve, Role};
use crate::policy::desk::{EntitlementKind, Post};

/// Everything the desk knows of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dossier {
    /// The ticket.
    pub ticket: String,
    /// The version of it that this is read from.
    pub version: u64,
    /// How far it has come.
    pub stage: Stage,
    /// What people call that.
    pub name: Label,
    /// Which phase that is (R095); none once it was refused or called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Label>,
    /// Since when it is late: the date owed, which has passed without a result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_since: Option<Moment>,
    /// How urgent it is; none before it was assessed, or where no class fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// What must be completed first, while nothing is promised (R009).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<super::ComesFirst>,
    /// What calls left open, while nobody has assessed it, and who asks for it (R125).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_open: Option<Label>,
    /// The level of response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// Who could drive it, talk with the client about it, look over its result.
    pub candidates: Vec<Able>,
    /// Whether anybody has the time for it, before it is dispatched (R020, R021).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<crate::desk::life::Verdict>,
    /// What the client must bring, and by when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_bring: Option<ToBring>,
    /// The list of material of its service, opened with it, and what else was asked for (R027).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub material: Vec<super::MaterialRow>,
    /// The confirmation of the result (R085).
    pub confirmation: File,
    /// Promised and planned against what was (R090, R091).
    pub retrospect: Retrospect,
    /// What calling it off came to, or would come to now; none once it cannot be called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calling_off: Option<Settlement>,
    /// Its bills in their order, those that others took the place of among them (R193).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bills: Vec<super::BillRow>,
    /// What its client may still call on (R116).
    pub entitled: Vec<Entitled>,
    /// What is out of the ordinary.
    pub exceptions: Exceptions,
    /// What was suggested, found and learned.
    pub words: Words,
}

/// Words on file of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Words {
    /// What the client suggested (R089).
    pub suggestions: Vec<String>,
    /// What was found wrong: what, and what to do about it (R194, R195).
    pub findings: Vec<(String, String)>,
    /// What was improved in turn.
    pub improvements: Vec<String>,
    /// Errors found after the client signed (R083, R097).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<super::DefectRow>,
    /// What of it stands in the manual (R092).
    pub manual: Vec<String>,
}

/// How urgent a ticket is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Urgency {
    /// The class (R002).
    pub class: String,
    /// What people call it.
    pub name: Label,
    /// From when on being late counts (R007).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_from: Option<Moment>,
    /// What being late costs (R018).
    pub curves: Vec<Curve>,
    /// How long before that the normal track would be done; below nought where it is too slow. Told
    /// while it can still be sent there (R004).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normal_slack_ms: Option<i64>,
    /// Whether it waits while an emergency lasts (R135).
    pub waits_in_an_emergency: bool,
}

/// The level of response to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Response {
    /// The level it has come to (R125 to R127).
    pub level: u8,
    /// The level that what it takes calls for (R128).
    pub called_for: u8,
    /// Who responds at that level.
    pub post: Post,
    /// What people call him.
    pub name: Label,
    /// Fields of special knowledge it takes.
    pub skills: u32,
    /// Departments of those who work on it.
    pub departments: u32,
    /// Who must pass it on; none where it has come to the level called for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on_by: Option<Post>,
}

/// Somebody who could take a part in a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Able {
    /// The part.
    pub part: Role,
    /// Who.
    pub person: String,
    /// Whether he is of the department that has it: those come first (R189).
    pub is_same_department: bool,
    /// Whether he is the one the client knows (R130).
    pub is_owner: bool,
    /// Minutes he has in his working time until it is owed.
    pub free_minutes: i64,
    /// Minutes he has beyond that: overtime, on call.
    pub beyond_minutes: i64,
}

/// What a client must bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToBring {
    /// What, as people call it.
    pub items: Vec<Label>,
    /// By when he was told to, where he was (R032).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_by: Option<Moment>,
    /// By when it has to be there so that nobody waits for it, by the plan in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_by: Option<Moment>,
    /// The moment of asking, where it is too late for that: it is needed at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_at_once: Option<Moment>,
}

/// The confirmation of a result (《加急服务结果确认单》, R085).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct File {
    /// What was done.
    pub item: Label,
    /// When the service was completed: the client has the result since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<Moment>,
    /// The digest of what is confirmed, which the client signs; none before it is completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// When the client signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Moment>,
    /// The files of the result, each in the version that counts.
    pub files: Vec<Found>,
    /// How the client rates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
}

/// A file of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    /// What it is.
    pub name: String,
    /// Its digest.
    pub digest: String,
}

/// Promised and planned against what was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Retrospect {
    /// How many minutes earlier than owed at first the client had the result; later, if below
    /// nought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_minutes: Option<i64>,
    /// Likewise by the date that the firm alone moved it to, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_as_moved_minutes: Option<i64>,
    /// Steps that are done, against the plan of the promise.
    pub steps: Vec<StepTime>,
    /// Steps that took less, and why.
    pub well: Vec<String>,
    /// Steps that took longer, and why.
    pub improve: Vec<String>,
    /// How often it came back.
    pub returns: u32,
}

/// When a step was planned to end, and when it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepTime {
    /// The step.
    pub step: String,
    /// By the plan.
    pub planned: Moment,
    /// As reported.
    pub actual: Moment,
    /// Minutes earlier; later, if below nought.
    pub early_minutes: i64,
}

/// What a client may still call on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entitled {
    /// Its key.
    pub id: String,
    /// What it is.
    pub name: Label,
    /// Of which kind.
    pub kind: EntitlementKind,
    /// So many are left in this period.
    pub left: u32,
    /// What the next one costs once none is, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_fen: Option<i64>,
}

/// What is out of the ordinary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exceptions {
    /// Rules set aside, with who allowed it, while they are (R188).
    pub set_aside: Vec<SetAside>,
    /// What went wrong and is not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anomaly: Option<String>,
    /// Why it cannot go on (R187).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
    /// By how many minutes the client was late with what he had to bring (R032).
    pub client_late_minutes: i64,
    /// Rejections and changes of owner (R199).
    pub rejections: u32,
    /// How often the client wanted somebody else.
    pub owner_changes: u32,
    /// Billed and not paid, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed_fen: Option<i64>,
}

/// A rule that is set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetAside {
    /// The code of the refusal.
    pub rule: String,
    /// Who allowed it.
    pub approver: String,
    /// Until when.
    pub until: Moment,
}

impl Service {
    /// Everything the desk knows of a ticket.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn dossier(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<Dossier, Refusal> {
        must_any(caller, &[Permission::DeskWork, Permission::EventRead])?;
        let Kept { key, version, document: file } = self.own_ticket(caller, key)?;
        let events = self.stream_of(&Stream::new(TICKET, &key), version)?;
        let life = life_of(&events)?;
        let before = Before { key, version, file, life, events };
        self.note(caller, (TICKET, &before.key, "dossier"), now_ms)?;
        let zone = self.zone();
        let (candidates, people) = self.able((&before.file, &before.life), now_ms)?;
        let life = &before.life;
        let calling_off = match &life.beside.settled {
            None if life.stage.may_be_called_off() => {
                Some(self.settlement((&before.key, &before.file), life, now_ms)?)
            }
            settled => settled.clone(),
        };
        Ok(Dossier {
            stage: life.stage,
            name: life.stage.label(),
            phase: life.stage.phase().map(crate::desk::life::Phase::label),
            late_since: life.late_since_ms(now_ms).map(|at_ms| moment(zone, at_ms)),
            urgency: self.urgency(&before, now_ms)?,
            first: self.comes_first(&before.file, life, now_ms)?,
            left_open: self.left_open(&before)?,
            response: self.response(&before)?,
            candidates,
            people,
            to_bring: self.to_bring(&before, now_ms)?,
            material: self.material_of(&before, now_ms)?,
            confirmation: self.confirmation(&before, zone),
            retrospect: self.retrospect((&before.key, &before.file), life)?,
            calling_off,
            bills: super::settling::bills(life, zone),
            entitled: self.entitled(before.file.ticket.client.as_deref(), now_ms)?,
            exceptions: exceptions(life, zone, now_ms),
            words: words(life, zone),
            version: before.version,
            ticket: before.key,
        })
    }

    fn urgency(&self, before: &Before, now_ms: i64) -> Result<Option<Urgency>, Refusal> {
        let (Some(laid), Some(found)) = (self.laid()?, &before.life.assessment) else {
            return Ok(None);
        };
        let Some(class) = triage::class(&laid.desk, found) else { return Ok(None) };
        let zone = self.zone();
        let can_redirect = before.life.stage == Stage::Assessed;
        let slack = can_redirect.then(|| self.slack(&before.file, &before.life, now_ms));
        Ok(Some(Urgency {
            class: class.id.clone(),
            name: class.label.clone(),
            counted_from: triage::counted_from(found).map(|at_ms| moment(zone, at_ms)),
            curves: super::urgency::class_curves(&laid, found, zone),
            normal_slack_ms: slack.flatten(),
            waits_in_an_emergency: triage::is_frozen(&laid.desk, &class.id),
        }))
    }

    /// The confirmation of a result, for whoever may see its ticket: what the client signs (R085).
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn confirmation_of(&self, caller: &Caller, key: &str) -> Result<File, Refusal> {
        caller.must(Permission::TicketRead)?;
        let Kept { key, version, document: file } = self.own_ticket(caller, key)?;
        let events = self.stream_of(&Stream::new(TICKET, &key), version)?;
        let life = life_of(&events)?;
        let before = Before { key, version, file, life, events };
        Ok(self.confirmation(&before, self.zone()))
    }

    fn confirmation(&self, before: &Before, zone: Zone) -> File {
        let service = before.file.ticket.service.as_deref().unwrap_or_default();
        let confirmed = closing::confirmation(&before.life, service);
        let digest = confirmed.digest(&before.key);
        let known = self.known.now();
        let sold = known.as_ref().and_then(|known| {
            known.base.services.iter().find(|sold| sold.id == service)?.name.clone()
        });
        let files = confirmed.files.into_iter().map(|(name, digest)| Found { name, digest });
        File {
            item: sold.unwrap_or_else(|| Label::new(service, service)),
            completed: confirmed.completed_ms.map(|at_ms| moment(zone, at_ms)),
            digest,
            signed: confirmed.signed_ms.map(|at_ms| moment(zone, at_ms)),
            files: files.collect(),
            rating: confirmed.rating,
        }
    }

    /// What people call what is brought and ticked off in the service of a ticket.
    pub(super) fn item_names(&self, file: &TicketFile) -> Result<BTreeMap<String, Label>, Refusal> {
        let Some(laid) = self.laid()? else { return Ok(BTreeMap::new()) };
        let ticket = &file.ticket;
        let day = super::urgency::day_of(self.zone(), file.created_ms);
        let of = (ticket.client.as_deref(), ticket.service.as_deref());
        Ok(rules::names(&laid.desk, of, day))
    }

    /// Promised and planned against what was (R090, R091).
    pub(super) fn retrospect(
        &self,
        (key, file): (&str, &TicketFile),
        life: &Life,
    ) -> Result<Retrospect, Refusal> {
        let (look, zone) = (closing::look_back(life), self.zone());
        let mut steps = Vec::new();
        if let Some(plan) = self.plan_promised(file)? {
            let told = self.told_of_steps(key)?;
            for step in plan.steps(key) {
                let actual = told.get(&step.step).and_then(|row| row.end);
                let (Some(planned), Some(actual)) = (step.end, actual) else { continue };
                let early_minutes = zone.tick_from(planned) - zone.tick_from(actual);
                let step = step.step.clone();
                steps.push(StepTime { step, planned, actual, early_minutes });
            }
        }
        Ok(Retrospect {
            early_minutes: look.early_ms.map(|ms| ms.div_euclid(crate::desk::clock::MINUTE)),
            early_as_moved_minutes: look
                .early_as_moved_ms
                .map(|ms| ms.div_euclid(crate::desk::clock::MINUTE)),
            steps,
            well: look.well,
            improve: look.improve,
            returns: look.returns,
        })
    }
}

impl Retrospect {
    /// What went well, and what is to be improved: the promise, the steps beside their plan, and
    /// the causes on record.
    pub(super) fn sentences(&self) -> (String, String) {
        let told = |is_well: bool| {
            let fits = |early: &i64| *early != 0 && (*early > 0) == is_well;
            let promise = self
                .early_minutes
                .filter(fits)
                .map(|early| format!("承诺 / promise: {early:+} min"));
            let steps = self.steps.iter().filter(|step| fits(&step.early_minutes));
            let steps = steps.map(|step| format!("{}: {:+} min", step.step, step.early_minutes));
            let causes = if is_well { &self.well } else { &self.improve };
            let all: Vec<String> =
                promise.into_iter().chain(steps).chain(causes.iter().cloned()).collect();
            all.join("; ")
        };
        let (mut well, mut improve) = (told(true), told(false));
        if self.returns > 0 {
            let gap = if improve.is_empty() { "" } else { "; " };
            improve += &format!("{gap}返工 / returned: {}", self.returns);
        }
        if well.is_empty() && improve.is_empty() {
            well = "如期 / as planned".to_owned();
        }
        (well, improve)
    }
}

fn exceptions(life: &Life, zone: Zone, now_ms: i64) -> Exceptions {
    let set_aside = life.beside.set_aside.iter().filter(|one| now_ms < one.until_ms);
    let shown = |one: &crate::desk::life::SetAside| SetAside {
        rule: one.rule.clone(),
        approver: one.approver.clone(),
        until: moment(zone, one.until_ms),
    };
    Exceptions {
        set_aside: set_aside.map(shown).collect(),
        anomaly: life.anomaly.clone(),
        blocked: life.beside.block.as_ref().map(|block| block.reason.clone()),
        client_late_minutes: life.beside.client_late_ms / crate::desk::clock::MINUTE,
        rejections: life.rejections,
        owner_changes: life.owner_changes,
        owed_fen: life.beside.owed_fen,
    }
}

fn words(life: &Life, zone: Zone) -> Words {
    let beside = &life.beside;
    let findings = beside.findings.iter().map(|one| (one.what.clone(), one.advice.clone()));
    Words {
        suggestions: beside.suggestions.clone(),
        findings: findings.collect(),
        improvements: beside.improvements.clone(),
        defects: super::defects::defects(life, zone),
        manual: beside.manual.clone(),
    }
}
