//! The arguments of `schema` and `upgrade`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Document {
    /// The stated question 场景
    Scenario,
    /// The promised answer 计划
    Plan,
    /// The trade-off between urgency and client value 权衡曲线
    Front,
    /// A proof 最优性证明
    Proof,
    /// What has happened since 进度
    Progress,
    /// Days off and make-up working days 节假日表
    Holidays,
    /// What somebody asks to have fitted in 报价请求
    Request,
    /// The ways to fit it in 报价
    Quote,
    /// What would be different 假设的改变
    Changes,
    /// Plans as things are and as they would be 假设对比
    WhatIf,
    /// What simulated days may bring 模拟
    Simulation,
    /// What they came to 模拟结果
    SimulationReport,
    /// Where the next hour is worth most 工时价值
    Hours,
    /// Which more people it takes 所需人手
    RequiredStaff,
    /// Who learns when 培训计划
    Training,
    /// What the coming days will bring 预测
    Forecast,
    /// Rate card and red lines 价目与红线
    Policy,
}

/// `paidan schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Which document 文档种类
    #[arg(value_enum)]
    pub document: Document,
}

/// `paidan upgrade`.
#[derive(Debug, Args)]
pub struct Upgrade {
    /// The older document, kept as FILE.v0 and upgraded in place; - is printed 旧文档，原地升级
    pub file: PathBuf,
    /// Write it here instead 改写入此文件
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
