//! What stands beside a ticket's stage: levels of response, messages, forecasts, blocks, approvals,
//! papers, money.

use std::collections::{BTreeMap, BTreeSet};

use super::{Billing, Defect, Happening, Settlement};
use crate::policy::desk::{Post, Source};

/// A forecast of the finish (R075, R080).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Forecast {
    /// If nothing goes wrong.
    pub earliest_ms: i64,
    /// If what may come comes.
    pub latest_ms: i64,
    /// Working days that takes, where the dates follow from the plan.
    pub may_add_days: Option<u32>,
    /// Why it changed last.
    pub reason: String,
    /// When it was made.
    pub made_ms: i64,
}

/// That it cannot go on (R187).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// Why.
    pub reason: String,
    /// Until when, where that is known.
    pub until_ms: Option<i64>,
    /// Who has been told.
    pub told: BTreeSet<Post>,
}

/// A rule set aside (R188).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetAside {
    /// The code of the refusal.
    pub rule: String,
    /// Who allowed it.
    pub approver: String,
    /// Until when.
    pub until_ms: i64,
}

/// An approval asked for (R052).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sought {
    /// The amount, in fen.
    pub amount_fen: i64,
    /// Who asked for it.
    pub asked_by: String,
    /// Who gave it.
    pub given_by: Option<String>,
}

/// What was found, with advice (R194, R195).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What.
    pub what: String,
    /// What to do about it.
    pub advice: String,
    /// Whether only marketing may speak of it.
    pub is_sensitive: bool,
}

/// An error found after the client signed, and what became of it (R083).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Escaped {
    /// What was found, and who puts it right.
    pub defect: Defect,
    /// When it was found.
    pub found_ms: i64,
    /// When it was put right.
    pub mended_ms: Option<i64>,
}

impl Escaped {
    /// Whether somebody still has to put it right.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.mended_ms.is_none() && self.defect.needs_none.is_none()
    }
}

/// What a step saved or lost (R091).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delta {
    /// The step.
    pub step: String,
    /// Milliseconds saved; lost, if below nought.
    pub saved_ms: i64,
    /// Why.
    pub cause: String,
}

/// A bill, which stays on record when another takes its place (R193).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bill {
    /// The amount, in fen.
    pub amount_fen: i64,
    /// When it was given.
    pub given_ms: i64,
    /// When it was paid.
    pub paid_ms: Option<i64>,
    /// When another took its place.
    pub replaced_ms: Option<i64>,
}

/// A visit to the client (R184).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit {
    /// When.
    pub at_ms: i64,
    /// Whether somebody goes there.
    pub is_on_site: bool,
    /// Whether marketing agreed to it.
    pub is_agreed: bool,
}

/// What stands beside the stage.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Beside {
    /// Whether it was passed to a specialist or a director.
    pub passed_to: Option<Post>,
    /// When the client got messages that count against the budget: key nodes and risks (R073).
    pub told_ms: Vec<i64>,
    /// When the client last heard anything.
    pub heard_ms: Option<i64>,
    /// How often he asked (R066).
    pub chases: u32,
    /// The last forecast.
    pub forecast: Option<Forecast>,
    /// Why it cannot go on.
    pub block: Option<Block>,
    /// Rules set aside.
    pub set_aside: Vec<SetAside>,
    /// The approval asked for.
    pub approval: Option<Sought>,
    /// The regulation it was last checked against (R049).
    pub regulation: Option<String>,
    /// Documents by name, the versions of each in their order (R195).
    pub documents: BTreeMap<String, Vec<String>>,
    /// Traces kept (R076).
    pub evidence: u32,
    /// Where they are from.
    pub sources: BTreeSet<Source>,
    /// By when the client must bring which material (R032).
    pub client_due: BTreeMap<String, i64>,
    /// By how much he was late with it at the most (R032).
    pub client_late_ms: i64,
    /// When it is owed by that, where it is known: as much of the office's time after the promise.
    pub owed_ms: Option<i64>,
    /// The visit that is proposed or agreed (R184).
    pub visit: Option<Visit>,
    /// Visits made.
    pub visits: u32,
    /// Calls of the client that nobody took and nobody returned (R186).
    pub missed_calls: u32,
    /// The first of the tickets with the same trouble (R135).
    pub linked_to: Option<String>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What steps saved and lost.
    pub deltas: Vec<Delta>,
    /// The bills, in their order.
    pub bills: Vec<Bill>,
    /// Billed, in fen, and not paid.
    pub owed_fen: Option<i64>,
    /// Paid so far, in fen.
    pub paid_fen: i64,
    /// What calling it off came to.
    pub settled: Option<Settlement>,
    /// When it was called off.
    pub called_off_ms: Option<i64>,
    /// When it was billed.
    pub billed_ms: Option<i64>,
    /// Whether the driver has begun as drivers begin (R183).
    pub is_kicked_off: bool,
    /// Entries of the manual (R092).
    pub manual: Vec<String>,
    /// Suggestions of the client, and what became of them (R089).
    pub suggestions: Vec<String>,
    /// Improvements made.
    pub improvements: Vec<String>,
    /// Errors found after the client signed (R083).
    pub defects: Vec<Escaped>,
}

