//! The codes of issues of meaning. Stable: a code is never used for something else.

/// A code and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Such as `S204`.
    pub code: &'static str,
    /// Its meaning in Chinese.
    pub zh: &'static str,
    /// Its meaning in English.
    pub en: &'static str,
}

const fn code(code: &'static str, zh: &'static str, en: &'static str) -> Code {
    Code { code, zh, en }
}

/// Every code that checking a scenario can give, in order: S1 names, S2 errors, W3 warnings.
pub const CODES: &[Code] = &[
    code("S101", "没有这个名称", "a name nobody bears"),
    code("S102", "编号重复", "an id is defined twice"),
    code("S103", "前置服务成环", "prerequisite services go round in a circle"),
    code("S104", "当地不存在的时刻", "a local time the clock skips"),
    code("S105", "逾期损失没有起点", "a curve has no point to start from"),
    code("S106", "步骤既非工作也非等待", "a step is neither work nor a wait"),
    code("S107", "时长写法不对", "a length of time is not stated in exactly one way"),
    code("S108", "所指地点未写明", "`@client` or `@bureau` without a site"),
    code("S109", "进度不完整", "progress is incomplete"),
    code("S201", "格式不对", "the document is of another format"),
    code("S202", "计划终点不晚于起点", "the horizon does not come after as_of"),
    code("S203", "计划终点太远", "the horizon is more than three years away"),
    code("S204", "步骤成环", "steps go round in a circle"),
    code("S205", "工单成环", "tickets go round in a circle"),
    code("S206", "先后锁定成环", "order pins go round in a circle"),
    code("S207", "技能重复", "a person holds a skill twice"),
    code("S208", "同类时段重复", "a person has two bands of one kind"),
    code("S209", "带教也是见习", "a mentor is a trainee"),
    code("S210", "步骤指向自己", "a step is to differ from itself or be led like itself"),
    code("S211", "同一主办与人员不同矛盾", "two steps are to have the same lead and other people"),
    code("S212", "工单没有步骤", "a ticket has no steps"),
    code("S213", "时间窗口不成立", "a window ends before it begins"),
    code("S214", "曲线有两种费率", "a curve grows both per hour and per day"),
    code("S215", "费用超出可计算范围", "the cost could exceed what can be reckoned with"),
    code("S216", "锁定的人与席位不符", "pinned people do not match the seats"),
    code("S217", "锁定的开始时间在计划终点之后", "a pinned start is not before the horizon"),
    code("S218", "先后锁定的一端不对", "an order pin names its own step or a wait"),
    code("S219", "锁定互相矛盾", "two pins of one step contradict each other"),
    code("S220", "进度时间不合", "times of progress do not fit the clock"),
    code("S221", "进度的人与席位不符", "people of progress do not match the seats"),
    code("S222", "进度重复", "the progress of a step is stated twice"),
    code("S223", "日历有误", "a calendar, absence or disruption is wrong"),
    code("S224", "节假日表有误", "a holiday table is wrong"),
    code("S225", "流失比例不递增", "churn steps do not ascend"),
    code("S226", "等级权重重复", "a tier is given two weights"),
    code("S227", "效率表不对", "the pace table is wrong"),
    code("S228", "见习席位主办", "the leading seat is for a trainee"),
    code("W301", "无人具备技能", "nobody holds a skill at the level"),
    code("W302", "无人可以主办", "nobody may lead a step"),
    code("W303", "证书已到期", "a certificate is no longer in force"),
    code("W304", "没有正常时段", "a person has no regular band"),
    code("W305", "见习没有带教", "a trainee has no mentors"),
    code("W306", "非见习写了带教", "somebody who is no trainee has mentors"),
    code("W307", "上限低于固定部分", "a curve's cap is below its fixed part"),
    code("W308", "不排入的损失太低", "leaving out is stated below the curves at the horizon"),
    code("W309", "地点无法到达", "no way leads to a site"),
    code("W310", "批次只有一张工单", "a batch has a single ticket"),
    code("W311", "前一步未完成", "a step is done though the one before is not"),
    code("W312", "锁定的人不合规则", "a pinned person may not fill the seat"),
    code("W313", "暂定的年份", "a year's holiday notice is not published yet"),
    code("W314", "等级没有权重", "a client's tier has no weight"),
    code("W315", "没有可用的时间窗口", "a step has no usable window"),
    code("W316", "最晚结束时间无法遵守", "a latest end cannot be kept"),
    code("W317", "席位凑不齐人", "there are not enough people for the seats"),
    code("W318", "人员搭配涉及等待", "who with whom names a wait"),
    code("W319", "锁定早于材料齐备", "a pinned start is before the release"),
    code("W320", "计划终点前办不完", "a ticket cannot end within the horizon"),
    code("W321", "无人能全部主办", "nobody may lead all steps of one lead"),
    code("W322", "承诺时间早已过去", "a promised finish lies long before as_of"),
    code("W323", "路程重复", "a way is stated twice with different minutes"),
    code("W324", "锁定的开始时间已过", "a pinned start has passed"),
];
