//! Who and what there is to plan with: people, clients, bureaus, sites, shared things.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::{Closure, Date, Label, Moment, Override};
use crate::time::Money;

/// A skill (技能) people hold at a level from 1 (learning) to 5 (master). R064.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
}

/// A place (地点) where steps are done or people are based.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
}

/// Travel between two sites. Between sites without a leg of their own the shortest way over
/// stated legs counts; a site without any leg cannot be reached from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// One end.
    pub from: String,
    /// The other end.
    pub to: String,
    /// Elapsed minutes, either way unless `one_way`.
    #[schemars(range(min = 0, max = 10_000))]
    pub minutes: u32,
    /// Whether the minutes hold only from `from` to `to`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub one_way: bool,
}

/// A team (团队), for what people read of it; people may name teams that are not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its key, as people state it.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
}

/// A person (员工).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The key plans and pins use.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Team or department; free text, compared for equality (R189). `teams` may name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Skills held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Held>,
    /// Working time by kind. Where two bands of one person cover the same minute, regular comes
    /// before overtime and overtime before on-call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// The site where the person's day begins; needed only for travel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Takes urgent tickets only (R022).
    #[serde(default, skip_serializing_if = "is_false")]
    pub urgent_only: bool,
    /// A trainee never leads and fills a further seat only beside one of `mentors` (R158).
    #[serde(default, skip_serializing_if = "is_false")]
    pub trainee: bool,
    /// The people a trainee may sit beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentors: Vec<String>,
    /// Time away (R065), taken from every band.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<Absence>,
    /// Own hours of the regular band on single dates; they outrank the calendar.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// Least elapsed minutes between the last worked minute of one working date and the first of
    /// the next (H15). Not stated: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_000))]
    pub rest_minutes: Option<u32>,
}

/// A skill somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The skill.
    pub skill: String,
    /// 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub level: u8,
    /// The last local date the certificate is in force; not stated: no expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// The kinds of working time, in the order in which they claim a minute.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum BandKind {
    /// Ordinary hours: always worked while a step is under way, not paid extra (正常).
    Regular,
    /// Extra hours chosen by the planner and paid (加班).
    Overtime,
    /// Stand-by hours worked and paid only when called (值班).
    OnCall,
}

/// Working time of one kind (时段).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its kind; one band of each kind at most.
    pub kind: BandKind,
    /// The calendar of its hours.
    pub calendar: String,
    /// What a worked hour costs on top, in fen; regular hours cost nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub price_per_hour_fen: Money,
    /// Most minutes worked in this band per working date; not stated: no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_440))]
    pub cap_day_minutes: Option<u32>,
    /// Most minutes per ISO week (Monday to Sunday).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_080))]
    pub cap_week_minutes: Option<u32>,
    /// Most minutes per calendar month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 44_640))]
    pub cap_month_minutes: Option<u32>,
    /// Minutes already worked in this band on earlier or current dates; they count in the caps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Used>,
}

/// Band minutes already worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// The working date.
    pub date: Date,
    /// Minutes worked that date.
    #[schemars(range(min = 0, max = 1_440))]
    pub minutes: u32,
}

/// A time away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// First minute away.
    pub from: Moment,
    /// First minute back.
    pub to: Moment,
    /// Away from the office yet able to work on steps marked `remote` (R025).
    #[serde(default, skip_serializing_if = "is_false")]
    pub remote: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Label>,
}

impl Absence {
    /// Whether it is for learning: its reason says so in one of both languages.
    #[must_use]
    pub fn is_training(&self) -> bool {
        self.reason.as_ref().is_some_and(|reason| {
            reason.zh.contains("培训") || reason.en.to_lowercase().contains("training")
        })
    }
}

/// A client (客户).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Service tier; `policy.client_value.tiers` says what it weighs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// What the client pays in a year, in fen.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub annual_value_fen: Money,
    /// The dedicated person (R130).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// People this client must not be given (R189, R191).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Services already completed; prerequisites among them are met (R009).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completed: Vec<String>,
    /// Where the client is; steps say `@client`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// An authority with opening hours (办事机构).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bureau {
    /// Its key; lags and waits may name it wherever they name a calendar.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// The calendar of its opening hours.
    pub calendar: String,
    /// Where it is; steps say `@bureau`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Most steps that may begin there on one local date; not stated: no quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100_000))]
    pub quota_per_day: Option<u32>,
    /// Times it is closed out of the ordinary (R074).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disruptions: Vec<Closure>,
}

/// Something of which there is one: company seal, tax key, car, meeting room (共用物).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thing {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
}

/// A tool of the firm (工具), such as an e-signature platform (R024).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Whether it can be used; steps are planned without it when not.
    pub available: bool,
}

pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

pub(crate) fn is_zero(value: &Money) -> bool {
    *value == Money::ZERO
}
