//! Why a store did not do what it was asked. Knows the reasons, not who is told.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use super::row::Answer;
use crate::calendar::Label;
use crate::desk::event::Stream;

/// What made a batch come to nothing. Nothing of it was written, and another try may do.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// D001: a stream has moved on since it was looked at.
    #[error("{stream} ends at event {actual}, not at {expected}")]
    Moved {
        /// Which.
        stream: Stream,
        /// The number it was thought to end with.
        expected: u64,
        /// The number it ends with.
        actual: u64,
    },
    /// D002: a document has another version than was looked at.
    #[error("{kind}/{key} is at version {actual}, not at {expected}")]
    Revised {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
        /// The version it was thought to have; 0 for none.
        expected: u64,
        /// The version it has.
        actual: u64,
    },
    /// D003: a request with this key was answered already.
    #[error("{}/{} was answered before", .0.scope, .0.key)]
    Answered(Box<Answer>),
    /// D004: there is such a row already.
    #[error("{0} is there already")]
    Taken(String),
    /// D005: there is no such row.
    #[error("there is no {0}")]
    Unknown(String),
    /// D007: a document that the batch needs is not there.
    #[error("there is no {kind}/{key}")]
    Missing {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
    },
    /// D006: more bytes than are written at a time.
    #[error("a batch of {bytes} bytes, at most {most}")]
    TooLarge {
        /// How many there are.
        bytes: usize,
        /// How many there may be.
        most: usize,
    },
}

impl Refusal {
    /// Its code, stable between versions.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Moved { .. } => "D001",
            Refusal::Revised { .. } => "D002",
            Refusal::Answered(_) => "D003",
            Refusal::Taken(_) => "D004",
            Refusal::Unknown(_) => "D005",
            Refusal::TooLarge { .. } => "D006",
            Refusal::Missing { .. } => "D007",
        }
    }

    fn label(&self) -> Label {
        match self {
            Refusal::Moved { stream, expected, actual } => Label::new(
                format!("{stream} 已到第 {actual} 条，不是第 {expected} 条：请重新读取后再试"),
                format!(
                    "{stream} ends at event {actual}, not at {expected}: read it and try again"
                ),
            ),
            Refusal::Revised { kind, key, expected, actual } => Label::new(
                format!("{kind}/{key} 已是第 {actual} 版，不是第 {expected} 版：请重新读取后再试"),
                format!(
                    "{kind}/{key} is at version {actual}, not at {expected}: read it and try again"
                ),
            ),
            Refusal::Answered(answer) => Label::new(
                format!("请求 {}/{} 已经答复过：请用原来的答复", answer.scope, answer.key),
                format!("{}/{} was answered before: use that answer", answer.scope, answer.key),
            ),
            Refusal::Taken(what) => Label::new(
                format!("{what} 已经存在：请换一个"),
                format!("{what} is there already: choose another"),
            ),
            Refusal::Unknown(what) => Label::new(
                format!("没有 {what}：请核对编号"),
                format!("there is no {what}: check what it is called"),
            ),
            Refusal::Missing { kind, key } => Label::new(
                format!("没有 {kind}/{key}：请核对编号"),
                format!("there is no {kind}/{key}: check what it is called"),
            ),
            Refusal::TooLarge { bytes, most } => Label::new(
                format!("一次写入 {bytes} 字节，最多 {most}：请分几次写入"),
                format!("{bytes} bytes at once, at most {most}: write it in several parts"),
            ),
        }
    }
}

