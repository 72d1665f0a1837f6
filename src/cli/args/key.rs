//! The arguments of `key`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Plain;
use crate::app::service::role::{Permission, Role};
use crate::cli::value;

/// `paidan key`.
#[derive(Debug, Args)]
pub struct Key {
    /// What to do.
    #[command(subcommand)]
    pub step: KeyStep,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyStep {
    /// Make a key and print it; it is shown this once 新建密钥，只显示一次
    Create {
        /// The database; begun when there is none 数据库，没有则新建
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
        /// administrator, dispatcher, specialist, reviewer, auditor or ticketing 角色
        #[arg(long, value_parser = value::role)]
        role: Role,
        /// Only for this, such as ticket.create; may be said several times 权限范围，可多次
        #[arg(long = "scope", value_name = "PERMISSION", value_parser = value::permission)]
        scopes: Vec<Permission>,
        /// Speaks for this person, with his posts; may be said several times 代表此人，可多次
        #[arg(long = "person", value_name = "PERSON")]
        people: Vec<String>,
        /// Of no use after so long, such as 90d or 12h 有效期
        #[arg(long, value_name = "SPAN", value_parser = value::span)]
        expires: Option<i64>,
    },
    /// List keys; nobody has their secrets 列出密钥
    List {
        /// The database 数据库
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
        /// What is printed 打印格式
        #[arg(long, value_enum, default_value_t)]
        format: Plain,
    },
    /// Make a key in the place of another, which ends after an overlap 轮换密钥
    Rotate {
        /// The prefix of the key, as `list` shows it 密钥前缀
        prefix: String,
        /// The database 数据库
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
        /// How long the old one still opens, such as 24h 旧密钥继续有效的时间
        #[arg(long, value_name = "SPAN", value_parser = value::span, default_value = "24h")]
        overlap: i64,
    },
    /// Take a key back at once 收回密钥
    Revoke {
        /// The prefix of the key, as `list` shows it 密钥前缀
        prefix: String,
        /// The database 数据库
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
    },
}