impl Beside {
    /// Takes in what `actor` did at `at_ms`.
    pub(super) fn apply(&mut self, at_ms: i64, actor: &str, happening: &Happening) {
        match happening {
            Happening::PassedToSpecialist { .. } => {
                self.passed_to = self.passed_to.max(Some(Post::Specialist));
            }
            Happening::PassedToDirector { .. } => self.passed_to = Some(Post::Director),
            Happening::DailyReported { .. } => self.heard_ms = Some(at_ms),
            Happening::ClientTold { node, .. } => {
                self.heard_ms = Some(at_ms);
                if node.counts() {
                    self.told_ms.push(at_ms);
                }
            }
            Happening::ClientChased {} => self.chases += 1,
            Happening::ForecastMade { earliest_ms, latest_ms, may_add_days, reason } => {
                let forecast = |(earliest_ms, latest_ms)| {
                    let (may_add_days, reason, made_ms) = (*may_add_days, reason.clone(), at_ms);
                    Forecast { earliest_ms, latest_ms, may_add_days, reason, made_ms }
                };
                self.forecast = earliest_ms.zip(*latest_ms).map(forecast);
            }
            Happening::Blocked { reason, until_ms } => {
                let (reason, until_ms, told) = (reason.clone(), *until_ms, BTreeSet::new());
                self.block = Some(Block { reason, until_ms, told });
            }
            Happening::BlockReported { to } => {
                self.block.iter_mut().for_each(|block| {
                    block.told.insert(*to);
                });
            }
            Happening::Unblocked {} => self.block = None,
            Happening::Overridden { rule, until_ms, .. } => {
                let (rule, approver) = (rule.clone(), actor.to_owned());
                self.set_aside.push(SetAside { rule, approver, until_ms: *until_ms });
            }
            Happening::ApprovalAsked { amount_fen } => {
                let (amount_fen, asked_by) = (*amount_fen, actor.to_owned());
                self.approval = Some(Sought { amount_fen, asked_by, given_by: None });
            }
            Happening::Approved {} => {
                let given = Some(actor.to_owned());
                self.approval.iter_mut().for_each(|sought| sought.given_by.clone_from(&given));
            }
            Happening::Billed(Billing { amount_fen, .. }) => self.bill(at_ms, *amount_fen),
            Happening::Paid {} => {
                self.unpaid().iter_mut().for_each(|bill| bill.paid_ms = Some(at_ms));
                let paid_fen = self.owed_fen.take().unwrap_or(0);
                self.paid_fen = self.paid_fen.saturating_add(paid_fen);
            }
            Happening::CalledOff { settled, .. } => {
                self.settled.clone_from(settled);
                self.called_off_ms = Some(at_ms);
            }
            Happening::DefectFound(_) | Happening::DefectMended(_) => self.escape(at_ms, happening),
            Happening::KickedOff { .. } => self.is_kicked_off = true,
            other => {
                self.with_client(other);
                self.file(other);
            }
        }
    }

    /// The bill in force, while it is not paid.
    fn unpaid(&mut self) -> Option<&mut Bill> {
        self.bills.last_mut().filter(|_| self.owed_fen.is_some())
    }

    /// Takes in a bill: from now on it is the one in force.
    fn bill(&mut self, given_ms: i64, amount_fen: i64) {
        self.unpaid().iter_mut().for_each(|bill| bill.replaced_ms = Some(given_ms));
        self.bills.push(Bill { amount_fen, given_ms, paid_ms: None, replaced_ms: None });
        // Who is billed nothing owes nothing.
        self.owed_fen = Some(amount_fen).filter(|amount| *amount > 0);
        self.billed_ms = Some(given_ms);
    }