/// What a layer below said, shared by all whose work it undid.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Why something could not be read or written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The batch itself cannot be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disk is full.
    #[error("the disk is full")]
    Full(#[source] Cause),
    /// The database may only be read.
    #[error("the database is read-only")]
    ReadOnly,
    /// Somebody else kept the database locked for too long.
    #[error("the database is locked")]
    Busy(#[source] Cause),
    /// What is in the database is not what was put there.
    #[error("the database is damaged: {0}")]
    Damaged(Label),
    /// There is no database.
    #[error("there is no database at {}", .0.display())]
    Absent(PathBuf),
    /// The file is a database of another program.
    #[error("{} is no database of paidan", .0.display())]
    Foreign(PathBuf),
    /// A newer program wrote it.
    #[error("the database is of version {found}, this program knows {known}")]
    Newer {
        /// The version it is of.
        found: u32,
        /// The newest one known.
        known: u32,
    },
    /// Another process has the database open.
    #[error("{} is in use", .0.display())]
    InUse(PathBuf),
    /// Another process serves the database.
    #[error("{} is being served", .0.display())]
    Served(PathBuf),
    /// What would be overwritten holds events that what comes in its place does not.
    #[error("{} holds events that the backup does not", .path.display())]
    Ahead {
        /// The database.
        path: PathBuf,
        /// The last position they share.
        shared: u64,
        /// Where it ends.
        end: u64,
    },
    /// What should be replaced is a link to it.
    #[error("{} is a link", .0.display())]
    Link(PathBuf),
    /// The thread that writes is gone.
    #[error("the store is closed")]
    Closed,
    /// A file beside the database cannot be written or read.
    #[error("{}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// Anything else.
    #[error("the database failed")]
    Other(#[source] Cause),
}

impl Failure {
    /// The sentence, with what to do about it.
    #[must_use]
    pub fn label(&self) -> Label {
        let (zh, en) = match self {
            Failure::Refused(refusal) => return refusal.label(),
            Failure::Damaged(what) => (
                format!("数据库已损坏：{}。请用 paidan restore 从备份恢复", what.zh),
                format!("the database is damaged: {}. Restore a backup: paidan restore", what.en),
            ),
            Failure::Absent(path) => (
                format!("{} 处没有数据库：请核对路径", path.display()),
                format!("there is no database at {}: check the path", path.display()),
            ),
            Failure::Foreign(path) => (
                format!("{} 不是派单的数据库：请核对路径", path.display()),
                format!("{} is no database of paidan: check the path", path.display()),
            ),
            Failure::Newer { found, known } => (
                format!("数据库版本为 {found}，本程序只认识到 {known}：请换用更新的程序"),
                format!(
                    "the database has version {found}, known up to {known}: use a newer paidan"
                ),
            ),
            Failure::InUse(path) => (
                format!("{} 正在使用：请先停止使用它的程序", path.display()),
                format!("{} is in use: stop what uses it first", path.display()),
            ),
            Failure::Served(path) => (
                format!(
                    "{} 已有另一个 paidan serve 在用：请先停止它，或经其接口操作",
                    path.display()
                ),
                format!(
                    "{} is served by another paidan serve: stop that one first, or ask it \
                     through its API",
                    path.display()
                ),
            ),
            Failure::Link(path) => (
                format!("{} 是链接：请写它所指的文件", path.display()),
                format!("{} is a link: name the file it leads to", path.display()),
            ),
            Failure::Ahead { path, shared, end } => (
                format!(
                    "{} 有备份中没有的记录（相同至第 {shared} 条，现至第 {end} 条）：\
                         确要覆盖请加 --overwrite",
                    path.display()
                ),
                format!(
                    "{} holds events the backup lacks (equal up to {shared}, it ends at {end}): \
                         say --overwrite to lose them",
                    path.display()
                ),
            ),
            other => return other.label_of_surroundings(),
        };
        Label { zh, en }
    }

    /// What the surroundings did, such as the disk.
    fn label_of_surroundings(&self) -> Label {
        let said = self.source_said();
        match self {
            Failure::Full(_) => Label::new(
                "磁盘已满，什么也没写入：请腾出空间后再试",
                "the disk is full, nothing was written: make room and try again",
            ),
            Failure::ReadOnly => Label::new(
                "数据库只能读取：请检查文件和文件夹的权限",
                "the database is read-only: check the rights on its file and folder",
            ),
            Failure::Busy(_) => Label::new(
                "数据库一直被其他程序锁定：请稍后再试",
                "another program keeps the database locked: try again later",
            ),
            Failure::Closed => {
                Label::new("数据库已关闭：请重新启动", "the database is closed: start again")
            }
            Failure::File { path, .. } => Label::new(
                format!("无法使用 {}：{said}", path.display()),
                format!("cannot use {}: {said}", path.display()),
            ),
            _ => Label::new(
                format!("数据库出错：{said}。请检查磁盘和文件"),
                format!("the database failed: {said}. Check the disk and its files"),
            ),
        }
    }

    fn source_said(&self) -> String {
        self.source().map(ToString::to_string).unwrap_or_default()
    }
}
