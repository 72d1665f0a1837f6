//! What the text of a cell means: times, yuan, yes and no, tracks, skills, lists of names.

use std::ops::RangeInclusive;

use super::grid::Entry;
use super::rows::{Named, SkillEntry, State};
use crate::calendar::{Date, Moment};
use crate::model::issue::{Issue, Issues};
use crate::model::ticket::Track;
use crate::time::Money;

/// What a date without a time of day means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// Its first minute.
    Beginning,
    /// The first minute after it.
    End,
}

/// A moment: `2026-03-02 09:00`, `2026/3/2 9:00`, `2026-03-02T09:00+08:00`, or a date alone.
pub(super) fn moment(entry: &Entry, bare: Bare, issues: &mut Issues) -> Option<Moment> {
    let found = parse_moment(entry.text, bare);
    if found.is_none() {
        let text = entry.text;
        let issue = Issue::error(
            "T408",
            entry.at.clone(),
            format!("“{text}”不是时间"),
            format!("\"{text}\" is not a time"),
        );
        issues.push(issue.hint("写作 2026-03-02 09:00", "write 2026-03-02 09:00"));
    }
    found
}

fn parse_moment(text: &str, bare: Bare) -> Option<Moment> {
    if let Ok(moment) = Moment::parse(text) {
        return Some(moment);
    }
    let (date, clock) = match text.split_once(['T', ' ']) {
        Some((date, clock)) => (date, Some(clock.trim())),
        None => (text, None),
    };
    let date = parse_date(date)?;
    let Some(clock) = clock else {
        let day = if bare == Bare::End { date.day().plus(1) } else { date.day() };
        return Some(Moment::local(day, 0));
    };
    // The offset, if any, follows the time of day without a blank.
    let (hour, rest) = clock.split_once(':')?;
    if hour.is_empty() || hour.len() > 2 {
        return None;
    }
    Moment::parse(&format!("{date}T{hour:0>2}:{rest}")).ok()
}

/// A date: `2026-03-02`, `2026/3/2`, `2026.3.2` or `2026年3月2日`.
fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim().trim_end_matches('日');
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    Date::parse(&format!("{year}-{month:0>2}-{day:0>2}")).ok()
}

/// Yuan as fen: `1200`, `1,200.50`, `¥1200.5`, `1200元`.
pub(super) fn yuan(entry: &Entry, issues: &mut Issues) -> Option<Money> {
    let found = parse_yuan(entry.text);
    if found.is_none() {
        let text = entry.text;
        let issue = Issue::error(
            "T409",
            entry.at.clone(),
            format!("“{text}”不是金额（元）"),
            format!("\"{text}\" is not an amount in yuan"),
        );
        issues.push(issue.hint(
            "写作 1200.50，最多两位小数，不为负，不超过十亿元",
            "write 1200.50: at most two decimals, not negative, at most 10^9",
        ));
    }
    found
}

fn parse_yuan(text: &str) -> Option<Money> {
    const MOST_YUAN: i64 = 1_000_000_000;
    let text = text.trim_start_matches(['¥', '\u{FFE5}']).trim_end_matches('元').trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let grouped = whole.split([',', '\u{FF0C}']).skip(1).all(|group| group.len() == 3);
    let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '\u{FF0C}')).collect();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !grouped || part.len() > 2 || !digits(&whole) || !digits(part) {
        return None;
    }
    let fen: i64 = format!("{part:0<2}").parse().ok()?;
    let yuan: i64 = whole.parse().ok()?;
    (yuan < MOST_YUAN || yuan == MOST_YUAN && fen == 0).then(|| Money(yuan * 100 + fen))
}

/// Yes or no.
pub(super) fn yes(entry: &Entry, issues: &mut Issues) -> Option<bool> {
    match entry.text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "是" | "√" => Some(true),
        "no" | "n" | "false" | "0" | "否" | "×" => Some(false),
        _ => {
            issues.push(not_allowed(entry, "yes 是, no 否"));
            None
        }
    }
}

/// Urgent or normal.
pub(super) fn track(entry: &Entry, issues: &mut Issues) -> Option<Track> {
    match entry.text.to_lowercase().as_str() {
        "urgent" | "加急" | "紧急" => Some(Track::Urgent),
        "normal" | "常规" | "普通" => Some(Track::Normal),
        _ => {
            issues.push(not_allowed(entry, "urgent 加急, normal 常规"));
            None
        }
    }
}

/// How far a step is; nothing for people who did not come.
pub(super) fn state(entry: &Entry, issues: &mut Issues) -> Option<Option<State>> {
    match entry.text.to_lowercase().as_str() {
        "done" | "finished" | "已完成" | "完成" => Some(Some(State::Done)),
        "started" | "begun" | "进行中" | "已开始" => Some(Some(State::Started)),
        "took longer" | "takes longer" | "超时" => Some(Some(State::TookLonger)),
        "did not come" | "absent" | "未到" => Some(None),
        _ => {
            let allowed = "done 已完成, started 进行中, took longer 超时, did not come 未到";
            issues.push(not_allowed(entry, allowed));
            None
        }
    }
}

