//! Why something may not happen to a ticket now: a closed list, each with its code, why, and what
//! to do about it, in both languages.

mod beside;
mod later;

use super::clock::Wait;
use super::life::{Happening, Material, Stage};
use std::collections::BTreeMap;

use crate::calendar::{Label, Moment};
use crate::policy::desk::{Post, Source};

/// Why not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// D001: not at this stage.
    Stage(Stage),
    /// D002: one of the questions of the assessment is not answered (R003, R006).
    Unanswered(&'static str),
    /// D003: nothing speaks for a false urgency: there is no slack (R004).
    NoSlack,
    /// D004: it was found that it cannot be done (R020).
    Infeasible,
    /// D005: another quote was made since.
    OtherQuote,
    /// D006: a date is promised with a plan or not at all (R040).
    NoPlan,
    /// D007: driver and reviewer are one person (R043).
    SamePerson,
    /// D008: he rejected it, or was to be replaced (R189, R191).
    Excluded(String),
    /// D009: a reason is needed (R191).
    NoReason,
    /// D010: only the driver can say so.
    NotDriver(String),
    /// D011: two have rejected it: the manager decides, no third one is asked (R192).
    ManagerOnly,
    /// D012: somebody has it, and nobody wants that changed.
    Taken(String),
    /// D013: it does not wait for that, or does already.
    Waiting(Wait),
    /// D014: something went wrong and is not answered yet (R071).
    OpenAnomaly,
    /// D015: nothing went wrong that is not answered.
    NoAnomaly,
    /// D016: cause, remedy and word to the client belong to the answer (R071).
    HalfAnswer,
    /// D017: material is missing.
    MaterialMissing(Vec<String>),
    /// D018: that item was not asked for.
    UnknownItem(String),
    /// D019: it expires before it is handed in (R030).
    Expires(String),
    /// D020: items of the checklist are not ticked (R082).
    Unticked(Vec<String>),
    /// D021: results are looked over by somebody else than who did them (R081).
    OwnReview,
    /// D022: only the reviewer can pass it.
    NotReviewer(String),
    /// D023: delivered in another order than laid down (R087).
    DeliverySteps(Vec<String>),
    /// D024: ratings go from 1 to 5.
    Rating,
    /// D025: it is kept for longer (R077).
    Retention(i64),
    /// D026: this follows from other things and is not asked for.
    Consequence,
    /// D027: only somebody of this post can do so (R127, R187, R188).
    PostOnly(Post),
    /// D028: it is not approved by this post (R052).
    NotApproved(Post),
    /// D029: it was not checked against the regulation in force (R049).
    OldRegulation(String),
    /// D030: the client got so many messages today (R073).
    Budget(u32),
    /// D031: nothing begins without that item (R091).
    NotTolerable(String),
    /// D032: the manager is told before anybody else (R187).
    ManagerFirst,
    /// D033: nothing keeps it from going on.
    NotBlocked,
    /// D034: that rule is never set aside (R188).
    NotSetAside(String),
    /// D035: that moment is past.
    Past,
    /// D036: another version of the document is current (R195).
    OtherVersion(String),
    /// D037: not all that a driver begins with was done (R183).
    KickOff(Vec<String>),
    /// D038: a forecast ends before it begins (R075).
    Interval,
    /// D039: its file is kept (R077).
    Kept(Option<i64>),
    /// D040: an amount below nought.
    Amount,
    /// D041: nobody asked for approval.
    NoApprovalAsked,
    /// D042: nothing is owed.
    NothingOwed,
    /// D043: it cannot go on (R187).
    Blocked(String),
    /// D044: the trace that takes the place of a step is not on file (R054).
    NoEvidence(Source),
    /// D045: no visit is proposed.
    NoVisit,
    /// D046: marketing has not agreed to the visit (R184).
    VisitNotAgreed,
    /// D047: no call was missed.
    NoCall,
    /// D048: it is not confirmed that what the application says is true (R196).
    NotConfirmed,
    /// D049: the application stands otherwise (R196).
    Application(Label),
    /// D050: with a result reviewed or delivered, only the manager calls it off.
    LateEnd,
    /// D051: whoever worked on it neither signs for the client nor rates it.
    OwnWord,
    /// D052: whoever asks, or drives it, does not approve it (R052).
    OwnApproval,
    /// D053: they have it already.
    SameCrew,
    /// D054: what is signed is not the confirmation as it stands (R085).
    OtherConfirmation,
    /// D055: somebody of the department that has it has the time to drive it (R189).
    OtherDepartment(String),
    /// D056: there is no such person (R043).
    Nobody(String),
    /// D057: he cannot take that part (R043).
    Unable(String, Post),
    /// D058: another ticket has to be done before work on it begins, for that service (R009).
    ComesFirst(String, Label),
    /// D059: a bill is in force that it does not say it takes the place of, over so much, in fen;
    /// or it says so and none is (R193).
    OtherBill(Option<i64>),
    /// D060: an error found after the signature has either somebody who puts it right, or a reason
    /// why nobody has to (R083).
    NobodyMends,
    /// D061: there is no error to be put right, or not this one.
    NoDefect,
    /// D062: a later event is on record; from that moment on it may be.
    Backwards(Moment),
    /// D063: that step of its delivery has the number of a parcel (R087).
    NoTracking(String),
    /// D064: these files of its result are not on record (R085).
    NoResult(Vec<String>),
    /// D065: nobody comes on site by the client's tier (R113).
    NotOnSite(Label),
    /// One of the others, with what people call the things it names.
    Named {
        /// Which.
        refusal: Box<Refusal>,
        /// Names by key.
        names: BTreeMap<String, Label>,
    },
}

