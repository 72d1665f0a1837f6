//! The arguments of every command, as people type them. Must not know what the commands do.

mod audit;
mod check;
mod documents;
mod forecast;
mod front;
mod key;
mod quote;
mod serve;
mod simulate;
mod ticket;
mod whatif;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::value::{basis_points, milliseconds, permille};

pub use audit::{Audit, AuditStep, AuditVerify, Backup, Restore};
pub use check::{Prove, Verify};
pub use documents::{Document, Schema, Upgrade};
pub use forecast::Forecast;
pub use front::Front;
pub use key::{Key, KeyStep};
pub use quote::Quote;
pub use serve::{Keep, Limits, Serve};
pub use simulate::{ByArgument, PolicyArgument, Simulate};
pub use ticket::{Desk, DeskStep, Happened, Place, Ticket, TicketStep};
pub use whatif::WhatIf;

/// What each exit code means, as `--help` tells it.
pub(crate) const EXIT_CODES: &str = "\
Exit codes 退出码:
  0    done 完成
  1    the plan breaks a rule, or an audit found faults 计划违反规则，或核验发现问题
  2    bad input: arguments or documents 输入有误
  3    refused: no plan keeps what is fixed, or something would be lost 拒绝：无法满足已锁定的内容，或会丢失内容
  4    something outside failed: a file cannot be written 外部故障，如文件无法写入
  5    a fault of this program: report it 程序出错，请报告
  130  interrupted; the best plan found was written 已中断，已写出当前最好的计划";

/// Plans who does what, when, and who waits 派单
#[derive(Debug, Parser)]
#[command(name = "paidan", version, after_help = EXIT_CODES, after_long_help = EXIT_CODES)]
pub struct Arguments {
    /// Language of output; else taken from LANG 输出语言
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Language>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// A language, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plan a scenario 排计划
    #[command(after_help = EXIT_CODES)]
    Plan(Plan),
    /// Plan at several weights of urgency and client value, and show what each costs 权衡紧急与客户价值
    ///
    /// Seconds are for all points together, rounds for each 秒数为各点合计，轮数为每点
    #[command(after_help = EXIT_CODES)]
    Front(Front),
    /// Simulate days by chance: what options are worth, with intervals 模拟：各方案值多少
    #[command(after_help = EXIT_CODES)]
    Simulate(Simulate),
    /// Learn from a log what the coming days will bring 由记录预测工单量
    Forecast(Forecast),
    /// Check a plan against every rule and price it, by hand-made ones too 检验计划并计价
    #[command(after_help = EXIT_CODES)]
    Verify(Verify),
    /// Prove how far a plan can be from the best, by whomever it was made 证明计划离最优有多远
    #[command(after_help = EXIT_CODES)]
    Prove(Prove),
    /// Quote a request against the plan in force, or accept an option 报价：能否接、何时完成、多少钱
    #[command(after_help = EXIT_CODES)]
    Quote(Quote),
    /// Explain a ticket, a step or a person 解释：为何是他、为何此时、为何逾期
    Explain(Explain),
    /// Show what one plan does differently from another, and what that costs 比较两份计划
    Diff(Diff),
    /// Try a step with somebody else or at another time, and see the price 试着改派一个步骤
    Move(Move),
    /// Bring queue, people and absences in from CSV or XLSX 导入表格
    Import(Import),
    /// Take a plan out as XLSX, CSV, day sheets or calendars, or write a template 导出
    Export(Export),
    /// Make a realistic scenario 生成场景
    Generate(Generate),
    /// Run public benchmark instances and scenarios, and tell how good the plans are 跑基准算例
    #[command(after_help = EXIT_CODES)]
    Bench(Bench),
    /// Answer programs over HTTP 启动服务
    Serve(Serve),
    /// Print the JSON Schema of a document 打印文档的 JSON Schema
    Schema(Schema),
    /// Bring an older document to the current format 升级旧格式文档
    Upgrade(Upgrade),
    /// Copy a database while it is in use 备份数据库
    Backup(Backup),
    /// Put a backup in the place of a database 从备份恢复数据库
    Restore(Restore),
    /// Prove that the log of events is what it was 核验事件记录未被改动
    Audit(Audit),
    /// Make, list, rotate and revoke the keys of the server 管理服务器的密钥
    Key(Key),
    /// Create, show, list tickets, and say what happened to them 工单
    Ticket(Ticket),
    /// What is due at the desk 服务台
    Desk(Desk),
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for people 表格
    #[default]
    Table,
    /// JSON for machines
    Json,
    /// Comma-separated values, a row per step 逗号分隔
    Csv,
}

