//! Who may do what: one table from roles to permissions, one from the roles of the desk (R172 to
//! R179) to ours. Must not know keys, sessions or routes.

use serde::{Deserialize, Serialize};

use crate::calendar::Label;
use crate::policy::desk::Post;

/// What a caller is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(schemars::JsonSchema)]
pub enum Role {
    /// Runs the installation: keys, hooks, master data, erasure.
    Administrator,
    /// Takes calls, keeps the queue, makes and publishes plans.
    Dispatcher,
    /// Does the work and reports on it.
    Specialist,
    /// Looks over results and decides what needs a decision.
    Reviewer,
    /// Reads what happened and who looked at what; changes nothing.
    Auditor,
    /// Another program: creates tickets, asks for quotes, accepts them.
    Ticketing,
}

/// One thing that can be allowed.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Permission {
    /// Creating tickets.
    #[serde(rename = "ticket.create")]
    TicketCreate,
    /// Reading tickets and how they stand.
    #[serde(rename = "ticket.read")]
    TicketRead,
    /// Changing and cancelling tickets.
    #[serde(rename = "ticket.change")]
    TicketChange,
    /// Saying whether what was done for a ticket passes (R101).
    #[serde(rename = "ticket.review")]
    TicketReview,
    /// Putting on record what happens to tickets at the desk.
    #[serde(rename = "desk.work")]
    DeskWork,
    /// Reading clients, without their finances.
    #[serde(rename = "client.read")]
    ClientRead,
    /// Putting clients and taking them away.
    #[serde(rename = "client.change")]
    ClientChange,
    /// Seeing and changing what is recorded of a client's finances (R240).
    #[serde(rename = "client.finance")]
    ClientFinance,
    /// Erasing what is known of a client (R243).
    #[serde(rename = "client.erase")]
    ClientErase,
    /// Reading people and their absences.
    #[serde(rename = "person.read")]
    PersonRead,
    /// Putting people and absences.
    #[serde(rename = "person.change")]
    PersonChange,
    /// Reading the base scenario: calendars, services, prices.
    #[serde(rename = "base.read")]
    BaseRead,
    /// Replacing the base scenario.
    #[serde(rename = "base.change")]
    BaseChange,
    /// Planning, verifying and explaining documents brought along.
    #[serde(rename = "plan.compute")]
    PlanCompute,
    /// Reading the published plan and its history.
    #[serde(rename = "plan.read")]
    PlanRead,
    /// Making drafts of plans.
    #[serde(rename = "plan.draft")]
    PlanDraft,
    /// Publishing plans and going back to earlier ones.
    #[serde(rename = "plan.publish")]
    PlanPublish,
    /// Reporting what is done and begun.
    #[serde(rename = "progress.report")]
    ProgressReport,
    /// Asking for quotes.
    #[serde(rename = "quote.make")]
    QuoteMake,
    /// Accepting quotes.
    #[serde(rename = "quote.accept")]
    QuoteAccept,
    /// Reading the log of events.
    #[serde(rename = "event.read")]
    EventRead,
    /// Reading who looked at what (R244).
    #[serde(rename = "access.read")]
    AccessRead,
    /// Making, rotating and revoking keys.
    #[serde(rename = "key.manage")]
    KeyManage,
    /// Subscribing to events and looking after what was not delivered.
    #[serde(rename = "hook.manage")]
    HookManage,
    /// Reading how the server is doing.
    #[serde(rename = "server.read")]
    ServerRead,
}

use Permission as P;

/// What a dispatcher may do.
const DISPATCHER: &[Permission] = &[
    P::TicketCreate,
    P::TicketRead,
    P::TicketChange,
    P::DeskWork,
    P::ClientRead,
    P::ClientChange,
    P::PersonRead,
    P::PersonChange,
    P::BaseRead,
    P::PlanCompute,
    P::PlanRead,
    P::PlanDraft,
    P::PlanPublish,
    P::ProgressReport,
    P::QuoteMake,
    P::QuoteAccept,
    P::EventRead,
];

const SPECIALIST: &[Permission] = &[
    P::TicketRead,
    P::TicketChange,
    P::DeskWork,
    P::ClientRead,
    P::PersonRead,
    P::PlanCompute,
    P::PlanRead,
    P::ProgressReport,
    P::QuoteMake,
];

