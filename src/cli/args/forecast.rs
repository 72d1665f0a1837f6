//! The arguments of `forecast`.

use std::path::PathBuf;

use clap::Args;

use super::super::value::fen;
use super::Plain;

/// `paidan forecast`.
#[derive(Debug, Args)]
pub struct Forecast {
    /// Log of tickets (CSV with a line of headings), or - 工单记录
    pub log: PathBuf,
    /// The column of the time of arrival 到达时间的列
    #[arg(long, value_name = "COLUMN")]
    pub arrived: String,
    /// The column that names a ticket, where it has many rows: the earliest counts 工单编号的列
    #[arg(long, value_name = "COLUMN")]
    pub case: Option<String>,
    /// Only rows with this value: column=value, such as priority=urgent 只计此类
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = pair)]
    pub only: Option<(String, String)>,
    /// Dates are day/month/year 日期为日/月/年
    #[arg(long)]
    pub day_first: bool,
    /// The day of the month on which filings are due 每月申报截止日
    #[arg(long, value_name = "DAY", default_value_t = 15,
          value_parser = clap::value_parser!(u32).range(1..=28))]
    pub due: u32,
    /// The scenario whose holidays count: they move due dates and are days of their own
    /// 节假日取自此场景，截止日逢休顺延
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Also who is likely to call: the column that names them, such as the client 客户所在的列
    #[arg(long, value_name = "COLUMN")]
    pub by: Option<String>,
    /// What a call costs for which nobody is free, in yuan: says for how many calls to keep hands
    /// free 无人可接的一单损失（元）
    #[arg(long, value_name = "YUAN", value_parser = fen, requires = "idle")]
    pub short: Option<i64>,
    /// What keeping hands free for a call costs that does not come 白白预留一单的成本（元）
    #[arg(long, value_name = "YUAN", value_parser = fen, requires = "short")]
    pub idle: Option<i64>,
    /// How many days to forecast 预测天数
    #[arg(long, value_name = "N", default_value_t = 14,
          value_parser = clap::value_parser!(u32).range(1..=366))]
    pub days: u32,
    /// Put what was learnt into a stream of this simulation 写入此模拟文件的来源
    #[arg(long, value_name = "FILE", requires_all = ["stream", "out"])]
    pub into: Option<PathBuf>,
    /// Which stream 哪个来源
    #[arg(long, value_name = "ID", requires = "into")]
    pub stream: Option<String>,
    /// Write the simulation here 写入此文件
    #[arg(long, value_name = "FILE", requires = "into")]
    pub out: Option<PathBuf>,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}

/// A column and what stands in it.
fn pair(text: &str) -> Result<(String, String), String> {
    let (column, value) = text
        .split_once('=')
        .ok_or_else(|| "expected column=value such as priority=urgent / 应写作 列=值".to_owned())?;
    Ok((column.to_owned(), value.to_owned()))
}
