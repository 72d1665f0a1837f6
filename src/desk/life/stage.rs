//! How far a ticket has come, and by which happening it goes on: one table.

use super::{BY_CONTRACT, Happening};
use crate::calendar::Label;

/// How far a ticket has come. That it waits, or that something went wrong, stands beside it.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody has looked at it.
    #[default]
    New,
    /// It is known why it is urgent.
    Assessed,
    /// A red line forbids it: the end.
    Refused,
    /// It takes the normal track.
    Redirected,
    /// It is known whether it can be done.
    Weighed,
    /// The client has options.
    Quoted,
    /// A date is promised; nobody has it yet.
    Accepted,
    /// Somebody has it and has not said yes.
    Dispatched,
    /// He has said yes.
    Acknowledged,
    /// Two have said no: the manager decides (R192).
    ManagerDecision,
    /// Work goes on.
    InProgress,
    /// Who did it has looked over it.
    SelfChecked,
    /// Somebody else has.
    Reviewed,
    /// The client has it.
    Delivered,
    /// He signed: service has ended.
    Signed,
    /// He said how it was.
    Surveyed,
    /// It was looked back on.
    LookedBack,
    /// It was filed away: the end.
    Archived,
    /// It was called off: the end.
    CalledOff,
}

use Stage::{
    Accepted, Acknowledged, Archived, Assessed, CalledOff, Delivered, Dispatched, InProgress,
    LookedBack, ManagerDecision, New, Quoted, Redirected, Refused, Reviewed, SelfChecked, Signed,
    Surveyed, Weighed,
};

/// Before the client has it.
const OPEN: &[Stage] = &[
    New,
    Assessed,
    Redirected,
    Weighed,
    Quoted,
    Accepted,
    Dispatched,
    Acknowledged,
    ManagerDecision,
    InProgress,
    SelfChecked,
    Reviewed,
    Delivered,
];
/// While it can be assessed: a notice may come in until the client has the result (R002, R249).
const ASSESSED: &[Stage] = &[
    New,
    Assessed,
    Redirected,
    Weighed,
    Quoted,
    Accepted,
    Dispatched,
    Acknowledged,
    ManagerDecision,
    InProgress,
    SelfChecked,
    Reviewed,
];
/// Once it is known what is wanted, and until it is looked over.
const MATERIAL: &[Stage] = &[
    Assessed,
    Redirected,
    Weighed,
    Quoted,
    Accepted,
    Dispatched,
    Acknowledged,
    ManagerDecision,
    InProgress,
];
/// While somebody has it.
const HELD: &[Stage] = &[Acknowledged, InProgress, SelfChecked, Reviewed, Delivered];
/// While somebody has it and the client does not.
const TAKEN: &[Stage] = &[Dispatched, Acknowledged, InProgress, SelfChecked, Reviewed];

/// Once a date is promised, and until the client signs.
const PROMISED: &[Stage] = &[
    Accepted,
    Dispatched,
    Acknowledged,
    ManagerDecision,
    InProgress,
    SelfChecked,
    Reviewed,
    Delivered,
];
/// Once service has ended.
const AFTER: &[Stage] = &[Signed, Surveyed, LookedBack];
/// While the client is visited: once a date is promised, and as long as his file is open.
const VISITED: &[Stage] = &[
    Accepted,
    Dispatched,
    Acknowledged,
    ManagerDecision,
    InProgress,
    SelfChecked,
    Reviewed,
    Delivered,
    Signed,
    Surveyed,
    LookedBack,
];
/// Until it is filed away, and what was refused or called off for ever.
const FILED: &[Stage] = &[
    New,
    Assessed,
    Refused,
    Redirected,
    Weighed,
    Quoted,
    Accepted,
    Dispatched,
    Acknowledged,
    ManagerDecision,
    InProgress,
    SelfChecked,
    Reviewed,
    Delivered,
    Signed,
    Surveyed,
    LookedBack,
    CalledOff,
];
/// While money may be asked for and paid: from the promise on and for ever, as neither a file that
/// is kept nor one that was called off says that it was paid.
const BILLED: &[Stage] = &[
    Accepted,
    Dispatched,
    Acknowledged,
    ManagerDecision,
    InProgress,
    SelfChecked,
    Reviewed,
    Delivered,
    Signed,
    Surveyed,
    LookedBack,
    Archived,
    CalledOff,
];

