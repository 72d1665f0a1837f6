//! The codes of issues of policies and prices. Stable: a code is never used for something else.

/// A code and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Such as `P101`.
    pub code: &'static str,
    /// Its meaning in Chinese.
    pub zh: &'static str,
    /// Its meaning in English.
    pub en: &'static str,
}

const fn code(code: &'static str, zh: &'static str, en: &'static str) -> Code {
    Code { code, zh, en }
}

/// Every code that checking a policy or quoting by it can give, in order: P1 policies and prices,
/// P2 the desk's rules, Q1 requests.
pub const CODES: &[Code] = &[
    code("P101", "没有规定报价的有效期", "how long a quote holds is not stated"),
    code("P102", "没有这个服务", "a service that is not there"),
    code("P103", "一个服务有两行价目", "a service has two rows of the rate card"),
    code("P104", "加急费下限高于上限", "a surcharge's floor is above its ceiling"),
    code("P105", "替代服务也越线", "the lawful alternative crosses the red line, too"),
    code("P106", "红线没有条件", "a red line has no condition"),
    code("P107", "服务没有价目", "a service has no row on the rate card"),
    code("P108", "工单没有写服务", "a ticket to be priced names no service"),
    code("P201", "来源没有给出、须配置的值", "a value the source leaves blank is to be configured"),
    code("P202", "没有这个日历", "a calendar that is not there"),
    code("P203", "目标须为分钟、天数或通知日期之一", "a goal is minutes, days or a notice"),
    code("P204", "键重复", "a key stands twice"),
    code("P205", "没有这种事件", "an event that tickets do not have, or none at all"),
    code("P206", "没有这个时钟", "a clock that is not there"),
    code("P207", "没有这个等级", "a class that is not there"),
    code("P208", "矩阵没有覆盖", "the matrix has no row for something"),
    code("P209", "客户层级有误", "a tier that is not there, or runs by itself"),
    code("P210", "审批限额有误", "a band of approvals is not closed"),
    code("P211", "没有这个步骤", "a step that is not there"),
    code("P212", "加急流程去掉了控制环节", "an urgent template drops a control"),
    code("P213", "协议用词含糊", "an agreement is vague"),
    code("P214", "权益没有写全", "an entitlement leaves something out"),
    code("P215", "版本先后有误", "versions out of order"),
    code("P216", "响应级别有误", "levels of response out of order, or without trigger"),
    code("P217", "逾期损失有误", "a curve of a class is wrong"),
    code("P218", "没有这个人", "a person who is not there"),
    code("P219", "提醒先后有误", "reminders out of order"),
    code("P220", "保存期不足", "files are kept too short"),
    code("P221", "没有这个客户", "a client who is not there"),
    code("P222", "协议没有写全", "an agreement leaves something out"),
    code("P223", "替代环节的人数不足", "too few people see what replaces a control"),
    code("P224", "没有这项材料", "an item of material that is not there"),
    code("P225", "合作方的步骤不是等待", "a partner's step is no wait"),
    code("P226", "定期事项有误", "what comes again is wrong"),
    code("P227", "没有人担任这个岗位", "a post that decides is held by nobody"),
    code("Q101", "工单已开始或冻结", "a ticket to be changed is under way or frozen"),
    code("Q102", "其他工单依赖该工单", "other tickets depend on a ticket to be changed"),
    code("Q103", "未写明红线所问", "what a red line asks for is not said"),
    code("Q104", "所述工单不在请求中", "something is stated of a ticket that is not asked for"),
];

#[cfg(test)]
mod tests {
    use super::CODES;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_in_the_documentation_is_this_list() {
        let rows = include_str!("mod.rs").lines();
        let rows = rows.filter(|line| line.starts_with("//! | P") || line.starts_with("//! | Q"));
        let documented: Vec<&str> = rows.map(|row| &row[6..10]).collect();
        assert_eq!(documented, CODES.iter().map(|code| code.code).collect::<Vec<_>>());
    }

    #[test]
    fn every_code_that_is_given_is_listed_and_every_one_listed_is_given() {
        let sources = [
            include_str!("check.rs"),
            include_str!("desk/check/mod.rs"),
            include_str!("desk/check/clocks.rs"),
            include_str!("desk/check/triage.rs"),
            include_str!("desk/check/work.rs"),
            include_str!("desk/check/agreements.rs"),
            include_str!("desk/check/recurring.rs"),
            include_str!("../desk/rules.rs"),
            include_str!("../quote/mod.rs"),
            include_str!("../quote/guest.rs"),
            include_str!("../quote/option.rs"),
        ];
        let words = sources.iter().flat_map(|source| source.split('"'));
        let is_code = |word: &&str| {
            word.len() == 4
                && word.starts_with(['P', 'Q'])
                && word[1..].bytes().all(|byte| byte.is_ascii_digit())
        };
        let given: BTreeSet<&str> = words.filter(is_code).collect();
        assert_eq!(given, CODES.iter().map(|code| code.code).collect());
    }
}