    /// Takes in an error found after the signature, or that it was put right.
    fn escape(&mut self, at_ms: i64, happening: &Happening) {
        match happening {
            Happening::DefectFound(defect) => {
                let (defect, found_ms, mended_ms) = (defect.clone(), at_ms, None);
                self.defects.push(Escaped { defect, found_ms, mended_ms });
            }
            Happening::DefectMended(mended) => {
                if let Some(which) = self.open_defect(mended.number) {
                    which.mended_ms = Some(at_ms);
                }
            }
            _ => {}
        }
    }

    /// The error of this number, from 1 on, where it is open; else the first that is.
    fn open_defect(&mut self, number: Option<u32>) -> Option<&mut Escaped> {
        let mut numbered = (1..).zip(&mut self.defects).filter(|(_, one)| one.is_open());
        numbered.find(|(own, _)| number.is_none_or(|number| number == *own)).map(|(_, one)| one)
    }

    /// The first error found after the signature that somebody still has to put right.
    #[must_use]
    pub fn unmended(&self) -> Option<&Escaped> {
        self.defects.iter().find(|one| one.is_open())
    }

    /// What is between the firm and the client.
    fn with_client(&mut self, happening: &Happening) {
        match happening {
            Happening::ClientDue { items, by_ms } => {
                self.client_due.extend(items.iter().map(|item| (item.clone(), *by_ms)));
            }
            Happening::ClientLate { late_ms, owed_ms, .. } => {
                self.client_late_ms = self.client_late_ms.max(*late_ms);
                self.owed_ms = owed_ms.or(self.owed_ms);
            }
            Happening::VisitProposed { at_ms, is_on_site, .. } => {
                let (at_ms, is_on_site) = (*at_ms, *is_on_site);
                self.visit = Some(Visit { at_ms, is_on_site, is_agreed: false });
            }
            Happening::VisitAgreed {} => {
                self.visit.iter_mut().for_each(|visit| visit.is_agreed = true);
            }
            Happening::VisitMade {} => {
                self.visit = None;
                self.visits += 1;
            }
            Happening::CallMissed {} => self.missed_calls += 1,
            Happening::CallReturned {} => self.missed_calls = 0,
            Happening::Linked { to } => self.linked_to = Some(to.clone()),
            _ => {}
        }
    }

    /// What goes into the file.
    fn file(&mut self, happening: &Happening) {
        match happening {
            Happening::StepDiffered { step, saved_ms, cause } => {
                let (step, cause) = (step.clone(), cause.clone());
                self.deltas.push(Delta { step, saved_ms: *saved_ms, cause });
            }
            Happening::EvidenceFiled { source, .. } => {
                self.evidence += 1;
                self.sources.insert(*source);
            }
            Happening::DocumentFiled { name, digest, .. } => {
                self.documents.entry(name.clone()).or_default().push(digest.clone());
            }
            Happening::FindingNoted { what, advice, is_sensitive } => {
                let (what, advice) = (what.clone(), advice.clone());
                self.findings.push(Finding { what, advice, is_sensitive: *is_sensitive });
            }
            Happening::RegulationChecked { version } => self.regulation = Some(version.clone()),
            Happening::ManualWritten { entry, .. } => self.manual.push(entry.clone()),
            Happening::Suggested { what } => self.suggestions.push(what.clone()),
            Happening::Improved { what, .. } => self.improvements.push(what.clone()),
            _ => {}
        }
    }

    /// Whether the rule of this code is set aside at `now_ms` (R188).
    #[must_use]
    pub fn is_set_aside(&self, rule: &str, now_ms: i64) -> bool {
        self.set_aside.iter().any(|one| one.rule == rule && now_ms < one.until_ms)
    }

    /// The level of response it has come to (R125–R128).
    #[must_use]
    pub fn level(&self) -> u8 {
        match self.passed_to {
            Some(Post::Director) => 3,
            Some(_) => 2,
            None => 1,
        }
    }
}

impl super::Node {
    /// Whether a message of this kind counts against the budget: what the client asked for, and
    /// what he gets every day, does not.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, super::Node::Key | super::Node::Risk)
    }
}