/// Whoever decides has to know what a client is worth and what he earns.
const REVIEWER: &[Permission] = &[
    P::TicketRead,
    P::TicketChange,
    P::TicketReview,
    P::DeskWork,
    P::ClientRead,
    P::ClientFinance,
    P::PersonRead,
    P::BaseRead,
    P::PlanCompute,
    P::PlanRead,
    P::PlanDraft,
    P::QuoteMake,
    P::EventRead,
];

const AUDITOR: &[Permission] = &[
    P::TicketRead,
    P::ClientRead,
    P::PersonRead,
    P::BaseRead,
    P::PlanRead,
    P::EventRead,
    P::AccessRead,
    P::ServerRead,
];

/// No client, no person, no plan: only what it asked for itself.
const TICKETING: &[Permission] =
    &[P::TicketCreate, P::TicketRead, P::TicketChange, P::QuoteMake, P::QuoteAccept];

impl Role {
    /// All roles.
    pub const ALL: [Role; 6] = [
        Role::Administrator,
        Role::Dispatcher,
        Role::Specialist,
        Role::Reviewer,
        Role::Auditor,
        Role::Ticketing,
    ];

    /// What it may do: the table.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Role::Administrator => &Permission::ALL,
            Role::Dispatcher => DISPATCHER,
            Role::Specialist => SPECIALIST,
            Role::Reviewer => REVIEWER,
            Role::Auditor => AUDITOR,
            Role::Ticketing => TICKETING,
        }
    }

    /// Its name in documents and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Dispatcher => "dispatcher",
            Role::Specialist => "specialist",
            Role::Reviewer => "reviewer",
            Role::Auditor => "auditor",
            Role::Ticketing => "ticketing",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> Label {
        match self {
            Role::Administrator => Label::new("管理员", "administrator"),
            Role::Dispatcher => Label::new("调度员", "dispatcher"),
            Role::Specialist => Label::new("专员", "specialist"),
            Role::Reviewer => Label::new("审核人", "reviewer"),
            Role::Auditor => Label::new("审计员", "auditor"),
            Role::Ticketing => Label::new("工单系统", "ticketing system"),
        }
    }
}

impl Permission {
    /// All permissions.
    pub const ALL: [Permission; 25] = [
        P::TicketCreate,
        P::TicketRead,
        P::TicketChange,
        P::TicketReview,
        P::DeskWork,
        P::ClientRead,
        P::ClientChange,
        P::ClientFinance,
        P::ClientErase,
        P::PersonRead,
        P::PersonChange,
        P::BaseRead,
        P::BaseChange,
        P::PlanCompute,
        P::PlanRead,
        P::PlanDraft,
        P::PlanPublish,
        P::ProgressReport,
        P::QuoteMake,
        P::QuoteAccept,
        P::EventRead,
        P::AccessRead,
        P::KeyManage,
        P::HookManage,
        P::ServerRead,
    ];

    /// Its name, as scopes of keys spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            P::TicketCreate => "ticket.create",
            P::TicketRead => "ticket.read",
            P::TicketChange => "ticket.change",
            P::TicketReview => "ticket.review",
            P::DeskWork => "desk.work",
            P::ClientRead => "client.read",
            P::ClientChange => "client.change",
            P::ClientFinance => "client.finance",
            P::ClientErase => "client.erase",
            P::PersonRead => "person.read",
            P::PersonChange => "person.change",
            P::BaseRead => "base.read",
            P::BaseChange => "base.change",
            P::PlanCompute => "plan.compute",
            P::PlanRead => "plan.read",
            P::PlanDraft => "plan.draft",
            P::PlanPublish => "plan.publish",
            P::ProgressReport => "progress.report",
            P::QuoteMake => "quote.make",
            P::QuoteAccept => "quote.accept",
            P::EventRead => "event.read",
            P::AccessRead => "access.read",
            P::KeyManage => "key.manage",
            P::HookManage => "hook.manage",
            P::ServerRead => "server.read",
        }
    }

    /// The permission of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Permission> {
        Permission::ALL.into_iter().find(|permission| permission.name() == name)
    }
}

