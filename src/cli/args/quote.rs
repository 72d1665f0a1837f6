//! The arguments of `quote`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Plain;
use crate::model::quote::OptionKind;

/// `paidan quote`.
#[derive(Debug, Args)]
pub struct Quote {
    /// Scenario file, folder, or - 场景
    pub scenario: PathBuf,
    /// The plan in force [default: plan.json beside the scenario] 在执行的计划
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    /// What is asked 报价请求
    #[arg(long, value_name = "FILE", required_unless_present = "quote")]
    pub request: Option<PathBuf>,
    /// Rate card and red lines [default: policy.json beside the scenario] 价目与红线
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// When it is asked, such as 2026-03-09T14:10 [default: when the plan begins] 询价时刻
    #[arg(long, value_name = "MOMENT")]
    pub at: Option<String>,
    /// Only what moves nothing, which is quickest 只看不动其他工单的方案
    #[arg(long)]
    pub quick: bool,
    /// Make this option the plan 接受此方案
    #[arg(long, value_enum, value_name = "OPTION", requires = "out")]
    pub accept: Option<OptionName>,
    /// With --accept: the quote it is an option of; else one made at once 所接受的报价
    #[arg(long, value_name = "FILE", requires = "accept", conflicts_with = "request")]
    pub quote: Option<PathBuf>,
    /// With --accept: write the new plan here 新计划写入此文件
    #[arg(long, value_name = "FILE", requires = "accept")]
    pub out: Option<PathBuf>,
    /// With --accept: write the scenario with the request in its queue here 新场景写入此文件
    #[arg(long, value_name = "FILE", requires = "accept")]
    pub scenario_out: Option<PathBuf>,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}

/// An option, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum OptionName {
    /// Normal track, nothing moves 常规流程
    NormalTrack,
    /// Nothing moves, nobody works extra 按现有计划
    AsItStands,
    /// Overtime or on-call hours 加班或值班
    Overtime,
    /// Others moved where that costs least 重新安排
    Rearranged,
    /// Others moved as far as the wish takes 其他工单让出时间
    Displacing,
}

impl OptionName {
    /// The option meant.
    #[must_use]
    pub fn kind(self) -> OptionKind {
        match self {
            OptionName::NormalTrack => OptionKind::NormalTrack,
            OptionName::AsItStands => OptionKind::AsItStands,
            OptionName::Overtime => OptionKind::Overtime,
            OptionName::Rearranged => OptionKind::Rearranged,
            OptionName::Displacing => OptionKind::Displacing,
        }
    }
}
