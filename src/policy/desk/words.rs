//! The words the desk's rules are written in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a ticket waits for.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// Material or an answer of the client.
    Client,
    /// An authority.
    Agency,
    /// A partner firm.
    Partner,
    /// Money of the client.
    Payment,
}

/// Why it is urgent (R008, R017).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A date set by an authority.
    Regulator,
    /// A contract with a penalty.
    Contract,
    /// A tender.
    Tender,
    /// A bank.
    Bank,
    /// The client's own delay.
    InternalDelay,
    /// Waiting makes him uneasy.
    Unease,
}

impl Cause {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> crate::calendar::Label {
        let (zh, en) = match self {
            Cause::Regulator => ("监管期限", "a date set by an authority"),
            Cause::Contract => ("合同违约", "a contract with a penalty"),
            Cause::Tender => ("投标", "a tender"),
            Cause::Bank => ("银行", "a bank"),
            Cause::InternalDelay => ("内部拖延", "the client's own delay"),
            Cause::Unease => ("心理焦虑", "unease"),
        };
        crate::calendar::Label::new(zh, en)
    }
}

/// What may make a plan out of date.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Somebody whom the plan has will be away.
    Absence,
    /// Somebody rejects what the plan gave him.
    Rejection,
    /// Something went wrong with a ticket.
    Anomaly,
    /// The client is late with material, or it is known from when on a ticket cannot go on, or can.
    Delay,
    /// What was reported of a step takes the time of another, or breaks a promise.
    Progress,
    /// A ticket was called off: its people are free.
    CalledOff,
    /// The client of a ticket wants somebody else for it.
    OwnerChange,
    /// An emergency begins or ends (R135).
    Surge,
}

/// What is lost by being late (R018).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// A deal.
    Deal,
    /// A project lags behind.
    Project,
    /// An authority may act.
    Regulatory,
}

/// How much that weighs.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Degree {
    /// It can be borne.
    Slight,
    /// It hurts.
    Grave,
    /// It cannot be made good.
    Final,
}

/// A post in the firm (岗位): who decides, is told, or steps in (R172–R176).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// The client's own agent (专属客服).
    Agent,
    /// Knows a field (财税专员).
    Specialist,
    /// Talks with the client about one ticket (客户对接).
    Liaison,
    /// Drives one ticket (流程推进).
    Driver,
    /// Guards the compliance of one ticket (风险审核).
    Reviewer,
    /// Looks over what others did (主管).
    Supervisor,
    /// Leads a department (部门经理).
    DepartmentManager,
    /// Leads the firm (总经理).
    GeneralManager,
    /// Leads what takes several departments (总监).
    Director,
    /// Speaks for the firm (市场人员).
    Marketing,
    /// Is there at night (值班专员).
    DutyOfficer,
    /// Sees to contracts and claims (法务部).
    Legal,
    /// Allots projects to their owners (项目中心).
    ProjectCentre,
    /// Knows trade marks and patents (知识产权).
    Ip,
    /// Puts appraisals together (人力资源部门).
    HumanResources,
}

/// How a client reaches the firm (R113, R118, R124).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The web page.
    Web,
    /// The app.
    App,
    /// The hotline.
    Phone,
    /// Online chat.
    Chat,
    /// E-mail.
    Mail,
    /// The firm comes to the client.
    OnSite,
}

/// When a clock runs.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Runs {
    /// In the office's working time.
    Working,
    /// As the tier of the client says.
    Tier,
    /// Day and night.
    Always,
}

/// What kind of message a client got (R073).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// Feedback of the day on tickets with several authorities (R048).
    Daily,
    /// A key node was passed.
    Key,
    /// Something may change the date (R074).
    Risk,
    /// An answer to a question of his.
    Answer,
}

/// Where a trace is from (R076).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A chat.
    Chat,
    /// A mail.
    Mail,
    /// A recorded call.
    Call,
    /// A paper of an authority.
    Approval,
    /// A daily report.
    Report,
    /// A receipt, an electronic one among them (R054).
    Receipt,
}

impl Degree {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> crate::calendar::Label {
        let (zh, en) = match self {
            Degree::Slight => ("可以承受", "slight"),
            Degree::Grave => ("严重", "grave"),
            Degree::Final => ("无法挽回", "final"),
        };
        crate::calendar::Label::new(zh, en)
    }
}

impl Wait {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> crate::calendar::Label {
        let (zh, en) = match self {
            Wait::Client => ("客户", "the client"),
            Wait::Agency => ("办事机构", "an authority"),
            Wait::Partner => ("合作方", "a partner"),
            Wait::Payment => ("付款", "payment"),
        };
        crate::calendar::Label::new(zh, en)
    }
}

impl Post {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> crate::calendar::Label {
        let (zh, en) = match self {
            Post::Agent => ("专属客服", "the client's agent"),
            Post::Specialist => ("财税专员", "a specialist"),
            Post::Liaison => ("客户对接专员", "the liaison"),
            Post::Driver => ("流程推进专员", "the driver"),
            Post::Reviewer => ("风险审核专员", "the reviewer"),
            Post::Supervisor => ("主管", "a supervisor"),
            Post::DepartmentManager => ("部门经理", "the department manager"),
            Post::GeneralManager => ("总经理", "the general manager"),
            Post::Director => ("总监", "a director"),
            Post::Marketing => ("市场人员", "marketing"),
            Post::DutyOfficer => ("值班专员", "the duty officer"),
            Post::Legal => ("法务部", "the legal department"),
            Post::ProjectCentre => ("项目中心", "the project centre"),
            Post::Ip => ("知识产权专员", "an IP specialist"),
            Post::HumanResources => ("人力资源部门", "human resources"),
        };
        crate::calendar::Label::new(zh, en)
    }
}

impl Source {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> crate::calendar::Label {
        let (zh, en) = match self {
            Source::Chat => ("聊天记录", "a chat"),
            Source::Mail => ("邮件", "a mail"),
            Source::Call => ("通话录音", "a recorded call"),
            Source::Approval => ("审批材料", "a paper of an authority"),
            Source::Report => ("进度日报", "a daily report"),
            Source::Receipt => ("电子签收", "an electronic receipt"),
        };
        crate::calendar::Label::new(zh, en)
    }
}