/// Whole minutes within `range`.
pub(super) fn minutes(
    entry: &Entry,
    range: RangeInclusive<u32>,
    issues: &mut Issues,
) -> Option<u32> {
    let text = entry.text;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let found = text.parse().ok().filter(|minutes| digits && range.contains(minutes));
    if found.is_none() {
        let issue = Issue::error(
            "T409",
            entry.at.clone(),
            format!("“{text}”不是分钟数"),
            format!("\"{text}\" is not a number of minutes"),
        );
        let (least, most) = (range.start(), range.end());
        issues.push(issue.hint(
            format!("写 {least} 至 {most} 的整数"),
            format!("write a whole number from {least} to {most}"),
        ));
    }
    found
}

fn not_allowed(entry: &Entry, allowed: &str) -> Issue {
    let text = entry.text;
    Issue::error(
        "T411",
        entry.at.clone(),
        format!("“{text}”不是允许的值"),
        format!("\"{text}\" is not allowed here"),
    )
    .hint(format!("可写：{allowed}"), format!("write one of: {allowed}"))
}

/// The names in a list parted by `;`.
pub(super) fn names(entry: &Entry) -> Vec<Named> {
    parts(entry.text).map(|name| Named { name: name.to_owned(), at: entry.at.clone() }).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\u{FF1B}', '、', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// Skills: `tax:4; legal:2@2026-12-31`.
pub(super) fn skills(entry: &Entry, issues: &mut Issues) -> Vec<SkillEntry> {
    let mut found = Vec::new();
    for part in parts(entry.text) {
        match skill(part) {
            Some((name, level, until)) => {
                let skill = Named { name: name.to_owned(), at: entry.at.clone() };
                found.push(SkillEntry { skill, level, until });
            }
            None => issues.push(
                Issue::error(
                    "T410",
                    entry.at.clone(),
                    format!("“{part}”不是“技能：等级”"),
                    format!("\"{part}\" is not a skill with a level"),
                )
                .hint(
                    "写作 tax:4（等级 1–5），证书到期日写作 tax:4@2026-12-31",
                    "write tax:4 (levels 1 to 5), or tax:4@2026-12-31 with the certificate's last day",
                ),
            ),
        }
    }
    found
}

fn skill(part: &str) -> Option<(&str, u8, Option<Date>)> {
    let (part, until) = match part.split_once('@') {
        Some((part, until)) => (part.trim(), Some(parse_date(until)?)),
        None => (part, None),
    };
    let (name, level) = part.rsplit_once([':', '\u{FF1A}'])?;
    let level: u8 = level.trim().parse().ok()?;
    let name = name.trim();
    (!name.is_empty() && (1..=5).contains(&level)).then_some((name, level, until))
}

#[cfg(test)]
mod tests {
    use super::{Bare, parse_moment, parse_yuan, skill};
    use crate::time::Money;

    #[test]
    fn times_are_read_as_people_write_them() {
        let shown = |text, bare| parse_moment(text, bare).map(|moment| moment.to_string());
        for text in
            ["2026-03-02 09:00", "2026/3/2 9:00", "2026-03-02T09:00:00", "2026年3月2日 9:00"]
        {
            assert_eq!(shown(text, Bare::Beginning).as_deref(), Some("2026-03-02T09:00"), "{text}");
        }
        assert_eq!(shown("2026-03-02", Bare::Beginning).as_deref(), Some("2026-03-02T00:00"));
        assert_eq!(shown("2026-03-02", Bare::End).as_deref(), Some("2026-03-03T00:00"));
        assert_eq!(
            shown("2026-03-02T09:00+08:00", Bare::End).as_deref(),
            Some("2026-03-02T09:00+08:00")
        );
        for text in ["tomorrow", "2026-13-02", "2026-03-02 25:00", "03-02", "2026-03-02 9"] {
            assert_eq!(shown(text, Bare::Beginning), None, "{text}");
        }
    }

    #[test]
    fn yuan_become_fen_without_rounding() {
        for (text, fen) in
            [("1200.50", 120_050), ("1,200.5", 120_050), ("¥0.01", 1), ("1200元", 120_000)]
        {
            assert_eq!(parse_yuan(text), Some(Money(fen)), "{text}");
        }
        for text in ["", "-1", "1.234", "12,00", "1e3", "¥", "10000000000", "1.2.3"] {
            assert_eq!(parse_yuan(text), None, "{text}");
        }
    }

    #[test]
    fn a_skill_has_a_level_and_perhaps_a_last_day() {
        assert_eq!(skill("tax:4"), Some(("tax", 4, None)));
        let until = crate::calendar::Date::new(2026, 12, 31);
        assert_eq!(skill("税务：2 @ 2026/12/31"), Some(("税务", 2, until)));
        assert_eq!(skill("tax"), None);
        assert_eq!(skill("tax:6"), None);
    }
}
