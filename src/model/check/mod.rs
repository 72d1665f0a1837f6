//! Whether a scenario makes sense: one rule, one function; everything wrong is told at once, with
//! its place in the document, in both languages, and with what to do about it.
//!
//! An *error* (S) refuses the scenario. A *warning* (W) does not: whatever only leaves single
//! tickets unserved is a warning, for the rest of the morning's queue must still be planned.
//!
//! | code | 含义 | meaning |
//! |---|---|---|
//! | S101 | 没有这个名称 | a name nobody bears |
//! | S102 | 编号重复 | an id is defined twice |
//! | S103 | 前置服务成环 | prerequisite services go round in a circle |
//! | S104 | 当地不存在的时刻 | a local time the clock skips |
//! | S105 | 逾期损失没有起点 | a curve has no point to start from |
//! | S106 | 步骤既非工作也非等待 | a step is neither work nor a wait |
//! | S107 | 时长写法不对 | a length of time is not stated in exactly one way |
//! | S108 | 所指地点未写明 | `@client` or `@bureau` without a site |
//! | S109 | 进度不完整 | progress is incomplete |
//! | S201 | 格式不对 | the document is of another format |
//! | S202 | 计划终点不晚于起点 | the horizon does not come after as_of |
//! | S203 | 计划终点太远 | the horizon is more than three years away |
//! | S204 | 步骤成环 | steps go round in a circle |
//! | S205 | 工单成环 | tickets go round in a circle |
//! | S206 | 先后锁定成环 | order pins go round in a circle |
//! | S207 | 技能重复 | a person holds a skill twice |
//! | S208 | 同类时段重复 | a person has two bands of one kind |
//! | S209 | 带教也是见习 | a mentor is a trainee |
//! | S210 | 步骤指向自己 | a step is to differ from itself or be led like itself |
//! | S211 | 同一主办与人员不同矛盾 | two steps are to have the same lead and other people |
//! | S212 | 工单没有步骤 | a ticket has no steps |
//! | S213 | 时间窗口不成立 | a window ends before it begins |
//! | S214 | 曲线有两种费率 | a curve grows both per hour and per day |
//! | S215 | 费用超出可计算范围 | the cost could exceed what can be reckoned with |
//! | S216 | 锁定的人与席位不符 | pinned people do not match the seats |
//! | S217 | 锁定的开始时间在计划终点之后 | a pinned start is not before the horizon |
//! | S218 | 先后锁定的一端不对 | an order pin names its own step or a wait |
//! | S219 | 锁定互相矛盾 | two pins of one step contradict each other |
//! | S220 | 进度时间不合 | times of progress do not fit the clock |
//! | S221 | 进度的人与席位不符 | people of progress do not match the seats |
//! | S222 | 进度重复 | the progress of a step is stated twice |
//! | S223 | 日历有误 | a calendar, absence or disruption is wrong |
//! | S224 | 节假日表有误 | a holiday table is wrong |
//! | S225 | 流失比例不递增 | churn steps do not ascend |
//! | S226 | 等级权重重复 | a tier is given two weights |
//! | S227 | 效率表不对 | the pace table is wrong |
//! | S228 | 见习席位主办 | the leading seat is for a trainee |
//! | W301 | 无人具备技能 | nobody holds a skill at the level |
//! | W302 | 无人可以主办 | nobody may lead a step |
//! | W303 | 证书已到期 | a certificate is no longer in force |
//! | W304 | 没有正常时段 | a person has no regular band |
//! | W305 | 见习没有带教 | a trainee has no mentors |
//! | W306 | 非见习写了带教 | somebody who is no trainee has mentors |
//! | W307 | 上限低于固定部分 | a curve's cap is below its fixed part |
//! | W308 | 不排入的损失太低 | leaving out is stated below the curves at the horizon |
//! | W309 | 地点无法到达 | no way leads to a site |
//! | W310 | 批次只有一张工单 | a batch has a single ticket |
//! | W311 | 前一步未完成 | a step is done though the one before is not |
//! | W312 | 锁定的人不合规则 | a pinned person may not fill the seat |
//! | W313 | 暂定的年份 | a year's holiday notice is not published yet |
//! | W314 | 等级没有权重 | a client's tier has no weight |
//! | W315 | 没有可用的时间窗口 | a step has no usable window |
//! | W316 | 最晚结束时间无法遵守 | a latest end cannot be kept |
//! | W317 | 席位凑不齐人 | there are not enough people for the seats |
//! | W318 | 人员搭配涉及等待 | who with whom names a wait |
//! | W319 | 锁定早于材料齐备 | a pinned start is before the release |
//! | W320 | 计划终点前办不完 | a ticket cannot end within the horizon |
//! | W321 | 无人能全部主办 | nobody may lead all steps of one lead |
//! | W322 | 承诺时间早已过去 | a promised finish lies long before as_of |
//! | W323 | 路程重复 | a way is stated twice with different minutes |
//! | W324 | 锁定的开始时间已过 | a pinned start has passed |
//!
//! Must not know files: places in a text are looked up by whoever has the text.

