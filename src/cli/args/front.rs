//! The arguments of `front`.

use std::path::PathBuf;

use clap::Args;

use super::super::value::weights;
use super::{Amendments, Plain, Search};
use crate::model::cost::Weights;

/// `paidan front`.
#[derive(Debug, Args)]
pub struct Front {
    /// Scenario file, folder, or - 场景
    pub scenario: PathBuf,
    /// The plan people are working to; changes against it cost 上一份计划
    #[arg(long, value_name = "PLAN")]
    pub previous: Option<PathBuf>,
    /// What changes the scenario first.
    #[command(flatten)]
    pub amendments: Amendments,
    /// How many weights to plan at, from urgency alone to client value alone [default: 9] 权重组数
    #[arg(long, value_name = "N", conflicts_with = "weights",
          value_parser = clap::value_parser!(u8).range(1..=65))]
    pub points: Option<u8>,
    /// Plan at these weights and the scenario's: urgency:value, such as 1:0.25,2:1 指定权重
    #[arg(long, value_name = "U:V,…", value_delimiter = ',', value_parser = weights)]
    pub weights: Vec<Weights>,
    /// How long and how to search.
    #[command(flatten)]
    pub search: Search,
    /// Draw the curve here (SVG) 权衡曲线图
    #[arg(long, value_name = "FILE.svg")]
    pub svg: Option<PathBuf>,
    /// Take the plan at these weights, with --out; they join the points 选定此权重的计划
    #[arg(long, value_name = "U:V", requires = "out", value_parser = weights)]
    pub choose: Option<Weights>,
    /// Write the chosen plan here (JSON); it records its weights 选定的计划写入此文件
    #[arg(long, value_name = "FILE", requires = "choose")]
    pub out: Option<PathBuf>,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}
