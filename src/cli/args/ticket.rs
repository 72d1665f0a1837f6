//! The arguments of `ticket` and `desk`.

use std::path::PathBuf;

use clap::{Args, Subcommand, value_parser};

use super::Plain;
use crate::calendar::{Date, Moment};
use crate::cli::{kinds, value};

/// `paidan ticket`.
#[derive(Debug, Args)]
pub struct Ticket {
    /// What to do.
    #[command(subcommand)]
    pub step: TicketStep,
}

/// Where tickets are, and when it is.
#[derive(Debug, Args)]
pub struct Place {
    /// The database 数据库
    #[arg(long, value_name = "FILE")]
    pub db: PathBuf,
    /// What time it is taken to be, such as 2026-03-09T14:10Z; now when not said 视为此时刻
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub at: Option<i64>,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}

/// What can be done with tickets.
#[derive(Debug, Subcommand)]
pub enum TicketStep {
    /// Create a ticket from a file, as POST /v1/tickets takes it 新建工单
    Create {
        /// The ticket as JSON 工单文件
        file: PathBuf,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Show a ticket 查看工单
    Show {
        /// Its key 工单编号
        ticket: String,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Put on record what happened to a ticket, or to several alike 登记工单上发生的事
    #[command(after_long_help = kinds::told())]
    Do(Happened),
    /// Change a ticket, as PATCH /v1/tickets/{id} takes it 修改工单
    Change {
        /// Its key 工单编号
        ticket: String,
        /// The changes as JSON 修改内容文件
        file: PathBuf,
        /// Only if the ticket has this version 仅当为此版本
        #[arg(long, value_name = "NUMBER")]
        version: Option<u64>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Quote tickets by what is on record: dates, prices, and whom they move 报价
    Quote {
        /// Their keys, served all or none 工单编号，可多张，同进同退
        #[arg(required_unless_present = "request")]
        tickets: Vec<String>,
        /// What is asked instead, from a file as POST /v1/quotes takes it 报价请求文件
        #[arg(long, value_name = "FILE", conflicts_with = "tickets")]
        request: Option<PathBuf>,
        /// Only what moves nothing, which is quickest 只看不动其他工单的方案
        #[arg(long)]
        quick: bool,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Accept an option of a quote: its date is promised, its plan in force 接受方案并承诺日期
    Accept {
        /// Tickets of the quote, all of which are accepted 报价中的工单
        #[arg(required = true)]
        tickets: Vec<String>,
        /// The quote, as `ticket quote` calls it 报价编号
        #[arg(long, value_name = "QUOTE")]
        quote: String,
        /// The option, by its number or its name 方案序号或名称
        #[arg(long, value_name = "OPTION")]
        option: String,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Promise the date that the plan in force has 按在执行的计划承诺日期
    Promise {
        /// Its key 工单编号
        ticket: String,
        /// Only if the ticket has this version 仅当为此版本
        #[arg(long, value_name = "NUMBER")]
        version: Option<u64>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Tell why a ticket costs what it costs 为什么是这个价
    Price {
        /// Its key 工单编号
        ticket: String,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Make the client's progress link, told this once 生成客户的进度链接，只显示一次
    Link {
        /// Its key 工单编号
        ticket: String,
        /// Take the link back instead 收回链接
        #[arg(long)]
        revoke: bool,
        /// What addresses begin with, such as `https://desk.example.com` 网址开头
        #[arg(long, value_name = "ADDRESS", default_value = "", conflicts_with = "revoke")]
        base: String,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Show the confirmation of a result, whose digest the client signs 结果确认单
    Confirmation {
        /// Its key 工单编号
        ticket: String,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Call a ticket off; one that was is shown as it is 取消工单
    Cancel {
        /// Its key 工单编号
        ticket: String,
        /// Only if the ticket has this version 仅当为此版本
        #[arg(long, value_name = "NUMBER")]
        version: Option<u64>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Erase what was written about a ticket 删除工单的个人资料
    Erase {
        /// Its key 工单编号
        ticket: String,
        /// Why, although its file is still to be kept; put on record 保存期内删除的理由，记录在案
        #[arg(long, value_name = "REASON")]
        because: Option<String>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Report steps done or begun, from a file as plan --progress takes it 报告进度
    Progress {
        /// The report as JSON 进度文件
        file: PathBuf,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Take back what was reported of a step 撤回一个步骤的进度
    TakeBack {
        /// Its key 工单编号
        ticket: String,
        /// The step 步骤
        step: String,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// List the events of a ticket as the log has them 工单的记录
    Events {
        /// Its key 工单编号
        ticket: String,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Tell what happened to a ticket 工单经过
    Timeline {
        /// Its key 工单编号
        ticket: String,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// List tickets 列出工单
    List {
        /// Only those that are open 只列未结的
        #[arg(long)]
        open: bool,
        /// Only those of this client 只列此客户的
        #[arg(long, value_name = "CLIENT")]
        client: Option<String>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
}

/// What happened, and to which tickets.
#[derive(Debug, Args)]
pub struct Happened {
    /// Its key 工单编号
    pub ticket: String,
    /// What happened, such as assessed or dispatched 事项
    pub kind: String,
    /// The particulars as JSON 内容
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub payload: String,
    /// Other tickets it happened to; all or none 同样办理的其他工单，全有或全无
    #[arg(long, value_name = "TICKET", num_args = 1..)]
    pub also: Vec<String>,
    /// To all open tickets of its batch as well 连同其批次中未结的工单
    #[arg(long)]
    pub batch: bool,
    /// To those it may happen to, whatever is in the way of others 能办的照办，不求全部
    #[arg(long)]
    pub each: bool,
    /// Who did it 由谁办理
    #[arg(long, value_name = "PERSON")]
    pub person: Option<String>,
    /// Words about persons, kept apart and erasable 含个人信息的备注，另存
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Only if the ticket has this version 仅当为此版本
    #[arg(long, value_name = "NUMBER")]
    pub version: Option<u64>,
    /// Where and when.
    #[command(flatten)]
    pub place: Place,
}

/// `paidan desk`.
#[derive(Debug, Args)]
pub struct Desk {
    /// What to do.
    #[command(subcommand)]
    pub step: DeskStep,
}

/// What can be asked of the desk.
#[derive(Debug, Subcommand)]
pub enum DeskStep {
    /// Do a written day again, each command at its stated time 重放一天
    Day {
        /// The day, a command per line; files it names lie beside it 按行写的一天
        #[arg(long, value_name = "FILE")]
        replay: PathBuf,
        /// The database it is done in, a new one; nothing is kept when not said 数据库
        #[arg(long, value_name = "FILE")]
        db: Option<PathBuf>,
        /// What is printed 打印格式
        #[arg(long, value_enum, default_value_t)]
        format: Plain,
    },
    /// Tell a day and the period that ends with it: what was done, what waits, figures 日报
    Report {
        /// The date, such as 2026-03-09; today when not said 日期
        #[arg(long, value_name = "DATE", value_parser = value::date)]
        day: Option<Date>,
        /// Days of the period 周期天数
        #[arg(long, value_name = "NUMBER", default_value_t = 30, value_parser = value_parser!(u16).range(1..=400))]
        days: u16,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Find papers and traces of a client, the latest first 客户的电子档案
    Papers {
        /// The client 客户
        client: String,
        /// Only those whose name holds this 名称包含
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        /// With versions that were replaced 含旧版本
        #[arg(long)]
        with_old: bool,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Read the manual of urgent services, the latest entry first 优化手册
    Manual {
        /// Only entries on this service or version of its template 服务或模板版本
        #[arg(long, value_name = "NAME")]
        template: Option<String>,
        /// Days looked back 回看天数
        #[arg(long, value_name = "NUMBER", default_value_t = 365, value_parser = value_parser!(u16).range(1..=4000))]
        days: u16,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// List when somebody is away, note that he will be, or take that back 请假
    Absence {
        /// The person 员工
        person: String,
        /// First minute away, such as 2026-03-09T13:00 开始
        #[arg(long, value_name = "TIME", value_parser = value::written, requires = "to")]
        from: Option<Moment>,
        /// First minute back 返回
        #[arg(long, value_name = "TIME", value_parser = value::written, requires = "from")]
        to: Option<Moment>,
        /// Works on what can be done from afar 可远程办理
        #[arg(long, requires = "from")]
        remote: bool,
        /// Why 事由
        #[arg(long, value_name = "TEXT", requires = "from")]
        reason: Option<String>,
        /// Take this one back, by its key 撤销此次请假
        #[arg(long, value_name = "KEY", conflicts_with = "from")]
        take_back: Option<String>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Show the base in force, or put another in its place 基础数据
    Base {
        /// The new one, as PUT /v1/base takes it 新的基础数据
        file: Option<PathBuf>,
        /// Only if it has this version 仅当为此版本
        #[arg(long, value_name = "NUMBER", requires = "file")]
        version: Option<u64>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Show the policy in force, or put another in its place 规则
    Policy {
        /// The new one 新的规则
        file: Option<PathBuf>,
        /// Only if it has this version 仅当为此版本
        #[arg(long, value_name = "NUMBER", requires = "file")]
        version: Option<u64>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Tell whether an emergency lasts; begin or end one 应急状态
    Surge {
        /// Begin one, for this reason 开始，写明原因
        #[arg(long, value_name = "REASON", conflicts_with = "end")]
        begin: Option<String>,
        /// End it, for this reason 结束，写明原因
        #[arg(long, value_name = "REASON")]
        end: Option<String>,
        /// Who says so 由谁决定
        #[arg(long, value_name = "PERSON")]
        person: Option<String>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Tell how an application to come in stands, or move it on 入驻申请
    Application {
        /// Its key 申请编号
        key: String,
        /// What is done with it, as JSON, as POST /v1/applications/{id}/moves takes it 办理内容
        #[arg(long, value_name = "JSON")]
        step: Option<String>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Show the tiers of service side by side, item by item 服务等级对照表
    Tiers {
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Put minutes learned from steps done in the place of the base's, where there is enough 采用实测工时
    Learn {
        /// Days looked back 回看天数
        #[arg(long, value_name = "NUMBER", default_value_t = 365)]
        days: u16,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Plan anew from the plan in force, at the price of change 按在执行的计划重排
    Replan {
        /// Rounds of search 搜索轮数
        #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = value_parser!(u32).range(0..=1000))]
        rounds: u32,
        /// Publish the new plan at once 立即发布
        #[arg(long)]
        publish: bool,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// Read all views from the log anew 按日志重建各视图
    Rebuild {
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// List everything that happened, in order 全部记录
    Events {
        /// Behind this position 从此位置之后
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        after: u64,
        /// At most so many 最多条数
        #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = value_parser!(u16).range(1..=500))]
        most: u16,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
    /// List clocks that warn or run out, the next first 到期事项
    Due {
        /// Up to this time; the end of the coming day when not said 截止时刻
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        until: Option<i64>,
        /// Where and when.
        #[command(flatten)]
        place: Place,
    },
}