mod chain;
mod circle;
mod code;
mod companion;
mod eligible;
mod found;
mod frame;
mod money;
mod pinned;
mod plain;
mod progress;
mod rest;
mod staff;
mod written;

use super::issue::{Issue, has_errors};
use super::scenario::Scenario;
use super::work::{self, Work};
use crate::calendar::Day;
use circle::Walk;
use eligible::Crew;
use found::Found;

pub use chain::{Earliest, earliest};
pub use code::{CODES, Code};
pub use frame::MOST_DAYS;
pub use money::LIMIT;
pub use rest::{LeftOut, beyond};

/// What the rules look at.
struct Subject<'a> {
    scenario: &'a Scenario,
    work: &'a Work,
    crew: Crew,
    step_walk: Walk,
    ticket_walk: Walk,
}

impl<'a> Subject<'a> {
    fn new(scenario: &'a Scenario, work: &'a Work) -> Subject<'a> {
        Subject {
            scenario,
            work,
            crew: Crew::new(work, work.zone.date(work.as_of)),
            step_walk: circle::walk_steps(work),
            ticket_walk: circle::walk_tickets(work),
        }
    }

    /// The local date of `as_of`.
    fn today(&self) -> Day {
        self.work.zone.date(self.work.as_of)
    }
}

type Rule = fn(&Subject, &mut Found);

/// Rules that can be told even where some names are wrong.
const FORM: &[Rule] = &[
    frame::format,
    frame::calendars,
    frame::holidays,
    frame::policy,
    staff::doubled_skills,
    staff::bands,
    staff::mentors,
    companion::itself_and_waits,
    companion::contradictions,
    companion::trainee_leads,
    companion::without_steps,
    circle::steps,
    circle::tickets,
    circle::pins,
    money::curves,
    plain::long_overdue,
    plain::doubled_ways,
];

/// Rules that would raise false alarms where names or the horizon are wrong.
const SENSE: &[Rule] = &[
    frame::provisional,
    frame::tiers,
    staff::certificates,
    companion::batches,
    eligible::staffing,
    eligible::same_lead,
    chain::times,
    money::unserved,
    money::overflow,
    pinned::pins,
    progress::progress,
];

/// Resolves `scenario` and tells whatever is wrong with it: the work and the warnings.
///
/// # Errors
/// Every issue, warnings included, if one of them forbids planning.
pub fn check(scenario: &Scenario) -> Result<(Work, Vec<Issue>), Vec<Issue>> {
    let Pass { work, issues, is_whole } = pass(scenario, &|_| false);
    if !has_errors(&issues) {
        return Ok((work, issues));
    }
    if is_whole {
        return Err(issues);
    }
    let mut all = issues;
    let mut left_out = LeftOut::default();
    left_out.add_faulty(&all);
    all.extend(
        rest::further(scenario.clone(), left_out)
            .into_iter()
            .filter(|new| !all.iter().any(|old| (old.code, &old.path) == (new.code, &new.path)))
            .collect::<Vec<_>>(),
    );
    Err(all)
}

/// One look at a scenario.
struct Pass {
    work: Work,
    issues: Vec<Issue>,
    /// Whether every rule was asked.
    is_whole: bool,
}

/// Looks at `scenario` but for the names that `is_known`.
fn pass(scenario: &Scenario, is_known: &dyn Fn(&Issue) -> bool) -> Pass {
    let mut unresolved = Vec::new();
    let work = work::resolve_as_far_as_possible(scenario, &mut unresolved);
    unresolved.retain(|issue| !is_known(issue));
    let mut found = Found::default();
    let is_sound = !has_errors(&unresolved);
    unresolved.into_iter().for_each(|issue| found.add(issue));
    let subject = Subject::new(scenario, &work);
    FORM.iter().for_each(|rule| rule(&subject, &mut found));
    let is_whole = is_sound && frame::horizon(&subject, &mut found);
    if is_whole {
        SENSE.iter().for_each(|rule| rule(&subject, &mut found));
    }
    Pass { work, issues: found.finish(), is_whole }
}