impl Refusal {
    /// Its code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Stage(_) => "D001",
            Refusal::Unanswered(_) => "D002",
            Refusal::NoSlack => "D003",
            Refusal::Infeasible => "D004",
            Refusal::OtherQuote => "D005",
            Refusal::NoPlan => "D006",
            Refusal::SamePerson => "D007",
            Refusal::Excluded(_) => "D008",
            Refusal::NoReason => "D009",
            Refusal::NotDriver(_) => "D010",
            Refusal::ManagerOnly => "D011",
            Refusal::Taken(_) => "D012",
            Refusal::Waiting(_) => "D013",
            Refusal::OpenAnomaly => "D014",
            Refusal::NoAnomaly => "D015",
            Refusal::HalfAnswer => "D016",
            Refusal::MaterialMissing(_) => "D017",
            Refusal::UnknownItem(_) => "D018",
            Refusal::Expires(_) => "D019",
            Refusal::Unticked(_) => "D020",
            Refusal::OwnReview => "D021",
            Refusal::NotReviewer(_) => "D022",
            Refusal::DeliverySteps(_) => "D023",
            Refusal::Rating => "D024",
            Refusal::Retention(_) => "D025",
            Refusal::Consequence => "D026",
            Refusal::PostOnly(_) => "D027",
            Refusal::NotApproved(_) => "D028",
            Refusal::OldRegulation(_) => "D029",
            Refusal::Budget(_) => "D030",
            Refusal::NotTolerable(_) => "D031",
            Refusal::ManagerFirst => "D032",
            Refusal::NotBlocked => "D033",
            Refusal::NotSetAside(_) => "D034",
            Refusal::Past => "D035",
            Refusal::OtherVersion(_) => "D036",
            Refusal::KickOff(_) => "D037",
            Refusal::Interval => "D038",
            Refusal::Kept(_) => "D039",
            Refusal::Amount => "D040",
            Refusal::NoApprovalAsked => "D041",
            Refusal::NothingOwed => "D042",
            Refusal::Blocked(_) => "D043",
            Refusal::NoEvidence(_) => "D044",
            Refusal::NoVisit => "D045",
            Refusal::VisitNotAgreed => "D046",
            Refusal::NoCall => "D047",
            Refusal::NotConfirmed => "D048",
            Refusal::Application(_) => "D049",
            Refusal::LateEnd => "D050",
            Refusal::OwnWord => "D051",
            Refusal::OwnApproval => "D052",
            Refusal::SameCrew => "D053",
            Refusal::OtherConfirmation => "D054",
            Refusal::OtherDepartment(_) => "D055",
            Refusal::Named { refusal, .. } => refusal.code(),
            later => beside::code(later),
        }
    }

    /// Why not, for people.
    #[must_use]
    pub fn because(&self) -> Label {
        let list = |items: &[String], with: &str| items.join(with);
        match self {
            Refusal::Stage(stage) => {
                let now = stage.label();
                Label::new(
                    format!("工单现在的阶段是“{}”，不能这样做", now.zh),
                    format!("the ticket is {}, which does not allow it", now.en),
                )
            }
            Refusal::Unanswered(question) => Label::new(
                format!("评估没有回答：{question}"),
                format!("the assessment leaves a question open: {question}"),
            ),
            Refusal::Excluded(person) => Label::new(
                format!("{person} 拒过此单或已被换下"),
                format!("{person} rejected it or was to be replaced"),
            ),
            Refusal::NotDriver(driver) => Label::new(
                format!("只有推进人 {driver} 能这样说"),
                format!("only its driver, {driver}, can say so"),
            ),
            Refusal::Taken(driver) => {
                Label::new(format!("{driver} 正在办理"), format!("{driver} has it"))
            }
            Refusal::Waiting(wait) => {
                let wait = wait.label();
                Label::new(
                    format!("等待“{}”的状态与此不符", wait.zh),
                    format!("that does not go with how it waits for {}", wait.en),
                )
            }
            Refusal::MaterialMissing(items) => Label::new(
                format!("材料不齐：{}", list(items, "、")),
                format!("material is missing: {}", list(items, ", ")),
            ),
            Refusal::Expires(item) => Label::new(
                format!("“{item}”在提交之前到期"),
                format!("\"{item}\" expires before it is handed in"),
            ),
            Refusal::Unticked(items) => Label::new(
                format!("检查表未逐项确认：{}", list(items, "、")),
                format!("the checklist is not ticked: {}", list(items, ", ")),
            ),
            Refusal::NotReviewer(reviewer) => Label::new(
                format!("只有审核人 {reviewer} 能放行"),
                format!("only its reviewer, {reviewer}, can pass it"),
            ),
            Refusal::DeliverySteps(steps) => Label::new(
                format!("交付须依次：{}", list(steps, "、")),
                format!("it is delivered by these steps in this order: {}", list(steps, ", ")),
            ),
            Refusal::Retention(years) => Label::new(
                format!("档案至少保存 {years} 年"),
                format!("it is kept for {years} years at least"),
            ),
            Refusal::Named { refusal, names } => refusal.calling(names),
            other => beside::because(other).unwrap_or_else(|| other.plainly()),
        }
    }

    /// The same, which names things as people call them (R027).
    #[must_use]
    pub fn named(self, names: BTreeMap<String, Label>) -> Refusal {
        let is_about_things = self.renamed(&|_| String::new()) != self;
        if is_about_things { Refusal::Named { refusal: Box::new(self), names } } else { self }
    }

    /// Why not, things called by these names.
    fn calling(&self, names: &BTreeMap<String, Label>) -> Label {
        let told = |language: fn(&Label) -> &str| {
            self.renamed(&|id| match names.get(id) {
                Some(name) => format!("{} ({id})", language(name)),
                None => id.to_owned(),
            })
        };
        let (zh, en) = (told(|label| &label.zh), told(|label| &label.en));
        Label::new(zh.because().zh, en.because().en)
    }

    /// The same with other names of things.
    fn renamed(&self, name: &dyn Fn(&str) -> String) -> Refusal {
        let all = |items: &[String]| items.iter().map(|item| name(item)).collect();
        match self {
            Refusal::MaterialMissing(items) => Refusal::MaterialMissing(all(items)),
            Refusal::Unticked(items) => Refusal::Unticked(all(items)),
            Refusal::DeliverySteps(steps) => Refusal::DeliverySteps(all(steps)),
            Refusal::KickOff(steps) => Refusal::KickOff(all(steps)),
            Refusal::Expires(item) => Refusal::Expires(name(item)),
            Refusal::NotTolerable(item) => Refusal::NotTolerable(name(item)),
            Refusal::NoTracking(step) => Refusal::NoTracking(name(step)),
            Refusal::NoResult(items) => Refusal::NoResult(all(items)),
            other => other.clone(),
        }
    }

    fn plainly(&self) -> Label {
        if let Refusal::UnknownItem(item) = self {
            let (zh, en) =
                (format!("没有要求过材料“{item}”"), format!("\"{item}\" was not asked for"));
            return Label::new(zh, en);
        }
        let (zh, en) = match self {
            Refusal::NoSlack => ("常规流程赶不上，不是假急", "the normal track is too slow for it"),
            Refusal::Infeasible => ("已判定不可行", "it was found that it cannot be done"),
            Refusal::OtherQuote => ("此报价已被新的取代", "another quote has taken its place"),
            Refusal::NoPlan => ("没有计划支撑，不能承诺日期", "no date is promised without a plan"),
            Refusal::SamePerson => ("推进人与审核人是同一人", "driver and reviewer are one person"),
            Refusal::NoReason => ("没有写明原因", "no reason is given"),
            Refusal::ManagerOnly => {
                ("两次被拒，由经理决定", "two rejected it: the manager decides")
            }
            Refusal::OpenAnomaly => ("异常尚未答复", "what went wrong is not answered yet"),
            Refusal::NoAnomaly => ("没有待答复的异常", "nothing went wrong that is not answered"),
            Refusal::HalfAnswer => {
                ("异常答复不完整", "the answer lacks cause, remedy or word to the client")
            }
            Refusal::OwnReview => ("不能复核自己办的件", "nobody reviews his own work"),
            Refusal::Rating => ("评分须在 1 至 5 之间", "ratings go from 1 to 5"),
            _ => ("这由别的事项引起，不单独提出", "that follows from other things by itself"),
        };
        Label::new(zh, en)
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Label {
        if let Refusal::Named { refusal, .. } = self {
            return refusal.hint();
        }
        let (zh, en) = match self {
            Refusal::Stage(stage) if stage.is_end() => ("请新建工单", "create another ticket"),
            Refusal::Stage(_) => ("请先完成前面的步骤", "do what comes before it first"),
            Refusal::Unanswered(_) => ("请问清后补上", "ask, and write the answer down"),
            Refusal::NoSlack | Refusal::Infeasible => {
                ("请改报可行的方案", "quote what can be done")
            }
            Refusal::OtherQuote => ("请按最新报价接受", "accept the latest quote"),
            Refusal::NoPlan => {
                ("请写明所依据计划的摘要", "name the digest of the plan it rests on")
            }
            Refusal::SamePerson | Refusal::OwnReview => ("请另派一人", "let somebody else do it"),
            Refusal::Excluded(_) => {
                ("请先在本部门找人，再跨部门", "look in the same department first, then beyond")
            }
            Refusal::NoReason => ("请写明原因", "say why"),
            Refusal::NotDriver(_) | Refusal::NotReviewer(_) => ("请由本人操作", "let him do it"),
            Refusal::ManagerOnly => ("请交经理派单或答复客户", "leave it to the manager"),
            Refusal::Taken(_) => ("客户要求换人时先登记", "put the client's wish on record first"),
            Refusal::Waiting(_) => ("请核对等待的原因", "look at what it waits for"),
            Refusal::OpenAnomaly | Refusal::HalfAnswer => {
                ("请写明原因、办法并告知客户", "name cause and remedy, and tell the client")
            }
            Refusal::NoAnomaly => ("请先登记异常", "put what went wrong on record first"),
            Refusal::MaterialMissing(_) => ("请补齐或标为容缺", "get it, or mark it as tolerated"),
            Refusal::UnknownItem(_) => ("请先列入清单", "put it on the list first"),
            Refusal::Expires(_) => ("请客户换新证件", "ask the client for a new one"),
            Refusal::Unticked(_) => ("请逐项检查", "look at each of them"),
            Refusal::DeliverySteps(_) => ("请按顺序交付", "keep to that order"),
            Refusal::Rating => ("请写 1 至 5", "write 1 to 5"),
            Refusal::Retention(_) => ("请写更晚的日期", "write a later date"),
            other => beside::hint(other)
                .unwrap_or(("请登记引起它的事项", "put on record what it follows from")),
        };
        Label::new(zh, en)
    }
}

impl Material {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            Material::Complete => ("齐全有效", "complete"),
            Material::Invalid => ("无效", "invalid"),
            Material::Supplement => ("需补充", "to be supplemented"),
            Material::Tolerated => ("容缺受理", "tolerated"),
        };
        Label::new(zh, en)
    }
}

/// What may happen, or why it may not.
pub type Decision = Result<Vec<Happening>, Refusal>;
