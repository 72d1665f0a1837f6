//! What the firm decides once and quotes by: rate card, red lines, how long a quote holds, and the
//! rules of the desk ([`mod@desk`]). All of it is data; a figure that is not there is asked for and
//! never invented. Must not know plans.
//!
//! What is wrong with a policy, or with a request quoted by it, is told by one of these codes
//! ([`CODES`]):
//!
//! | code | 中文 | meaning |
//! |---|---|---|
//! | P101 | 没有规定报价的有效期 | how long a quote holds is not stated |
//! | P102 | 没有这个服务 | a service that is not there |
//! | P103 | 一个服务有两行价目 | a service has two rows of the rate card |
//! | P104 | 加急费下限高于上限 | a surcharge's floor is above its ceiling |
//! | P105 | 替代服务也越线 | the lawful alternative crosses the red line, too |
//! | P106 | 红线没有条件 | a red line has no condition |
//! | P107 | 服务没有价目 | a service has no row on the rate card |
//! | P108 | 工单没有写服务 | a ticket to be priced names no service |
//! | P201 | 来源没有给出、须配置的值 | a value the source leaves blank is to be configured |
//! | P202 | 没有这个日历 | a calendar that is not there |
//! | P203 | 目标须为分钟、天数或通知日期之一 | a goal is minutes, days or a notice |
//! | P204 | 键重复 | a key stands twice |
//! | P205 | 没有这种事件 | an event that tickets do not have, or none at all |
//! | P206 | 没有这个时钟 | a clock that is not there |
//! | P207 | 没有这个等级 | a class that is not there |
//! | P208 | 矩阵没有覆盖 | the matrix has no row for something |
//! | P209 | 客户层级有误 | a tier that is not there, or runs by itself |
//! | P210 | 审批限额有误 | a band of approvals is not closed |
//! | P211 | 没有这个步骤 | a step that is not there |
//! | P212 | 加急流程去掉了控制环节 | an urgent template drops a control |
//! | P213 | 协议用词含糊 | an agreement is vague |
//! | P214 | 权益没有写全 | an entitlement leaves something out |
//! | P215 | 版本先后有误 | versions out of order |
//! | P216 | 响应级别有误 | levels of response out of order, or without trigger |
//! | P217 | 逾期损失有误 | a curve of a class is wrong |
//! | P218 | 没有这个人 | a person who is not there |
//! | P219 | 提醒先后有误 | reminders out of order |
//! | P220 | 保存期不足 | files are kept too short |
//! | P221 | 没有这个客户 | a client who is not there |
//! | P222 | 协议没有写全 | an agreement leaves something out |
//! | P223 | 替代环节的人数不足 | too few people see what replaces a control |
//! | P224 | 没有这项材料 | an item of material that is not there |
//! | P225 | 合作方的步骤不是等待 | a partner's step is no wait |
//! | P226 | 定期事项有误 | what comes again is wrong |
//! | P227 | 没有人担任这个岗位 | a post that decides is held by nobody |
//! | Q101 | 工单已开始或冻结 | a ticket to be changed is under way or frozen |
//! | Q102 | 其他工单依赖该工单 | other tickets depend on a ticket to be changed |
//! | Q103 | 未写明红线所问 | what a red line asks for is not said |
//! | Q104 | 所述工单不在请求中 | something is stated of a ticket that is not asked for |

mod check;
mod code;
pub mod desk;
mod price;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Label;
use crate::model::request::Request;
use crate::model::ticket::Ticket;
use crate::time::Money;

pub use check::check;
pub use code::{CODES, Code};
pub use price::{Asked, priced};

/// The `format` of a policy.
pub const POLICY_FORMAT: &str = "paidan-policy/1";

