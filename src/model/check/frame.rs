//! Rules about the frame: format, span of planning, calendars, holidays, policy.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Subject};
use crate::calendar::{Calendar, Date, Day, Fault, HolidayTable, china};
use crate::model::issue::Issue;
use crate::model::scenario::SCENARIO_FORMAT;
use crate::time::DAY;

/// Longest span from `as_of` to the horizon, in days.
pub const MOST_DAYS: i64 = 3 * 366;

/// S201: the document is of another format.
pub(super) fn format(subject: &Subject, found: &mut Found) {
    let format = &subject.scenario.format;
    if format != SCENARIO_FORMAT {
        found.add(
            Issue::error(
                "S201",
                "$.format",
                format!("格式是“{format}”，应为“{SCENARIO_FORMAT}”"),
                format!("the format is \"{format}\", not \"{SCENARIO_FORMAT}\""),
            )
            .hint("旧格式用 paidan upgrade 升级", "bring an older one up with `paidan upgrade`"),
        );
    }
}

/// S202, S203: the horizon lies after `as_of`, and not too far. Whether that is so.
pub(super) fn horizon(subject: &Subject, found: &mut Found) -> bool {
    let (as_of, horizon) = (subject.scenario.as_of, subject.scenario.horizon);
    let minutes = subject.work.horizon - subject.work.as_of;
    if minutes <= 0 {
        found.add(
            Issue::error(
                "S202",
                "$.horizon",
                format!("计划终点 {horizon} 不晚于起点 {as_of}"),
                format!("the horizon {horizon} does not come after as_of {as_of}"),
            )
            .hint("通常取起点后 10 至 30 天", "10 to 30 days after as_of is usual"),
        );
    } else if minutes > MOST_DAYS * DAY {
        found.add(
            Issue::error(
                "S203",
                "$.horizon",
                format!("计划终点 {horizon} 在起点 {as_of} 之后三年以上"),
                format!("the horizon {horizon} is more than three years after as_of {as_of}"),
            )
            .hint("取较近的终点", "take an earlier horizon"),
        );
    }
    (1..=MOST_DAYS * DAY).contains(&minutes)
}

/// The holiday tables calendars may name, the built-in one included.
fn tables(subject: &Subject) -> Vec<HolidayTable> {
    let mut tables = subject.scenario.holidays.clone();
    let built_in = china();
    if tables.iter().all(|table| table.id != built_in.id) {
        tables.push(built_in);
    }
    tables
}

/// S223: what calendars, people's own hours and absences, and bureaus' disruptions get wrong.
pub(super) fn calendars(subject: &Subject, found: &mut Found) {
    let (scenario, zone) = (subject.scenario, subject.scenario.zone);
    let tables = tables(subject);
    for (row, calendar) in scenario.calendars.iter().enumerate() {
        for fault in calendar.problems(zone, &tables) {
            let path = format!("$.calendars[{row}].{}", fault.path);
            found.add(faulty("S223", path, fault));
        }
    }
    for (row, person) in scenario.people.iter().enumerate() {
        let absence = |a: &crate::model::people::Absence| crate::calendar::Closure {
            from: a.from,
            to: a.to,
            reason: None,
        };
        let own = Calendar {
            overrides: person.overrides.clone(),
            closures: person.absences.iter().map(absence).collect(),
            ..Calendar::default()
        };
        for fault in own.problems(zone, &tables) {
            let field = fault.path.replacen("closures[", "absences[", 1);
            found.add(faulty("S223", format!("$.people[{row}].{field}"), fault));
        }
    }
    for (row, bureau) in scenario.bureaus.iter().enumerate() {
        let own = Calendar { closures: bureau.disruptions.clone(), ..Calendar::default() };
        for fault in own.problems(zone, &tables) {
            let field = fault.path.replacen("closures[", "disruptions[", 1);
            found.add(faulty("S223", format!("$.bureaus[{row}].{field}"), fault));
        }
    }
}

/// S224: what holiday tables get wrong, a table given twice included.
pub(super) fn holidays(subject: &Subject, found: &mut Found) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, table) in subject.scenario.holidays.iter().enumerate() {
        for fault in table.problems() {
            let path = format!("$.holidays[{row}].{}", fault.path);
            found.add(faulty("S224", path, fault));
        }
        if let Some(first) = first.insert(&table.id, row) {
            let id = &table.id;
            let issue = Issue::error(
                "S224",
                format!("$.holidays[{row}].id"),
                format!("节假日表“{id}”定义了两次，首次在 $.holidays[{first}]"),
                format!("holiday table \"{id}\" is defined twice, first at $.holidays[{first}]"),
            );
            found.add(issue.hint("合并为一张表", "merge the two"));
        }
    }
}

