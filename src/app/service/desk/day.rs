//! A written day done again: one command per line, each at its stated time by a stated person,
//! with clocks told as the time between passes. Reads no clock: the same lines make the same log,
//! but for what is drawn by chance.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Doing, SurgeMove, Wanted};
use crate::app::Failure;
use crate::app::documents::{self, Text};
use crate::app::service::base::Base;
use crate::app::service::clients::ClientFile;
use crate::app::service::once::Made;
use crate::app::service::plans::{Draft, DraftWish, Publishing};
use crate::app::service::quotes::Quoted;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Role;
use crate::app::service::tickets::{NewTicket, TICKET, TicketChange, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::{Label, Moment};
use crate::desk::clock::MINUTE;
use crate::desk::life::Stage;
use crate::model::people::Absence;
use crate::model::quote::OptionKind;
use crate::model::request::Request;
use crate::model::scenario::{Progress, Scenario};

/// Days a plan of the replayed firm reaches ahead.
const HORIZON_DAYS: u32 = 18;
/// The most minutes clocks are told one by one between two lines: ten days.
const MOST_MINUTES: i64 = 14_400;

/// A line of a day.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// When it happens; local where no offset is stated.
    pub at: Moment,
    /// Who does it, as role/person, such as `dispatcher/mei`.
    pub who: String,
    /// What it is part of, such as a worked case.
    #[serde(default)]
    pub case: Option<String>,
    /// What is done.
    #[serde(rename = "do")]
    pub step: Step,
    /// The code by which it must be refused; without one it must not be.
    #[serde(default)]
    pub refused: Option<String>,
    /// What must be answered, in English: the options of a quote with their dates and prices.
    #[serde(default)]
    pub says: Option<String>,
    /// What must have come of it.
    #[serde(default)]
    pub expect: Option<Expect>,
}

/// What must have come of a line; what is not stated may be anything.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Of which ticket; of the one the line is about, when nothing is said.
    #[serde(default)]
    pub ticket: Option<String>,
    /// How far it has come.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// Who drives it.
    #[serde(default)]
    pub driver: Option<String>,
    /// When the plan in force finishes it.
    #[serde(default)]
    pub finish: Option<Moment>,
    /// When it is owed.
    #[serde(default)]
    pub due: Option<Moment>,
    /// That the plan in force does not hold it.
    #[serde(default)]
    pub is_unplanned: bool,
}

/// How a ticket stands after a line.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Came {
    /// How far it has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Who drives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// When the plan in force finishes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish: Option<Moment>,
    /// When it is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
}

/// What a line does.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Puts base, people and clients of a scenario, a file beside the day.
    Scenario(String),
    /// Puts a policy, a file beside the day.
    Policy(String),
    /// Creates a ticket.
    Create(Box<NewTicket>),
    /// Changes a ticket.
    Change {
        /// Which.
        ticket: String,
        /// To what.
        to: Box<TicketChange>,
    },
    /// Something happens to a ticket.
    Happens {
        /// To which.
        ticket: String,
        /// What, such as `assessed`.
        kind: String,
        /// The particulars.
        #[serde(default = "nothing")]
        #[schemars(with = "serde_json::Map<String, Value>")]
        payload: Value,
        /// Words about persons.
        #[serde(default)]
        note: Option<String>,
    },
    /// Reports progress.
    Progress(Vec<Progress>),
    /// Somebody will be away.
    Absence {
        /// Who.
        person: String,
        /// When.
        absence: Absence,
    },
    /// An emergency begins or ends.
    Surge(SurgeMove),
    /// Drafts a plan and publishes it.
    Plan(DraftWish),
    /// Asks for a quote and, where an option is named, accepts it.
    Quote {
        /// What is asked.
        request: Box<Request>,
        /// The option accepted.
        #[serde(default)]
        accept: Option<OptionKind>,
    },
}

fn nothing() -> Value {
    serde_json::json!({})
}

/// What became of a line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Its number.
    pub line: usize,
    /// When.
    pub at: Moment,
    /// Who.
    pub who: String,
    /// The worked case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// What was to be done.
    pub what: String,
    /// The ticket, if it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The code of the refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What was said.
    pub said: Label,
    /// How the ticket stands by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<Came>,
    /// Whether it went as the line says it must.
    pub is_as_stated: bool,
}

