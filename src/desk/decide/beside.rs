//! What stands beside the stages: response, messages, blocks, approvals, papers, rules set aside.

use super::allocation::is_driver;
use super::{Asker, Rules, said, to_come};
use crate::desk::life::{Beside, Billing, Defect, Happening, Life, Matter, Mended};
use crate::desk::refusal::Refusal;
use crate::policy::desk::{Approval, Post};

/// Rules that may be set aside (R188): of convenience, never of compliance.
const CONVENIENCE: &[&str] = &["D023", "D030", "D037", "D055", "D065"];

pub(super) fn guard(
    life: &Life,
    wish: &Happening,
    rules: &Rules,
    asker: &Asker,
) -> Result<(), Refusal> {
    match wish {
        Happening::OnSiteCalled {} => match &rules.without_on_site {
            Some(tier) => Err(Refusal::NotOnSite(tier.clone())),
            None => Ok(()),
        },
        Happening::MeetingHeld { plan } => {
            holds(asker, Post::Director)?;
            said(plan)
        }
        Happening::KickedOff { steps } => {
            is_driver(life, asker)?;
            let left = rules.kick_off.iter().filter(|step| !steps.contains(step)).cloned();
            let left: Vec<String> = left.collect();
            if left.is_empty() { Ok(()) } else { Err(Refusal::KickOff(left)) }
        }
        Happening::RegulationChecked { .. } => {
            let reviewer = life.crew.as_ref().map_or("", |crew| crew.reviewer.as_str());
            let is_his = reviewer == asker.actor;
            if is_his { Ok(()) } else { Err(Refusal::NotReviewer(reviewer.to_owned())) }
        }
        Happening::ApprovalAsked { .. }
        | Happening::Approved {}
        | Happening::Billed(_)
        | Happening::Paid {} => money(life, wish, rules, asker),
        Happening::Blocked { .. }
        | Happening::BlockReported { .. }
        | Happening::Unblocked {}
        | Happening::ClientTold { .. }
        | Happening::DailyReported { .. }
        | Happening::ForecastMade { .. } => words(&life.beside, wish, rules, asker),
        Happening::Overridden { .. } | Happening::DocumentFiled { .. } => {
            papers(&life.beside, wish, asker)
        }
        Happening::PassedToSpecialist { reason: text }
        | Happening::PassedToDirector { reason: text }
        | Happening::SolutionGiven { what: text }
        | Happening::Answered(Matter { what: text })
        | Happening::Assisted(Matter { what: text })
        | Happening::AgenciesSynced { state: text }
        | Happening::StepDiffered { cause: text, .. }
        | Happening::FindingNoted { advice: text, .. }
        | Happening::Suggested { what: text }
        | Happening::Improved { effect: text, .. }
        | Happening::ManualWritten { entry: text, .. } => said(text),
        Happening::DefectFound(_) | Happening::DefectMended(_) => mending(&life.beside, wish),
        _ => Ok(()),
    }
}

/// Errors found after the signature: each has somebody who puts it right, or a reason why nobody
/// has to (R083).
fn mending(beside: &Beside, wish: &Happening) -> Result<(), Refusal> {
    match wish {
        Happening::DefectFound(Defect { reason, follow_up, needs_none, .. }) => {
            said(reason)?;
            match (follow_up, needs_none) {
                (Some(_), None) => Ok(()),
                (None, Some(why)) => said(why),
                _ => Err(Refusal::NobodyMends),
            }
        }
        Happening::DefectMended(Mended { how, number }) => {
            let mut open = (1..).zip(&beside.defects).filter(|(_, one)| one.is_open());
            let is_there = open.any(|(own, _)| number.is_none_or(|number: u32| number == own));
            if is_there { said(how) } else { Err(Refusal::NoDefect) }
        }
        _ => Ok(()),
    }
}

/// Who is told what, by whom.
fn words(beside: &Beside, wish: &Happening, rules: &Rules, asker: &Asker) -> Result<(), Refusal> {
    match wish {
        Happening::Blocked { reason, until_ms } => to_come(*until_ms, asker).and(said(reason)),
        Happening::BlockReported { to } => {
            let block = beside.block.as_ref().ok_or(Refusal::NotBlocked)?;
            let manager = Post::DepartmentManager;
            let is_manager_first = *to == manager || block.told.contains(&manager);
            if !is_manager_first {
                return Err(Refusal::ManagerFirst);
            }
            // The owner tells his manager, and the manager tells marketing.
            if *to == Post::Marketing { holds(asker, manager) } else { Ok(()) }
        }
        Happening::Unblocked {} if beside.block.is_none() => Err(Refusal::NotBlocked),
        Happening::ClientTold { node, what } => {
            if beside.block.is_some() {
                holds(asker, Post::Marketing)?;
            }
            let full = rules.budget.filter(|budget| {
                let today = beside.told_ms.iter().filter(|at| **at >= budget.since_ms).count();
                node.counts() && today >= budget.most as usize
            });
            full.map_or(Ok(()), |budget| Err(Refusal::Budget(budget.most)))?;
            said(what)
        }
        Happening::DailyReported { .. } if beside.block.is_some() => holds(asker, Post::Marketing),
        Happening::ForecastMade { earliest_ms, latest_ms, .. }
            if earliest_ms.is_none() || earliest_ms > latest_ms =>
        {
            Err(Refusal::Interval)
        }
        Happening::ForecastMade { reason, .. } => said(reason),
        _ => Ok(()),
    }
}

