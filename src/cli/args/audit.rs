//! The arguments of `backup`, `restore` and `audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{EXIT_CODES, Plain};

/// `paidan backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// Write the copy here 备份文件
    pub file: PathBuf,
    /// The database, which may be in use 数据库，可正在使用
    #[arg(long, value_name = "FILE")]
    pub db: PathBuf,
}

/// `paidan restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup 备份文件
    pub file: PathBuf,
    /// The database, which must not be in use 数据库，须无人使用
    #[arg(long, value_name = "FILE")]
    pub db: PathBuf,
    /// Replace it even when it holds events that the backup does not 即使有备份中没有的记录也覆盖
    #[arg(long)]
    pub overwrite: bool,
}

/// `paidan audit`.
#[derive(Debug, Args)]
pub struct Audit {
    /// What to do.
    #[command(subcommand)]
    pub step: AuditStep,
}

/// The steps of an audit.
#[derive(Debug, Subcommand)]
pub enum AuditStep {
    /// Make the key that checkpoints are signed with; its public half goes to FILE.pub 生成签名密钥
    Key {
        /// Write the secret half here; keep it away from the database 私钥文件，勿与数据库同放
        file: PathBuf,
    },
    /// Sign what the log is now; keep the result where the database is not 生成检查点
    Checkpoint {
        /// The database 数据库
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
        /// The secret key 私钥
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// Write the checkpoint here instead of printing it 写入此文件
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print all events, one on a line; no personal texts 导出全部记录，不含个人信息
    Export {
        /// The database 数据库
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
    },
    /// Find every change, reorder, gap or cut end, offline 离线核验记录
    #[command(after_help = EXIT_CODES)]
    Verify(AuditVerify),
}

/// `paidan audit verify`.
#[derive(Debug, Args)]
pub struct AuditVerify {
    /// A database or a copy of one 数据库或其副本
    #[arg(long, value_name = "FILE", conflicts_with = "log", required_unless_present = "log")]
    pub db: Option<PathBuf>,
    /// A log as `audit export` prints it 导出的记录
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// A checkpoint to hold it against; may be said several times 检查点，可多次
    #[arg(long = "checkpoint", value_name = "FILE")]
    pub checkpoints: Vec<PathBuf>,
    /// The public key that has to have signed them 公钥
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// What is printed 打印格式
    #[arg(long, value_enum, default_value_t)]
    pub format: Plain,
}