impl Service {
    /// Does the lines of `day` one after the other; `beside` reads files they name. Answers with
    /// what became of each.
    ///
    /// # Errors
    /// [`Failure::Document`] for a line that cannot be read, [`Failure::Wish`] for one that goes
    /// back in time or names no role, and what fails outside.
    pub fn replay(
        &self,
        day: &Text,
        beside: &dyn Fn(&str) -> Result<Text, Failure>,
    ) -> Result<Vec<Outcome>, Failure> {
        if self.store.end()? > 0 {
            return Err(Failure::wish(
                "数据库里已有记录：请重放到新的数据库",
                "the database holds events already: replay the day into a new one",
            ));
        }
        let lines = read(day)?;
        let (mut outcomes, mut last_ms) = (Vec::with_capacity(lines.len()), None);
        for (number, line) in lines {
            let now_ms = self.zone().tick_from(line.at).0 * MINUTE;
            self.pass(last_ms.unwrap_or(now_ms), now_ms, number)?;
            last_ms = Some(now_ms);
            let who = caller(&line.who, number)?;
            let done = self.step(&who, &line.step, now_ms, beside);
            let (refused, said) = match done {
                Ok(said) => (None, said),
                Err(Refusal::Failure(failure)) => return Err(failure),
                Err(Refusal::Store(failure)) => return Err(failure.into()),
                Err(refusal) => (Some(refusal.code().to_owned()), refusal.label()),
            };
            let (what, own) = line.step.named();
            let about = line.expect.as_ref().and_then(|expect| expect.ticket.clone());
            let ticket = about.or(own);
            let came = ticket.as_deref().map(|key| self.came_to(key)).transpose()?;
            let is_as_stated = refused == line.refused
                && line.says.as_ref().is_none_or(|says| *says == said.en)
                && line.expect.as_ref().is_none_or(|expect| expect.is_met(came.as_ref()));
            outcomes.push(Outcome {
                line: number,
                at: line.at,
                who: line.who,
                case: line.case,
                what,
                ticket,
                refused,
                said,
                came,
                is_as_stated,
            });
        }
        Ok(outcomes)
    }

    /// How a ticket stands.
    fn came_to(&self, key: &str) -> Result<Came, Failure> {
        let found = match self.find_if_any::<TicketFile>(TICKET, key) {
            Ok(found) => found,
            Err(Refusal::Store(failure)) => return Err(failure.into()),
            Err(_) => None,
        };
        let file = found.map(|kept| kept.document);
        let due = file.as_ref().and_then(|file| Some(file.promise.as_ref()?.finish));
        let desk = file.and_then(|file| file.desk);
        let plan = self.standing.now();
        Ok(Came {
            stage: desk.as_ref().map(|desk| desk.stage),
            driver: desk.and_then(|desk| desk.crew).map(|crew| crew.driver),
            finish: plan.and_then(|plan| plan.finish(key)),
            due,
        })
    }

    /// Tells clocks minute by minute, up to `now_ms`, and plans anew after what the policy says so
    /// of.
    fn pass(&self, last_ms: i64, now_ms: i64, number: usize) -> Result<(), Failure> {
        if now_ms < last_ms {
            return Err(Failure::wish(
                format!("第 {number} 行的时间早于前一行"),
                format!("line {number} goes back in time"),
            ));
        }
        let minutes = ((now_ms - last_ms) / MINUTE).min(MOST_MINUTES);
        for minute in (0..minutes).rev() {
            self.tick(now_ms - minute * MINUTE)?;
        }
        while self.wind(now_ms)? {}
        match self.replan_by_itself(now_ms) {
            Ok(_) => Ok(()),
            Err(Refusal::Store(failure)) => Err(failure.into()),
            Err(refusal) => Err(Failure::Wish(refusal.label())),
        }
    }

    fn step(
        &self,
        who: &Caller,
        step: &Step,
        now_ms: i64,
        beside: &dyn Fn(&str) -> Result<Text, Failure>,
    ) -> Result<Label, Refusal> {
        match step {
            Step::Scenario(name) => {
                let question = documents::question(beside(name)?, |_| Ok(Vec::new()))?;
                self.found(who, question.scenario, now_ms)
            }
            Step::Policy(name) => {
                let policy = documents::plain(&beside(name)?)?;
                self.put_policy(who, Some(0), policy, now_ms)?;
                Ok(done())
            }
            Step::Create(new) => {
                self.create_ticket(who, (**new).clone(), None, now_ms)?;
                Ok(done())
            }
            Step::Change { ticket, to } => {
                self.change_ticket(who, ticket, None, (**to).clone(), now_ms)?;
                Ok(done())
            }
            Step::Happens { ticket, kind, payload, note } => {
                let (kind, payload) = (format!("ticket.{kind}"), payload.clone());
                let doing = Doing { kind, payload, person: None, note: note.clone() };
                let wanted = Wanted { key: ticket, version: None };
                self.desk_do(who, wanted, &doing, None, now_ms)?;
                Ok(done())
            }
            Step::Progress(rows) => {
                self.report(who, rows, now_ms)?;
                Ok(done())
            }
            Step::Absence { person, absence } => {
                self.create_absence(who, person, absence.clone(), None, now_ms)?;
                Ok(done())
            }
            Step::Surge(made) => {
                let stands = self.move_surge(who, made, None, now_ms)?;
                let names = |zh: bool| {
                    let told = stands.told.iter();
                    let told = told.map(|rung| if zh { &rung.name.zh } else { &rung.name.en });
                    told.map(String::as_str).collect::<Vec<_>>().join(", ")
                };
                Ok(Label::new(format!("已通知 {}", names(true)), format!("told {}", names(false))))
            }
            Step::Plan(wish) => self.planned_anew(who, wish, now_ms),
            Step::Quote { request, accept } => self.offered(who, request, *accept, now_ms),
        }
    }