/// From which stages something may happen, and the stage after it, if that is another one.
fn road(happening: &Happening) -> (&'static [Stage], Option<Stage>) {
    match happening {
        Happening::Contacted(_) => (OPEN, None),
        Happening::Assessed(_) => (ASSESSED, Some(Assessed)),
        Happening::Refused { .. } => (&[New, Assessed, Redirected, Weighed, Quoted], Some(Refused)),
        Happening::Redirected { .. } => (&[Assessed], Some(Redirected)),
        Happening::Weighed { .. } => (&[Assessed, Redirected, Weighed, Quoted], Some(Weighed)),
        Happening::MaterialAsked { .. }
        | Happening::MaterialReceived { .. }
        | Happening::MaterialJudged { .. }
        | Happening::MaterialPrechecked { .. } => (MATERIAL, None),
        Happening::Quoted { .. } => (&[Weighed, Quoted], Some(Quoted)),
        // What the contract promises nobody assesses or quotes first.
        Happening::Accepted { quote, .. } if quote == BY_CONTRACT => (&[New], Some(Accepted)),
        Happening::Accepted { .. } => (&[Quoted], Some(Accepted)),
        Happening::Dispatched(_) => {
            (&[Accepted, Dispatched, Acknowledged, ManagerDecision, InProgress], Some(Dispatched))
        }
        Happening::Acknowledged {} => (&[Dispatched], Some(Acknowledged)),
        Happening::Reassigned { .. } => (TAKEN, None),
        Happening::Rejected { .. } => (&[Dispatched, Acknowledged], Some(Accepted)),
        Happening::ManagerAsked {} => (&[Accepted], Some(ManagerDecision)),
        Happening::OwnerChangeAsked { .. } => (&[Dispatched, Acknowledged, InProgress], None),
        Happening::Begun {} => (&[Acknowledged], Some(InProgress)),
        Happening::WaitBegun { .. } | Happening::WaitOver { .. } => (OPEN, None),
        Happening::AnomalyRaised { .. } | Happening::AnomalyAnswered { .. } => (HELD, None),
        Happening::Returned { .. } => {
            (&[InProgress, SelfChecked, Reviewed, Delivered], Some(InProgress))
        }
        Happening::SelfChecked { .. } => (&[InProgress], Some(SelfChecked)),
        Happening::Reviewed { .. } => (&[SelfChecked], Some(Reviewed)),
        Happening::Delivered { .. } => (&[Reviewed], Some(Delivered)),
        Happening::Signed { .. } => (&[Delivered], Some(Signed)),
        Happening::Surveyed(_) => (&[Signed, LookedBack], None),
        Happening::LookedBack { .. } => (&[Signed, Surveyed], Some(LookedBack)),
        Happening::Archived { .. } => (&[LookedBack, CalledOff], Some(Archived)),
        Happening::CalledOff { .. } => (OPEN, Some(CalledOff)),
        beside => (aside(beside), None),
    }
}

/// From which stages what stands beside them may happen.
fn aside(happening: &Happening) -> &'static [Stage] {
    match happening {
        Happening::PassedToSpecialist { .. }
        | Happening::PassedToDirector { .. }
        | Happening::SolutionGiven { .. }
        | Happening::MeetingHeld { .. }
        | Happening::OnSiteCalled {}
        | Happening::OnSiteArrived {}
        | Happening::ClientTold { .. }
        | Happening::ClientChased {}
        | Happening::ForecastMade { .. }
        | Happening::FindingNoted { .. }
        | Happening::Overridden { .. }
        | Happening::Answered(_)
        | Happening::Assisted(_)
        | Happening::ClientLate { .. }
        | Happening::CallMissed {}
        | Happening::CallReturned {}
        | Happening::Linked { .. } => OPEN,
        Happening::CompanyKnown {}
        | Happening::GuidedOnSite {}
        | Happening::KickedOff { .. }
        | Happening::AgenciesSynced { .. }
        | Happening::StepDiffered { .. } => HELD,
        Happening::DailyReported { .. }
        | Happening::Blocked { .. }
        | Happening::BlockReported { .. }
        | Happening::Unblocked {}
        | Happening::RegulationChecked { .. }
        | Happening::ApprovalAsked { .. }
        | Happening::ClientDue { .. }
        | Happening::PromiseMoved { .. }
        | Happening::Approved {} => PROMISED,
        Happening::VisitProposed { .. } | Happening::VisitAgreed {} | Happening::VisitMade {} => {
            VISITED
        }
        Happening::EvidenceFiled { .. } | Happening::DocumentFiled { .. } => FILED,
        Happening::Billed(_) | Happening::Paid {} => BILLED,
        Happening::Suggested { .. } | Happening::Improved { .. } => AFTER,
        Happening::DefectFound(_) | Happening::DefectMended(_) => {
            &[Signed, Surveyed, LookedBack, Archived]
        }
        Happening::ManualWritten { .. } => &[LookedBack],
        _ => &[],
    }
}

