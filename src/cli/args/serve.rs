//! The arguments of `serve`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

/// `paidan serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen; port 0 is any that is free 监听地址
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The database, begun when there is none; without one nothing outlasts the server 数据库
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Who may speak for people that signed in at a proxy 可信代理地址
    #[arg(long = "proxy", value_name = "IP")]
    pub proxies: Vec<IpAddr>,
    /// The header in which a proxy says who signed in 代理写明登录人的请求头
    #[arg(long, value_name = "NAME", default_value = "x-paidan-person", requires = "proxies")]
    pub person_header: String,
    /// The header in which a proxy says what he is 代理写明角色的请求头
    #[arg(long, value_name = "NAME", default_value = "x-paidan-role", requires = "proxies")]
    pub role_header: String,
    /// Certificates to speak TLS with (PEM); needs a program built with it TLS 证书
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificates: Option<PathBuf>,
    /// The key to the first of them (PEM) TLS 私钥
    #[arg(long, value_name = "FILE", requires = "tls_certificates")]
    pub tls_key: Option<PathBuf>,
    /// Let messages go to this machine and into private networks, too 允许通知内网地址
    #[arg(long)]
    pub hooks_inside: bool,
    /// For how long it keeps what is dropped some day.
    #[command(flatten)]
    pub keep: Keep,
    /// How much it takes on.
    #[command(flatten)]
    pub limits: Limits,
}

/// For how long a server keeps what is dropped some day.
#[derive(Debug, Args)]
#[command(next_help_heading = "Keeping 保留")]
pub struct Keep {
    /// Days a quote is kept 报价保留天数
    #[arg(long, value_name = "DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(u16).range(1..=3_660))]
    pub keep_quotes: u16,
    /// Days a draft is kept; plans published stay 草案保留天数，已发布的计划不删
    #[arg(long, value_name = "DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(u16).range(1..=3_660))]
    pub keep_drafts: u16,
    /// Days it is kept who looked at what 查阅记录保留天数
    #[arg(long, value_name = "DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(u16).range(1..=36_600))]
    pub keep_views: u16,
    /// Days a message is kept after it was given up 未送达消息保留天数
    #[arg(long, value_name = "DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(u16).range(1..=3_660))]
    pub keep_dead: u16,
}

/// How much a server takes on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits 限额")]
pub struct Limits {
    /// Megabytes of a body 正文最大兆字节
    #[arg(long, value_name = "MB", default_value_t = 32,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub body: u16,
    /// Requests worked on at once 同时处理的请求数
    #[arg(long, value_name = "N", default_value_t = 256,
          value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub requests: u16,
    /// Connections open at once 同时打开的连接数
    #[arg(long, value_name = "N", default_value_t = 1_024,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub connections: u16,
    /// Seconds to receive the head of a request, and its body 接收请求的秒数
    #[arg(long, value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u16).range(1..=3_600))]
    pub receive: u16,
    /// Seconds for an answer 处理请求的秒数
    #[arg(long, value_name = "SECONDS", default_value_t = 60,
          value_parser = clap::value_parser!(u16).range(1..=3_600))]
    pub answer: u16,
    /// Searches run at once 同时进行的搜索数
    #[arg(long, value_name = "N", default_value_t = 2,
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: u16,
    /// Searches that may wait for their turn 排队等候的搜索数
    #[arg(long, value_name = "N", default_value_t = 16,
          value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub waiting: u16,
    /// Seconds of search an asker waits for; longer ones become jobs 当场搜索的最长秒数，更长者转为任务
    #[arg(long, value_name = "SECONDS", default_value_t = 10,
          value_parser = clap::value_parser!(u16).range(0..=3_600))]
    pub inline: u16,
    /// Rounds of search an asker waits for; more become jobs 当场搜索的最多轮数，更多者转为任务
    #[arg(long, value_name = "ROUNDS", default_value_t = 50)]
    pub inline_rounds: u32,
    /// Seconds a job may search 任务的最长搜索秒数
    #[arg(long, value_name = "SECONDS", default_value_t = 600,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub job: u32,
    /// Finished jobs kept 保留的已完成任务数
    #[arg(long, value_name = "N", default_value_t = 64,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs_kept: u16,
    /// Requests a second of one key in the long run; 0: any number 每个密钥每秒请求数，0 为不限
    #[arg(long, value_name = "N", default_value_t = 5_000,
          value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub rate: u32,
    /// Requests of one key at once before the rate counts 速率生效前允许的突发请求数
    #[arg(long, value_name = "N", default_value_t = 10_000,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub burst: u32,
    /// Seconds to finish what is under way when stopped 停止时等待进行中请求的秒数
    #[arg(long, value_name = "SECONDS", default_value_t = 10,
          value_parser = clap::value_parser!(u16).range(0..=3_600))]
    pub drain: u16,
}
