//! What can be wrong with a log, as a closed list with codes. Must not know how it is found.

use super::event::Stream;
use super::hash::Hash;
use crate::calendar::Label;

/// Which event a fault is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// Its stream.
    pub stream: Stream,
    /// Its number there.
    pub seq: u64,
    /// Its number among all.
    pub position: u64,
}

/// One thing wrong with a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// L001: an event is not what its hash was taken from.
    Changed(Spot),
    /// L002: an event does not follow from the one before it in its stream, which was replaced.
    Unlinked(Spot),
    /// L003: events are missing from a stream.
    Gap {
        /// From where.
        stream: Stream,
        /// The first one missing.
        first: u64,
        /// The last one missing.
        last: u64,
    },
    /// L004: events are missing from the whole log.
    Lost {
        /// The first position missing.
        first: u64,
        /// The last position missing.
        last: u64,
    },
    /// L005: an event stands behind one that came later.
    Misplaced(Spot),
    /// L006: an event bears a number that is taken.
    Repeated(Spot),
    /// L007: something kept cannot be read at all.
    Unreadable {
        /// Where it stands.
        place: String,
        /// What is wrong with it.
        what: String,
    },
    /// L008: the log ends before a checkpoint.
    Cut {
        /// The position of the checkpoint.
        position: u64,
        /// Where the log ends.
        end: u64,
    },
    /// L009: the events up to a checkpoint are not those it was taken of.
    Rewritten {
        /// The position of the checkpoint.
        position: u64,
    },
    /// L010: a checkpoint does not bear the signature of the key it is held against.
    Forged {
        /// The position it names.
        position: u64,
    },
    /// L011: what is noted as the end of a stream is not its last event.
    WrongHead(Stream),
    /// L012: a personal text is not the one its hash was taken from.
    WrongText {
        /// The hash.
        hash: Hash,
        /// Whom it is about.
        subject: String,
    },
}

impl Fault {
    /// Its code, stable between versions.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Changed(_) => "L001",
            Fault::Unlinked(_) => "L002",
            Fault::Gap { .. } => "L003",
            Fault::Lost { .. } => "L004",
            Fault::Misplaced(_) => "L005",
            Fault::Repeated(_) => "L006",
            Fault::Unreadable { .. } => "L007",
            Fault::Cut { .. } => "L008",
            Fault::Rewritten { .. } => "L009",
            Fault::Forged { .. } => "L010",
            Fault::WrongHead(_) => "L011",
            Fault::WrongText { .. } => "L012",
        }
    }

    /// The sentence.
    #[must_use]
    pub fn label(&self) -> Label {
        let (zh, en) = match self {
            Fault::Changed(spot) => spot.says("内容被改过", "was changed"),
            Fault::Unlinked(spot) => spot.says(
                "与前一条不衔接，前一条被替换过",
                "does not follow from the one before it, which was replaced",
            ),
            Fault::Gap { stream, first, last } => (
                format!("{stream} 缺少第 {first} 至 {last} 条"),
                format!("{stream} lacks events {first} to {last}"),
            ),
            Fault::Lost { first, last } => (
                format!("全部记录中缺少第 {first} 至 {last} 条"),
                format!("the log lacks positions {first} to {last}"),
            ),
            Fault::Misplaced(spot) => {
                spot.says("次序不对，排在了更晚的记录之后", "stands behind a later one")
            }
            Fault::Repeated(spot) => spot.says("编号重复", "bears a number that is taken"),
            Fault::Unreadable { place, what } => {
                (format!("{place} 无法读取：{what}"), format!("{place} cannot be read: {what}"))
            }
            Fault::Cut { position, end } => (
                format!("记录止于第 {end} 条，检查点却在第 {position} 条：末尾被截去"),
                format!(
                    "the log ends at {end}, a checkpoint is at {position}: its end was cut off"
                ),
            ),
            Fault::Rewritten { position } => (
                format!("第 {position} 条及以前的记录不是检查点当时的记录"),
                format!("the events up to {position} are not those of the checkpoint"),
            ),
            Fault::Forged { position } => (
                format!("第 {position} 条处的检查点不是用此密钥签名的"),
                format!("the checkpoint at {position} was not signed with this key"),
            ),
            Fault::WrongHead(stream) => (
                format!("{stream} 登记的末条不是实际的末条"),
                format!("{stream} ends elsewhere than is noted"),
            ),
            Fault::WrongText { hash, subject } => (
                format!("{subject} 的个人信息文本与其哈希 {hash} 不符"),
                format!("a personal text of {subject} is not that of its hash {hash}"),
            ),
        };
        Label { zh, en }
    }
}

impl Spot {
    fn says(&self, zh: &str, en: &str) -> (String, String) {
        let Spot { stream, seq, position } = self;
        (
            format!("{stream} 第 {seq} 条（总第 {position} 条）{zh}"),
            format!("{stream} event {seq} (position {position}) {en}"),
        )
    }
}