fn faulty(code: &'static str, path: String, fault: Fault) -> Issue {
    Issue::error(code, path, fault.what.zh, fault.what.en)
        .hint("改正这一处日期或时段", "correct this date or window")
}

/// W313: dates within the span whose holiday notice is not published yet (R246).
pub(super) fn provisional(subject: &Subject, found: &mut Found) {
    let work = subject.work;
    let mut told: BTreeSet<(&str, i32)> = BTreeSet::new();
    for (row, calendar) in subject.scenario.calendars.iter().enumerate() {
        let Some(table) = calendar.holidays.as_deref() else { continue };
        let zone = work.book.zone_of(calendar);
        let (first, last) = (zone.date(work.as_of), zone.date(work.horizon - 1));
        for year in first.year()..=last.year() {
            let begin = Date::new(year, 1, 1).map_or(first, Day::from).max(first);
            let end = Date::new(year, 12, 31).map_or(last, Day::from).min(last);
            let mut days = (begin.0..=end.0).map(Day);
            let Some(day) = days.find(|day| work.book.is_provisional(calendar, *day)) else {
                continue;
            };
            if told.insert((table, year)) {
                found.add(
                    Issue::warning(
                        "W313",
                        format!("$.calendars[{row}].holidays"),
                        format!("节假日表“{table}”尚无 {year} 年通知：{day} 起照排，但标为暂定"),
                        format!(
                            "holiday table \"{table}\" has no notice for {year} yet: dates from \
                             {day} on are planned but marked provisional"
                        ),
                    )
                    .hint(
                        "通知发布后补入 holidays",
                        "add the year to `holidays` once it is published",
                    ),
                );
            }
        }
    }
}

/// S225, S226: churn steps ascend in hours and in thousandths; no tier weighs twice; the pace
/// table has five entries. W314: clients of tiers that weigh nothing in particular.
pub(super) fn policy(subject: &Subject, found: &mut Found) {
    let policy = &subject.scenario.policy;
    let churn = &policy.client_value.churn;
    for (row, pair) in churn.windows(2).enumerate() {
        if pair[1].after_hours <= pair[0].after_hours || pair[1].permille < pair[0].permille {
            found.add(
                Issue::error(
                    "S225",
                    format!("$.policy.client_value.churn[{}]", row + 1),
                    "流失比例须按小时数递增，且累计比例不减",
                    "churn steps must ascend in hours, and their totals must not fall",
                )
                .hint(
                    "按 after_hours 排序，permille 写累计值",
                    "sort by after_hours; permille is the total so far",
                ),
            );
        }
    }
    let tiers = &policy.client_value.tiers;
    for (row, tier) in tiers.iter().enumerate() {
        if tiers[..row].iter().any(|earlier| earlier.tier == tier.tier) {
            let path = format!("$.policy.client_value.tiers[{row}].tier");
            let (zh, en) = (
                format!("等级“{}”的权重写了两次", tier.tier),
                format!("tier \"{}\" is given two weights", tier.tier),
            );
            found.add(Issue::error("S226", path, zh, en).hint("删去一个", "remove one of them"));
        }
    }
    if policy.pace_percent.len() != 5 || policy.pace_percent.contains(&0) {
        let (zh, en) = ("pace_percent 须为五个正数", "pace_percent must be five positive numbers");
        let issue = Issue::error("S227", "$.policy.pace_percent", zh, en);
        found.add(issue.hint("例如 [150, 120, 100, 85, 70]", "such as [150, 120, 100, 85, 70]"));
    }
}

/// W314: clients of tiers that the policy does not weigh though it weighs others.
pub(super) fn tiers(subject: &Subject, found: &mut Found) {
    let tiers = &subject.scenario.policy.client_value.tiers;
    if tiers.is_empty() {
        return;
    }
    for (row, client) in subject.scenario.clients.iter().enumerate() {
        let Some(tier) = &client.tier else { continue };
        if tiers.iter().any(|weight| weight.tier == *tier) {
            continue;
        }
        let names: Vec<&str> = tiers.iter().map(|weight| weight.tier.as_str()).collect();
        let near = crate::model::near::nearest(tier, names.iter().copied());
        let issue = Issue::warning(
            "W314",
            format!("$.clients[{row}].tier"),
            format!("等级“{tier}”没有权重，按 1000‰ 计"),
            format!("tier \"{tier}\" has no weight and counts as 1000 permille"),
        );
        found.add(match near {
            Some(near) => {
                issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?"))
            }
            None => issue.hint(
                format!("已有权重：{}", names.join("、")),
                format!("tiers with weights: {}", names.join(", ")),
            ),
        });
    }
}