/// How a check is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Plain {
    /// Text for people 文字
    #[default]
    Table,
    /// JSON for machines
    Json,
}

/// What changes a scenario before it is used.
#[derive(Debug, Args)]
pub struct Amendments {
    /// What has been done, begun, or who did not come, since the morning 进度文件
    #[arg(long, value_name = "FILE")]
    pub progress: Option<PathBuf>,
    /// A holiday table; replaces the one of its id 节假日表，替换同名表
    #[arg(long, value_name = "FILE")]
    pub holidays: Option<PathBuf>,
}

/// `paidan plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// Scenario file, folder with a scenario.json, or - for standard input 场景
    pub scenario: PathBuf,
    /// The plan people are working to; changes against it cost 上一份计划
    #[arg(long, value_name = "PLAN")]
    pub previous: Option<PathBuf>,
    /// What changes the scenario first.
    #[command(flatten)]
    pub amendments: Amendments,
    /// What would be different.
    #[command(flatten)]
    pub what_if: WhatIf,
    /// How long and how to search.
    #[command(flatten)]
    pub search: Search,
    /// Write the plan here (JSON) 计划写入此文件
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write a page to look at here (HTML) 可视化报告
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// A line of progress on standard error every so many rounds, even without a terminal 每多少轮报告一次
    #[arg(long, value_name = "ROUNDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub progress_every: Option<u32>,
}

/// How long and how to search.
#[derive(Debug, Args)]
pub struct Search {
    /// Search for so many seconds [default: 10] 搜索秒数
    #[arg(long, value_name = "N", conflicts_with = "rounds", value_parser = milliseconds)]
    pub seconds: Option<u64>,
    /// Search for so many rounds: the same plan on every machine 搜索轮数，结果可复现
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub rounds: Option<u32>,
    /// With --rounds: cool as for so many rounds, as a plan made in seconds records 退火按此轮数安排
    #[arg(long, value_name = "N", requires = "rounds",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub planned_rounds: Option<u32>,
    /// Seed of all random streams 随机种子
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Search lanes per round; part of what makes a plan repeatable 搜索通道数
    #[arg(long, value_name = "N", default_value_t = 4,
          value_parser = clap::value_parser!(u32).range(1..=256))]
    pub lanes: u32,
    /// Threads; without influence on a plan of so many rounds [default: all cores] 线程数，轮数相同则结果相同
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub threads: Option<u32>,
    /// Stop once the proven gap is no wider 达到此差距即停止
    #[arg(long, value_name = "X%", value_parser = basis_points)]
    pub until_gap: Option<u32>,
    /// Whether a program helps where insertion leaves tickets out 插入排不下时以规划模型补救
    #[arg(long, value_enum, default_value_t)]
    pub fallback: Switch,
}

/// Whether something is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is 开
    #[default]
    On,
    /// It is not 关
    Off,
}

/// For whom an explanation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// Everything 内部
    #[default]
    Staff,
    /// No other clients, no staff, no prices of others 客户可见
    Client,
}

/// `paidan explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Scenario file, folder, or - 场景
    pub scenario: PathBuf,
    /// Plan file 计划
    pub plan: PathBuf,
    /// A ticket, TICKET/STEP or a person; ticket:KEY or person:KEY where both exist 解释对象
    pub subject: String,
    /// The plan it was made from 上一份计划
    #[arg(long, value_name = "PLAN")]
    pub previous: Option<PathBuf>,
    /// What changes the scenario first.
    #[command(flatten)]
    pub amendments: Amendments,
    /// For whom 读者
    #[arg(long = "for", value_enum, default_value_t, value_name = "READER")]
    pub reader: Reader,
    /// For a step: why this person does not do it 为何不是此人
    #[arg(long, value_name = "PERSON")]
    pub why_not: Option<String>,
    /// Plan anew to tell what forcing it costs, or what would serve it 重新求解以计算代价
    #[arg(long)]
    pub search: bool,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}

