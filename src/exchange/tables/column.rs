//! The columns of each table, by their names in both languages.

/// A table people fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The pending queue (工单).
    Queue,
    /// People (员工).
    People,
    /// Times away (请假).
    Absences,
    /// Clients (客户).
    Clients,
    /// What has been done or begun, and who did not come (进度).
    Progress,
    /// What is fixed by hand (锁定).
    Pins,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Moment,
    Yuan,
    YesNo,
    Track,
    Minutes,
    State,
}

/// A column.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name in English; the key of its cells.
    pub(super) key: &'static str,
    /// Its name in Chinese.
    pub(super) zh: &'static str,
    /// Every row fills it.
    pub(super) needed: bool,
    pub(super) holds: Holds,
    /// What a row may hold.
    pub(super) example: &'static str,
    /// What it means: Chinese, English.
    pub(super) note: (&'static str, &'static str),
}

const fn column(
    key: &'static str,
    zh: &'static str,
    holds: Holds,
    example: &'static str,
    note: (&'static str, &'static str),
) -> Column {
    Column { key, zh, needed: false, holds, example, note }
}

const fn needed(column: Column) -> Column {
    Column { needed: true, ..column }
}

const QUEUE: &[Column] = &[
    needed(column(
        "ticket",
        "工单号",
        Holds::Text,
        "T-001",
        ("唯一编号", "its id, once in the sheet"),
    )),
    column("title", "标题", Holds::Text, "季度申报", ("给人看的名称", "what people read")),
    column("client", "客户", Holds::Text, "acme", ("客户编号或名称", "the client's id or name")),
    column(
        "entity",
        "主体",
        Holds::Text,
        "",
        ("一单多家时的法人主体", "the legal entity, where one order covers several"),
    ),
    column(
        "service",
        "服务",
        Holds::Text,
        "filing",
        ("服务编号或名称；新工单必填", "the service's id or name; needed for a new ticket"),
    ),
    column(
        "track",
        "类型",
        Holds::Track,
        "urgent",
        ("urgent 加急，normal 常规", "urgent or normal"),
    ),
    column(
        "release",
        "材料齐备",
        Holds::Moment,
        "2026-03-02 09:00",
        ("最早可开始", "not before; a date alone: its beginning"),
    ),
    column(
        "due",
        "截止",
        Holds::Moment,
        "2026-03-05 18:00",
        ("承诺完成；只写日期指当天结束", "the promise; a date alone: its end"),
    ),
    column(
        "fixed loss",
        "逾期固定损失",
        Holds::Yuan,
        "2000",
        ("一逾期即发生，元", "due at once when late, in yuan"),
    ),
    column(
        "loss per hour",
        "每小时损失",
        Holds::Yuan,
        "120.50",
        ("逾期每小时，元", "per hour late, in yuan"),
    ),
    column(
        "loss per day",
        "每天损失",
        Holds::Yuan,
        "",
        ("逾期每天，元；与每小时二选一", "per day late, in yuan; not together with the hour"),
    ),
    column("batch", "批次", Holds::Text, "", ("同批要么全做要么全不做", "all of a batch or none")),
    column(
        "after",
        "前置工单",
        Holds::Text,
        "",
        ("先完成的工单，用 ; 分隔", "tickets finished first, parted by ;"),
    ),
    column(
        "excluded",
        "排除员工",
        Holds::Text,
        "",
        ("不能派给的员工，用 ; 分隔", "people not to be given it, parted by ;"),
    ),
];