/// Rules set aside, and versions of documents.
fn papers(beside: &Beside, wish: &Happening, asker: &Asker) -> Result<(), Refusal> {
    match wish {
        Happening::Overridden { rule, reason, until_ms } => {
            holds(asker, Post::DepartmentManager)?;
            if !CONVENIENCE.contains(&rule.as_str()) {
                return Err(Refusal::NotSetAside(rule.clone()));
            }
            if *until_ms <= asker.now_ms {
                return Err(Refusal::Past);
            }
            said(reason)
        }
        Happening::DocumentFiled { name, supersedes, .. } => {
            let current = beside.documents.get(name).and_then(|versions| versions.last());
            let is_current = current == supersedes.as_ref();
            if is_current { Ok(()) } else { Err(Refusal::OtherVersion(name.clone())) }
        }
        _ => Ok(()),
    }
}

/// Approvals and bills.
fn money(life: &Life, wish: &Happening, rules: &Rules, asker: &Asker) -> Result<(), Refusal> {
    let beside = &life.beside;
    match wish {
        Happening::ApprovalAsked { amount_fen: 0.. } => Ok(()),
        Happening::Billed(Billing { amount_fen: 0.., replaces_fen }) => {
            let is_said = beside.owed_fen == *replaces_fen;
            if is_said { Ok(()) } else { Err(Refusal::OtherBill(beside.owed_fen)) }
        }
        Happening::ApprovalAsked { .. } | Happening::Billed(_) => Err(Refusal::Amount),
        Happening::Approved {} => {
            let sought = beside.approval.as_ref().ok_or(Refusal::NoApprovalAsked)?;
            let driver = life.crew.as_ref().map(|crew| &crew.driver);
            let is_his = sought.asked_by == asker.actor || driver == Some(&asker.actor);
            if is_his || asker.is_through_the_same {
                return Err(Refusal::OwnApproval);
            }
            let post = approver(&rules.approvals, sought.amount_fen);
            post.map_or(Ok(()), |post| holds(asker, post))
        }
        Happening::Paid {} if beside.owed_fen.is_none() => Err(Refusal::NothingOwed),
        _ => Ok(()),
    }
}

pub(super) fn holds(asker: &Asker, post: Post) -> Result<(), Refusal> {
    if asker.posts.contains(&post) { Ok(()) } else { Err(Refusal::PostOnly(post)) }
}

/// Who approves so much (R052): the post of the first row whose band it is in.
#[must_use]
pub fn approver(rows: &[Approval], amount_fen: i64) -> Option<Post> {
    let is_in = |row: &&Approval| {
        row.limit_fen.is_none_or(|limit| {
            amount_fen < limit.0 || (amount_fen == limit.0 && row.is_limit_included == Some(true))
        })
    };
    rows.iter().find(is_in).map(|row| row.post)
}

/// Before a result passes: approved by whoever approves so much, and checked against the
/// regulation in force (R049, R052).
pub(super) fn is_cleared(life: &Life, rules: &Rules) -> Result<(), Refusal> {
    let sought = life.beside.approval.as_ref();
    if sought.is_none_or(|sought| sought.given_by.is_none()) {
        let amount = sought.map(|sought| sought.amount_fen).or(rules.stated_fen);
        if let Some(post) = approver(&rules.approvals, amount.unwrap_or(0)) {
            // Of an amount that nobody has said it is not known who approves it.
            let is_one = rules.approvals.iter().all(|row| row.post == post);
            let is_known = amount.is_some() || is_one;
            return Err(match is_known {
                true => Refusal::NotApproved(post),
                false => Refusal::NoApprovalAsked,
            });
        }
    }
    match &rules.regulation {
        Some(version) if life.beside.regulation.as_ref() != Some(version) => {
            Err(Refusal::OldRegulation(version.clone()))
        }
        _ => Ok(()),
    }
}
