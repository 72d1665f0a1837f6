//! Rules about what is probably a slip of the pen, told whatever else is wrong.

use std::collections::BTreeMap;

use super::{Found, Subject};
use crate::model::issue::Issue;
use crate::time::DAY;

/// Days before `as_of` from which on a promised finish is probably a wrong year.
const LONG_AGO: i64 = 366;

/// W322: a promised finish lies more than a year before `as_of`.
pub(super) fn long_overdue(subject: &Subject, found: &mut Found) {
    let (zone, as_of) = (subject.scenario.zone, subject.work.as_of);
    for (row, ticket) in subject.scenario.tickets.iter().enumerate() {
        let Some(due) = ticket.due else { continue };
        let is_long_ago = zone.tick(due).is_ok_and(|tick| as_of - tick > LONG_AGO * DAY);
        if is_long_ago {
            let issue = Issue::warning(
                "W322",
                format!("$.tickets[{row}].due"),
                format!("承诺时间 {due} 比计划起点早一年以上"),
                format!("the promised finish {due} lies more than a year before as_of"),
            );
            found.add(issue.hint("检查年份是否写错", "check whether the year is right"));
        }
    }
}

/// W323: one way is stated twice with different minutes; the lesser counts.
pub(super) fn doubled_ways(subject: &Subject, found: &mut Found) {
    let mut known: BTreeMap<(&str, &str), (usize, u32)> = BTreeMap::new();
    for (row, leg) in subject.scenario.travel.iter().enumerate() {
        let (from, to) = (leg.from.as_str(), leg.to.as_str());
        let ways = [(from, to), (to, from)];
        let ways = &ways[..if leg.one_way || from == to { 1 } else { 2 }];
        let other = ways.iter().find_map(|way| known.get(way).copied());
        if let Some((first, minutes)) = other.filter(|(_, minutes)| *minutes != leg.minutes) {
            let own = leg.minutes;
            let issue = Issue::warning(
                "W323",
                format!("$.travel[{row}]"),
                format!(
                    "“{from}”与“{to}”之间的路程写了两次：{own} 分钟，以及 $.travel[{first}] 的 {minutes} 分钟"
                ),
                format!(
                    "the way between \"{from}\" and \"{to}\" is stated twice: {own} minutes here, \
                     {minutes} in $.travel[{first}]"
                ),
            );
            found.add(issue.hint("取其一；按较短的计", "keep one of them: the shorter counts"));
        }
        for way in ways {
            known.entry(*way).or_insert((row, leg.minutes));
        }
    }
}