const PEOPLE: &[Column] = &[
    needed(column(
        "person",
        "员工号",
        Holds::Text,
        "li",
        ("唯一编号", "the id, once in the sheet"),
    )),
    column("name", "姓名", Holds::Text, "李娜", ("给人看的姓名", "what people read")),
    column("team", "部门", Holds::Text, "tax", ("部门或小组", "team or department")),
    column(
        "skills",
        "技能",
        Holds::Text,
        "tax:4; legal:2@2026-12-31",
        (
            "技能：等级(1–5)，可加 @证书到期日，用 ; 分隔",
            "skill:level from 1 to 5, optionally @last day of the certificate, parted by ;",
        ),
    ),
    column(
        "calendar",
        "日历",
        Holds::Text,
        "office",
        ("正常时段的日历；新员工必填", "the calendar of regular hours; needed for a new person"),
    ),
    column("base", "驻地", Holds::Text, "", ("每天出发的地点", "the site where the day begins")),
    column("urgent only", "只接加急", Holds::YesNo, "no", ("yes 是，no 否", "yes or no")),
    column("trainee", "见习", Holds::YesNo, "no", ("yes 是，no 否", "yes or no")),
    column(
        "mentors",
        "带教",
        Holds::Text,
        "",
        ("见习的带教，用 ; 分隔", "whom a trainee may sit beside, parted by ;"),
    ),
    column(
        "overtime calendar",
        "加班日历",
        Holds::Text,
        "evenings",
        ("加班时段的日历；清除即无加班", "the calendar of overtime hours; cleared: no overtime"),
    ),
    column(
        "overtime price",
        "加班单价",
        Holds::Yuan,
        "80",
        ("加班每小时另付，元", "what an hour of overtime costs on top, in yuan"),
    ),
    column(
        "overtime minutes per day",
        "每天加班分钟",
        Holds::Minutes,
        "180",
        ("每天加班上限，分钟", "most minutes of overtime a day"),
    ),
    column(
        "overtime minutes per week",
        "每周加班分钟",
        Holds::Minutes,
        "600",
        ("每周（周一至周日）加班上限，分钟", "most minutes of overtime a week from Monday"),
    ),
    column(
        "overtime minutes per month",
        "每月加班分钟",
        Holds::Minutes,
        "2160",
        ("每月加班上限，分钟", "most minutes of overtime a calendar month"),
    ),
];

const ABSENCES: &[Column] = &[
    needed(column(
        "person",
        "员工",
        Holds::Text,
        "li",
        ("员工号或姓名", "the person's id or name"),
    )),
    needed(column(
        "from",
        "开始",
        Holds::Moment,
        "2026-03-04 09:00",
        ("离开的第一分钟；只写日期指当天开始", "first minute away; a date alone: its beginning"),
    )),
    needed(column(
        "to",
        "结束",
        Holds::Moment,
        "2026-03-05",
        ("回来的时刻；只写日期指当天结束", "first minute back; a date alone: its end"),
    )),
    column(
        "remote",
        "可远程",
        Holds::YesNo,
        "no",
        ("yes 表示可做远程步骤", "yes: able to do remote steps"),
    ),
    column("reason", "原因", Holds::Text, "年假", ("给人看的原因", "what people read")),
];

const CLIENTS: &[Column] = &[
    needed(column(
        "client",
        "客户号",
        Holds::Text,
        "acme",
        ("唯一编号", "the id, once in the sheet"),
    )),
    column("name", "名称", Holds::Text, "艾克米有限公司", ("给人看的名称", "what people read")),
    column("tier", "等级", Holds::Text, "gold", ("服务等级", "service tier")),
    column(
        "annual value",
        "年费",
        Holds::Yuan,
        "36000",
        ("每年付费，元", "what the client pays in a year, in yuan"),
    ),
    column("owner", "专属员工", Holds::Text, "li", ("员工号或姓名", "the person's id or name")),
    column("site", "地点", Holds::Text, "", ("客户所在地点", "where the client is")),
    column(
        "excluded",
        "排除员工",
        Holds::Text,
        "",
        ("不能派给的员工，用 ; 分隔", "people not to be given, parted by ;"),
    ),
    column(
        "completed",
        "已完成服务",
        Holds::Text,
        "",
        ("已办完的服务，用 ; 分隔", "services already completed, parted by ;"),
    ),
];