/// The four phases of the firm's urgent service (R095).
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// What is wanted, and whether it can be done (需求预审).
    PreAssessment,
    /// Who does it, and by when (资源统筹).
    Coordination,
    /// It is done and watched (动态监控).
    Monitoring,
    /// It is looked over, handed over, learned from (闭环交付).
    ClosedLoop,
}

impl Phase {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            Phase::PreAssessment => ("需求预审", "pre-assessment"),
            Phase::Coordination => ("资源统筹", "coordination of resources"),
            Phase::Monitoring => ("动态监控", "monitoring"),
            Phase::ClosedLoop => ("闭环交付", "closed-loop delivery"),
        };
        Label::new(zh, en)
    }
}

/// Whether `happening` is of those that may happen in this stage.
#[must_use]
pub(in crate::desk) fn is_open_to(stage: Stage, happening: &Happening) -> bool {
    road(happening).0.contains(&stage)
}

/// The stage after `happening` at `before`, if it is another one. What was weighed and is assessed
/// again stays where it is, and the file of what was called off is one of what was called off.
pub(super) fn after(happening: &Happening, before: Stage) -> Option<Stage> {
    let is_weighed = !matches!(before, New | Assessed | Redirected);
    let is_late = matches!(happening, Happening::Assessed(_)) && is_weighed;
    let is_called_off = before == CalledOff && matches!(happening, Happening::Archived { .. });
    road(happening).1.filter(|_| !is_late && !is_called_off)
}

impl Stage {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            New => ("新建", "new"),
            Assessed => ("已评估", "assessed"),
            Refused => ("合规拒绝", "refused for compliance"),
            Redirected => ("转常规", "on the normal track"),
            Weighed => ("已论证可行性", "feasibility weighed"),
            Quoted => ("已报价", "quoted"),
            Accepted => ("已承诺", "promised"),
            Dispatched => ("已派单", "dispatched"),
            Acknowledged => ("已接单", "acknowledged"),
            ManagerDecision => ("待经理决定", "with the manager"),
            InProgress => ("办理中", "in progress"),
            SelfChecked => ("已自查", "self-checked"),
            Reviewed => ("已复核", "reviewed"),
            Delivered => ("已交付", "delivered"),
            Signed => ("已签收", "signed"),
            Surveyed => ("已回访满意度", "surveyed"),
            LookedBack => ("已复盘", "looked back on"),
            Archived => ("已归档", "archived"),
            CalledOff => ("已取消", "called off"),
        };
        Label::new(zh, en)
    }

    /// The phase it belongs to (R095); none once it was refused or called off.
    #[must_use]
    pub fn phase(self) -> Option<Phase> {
        match self {
            Refused | CalledOff => None,
            New | Assessed | Redirected | Weighed => Some(Phase::PreAssessment),
            Quoted | Accepted | Dispatched | Acknowledged | ManagerDecision => {
                Some(Phase::Coordination)
            }
            InProgress => Some(Phase::Monitoring),
            SelfChecked | Reviewed | Delivered | Signed | Surveyed | LookedBack | Archived => {
                Some(Phase::ClosedLoop)
            }
        }
    }

    /// Whether a date is promised and the client has not signed: so long a plan holds it.
    #[must_use]
    pub fn is_promised(self) -> bool {
        PROMISED.contains(&self)
    }

    /// Whether the client has signed and the file is not closed.
    #[must_use]
    pub fn is_after_signature(self) -> bool {
        AFTER.contains(&self)
    }

    /// Whether it can still be called off.
    #[must_use]
    pub fn may_be_called_off(self) -> bool {
        OPEN.contains(&self)
    }

    /// Whether nothing more can happen.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Refused | Archived | CalledOff)
    }
}
