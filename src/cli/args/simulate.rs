//! The arguments of `simulate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::super::value::{fen, milliseconds, permille, share};
use super::{Amendments, Format};
use crate::calendar::Hours;

/// `paidan simulate`.
#[derive(Debug, Args)]
pub struct Simulate {
    /// Scenario file, folder, or - 场景
    pub scenario: PathBuf,
    /// What the days may bring [default: simulation.json in the scenario's folder] 模拟文件
    #[arg(long, value_name = "FILE")]
    pub simulation: Option<PathBuf>,
    /// What would be different; may be repeated, each is one option 备选方案（改变文件）
    #[arg(long = "option", value_name = "CHANGES")]
    pub options: Vec<PathBuf>,
    /// One change that is an option of its own, as in plan --set 一项改变作为一个方案
    #[arg(long, value_name = "CHANGE")]
    pub set: Vec<String>,
    /// Somebody new as an option of his own, as in plan --add-person: id=ma skill=tax:4
    /// calendar=office, or like=wang id=ma 新增一人作为一个方案
    #[arg(long, value_name = "PERSON")]
    pub add_person: Vec<String>,
    /// What changes the scenario first.
    #[command(flatten)]
    pub amendments: Amendments,
    /// How to dispatch [default: engine; without options also earliest-due and
    /// current-practice] 派单办法
    #[arg(long = "policy", value_enum, value_delimiter = ',', value_name = "POLICY,…")]
    pub policies: Vec<PolicyArgument>,
    /// At most so many replications 最多模拟次数
    #[arg(long, value_name = "N", default_value_t = 200,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub replications: u32,
    /// End once differences per week are known to so many yuan; the first 40 replications settle
    /// how many that takes 差额区间半宽达到此数（元/周）即停止，至少模拟 40 次
    #[arg(long, value_name = "YUAN", value_parser = fen)]
    pub half_width: Option<i64>,
    /// End after so many seconds, once one replication is made 秒数上限，至少完成一次模拟
    #[arg(long, value_name = "N", value_parser = milliseconds)]
    pub seconds: Option<u64>,
    /// Seed of all chance 随机种子
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Threads; without influence on the figures [default: all cores] 线程数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub threads: Option<u32>,
    /// Also with 110, 125, 150 and 200 % of the demand: what capacity keeps of the promises
    /// 压力测试：需求 110% 至 200%
    #[arg(long)]
    pub stress: bool,
    /// How many of these people to keep for urgent calls alone: none, the first, the first two … are
    /// options of their own 加急预留几人：依次只办加急
    #[arg(long, value_name = "PERSON,…", value_delimiter = ',')]
    pub reserve: Vec<String>,
    /// Where the next hour is worth most: linear prices beside simulation, skill by skill
    /// 多一小时最值在哪项技能
    #[arg(long, conflicts_with_all =
          ["options", "set", "add_person", "stress", "report", "need", "reserve"])]
    pub hours: bool,
    /// When everybody learns, at the least cost of the dates tried, at most half of a skill at a
    /// time: the hours of a session, such as 15:00-18:00 培训时段，排出所试日期中损失最小的
    #[arg(long, value_name = "HOURS", value_parser = session, conflicts_with_all =
          ["options", "set", "add_person", "stress", "report", "need", "reserve", "hours"])]
    pub train: Option<Hours>,
    /// What the training is about: who holds this skill learns [default: everybody]
    /// 培训主题所属技能：只排会此技能的人
    #[arg(long, value_name = "SKILL", requires = "train")]
    pub train_skill: Option<String>,
    /// How many hours a person and quarter 每人每季度小时数
    #[arg(long, value_name = "N", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(1..=400))]
    pub train_hours: u32,
    /// Write the training plan as changes here, for --option and --what-if 培训计划写作改变文件
    #[arg(long, value_name = "FILE", requires = "train")]
    pub train_changes: Option<PathBuf>,
    /// How many more people like --like or --able it takes to keep this share of urgent promises
    /// 按承诺完成率达到此值需加几人
    #[arg(long, value_name = "X%", value_parser = share,
          conflicts_with_all = ["options", "set", "add_person", "stress", "report"])]
    pub need: Option<u32>,
    /// Whom the new people are like; of several, how many like each 新增人员与谁相同
    #[arg(long, value_name = "PERSON,…", value_delimiter = ',', requires = "need")]
    pub like: Vec<String>,
    /// What the new people can do and nothing else; of several, how many for each
    /// 新增人员只会的技能
    #[arg(long, value_name = "SKILL,…", value_delimiter = ',', requires = "need")]
    pub able: Vec<String>,
    /// With which confidence it is kept, one-sided, 90 to 99.9 % 单侧置信度
    #[arg(long, value_name = "Y%", requires = "need", default_value = "97.5%",
          value_parser = confidence)]
    pub confidence: u32,
    /// Most people looked at, in all 最多考虑几人
    #[arg(long, value_name = "N", default_value_t = 6,
          value_parser = clap::value_parser!(u32).range(1..=50))]
    pub at_most: u32,
    /// Also for whom promises are kept: by tier, service, stream or hour of arrival 分类列出
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND,…", conflicts_with_all =
          ["hours", "train", "need"])]
    pub by: Vec<ByArgument>,
    /// Write the report here (JSON) 结果写入此文件
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write a page with charts here (HTML) 图表网页
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// A confidence in thousandths.
fn confidence(text: &str) -> Result<u32, String> {
    let told = permille(text)?;
    match told {
        900..=999 => Ok(told),
        _ => Err("应为 90% 至 99.9% / 90 % to 99.9 % are expected".to_owned()),
    }
}

/// The hours of a session.
fn session(text: &str) -> Result<Hours, String> {
    Hours::parse(text).map_err(|said| format!("{} / {}", said.zh, said.en))
}

/// By what tickets are told apart, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ByArgument {
    /// The tier of the client 客户级别
    Tier,
    /// The service 服务
    Service,
    /// The stream 来源
    Stream,
    /// The hour of arrival 到达时段
    Hour,
}

/// A way to dispatch, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyArgument {
    /// A plan each morning, calls put in at once 引擎
    Engine,
    /// In the order of arrival 先到先办
    FirstCome,
    /// In the order of due times 最早到期
    EarliestDue,
    /// What costs most when late first 价值最高
    HighestValue,
    /// Urgent first, each in the order of arrival 现行做法
    CurrentPractice,
}