    /// Puts base, people and clients of a scenario.
    fn found(&self, who: &Caller, scenario: Scenario, now_ms: i64) -> Result<Label, Refusal> {
        let (people, clients) = (scenario.people.clone(), scenario.clients.clone());
        self.put_base(who, Some(0), Base::of(scenario, HORIZON_DAYS), now_ms)?;
        for person in &people {
            self.create_person(who, person, None, now_ms)?;
        }
        for client in clients {
            let file = ClientFile {
                id: Some(client.id),
                name: client.name,
                tier: client.tier,
                owner: client.owner,
                excluded: client.excluded,
                completed: client.completed,
                site: client.site,
                ..ClientFile::default()
            };
            self.create_client(who, file, None, now_ms)?;
        }
        Ok(done())
    }

    fn planned_anew(&self, who: &Caller, wish: &DraftWish, now_ms: i64) -> Result<Label, Refusal> {
        let made = self.draft(who, wish, None, now_ms, &mut |_| true)?;
        let draft: Draft = told(&made)?;
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
        self.publish(who, &wish, None, now_ms)?;
        let number = draft.basis + 1;
        Ok(Label::new(format!("第 {number} 份计划"), format!("plan {number}")))
    }

    fn offered(
        &self,
        who: &Caller,
        request: &Request,
        accept: Option<OptionKind>,
        now_ms: i64,
    ) -> Result<Label, Refusal> {
        let quoted: Quoted = told(&self.quote(who, request, None, now_ms)?)?;
        if let Some(option) = accept {
            self.accept(who, &quoted.id, option, None, now_ms)?;
        }
        if let Some(refusal) = quoted.quote.refusal {
            return Ok(refusal.reason);
        }
        let options: Vec<String> = quoted
            .quote
            .options
            .iter()
            .map(|option| {
                format!("{} {} {}", option.kind.code(), option.finish, option.price.total_fen)
            })
            .collect();
        let options = options.join("; ");
        Ok(Label::new(options.clone(), options))
    }
}

impl Expect {
    /// Whether a ticket that stands so is as it must be.
    fn is_met(&self, came: Option<&Came>) -> bool {
        let nothing = Came::default();
        let Came { stage, driver, finish, due } = came.unwrap_or(&nothing);
        let is_so = |wanted: &Option<Moment>, is: &Option<Moment>| {
            wanted.is_none() || wanted.map(|at| at.to_string()) == is.map(|at| at.to_string())
        };
        (self.stage.is_none() || self.stage == *stage)
            && (self.driver.is_none() || self.driver == *driver)
            && is_so(&self.finish, finish)
            && is_so(&self.due, due)
            && !(self.is_unplanned && finish.is_some())
    }
}

impl Step {
    /// What it is called, and the ticket it is about.
    fn named(&self) -> (String, Option<String>) {
        match self {
            Step::Scenario(name) => (format!("scenario {name}"), None),
            Step::Policy(name) => (format!("policy {name}"), None),
            Step::Create(new) => ("create".to_owned(), new.id.clone()),
            Step::Change { ticket, .. } => ("change".to_owned(), Some(ticket.clone())),
            Step::Happens { ticket, kind, .. } => (kind.clone(), Some(ticket.clone())),
            Step::Progress(rows) => {
                let first = rows.first().and_then(|row| row.step.split_once('/'));
                ("progress".to_owned(), first.map(|(ticket, _)| ticket.to_owned()))
            }
            Step::Absence { person, .. } => (format!("absence {person}"), None),
            Step::Surge(_) => ("surge".to_owned(), None),
            Step::Plan(_) => ("plan".to_owned(), None),
            Step::Quote { request, .. } => {
                ("quote".to_owned(), request.tickets.first().map(|ticket| ticket.id.clone()))
            }
        }
    }
}

fn done() -> Label {
    Label::new("已办", "done")
}

fn told<T: serde::de::DeserializeOwned>(made: &Made) -> Result<T, Refusal> {
    serde_json::from_slice(&made.body).map_err(|_| super::damaged("answer", &made.key))
}

/// The lines of a day with their numbers; empty ones say nothing.
fn read(day: &Text) -> Result<Vec<(usize, Line)>, Failure> {
    let mut lines = Vec::new();
    for (row, bytes) in day.bytes.split(|byte| *byte == b'\n').enumerate() {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let text = Text { name: format!("{}:{}", day.name, row + 1), bytes: bytes.to_vec() };
        lines.push((row + 1, documents::plain(&text)?));
    }
    Ok(lines)
}

fn caller(who: &str, number: usize) -> Result<Caller, Failure> {
    let found = who.split_once('/').and_then(|(role, person)| Some((Role::named(role)?, person)));
    let (role, person) = found.ok_or_else(|| {
        Failure::wish(
            format!("第 {number} 行的 who 应写作 角色/人，如 dispatcher/mei"),
            format!("`who` of line {number} is written role/person, such as dispatcher/mei"),
        )
    })?;
    Ok(Caller::person(person, role))
}