/// `paidan diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// Scenario file, folder, or - 场景
    pub scenario: PathBuf,
    /// The plan compared from, such as today's by hand 原计划
    pub from: PathBuf,
    /// The plan compared to 新计划
    pub to: PathBuf,
    /// The plan both were made from; prices their changes 上一份计划
    #[arg(long, value_name = "PLAN")]
    pub previous: Option<PathBuf>,
    /// What changes the scenario first.
    #[command(flatten)]
    pub amendments: Amendments,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}

/// `paidan move`.
#[derive(Debug, Args)]
pub struct Move {
    /// The step, as TICKET/STEP 步骤
    pub step: String,
    /// Who is to do it 改派给谁
    #[arg(long, value_name = "PERSON")]
    pub to: String,
    /// In which of its seats, 1 is the lead; else the one he has the skill for 席位
    #[arg(long, value_name = "N")]
    pub seat: Option<usize>,
    /// When it is to start; else the earliest that fits 开始时间
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Scenario file or folder 场景
    #[arg(long, value_name = "SCENARIO", default_value = ".")]
    pub scenario: PathBuf,
    /// The plan to change 计划
    #[arg(long, value_name = "PLAN", default_value = "plan.json")]
    pub plan: PathBuf,
    /// The plan it was made from 上一份计划
    #[arg(long, value_name = "PLAN")]
    pub previous: Option<PathBuf>,
    /// Keep the changed plan here 保留到此文件
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What changes the scenario first.
    #[command(flatten)]
    pub amendments: Amendments,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}

/// `paidan import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Scenario to start from: services, calendars, policy; with --format-of: a public instance
    /// 基础场景，或公开算例
    pub scenario: PathBuf,
    /// Tables: .xlsx, or .csv named after its sheet 表格文件
    #[arg(required_unless_present = "family", value_name = "TABLE")]
    pub tables: Vec<PathBuf>,
    /// Plan from this moment, such as that of the progress: 2026-03-02T11:00 起排时刻
    #[arg(long, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// The form of a public instance to be made a scenario of 公开算例的格式
    #[arg(long = "format-of", value_enum, value_name = "FAMILY", conflicts_with_all = ["tables", "as_of"])]
    pub family: Option<FamilyName>,
    /// With --format-of: which instance of the file, such as wt40-3 [default: the first] 算例名
    #[arg(long, value_name = "NAME", requires = "family")]
    pub instance: Option<String>,
    /// How instances are read.
    #[command(flatten)]
    pub reading: Reading,
    /// Write the scenario here instead of printing it 写入此文件
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `paidan export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Scenario file, folder, or - 场景
    #[arg(required_unless_present = "template")]
    pub scenario: Option<PathBuf>,
    /// Plan file 计划
    #[arg(required_unless_present = "template")]
    pub plan: Option<PathBuf>,
    /// Write a table for `import`, empty or what SCENARIO knows: .xlsx, or .csv named after its
    /// sheet 写出导入用的表：空白，或填好场景内容
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub template: Option<PathBuf>,
    /// The plan as a workbook 计划工作簿
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// The plan as comma-separated values 计划 CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// The page to look at 可视化报告
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Day sheets to print (HTML) 每人每日派工单
    #[arg(long, value_name = "FILE.html")]
    pub sheets: Option<PathBuf>,
    /// Calendar of one person (ICS), with --person 个人日历
    #[arg(long, value_name = "FILE.ics", requires = "person")]
    pub ics: Option<PathBuf>,
    /// With --ics: the plan his calendar shows so far; what is no more is cancelled 日历现有的计划
    #[arg(long, value_name = "PLAN", requires = "ics")]
    pub previous: Option<PathBuf>,
    /// With --ics: what sets events of your firm apart from those of others 区分各公司的日历事件
    #[arg(long, value_name = "NAME", requires = "ics", default_value = "paidan")]
    pub firm: String,
    /// Only this person 只导出此人
    #[arg(long, value_name = "PERSON")]
    pub person: Option<String>,
    /// What changes the scenario first.
    #[command(flatten)]
    pub amendments: Amendments,
}

/// `paidan generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// How many tickets 工单数
    #[arg(long, value_name = "N", default_value_t = 60,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub tickets: u32,
    /// How many people 人数
    #[arg(long, value_name = "M", default_value_t = 14,
          value_parser = clap::value_parser!(u32).range(1..=2_000))]
    pub people: u32,
    /// Work against capacity, such as 0.85 or 85% 负荷
    #[arg(long, value_name = "X", default_value = "0.9", value_parser = permille)]
    pub load: u32,
    /// Seed 随机种子
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Write the scenario here instead of printing it 写入此文件
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The form of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FamilyName {
    /// Single machine, weighted tardiness 单机加权延误
    Smtwt,
    /// Multi-skill project (iMOPSE) 多技能项目
    Def,
    /// Unrelated machines 异速并行机
    Unrelated,
    /// Job shop with the due-date rule of Singer and Pinedo 作业车间
    Jobshop,
    /// Flexible job shop (.fjs) 柔性作业车间
    Flexible,
    /// Hybrid flow shop 混合流水车间
    Hybrid,
    /// This trade in minutes and fen 分钟格式
    Minutes,
    /// Our own scenarios 场景
    Scenario,
}