/// What is needed to put a happening on record: one of these. Whatever is not named here needs
/// [`Permission::DeskWork`]; which person may, [`crate::desk::decide`] says beside it.
pub const HAPPENINGS: &[(&str, &[Permission])] = &[
    // What clients do themselves, and whoever speaks for them.
    ("ticket.material_received", &[P::TicketChange]),
    ("ticket.owner_change_asked", &[P::TicketChange]),
    ("ticket.signed", &[P::TicketChange]),
    ("ticket.surveyed", &[P::TicketChange]),
    // Whoever takes orders takes them back, and neither a colleague nor who drives it by himself.
    ("ticket.called_off", &[P::QuoteAccept, P::TicketReview]),
    // What the dispatcher does, or after two rejections the manager.
    ("ticket.dispatched", &[P::PlanPublish, P::TicketReview]),
    ("ticket.reassigned", &[P::PlanPublish, P::TicketReview]),
    ("ticket.reviewed", &[P::TicketReview]),
    // What binds the firm or its client, and whoever works on a ticket does not decide alone.
    ("ticket.billed", &[P::PlanPublish, P::TicketReview]),
    ("ticket.paid", &[P::PlanPublish, P::TicketReview]),
    ("ticket.archived", &[P::PlanPublish, P::TicketReview]),
    ("ticket.refused", &[P::PlanPublish, P::TicketReview]),
];

/// What is needed to put a happening of this kind on record: one of these.
#[must_use]
pub fn needed_for(kind: &str) -> &'static [Permission] {
    let row = HAPPENINGS.iter().find(|(named, _)| *named == kind);
    row.map_or(&[P::DeskWork], |(_, needed)| needed)
}

/// A role of the desk, and what it is here: what it may do, and the post in the policy's table
/// where it decides something or speaks for the firm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeskRole {
    /// 中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Where the catalogue has it from.
    pub requirement: &'static str,
    /// What it may do.
    pub role: Role,
    /// What the policy has to name its people for.
    pub post: Option<Post>,
}

const fn desk(
    (zh, en): (&'static str, &'static str),
    requirement: &'static str,
    role: Role,
    post: Option<Post>,
) -> DeskRole {
    DeskRole { zh, en, requirement, role, post }
}

/// The roles of the desk.
pub const DESK_ROLES: &[DeskRole] = &[
    desk(("专属客服", "dedicated client agent"), "R172", Role::Dispatcher, None),
    desk(("财税专员", "tax specialist"), "R172", Role::Specialist, None),
    desk(("总监", "director"), "R172", Role::Reviewer, Some(Post::Director)),
    desk(("加急服务小组成员", "urgent team member"), "R173", Role::Specialist, None),
    desk(("经办人", "handler"), "R174", Role::Specialist, None),
    desk(("主管", "supervisor"), "R174", Role::Reviewer, Some(Post::Supervisor)),
    desk(("部门经理", "department manager"), "R174", Role::Reviewer, Some(Post::DepartmentManager)),
    desk(("总经理", "general manager"), "R174", Role::Reviewer, Some(Post::GeneralManager)),
    desk(("项目负责人", "project owner"), "R175", Role::Dispatcher, None),
    desk(("上级经理", "senior manager"), "R175", Role::Reviewer, Some(Post::DepartmentManager)),
    desk(("市场人员", "marketing staff"), "R175", Role::Specialist, Some(Post::Marketing)),
    desk(("法务部", "legal department"), "R175", Role::Reviewer, Some(Post::Legal)),
    desk(("项目中心", "project centre"), "R175", Role::Dispatcher, Some(Post::ProjectCentre)),
    desk(("知识产权专员", "IP staff"), "R175", Role::Specialist, Some(Post::Ip)),
    desk(
        ("电话/在线/邮件客服", "phone, online and e-mail service"),
        "R176",
        Role::Dispatcher,
        None,
    ),
    desk(("人力资源部门", "human resources"), "R176", Role::Auditor, Some(Post::HumanResources)),
    desk(
        ("值班专员", "person on duty at night"),
        "R177",
        Role::Dispatcher,
        Some(Post::DutyOfficer),
    ),
    desk(("合作方", "partner"), "R178", Role::Ticketing, None),
    desk(
        ("咨询、投诉、建议受理", "intake of questions, complaints, ideas"),
        "R179",
        Role::Dispatcher,
        None,
    ),
];
