//! The arguments of `prove`.

use std::path::PathBuf;

use clap::Args;

use super::super::value::milliseconds;
use super::{Amendments, Plain};

/// `paidan prove`.
#[derive(Debug, Args)]
pub struct Prove {
    /// Scenario file, folder, or - 场景
    pub scenario: PathBuf,
    /// How far is this plan from the best? [default: that of the best priority rule] 计划
    pub plan: Option<PathBuf>,
    /// The plan it was made from; prices changes and holds the freeze 上一份计划
    #[arg(long, value_name = "PLAN")]
    pub previous: Option<PathBuf>,
    /// What changes the scenario first.
    #[command(flatten)]
    pub amendments: Amendments,
    /// Go on for so many seconds [default: 60] 证明秒数
    #[arg(long, value_name = "N", conflicts_with = "steps", value_parser = milliseconds)]
    pub seconds: Option<u64>,
    /// Go on for so many steps: the same bound on every machine 证明步数，结果可复现
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub steps: Option<u32>,
    /// Threads; without influence on the bound of so many steps [default: all cores] 线程数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub threads: Option<u32>,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}