/// How instances are read where files do not say it all.
#[derive(Debug, Args)]
pub struct Reading {
    /// Job shop: due times are so many times the work of a job; may be repeated
    /// [default: 1.3, 1.5, 1.6] 交期系数
    #[arg(long = "factor", value_name = "F", value_delimiter = ',', value_parser = permille)]
    pub factors: Vec<u32>,
    /// Single machine: jobs per instance, where the name of the file does not tell 每个算例的工件数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub jobs: Option<u32>,
}

/// `paidan bench`.
#[derive(Debug, Args)]
pub struct Bench {
    /// Files of instances, scenarios, and folders of them 算例文件或文件夹
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The form of all files; else told from each 算例格式
    #[arg(long = "format-of", value_enum, value_name = "FAMILY")]
    pub family: Option<FamilyName>,
    /// How instances are read.
    #[command(flatten)]
    pub reading: Reading,
    /// Best-known values [default: best_known.csv beside the files or above] 已知最好值
    #[arg(long, value_name = "FILE.csv")]
    pub best: Option<PathBuf>,
    /// At most so many instances of a family, at equal steps of the sorted names 每类最多算例数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub at_most: Option<u32>,
    /// Search each for so many seconds [default: 10] 每个算例的秒数
    #[arg(long, value_name = "N", conflicts_with = "rounds", value_parser = milliseconds)]
    pub seconds: Option<u64>,
    /// Search each for so many rounds: the same plans on every machine 每个算例的轮数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub rounds: Option<u32>,
    /// Seeds; each instance is run with all of them 随机种子
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1,2,3")]
    pub seeds: Vec<u64>,
    /// Search lanes per round 搜索通道数
    #[arg(long, value_name = "N", default_value_t = 4,
          value_parser = clap::value_parser!(u32).range(1..=256))]
    pub lanes: u32,
    /// Threads [default: all cores] 线程数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub threads: Option<u32>,
    /// Add a row per run here; runs that are there are not made again 结果表，可续跑
    #[arg(long, value_name = "FILE.csv")]
    pub csv: Option<PathBuf>,
    /// Write the summary here instead of printing it 汇总写入此文件
    #[arg(long, value_name = "FILE.md")]
    pub markdown: Option<PathBuf>,
    /// Write every plan into this folder 计划写入此文件夹
    #[arg(long, value_name = "FOLDER")]
    pub plans: Option<PathBuf>,
    /// Write the scenarios that instances become into this folder 场景写入此文件夹
    #[arg(long, value_name = "FOLDER")]
    pub scenarios: Option<PathBuf>,
}