const PROGRESS: &[Column] = &[
    column("ticket", "工单", Holds::Text, "T-001", ("工单号或标题", "the ticket's id or title")),
    column(
        "step",
        "步骤",
        Holds::Text,
        "prepare",
        ("步骤编号或名称；某人未到时不写", "the step's id or name; none for who did not come"),
    ),
    column(
        "state",
        "状态",
        Holds::State,
        "took longer",
        (
            "done 已完成，started 进行中，took longer 超时（写结束或剩余分钟），did not come 未到；- 撤回",
            "done, started, took longer (with its end or the minutes left) or did not come; - withdraws the report",
        ),
    ),
    column(
        "people",
        "员工",
        Holds::Text,
        "li",
        ("按席位顺序，用 ; 分隔；未到的人", "seat by seat, parted by ;; or who did not come"),
    ),
    column(
        "start",
        "开始",
        Holds::Moment,
        "2026-03-02 09:00",
        ("实际开始；未到：从何时起", "when it started; or from when somebody is away"),
    ),
    column(
        "end",
        "结束",
        Holds::Moment,
        "",
        (
            "已完成的结束；等待的预计结束；未到：到何时，只写日期指当天结束",
            "when it ended, or a wait is expected to; or until when somebody is away, a date alone: its end",
        ),
    ),
    column(
        "minutes left",
        "剩余分钟",
        Holds::Minutes,
        "45",
        ("未完成的步骤还要工作几分钟", "minutes still to work on a step under way"),
    ),
];

const PINS: &[Column] = &[
    needed(column(
        "ticket",
        "工单",
        Holds::Text,
        "T-001",
        ("工单号或标题", "the ticket's id or title"),
    )),
    needed(column(
        "step",
        "步骤",
        Holds::Text,
        "prepare",
        ("步骤编号或名称", "the step's id or name"),
    )),
    column(
        "people",
        "员工",
        Holds::Text,
        "li",
        ("锁定的人，按席位顺序，用 ; 分隔", "who is to do it, seat by seat, parted by ;"),
    ),
    column(
        "start",
        "开始",
        Holds::Moment,
        "2026-03-02 14:00",
        ("锁定的开始时刻", "when it is to start"),
    ),
    column(
        "then",
        "之后",
        Holds::Text,
        "",
        (
            "同一人随后做的步骤，写作 工单/步骤",
            "a step led by the same person afterwards, as ticket/step",
        ),
    ),
];

impl Kind {
    /// All of them, in the order of sheets.
    pub const ALL: [Kind; 6] =
        [Kind::Queue, Kind::People, Kind::Absences, Kind::Clients, Kind::Progress, Kind::Pins];

    /// Its sheet's name in English.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["Queue", "People", "Absences", "Clients", "Progress", "Pins"][self as usize]
    }

    /// Its sheet's name in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        ["工单", "员工", "请假", "客户", "进度", "锁定"][self as usize]
    }

    /// The kind of the sheet called `name`: Chinese, English or both.
    #[must_use]
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| bears(name, kind.name(), kind.zh()))
    }

    pub(super) fn columns(self) -> &'static [Column] {
        [QUEUE, PEOPLE, ABSENCES, CLIENTS, PROGRESS, PINS][self as usize]
    }

    /// The heading of its column `key`.
    pub(super) fn heading(self, key: &str) -> String {
        let column = self.columns().iter().find(|column| column.key == key);
        column.map_or_else(|| key.to_owned(), Column::heading)
    }
}

impl Column {
    /// Its heading: `ticket 工单号`.
    pub(super) fn heading(&self) -> String {
        format!("{} {}", self.key, self.zh)
    }

    /// Whether `heading` names it.
    pub(super) fn is_called(&self, heading: &str) -> bool {
        bears(heading, self.key, self.zh)
    }
}

/// Whether `text` is one of the two names or both, whatever the case, blanks and marks between.
fn bears(text: &str, english: &str, chinese: &str) -> bool {
    let text = plain(text);
    let (english, chinese) = (plain(english), plain(chinese));
    text == english
        || text == chinese
        || text == format!("{english}{chinese}")
        || text == format!("{chinese}{english}")
}

/// Letters and digits only, in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