/// A policy (规则): what a quote is made by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// `paidan-policy/1`.
    pub format: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Label>,
    /// How long a quote holds, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub quote_minutes: Option<u32>,
    /// What an hour after a promised finish weighs in planning, in fen (R131); not stated: a promise
    /// weighs no more than the ticket's own curves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub promise_per_hour_fen: Option<Money>,
    /// The rate card (价目), a row per service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<Rate>,
    /// Red lines (红线): asked before anything else (R013).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub red_lines: Vec<RedLine>,
    /// The desk's rules (工单规则); without them the desk asks for nothing of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<desk::Desk>,
}

impl Policy {
    /// One that decides nothing.
    #[must_use]
    pub fn blank() -> Policy {
        Policy {
            format: POLICY_FORMAT.to_owned(),
            about: None,
            quote_minutes: None,
            promise_per_hour_fen: None,
            rates: Vec::new(),
            red_lines: Vec::new(),
            desk: None,
        }
    }
}

/// What one service costs a client (R038).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The service.
    pub service: String,
    /// Its price on the normal track, in fen.
    pub normal_fen: Money,
    /// Surcharge on the urgent track, in thousandths of the normal price.
    #[schemars(range(min = 0, max = 100_000))]
    pub surcharge_permille: u32,
    /// What of the overtime an option causes is passed on, in thousandths.
    #[schemars(range(min = 0, max = 100_000))]
    pub overtime_permille: u32,
    /// What of the displacement an option causes is passed on, in thousandths.
    #[schemars(range(min = 0, max = 100_000))]
    pub displacement_permille: u32,
    /// A surcharge is never below this; not stated: no floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_fen: Option<Money>,
    /// A surcharge is never above this; not stated: no ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling_fen: Option<Money>,
}

/// What is refused however urgent and at whatever price (R013).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedLine {
    /// Its code, such as `RL-001`.
    #[schemars(length(min = 1, max = 100))]
    pub code: String,
    /// The service it is about; not stated: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What a request must say for it to be crossed; all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<crate::model::request::Attribute>,
    /// Why.
    pub reason: Label,
    /// What has come of crossing it (R016).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consequence: Option<Label>,
    /// What is lawful instead (R015).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<Alternative>,
}

/// The lawful alternative to what a red line forbids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// The service quoted instead; its own steps say how long it takes.
    pub service: String,
    /// What it is and what it costs more of, for people.
    pub about: Label,
}

impl RedLine {
    /// Whether it is about the service of `ticket`.
    #[must_use]
    pub fn is_about(&self, ticket: &Ticket) -> bool {
        self.service.is_none() || self.service == ticket.service
    }

    /// Whether `ticket` crosses it by what `request` says of it.
    #[must_use]
    pub fn is_crossed_by(&self, request: &Request, ticket: &Ticket) -> bool {
        let says = |wanted| request.said_of(&ticket.id).any(|said| said == wanted);
        self.is_about(ticket) && self.when.iter().all(says)
    }
}

impl Policy {
    /// The first red line that one of the tickets of `request` crosses.
    #[must_use]
    pub fn crossed(&self, request: &Request) -> Option<&RedLine> {
        let is_crossed = |line: &&RedLine| {
            request.tickets.iter().any(|ticket| line.is_crossed_by(request, ticket))
        };
        self.red_lines.iter().find(is_crossed)
    }

    /// What red lines about the services of `request` ask for and it does not say: until it does,
    /// nobody knows whether it crosses one (R013).
    #[must_use]
    pub fn unsaid(&self, request: &Request) -> BTreeSet<&str> {
        let of = |ticket: &Ticket| {
            let has = |name: &str| request.said_of(&ticket.id).any(|said| said.name == name);
            let lines = self.red_lines.iter().filter(|line| line.is_about(ticket));
            let asked = lines.flat_map(|line| &line.when).map(|wanted| wanted.name.as_str());
            asked.filter(|name| !has(name)).collect::<Vec<&str>>()
        };
        request.tickets.iter().flat_map(of).collect()
    }

    /// The row of the rate card for `service`.
    #[must_use]
    pub fn rate(&self, service: &str) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.service == service)
    }
}
